//! Where providers of payment by phone tell that a payer has answered (`payments.md §3.1`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// The header with what the sender made up for the message.
pub const NONCE_HEADER: &str = "X-Callback-Nonce";

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "X-Callback-Signature";

/// The headers of both as providers name them that have a checkout protocol of their own.
pub const PROVIDER_NONCE_HEADER: &str = "netgiro_nonce";

/// See [`PROVIDER_NONCE_HEADER`].
pub const PROVIDER_SIGNATURE_HEADER: &str = "netgiro_signature";

/// `POST /phonePayment/callback/{Gateway}`. The signature says who calls.
pub static PHONE_PAYMENT_CALLBACK: Operation = Operation {
    routes: &[Route::new("POST", "/phonePayment/callback/{Gateway}")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<PhonePaymentCallback, PhonePaymentCallbackResult>()
};

/// Tells that something happened to a payment. It is a hint: the server asks the gateway what it
/// was. `X-Callback-Nonce` and `X-Callback-Signature` are needed, or `netgiro_nonce` and
/// `netgiro_signature`; the signature is SHA-256 in hexadecimal over secret, nonce, address and
/// body.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PhonePaymentCallback {
    /// The configured name of the gateway.
    pub gateway: Option<String>,
    /// The key that the payment was asked for with.
    pub reference: Option<String>,
    /// The payment in a provider's own words; counts where `reference` is left out.
    pub payment_info: Option<PhonePaymentInfo>,
}

/// A payment in a provider's own words. What else is told of it is not read.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PhonePaymentInfo {
    /// The key that the payment was asked for with.
    pub reference_number: Option<String>,
}

/// The message has come.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PhonePaymentCallbackResult {
    /// Always true; the provider sends again what is not acknowledged.
    pub ok: bool,
}
