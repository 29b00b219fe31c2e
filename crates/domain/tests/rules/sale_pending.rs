//! Payment by phone: a sale whose payer is asked, until they answer or their time is over
//! (`payments.md` §3.2).

use domain::attempt::{
    AttemptState, CallResult, CallVerb, DeclineReason, GatewayCall, GatewayTerms, Next, PushTerms,
};
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{AdvanceEvent, SaleState, sale_of_key};
use domain::time::Span;

use crate::common::{Club, GROUND, SHARD, approved, not_executed, plain, resumable, unknown};

const SALE: SaleId = SaleId(1);

fn pending() -> CallResult {
    CallResult::Pending("push_1".into())
}

/// Two adults whose payer has been asked.
fn asked() -> Club {
    let mut club = Club::new();
    club.place_two(GatewayTerms { push: Some(PushTerms::default()), ..resumable() });
    let advanced = club.answer(SALE, 1, pending());
    assert_eq!(advanced.next, Next::Wait(club.till.now.after(PushTerms::default().poll)));
    club
}

#[track_caller]
fn call(next: &Next) -> &GatewayCall {
    match next {
        Next::Call(call) => call,
        other => panic!("no call: {other:?}"),
    }
}

/// While the payer is asked the places are held and the ticket waits for its payment.
#[test]
fn a_payer_is_waited_for() {
    let mut club = asked();
    for _ in 0..10 {
        let advanced = club.resume_when_due(SALE);
        assert_eq!(call(&advanced.next).verb, CallVerb::Lookup);
        club.answer(SALE, 1, pending());
        let sale = club.sale(SALE);
        assert_eq!(
            (sale.state, sale.ticket_status()),
            (SaleState::AwaitingPayment, "PendingPayment")
        );
        assert_eq!(club.taken(GROUND), (2, 0));
    }
}

/// What each answer of the payer makes of the sale.
#[test]
fn answers_decide() {
    let check = |result: CallResult, state, places, failure| {
        let mut club = asked();
        club.resume_when_due(SALE);
        club.answer(SALE, 1, result.clone());
        let sale = club.sale(SALE);
        assert_eq!((sale.state, sale.failure), (state, failure), "{result:?}");
        assert_eq!(club.taken(GROUND), places, "{result:?}");
    };
    let rejected = CallResult::Declined(DeclineReason::RejectedByPayer);
    let why = Some(Code::PaymentRejectedByPayer);
    check(approved(), SaleState::Issued, (0, 2), None);
    check(rejected, SaleState::PaymentFailed, (0, 0), why);
    check(not_executed(), SaleState::Expired, (0, 0), Some(Code::PaymentExpired));
    check(unknown(), SaleState::AwaitingPayment, (2, 0), None);
}

/// When the payer's time is over the gateway is told to give it up; what it then says counts, and
/// "already confirmed" is an approval like any other.
#[test]
fn late_payers_are_given_up() {
    let check = |result: CallResult, state, places| {
        let mut club = asked();
        club.till.pass(PushTerms::default().approval_within);
        let advanced = club.resume_when_due(SALE);
        assert_eq!(call(&advanced.next).verb, CallVerb::Fence);
        club.answer(SALE, 1, result.clone());
        assert_eq!(club.sale(SALE).state, state, "{result:?}");
        assert_eq!(club.taken(GROUND), places, "{result:?}");
    };
    check(not_executed(), SaleState::Expired, (0, 0));
    check(approved(), SaleState::Issued, (0, 2));
    check(unknown(), SaleState::AwaitingPayment, (2, 0));
}

/// A gateway that does not answer the giving up is told again, never left alone.
#[test]
fn giving_up_is_repeated() {
    let mut club = asked();
    club.till.pass(PushTerms::default().approval_within);
    for _ in 0..3 {
        let advanced = club.resume_when_due(SALE);
        assert_eq!(call(&advanced.next).verb, CallVerb::Fence);
        club.answer(SALE, 1, unknown());
    }
    club.resume_when_due(SALE);
    club.answer(SALE, 1, not_executed());
    assert_eq!(club.sale(SALE).state, SaleState::Expired);
}

/// A hint makes the question go out at once, for the key it names and while a payer is asked.
#[test]
fn hints_are_asked_about() {
    let mut club = asked();
    let key = club.sale(SALE).attempts[0].key.clone();
    assert_eq!(sale_of_key(&key), Some((SHARD, SALE)));
    assert_eq!(sale_of_key("att_1"), None);
    assert_eq!(sale_of_key("att_zz_1_1_0"), None);
    let hint = |key: &str| AdvanceEvent::Hinted { key: key.to_owned(), node: 0 };
    let other = club.advance(SALE, hint("att_7_1_1_0000000000000000"));
    assert!(matches!(other.next, Next::Wait(_)), "another key: {:?}", other.next);
    let hinted = club.advance(SALE, hint(&key));
    assert_eq!(call(&hinted.next).verb, CallVerb::Lookup);
    club.answer(SALE, 1, approved());
    assert_eq!(club.advance(SALE, hint(&key)).next, Next::Done, "it is settled");
}

/// A hint makes a call whose answer was lost be asked about, where its gateway can be asked.
#[test]
fn hints_clear_doubts() {
    for (terms, asked) in [(resumable(), true), (plain(), false)] {
        let mut club = Club::new();
        club.place_two(terms);
        club.advance(SALE, AdvanceEvent::Marked(1));
        club.answer(SALE, 1, unknown());
        let key = club.sale(SALE).attempts[0].key.clone();
        let hinted = club.advance(SALE, AdvanceEvent::Hinted { key, node: 0 });
        assert_eq!(matches!(hinted.next, Next::Call(_)), asked, "{:?}", hinted.next);
    }
}

/// A hint that comes before the answer to the first call changes nothing.
#[test]
fn early_hints_wait() {
    let mut club = Club::new();
    club.place_two(GatewayTerms { push: Some(PushTerms::default()), ..resumable() });
    let key = club.sale(SALE).attempts[0].key.clone();
    let hinted = club.advance(SALE, AdvanceEvent::Hinted { key, node: 0 });
    assert!(matches!(hinted.next, Next::Wait(_)), "{:?}", hinted.next);
    assert_eq!(club.sale(SALE).attempts[0].state, AttemptState::Sent);
    club.till.pass(Span::seconds(1));
    club.answer(SALE, 1, pending());
    assert_eq!(club.sale(SALE).attempts[0].state, AttemptState::Pending);
}
