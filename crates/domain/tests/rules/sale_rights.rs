//! Passes, season cards, codes and store credit at an order.

use domain::attempt::Next;
use domain::card::CardState;
use domain::facts::{Command as _, Shards};
use domain::ids::{EventId, SeriesId, Shard};
use domain::ledger::Account;
use domain::money::Currency;
use domain::payment::Method;
use domain::record::Aggregate as _;
use domain::refusal::Code;
use domain::sale::refund::{CancelSale, RefundWhat};
use domain::sale::{
    Entitlement, FreeFrom, Goods, Holder, PlaceOrder, PlacePass, Rights, SaleState, Tender,
};
use domain::special_ticket::SpecialTicket;
use domain::time::Span;
use domain::token::Secret;

use crate::common::rights::{
    CODE, FRIEND, OTHER_TYPE, PASS, PASS_TYPE, card, card_of, card_type, fan, pass, pass_type,
    special,
};
use crate::common::{
    ADULT, CHILD, Club, EVENT, GROUND, SHARD, approved, by_card, code, declined, holder, note,
    paying, resumable, wanted,
};
use crate::sale_place::check_refused_in;

/// What a test does to a good order and to the club it is meant for.
type Spoil = fn(&mut Club, &mut PlaceOrder);

/// An order of the fan with these rights, without anything to pay with.
fn order(club: &Club, count: i64, rights: Rights) -> PlaceOrder {
    PlaceOrder { rights, buyer: fan(), tender: Tender::default(), ..club.order(&[(ADULT, count)]) }
}

fn by_owner_card(shard: Shard) -> Rights {
    Rights { pass: None, free: Some(FreeFrom::OwnerCard(card_of(shard))) }
}

fn by_pass() -> Rights {
    Rights { pass: Some(PASS), free: None }
}

fn by_federation_card() -> Rights {
    Rights { pass: None, free: Some(FreeFrom::FederationCard { card_type: "a".into() }) }
}

fn as_gift() -> Rights {
    Rights { pass: None, free: Some(FreeFrom::GiveAway { campaign: Some("cup".into()) }) }
}

/// A good order becomes bad by `spoil`; it is refused and changes nothing.
#[track_caller]
fn check_refused(rights: Rights, spoil: Spoil, expected: Code) {
    let mut club = Club::with_rights();
    let mut order = order(&club, 1, rights);
    order.holders = vec![holder()];
    spoil(&mut club, &mut order);
    order.offer = club.offer().into();
    check_refused_in(&mut club, &order, expected);
}

/// Every refusal of a season card, each with a card that fails in this alone.
#[test]
fn cards_are_refused() {
    let check = |spoil, expected| check_refused(by_owner_card(SHARD), spoil, expected);
    check(|_, order| order.rights = by_owner_card(Shard(99)), Code::OwnerCardNotFound);
    check(|_, order| order.buyer.phone = Some("+3545550102".into()), Code::OwnerCardNotFound);
    check(|_, order| order.buyer.phone = None, Code::OwnerCardNotFound);
    let blocked: Spoil = |club, _| {
        club.change_by_hand(&card(SHARD), |card| card.state = CardState::Blocked);
    };
    check(blocked, Code::OwnerCardNotValid);
    check(
        |club, _| club.change_by_hand(&card(SHARD), |card| card.valid.from.0 = i64::MAX),
        Code::OwnerCardNotValid,
    );
    check(
        |club, _| club.change_by_hand(&card(SHARD), |card| card.valid.to = card.valid.from),
        Code::OwnerCardNotValid,
    );
    let closed: Spoil = |club, _| {
        club.event.owner_cards_not_allowed = true;
        club.publish();
    };
    check(closed, Code::OwnerCardNotAllowed);
    check(|_, order| order.lines[0].count = 4, Code::OwnerCardUsedUp);
    check(|_, order| order.lines[0].count = 3, Code::OwnerCardEventLimit);
}

/// Another club's card is good where its club says so, and its kind does.
#[test]
fn cards_of_friends_are_refused() {
    let check = |spoil, expected| check_refused(by_owner_card(FRIEND), spoil, expected);
    let strangers: Spoil = |club, _| {
        let mut friend = club.organiser.clone();
        friend.shard = FRIEND;
        club.put(friend);
    };
    check(strangers, Code::OwnerCardNotValid);
    let kind: Spoil = |club, _| {
        let of = card_type(FRIEND);
        club.change_by_hand(&of, |kind| kind.valid_for_connected = false);
    };
    check(kind, Code::OwnerCardNotValid);
}

