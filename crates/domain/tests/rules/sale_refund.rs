//! Money on its way back: in full, in part, twice, late, never.

use domain::attempt::{AttemptState, CallVerb, GatewayTerms, Next, REVIEW_AFTER, Verb};
use domain::effect::Effect;
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{AdvanceEvent, SaleState, Verdict};
use domain::time::Span;

use crate::common::{
    Club, SEND_WITHIN, approved, code, declined, not_executed, partly, plain, resumable, unknown,
};

const SALE: SaleId = SaleId(1);

/// A sale that got 4 000 of its 10 000, and owes them back by attempt 2.
fn returning(gateway: GatewayTerms) -> Club {
    let mut club = Club::new();
    club.place_two(gateway);
    assert_eq!(club.answer(SALE, 1, partly(4_000)).sale.state, SaleState::Returning);
    club
}

fn reviews(club: &Club) -> usize {
    let owed = club.till.owed.iter();
    owed.filter(|owed| matches!(owed.effect, Effect::SaleNeedsReview { .. })).count()
}

/// The refund names the charge and what it took, and ends the sale.
#[test]
fn a_refund_returns_what_was_taken() {
    let mut club = Club::new();
    club.place_two(resumable());
    let advanced = club.answer(SALE, 1, partly(4_000));
    let Next::Call(call) = advanced.next else { panic!("no call: {:?}", advanced.next) };
    let charge_key = advanced.sale.attempts[0].key.clone();
    let reference = "pay_1".to_owned();
    assert_eq!(call.verb, CallVerb::Refund { charge_key, reference });
    assert_eq!((call.attempt, call.money.amount), (2, 4_000));
    assert_ne!(call.key, advanced.sale.attempts[0].key);
    let done = club.answer(SALE, 2, approved());
    assert_eq!((done.sale.state, done.next), (SaleState::Returned, Next::Done));
    let [owed] = &club.till.owed[..] else { panic!("{:?}", club.till.owed) };
    let currency = "ISK".to_owned();
    assert_eq!(owed.effect, Effect::PaymentReturned { sale: SALE, amount: 4_000, currency });
}

/// What the gateway takes back in part leaves the rest owed, and the loop goes on.
#[test]
fn a_refund_in_part_goes_on() {
    let mut club = returning(resumable());
    let advanced = club.answer(SALE, 2, partly(1_500));
    assert_eq!(advanced.sale.state, SaleState::Returning);
    let Next::Call(call) = advanced.next else { panic!("no call: {:?}", advanced.next) };
    assert_eq!((call.attempt, call.money.amount), (3, 2_500));
    assert_eq!(club.answer(SALE, 3, approved()).sale.state, SaleState::Returned);
    assert_eq!(club.sale(SALE).paid(), 0);
}

/// A gateway that returns next to nothing each time is stopped, and a person asked.
#[test]
fn endless_refunds_are_stopped() {
    let mut club = returning(resumable());
    for number in 2..100 {
        club.answer(SALE, number, partly(1));
    }
    assert_eq!(club.sale(SALE).attempts.len(), 20);
    assert_eq!((club.sale(SALE).state, reviews(&club)), (SaleState::Returning, 1));
}

/// A refund that is not taken, or unknown for a day, is a person's task.
#[test]
fn a_failed_refund_needs_a_person() {
    for result in [declined(), not_executed(), partly(0)] {
        let mut club = returning(resumable());
        let advanced = club.answer(SALE, 2, result);
        assert_eq!((advanced.sale.state, advanced.next), (SaleState::Returning, Next::Done));
        assert_eq!(reviews(&club), 1);
    }
    let mut club = returning(resumable());
    club.till.pass(REVIEW_AFTER);
    let advanced = club.answer(SALE, 2, unknown());
    assert_eq!((advanced.sale.state, advanced.next), (SaleState::Returning, Next::Done));
    assert_eq!(reviews(&club), 1);
}

/// An unanswered refund is sent again under its key, with a new time to leave.
#[test]
fn an_unknown_refund_is_sent_again() {
    let mut club = returning(resumable());
    club.answer(SALE, 2, unknown());
    let resumed = club.resume_when_due(SALE);
    let Next::Call(call) = resumed.next else { panic!("no call: {:?}", resumed.next) };
    assert!(matches!(call.verb, CallVerb::Refund { .. }));
    assert_eq!(call.key, resumed.sale.attempts[1].key);
    assert_eq!(call.send_before, club.till.now.after(SEND_WITHIN));
    let lost = club.answer(SALE, 2, not_executed());
    assert!(matches!(lost.next, Next::Wait(_)), "the first one may have arrived");
    assert_eq!(club.answer(SALE, 2, approved()).sale.state, SaleState::Returned);
}

