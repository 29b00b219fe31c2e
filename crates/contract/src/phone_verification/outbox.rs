//! Reading the messages of a demo.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Operation, Route};
use service::types::DateTime;

/// `GET /phoneverification/outbox`.
pub static SMS_OUTBOX: Operation = Operation {
    routes: &[Route::new("GET", "/phoneverification/outbox")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    ..Operation::of::<SmsOutbox, SmsOutboxResult>()
};

/// Shows the latest messages of a server that sends none: a demo, or one in test mode. Elsewhere it
/// is refused.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SmsOutbox {
    /// Only messages to this number.
    pub full_phone_number: Option<String>,
}

/// The messages, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SmsOutboxResult {
    /// At most 100.
    pub messages: Option<Vec<SmsOutboxMessage>>,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub status_message: Option<String>,
}

/// One message that was not sent.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SmsOutboxMessage {
    /// When it would have left, UTC.
    pub sent_at: DateTime,
    /// To whom.
    pub full_phone_number: Option<String>,
    /// What it says.
    pub text: Option<String>,
}