/// Every refusal of a team pass.
#[test]
fn passes_are_refused() {
    let check = |spoil| check_refused(by_pass(), spoil, Code::TeamPassNotValid);
    check(|_, order| order.rights.pass = Some(domain::ids::PassId(99)));
    check(|_, order| order.buyer.phone = Some("+3545550102".into()));
    check(|club, _| club.change_by_hand(&pass(), |pass| pass.active = false));
    check(|club, _| club.change_by_hand(&pass(), |pass| pass.series = SeriesId(9)));
    check(|club, _| club.change_by_hand(&pass(), |pass| pass.ticket_type = OTHER_TYPE));
    check(|_, order| order.lines[0].count = 2);
    check(|club, _| {
        let first = order(club, 1, by_pass());
        club.place(&first).unwrap();
    });
}

/// Every refusal of a code.
#[test]
fn codes_are_refused() {
    let check = |spoil, expected| check_refused(Rights::default(), spoil, expected);
    let with = |order: &mut PlaceOrder, code: Option<&str>| {
        order.lines[0].special = Some(code.map(SpecialTicket::hash_of));
    };
    check(|_, order| order.lines[0].special = Some(None), Code::SpecialTicketInvalid);
    let unknown: Spoil = |_, order| order.lines[0].special = Some(Some(1));
    check(unknown, Code::SpecialTicketInvalid);
    let elsewhere: Spoil = |club, order| {
        order.lines[0].special = Some(Some(special().hash));
        club.change_by_hand(&special(), |special| special.event = Some(EventId(99)));
    };
    check(elsewhere, Code::SpecialTicketInvalid);
    let other_type: Spoil = |club, order| {
        order.lines[0].special = Some(Some(special().hash));
        club.change_by_hand(&special(), |special| special.ticket_type = Some(OTHER_TYPE));
    };
    check(other_type, Code::SpecialTicketInvalid);
    let too_many: Spoil = |_, order| {
        order.lines[0].special = Some(Some(special().hash));
        order.lines[0].count = 3;
    };
    check(too_many, Code::SpecialTicketInvalid);
    let mut club = Club::with_rights();
    let mut twice = club.order(&[(ADULT, 1), (ADULT, 1)]);
    twice.lines.iter_mut().for_each(|line| line.special = Some(Some(special().hash)));
    assert_eq!(code(club.place(&twice)), Code::SpecialTicketUsed, "two lines, one code");
    let mut first = club.order(&[(ADULT, 1)]);
    with(&mut first, Some("VIP7"));
    club.place(&first).unwrap();
    with(&mut first, Some(CODE));
    check_refused_in(&mut club, &first, Code::SpecialTicketUsed);
}

/// Every refusal of a federation card, and of a gift that the app asks for.
#[test]
fn other_rights_are_refused() {
    let check = |spoil, expected| check_refused(by_federation_card(), spoil, expected);
    let kind = |kind: &str| {
        let card_type = kind.to_owned();
        Rights { pass: None, free: Some(FreeFrom::FederationCard { card_type }) }
    };
    check_refused(kind("B"), |_, _| {}, Code::OwnerCardNotAllowed);
    check_refused(kind(""), |_, _| {}, Code::OwnerCardNotAllowed);
    let none: Spoil = |club, _| {
        club.event.rules.federation_cards = None;
        club.publish();
    };
    check(none, Code::OwnerCardNotAllowed);
    check(|_, order| order.lines[0].count = 2, Code::OwnerCardEventLimit);
    let nameless: Spoil = |_, order| order.holders = vec![Holder::default()];
    check(nameless, Code::HolderInfoRequired);
    let again: Spoil = |club, order| {
        club.place(order).unwrap();
        order.holders[0].holder_id = Some("010130 2989".into());
    };
    check(again, Code::OwnerCardEventLimit);
    check_refused(as_gift(), |_, _| {}, Code::Forbidden);
}

/// Every refusal of store credit.
#[test]
fn credit_is_refused() {
    let check = |spoil: Spoil, expected| {
        let mut club = Club::with_rights();
        let mut order = order(&club, 1, Rights::default());
        order.tender.credit = Some(card_of(SHARD));
        spoil(&mut club, &mut order);
        order.offer = club.offer().into();
        check_refused_in(&mut club, &order, expected);
    };
    check(|_, order| order.tender.credit = Some(card_of(Shard(99))), Code::OwnerCardNotFound);
    check(|_, order| order.lines[0].count = 2, Code::InsufficientStoreCredit);
    check(
        |club, _| club.change_by_hand(&card(SHARD), |card| card.has_credit = false),
        Code::InsufficientStoreCredit,
    );
    let empty: Spoil = |club, order| {
        club.change_by_hand(&card(SHARD), |card| (card.credit, card.credit_granted) = (0, 0));
        order.tender.instrument = Some(by_card(resumable()));
    };
    check(empty, Code::InsufficientStoreCredit);
    let euro: Spoil = |club, _| {
        let euro = Currency::parse("EUR").unwrap();
        club.change_by_hand(&card(SHARD), |card| card.currency = euro);
    };
    check(euro, Code::CurrencyMismatch);
    // The guard is what is left to pay, not the price.
    let guarded: Spoil = |_, order| {
        order.lines[0].count = 2;
        order.tender.instrument = Some(by_card(resumable()));
        order.tender.total_guard = Some(10_000);
    };
    check(guarded, Code::PriceChanged);
}

