//! Proofs of who a card's holder is: the state table, and the one order each of them pays.

use domain::declines::DECLINES;
use domain::enrolment::{
    AdvanceEnrolment, Enrolment, EnrolmentEvent, EnrolmentState, ForgetCardToken, OrderId,
    PROOF_WITHIN, ProofClaim, ProofOwner, STARTS_PER_CALLER, StartEnrolment, Starter,
};
use domain::facts::Halt;
use domain::ids::{EnrolmentId, NUMBER_MAX, PrincipalId};
use domain::money::{Currency, Money};
use domain::payment::{Claims, Instrument, Method};
use domain::phone::{CARDS_TO_KEEP, CountDecline, SavedToken, TryCard};
use domain::refusal::Code;
use domain::sale::{Buyer, PlaceOrder};
use domain::time::Span;
use domain::token::Secret;

use crate::common::{ADULT, Club, GROUND, SHARD, code, paying, resumable};

const PRICE: i64 = 10_000;
const CARD: u128 = 77;
const PROOF: [u8; 32] = [9; 32];

fn buyer() -> Buyer {
    Buyer { device_id: Some("phone-1".into()), ..Buyer::default() }
}

fn start(club: &mut Club) -> Result<Enrolment, Halt> {
    let start = StartEnrolment {
        shard: SHARD,
        gateway: "resumable".into(),
        money: Money::new(PRICE, Currency::ISK),
        owner: ProofOwner::from(&buyer()),
        card_is_saved: false,
        card_mask: Some("424242******4242".into()),
        card_hash: CARD,
        starters: vec![Starter { hash: 5, limit: STARTS_PER_CALLER }],
        return_url: None,
        secret: Secret([3; 16]),
    };
    club.till.run(&start).map(|enrolment| Enrolment::clone(&enrolment))
}

fn passed() -> EnrolmentEvent {
    let card_token = SavedToken("token".into());
    EnrolmentEvent::Passed { proof_hash: PROOF, handle: "handle".into(), card_token }
}

fn challenged() -> EnrolmentEvent {
    let card_token = SavedToken("token".into());
    EnrolmentEvent::Challenged { handle: "handle".into(), card_token }
}

fn failed() -> EnrolmentEvent {
    EnrolmentEvent::Failed(Code::AuthenticationFailed)
}

fn advance(club: &mut Club, event: EnrolmentEvent) -> EnrolmentState {
    let id = club.till.all::<Enrolment>().map(|it| it.id).max().unwrap();
    club.till.run(&AdvanceEnrolment { shard: SHARD, id, event }).unwrap().state
}

/// Two adults, paid with the proof that `change` leaves of the right one.
fn order(club: &Club, enrolment: &Enrolment, change: impl FnOnce(&mut PlaceOrder)) -> PlaceOrder {
    let proof = ProofClaim { order_id: enrolment.order_id, proof_hash: PROOF };
    let claims = Claims { proof: Some(proof), ..Claims::default() };
    let (method, gateway) = (Method::Card3D, resumable());
    let instrument = Instrument::Usable { method, gateway, payer_phone: None, claims };
    let order = club.order(&[(ADULT, 2)]);
    let mut order = PlaceOrder { tender: paying(instrument), buyer: buyer(), ..order };
    change(&mut order);
    order
}

fn claim(order: &mut PlaceOrder) -> &mut ProofClaim {
    match &mut order.tender.instrument {
        Some(Instrument::Usable { claims, .. }) => claims.proof.as_mut().unwrap(),
        other => panic!("no claim: {other:?}"),
    }
}

/// The table of the module: one row a state, one column an event.
#[test]
fn the_table_holds() {
    use EnrolmentState::{Authenticated, Challenge, Failed, Started};
    let rows = [
        (vec![], [Authenticated, Challenge, Failed]),
        (vec![challenged()], [Authenticated, Challenge, Failed]),
        (vec![passed()], [Authenticated; 3]),
        (vec![failed()], [Failed; 3]),
    ];
    for (before, cells) in rows {
        for (event, expected) in [passed(), challenged(), failed()].into_iter().zip(cells) {
            let mut club = Club::new();
            assert_eq!(start(&mut club).unwrap().state, Started);
            for event in &before {
                advance(&mut club, event.clone());
            }
            assert_eq!(advance(&mut club, event), expected, "{before:?}");
        }
    }
}

