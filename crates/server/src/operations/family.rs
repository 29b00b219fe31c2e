//! The first family of answers: HTTP 200 with `statusCode` and a `message` that begins with a
//! stable code (`domain.md` §1.3).

use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;
use service::status::{FieldError, ServiceError};
use store::{Fault, SubmitError};
use tracing::error;

use crate::keys::KeyError;

/// The `message` of every success.
pub(super) const MESSAGE_OK: &str = "OK";

/// The `statusCode` of a success.
pub(super) const STATUS_OK: i32 = 200;

/// Seconds after which a client may try again when the till is full.
const RETRY_AFTER_SECONDS: &str = "1";

const UNAVAILABLE: u16 = 503;

/// Why an operation has no result to show.
#[derive(Debug)]
pub(super) enum Failure {
    /// The business says no: HTTP 200 with the code's number in the body.
    Refused(Refusal),
    /// The request cannot be read or served: an HTTP error with the standard body.
    Service(ServiceError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        error!(%fault, "the store failed");
        match fault {
            Fault::Database(_) | Fault::Stopped => Failure::unable(),
            Fault::Unknown(_) => {
                let message = "It is not known whether the order was stored. Send it again with \
                               the same Idempotency-Key: it is made once at most.";
                Failure::Service(ServiceError::new(500, "OutcomeUnknown", message))
            }
            Fault::Unreadable(_) | Fault::Constraint(_) | Fault::RuleBroken(_) => {
                let message = "The order could not be stored; nothing was charged. The operator \
                               has been told.";
                Failure::Service(ServiceError::new(500, "InternalError", message))
            }
        }
    }
}

impl From<KeyError> for Failure {
    fn from(failure: KeyError) -> Failure {
        error!(%failure, "no random numbers");
        let message = "The server has no random numbers now; nothing was charged. Try again later.";
        Failure::Service(ServiceError::new(500, "InternalError", message))
    }
}

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Failure {
        match error {
            SubmitError::Refused(refusal) => Failure::Refused(refusal),
            SubmitError::Fault(fault) => fault.into(),
            SubmitError::Overloaded | SubmitError::Stale => Failure::overloaded(),
        }
    }
}

impl Failure {
    /// Everything is busy: nothing was done, and trying again soon is right.
    pub(super) fn overloaded() -> Failure {
        let message = "Too many orders at once; nothing was done. Try again in a second.";
        Failure::Service(ServiceError::new(UNAVAILABLE, "Overloaded", message))
    }

    /// The till cannot sell now; `/health/ready` and the log tell the operator why.
    pub(super) fn unable() -> Failure {
        let message = "The till cannot sell at the moment; nothing was charged. Try again in a \
                       minute.";
        Failure::Service(ServiceError::new(UNAVAILABLE, "NotReady", message))
    }

    /// Members that are wrong, each with its declared path.
    pub(super) fn invalid(fields: Vec<FieldError>) -> Failure {
        Failure::Service(ServiceError::validation(fields))
    }

    /// The answer, where a refusal is an error of HTTP with the code's number.
    pub(super) fn error_reply(self, matched: &Matched<'_, '_>) -> Reply {
        let error = match self {
            Failure::Refused(Refusal { code, message }) => {
                let code = shown(code);
                ServiceError::new(code.status(), code.name(), message)
            }
            Failure::Service(error) => error,
        };
        let reply = matched.fail(&error);
        match error.status {
            UNAVAILABLE => reply.with_header("Retry-After", RETRY_AFTER_SECONDS),
            _ => reply,
        }
    }

    /// The answer, where a refusal becomes a result by `refused`.
    pub(super) fn reply<R: wire::Value>(
        &self,
        matched: &Matched<'_, '_>,
        refused: impl Fn(i32, String) -> R,
    ) -> Reply {
        match self {
            Failure::Refused(refusal) => {
                let (status, message) = told(refusal.code, &refusal.message);
                matched.reply(&refused(status, message), 200)
            }
            Failure::Service(error) if error.status == UNAVAILABLE => {
                matched.fail(error).with_header("Retry-After", RETRY_AFTER_SECONDS)
            }
            Failure::Service(error) => matched.fail(error),
        }
    }
}

/// A member that is wrong.
pub(super) fn wrong(field: &str, message: impl Into<String>) -> FieldError {
    FieldError::new(Code::ValidationFailed.name(), field, message)
}

/// The code that is told. Why a card was blocked is not: the buyer may not be its owner
/// (`domain.md` §9.2).
fn shown(code: Code) -> Code {
    if code == Code::PaymentBlocked { Code::PaymentDeclined } else { code }
}

/// `statusCode` and `message` for a code.
pub(super) fn told(code: Code, message: &str) -> (i32, String) {
    let code = shown(code);
    (i32::from(code.status()), format!("{}: {message}", code.name()))
}

/// What a buyer is told when a payment failed.
pub(super) fn payment_message(code: Code) -> &'static str {
    match code {
        Code::InsufficientFunds => "There is not enough money on the card; try another card.",
        Code::CardExpired => "The card has expired; try another card.",
        Code::CardInvalid => "The card number is not valid; check it or try another card.",
        Code::CvcInvalid => "The security code is not valid; check it or try another card.",
        Code::AuthenticationRequired => {
            "The bank wants to know that it is you; start with /threeDSecure/start. Nothing was \
             charged."
        }
        Code::GatewayUnavailable => "The payment service cannot be reached; nothing was charged.",
        Code::AuthenticationFailed => {
            "The bank could not confirm that it is you; nothing was charged. Try again."
        }
        Code::AuthenticationInvalid => {
            "The proof of 3-D Secure does not belong to this payment; start it again. Nothing was \
             charged."
        }
        Code::PaymentRejectedByPayer => "The payer said no on the phone; nothing was charged.",
        Code::PaymentExpired => "The order was not paid in time; nothing was charged.",
        Code::SoldOut => "The payment came too late and the places are gone; it is sent back.",
        _ => "The card was declined; nothing was charged. Try another card.",
    }
}