/// A right pays for what it is for, and what it used comes back when the tickets end.
#[test]
fn rights_make_tickets_free() {
    let gift = |order: &mut PlaceOrder| order.buyer.by_app = false;
    let nothing = |_: &mut PlaceOrder| {};
    let check = |rights: Rights, with: &dyn Fn(&mut PlaceOrder)| {
        let mut club = Club::with_rights();
        let mut order = order(&club, 1, rights);
        order.holders = vec![holder()];
        with(&mut order);
        let placed = club.place(&order).unwrap();
        assert_eq!((placed.sale.state, placed.next), (SaleState::Issued, Next::Done));
        assert_eq!((placed.sale.total, placed.sale.method), (0, Some(Method::Free)));
        assert_eq!(placed.sale.lines[0].unit_price, 5_000);
        assert_eq!(club.taken(GROUND), (0, 1));
        assert!(club.till.postings.is_empty());
        club.refund_whole(placed.sale.id);
        assert_eq!(club.taken(GROUND), (0, 0));
        club.place(&order).unwrap();
    };
    check(by_pass(), &nothing);
    check(by_owner_card(SHARD), &nothing);
    check(by_owner_card(FRIEND), &nothing);
    check(by_federation_card(), &nothing);
    check(as_gift(), &gift);
}

/// A box office needs no proof of whose card or pass it is.
#[test]
fn an_office_uses_what_it_sees() {
    for rights in [by_pass(), by_owner_card(SHARD)] {
        let mut club = Club::with_rights();
        let mut order = order(&club, 1, rights);
        order.buyer = domain::sale::Buyer::default();
        assert_eq!(club.place(&order).unwrap().sale.state, SaleState::Issued);
    }
}

/// Several rights in one order: the code for its line, the pass for one line, the card for the
/// rest, and only what none of them covers counts against the card.
#[test]
fn rights_share_an_order() {
    let mut club = Club::with_rights();
    let mut rights = by_owner_card(SHARD);
    rights.pass = Some(PASS);
    let mut order = order(&club, 1, rights);
    order.lines = club.order(&[(ADULT, 2), (ADULT, 1), (ADULT, 1), (CHILD, 1)]).lines;
    order.lines[0].special = Some(Some(special().hash));
    order.tender = paying(by_card(resumable()));
    let sale = club.place(&order).unwrap().sale;
    let totals: Vec<i64> = sale.lines.iter().map(|line| line.total).collect();
    assert_eq!((totals, sale.total), (vec![2_000, 0, 0, 0], 2_000));
    let free = sale.entitlements.iter().find_map(|right| match right {
        Entitlement::FreeTickets { count, .. } => Some(*count),
        _ => None,
    });
    assert_eq!(free, Some(2));
}

/// A part of an order gives back the right that it was had for, and no other: the code with the
/// last admission of its line, the pass with its line, free tickets one by one.
#[test]
fn a_part_gives_its_own_right_back() {
    let check = |parts: &[&[u16]], expected: [(bool, bool, u32); 2]| {
        let mut club = Club::with_rights();
        let rights = Rights { pass: Some(PASS), ..by_owner_card(SHARD) };
        let mut order = order(&club, 1, rights);
        order.lines = club.order(&[(ADULT, 2), (ADULT, 1), (ADULT, 2)]).lines;
        order.lines[0].special = Some(Some(special().hash));
        order.tender = paying(by_card(resumable()));
        let sale = club.place(&order).unwrap().sale.id;
        club.answer(sale, 1, approved());
        for (attempt, (part, expected)) in (2..).zip(parts.iter().zip(expected)) {
            let part = RefundWhat::Admissions(part.to_vec());
            club.refund(sale, wanted(part)).unwrap();
            if club.sale(sale).due().is_some() {
                club.answer(sale, attempt, approved());
            }
            assert_eq!(in_use(&club), expected, "{parts:?}");
        }
    };
    check(&[&[1], &[2]], [(true, true, 2), (false, true, 2)]);
    check(&[&[3], &[4]], [(true, false, 2), (true, false, 1)]);
    check(&[&[2, 5], &[1, 3]], [(true, true, 1), (false, false, 1)]);
}

