//! Removing a saved card.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::SELLERS;
use crate::shared::RequestSignature;

/// `DELETE POST /paymentCards/delete`.
pub static PAYMENT_CARDS_DELETE: Operation = Operation {
    routes: &[Route::new("DELETE POST", "/paymentCards/delete")],
    access: SELLERS,
    effect: Effect::Writes,
    ..Operation::of::<PaymentCardsDelete, PaymentCardsDeleteResult>()
};

/// Removes a saved card of a verified phone: it pays nothing from the answer on, and its gateway is
/// told to refuse it.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentCardsDelete {
    /// The card's number.
    pub payment_card_id: Option<i32>,
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

/// Whether it was removed.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentCardsDeleteResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}
