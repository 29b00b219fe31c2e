//! What the stand-in stores, and what it does with it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::behaviour::{Behaviour, of_number, of_token};
use super::renewals::Renewing;
use super::{Seen, refusal};

pub(super) type Reply = (u16, Value);

#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) status: &'static str,
    pub(crate) amount: i64,
    pub(crate) received: i64,
    pub(crate) refunded: i64,
    pub(crate) currency: String,
    pub(crate) manual: bool,
    pub(crate) metadata_key: String,
    pub(crate) customer: Option<String>,
    pub(crate) method: Option<String>,
    error: Option<Value>,
    /// What the card does once its holder has acted.
    then: Option<Behaviour>,
    pub(crate) charges: usize,
}

#[derive(Clone, Debug)]
struct Method {
    behaviour: Behaviour,
    last_four: String,
    customer: Option<String>,
    used: bool,
}

/// Payments, refunds and cards.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) intents: BTreeMap<String, Intent>,
    pub(crate) refunds: Vec<(String, Value)>,
    /// Disputes by their names.
    pub(crate) disputes: BTreeMap<String, Value>,
    methods: BTreeMap<String, Method>,
    /// Customers and the keys that they were made for.
    pub(crate) customers: Vec<(String, String)>,
    pub(crate) subscriptions: BTreeMap<String, Renewing>,
    pub(crate) invoices: Vec<(String, Value)>,
    counter: usize,
    /// What a refund says of itself.
    pub(crate) refund_status: Option<&'static str>,
}