/// After 15 minutes nothing changes any more, and the proof is worth nothing.
#[test]
fn proofs_grow_old() {
    let mut club = Club::new();
    let enrolment = start(&mut club).unwrap();
    club.till.pass(PROOF_WITHIN);
    assert_eq!(advance(&mut club, passed()), EnrolmentState::Started);
    assert_eq!(enrolment.state_at(club.till.now), EnrolmentState::Expired);
    let order = order(&club, &enrolment, |_| {});
    assert_eq!(code(club.till.run(&order)), Code::AuthenticationInvalid);
}

/// What nobody finished keeps nothing to charge with once its time is over, and not before.
#[test]
fn an_abandoned_card_is_forgotten() {
    for event in [challenged(), passed()] {
        let mut club = Club::new();
        let id = start(&mut club).unwrap().id;
        assert_eq!(enrolled(&club).due(), None, "there is no token yet");
        advance(&mut club, event);
        let forget = ForgetCardToken { shard: SHARD, id };
        club.till.run(&forget).unwrap();
        assert!(enrolled(&club).card_token.is_some());
        club.till.pass(PROOF_WITHIN);
        assert_eq!(enrolled(&club).due(), Some(club.till.now));
        club.till.run(&forget).unwrap();
        assert_eq!((&enrolled(&club).card_token, enrolled(&club).due()), (&None, None));
        assert_eq!(enrolled(&club).handle, None, "it may hold the proof");
    }
}

fn enrolled(club: &Club) -> &Enrolment {
    club.till.all::<Enrolment>().next().unwrap()
}

/// A proof pays the order it was obtained for, once, and leaves nothing to charge with.
#[test]
fn a_proof_pays_one_order() {
    let mut club = Club::new();
    let enrolment = start(&mut club).unwrap();
    advance(&mut club, passed());
    let order = order(&club, &enrolment, |_| {});
    club.till.run(&order).unwrap();
    let used = club.till.all::<Enrolment>().next().unwrap();
    assert_eq!((used.state, &used.card_token), (EnrolmentState::Used, &None));
    assert_eq!(used.handle, None, "it may hold the proof");
    assert_eq!(code(club.till.run(&order)), Code::AuthenticationInvalid);
    assert_eq!(club.taken(GROUND), (2, 0), "of the first order alone");
}

/// Every difference between proof and order is refused alike, and takes nothing.
#[test]
fn a_proof_pays_nothing_else() {
    let check = |what: &str, change: &dyn Fn(&mut PlaceOrder)| {
        let mut club = Club::new();
        let enrolment = start(&mut club).unwrap();
        advance(&mut club, passed());
        let order = order(&club, &enrolment, |order| change(order));
        assert_eq!(code(club.till.run(&order)), Code::AuthenticationInvalid, "{what}");
        assert_eq!(club.taken(GROUND), (0, 0), "{what}");
        let kept = club.till.all::<Enrolment>().next().unwrap();
        assert_eq!(kept.state, EnrolmentState::Authenticated, "{what}");
    };
    check("another amount", &|order| order.lines[0].count = 1);
    check("another device", &|order| order.buyer.device_id = Some("phone-2".into()));
    check("no device", &|order| order.buyer.device_id = None);
    check("another phone", &|order| order.buyer.phone = Some("+3545550100".into()));
    check("another caller", &|order| order.buyer.principal = Some(PrincipalId(8)));
    check("another proof", &|order| claim(order).proof_hash = [8; 32]);
    check("another order id", &|order| {
        claim(order).order_id = OrderId::new(EnrolmentId(1), Secret([4; 16]));
    });
    check("nobody's order id", &|order| {
        claim(order).order_id = OrderId::new(EnrolmentId(900), Secret([3; 16]));
    });
}

/// What is not proved yet, or was not, pays nothing.
#[test]
fn an_unproved_card_pays_nothing() {
    for event in [None, Some(challenged()), Some(failed())] {
        let mut club = Club::new();
        let enrolment = start(&mut club).unwrap();
        let told = event.map(|event| advance(&mut club, event));
        let order = order(&club, &enrolment, |_| {});
        assert_eq!(code(club.till.run(&order)), Code::AuthenticationInvalid, "{told:?}");
    }
}

