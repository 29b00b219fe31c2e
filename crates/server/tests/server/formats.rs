//! One order, many dialects (`servicestack.md` §5).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::{Answer, Request};
use crate::order::{jsv, paid, parameters, unpaid};
use crate::shop::Shop;

const JSON: &str = "application/json";
const JSV: &str = "text/jsv";
const FORM: &str = "application/x-www-form-urlencoded";

/// What every answer must say alike.
const FACTS: [&str; 9] = [
    "statusCode",
    "message",
    "eventId",
    "ticketStatus",
    "totalPaidForTicket",
    "currency",
    "isFree",
    "count",
    "ticketPrice",
];

/// Target, type of the body, `Accept`, type of the answer.
const POSTS: &[(&str, &str, Option<&str>, &str)] = &[
    ("/ticketOrder", JSON, Some(JSON), JSON),
    ("/ticketOrder", JSON, None, JSON),
    ("/ticketOrder", JSV, Some(JSV), JSV),
    ("/ticketOrder", "application/jsv", Some("application/jsv"), JSV),
    ("/ticketOrder", FORM, Some(JSON), JSON),
    ("/ticketOrder", FORM, Some(JSV), JSV),
    ("/ticketOrder", JSON, Some("application/json, text/plain, */*"), JSON),
    ("/ticketOrder.jsv", JSON, Some(JSON), JSV),
    ("/ticketOrder.json", JSV, Some(JSV), JSON),
    ("/ticketOrder?format=jsv", JSON, Some(JSON), JSV),
    ("/ticketOrder?format=json", JSV, Some(JSV), JSON),
    ("/TICKETORDER", JSON, Some(JSON), JSON),
    ("/json/reply/TicketOrder", JSON, None, JSON),
    ("/json/reply/ticketorder", JSON, None, JSON),
    ("/jsv/reply/TicketOrder", JSV, None, JSV),
    ("/json/reply/TicketOrder", FORM, None, JSON),
    ("/api/TicketOrder", JSON, Some(JSV), JSON),
    ("/tickets/ticketOrder", JSON, Some(JSON), JSON),
    ("/tickets/ticketOrder.jsv", FORM, None, JSV),
    ("/tickets/json/reply/TicketOrder", JSON, None, JSON),
    ("/tickets/jsv/reply/TicketOrder", JSV, None, JSV),
    ("/tickets/api/TicketOrder", JSON, None, JSON),
];

/// Targets of an order in the URL, `Accept`, and the type of the answer.
const GETS: &[(&str, Option<&str>, &str)] = &[
    ("/ticketOrder?", Some(JSON), JSON),
    ("/ticketOrder.jsv?", None, JSV),
    ("/ticketOrder?format=jsv&", None, JSV),
    ("/json/reply/TicketOrder?", None, JSON),
    ("/jsv/reply/TicketOrder?", None, JSV),
    ("/api/TicketOrder?", Some("text/html"), JSON),
    ("/tickets/ticketOrder?format=json&", None, JSON),
];

fn encoded(order: &Value, content_type: &str) -> String {
    match content_type {
        JSON => order.to_string(),
        FORM => parameters(order),
        _ => jsv(order),
    }
}

/// The value of a member that is no record, from JSON or JSV, in lower case.
fn scalar(text: &str, name: &str) -> Option<String> {
    let text = text.replace('"', "");
    let start = [format!("{{{name}:"), format!(",{name}:")];
    let (_, rest) = start.iter().find_map(|start| text.split_once(start.as_str()))?;
    let end = rest.find([',', '}', ']']).unwrap_or(rest.len());
    Some(rest[..end].to_ascii_lowercase())
}

fn check(what: &str, answer: &Answer, content_type: &str, expected: &[&str; 9]) -> String {
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    let told = answer.header("content-type").unwrap_or_default().replace("application/jsv", JSV);
    assert!(told.starts_with(content_type), "{what}: {told}");
    for (name, value) in FACTS.into_iter().zip(expected) {
        assert_eq!(scalar(&answer.text(), name).as_deref(), Some(*value), "{what}: {name}");
    }
    scalar(&answer.text(), "ticketTokenId").unwrap()
}

#[tokio::test]
async fn an_order_is_the_same_in_every_dialect() {
    // Proves that body format, route and wish for an answer's format change nothing but form:
    // each order sells one ticket of its own and charges once.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 1);
    let event = shop.number("event", "match").to_string();
    let expected = ["200", "ok", &event, "bought", "4000", "isk", "false", "1", "4000"];
    let mut tokens = BTreeSet::new();
    for (target, sent, accept, received) in POSTS {
        let mut request = Request::post(target).key(&shop.admin).body(sent, encoded(&order, sent));
        if let Some(accept) = accept {
            request = request.accept(accept);
        }
        let what = format!("{target} with {sent}, Accept {accept:?}");
        tokens.insert(check(&what, &shop.send(&request).await, received, &expected));
    }
    assert_eq!(tokens.len(), POSTS.len());
    assert_eq!(shop.charges(), vec![4_000; POSTS.len()]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_free_order_fits_into_a_url() {
    // Proves that a GET orders what costs nothing, without a call of the gateway.
    let shop = Shop::open().await;
    let order = parameters(&unpaid(&shop, "match", "child", 2));
    let event = shop.number("event", "match").to_string();
    let expected = ["200", "ok", &event, "bought", "0", "isk", "true", "2", "0"];
    for (target, accept, received) in GETS {
        let mut request = Request::get(&format!("{target}{order}")).key(&shop.admin);
        if let Some(accept) = accept {
            request = request.accept(accept);
        }
        check(target, &shop.send(&request).await, received, &expected);
    }
    assert!(shop.gateway_log().is_empty());
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn names_are_read_in_any_case_and_strangers_ignored() {
    // Proves what generated clients of other languages rely on: Pascal names, unknown members,
    // `dontReturnTickets`.
    let shop = Shop::open().await;
    let order = format!(
        r#"{{"Order":{{"EventId":{},"Shoe":[1,{{"size":9}}]}},"ORDERDETAILS":[{{
           "EventSeriesOwnerTicketType":"{}","Count":"1"}}],"hat":null,"DontReturnTickets":true}}"#,
        shop.number("event", "match"),
        shop.number("ticket_type", "child"),
    );
    let request = Request::post("/ticketOrder").key(&shop.admin).accept(JSON).body(JSON, order);
    let answer = shop.send(&request).await;
    assert_eq!((answer.status, answer.status_code()), (200, 200), "{}", answer.text());
    assert!(answer.ticket().is_null());
}
