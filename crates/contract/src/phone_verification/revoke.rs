//! Ending what devices may.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::SELLERS;
use crate::shared::RequestSignature;

/// `POST /phoneverification/revoke`.
pub static PHONE_VERIFICATION_REVOKE: Operation = Operation {
    routes: &[Route::new("POST", "/phoneverification/revoke")],
    access: SELLERS,
    effect: Effect::Writes,
    ..Operation::of::<PhoneVerificationRevoke, PhoneVerificationRevokeResult>()
};

/// Ends verifications of a phone: at once on this node, within two seconds on others. A device
/// shows its token and ends its own, or those of all other devices; an Admin gives a number, for
/// an owner who has lost the phone, and ends all.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationRevoke {
    /// The token that a phone verification gave; from an Admin also a phone number.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Ends what other devices had and keeps this one's.
    pub other_devices: bool,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// What was ended.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PhoneVerificationRevokeResult {
    /// How many devices no longer speak for the phone.
    pub revoked: i32,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub status_message: Option<String>,
}
