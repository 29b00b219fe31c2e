//! One attempt: every cell of the table in the module, and the times it keeps.

use domain::attempt::{
    ASK_PAUSES, Attempt, AttemptState, CallResult, DeclineReason, GatewayTerms, PushTerms,
    REVIEW_AFTER, Verb,
};
use domain::refusal::Code;
use domain::time::Timestamp;

use crate::common::{
    DEADLINE, NOON, SEND_WITHIN, approved, not_executed, partly, plain, resumable, unknown,
};

const AMOUNT: i64 = 900;

fn attempt(verb: Verb, terms: &GatewayTerms) -> Attempt {
    Attempt::new(1, verb, "key".into(), terms, AMOUNT, NOON)
}

fn in_state(state: AttemptState) -> Attempt {
    Attempt { state, ..attempt(Verb::Charge, &asking()) }
}

/// A gateway that asks payers on their phones.
fn asking() -> GatewayTerms {
    GatewayTerms { push: Some(PushTerms::default()), ..resumable() }
}

fn pending() -> CallResult {
    CallResult::Pending("handle".into())
}

fn declined() -> CallResult {
    CallResult::Declined(DeclineReason::Soft)
}

/// The table of the module: one row a state, one column a result; `None` where nothing changes.
#[test]
fn the_table_holds() {
    use AttemptState::{
        Created, Declined, NotExecuted, Pending, Review, Sent, Succeeded as Won, Unknown as Open,
    };
    let late = NOON.after(REVIEW_AFTER);
    let columns = [
        (approved(), NOON),
        (declined(), NOON),
        (not_executed(), NOON),
        (pending(), NOON),
        (unknown(), NOON),
        (unknown(), late),
    ];
    let rows = [
        (Created, [Won, Declined, NotExecuted, Pending, Open, Review].map(Some)),
        (Sent, [Won, Declined, NotExecuted, Pending, Open, Review].map(Some)),
        (Open, [Won, Declined, NotExecuted, Pending, Open, Review].map(Some)),
        (Pending, [Won, Declined, NotExecuted, Pending, Pending, Review].map(Some)),
        (Review, [Some(Won), Some(Declined), Some(NotExecuted), None, None, None]),
        (Declined, [Some(Won), None, None, None, None, None]),
        (NotExecuted, [Some(Won), None, None, None, None, None]),
        (Won, [None, None, None, None, None, None]),
    ];
    for (state, cells) in rows {
        for ((result, at), expected) in columns.iter().zip(cells) {
            let (before, mut after) = (in_state(state), in_state(state));
            after.record(result, *at);
            match expected {
                Some(expected) => assert_eq!(after.state, expected, "{state:?}, {result:?}"),
                None => assert_eq!(after, before, "{state:?}, {result:?} changes nothing"),
            }
        }
    }
}

