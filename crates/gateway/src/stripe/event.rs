//! What Stripe tells by itself (`payments.md` §2.3, §6.6).

use domain::money::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

use super::{METADATA_KEY, is_plain, units};

/// What an event is about, as far as anybody here acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Something happened to a payment; what it was is asked of Stripe.
    Payment,
    /// A refund that had been taken did not get through.
    RefundFailed,
    /// A buyer's bank wants the money back.
    DisputeOpened,
    /// The bank has decided; whether for the seller.
    DisputeClosed {
        /// The money stays with the seller.
        won: bool,
    },
    /// Nothing that matters here.
    Other,
}

/// A message that Stripe signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name at Stripe; the same however often it is sent.
    pub id: String,
    /// What it is about.
    pub occasion: Occasion,
    /// Our key, where what it is about carries it.
    pub key: Option<String>,
    /// The payment that it is about, by Stripe's name.
    pub payment: Option<String>,
    /// How much it is about, where it says so.
    pub money: Option<Money>,
}

#[derive(Deserialize)]
struct Body {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

impl Event {
    /// Reads a message; `None` when it is none of Stripe's.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Event> {
        let Body { id, kind, data: Data { object } } = serde_json::from_slice(body).ok()?;
        if !is_plain(&id) {
            return None;
        }
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let key = object.get("metadata").and_then(|members| members.get(METADATA_KEY));
        let is_payment = kind.starts_with("payment_intent.");
        let payment = text(if is_payment { "id" } else { "payment_intent" });
        Some(Event {
            id,
            occasion: occasion(&kind, text("status")),
            key: key.and_then(Value::as_str).map(str::to_owned),
            payment: payment.filter(|id| is_plain(id)).map(str::to_owned),
            money: money_of(&object),
        })
    }
}

fn occasion(kind: &str, status: Option<&str>) -> Occasion {
    match kind {
        "charge.dispute.created" => Occasion::DisputeOpened,
        "charge.dispute.closed" => Occasion::DisputeClosed { won: status == Some("won") },
        "refund.failed" | "charge.refund.updated" | "refund.updated"
            if status == Some("failed") =>
        {
            Occasion::RefundFailed
        }
        kind if kind.starts_with("payment_intent.") => Occasion::Payment,
        _ => Occasion::Other,
    }
}

fn money_of(object: &Value) -> Option<Money> {
    let currency = Currency::parse(object.get("currency")?.as_str()?)?;
    units::money(object.get("amount")?.as_i64()?, currency)
}
