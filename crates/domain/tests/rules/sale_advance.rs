//! A sale on its way: every cell of the state table that a charge can reach.

use domain::attempt::{
    ASK_PAUSES, AttemptState, CallResult, CallVerb, DeclineReason, GatewayCall, GatewayTerms, Next,
    REVIEW_AFTER,
};
use domain::effect::Effect;
use domain::facts::Halt;
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{Advance, AdvanceEvent, SaleState};
use domain::time::Span;

use crate::common::{
    ADULT, CHILD, Club, DEADLINE, GROUND, SEND_WITHIN, SHARD, approved, code, not_executed, partly,
    plain, resumable, unknown,
};

const SALE: SaleId = SaleId(1);

/// Two adults, waiting for the charge.
fn waiting(gateway: GatewayTerms) -> Club {
    let mut club = Club::new();
    assert_eq!(club.place_two(gateway).sale.id, SALE);
    club
}

/// Two adults whose charge was declined.
fn declined_sale() -> Club {
    let mut club = waiting(resumable());
    club.answer(SALE, 1, declined());
    club
}

fn declined() -> CallResult {
    CallResult::Declined(DeclineReason::Soft)
}

#[track_caller]
fn call(next: &Next) -> &GatewayCall {
    match next {
        Next::Call(call) => call,
        other => panic!("no call: {other:?}"),
    }
}

/// What each answer to the charge makes of the sale and its places.
#[test]
fn answers_decide() {
    use SaleState::{AwaitingPayment, Issued, PaymentFailed, Returning};
    let check = |result: CallResult, state, places, failure: Option<Code>| {
        for gateway in [resumable(), plain()] {
            let mut club = waiting(gateway);
            club.answer(SALE, 1, result.clone());
            let sale = club.sale(SALE);
            assert_eq!((sale.state, sale.failure), (state, failure), "{result:?}");
            assert_eq!(club.taken(GROUND), places, "{result:?}");
        }
    };
    check(approved(), Issued, (0, 2), None);
    check(partly(10_000), Issued, (0, 2), None);
    check(partly(9_999), Returning, (0, 0), Some(Code::InsufficientFunds));
    check(partly(0), PaymentFailed, (0, 0), Some(Code::InsufficientFunds));
    check(declined(), PaymentFailed, (0, 0), Some(Code::PaymentDeclined));
    check(not_executed(), PaymentFailed, (0, 0), Some(Code::GatewayUnavailable));
    check(unknown(), AwaitingPayment, (2, 0), None);
    check(CallResult::Pending("p".into()), AwaitingPayment, (2, 0), None);
    check(CallResult::NotFound, AwaitingPayment, (2, 0), None);
    let challenge = CallResult::ChallengeRequired("c".into());
    check(challenge, PaymentFailed, (0, 0), Some(Code::AuthenticationRequired));
}

/// An issued sale carries the moment, and asks for nothing more.
#[test]
fn approval_ends_the_loop() {
    let mut club = waiting(resumable());
    club.till.pass(Span::seconds(2));
    let advanced = club.answer(SALE, 1, approved());
    assert_eq!(advanced.next, Next::Done);
    assert_eq!(advanced.sale.issued_at, Some(club.till.now));
    assert_eq!(advanced.sale.previous_state, Some(SaleState::AwaitingPayment));
    assert_eq!(advanced.sale.due(), None);
}

/// A charge over a gateway that cannot be asked is marked before it leaves, once, and in time.
#[test]
fn bytes_leave_after_the_mark() {
    let mut club = waiting(plain());
    let first = club.advance(SALE, AdvanceEvent::Marked(1));
    assert_eq!(call(&first.next).verb, CallVerb::Charge);
    assert_eq!(first.sale.attempts[0].state, AttemptState::Sent);
    let second = club.advance(SALE, AdvanceEvent::Marked(1));
    assert!(matches!(second.next, Next::Wait(_)), "sent once: {:?}", second.next);

    let mut club = waiting(plain());
    club.till.pass(SEND_WITHIN);
    let late = club.advance(SALE, AdvanceEvent::Marked(1));
    assert!(matches!(late.next, Next::Wait(_)), "too late: {:?}", late.next);
    assert_eq!(late.sale.attempts[0].state, AttemptState::Created);
}

/// A charge that was never sent in time is certain not to happen: the order expires.
#[test]
fn what_was_never_sent_expires() {
    let mut club = waiting(plain());
    let advanced = club.resume_when_due(SALE);
    assert_eq!((advanced.sale.state, advanced.next), (SaleState::Expired, Next::Done));
    assert_eq!(advanced.sale.failure, Some(Code::PaymentExpired));
    assert_eq!(club.taken(GROUND), (0, 0));
    assert_eq!(club.advance(SALE, AdvanceEvent::Marked(1)).next, Next::Done, "cannot be sent now");
}