impl Seen {
    pub(super) fn member(&self, name: &str) -> Option<&str> {
        let found = self.form.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Book {
    /// Whether a payment method is that customer's.
    pub(super) fn belongs(&self, method: &str, customer: &str) -> bool {
        self.methods.get(method).is_some_and(|it| it.customer.as_deref() == Some(customer))
    }

    pub(crate) fn handle(&mut self, seen: &Seen) -> Reply {
        let (method, target) = seen.line.split_once(' ').expect("a method and a target");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (method, parts.as_slice()) {
            ("POST", ["payment_intents"]) => self.create(seen),
            ("GET", ["payment_intents", "search"]) => self.search(query),
            ("GET", ["payment_intents", id]) => self.show(id),
            ("POST", ["payment_intents", id]) => self.update(id, seen),
            ("POST", ["payment_intents", id, "confirm"]) => self.confirm(id, seen),
            ("POST", ["payment_intents", id, "capture"]) => self.capture(id, seen),
            ("POST", ["payment_intents", id, "cancel"]) => self.cancel(id),
            ("POST", ["refunds"]) => self.refund(seen),
            ("GET", ["refunds"]) => self.list_refunds(query),
            ("GET", ["disputes", id]) => self.show_dispute(id),
            ("POST", ["payment_methods"]) => self.make_method(seen),
            ("GET", ["payment_methods", id]) => self.show_method(id),
            ("POST", ["payment_methods", id, verb]) => self.move_method(id, verb, seen),
            ("POST", ["customers"]) => self.make_customer(seen),
            ("GET", ["customers", "search"]) => self.search_customers(query),
            _ => self.handle_renewal(method, parts.as_slice(), query, seen),
        }
    }

    fn show_dispute(&self, id: &str) -> Reply {
        match self.disputes.get(id) {
            Some(dispute) => (200, dispute.clone()),
            None => missing("dispute"),
        }
    }

    pub(super) fn name(&mut self, kind: &str) -> String {
        self.counter += 1;
        format!("{kind}_{}", self.counter)
    }

    fn create(&mut self, seen: &Seen) -> Reply {
        let member = |name| seen.member(name).unwrap_or_default().to_owned();
        let (amount, currency) = (member("amount").parse().unwrap_or(0), member("currency"));
        if currency == "isk" && amount % 100 != 0 {
            let code = "invalid_charge_amount_no_decimal_compatible";
            return refusal(400, "invalid_request_error", code, "");
        }
        if amount <= 0 {
            return refusal(400, "invalid_request_error", "parameter_invalid_integer", "");
        }
        let id = self.name("pi");
        self.intents.insert(
            id.clone(),
            Intent {
                status: "requires_payment_method",
                amount,
                received: 0,
                refunded: 0,
                currency,
                manual: member("capture_method") == "manual",
                metadata_key: member("metadata[guichet_key]"),
                customer: None,
                method: None,
                error: None,
                then: None,
                charges: 0,
            },
        );
        self.show(&id)
    }

    fn show(&self, id: &str) -> Reply {
        match self.intents.get(id) {
            Some(intent) => (200, shown(id, intent, &self.last_four(intent))),
            None => missing("intent"),
        }
    }

    fn last_four(&self, intent: &Intent) -> String {
        let method = intent.method.as_ref().and_then(|id| self.methods.get(id));
        method.map_or("4242".to_owned(), |method| method.last_four.clone())
    }

    fn search(&self, query: &str) -> Reply {
        let query = super::form::read(query);
        let asked = &query[0].1;
        let data: Vec<Value> = self
            .intents
            .iter()
            .filter(|(_, intent)| {
                *asked == format!("metadata['guichet_key']:'{}'", intent.metadata_key)
            })
            .map(|(id, intent)| shown(id, intent, "4242"))
            .collect();
        (200, json!({"object": "search_result", "data": data, "has_more": false}))
    }

    fn update(&mut self, id: &str, seen: &Seen) -> Reply {
        let Some(intent) = self.intents.get_mut(id) else { return missing("intent") };
        intent.customer = seen.member("customer").map(str::to_owned).or(intent.customer.take());
        let method = seen.member("payment_method").map(str::to_owned);
        intent.method = method.or(intent.method.take());
        self.show(id)
    }

    fn confirm(&mut self, id: &str, seen: &Seen) -> Reply {
        let Some(intent) = self.intents.get(id) else { return missing("intent") };
        let payable = ["requires_payment_method", "requires_confirmation", "requires_action"];
        if !payable.contains(&intent.status) {
            return unexpected(self.show(id).1);
        }
        let (given, customer) = (intent.method.clone(), intent.customer.clone());
        let method = match self.method_of(seen, given) {
            Ok(method) => method,
            Err(reply) => return reply,
        };
        let known = &self.methods[&method];
        if known.customer != customer {
            let code = "payment_method_unexpected_state";
            return refusal(400, "invalid_request_error", code, "");
        }
        let behaviour = known.behaviour.clone();
        self.charge(id, &method, behaviour)
    }

    /// The payment method of a confirmation; made of a card or token where it brings one.
    fn method_of(&mut self, seen: &Seen, given: Option<String>) -> Result<String, Reply> {
        if let Some(token) = seen.member("payment_method_data[card][token]") {
            return self.method_of_token(token);
        }
        if let Some(number) = seen.member("payment_method_data[card][number]") {
            return self.method_of_number(number);
        }
        let method = seen.member("payment_method").map(str::to_owned).or(given);
        match method {
            Some(method) if self.methods.contains_key(&method) => Ok(method),
            Some(_) => Err(missing("payment_method")),
            None => Err(refusal(400, "invalid_request_error", "parameter_missing", "")),
        }
    }

    fn method_of_token(&mut self, token: &str) -> Result<String, Reply> {
        if token == "tok_unknown" {
            return Err(missing("payment_method_data[card][token]"));
        }
        let used = self.methods.get(token).is_some_and(|method| method.used);
        if used {
            return Err(refusal(400, "invalid_request_error", "token_already_used", ""));
        }
        let behaviour = of_token(token);
        let spent = Method {
            behaviour: behaviour.clone(),
            last_four: String::new(),
            customer: None,
            used: token == "tok_once",
        };
        self.methods.insert(token.to_owned(), spent);
        Ok(self.new_method(behaviour, "4242"))
    }

    fn method_of_number(&mut self, number: &str) -> Result<String, Reply> {
        if number == "4242424242424241" {
            return Err(refusal(402, "card_error", "incorrect_number", ""));
        }
        Ok(self.new_method(of_number(number), &number[number.len() - 4..]))
    }

    fn new_method(&mut self, behaviour: Behaviour, last_four: &str) -> String {
        let id = self.name("pm");
        let last_four = last_four.to_owned();
        let method = Method { behaviour, last_four, customer: None, used: false };
        self.methods.insert(id.clone(), method);
        id
    }

    fn charge(&mut self, id: &str, method: &str, behaviour: Behaviour) -> Reply {
        let intent = self.intents.get_mut(id).expect("it was looked up");
        intent.method = Some(method.to_owned());
        match behaviour {
            Behaviour::Approve => {
                intent.charges += 1;
                intent.error = None;
                if intent.manual {
                    intent.status = "requires_capture";
                } else {
                    (intent.status, intent.received) = ("succeeded", intent.amount);
                }
            }
            Behaviour::Processing => intent.status = "processing",
            Behaviour::Challenge(then) => {
                (intent.status, intent.then) = ("requires_action", Some(*then));
            }
            Behaviour::Refuse(kind, code, decline_code) => {
                let (_, body) = refusal(402, kind, &code, &decline_code);
                intent.status = "requires_payment_method";
                intent.error = Some(body["error"].clone());
                let status = if kind == "api_error" { 500 } else { 402 };
                return (status, body);
            }
        }
        self.show(id)
    }

    /// The holder did, or did not, prove who they are; as the bank's page tells Stripe.
    pub(crate) fn authenticate(&mut self, id: &str, passes: bool) {
        let intent = self.intents.get_mut(id).expect("there is such an intent");
        assert_eq!(intent.status, "requires_action");
        let then = intent.then.take().expect("a challenge is open");
        let failed = "payment_intent_authentication_failure";
        let failed = Behaviour::Refuse("invalid_request_error", failed.into(), String::new());
        let method = intent.method.clone().expect("it has one");
        self.charge(id, &method, if passes { then } else { failed });
    }

    /// A browser pays an open payment with a token.
    pub(crate) fn pay_in_browser(&mut self, id: &str, token: &str) {
        let method = self.method_of_token(token).expect("the token is good");
        let behaviour = self.methods[&method].behaviour.clone();
        self.charge(id, &method, behaviour);
    }

    fn capture(&mut self, id: &str, seen: &Seen) -> Reply {
        let Some(intent) = self.intents.get_mut(id) else { return missing("intent") };
        if intent.status != "requires_capture" {
            return unexpected(self.show(id).1);
        }
        let amount = seen.member("amount_to_capture").and_then(|text| text.parse().ok());
        let amount: i64 = amount.unwrap_or(intent.amount);
        if amount > intent.amount {
            return refusal(400, "invalid_request_error", "amount_too_large", "");
        }
        (intent.status, intent.received) = ("succeeded", amount);
        self.show(id)
    }

    fn cancel(&mut self, id: &str) -> Reply {
        let Some(intent) = self.intents.get_mut(id) else { return missing("intent") };
        if ["succeeded", "canceled", "processing"].contains(&intent.status) {
            return unexpected(self.show(id).1);
        }
        intent.status = "canceled";
        self.show(id)
    }

    fn refund(&mut self, seen: &Seen) -> Reply {
        let payment = seen.member("payment_intent").unwrap_or_default();
        let Some(intent) = self.intents.get_mut(payment) else { return missing("intent") };
        let amount = seen.member("amount").and_then(|text| text.parse().ok());
        let amount: i64 = amount.unwrap_or(intent.received);
        let left = intent.received - intent.refunded;
        if left == 0 {
            return refusal(400, "invalid_request_error", "charge_already_refunded", "");
        }
        if amount > left {
            return refusal(400, "invalid_request_error", "", "");
        }
        let status = self.refund_status.unwrap_or("succeeded");
        if status != "failed" {
            intent.refunded += amount;
        }
        let id = self.name("re");
        let refund = json!({
            "id": id, "object": "refund", "amount": amount, "status": status,
            "payment_intent": payment,
            "metadata": {"guichet_key": seen.member("metadata[guichet_key]")},
        });
        self.refunds.push((payment.to_owned(), refund.clone()));
        (200, refund)
    }

    fn list_refunds(&self, query: &str) -> Reply {
        let query = super::form::read(query);
        let payment = &query[0].1;
        let of_payment = self.refunds.iter().filter(|(of, _)| of == payment);
        let data: Vec<&Value> = of_payment.map(|(_, refund)| refund).collect();
        (200, json!({"object": "list", "data": data, "has_more": false}))
    }

    fn make_method(&mut self, seen: &Seen) -> Reply {
        let made = match (seen.member("card[number]"), seen.member("card[token]")) {
            (Some(number), _) => self.method_of_number(number),
            (None, Some(token)) => self.method_of_token(token),
            (None, None) => return refusal(400, "invalid_request_error", "parameter_missing", ""),
        };
        match made {
            Ok(id) => self.show_method(&id),
            Err(reply) => reply,
        }
    }

    fn show_method(&self, id: &str) -> Reply {
        let Some(method) = self.methods.get(id) else { return missing("payment_method") };
        let card = json!({"last4": method.last_four, "exp_month": 12, "exp_year": 2031});
        (200, json!({"id": id, "card": card, "customer": method.customer}))
    }

    fn move_method(&mut self, id: &str, verb: &str, seen: &Seen) -> Reply {
        let Some(method) = self.methods.get_mut(id) else { return missing("payment_method") };
        match verb {
            "attach" => {
                if let Behaviour::Refuse(kind, code, decline_code) = &method.behaviour {
                    return refusal(402, kind, code, decline_code);
                }
                let customer = seen.member("customer").map(str::to_owned);
                if method.customer.is_some() && method.customer != customer {
                    return refusal(400, "invalid_request_error", "", "");
                }
                method.customer = customer;
            }
            _ if method.customer.is_none() => {
                return refusal(400, "invalid_request_error", "", "");
            }
            _ => method.customer = None,
        }
        self.show_method(id)
    }
}

fn shown(id: &str, intent: &Intent, last_four: &str) -> Value {
    let charged = intent.charges > 0;
    let charge = json!({
        "id": format!("ch_{id}"), "object": "charge", "amount": intent.amount, "paid": true,
        "billing_details": {"name": "Anna Gestsdóttir"},
        "receipt_url": format!("https://pay.example.org/receipts/{id}"),
        "payment_method_details": {"type": "card", "card": {
            "brand": "visa", "last4": last_four, "fingerprint": "secret-fingerprint",
            "authorization_code": "123456",
        }},
    });
    json!({
        "id": id, "object": "payment_intent", "status": intent.status, "amount": intent.amount,
        "amount_received": intent.received, "currency": intent.currency,
        "client_secret": format!("{id}_secret_w1nter"),
        "capture_method": if intent.manual { "manual" } else { "automatic" },
        "metadata": {"guichet_key": intent.metadata_key},
        "last_payment_error": intent.error,
        "payment_method": intent.method,
        "latest_charge": if charged { charge } else { Value::Null },
    })
}

pub(super) fn missing(what: &str) -> Reply {
    let (status, mut body) = refusal(404, "invalid_request_error", "resource_missing", "");
    body["error"]["param"] = json!(what);
    (status, body)
}

fn unexpected(intent: Value) -> Reply {
    let code = "payment_intent_unexpected_state";
    let (status, mut body) = refusal(400, "invalid_request_error", code, "");
    body["error"]["payment_intent"] = intent;
    (status, body)
}