/// Whether code and pass are used, and how many free tickets of the card.
fn in_use(club: &Club) -> (bool, bool, u32) {
    let code = club.till.find::<SpecialTicket>(special().key()).unwrap();
    let pass = club.till.find::<domain::pass::Pass>(pass().key()).unwrap();
    let card = club.till.find::<domain::card::Card>(card(SHARD).key()).unwrap();
    (code.used_by.is_some(), !pass.used.is_empty(), card.tickets_used)
}

/// Credit first, the rest on the card; a decline gives the credit back, an approval spends it.
#[test]
fn credit_pays_first() {
    let mut club = Club::with_rights();
    let mut order = order(&club, 2, Rights::default());
    order.tender = Tender {
        credit: Some(card_of(SHARD)),
        total_guard: Some(3_000),
        ..paying(by_card(resumable()))
    };
    let sale = club.place(&order).unwrap().sale;
    assert_eq!((sale.attempts[0].amount, sale.credit_used()), (3_000, 7_000));
    assert_eq!(credit_left(&club, SHARD), 0);
    club.answer(sale.id, 1, declined());
    assert_eq!(credit_left(&club, SHARD), 7_000);
    let sale = club.place(&order).unwrap().sale;
    club.answer(sale.id, 1, approved());
    assert_eq!(club.sale(sale.id).state, SaleState::Issued);
    assert_eq!(credit_left(&club, SHARD), 0);
    let account = Account::StoreCredit(card_of(SHARD).id);
    assert_eq!(club.till.balance(&account), 7_000);
    assert_eq!(club.till.balance(&Account::OwnerPayable(EVENT)), -9_500);
}

/// An order that credit pays in full is issued at once, and a friend's credit becomes a debt
/// between the clubs.
#[test]
fn credit_may_pay_all() {
    for (shard, between) in [(SHARD, 0), (FRIEND, 5_000)] {
        let mut club = Club::with_rights();
        let mut order = order(&club, 1, Rights::default());
        order.tender.credit = Some(card_of(shard));
        let placed = club.place(&order).unwrap();
        assert_eq!((placed.sale.state, placed.next), (SaleState::Issued, Next::Done));
        assert_eq!((placed.sale.total, credit_left(&club, shard)), (5_000, 2_000));
        assert_eq!(club.till.balance(&Account::Between(FRIEND)), between);
        assert_eq!(club.till.balance(&Account::Between(SHARD)), -between);
    }
}

fn credit_left(club: &Club, shard: Shard) -> i64 {
    let card = club.till.find::<domain::card::Card>(domain::card::Card::key_of(card_of(shard)));
    card.unwrap().credit
}

/// An order locks what it touches and nothing else.
#[test]
fn orders_lock_what_they_touch() {
    let club = Club::with_rights();
    let check = |rights: Rights, signed: bool, expected: Shards| {
        let mut order = order(&club, 1, rights);
        let signature = domain::idempotency::Identity { hash: 1, fingerprint: 1 };
        order.marks.signature = signed.then_some(signature);
        assert_eq!(order.shards(), expected);
    };
    check(by_pass(), false, Shards::One(SHARD));
    check(by_owner_card(SHARD), false, Shards::One(SHARD));
    check(by_owner_card(FRIEND), false, Shards::Two(FRIEND, SHARD));
    check(by_owner_card(FRIEND), true, Shards::Three(Shard::HOUSE, SHARD, FRIEND));
    check(by_owner_card(SHARD), true, Shards::Two(Shard::HOUSE, SHARD));
}

/// A late approval takes all its rights anew, or none of them and the money goes back.
#[test]
fn late_money_finds_its_rights_or_returns() {
    let nothing: fn(&mut Club) = |_| ();
    let credit: fn(&mut Club) = |club| {
        let mut order = order(club, 1, Rights::default());
        order.tender.credit = Some(card_of(SHARD));
        club.place(&order).unwrap();
    };
    let pass: fn(&mut Club) = |club| {
        club.place(&order(club, 1, by_pass())).unwrap();
    };
    let code: fn(&mut Club) = |club| {
        let mut order = club.order(&[(ADULT, 1)]);
        order.lines[0].special = Some(Some(special().hash));
        club.place(&order).unwrap();
    };
    let ways = [
        (nothing, SaleState::Issued),
        (credit, SaleState::Returning),
        (pass, SaleState::Returning),
        (code, SaleState::Returning),
    ];
    for (meanwhile, expected) in ways {
        let mut club = Club::with_rights();
        let mut late = order(&club, 2, by_pass());
        late.lines = club.order(&[(ADULT, 2), (ADULT, 1), (ADULT, 2)]).lines;
        late.lines[0].special = Some(Some(special().hash));
        late.tender = Tender { credit: Some(card_of(SHARD)), ..paying(by_card(resumable())) };
        let sale = club.place(&late).unwrap().sale.id;
        club.answer(sale, 1, declined());
        meanwhile(&mut club);
        club.answer(sale, 1, approved());
        assert_eq!(club.sale(sale).state, expected);
    }
}

