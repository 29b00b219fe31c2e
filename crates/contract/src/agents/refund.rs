//! Paying an order back.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{Decimal, Guid};

use super::orders::OrderHeaderResponse;
use super::{ADMINISTRATORS, TAGS};

/// `POST /v1/OrderHeaders/{OrderID}/Refund`.
pub static REFUND_ORDER: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/Refund")
        .summary("Pay an order back, or a part of it")],
    access: ADMINISTRATORS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<RefundOrder, OrderHeaderResponse>()
};

/// Pays a paid order back, or a part of it: to the card it was paid with, or by a person. The same
/// `Idempotency-Key` again is the same refund.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct RefundOrder {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
    /// Which payment, a number of `PaymentIDs` of the subscription; 0 for the order's own.
    #[dto(name = "PaymentID")]
    pub payment_id: i32,
    /// How much; 0 for all that is left.
    pub amount: Decimal,
    /// Why, at most 500 characters.
    pub reason: Option<String>,
}
