//! 3-D Secure for apps, the beginning (`domain.md §8`, `payments.md §1.8`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use crate::shared::{PaymentRequestCreditCard, RequestSignature};

/// `POST /threeDSecure/start`.
pub static THREE_D_SECURE_START: Operation = Operation {
    routes: &[Route::new("POST", "/threeDSecure/start")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    card_members: &["CardInfo"],
    ..Operation::of::<ThreeDSecureStart, ThreeDSecureResult>()
};

/// Asks the bank to prove who the holder of a card is, before the order that it pays. Where the
/// bank wants to ask the holder, show `challengeUrl` (or `challengeHtml`) in a browser; it comes
/// back to this server and goes on at `returnUrl`. Then call `ThreeDSecureFinish`, and order with
/// `borgun3DFinalInfo` within 15 minutes of the start, from the same device and phone.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ThreeDSecureStart {
    /// The event that will be ordered; this or `ownerId`.
    pub event_id: Option<i32>,
    /// The organiser whose cards or passes will be ordered.
    pub owner_id: Option<i32>,
    /// The card, and the `amount` and `currency` that the order will have: both are needed, and
    /// the proof is good for no other sum.
    pub card_info: Option<PaymentRequestCreditCard>,
    /// A saved card of this phone, instead of one in `cardInfo`.
    pub payment_card_id: Option<i32>,
    /// Where the browser goes on after the challenge: an `https` address, or one of this server or
    /// of the same device. Without it the browser is shown a short page.
    pub return_url: Option<String>,
    /// The token that a phone verification gave (`domain.md §1.5`).
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// Where an authentication stands.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ThreeDSecureResult {
    /// 200 when the order may go on, 202 while the holder has a challenge to pass, else the code
    /// of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The 12 characters that name it: `borgun3DFinalInfo.orderId`.
    pub order_id: Option<String>,
    /// What the browser must show.
    pub challenge_url: Option<String>,
    /// The same as a document, where the bank gave one instead of an address.
    pub challenge_html: Option<String>,
    /// `borgun3DFinalInfo.threeDSecure.mpiToken`, once the holder has passed.
    pub mpi_token: Option<String>,
    /// `borgun3DFinalInfo.paymentMethod.token`, once the holder has passed.
    pub card_token: Option<String>,
    /// `borgun3DFinalInfo.paymentMethod.paymentType`: `TokenSingle` or `TokenMulti`.
    pub payment_type: Option<String>,
    /// Until when it can be used.
    #[dto(name = "ExpiresAtUTC")]
    pub expires_at_utc: Option<DateTime>,
}
