//! Typing a code in.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use super::SELLERS;
use crate::shared::RequestSignature;

/// `GET POST /phoneverification/verification[/{RequestId}/{Code}]`.
pub static PHONE_VERIFICATION_CONFIRM: Operation = Operation {
    routes: &[
        Route::new("GET POST", "/phoneverification/verification/{RequestId}/{Code}"),
        Route::new("GET POST", "/phoneverification/verification"),
    ],
    access: SELLERS,
    effect: Effect::Writes,
    ..Operation::of::<PhoneVerificationConfirm, PhoneVerificationConfirmResult>()
};

/// Takes the code that came by SMS. The right one makes the device that asked for it speak for the
/// phone for 180 days. A code is good once: when its answer is lost, ask for a new one.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationConfirm {
    /// The `token` of the request's answer.
    pub request_id: Option<String>,
    /// The six digits.
    pub code: Option<String>,
    /// The device; when it is sent, it must be the one that asked for the code.
    pub device_id: Option<String>,
    /// Ends what other devices had for this phone. Only if its owner asks for it.
    pub revoke_other_devices: bool,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// Whether the code was the right one.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationConfirmResult {
    /// What the device sends as `phoneVerificationNumber` from now on. A secret.
    pub token: Option<String>,
    /// Whether it was the right code.
    pub code_matches: bool,
    /// The phone's number here, as `phoneVerificationId` elsewhere.
    pub phone_verification_id: Option<i32>,
    /// The phone in international form.
    pub phone_full_verification_number: Option<String>,
    /// From when on the token does not count, UTC.
    pub valid_to: Option<DateTime>,
    /// After a wrong code: how many more may be typed in.
    pub tries_left: Option<i32>,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub status_message: Option<String>,
}
