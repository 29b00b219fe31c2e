//! Customers, prices, subscriptions and their bills.

use serde_json::{Value, json};

use super::book::{Book, Reply, missing};
use super::{Seen, refusal};

/// A subscription.
#[derive(Clone, Debug)]
pub(crate) struct Renewing {
    pub(crate) status: &'static str,
    customer: String,
    key: String,
}

impl Book {
    pub(super) fn make_customer(&mut self, seen: &Seen) -> Reply {
        let id = self.name("cus");
        let key = seen.member("metadata[guichet_key]").unwrap_or_default().to_owned();
        self.customers.push((id.clone(), key));
        (200, json!({"id": id, "object": "customer"}))
    }

    pub(super) fn search_customers(&self, query: &str) -> Reply {
        let asked = super::form::read(query)[0].1.clone();
        let is_asked = |key: &str| asked == format!("metadata['guichet_key']:'{key}'");
        let found = self.customers.iter().filter(|(_, key)| is_asked(key));
        let found: Vec<_> = found.map(|(id, _)| json!({"id": id, "object": "customer"})).collect();
        list(&found)
    }

    pub(super) fn handle_renewal(
        &mut self,
        method: &str,
        parts: &[&str],
        query: &str,
        seen: &Seen,
    ) -> Reply {
        let first = super::form::read(query).into_iter().next().map(|(_, value)| value);
        match (method, parts) {
            ("POST", ["prices"]) => {
                let id = self.name("price");
                (200, json!({"id": id, "object": "price"}))
            }
            ("POST", ["subscriptions"]) => self.subscribe(seen),
            ("GET", ["subscriptions"]) => {
                let of = |it: &(&String, &Renewing)| Some(&it.1.customer) == first.as_ref();
                let found = self.subscriptions.iter().filter(of);
                list(&found.map(|(id, it)| shown(id, it)).collect::<Vec<_>>())
            }
            ("GET", ["subscriptions", id]) => self.show_subscription(id),
            ("DELETE", ["subscriptions", id]) => self.end_subscription(id),
            ("GET", ["invoices"]) => {
                let of = self.invoices.iter().filter(|(of, _)| Some(of) == first.as_ref());
                list(&of.map(|(_, invoice)| invoice.clone()).collect::<Vec<_>>())
            }
            _ => missing(""),
        }
    }

    /// The payment method must be the customer's, or Stripe could not charge it.
    fn subscribe(&mut self, seen: &Seen) -> Reply {
        let member = |name| seen.member(name).unwrap_or_default().to_owned();
        let (customer, key) = (member("customer"), member("metadata[guichet_key]"));
        if !self.belongs(&member("default_payment_method"), &customer) {
            return refusal(400, "invalid_request_error", "resource_missing", "");
        }
        let id = self.name("sub");
        self.subscriptions.insert(id.clone(), Renewing { status: "trialing", customer, key });
        self.show_subscription(&id)
    }

    fn show_subscription(&self, id: &str) -> Reply {
        match self.subscriptions.get(id) {
            Some(it) => (200, shown(id, it)),
            None => missing("id"),
        }
    }

    fn end_subscription(&mut self, id: &str) -> Reply {
        match self.subscriptions.get_mut(id) {
            Some(it) if it.status != "canceled" => it.status = "canceled",
            _ => return missing("id"),
        }
        self.show_subscription(id)
    }

    /// Stripe bills a period by itself.
    pub(crate) fn bill(&mut self, subscription: &str, amount_paid: i64) {
        let (invoice, payment) = (self.name("in"), self.name("pi"));
        let bill = json!({
            "id": invoice, "object": "invoice", "currency": "isk", "amount_paid": amount_paid,
            "payment_intent": payment, "status": "paid",
        });
        self.invoices.push((subscription.to_owned(), bill));
    }
}

fn shown(id: &str, it: &Renewing) -> Value {
    json!({
        "id": id, "object": "subscription", "status": it.status, "customer": it.customer,
        "metadata": {"guichet_key": it.key},
    })
}

fn list(data: &[Value]) -> Reply {
    (200, json!({"object": "list", "data": data, "has_more": false}))
}
