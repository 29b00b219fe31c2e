//! Where Stripe tells that something happened to a payment (`payments.md` §2.3).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// The header with the time and the signatures of a message.
pub const SIGNATURE_HEADER: &str = "Stripe-Signature";

/// `POST /stripe/webhook/{Gateway}`. The signature says who calls.
pub static STRIPE_WEBHOOK: Operation = Operation {
    routes: &[Route::new("POST", "/stripe/webhook/{Gateway}")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<StripeWebhook, StripeWebhookResult>()
};

/// Takes an event of Stripe's, whose form Stripe describes. What it says of a payment is a hint:
/// the server asks what really happened. A dispute, and a refund that failed after it was taken,
/// become tasks for a person. `Stripe-Signature` is needed, not older than five minutes. The same
/// event again does nothing.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct StripeWebhook {
    /// The configured name of the gateway.
    pub gateway: Option<String>,
}

/// The event has come.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct StripeWebhookResult {
    /// Always true; Stripe sends again what is not acknowledged.
    pub received: bool,
}