/// The janitor asks about nothing before its time, and once at a time.
#[test]
fn nobody_asks_too_early() {
    let mut club = waiting(resumable());
    let due = club.sale(SALE).due().unwrap();
    assert_eq!(due, club.till.now.after(SEND_WITHIN).after(DEADLINE));
    assert_eq!(club.advance(SALE, AdvanceEvent::Resume { node: 0 }).next, Next::Wait(due));
    let asked = club.resume_when_due(SALE);
    assert_eq!(call(&asked.next).verb, CallVerb::Lookup);
    let again = club.advance(SALE, AdvanceEvent::Resume { node: 0 });
    assert!(matches!(again.next, Next::Wait(_)), "the question is out: {:?}", again.next);
}

/// A node's claim keeps the others away until its answer must have come; then another takes over
/// what a dead one has left.
#[test]
fn a_claim_is_one_node_s_until_it_expires() {
    let mut club = waiting(resumable());
    club.till.now = club.sale(SALE).due().unwrap();
    let claimed = club.advance(SALE, AdvanceEvent::Resume { node: 4 });
    assert_eq!(call(&claimed.next).verb, CallVerb::Lookup);
    let expiry = club.till.now.after(SEND_WITHIN).after(DEADLINE);
    for (now, taken_over) in [(club.till.now, false), (expiry, true)] {
        club.till.now = now;
        let other = club.advance(SALE, AdvanceEvent::Resume { node: 5 });
        assert_eq!(matches!(other.next, Next::Call(_)), taken_over);
        let owner = if taken_over { 5 } else { 4 };
        assert_eq!(other.sale.attempts[0].asked_by, owner);
    }
}

/// A question may leave now, though the charge itself may not any more.
#[test]
fn questions_have_their_own_time() {
    let mut club = waiting(resumable());
    let asked = club.resume_when_due(SALE);
    let lookup = call(&asked.next);
    assert!(asked.sale.attempts[0].past_sending(club.till.now));
    assert_eq!(lookup.send_before, club.till.now.after(SEND_WITHIN));
    assert_eq!(lookup.key, asked.sale.attempts[0].key);
    let answered = club.answer(SALE, 1, CallResult::NotFound);
    assert_eq!(call(&answered.next).send_before, club.till.now.after(SEND_WITHIN));
}

/// "Not found" is no answer while bytes may be on their way.
#[test]
fn not_found_too_early_waits() {
    let mut club = waiting(resumable());
    let early = club.answer(SALE, 1, CallResult::NotFound);
    assert_eq!(early.next, Next::Wait(club.till.now.after(ASK_PAUSES[0])));
    assert_eq!(early.sale.state, SaleState::AwaitingPayment);
}

/// After that it is made final by a fence, whose answer decides.
#[test]
fn not_found_is_fenced() {
    let check = |answer: CallResult, state, places| {
        let mut club = waiting(resumable());
        club.resume_when_due(SALE);
        let fenced = club.answer(SALE, 1, CallResult::NotFound);
        assert_eq!(call(&fenced.next).verb, CallVerb::Fence);
        assert_eq!(fenced.sale.state, SaleState::AwaitingPayment, "a fence is no answer yet");
        let decided = club.answer(SALE, 1, answer);
        assert!(!matches!(decided.next, Next::Call(_)), "no second fence: {:?}", decided.next);
        assert_eq!((decided.sale.state, club.taken(GROUND)), (state, places));
    };
    check(not_executed(), SaleState::PaymentFailed, (0, 0));
    check(approved(), SaleState::Issued, (0, 2));
    check(unknown(), SaleState::AwaitingPayment, (2, 0));
    check(CallResult::NotFound, SaleState::AwaitingPayment, (2, 0));
}

/// A fence that came to nothing is tried again at the next look.
#[test]
fn a_lost_fence_is_repeated() {
    let mut club = waiting(resumable());
    for _ in 0..3 {
        assert_eq!(call(&club.resume_when_due(SALE).next).verb, CallVerb::Lookup);
        let fenced = club.answer(SALE, 1, CallResult::NotFound);
        assert_eq!(call(&fenced.next).verb, CallVerb::Fence);
    }
}

/// After an outage of more than a day, a key that the gateway does not know is fenced first.
#[test]
fn an_outage_ends_in_a_fence() {
    let mut club = waiting(resumable());
    club.till.pass(Span::hours(30));
    club.advance(SALE, AdvanceEvent::Resume { node: 0 });
    let fenced = club.answer(SALE, 1, CallResult::NotFound);
    assert_eq!(call(&fenced.next).verb, CallVerb::Fence);
    assert_eq!(club.answer(SALE, 1, not_executed()).sale.state, SaleState::PaymentFailed);
}

