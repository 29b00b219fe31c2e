//! Placing an order.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::orders::{OrderAddress, OrderHeaderResponse, OrderLine};
use super::{AGENTS, TAGS};

/// `POST /v1/OrderHeaders`.
pub static CREATE_ORDER: Operation = Operation {
    routes: &[Route::new("POST", "/v1/OrderHeaders").summary("Place an order for a customer")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CreateOrder, OrderHeaderResponse>()
};

/// Places an order in the agent's currency. It is paid with `/v1/CustomerPayments`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CreateOrder {
    /// The agent; may be left out by who is only one.
    #[dto(name = "AgentID")]
    pub agent_id: i32,
    /// The customer; 0 to name it with the payment.
    #[dto(name = "CustomerID")]
    pub customer_id: i32,
    /// What is ordered, at most 100 lines; more can be added until it is paid.
    pub order_lines: Option<Vec<OrderLine>>,
    /// What sending it costs.
    pub total_shipping_cost: Decimal,
    /// Where the bill goes.
    pub billing_address: Option<OrderAddress>,
    /// Where the goods go.
    pub shipping_address: Option<OrderAddress>,
    /// For people, at most 500 characters.
    pub notes: Option<String>,
}