/// A client's own reference is taken by one order.
#[test]
fn references_are_taken_once() {
    let mut club = Club::new();
    let place = |club: &mut Club, reference: &str, secret: u8| {
        let claims = Claims { reference: OrderId::parse(reference), ..Claims::default() };
        let (method, gateway) = (Method::Card, resumable());
        let instrument = Instrument::Usable { method, gateway, payer_phone: None, claims };
        let order = club.order(&[(ADULT, 1)]);
        let secret = Secret([secret; 16]);
        club.till.run(&PlaceOrder { tender: paying(instrument), secret, ..order }).map(|_| ())
    };
    place(&mut club, "STB000012345", 1).unwrap();
    assert_eq!(code(place(&mut club, "STB000012345", 2)), Code::DuplicateOrderId);
    place(&mut club, "STB000012346", 3).unwrap();
}

/// A card that failed ten times in an hour is not tried any more, until the hour is over.
#[test]
fn failing_cards_are_stopped() {
    let mut club = Club::new();
    for _ in 0..DECLINES.count {
        start(&mut club).unwrap();
        advance(&mut club, failed());
    }
    assert_eq!(code(start(&mut club)), Code::TooManyRequests);
    let claims = Claims { card: Some(CARD), ..Claims::default() };
    let (method, gateway) = (Method::Card, resumable());
    let instrument = Instrument::Usable { method, gateway, payer_phone: None, claims };
    let order = club.order(&[(ADULT, 1)]);
    let order = PlaceOrder { tender: paying(instrument), ..order };
    assert_eq!(code(club.till.run(&order)), Code::TooManyRequests);
    assert_eq!(club.taken(GROUND), (0, 0));
    club.till.pass(DECLINES.within.max(Span::seconds(1)));
    club.till.run(&order).unwrap();
}

/// What a gateway says of a card before its bank is asked counts too; its silence does not.
#[test]
fn every_answer_about_a_card_counts() {
    for (failure, counts) in
        [(Code::PaymentDeclined, true), (Code::AuthenticationUnavailable, false)]
    {
        let mut club = Club::new();
        for _ in 0..DECLINES.count {
            start(&mut club).unwrap();
            advance(&mut club, EnrolmentEvent::Failed(failure));
        }
        assert_eq!(start(&mut club).is_err(), counts, "{failure:?}");
    }
}

/// A decline of a token counts against the card that was proved, whatever the token is called.
#[test]
fn a_proved_card_is_what_a_decline_counts_against() {
    let mut club = Club::new();
    let enrolment = start(&mut club).unwrap();
    advance(&mut club, passed());
    let order = order(&club, &enrolment, |order| match &mut order.tender.instrument {
        Some(Instrument::Usable { claims, .. }) => claims.card = Some(CARD + 1),
        other => panic!("no claim: {other:?}"),
    });
    let placed = club.till.run(&order).unwrap();
    assert_eq!(placed.sale.attempts[0].card, Some(CARD));
}

/// Who starts a proof again and again, each time with another card, is stopped.
#[test]
fn starters_are_counted() {
    let mut club = Club::new();
    for _ in 0..STARTS_PER_CALLER.count {
        start(&mut club).unwrap();
    }
    assert_eq!(code(start(&mut club)), Code::TooManyRequests);
    club.till.pass(STARTS_PER_CALLER.within);
    start(&mut club).unwrap();
}

/// Cards that are only kept are counted by card, and by who brings them.
#[test]
fn cards_to_keep_are_counted() {
    let mut club = Club::new();
    let try_card = |card, caller| TryCard { card: Some(card), callers: vec![caller] };
    for _ in 0..DECLINES.count {
        club.till.run(&CountDecline { card: CARD }).unwrap();
    }
    assert_eq!(code(club.till.run(&try_card(CARD, 1))), Code::TooManyRequests);
    for number in 0..CARDS_TO_KEEP.count as u128 {
        club.till.run(&try_card(CARD + 1 + number, 1)).unwrap();
    }
    assert_eq!(code(club.till.run(&try_card(CARD + 1, 1))), Code::TooManyRequests);
    club.till.run(&try_card(CARD + 1, 2)).unwrap();
}

/// An order id leads to its number and is read back as it was written.
#[test]
fn order_ids_lead_to_their_number() {
    for number in [0, 1, 35, 36, 4_711, NUMBER_MAX] {
        let id = OrderId::new(EnrolmentId(number), Secret([0xf7; 16]));
        assert_eq!((id.text().len(), id.number()), (12, EnrolmentId(number)));
        assert_eq!(OrderId::parse(id.text()), Some(id));
    }
    for odd in ["", "ABCDEFGHIJK", "ABCDEFGHIJKLM", "abcdefghijkl", "ABCDEF GHIJK", "ÁBCDEFGHIJK"]
    {
        assert_eq!(OrderId::parse(odd), None, "{odd}");
    }
}
