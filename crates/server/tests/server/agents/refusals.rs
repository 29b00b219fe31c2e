//! Every code of `domain.md` §9.6 and what agents meet beside it: what is sent, what is said, and
//! that nothing changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::desk::{Desk, GOOD};

/// What is wrong, the status, the code, and how a good payment becomes it.
type Row = (&'static str, u16, &'static str, fn(&mut Value));

const PAYMENTS: &[Row] = &[
    ("an order nobody has", 404, "OrderNotFound", |body| {
        body["OrderID"] = json!("00000009000000010000000000000000");
    }),
    ("no order", 404, "OrderNotFound", |body| body["OrderID"] = json!(null)),
    ("another customer", 400, "CustomerMismatch", |body| body["Customer"] = json!({ "ID": 99 })),
    ("another customer's GUID", 400, "CustomerMismatch", |body| {
        body["Customer"] = json!({ "UID": "00000009000000010000000000000001" });
    }),
    ("a malformed address", 400, "ValidationFailed", |body| {
        body["Customer"] = json!({ "Email": "anna at example" });
    }),
    ("another agent of the customer", 403, "AgentMismatch", |body| {
        body["Customer"] = json!({ "AgentId": 999 });
    }),
    ("another agent of the payment", 403, "AgentMismatch", |body| {
        body["PaymentInfo"]["AgentId"] = json!(999);
    }),
    ("a token of another form", 400, "StripeTokenInvalid", |body| {
        body["PaymentInfo"]["StripeToken"] = json!("src_123");
    }),
    ("a token that is none", 400, "StripeTokenInvalid", |body| {
        body["PaymentInfo"]["StripeToken"] = json!("tok_ö");
    }),
    ("a card number", 400, "RawCardNotAllowed", |body| {
        body["PaymentInfo"] = json!({ "CardNumber": GOOD, "ExpDate": "1232", "CCV": "123" });
    }),
    ("cash", 403, "PaymentTypeNotAllowed", |body| {
        body["PaymentInfo"] = json!({ "PaymentType": "Cash" });
    }),
    ("a kind nobody knows", 400, "ValidationFailed", |body| {
        body["PaymentInfo"]["PaymentType"] = json!("Barter");
    }),
    ("cash with a token", 400, "PaymentMethodMismatch", |body| {
        body["PaymentInfo"]["PaymentType"] = json!("Cash");
    }),
];

/// The codes that need an order of their own.
const OF_ORDERS: &[&str] = &["OrderCancelled", "OrderEmpty", "OrderChanged"];

/// What else is asked for, the status, the code, verb, path and body; `UID` stands for an order
/// that is not paid.
type Ask = (&'static str, u16, &'static str, &'static str, &'static str, fn() -> Value);

const ASKS: &[Ask] = &[
    ("fulfilled", 409, "OrderNotOpen", "POST", "/v1/OrderHeaders/UID/Fulfil", || Value::Null),
    ("closed", 409, "OrderNotOpen", "POST", "/v1/OrderHeaders/UID/Close", || Value::Null),
    ("not renewed", 409, "OrderNotOpen", "POST", "/v1/OrderHeaders/UID/EndSubscription", || {
        Value::Null
    }),
    (
        "no such period",
        400,
        "ValidationFailed",
        "POST",
        "/v1/OrderHeaders/UID/Refund",
        || json!({ "PaymentID": 99 }),
    ),
    ("no line 9", 404, "OrderLineNotFound", "DELETE", "/v1/OrderHeaders/UID/Lines/9", || {
        Value::Null
    }),
    ("no line", 400, "ValidationFailed", "POST", "/v1/OrderHeaders/UID/Lines", || json!({})),
    ("not paid", 409, "NotRefundable", "POST", "/v1/OrderHeaders/UID/Refund", || json!({})),
    (
        "a code twice",
        409,
        "CustomerCodeTaken",
        "POST",
        "/v1/Customers",
        || json!({ "AgentId": 0, "CustomerCode": "K", "FirstName": "Jón" }),
    ),
    ("no name", 400, "ValidationFailed", "POST", "/v1/Customers", || json!({ "Email": "a@b.is" })),
    (
        "nobody",
        404,
        "CustomerNotFound",
        "POST",
        "/v1/Customers",
        || json!({ "ID": 99, "FirstName": "Jón" }),
    ),
    ("a page of 0 and less", 400, "ValidationFailed", "GET", "/v1/Customers?Take=-1", || {
        Value::Null
    }),
    ("a page too long", 400, "ValidationFailed", "GET", "/v1/OrderHeaders/Open?Take=101", || {
        Value::Null
    }),
    ("no agent", 404, "AgentNotFound", "GET", "/v1/OrderHeaders/Open?AgentID=999", || Value::Null),
];

/// What is wrong with an order, the status, the code, and the body.
type Order = (&'static str, u16, &'static str, fn() -> Value);

const ORDERS: &[Order] = &[
    ("no description", 400, "ValidationFailed", || line(&json!({ "Quantity": 1 }))),
    ("no pieces", 400, "ValidationFailed", || line(&json!({ "Description": "A", "Quantity": 0 }))),
    ("too many pieces", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 10_001 }))
    }),
    ("a price with decimals", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 1, "UnitPrice": 0.5 }))
    }),
    ("a negative price", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 1, "UnitPrice": -1 }))
    }),
    ("too much tax", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 1, "TaxPercent": 100.01 }))
    }),
    ("recurring every week", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 1, "UnitPrice": 1,
            "RecurringInterval": "Week" }))
    }),
    ("recurring for nothing", 400, "ValidationFailed", || {
        line(&json!({ "Description": "A", "Quantity": 1, "RecurringInterval": "Year" }))
    }),
    ("too dear", 400, "InvalidAmount", || {
        line(&json!({ "Description": "A", "Quantity": 10_000, "UnitPrice": 10_000_000_000_i64 }))
    }),
    (
        "too many lines",
        400,
        "ValidationFailed",
        || json!({ "OrderLines": vec![json!({ "Description": "A", "Quantity": 1 }); 101] }),
    ),
    ("nobody's customer", 404, "CustomerNotFound", || json!({ "CustomerID": 99 })),
    ("another agent", 403, "AgentMismatch", || json!({ "AgentID": 999 })),
];

