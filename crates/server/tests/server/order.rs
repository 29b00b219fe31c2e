//! Orders as JSON values, and the same in JSV, forms and URLs.

use serde_json::{Value, json};

use crate::shop::Shop;

/// The card that pays.
pub(crate) const GOOD_CARD: &str = "4242424242424242";

/// An order of one line, without anything to pay with.
pub(crate) fn unpaid(shop: &Shop, event: &str, ticket_type: &str, count: u32) -> Value {
    json!({
        "order": { "eventId": shop.number("event", event) },
        "orderDetails": [{
            "eventSeriesOwnerTicketType": shop.number("ticket_type", ticket_type),
            "count": count,
        }],
    })
}

/// The same with a card that pays.
pub(crate) fn paid(shop: &Shop, event: &str, ticket_type: &str, count: u32) -> Value {
    let mut order = unpaid(shop, event, ticket_type, count);
    order["cardInfo"] = card(GOOD_CARD);
    order
}

pub(crate) fn card(number: &str) -> Value {
    json!({ "paymentMethod": {
        "paymentType": "Card", "pan": number, "expYear": "2036", "expMonth": "12", "cvc": "123",
    }})
}

/// A value in JSV, as clients write it (`servicestack.md` §2.2).
pub(crate) fn jsv(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text)
            if text.is_empty() || text.contains(['"', ':', ',', '{', '}', '[', ']']) =>
        {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(jsv).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let pairs = members.iter().map(|(name, value)| format!("{name}:{}", jsv(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
    }
}

/// A form or query string with one parameter a member, each in JSV.
pub(crate) fn parameters(value: &Value) -> String {
    let members = value.as_object().unwrap().iter();
    let text_of = |value: &Value| value.as_str().map_or_else(|| jsv(value), str::to_owned);
    let pairs = members.map(|(name, value)| format!("{name}={}", percent(&text_of(value))));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded + &char::from(byte).to_string(),
        _ => encoded + &format!("%{byte:02X}"),
    })
}
