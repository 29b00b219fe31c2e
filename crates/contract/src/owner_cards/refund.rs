//! Paying a season card back.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::{OFFICE, OwnerCards};

/// `POST /OwnerCards/refund`.
pub static REFUND_OWNER_CARD: Operation = Operation {
    routes: &[Route::new("POST", "/OwnerCards/refund")
        .summary("End a season card and pay its price, or a part of it, back")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<RefundOwnerCard, RefundOwnerCardResult>()
};

/// Ends a season card and pays it back: an unused one at its price, a used one with the part that
/// is named. It gives nothing any more as soon as this is answered. All cards of an order are paid
/// back by `/refund/process`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundOwnerCard {
    /// Number of the card.
    pub id: i32,
    /// The part of its price that goes back; left out for all of it, which only an unused card
    /// gets. 0 ends a used card without money.
    pub amount: Option<Decimal>,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
    /// 8 to 255 printable characters; the same key is the same refund. The header
    /// `Idempotency-Key` says the same.
    pub idempotency_key: Option<String>,
}

/// What became of the refund.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundOwnerCardResult {
    /// 200, 202 while money is on its way, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Money that goes back by the gateway.
    pub amount_refunded: Decimal,
    /// Currency of the amount.
    pub currency: Option<String>,
    /// The same refund was asked for before.
    pub already_refunded: bool,
    /// The card as it is now.
    pub card: Option<OwnerCards>,
}