fn line(line: &Value) -> Value {
    json!({ "OrderLines": [line] })
}

/// What is told here, for the catalogue of codes.
pub(crate) fn codes() -> BTreeSet<&'static str> {
    let payments = PAYMENTS.iter().map(|(_, _, code, _)| *code);
    let orders = ORDERS.iter().map(|(_, _, code, _)| *code);
    let asks = ASKS.iter().map(|(_, _, code, _, _, _)| *code);
    payments.chain(orders).chain(asks).chain(OF_ORDERS.iter().copied()).collect()
}

async fn check(desk: &Desk, what: &str, sent: (&str, &str, &Value), expected: (u16, &str)) {
    check_as(desk, &desk.agent, what, sent, expected).await;
}

async fn check_as(
    desk: &Desk,
    key: &str,
    what: &str,
    sent: (&str, &str, &Value),
    expected: (u16, &str),
) {
    let before = desk.shop.traces().await;
    let (verb, target, body) = sent;
    let (status, told) = desk.send(key, verb, target, body).await;
    let code = told["ResponseStatus"]["ErrorCode"].as_str().unwrap_or_default();
    assert_eq!((status, code), expected, "{what}: {told}");
    assert!(told["ResponseStatus"]["StackTrace"].is_null());
    assert!(!told.to_string().contains(GOOD), "{what}");
    assert_eq!(desk.shop.traces().await, before, "{what}");
}

#[tokio::test]
async fn payments_are_refused() {
    // Proves each code that a request for payment can meet, and that nothing changes.
    let desk = Desk::open().await;
    let customer = json!({ "FirstName": "Anna" });
    let (_, saved) = desk.send(&desk.agent, "POST", "/v1/Customers", &customer).await;
    let order = json!({
        "CustomerID": saved["Customer"]["ID"],
        "OrderLines": [{ "Description": "A", "Quantity": 1, "UnitPrice": 100 }],
    });
    let (_, placed) = desk.send(&desk.agent, "POST", "/v1/OrderHeaders", &order).await;
    let token = desk.token(GOOD).await;
    for (what, status, code, wrong) in PAYMENTS {
        let mut body = json!({
            "OrderID": placed["OrderHeader"]["UID"],
            "PaymentInfo": { "StripeToken": token },
        });
        wrong(&mut body);
        for verb in ["POST", "PUT"] {
            check(&desk, what, (verb, "/v1/CustomerPayments", &body), (*status, code)).await;
        }
    }
}

#[tokio::test]
async fn orders_that_take_no_payment() {
    // Proves what is said of orders that are empty, cancelled, or changed after their payment was
    // begun, and that a card number in the address is refused before anything else.
    let desk = Desk::open().await;
    let empty = json!({ "OrderID": desk.order_of(&json!([])).await });
    let target = "/v1/CustomerPayments";
    check(&desk, "empty", ("POST", target, &empty), (400, "OrderEmpty")).await;
    let uid = desk.order().await;
    desk.pay(&uid, None).await;
    desk.add_line(&uid, 10).await;
    let changed = json!({ "OrderID": uid });
    check(&desk, "changed", ("PUT", target, &changed), (409, "OrderChanged")).await;
    let cancel = format!("/v1/OrderHeaders/{uid}/Cancel");
    desk.send(&desk.agent, "POST", &cancel, &Value::Null).await;
    for verb in ["POST", "PUT"] {
        check(&desk, "cancelled", (verb, target, &changed), (409, "OrderCancelled")).await;
    }
    let in_url = format!("{target}?PaymentInfo={{CardNumber:{GOOD}}}");
    check(&desk, "in the URL", ("POST", &in_url, &changed), (400, "CardDataInUrl")).await;
}

#[tokio::test]
async fn orders_are_refused() {
    // Proves what is said of orders that are wrong, and that none is placed.
    let desk = Desk::open().await;
    for (what, status, code, body) in ORDERS {
        let body = body();
        check(&desk, what, ("POST", "/v1/OrderHeaders", &body), (*status, code)).await;
    }
    let (_, open) = desk.send(&desk.agent, "GET", "/v1/OrderHeaders/Open", &Value::Null).await;
    assert_eq!(open["OrderHeaders"], json!([]));
}

#[tokio::test]
async fn other_requests_are_refused() {
    // Proves what is said of changes that an order's state does not allow, of customers that are
    // wrong, and of pages that are none; agent or administrator, whoever may ask at all.
    let desk = Desk::open().await;
    let first = json!({ "CustomerCode": "K", "FirstName": "Anna" });
    desk.send(&desk.agent, "POST", "/v1/Customers", &first).await;
    let uid = desk.order().await;
    for (what, status, code, verb, target, body) in ASKS {
        let (target, body) = (target.replace("UID", &uid), body());
        let is_agents = target.contains("Customers") || target.contains("Lines");
        let key = if is_agents { &desk.agent } else { &desk.administrator };
        check_as(&desk, key, what, (verb, &target, &body), (*status, code)).await;
    }
}
