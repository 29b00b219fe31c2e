//! What becomes of an order.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Guid;

use super::orders::OrderHeaderResponse;
use super::{AGENTS, TAGS};

/// `POST /v1/OrderHeaders/{OrderID}/Cancel`.
pub static CANCEL_ORDER: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/Cancel").summary("Cancel an order")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CancelOrder, OrderHeaderResponse>()
};

/// `POST /v1/OrderHeaders/{OrderID}/Fulfil`.
pub static FULFIL_ORDER: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/Fulfil")
        .summary("Say that the goods were handed over")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<FulfilOrder, OrderHeaderResponse>()
};

/// `POST /v1/OrderHeaders/{OrderID}/Close`.
pub static CLOSE_ORDER: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/Close")
        .summary("Say that nothing is left to be done")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CloseOrder, OrderHeaderResponse>()
};

/// `POST /v1/OrderHeaders/{OrderID}/EndSubscription`.
pub static END_SUBSCRIPTION: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders/{OrderID}/EndSubscription")
        .summary("Renew the order no more")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<EndSubscription, OrderHeaderResponse>()
};

/// Ends the subscription of an order: no later period is taken any more. What was paid stays paid.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct EndSubscription {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
}

/// Cancels an order that is not paid. An open payment of it is given up; money that comes
/// nevertheless goes back.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CancelOrder {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
}

/// Says that the goods of a paid order were handed over.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct FulfilOrder {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
}

/// Says that nothing is left to be done with a paid order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CloseOrder {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
}
