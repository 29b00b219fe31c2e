//! Lines of an order that is not paid yet.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Guid;

use super::orders::{OrderHeaderResponse, OrderLine};
use super::{AGENTS, TAGS};

/// `POST /v1/OrderHeaders/{OrderID}/Lines`.
pub static ADD_ORDER_LINE: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/Lines").summary("Add a line")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<AddOrderLine, OrderHeaderResponse>()
};

/// `DELETE /v1/OrderHeaders/{OrderID}/Lines/{LineNumber}`.
pub static REMOVE_ORDER_LINE: Operation = Operation {
    routes: &[Route::new("DELETE", "/v1/OrderHeaders/{OrderID}/Lines/{LineNumber}")
        .summary("Take a line away")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<RemoveOrderLine, OrderHeaderResponse>()
};

/// Adds a line. A payment that is open for another amount is given up.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct AddOrderLine {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
    /// What is to be added.
    pub line: Option<OrderLine>,
}

/// Takes a line away. A payment that is open for another amount is given up.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct RemoveOrderLine {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
    /// Number of the line.
    pub line_number: i32,
}