/// Captures and voids are sent until they are done; only a person gives a capture up. A part of a
/// split tender may be promised.
#[test]
fn follow_ups_and_promises() {
    use AttemptState::{Declined, NotExecuted, Pending, Review, Sent, Succeeded, Unknown};
    let misconfigured = CallResult::Misconfigured("401".into());
    let check = |verb, state, result: &CallResult, expected| {
        let mut attempt = Attempt { state, tender: Some(1), ..attempt(verb, &resumable()) };
        attempt.record(result, NOON);
        assert_eq!(attempt.state, expected, "{verb:?} in {state:?}: {result:?}");
        assert_eq!(attempt.settles_later, *result == pending() && expected == Succeeded);
        attempt
    };
    for state in [Sent, Unknown] {
        check(Verb::Capture, state, &declined(), Review);
        check(Verb::Capture, state, &not_executed(), Unknown);
        check(Verb::Void, state, &declined(), Declined);
        check(Verb::Void, state, &not_executed(), Unknown);
        check(Verb::Void, state, &misconfigured, Unknown);
        check(Verb::Void, state, &pending(), Unknown);
        check(Verb::Capture, state, &pending(), Succeeded);
        check(Verb::Authorize, state, &pending(), Succeeded);
        check(Verb::Charge, state, &pending(), Succeeded);
    }
    check(Verb::Capture, Review, &declined(), Review);
    check(Verb::Capture, Review, &not_executed(), Review);
    check(Verb::Capture, Review, &approved(), Succeeded);
    check(Verb::Void, Review, &not_executed(), NotExecuted);
    check(Verb::Authorize, Declined, &pending(), Declined);
    // Only the answer to a first try says that our credentials are to blame.
    let ours = check(Verb::Charge, Sent, &misconfigured, NotExecuted);
    assert_eq!(ours.failure, Some(Code::PaymentMethodNotAvailable));
    check(Verb::Authorize, Unknown, &misconfigured, Unknown);
    let mut asked = Attempt { tender: Some(1), ..attempt(Verb::Charge, &asking()) };
    asked.record(&pending(), NOON);
    assert_eq!(asked.state, Pending, "its payer is asked");
    for verb in [Verb::Capture, Verb::Void] {
        let sent = attempt(verb, &resumable());
        assert!(!sent.may_be_fenced(sent.ask_at), "{verb:?} is never fenced");
    }
}

/// What each verb is as money, once it succeeded.
#[test]
fn reservations_are_no_money() {
    for (verb, money) in [
        (Verb::Charge, AMOUNT),
        (Verb::Capture, AMOUNT),
        (Verb::Refund, -AMOUNT),
        (Verb::Authorize, 0),
        (Verb::Void, 0),
    ] {
        let mut attempt = attempt(verb, &resumable());
        assert_eq!(attempt.money(), 0);
        attempt.record(&approved(), NOON);
        assert_eq!((attempt.money(), attempt.moved), (money, AMOUNT), "{verb:?}");
    }
}

/// What each result means for a sent charge: state, money, published code.
#[test]
fn results_are_taken_in() {
    use AttemptState::{Declined, NotExecuted, Succeeded, Unknown};
    let check = |result: CallResult, state, moved, failure: Option<Code>| {
        let mut attempt = in_state(AttemptState::Sent);
        attempt.record(&result, NOON);
        assert_eq!((attempt.state, attempt.moved, attempt.failure), (state, moved, failure));
        assert_eq!(attempt.approval.is_some(), state == Succeeded);
    };
    let declines = |reason| CallResult::Declined(reason);
    check(approved(), Succeeded, AMOUNT, None);
    check(partly(1), Succeeded, 1, None);
    check(partly(AMOUNT + 1), Succeeded, AMOUNT, None);
    check(partly(0), Declined, 0, Some(Code::InsufficientFunds));
    check(partly(-1), Declined, 0, Some(Code::InsufficientFunds));
    check(declines(DeclineReason::Soft), Declined, 0, Some(Code::PaymentDeclined));
    check(declines(DeclineReason::InsufficientFunds), Declined, 0, Some(Code::InsufficientFunds));
    check(declines(DeclineReason::HardAccount), Declined, 0, Some(Code::PaymentBlocked));
    check(declines(DeclineReason::HardExpiry), Declined, 0, Some(Code::CardExpired));
    check(declines(DeclineReason::CardInvalid), Declined, 0, Some(Code::CardInvalid));
    check(declines(DeclineReason::CvcInvalid), Declined, 0, Some(Code::CvcInvalid));
    let failed_proof = Some(Code::AuthenticationFailed);
    let rejected = Some(Code::PaymentRejectedByPayer);
    let authenticate = Some(Code::AuthenticationRequired);
    check(declines(DeclineReason::AuthenticationRequired), Declined, 0, authenticate);
    check(CallResult::ChallengeRequired("data".into()), Declined, 0, authenticate);
    check(not_executed(), NotExecuted, 0, Some(Code::GatewayUnavailable));
    check(unknown(), Unknown, 0, None);
    check(declines(DeclineReason::AuthenticationFailed), Declined, 0, failed_proof);
    check(declines(DeclineReason::RejectedByPayer), Declined, 0, rejected);
    check(pending(), AttemptState::Pending, 0, None);
    check(CallResult::NotFound, Unknown, 0, None);
}

