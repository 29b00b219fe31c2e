//! Saving a card.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{PaymentCardInfo, SELLERS};
use crate::shared::{PaymentMethodCreditCardInfo, RequestSignature};

/// `POST /cardTokens/saveCard`.
pub static SAVE_CARD: Operation = Operation {
    routes: &[Route::new("POST", "/cardTokens/saveCard")],
    access: SELLERS,
    effect: Effect::Writes,
    card_members: &["PaymentMethod"],
    ..Operation::of::<CardTokensSaveCard, CardTokensSaveCardResult>()
};

/// Leaves a card with a gateway, for a verified phone. Nothing is charged.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct CardTokensSaveCard {
    /// The gateway's token for one use (`TokenSingle`), or the card itself (`Card`).
    pub payment_method: Option<PaymentMethodCreditCardInfo>,
    /// The club through whose gateway it will be charged; may be left out where all use one.
    pub event_owner_id: Option<i32>,
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

/// The saved card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct CardTokensSaveCardResult {
    /// The card; the same one saved again keeps its number.
    pub card: Option<PaymentCardInfo>,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}
