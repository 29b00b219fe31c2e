//! What it proves that a provider has not answered.

use domain::attempt::CallResult;

/// How the reason begins when nothing could be sent.
const UNREACHABLE: &str = "The gateway could not be reached";

/// Why there is no answer. The reasons quote nothing of request or answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// No byte of the request has left: the connection was refused, or never became safe.
    NotSent(String),
    /// The request may have arrived.
    NoAnswer(String),
}

/// Whether the key of a call may have been sent before, which decides what a refused connection
/// proves (see [`crate::Gateway`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The first and only time: what has not left has moved nothing.
    Once,
    /// Perhaps not for the first time, or a question: an earlier call may have moved money.
    Repeatable,
}

impl Silence {
    /// What the till is told.
    #[must_use]
    pub fn result(self, sending: Sending) -> CallResult {
        match self {
            Silence::NotSent(reason) if sending == Sending::Once => {
                CallResult::NotExecuted(format!("{UNREACHABLE}: {reason}."))
            }
            Silence::NotSent(reason) => CallResult::Unknown(format!("{UNREACHABLE}: {reason}.")),
            Silence::NoAnswer(reason) => {
                CallResult::Unknown(format!("The gateway did not answer: {reason}."))
            }
        }
    }
}

/// Whether a result tells that the provider gave no readable answer.
pub(crate) fn is_silence(result: &CallResult) -> bool {
    match result {
        CallResult::Unknown(_) => true,
        CallResult::NotExecuted(reason) => reason.starts_with(UNREACHABLE),
        _ => false,
    }
}