/// A refund that never left is sent later, without a person.
#[test]
fn a_refund_never_sent_is_sent_now() {
    let mut club = returning(plain());
    let resumed = club.resume_when_due(SALE);
    assert!(matches!(resumed.next, Next::Mark(_)), "{:?}", resumed.next);
    let marked = club.advance(SALE, AdvanceEvent::Marked(2));
    assert!(matches!(marked.next, Next::Call(_)), "{:?}", marked.next);
    assert_eq!((marked.sale.state, reviews(&club)), (SaleState::Returning, 0));
    let again = club.advance(SALE, AdvanceEvent::Marked(2));
    assert!(matches!(again.next, Next::Wait(_)), "sent once: {:?}", again.next);
}

/// A person's word that the money did not move begins a new refund; that it did ends the sale.
#[test]
fn a_person_settles_a_failed_refund() {
    let mut club = returning(resumable());
    club.answer(SALE, 2, declined());
    let again = club.review(SALE, Verdict::NotMoved).unwrap();
    assert!(matches!(again.next, Next::Call(_)), "{:?}", again.next);
    assert_eq!(again.sale.attempts.len(), 3);
    assert_eq!(code(club.review(SALE, Verdict::NotMoved)), Code::NotUnderReview);
    club.answer(SALE, 3, declined());
    let moved = club.review(SALE, Verdict::Moved("by hand".into())).unwrap();
    assert_eq!((moved.sale.state, moved.sale.paid()), (SaleState::Returned, 0));
}

/// Twenty tries are enough; then only the word that the money moved is accepted.
#[test]
fn a_person_cannot_try_for_ever() {
    let mut club = returning(resumable());
    for number in 2..20 {
        club.answer(SALE, number, declined());
        club.review(SALE, Verdict::NotMoved).unwrap();
    }
    club.answer(SALE, 20, declined());
    assert_eq!(code(club.review(SALE, Verdict::NotMoved)), Code::TooManyRequests);
    let moved = club.review(SALE, Verdict::Moved("by hand".into())).unwrap();
    assert_eq!(moved.sale.state, SaleState::Returned);
}

/// A refund that was given up and got through after all: the one begun meanwhile is never sent
/// again, but fenced or dropped.
#[test]
fn a_refund_is_not_made_twice() {
    let mut club = returning(resumable());
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    let late = club.answer(SALE, 2, approved());
    assert_eq!(late.sale.state, SaleState::Returned);
    let resumed = club.resume_when_due(SALE);
    let Next::Call(call) = resumed.next else { panic!("no call: {:?}", resumed.next) };
    assert_eq!((call.attempt, call.verb), (3, CallVerb::Fence));
    let fenced = club.answer(SALE, 3, not_executed());
    assert_eq!((fenced.next, fenced.sale.paid()), (Next::Done, 0));

    let mut club = returning(plain());
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    club.answer(SALE, 2, approved());
    let marked = club.advance(SALE, AdvanceEvent::Marked(3));
    assert!(matches!(marked.next, Next::Wait(_)), "not sent: {:?}", marked.next);
    let dropped = club.resume_when_due(SALE).sale;
    assert_eq!(dropped.attempts[2].state, AttemptState::NotExecuted);
}

/// If both got through nevertheless, the books say so and a person is told.
#[test]
fn a_double_refund_is_reported() {
    let mut club = returning(resumable());
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    club.answer(SALE, 2, approved());
    let before = reviews(&club);
    let twice = club.answer(SALE, 3, approved()).sale;
    assert_eq!((twice.state, twice.paid()), (SaleState::Returned, -4_000));
    assert_eq!(reviews(&club), before + 1);
}

/// A fence on such a refund that nobody answers ends with a person, whose word ends it.
#[test]
fn an_unanswered_fence_needs_a_person() {
    let mut club = returning(resumable());
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    club.answer(SALE, 2, approved());
    club.till.pass(REVIEW_AFTER);
    club.till.pass(Span::hours(1));
    club.answer(SALE, 3, unknown());
    let settled = club.review(SALE, Verdict::NotMoved).unwrap().sale;
    assert_eq!(settled.attempts[2].state, AttemptState::NotExecuted);
    assert_eq!(settled.attempts.len(), 3, "nothing is left to return");
    assert_eq!((settled.state, settled.paid()), (SaleState::Returned, 0));
    assert!(settled.attempts[1..].iter().all(|attempt| attempt.verb == Verb::Refund));
}
