//! Asking for a code.

use service::Dto;
use service::example::Example;
use service::operation::{Effect, Operation, Route};

use super::SELLERS;
use crate::shared::RequestSignature;

/// `GET POST /phoneverification/request[/{FullPhoneNumber}]`.
pub static PHONE_VERIFICATION_REQUEST: Operation = Operation {
    routes: &[
        Route::new("GET POST", "/phoneverification/request"),
        Route::new("GET POST", "/phoneverification/request/{FullPhoneNumber}"),
    ],
    access: SELLERS,
    effect: Effect::Writes,
    example: Some(EXAMPLE),
    ..Operation::of::<PhoneVerificationRequest, PhoneVerificationRequestResult>()
};

/// A phone that nobody has, so that no stranger gets a message.
const EXAMPLE: Example = Example {
    request: r#"{"fullPhoneNumber":"+3545550101","deviceId":"explorer"}"#,
    sources: &[],
    note: "It sends a code by SMS, once a minute at most. In a demo the code is shown in its \
        terminal and by SmsOutbox.",
};

/// Sends a code of six digits to a phone by SMS. It is good for ten minutes and five tries. One
/// number, and one device, may cause one message a minute and five an hour.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationRequest {
    /// The number: `+3545551234`, `003545551234`, or the seven digits of an Icelandic one. Blanks
    /// and dashes are passed over.
    pub full_phone_number: Option<String>,
    /// The device that will speak for the phone, as it names itself in every later request; at
    /// most 255 characters.
    pub device_id: Option<String>,
    /// `is` or `en`; the message's language. Left out: Icelandic for Icelandic numbers.
    pub language: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// What became of the message.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationRequestResult {
    /// The `RequestId` under which the code is to be typed in.
    pub token: Option<String>,
    /// Whether the message left.
    pub sent_success: bool,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub status_message: Option<String>,
}
