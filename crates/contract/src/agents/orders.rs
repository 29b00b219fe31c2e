//! An order of a customer: what it looks like, and reading one.

use service::Dto;
use service::operation::{Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Decimal, Guid};

use super::{AGENTS, TAGS};

/// `GET /v1/OrderHeaders/{OrderID}`.
pub static ORDER_HEADER: Operation = Operation {
    routes: &[Route::new("GET", "/v1/OrderHeaders/{OrderID}").summary("One order")],
    access: AGENTS,
    tags: TAGS,
    ..Operation::of::<GetOrderHeader, OrderHeaderResponse>()
};

/// One order with its lines.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct GetOrderHeader {
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
}

/// An order as it is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderHeaderResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// The order.
    pub order_header: Option<OrderHeader>,
}

/// An order that an agent placed for a customer.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderHeader {
    /// Its number.
    #[dto(name = "ID")]
    pub id: i32,
    /// The agent.
    #[dto(name = "AgentID")]
    pub agent_id: i32,
    /// The customer; 0 when nobody has said who it is.
    #[dto(name = "CustomerID")]
    pub customer_id: i32,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// The customer's name.
    pub customer_name: Option<String>,
    /// When it was placed, in UTC.
    pub order_date: DateTime,
    /// 0 open, 1 payment pending, 2 paid, 3 fulfilled, 4 closed, 5 cancelled, 6 partially
    /// refunded, 7 refunded.
    pub order_status: i32,
    /// The same as a word.
    pub order_status_text: Option<String>,
    /// Pieces on all lines.
    pub total_quantity_units: i32,
    /// What it costs: lines, tax and shipping.
    pub total_order_cost: Decimal,
    /// What its lines cost without tax.
    pub total_product_cost: Decimal,
    /// Tax, rounded line by line.
    pub total_order_tax: Decimal,
    /// What sending it costs.
    pub total_shipping_cost: Decimal,
    /// 1 when it has a billing address, else 0.
    #[dto(name = "BillingAddressID")]
    pub billing_address_id: i32,
    /// 2 when it has a shipping address, else 0.
    #[dto(name = "ShippingAddressID")]
    pub shipping_address_id: i32,
    /// What was paid and not paid back.
    pub customer_paid_amount: Decimal,
    /// For people.
    pub notes: Option<String>,
    /// Names it in payments (`OrderID`).
    #[dto(name = "UID")]
    pub uid: Guid,
    /// Its lines were changed since an amount was asked for.
    pub recalculate: bool,
    /// Short number for people.
    #[dto(name = "PublicOrderID")]
    pub public_order_id: Option<String>,
    /// Where the goods go, or else the bill.
    pub address: Option<OrderAddress>,
    /// Where the goods go.
    pub shipping_address: Option<OrderAddress>,
    /// Where the bill goes.
    pub billing_address: Option<OrderAddress>,
    /// Always false: an order is sent to one address.
    #[dto(name = "isMultiShip")]
    pub is_multi_ship: bool,
    /// The currency of all amounts.
    pub currency: Option<String>,
    /// What renews its recurring lines; left out where there is none.
    pub subscription: Option<OrderSubscription>,
    /// What is ordered; left out in lists.
    pub order_lines: Option<Vec<OrderLine>>,
}

/// One line of an order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderLine {
    /// Its number within the order; given by the server.
    pub line_number: i32,
    /// What is ordered, at most 255 characters.
    pub description: Option<String>,
    /// The agent's own code of it, at most 100 characters.
    pub product_code: Option<String>,
    /// How many, 1 to 10 000.
    pub quantity: i32,
    /// Price of one, without tax.
    pub unit_price: Decimal,
    /// Tax on it in percent, 0 to 100, with two decimals at most.
    pub tax_percent: Decimal,
    /// What the line costs without tax; told by the server.
    pub line_cost: Decimal,
    /// Tax on it; told by the server.
    pub line_tax: Decimal,
    /// How often it is paid for again after the order's own payment: `Month`, `Year`, or left out
    /// for once. All recurring lines of an order have the same.
    pub recurring_interval: Option<String>,
}

/// What renews the recurring lines of an order: the agent's gateway keeps what paid it, and takes
/// the same amount for each later period by itself.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderSubscription {
    /// `Wanted`, `Active`, `PastDue`, `Ending`, `Cancelled` or `Failed`.
    pub state: Option<String>,
    /// `Month` or `Year`.
    pub interval: Option<String>,
    /// What each period costs, with tax.
    pub period_amount: Decimal,
    /// When the second period begins, in UTC; the order's own payment is for the first.
    pub second_period_at: DateTime,
    /// How many later periods were paid.
    pub periods_paid: i32,
    /// Numbers of the payments of later periods, the last 12.
    #[dto(name = "PaymentIDs")]
    pub payment_ids: Option<Vec<i32>>,
}

/// Where something is sent. Each member has 255 characters at most.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct OrderAddress {
    /// Who gets it.
    pub name: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// More of it.
    pub street2: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
}
