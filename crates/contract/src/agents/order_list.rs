//! Orders in pages: those with which something is still to be done, and the others.

use service::Dto;
use service::operation::{Operation, Route};
use service::status::ResponseStatus;

use super::orders::OrderHeader;
use super::{AGENTS, TAGS};

/// `GET /v1/OrderHeaders/Open`.
pub static ORDER_HEADERS_OPEN: Operation = Operation {
    routes: &[Route::new("GET", "/v1/OrderHeaders/Open").summary("Orders to be paid or fulfilled")],
    access: AGENTS,
    tags: TAGS,
    ..Operation::of::<OrderHeadersOpen, OrderHeadersResponse>()
};

/// `GET /v1/OrderHeaders/Closed`.
pub static ORDER_HEADERS_CLOSED: Operation = Operation {
    routes: &[Route::new("GET", "/v1/OrderHeaders/Closed").summary("Orders that are done with")],
    access: AGENTS,
    tags: TAGS,
    ..Operation::of::<OrderHeadersClosed, OrderHeadersResponse>()
};

/// Orders that are open, wait for a payment, or are paid and not fulfilled; by agent and number.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderHeadersOpen {
    /// Only those of this agent; 0 for all that the caller may see.
    #[dto(name = "AgentID")]
    pub agent_id: i32,
    /// The last order of the page before; 0 for the first page.
    #[dto(name = "AfterID")]
    pub after_id: i32,
    /// Most orders to return, 1 to 100; 50 when 0.
    pub take: i32,
}

/// Orders that are fulfilled, closed, cancelled or paid back; by agent and number.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderHeadersClosed {
    /// Only those of this agent; 0 for all that the caller may see.
    #[dto(name = "AgentID")]
    pub agent_id: i32,
    /// The last order of the page before; 0 for the first page.
    #[dto(name = "AfterID")]
    pub after_id: i32,
    /// Most orders to return, 1 to 100; 50 when 0.
    pub take: i32,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderHeadersResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// The orders, without their lines.
    pub order_headers: Option<Vec<OrderHeader>>,
}
