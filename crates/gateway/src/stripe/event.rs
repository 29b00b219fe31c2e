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
    /// The bank has decided, or took back what it had asked; what it came to is asked of Stripe.
    DisputeClosed,
    /// Money of a dispute that was thought lost came back.
    DisputeReversed,
    /// Something happened to a subscription, or to a bill of one; what it was is asked of Stripe.
    Subscription,
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
    /// Stripe's name of what it is about.
    pub subject: Option<String>,
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
        let key = key_in(&object);
        let is_payment = kind.starts_with("payment_intent.");
        let payment = text(if is_payment { "id" } else { "payment_intent" });
        Some(Event {
            id,
            occasion: occasion(&kind, text("status")),
            key: key.map(str::to_owned),
            payment: payment.filter(|id| is_plain(id)).map(str::to_owned),
            subject: text("id").filter(|id| is_plain(id)).map(str::to_owned),
            money: money_of(&object),
        })
    }
}

/// Our key in what an event is about. A bill carries what its subscription was made with; newer
/// versions of the interface keep that one level deeper.
fn key_in(object: &Value) -> Option<&str> {
    let own = Some(object);
    let details = object.get("subscription_details");
    let deeper = object.get("parent").and_then(|parent| parent.get("subscription_details"));
    let mut places = [own, details, deeper].into_iter().flatten();
    places.find_map(|place| place.get("metadata")?.get(METADATA_KEY)?.as_str())
}

fn occasion(kind: &str, status: Option<&str>) -> Occasion {
    match kind {
        "charge.dispute.created" => Occasion::DisputeOpened,
        "charge.dispute.closed" => Occasion::DisputeClosed,
        "charge.dispute.funds_reinstated" => Occasion::DisputeReversed,
        "refund.failed" | "charge.refund.updated" | "refund.updated"
            if status == Some("failed") =>
        {
            Occasion::RefundFailed
        }
        "invoice.paid" | "invoice.payment_failed" => Occasion::Subscription,
        kind if kind.starts_with("customer.subscription.") => Occasion::Subscription,
        kind if kind.starts_with("payment_intent.") => Occasion::Payment,
        _ => Occasion::Other,
    }
}

fn money_of(object: &Value) -> Option<Money> {
    let currency = Currency::parse(object.get("currency")?.as_str()?)?;
    units::money(object.get("amount")?.as_i64()?, currency)
}
