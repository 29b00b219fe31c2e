//! Customers of an agent.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::Guid;

use super::{AGENTS, TAGS};
use crate::customer_payments::Customer;

/// `GET /v1/Customers`.
pub static LIST_CUSTOMERS: Operation = Operation {
    routes: &[Route::new("GET", "/v1/Customers").summary("Customers of an agent")],
    access: AGENTS,
    tags: TAGS,
    ..Operation::of::<ListCustomers, ListCustomersResponse>()
};

/// `POST,PUT /v1/Customers`.
pub static SAVE_CUSTOMER: Operation = Operation {
    routes: &[Route::new("POST,PUT", "/v1/Customers").summary("Make a customer or change one")],
    access: AGENTS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveCustomer, SaveCustomerResponse>()
};

/// Customers of an agent by number, or the one with a code.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct ListCustomers {
    /// The agent; may be left out by who is only one.
    pub agent_id: i32,
    /// Only the customer with this code.
    pub customer_code: Option<String>,
    /// Only customers with a higher number; for the next page.
    #[dto(name = "AfterID")]
    pub after_id: i32,
    /// Most customers to return, 1 to 100; 50 when 0.
    pub take: i32,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct ListCustomersResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// By number.
    pub customers: Option<Vec<Customer>>,
}

/// Makes a customer, or replaces what is known of one. The name of a company or of a person is
/// needed; no two customers of an agent have the same code.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct SaveCustomer {
    /// Which; 0 for a new one.
    #[dto(name = "ID")]
    pub id: i32,
    /// The agent; may be left out by who is only one.
    pub agent_id: i32,
    /// The agent's own code of it, at most 100 characters.
    pub customer_code: Option<String>,
    /// Name of a company, at most 100 characters.
    pub business_name: Option<String>,
    /// First name, at most 100 characters.
    pub first_name: Option<String>,
    /// Last name, at most 100 characters.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Guard: must be that customer's; zeros are not stated.
    #[dto(name = "UID")]
    pub uid: Guid,
}

/// The customer as it is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct SaveCustomerResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// The customer.
    pub customer: Option<Customer>,
}
