//! Where Borgun's gateway tells that something happened to a payment (`payments.md §1.10`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// `POST /borgun/events/{Gateway}/{Secret}`. Events are not signed: who knows the address calls.
pub static BORGUN_EVENT: Operation = Operation {
    routes: &[Route::new("POST", "/borgun/events/{Gateway}/{Secret}")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<BorgunEvent, BorgunEventResult>()
};

/// Tells that something happened to a payment. It is a hint: the server reads the payment at the
/// gateway before it does anything.
#[derive(Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct BorgunEvent {
    /// The configured name of the gateway.
    pub gateway: Option<String>,
    /// One of the secrets that are configured for its events. It is a plain text, because no secret
    /// member is described as a part of a URL, and the gateway knows no other place for it.
    pub secret: Option<String>,
    /// What it is about.
    pub data: Option<BorgunEventData>,
}

/// A payment, as far as it is named.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct BorgunEventData {
    /// The gateway's name of it.
    pub transaction_id: Option<String>,
    /// Our name of it: the 12 characters that it was asked for under.
    pub order_id: Option<String>,
}

/// The event has come.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct BorgunEventResult {
    /// Always true; what is not acknowledged is sent again.
    pub ok: bool,
}
