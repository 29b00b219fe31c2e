//! Where providers of payment by phone tell that a payer has answered (`payments.md §3.1`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// The header with what the sender made up for the message.
pub const NONCE_HEADER: &str = "X-Callback-Nonce";

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "X-Callback-Signature";

/// `POST /phonePayment/callback/{Gateway}`. The signature says who calls.
pub static PHONE_PAYMENT_CALLBACK: Operation = Operation {
    routes: &[Route::new("POST", "/phonePayment/callback/{Gateway}")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<PhonePaymentCallback, PhonePaymentCallbackResult>()
};

/// Tells that something happened to a payment. It is a hint: the server asks the gateway what it
/// was. `X-Callback-Nonce` and `X-Callback-Signature` are needed; the signature is SHA-256 in
/// hexadecimal over secret, nonce, path and body.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PhonePaymentCallback {
    /// The configured name of the gateway.
    pub gateway: Option<String>,
    /// The key that the payment was asked for with.
    pub reference: Option<String>,
}

/// The message has come.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PhonePaymentCallbackResult {
    /// Always true; the provider sends again what is not acknowledged.
    pub ok: bool,
}
