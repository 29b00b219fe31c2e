//! An order that stands is paid with a token. The orders are placed before the clock starts, one
//! for each payment; the payment is opened and then paid, as with a browser, and its receipt is
//! asked for: three calls of the gateway.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::OrdersError;
use super::super::clerk::{self, Clerk};
use crate::clock;
use crate::load::{Request, Script, Stock};

/// What an order costs: 12,000 and 24 % tax.
pub(crate) const PRICE: i64 = 14_880;
/// Customers, each with a card of its own at the gateway.
const CUSTOMERS: usize = 64;
/// Digits of an order's name.
const NAME_LENGTH: usize = 32;

/// An agency whose customers pay.
pub(crate) struct Agency {
    credentials: String,
    sandbox: SocketAddr,
    customers: Vec<Customer>,
    /// Orders that are not paid.
    pub(crate) orders: Stock,
}

/// Who pays, and with what.
struct Customer {
    number: u64,
    token: String,
}

/// The rows of the catalogue file of one agency.
pub(super) fn catalogue(number: u32) -> String {
    format!(
        "[[agency]]\nslug = \"highland-{number}\"\nname = \"Highland Tours\"\n\
         number = \"A-{number}\"\nfee_basis_points = 500\n"
    )
}

/// What `guichet key create` is told of the key of an agency.
pub(super) fn key_options(number: u32) -> [String; 4] {
    ["--role", "Agent", "--organiser", &format!("highland-{number}")].map(str::to_owned)
}

impl Agency {
    pub(super) fn new(sandbox: SocketAddr, key: &str) -> Agency {
        let credentials = format!("Authorization: Bearer {key}");
        Agency { credentials, sandbox, customers: Vec::new(), orders: Stock::default() }
    }

    /// Makes the customers, once, and lets the gateway keep a card of each.
    pub(crate) fn meet_customers(&mut self, address: SocketAddr) -> Result<(), OrdersError> {
        if !self.customers.is_empty() {
            return Ok(());
        }
        let mut tokens = Clerk::open(self.sandbox, "")?;
        let mut clerk = Clerk::open(address, &self.credentials)?;
        let customers = (0..CUSTOMERS).map(|index| {
            let new = json!({ "FirstName": "Anna", "LastName": "Gestsdóttir" });
            let told = clerk.post("/v1/Customers", &new)?;
            let number = told["Customer"]["ID"].as_u64().unwrap_or_default();
            let card = json!({ "number": "4242424242424242", "expiry_month": 12,
                "expiry_year": 2036, "security_code": "123" });
            let key = format!("bench_card_{index}");
            let body = json!({ "key": key, "single": false, "card": card });
            let kept = tokens.post("/v1/tokens", &body)?;
            let token = kept["token"].as_str().unwrap_or_default().to_owned();
            Ok(Customer { number, token })
        });
        self.customers = customers.collect::<Result<_, OrdersError>>()?;
        Ok(())
    }

    /// Places orders for as long as the run will last, because placing one is less work than having
    /// it paid. Those that are left of an earlier run count.
    pub(crate) fn take_orders(
        &self,
        address: SocketAddr,
        lasts: Duration,
        requests_max: u64,
    ) -> Result<(), OrdersError> {
        let until = clock::now() + lasts;
        let is_enough = || clock::now() >= until || self.orders.len() as u64 >= requests_max;
        clerk::all(address, &self.credentials, |clerk, index| {
            let customer = &self.customers[index % self.customers.len()];
            let mut made: Vec<()> = Vec::new();
            while !is_enough() {
                self.orders.add([order(clerk, customer)?]);
                made.push(());
            }
            Ok(made)
        })?;
        Ok(())
    }

    /// Payments of the orders in stock, by one customer after the other.
    pub(crate) fn script(&self, address: SocketAddr) -> Option<Script> {
        let headers = clerk::headers(address, &self.credentials);
        let request = |customer: &Customer| {
            let body = payment(&customer.token);
            let bytes = clerk::request("/v1/CustomerPayments", &headers, &body);
            Request::stocked(bytes, self.orders.clone())
        };
        let script = Script::round(self.customers.iter().map(request).collect())?;
        Some(script.sold_by("\"PaymentSuccess\":true"))
    }
}

/// The name of a new order.
fn order(clerk: &mut Clerk, customer: &Customer) -> Result<String, OrdersError> {
    let line = json!({ "Description": "A week in the highlands", "Quantity": 1,
        "UnitPrice": 12_000, "TaxPercent": 24 });
    let body = json!({ "CustomerID": customer.number, "OrderLines": [line] });
    let told = clerk.post("/v1/OrderHeaders", &body)?;
    let name = told["OrderHeader"]["UID"].as_str().unwrap_or_default();
    if name.len() != NAME_LENGTH {
        let message = format!("an order's name has not {NAME_LENGTH} digits: {told}");
        return Err(OrdersError::Preparation(message));
    }
    Ok(name.to_owned())
}

fn payment(token: &str) -> Value {
    json!({ "OrderID": "#".repeat(NAME_LENGTH), "PaymentInfo": { "StripeToken": token } })
}
