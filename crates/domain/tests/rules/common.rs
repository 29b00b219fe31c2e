//! A till small enough for a test: facts in a map, one club, and laws checked after every command.

mod books;
mod club;
mod laws;
mod office;
pub(crate) mod rights;
mod seats;
pub(crate) mod till;

use domain::attempt::{Approval, CallResult, GatewayTerms};
use domain::refusal::Code;
use domain::time::{Span, Timestamp};

pub(crate) use self::club::{
    ADULT, CHILD, Club, EVENT, GROUND, SHARD, TERRACE, TERRACE_ROWS, by_card, holder, paying,
};
pub(crate) use self::office::{note, wanted};
pub(crate) use self::till::Till;

/// Noon of a day far from any border.
pub(crate) const NOON: Timestamp = Timestamp(1_700_000_000_000_000 / DAY * DAY + DAY / 2);

/// Microseconds in a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// How long a call may take to leave.
pub(crate) const SEND_WITHIN: Span = Span::seconds(10);

/// How long a gateway may take to answer.
pub(crate) const DEADLINE: Span = Span::seconds(30);

/// A gateway that can be asked about a key and told to refuse it.
pub(crate) fn resumable() -> GatewayTerms {
    let name = "resumable".into();
    let (send_within, deadline) = (SEND_WITHIN, DEADLINE);
    GatewayTerms { name, resumable: true, send_within, deadline, push: None }
}

/// A gateway that can be neither asked nor told.
pub(crate) fn plain() -> GatewayTerms {
    GatewayTerms { name: "plain".into(), resumable: false, ..resumable() }
}

/// What an approval says.
pub(crate) fn approval() -> Approval {
    Approval { reference: "pay_1".into(), ..Approval::default() }
}

/// The money moved, all of it.
pub(crate) fn approved() -> CallResult {
    CallResult::Approved(approval())
}

/// The money moved, but only `amount` of it.
pub(crate) fn partly(amount: i64) -> CallResult {
    CallResult::PartiallyApproved(approval(), amount)
}

/// Nobody knows.
pub(crate) fn unknown() -> CallResult {
    CallResult::Unknown("timed out".into())
}

/// The bank says no.
pub(crate) fn declined() -> CallResult {
    CallResult::Declined(domain::attempt::DeclineReason::Soft)
}

/// It did not happen and will not.
pub(crate) fn not_executed() -> CallResult {
    CallResult::NotExecuted("refused".into())
}

/// The code of a refusal, or a panic that says what came instead.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, domain::facts::Halt>) -> Code {
    match outcome {
        Err(domain::facts::Halt::Refused(refusal)) => refusal.code,
        other => panic!("no refusal: {other:?}"),
    }
}
