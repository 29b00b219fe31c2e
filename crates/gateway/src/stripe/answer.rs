//! What is read of Stripe's answers. Everything that is not needed may be missing or be of any
//! kind, so that a new member of theirs breaks nothing.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::METADATA_KEY;

/// A payment intent.
#[derive(Debug, Deserialize)]
pub(super) struct Intent {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// What paid it, or was tried last.
    #[serde(default)]
    pub(super) payment_method: Option<Value>,
    #[serde(default)]
    pub(super) amount_received: Option<i64>,
    #[serde(default)]
    pub(super) client_secret: Option<Private>,
    #[serde(default)]
    pub(super) last_payment_error: Option<Problem>,
    #[serde(default)]
    pub(super) metadata: HashMap<String, Value>,
    /// The charge where it was asked for, else its id.
    #[serde(default)]
    pub(super) latest_charge: Option<Value>,
}

/// A text that must not be printed.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(super) struct Private(pub(super) Zeroizing<String>);

impl From<String> for Private {
    fn from(text: String) -> Private {
        Private(Zeroizing::new(text))
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

impl Intent {
    /// A text in the charge, by the names that lead to it; `None` when only its id came.
    pub(super) fn of_charge(&self, path: &[&str]) -> Option<&str> {
        let charge = self.latest_charge.as_ref()?;
        path.iter().try_fold(charge, |value, name| value.get(name))?.as_str()
    }

    /// The key that it was made for.
    pub(super) fn key(&self) -> Option<&str> {
        self.metadata.get(METADATA_KEY)?.as_str()
    }
}

/// A refund.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) amount: i64,
    #[serde(default)]
    pub(super) metadata: HashMap<String, Value>,
}

impl Refund {
    /// The key that it was made for.
    pub(super) fn key(&self) -> Option<&str> {
        self.metadata.get(METADATA_KEY)?.as_str()
    }
}

/// A page of a list, or of what a search found.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) has_more: bool,
}

/// Anything that has an id.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

/// A payment method.
#[derive(Debug, Deserialize)]
pub(super) struct Method {
    pub(super) id: String,
    #[serde(default)]
    pub(super) card: Option<MethodCard>,
    #[serde(default)]
    pub(super) customer: Option<Value>,
}

/// What may be shown of the card of a payment method.
#[derive(Debug, Deserialize)]
pub(super) struct MethodCard {
    #[serde(default)]
    pub(super) last4: Option<String>,
    #[serde(default)]
    pub(super) exp_month: Option<u16>,
    #[serde(default)]
    pub(super) exp_year: Option<u16>,
}

/// A subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(default)]
    pub(super) customer: Option<Value>,
    #[serde(default)]
    pub(super) metadata: HashMap<String, Value>,
}

impl Subscription {
    /// The key that it was made for.
    pub(super) fn key(&self) -> Option<&str> {
        self.metadata.get(METADATA_KEY)?.as_str()
    }
}

/// A bill of a subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Invoice {
    pub(super) id: String,
    pub(super) currency: String,
    #[serde(default)]
    pub(super) amount_paid: i64,
    /// The payment that paid it, by its name.
    #[serde(default)]
    pub(super) payment_intent: Option<Value>,
}

/// The body of every refusal.
#[derive(Debug, Deserialize)]
pub(super) struct Refused {
    pub(super) error: Problem,
}

/// Why something was refused. Its sentence is left out on purpose: the codes say all that counts,
/// and what is not read cannot end in a log.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) code: Option<String>,
    #[serde(default)]
    pub(super) decline_code: Option<String>,
    #[serde(default)]
    pub(super) param: Option<String>,
}

impl Problem {
    pub(super) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    pub(super) fn is_of_kind(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }
}
