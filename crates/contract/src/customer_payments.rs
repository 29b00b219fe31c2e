//! Customer payments of the `agents` host (`domain.md §5`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Guid, SecretText};

/// `GET /v1/CustomerPayments/{OrderID}`, `POST,PUT,OPTIONS /v1/CustomerPayments`. Roles are
/// repeated as the page repeats them.
pub static CUSTOMER_PAYMENTS: Operation = Operation {
    routes: &[
        Route::new("GET", "/v1/CustomerPayments/{OrderID}"),
        Route::new("POST,PUT,OPTIONS", "/v1/CustomerPayments"),
    ],
    access: Access {
        any_role: &["Agent", "Administrator", "Agent", "Administrator", "Agent", "Administrator"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    get_is_for_scripts: true,
    card_members: &["PaymentInfo"],
    ..Operation::of::<CustomerPaymentsRequest, CustomerPaymentsResponse>()
};

/// Pays an order that an agent placed for a customer.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CustomerPaymentsRequest {
    /// The order's customer: guards, and data for a new one.
    pub customer: Option<Customer>,
    /// The order.
    #[dto(name = "OrderID")]
    pub order_id: Guid,
    /// What to pay with.
    pub payment_info: Option<PaymentInfo>,
}

/// The customer of an order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct Customer {
    /// Must be the order's customer; 0 is not stated.
    #[dto(name = "ID")]
    pub id: i32,
    /// The agent's own code of the customer.
    pub customer_code: Option<String>,
    /// Name of a company.
    pub business_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Must be the order's customer; all zeros is not stated.
    #[dto(name = "UID")]
    pub uid: Guid,
    /// Must be the caller's agent; 0 is not stated.
    pub agent_id: i32,
}

/// The means of payment.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct PaymentInfo {
    /// `Stripe` or `CreditCard`, the default; `Invoice`, `Cash`, `Check`, `None`.
    pub payment_type: Option<String>,
    /// Raw card; used only without a token and where raw cards are enabled.
    pub card_number: Option<SecretText>,
    /// Expiry of the raw card.
    pub exp_date: Option<SecretText>,
    /// Security code of the raw card.
    #[dto(name = "CCV")]
    pub ccv: Option<SecretText>,
    /// `tok_…`, `pm_…` or `card_…`; preferred.
    pub stripe_token: Option<SecretText>,
    /// Must be the caller's agent; 0 is not stated.
    pub agent_id: i32,
}

/// State of the payment.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CustomerPaymentsResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// An intent exists for exactly the amount due.
    pub payment_intent_success: bool,
    /// The money is captured, or a payment without a card is recorded.
    pub payment_success: bool,
    /// The order has a recurring line whose subscription is active.
    pub subscription_success: bool,
    /// `Approved`, `ActionRequired`, `Processing`, or why it was declined.
    pub message: Option<String>,
    /// The receipt, after success.
    pub receipt_url: Option<String>,
    /// The agent's public number.
    pub agent_number: Option<String>,
    /// Only while the buyer still has to act.
    pub client_secret: Option<String>,
    /// The latest payment.
    pub customer_payment: Option<CustomerPayment>,
    /// Short order number for people.
    #[dto(name = "PublicOrderID")]
    pub public_order_id: Option<String>,
}

/// One payment of an order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct CustomerPayment {
    /// Its number.
    #[dto(name = "ID")]
    pub id: i32,
    /// The customer.
    #[dto(name = "CustomerID")]
    pub customer_id: i32,
    /// The order.
    #[dto(name = "OrderHeaderID")]
    pub order_header_id: i32,
    /// The amount as text, in the digits of its currency.
    pub amount: Option<String>,
    /// Captured.
    pub approved: bool,
    /// The issuer's code, if known.
    pub auth_code: Option<String>,
    /// Masked, the last four digits shown.
    pub card_number: Option<String>,
    /// Text of a decline or a state.
    pub message: Option<String>,
    /// 0 not tried, 1 approved, 2 declined, 3 error, 4 pending or action needed.
    pub response_code: i32,
    /// The gateway's payment id.
    pub transaction_id: Option<String>,
    /// UTC of the last result; the minimum date when there is none.
    pub transaction_date: DateTime,
    /// Filtered answer of the gateway; for administrators only.
    pub full_response: Option<String>,
    /// 0 none, 1 pending, 2 requires action, 3 authorized, 4 paid, 5 declined, 6 cancelled,
    /// 7 partially refunded, 8 refunded, 9 disputed, 10 unknown (`domain.md §5.2`).
    pub payment_status: i32,
    /// 0 unknown, 1 card, 2 invoice, 3 cash, 4 check, 5 gift card.
    pub payment_type: i32,
}
