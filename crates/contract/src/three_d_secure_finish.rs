//! 3-D Secure for apps, the end (`domain.md §8`, `payments.md §1.8`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

use crate::shared::RequestSignature;
use crate::three_d_secure_start::ThreeDSecureResult;

/// `POST /threeDSecure/finish`.
pub static THREE_D_SECURE_FINISH: Operation = Operation {
    routes: &[Route::new("POST", "/threeDSecure/finish")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    card_members: &["Cres"],
    ..Operation::of::<ThreeDSecureFinish, ThreeDSecureResult>()
};

/// Asks what came of a challenge and gets what the order needs. May be repeated.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ThreeDSecureFinish {
    /// The 12 characters of the start.
    pub order_id: Option<String>,
    /// What the bank's page gave, if the app caught it itself; otherwise the browser has brought
    /// it here.
    pub cres: Option<String>,
    /// The token that a phone verification gave (`domain.md §1.5`), as at the start.
    pub phone_verification_number: Option<String>,
    /// The device, as at the start.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}
