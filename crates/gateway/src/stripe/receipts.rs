//! What may be shown of a charge: an allow-list, because nobody knows what Stripe will add
//! (`payments.md` §5.2.5).

use serde_json::{Map, Value};

use super::answer::Intent;
use crate::receipt::{RECEIPT_ANSWER_LENGTH_MAX, Receipt};

/// The longest text that is handed on, in characters.
const TEXT_LENGTH_MAX: usize = 160;

/// How long the address of a receipt may be, in bytes.
const URL_LENGTH_MAX: usize = 1_024;

/// The longest name of a card's scheme, in bytes.
const BRAND_LENGTH_MAX: usize = 32;

/// A member that is handed on: as it is, or narrowed in its turn.
enum Shown {
    Plain(&'static str),
    Inside(&'static str, &'static [Shown]),
}

use Shown::{Inside, Plain};

const INTENT: &[Shown] = &[
    Plain("id"),
    Plain("object"),
    Plain("amount"),
    Plain("amount_received"),
    Plain("currency"),
    Plain("status"),
    Plain("created"),
    Plain("livemode"),
    Plain("capture_method"),
    Inside("last_payment_error", &[Plain("type"), Plain("code"), Plain("decline_code")]),
    Inside("latest_charge", CHARGE),
];

const CHARGE: &[Shown] = &[
    Plain("id"),
    Plain("amount"),
    Plain("amount_captured"),
    Plain("amount_refunded"),
    Plain("currency"),
    Plain("created"),
    Plain("captured"),
    Plain("disputed"),
    Plain("failure_code"),
    Plain("paid"),
    Plain("receipt_number"),
    Plain("refunded"),
    Plain("status"),
    Inside("outcome", &[Plain("network_status"), Plain("risk_level"), Plain("type")]),
    Inside("payment_method_details", &[Plain("type"), Inside("card", CARD)]),
];

const CARD: &[Shown] = &[
    Plain("authorization_code"),
    Plain("brand"),
    Plain("country"),
    Plain("exp_month"),
    Plain("exp_year"),
    Plain("funding"),
    Plain("last4"),
    Plain("network"),
];

/// The receipt in an intent that came with its charge.
pub(super) fn receipt(intent: &Intent, whole: &Value) -> Receipt {
    let card = |name| intent.of_charge(&["payment_method_details", "card", name]);
    let url = intent.of_charge(&["receipt_url"]).filter(|url| is_address(url));
    let last_four = card("last4").filter(|text| super::intents::mask(text).is_some());
    let brand = card("brand").filter(|text| text.len() <= BRAND_LENGTH_MAX);
    let answer = narrowed(whole, INTENT).to_string();
    Receipt {
        url: url.map(str::to_owned),
        last_four: last_four.map(str::to_owned),
        brand: brand.map(str::to_owned),
        answer: (answer.len() <= RECEIPT_ANSWER_LENGTH_MAX).then_some(answer),
    }
}

/// Only a page of the web is handed on, to be followed by whoever reads it.
fn is_address(text: &str) -> bool {
    text.starts_with("https://")
        && text.len() <= URL_LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn narrowed(value: &Value, shown: &[Shown]) -> Value {
    let mut members = Map::new();
    for member in shown {
        let (name, value) = match member {
            Plain(name) => (*name, value.get(name).filter(|value| is_plain(value)).cloned()),
            Inside(name, inside) => {
                let inner = value.get(name).filter(|value| value.is_object());
                (*name, inner.map(|value| narrowed(value, inside)))
            }
        };
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    }
    Value::Object(members)
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.chars().count() <= TEXT_LENGTH_MAX,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}
