//! The sandbox's 3-D Secure between its book and its two forms.

use domain::attempt::CallResult;
use serde::{Deserialize, Serialize};

use super::token;
use crate::authentication::{Authentication, Challenge, ChallengePage, Passed};
use crate::secret::MpiToken;

/// What came of asking the bank, as the protocol writes it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum AuthenticationAnswer {
    /// The holder passed, or had nothing to pass.
    Passed { handle: String, proof: String },
    /// The holder's browser must show the page at this path.
    Challenge { handle: String, path: String },
    /// The holder did not pass.
    Failed,
    /// The bank cannot be asked.
    Unavailable { reason: String },
}

impl AuthenticationAnswer {
    /// The answer for what the book says of the authentication `handle`.
    pub(super) fn of(outcome: &CallResult, handle: &str) -> AuthenticationAnswer {
        let handle = handle.to_owned();
        match outcome {
            CallResult::Approved(_) => {
                AuthenticationAnswer::Passed { proof: token::proof_of(&handle), handle }
            }
            CallResult::ChallengeRequired(_) => {
                AuthenticationAnswer::Challenge { path: format!("/challenge/{handle}"), handle }
            }
            CallResult::Unknown(reason) | CallResult::NotExecuted(reason) => {
                AuthenticationAnswer::Unavailable { reason: reason.clone() }
            }
            _ => AuthenticationAnswer::Failed,
        }
    }

    /// The same for the till. `base` is where this sandbox shows its pages.
    pub(super) fn for_till(self, base: &str) -> Authentication {
        match self {
            AuthenticationAnswer::Passed { handle, proof } => match MpiToken::parse(&proof) {
                Ok(token) => Authentication::Passed(Passed { token, handle }),
                Err(_) => Authentication::Unavailable("The proof cannot be read.".into()),
            },
            AuthenticationAnswer::Challenge { handle, path } => {
                let page = ChallengePage::Url(format!("{base}{path}"));
                Authentication::Challenge(Challenge { handle, page })
            }
            AuthenticationAnswer::Failed => Authentication::Failed,
            AuthenticationAnswer::Unavailable { reason } => Authentication::Unavailable(reason),
        }
    }
}
