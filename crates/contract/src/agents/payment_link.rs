//! The link with which a customer pays an order at a page of ours.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Guid};

use super::{AGENTS, TAGS};

/// `POST /v1/OrderHeaders/{OrderID}/PaymentLink`.
pub static CREATE_PAYMENT_LINK: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/PaymentLink")
        .summary("Get the link with which the customer pays an order")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CreatePaymentLink, PaymentLinkResponse>()
};

/// Gets the link to a page where the customer pays the order, in Icelandic or English. Asked again,
/// it is the same link, which lasts longer. It ends when the order is cancelled.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CreatePaymentLink {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
    /// For how many hours the link is good, 1 to 720; 0 is 168, a week.
    pub valid_hours: i32,
}

/// A link to pay an order.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct PaymentLinkResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// Where the customer pays. Whoever has it sees the order and can pay it: send it to nobody
    /// else.
    pub payment_page_url: Option<String>,
    /// Until when a payment can be begun with it, UTC.
    pub expires_at: DateTime,
    /// The number that people know the order by.
    #[dto(name = "PublicOrderID")]
    pub public_order_id: Option<String>,
}