/// A refund sent again under its key may have arrived the first time: that the second call did
/// not leave proves nothing. A fence does.
#[test]
fn a_resent_refund_is_not_undone() {
    let check = |sent_again: bool, fencing: bool, expected| {
        let mut refund = attempt(Verb::Refund, &resumable());
        if sent_again || fencing {
            refund.question(fencing, 0, NOON);
        }
        refund.record(&not_executed(), NOON);
        assert_eq!(refund.state, expected);
    };
    check(false, false, AttemptState::NotExecuted);
    check(true, false, AttemptState::Unknown);
    check(false, true, AttemptState::NotExecuted);
}

/// Questions are put off a little longer each time (`payments.md` §6.4), the last pause repeats.
#[test]
fn pauses_grow() {
    let mut attempt = in_state(AttemptState::Sent);
    let mut now = NOON;
    for pause in ASK_PAUSES.iter().chain([ASK_PAUSES[5]; 3].iter()) {
        attempt.record(&unknown(), now);
        assert_eq!(attempt.ask_at, now.after(*pause));
        now = attempt.ask_at;
    }
    attempt.asked = u16::MAX;
    attempt.record(&unknown(), now);
    assert_eq!(attempt.ask_at, now.after(ASK_PAUSES[5]));
}

/// A new attempt may be sent for a while, and is asked about once nothing can arrive any more.
#[test]
fn a_new_attempt_has_its_times() {
    let send_before = NOON.after(SEND_WITHIN);
    let past = send_before.after(DEADLINE);
    for (terms, state) in [(resumable(), AttemptState::Sent), (plain(), AttemptState::Created)] {
        let attempt = attempt(Verb::Charge, &terms);
        assert_eq!((attempt.state, attempt.send_before), (state, send_before));
        assert_eq!(attempt.ask_at, past);
        assert!(!attempt.past_sending(Timestamp(past.0 - 1)) && attempt.past_sending(past));
        assert_eq!(attempt.may_be_fenced(past), terms.resumable);
        assert!(!attempt.may_be_fenced(Timestamp(past.0 - 1)));
    }
}

/// A payer who is asked is asked about at the gateway's pace, and no longer than their time.
#[test]
fn a_payer_has_five_minutes() {
    let push = PushTerms::default();
    let end = NOON.after(push.approval_within);
    let mut attempt = attempt(Verb::Charge, &asking());
    let mut asked = |now: Timestamp, ask_at: Timestamp| {
        attempt.record(&pending(), now);
        assert_eq!((attempt.state, attempt.ask_at), (AttemptState::Pending, ask_at));
        assert_eq!(attempt.handle.as_deref(), Some("handle"));
        attempt.payer_is_late(now)
    };
    assert!(!asked(NOON, NOON.after(push.poll)), "their time has begun");
    assert!(!asked(Timestamp(end.0 - 1), end), "their time is not over");
    attempt.record(&unknown(), Timestamp(end.0 - 1));
    assert_eq!(attempt.state, AttemptState::Pending, "silence does not end it");
    assert!(attempt.payer_is_late(end), "their time is over");
    attempt.question(true, 0, end);
    assert_eq!(attempt.state, AttemptState::Pending, "while the gateway is told");
    attempt.record(&not_executed(), end);
    let ended = (attempt.state, attempt.failure);
    assert_eq!(ended, (AttemptState::NotExecuted, Some(Code::PaymentExpired)));
}

/// Where nobody is asked on a phone, "pending" is an answer that says nothing.
#[test]
fn pending_without_a_phone_is_unknown() {
    let mut attempt = attempt(Verb::Charge, &resumable());
    attempt.record(&pending(), NOON);
    assert_eq!((attempt.state, attempt.ask_at), (AttemptState::Unknown, NOON.after(ASK_PAUSES[0])));
}
