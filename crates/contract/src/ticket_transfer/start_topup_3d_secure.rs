//! 3-D Secure for the difference of a transfer, the beginning (`payments.md §1.8`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use crate::shared::PaymentRequestCreditCard;
use crate::three_d_secure_start::ThreeDSecureResult;

/// `POST /transferTicket/startTopup3DSecure`. Whoever has the link has the token, and no account.
pub static START_TOPUP_3D_SECURE: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/startTopup3DSecure")],
    access: Access::OPEN,
    effect: Effect::Writes,
    card_members: &["CardInfo", "Cres"],
    ..Operation::of::<StartTopup3DSecureRequest, ThreeDSecureResult>()
};

/// Asks the bank to prove who the holder of a card is, before the difference is paid with it. Sent
/// again with the `orderId` of the first answer and no card, it tells what came of it. Then pay
/// with `PayTopupWith3DSecureRequest`.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct StartTopup3DSecureRequest {
    /// The session's handle.
    pub session_token: Option<SecretText>,
    /// The card; what it is charged is the difference, whatever stands here.
    pub card_info: Option<PaymentRequestCreditCard>,
    /// The 12 characters of an earlier start, to ask what came of it.
    pub order_id: Option<String>,
    /// What the bank's page gave, if the app caught it itself.
    pub cres: Option<String>,
    /// Where the browser goes on after the challenge: an `https` address, or one of this server or
    /// of the same device. Without it the browser is shown a short page.
    pub return_url: Option<String>,
}
