//! The cards of a phone.

use service::Dto;
use service::operation::{Operation, Route};

use super::{PaymentCardInfo, SELLERS};
use crate::owner_cards::OwnerCards;
use crate::shared::RequestSignature;

/// `POST /paymentCards`.
pub static PAYMENT_CARDS: Operation = Operation {
    routes: &[Route::new("POST", "/paymentCards")],
    access: SELLERS,
    ..Operation::of::<PaymentCards, PaymentCardsResult>()
};

/// Shows what a verified phone can pay with: saved cards and season cards.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentCards {
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

/// The cards of a phone.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentCardsResult {
    /// Cards saved with a gateway, the oldest first.
    pub credit_cards: Option<Vec<PaymentCardInfo>>,
    /// Cards of a federation; none are known here.
    pub federation_cards: Option<Vec<String>>,
    /// Season cards of clubs.
    pub owner_cards: Option<Vec<OwnerCards>>,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}