/// A pass that is bought belongs to the phone, and is booked for the club.
#[test]
fn a_pass_is_bought_and_used() {
    let mut club = Club::with_rights();
    let order = buy_pass();
    let sale = club.till.run(&order).unwrap().sale;
    assert_eq!((sale.event, sale.total, sale.fee), (EventId(0), 30_000, 1_500));
    club.answer(sale.id, 1, approved());
    let Goods::Pass { pass: Some(bought), .. } = club.sale(sale.id).goods else { panic!() };
    assert_eq!(club.till.balance(&Account::OwnerPayablePasses), -28_500);
    let rights = Rights { pass: Some(bought), free: None };
    let mut use_it = self::order(&club, 1, rights);
    assert_eq!(club.place(&use_it).unwrap().sale.total, 0);
    use_it.buyer.phone = Some("+3545550102".into());
    assert_eq!(code(club.place(&use_it)), Code::TeamPassNotValid);
}

/// A pass whose order is cancelled ends with it, used or not.
#[test]
fn a_cancelled_pass_ends() {
    let mut club = Club::with_rights();
    let sale = club.till.run(&buy_pass()).unwrap().sale.id;
    club.answer(sale, 1, approved());
    let Goods::Pass { pass: Some(bought), .. } = club.sale(sale).goods else { panic!() };
    let rights = Rights { pass: Some(bought), free: None };
    club.place(&order(&club, 1, rights.clone())).unwrap();
    let command = CancelSale { shard: SHARD, sale, partner: None, note: note() };
    assert_eq!(club.till.run(&command).unwrap().state, SaleState::Cancelled);
    assert_eq!(code(club.place(&order(&club, 1, rights))), Code::TeamPassNotValid);
    assert_eq!(club.till.balance(&Account::OwnerPayablePasses), -28_500);
}

fn buy_pass() -> PlacePass {
    PlacePass {
        shard: SHARD,
        pass_type: PASS_TYPE,
        price_guard: Some(30_000),
        buyer: fan(),
        tender: paying(by_card(resumable())),
        secret: Secret([4; 16]),
        marks: domain::idempotency::Marks::default(),
    }
}

/// Every refusal of a pass to buy.
#[test]
fn buying_a_pass_is_refused() {
    let check = |spoil: fn(&mut Club, &mut PlacePass), expected| {
        let mut club = Club::with_rights();
        let mut order = buy_pass();
        spoil(&mut club, &mut order);
        assert_eq!(code(club.till.run(&order)), expected);
        assert!(club.till.all::<domain::sale::Sale>().next().is_none());
    };
    check(|_, order| order.pass_type = domain::ids::PassTypeId(9), Code::TeamPassNotValid);
    check(
        |club, _| club.change_by_hand(&pass_type(), |kind| kind.active = false),
        Code::SaleNotActive,
    );
    check(
        |club, _| club.change_by_hand(&pass_type(), |kind| kind.team_only = true),
        Code::TeamUseOnly,
    );
    check(|_, order| order.price_guard = Some(29_999), Code::PriceChanged);
    check(|_, order| order.tender.total_guard = Some(1), Code::PriceChanged);
    check(|_, order| order.tender.currency_guard = Currency::parse("EUR"), Code::CurrencyMismatch);
    check(|_, order| order.tender.instrument = None, Code::PaymentMethodRequired);
}

/// A code that was bought with comes back when the money does not come.
#[test]
fn a_declined_code_may_be_used_again() {
    let mut club = Club::with_rights();
    let mut order = club.order(&[(ADULT, 2)]);
    order.lines[0].special = Some(Some(special().hash));
    for _ in 0..2 {
        let sale = club.place(&order).unwrap().sale;
        assert_eq!((sale.total, sale.lines[0].unit_price), (2_000, 1_000));
        assert_eq!(code(club.place(&order)), Code::SpecialTicketUsed);
        club.answer(sale.id, 1, declined());
    }
    club.till.pass(Span::hours(1));
}