/// Silence for a day leads to a person, places stay held, and the notice is owed once.
#[test]
fn silence_leads_to_review() {
    for gateway in [resumable(), plain()] {
        let mut club = waiting(gateway.clone());
        let placed_at = club.till.now;
        if !gateway.resumable {
            club.advance(SALE, AdvanceEvent::Marked(1));
        }
        for _ in 0..100 {
            if club.sale(SALE).due().is_none() {
                break;
            }
            let resumed = club.resume_when_due(SALE);
            if matches!(resumed.next, Next::Call(_)) {
                club.answer(SALE, 1, unknown());
            }
        }
        assert_eq!(club.sale(SALE).state, SaleState::UnderReview);
        assert!(club.till.now >= placed_at.after(REVIEW_AFTER));
        assert!(club.till.now <= placed_at.after(REVIEW_AFTER).after(Span::hours(2)));
        assert_eq!(club.taken(GROUND), (2, 0));
        let notices: Vec<_> = club.till.owed.iter().map(|owed| &owed.effect).collect();
        assert!(matches!(notices[..], [Effect::SaleNeedsReview { sale: SALE, .. }]), "{notices:?}");
        assert_eq!(club.advance(SALE, AdvanceEvent::Resume { node: 0 }).next, Next::Done);
    }
}

/// A late approval takes equal places if they are free.
#[test]
fn a_late_approval_is_accepted() {
    let mut club = declined_sale();
    let advanced = club.answer(SALE, 1, approved());
    assert_eq!((advanced.sale.state, advanced.sale.failure), (SaleState::Issued, None));
    assert_eq!(club.taken(GROUND), (0, 2));

    let mut club = waiting(plain());
    club.resume_when_due(SALE);
    assert_eq!(club.answer(SALE, 1, approved()).sale.state, SaleState::Issued, "once expired");
}

/// Otherwise the money goes back: nothing left, less than needed, event over or cancelled.
#[test]
fn a_late_approval_without_places_is_returned() {
    let check = |spoil: fn(&mut Club), result: CallResult, why: Code| {
        let mut club = declined_sale();
        spoil(&mut club);
        let before = club.taken(GROUND);
        let advanced = club.answer(SALE, 1, result);
        assert_eq!((advanced.sale.state, advanced.sale.failure), (SaleState::Returning, Some(why)));
        assert!(matches!(call(&advanced.next).verb, CallVerb::Refund { .. }));
        assert_eq!(club.taken(GROUND), before);
    };
    check(|club| drop(club.place(&club.order(&[(CHILD, 9)]))), approved(), Code::SoldOut);
    check(|club| drop(club.limit(GROUND, Some(1))), approved(), Code::SoldOut);
    check(|club| club.till.pass(Span::hours(24 * 31)), approved(), Code::SoldOut);
    let cancel = |club: &mut Club| {
        club.event.active = false;
        club.publish();
    };
    check(cancel, approved(), Code::SoldOut);
    check(|_| {}, partly(9_000), Code::InsufficientFunds);
}

/// A postponed event is still to come, however late it is.
#[test]
fn a_late_approval_counts_for_a_postponed_event() {
    let mut club = declined_sale();
    club.event.postponed = true;
    club.publish();
    club.till.pass(Span::hours(24 * 31));
    assert_eq!(club.answer(SALE, 1, approved()).sale.state, SaleState::Issued);
}

/// Once the tickets are out or the money is back, later answers change nothing.
#[test]
fn the_end_is_the_end() {
    let results =
        || [approved(), partly(1), declined(), not_executed(), unknown(), CallResult::NotFound];
    let mut club = waiting(resumable());
    let issued = club.answer(SALE, 1, approved()).sale;
    for result in results() {
        assert_eq!(club.answer(SALE, 1, result).sale, issued);
    }
    let mut club = declined_sale();
    let failed = club.sale(SALE).clone();
    for result in results().into_iter().skip(2) {
        assert_eq!(*club.answer(SALE, 1, result).sale, failed);
    }
}

/// What is addressed to nobody changes nothing.
#[test]
fn unknown_addresses_are_harmless() {
    let mut club = waiting(resumable());
    let (before, due) = (club.sale(SALE).clone(), club.sale(SALE).due().unwrap());
    assert_eq!(club.answer(SALE, 9, approved()).next, Next::Wait(due));
    assert_eq!(club.advance(SALE, AdvanceEvent::Marked(9)).next, Next::Wait(due));
    assert_eq!(*club.sale(SALE), before);
    let nobody = Advance {
        shard: SHARD,
        sale: SaleId(99),
        partner: None,
        event: AdvanceEvent::Resume { node: 0 },
    };
    assert_eq!(code(club.till.run(&nobody)), Code::TicketNotFound);
}

/// A decline frees the places for the next buyer at once.
#[test]
fn a_decline_frees_the_places() {
    let mut club = Club::new();
    let sale = club.place(&club.order(&[(ADULT, 10)])).unwrap().sale.id;
    let next = club.order(&[(ADULT, 10)]);
    assert!(matches!(club.place(&next), Err(Halt::Refused(_))));
    club.answer(sale, 1, declined());
    assert!(club.place(&next).is_ok());
}
