//! What the gateway makes of a request, by its published rules.

use serde_json::{Value, json};

use super::fake::{AUTHORIZATION, Seen, State};

/// A payment in the gateway's books.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) request: Value,
    pub(crate) amount: i64,
    pub(crate) refunded: i64,
    pub(crate) status: &'static str,
    pub(crate) code: &'static str,
}

impl Payment {
    /// Whether its money was taken.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self.status, "Accepted" | "Captured" | "Refunded")
    }
}

/// A card in the gateway's vault.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) number: String,
    pub(crate) is_single: bool,
    pub(crate) enabled: bool,
    pub(crate) used: bool,
    /// When it ends, if it does.
    pub(crate) ends_s: Option<u64>,
}

type Reply = (u16, Value);

fn refused(message: &str) -> Reply {
    (400, json!({ "Message": message }))
}

/// The answer, with everything done that it says. `set` is what becomes of a payment.
pub(crate) fn answer(state: &mut State, seen: &Seen, set: Option<(&str, &str)>) -> Reply {
    if seen.authorization != AUTHORIZATION {
        return (401, json!({ "Message": "Authorization has been denied for this request." }));
    }
    let line = seen.line.replacen("/rpg/api/", "", 1);
    let (method, path) = line.split_once(' ').expect("a request has a path");
    let parts: Vec<_> = path.split('/').collect();
    match (method, parts.as_slice()) {
        ("POST", ["payment"]) => pay(state, &seen.body, set),
        ("GET", ["payment", id]) => match state.payments.get(*id) {
            Some(payment) => (200, told(id, payment)),
            None => (404, json!({ "Message": "NotFound" })),
        },
        ("PUT", ["payment", id, verb]) => change(state, id, verb, &seen.body),
        ("POST", ["token", kind]) => keep(state, *kind == "single", &seen.body, set),
        ("PUT", ["token", _, token, "disable"]) => match state.tokens.get_mut(*token) {
            Some(token) => {
                token.enabled = false;
                (204, Value::Null)
            }
            None => (404, json!({ "Message": "NotFound" })),
        },
        ("POST", ["mpi", "v2", "enrollment" | "validation"]) => bank(state, &seen.body),
        _ => (404, json!({ "Message": format!("no such place: {line}") })),
    }
}

fn pay(state: &mut State, body: &Value, set: Option<(&str, &str)>) -> Reply {
    let order_id = body["OrderId"].as_str().unwrap_or_default();
    let form = |it: u8| it.is_ascii_uppercase() || it.is_ascii_digit();
    if order_id.len() != 12 || !order_id.bytes().all(form) {
        return refused("OrderId: InvalidFormat");
    }
    let Some(amount) = body["Amount"].as_i64().filter(|amount| *amount > 0) else {
        return refused("Amount: Invalid");
    };
    if body["Currency"] == "352" && amount % 100 != 0 {
        return refused("Amount: Invalid");
    }
    if let Err(message) = charged(state, body) {
        return refused(&message);
    }
    let reserves = body["TransactionType"] == "PreAuthorization";
    let is_new = state.order_ids.insert(order_id.to_owned());
    let usual = if reserves { ("Uncaptured", "000") } else { ("Accepted", "000") };
    let (status, code) = if is_new { set.unwrap_or(usual) } else { ("Declined", "956") };
    let id = format!("tr_{:04}", state.payments.len() + 1);
    let (status, code) = (leaked(status), leaked(code));
    let payment = Payment { request: body.clone(), amount, refunded: 0, status, code };
    let reply = (201, told(&id, &payment));
    state.payments.insert(id, payment);
    reply
}

/// The scripts' words live as long as the test.
fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Checks the means and uses up what is good once.
fn charged(state: &mut State, body: &Value) -> Result<(), String> {
    let method = &body["PaymentMethod"];
    match method["PaymentType"].as_str() {
        Some("Card") => check_card(method)?,
        Some("TokenSingle" | "TokenMulti") => {
            let now_s = state.now_s;
            let text = method["Token"].as_str().unwrap_or_default();
            let token = state.tokens.get_mut(text).ok_or("Token: NotFound")?;
            let is_over = token.ends_s.is_some_and(|end| end <= now_s);
            if !token.enabled || token.used || is_over || !method["PAN"].is_null() {
                return Err("Token: Invalid".into());
            }
            token.used = token.is_single;
        }
        _ => return Err("PaymentType: Invalid".into()),
    }
    let proof = &body["ThreeDSecure"];
    if proof["DataType"] == "Token"
        && !state.proofs.remove(proof["MpiToken"].as_str().unwrap_or(""))
    {
        return Err("MpiToken: Invalid".into());
    }
    Ok(())
}

/// Digits, `YYYY` and `MM`; every wrong member is named.
fn check_card(card: &Value) -> Result<(), String> {
    let digits = |name: &str, lengths: std::ops::RangeInclusive<usize>| {
        let text = card[name].as_str().unwrap_or_default();
        lengths.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
    };
    let mut wrong = Vec::new();
    if !digits("PAN", 12..=19) {
        wrong.push("PAN: InvalidFormat");
    }
    if !digits("ExpMonth", 2..=2) {
        wrong.push("ExpMonth: Invalid expiration date");
    }
    if !digits("ExpYear", 4..=4) {
        wrong.push("ExpYear: Invalid expiration date");
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn told(id: &str, payment: &Payment) -> Value {
    let request = &payment.request;
    let number = request["PaymentMethod"]["PAN"].as_str().unwrap_or("4741520000000003");
    let (first, last) = (&number[..6], &number[number.len() - 4..]);
    json!({
        "TransactionId": id, "TransactionType": request["TransactionType"],
        "Amount": payment.amount, "Currency": request["Currency"],
        "TransactionDate": request["TransactionDate"], "OrderId": request["OrderId"],
        "AuthCode": "842517", "ActionCode": payment.code, "TransactionStatus": payment.status,
        "PaymentMethod": {
            "PaymentType": request["PaymentMethod"]["PaymentType"],
            "PAN": format!("{first}******{last}"), "CardType": "Visa", "IsDebit": "False",
        },
        "Metadata": request["Metadata"],
    })
}

fn change(state: &mut State, id: &str, verb: &str, body: &Value) -> Reply {
    let Some(payment) = state.payments.get_mut(id) else {
        return (404, json!({ "Message": "NotFound" }));
    };
    match (verb, payment.status) {
        ("capture", "Uncaptured") => payment.status = "Captured",
        ("cancel", "Uncaptured") => payment.status = "Cancelled",
        ("refund", "Accepted" | "Captured") => {
            let left = payment.amount - payment.refunded;
            let part = if body.is_null() { Some(left) } else { body["PartialAmount"].as_i64() };
            let isk = payment.request["Currency"] == "352";
            let part = part.filter(|part| (1..=left).contains(part) && !(isk && part % 100 != 0));
            let Some(part) = part else { return refused("PartialAmount: Invalid") };
            payment.refunded += part;
            if payment.refunded == payment.amount {
                payment.status = "Refunded";
            }
        }
        _ => return refused("TransactionStatus: Invalid"),
    }
    (200, json!({ "TransactionId": id, "ActionCode": "000", "Message": "Accepted" }))
}

fn keep(state: &mut State, is_single: bool, body: &Value, set: Option<(&str, &str)>) -> Reply {
    let number = match body["TokenSingle"].as_str().filter(|_| !is_single) {
        Some(single) => match state.tokens.get_mut(single) {
            Some(token) if token.is_single && !token.used && body["PAN"].is_null() => {
                token.used = true;
                token.number.clone()
            }
            _ => return refused("TokenSingle: Invalid"),
        },
        None => match check_card(body) {
            Ok(()) => body["PAN"].as_str().unwrap_or_default().to_owned(),
            Err(message) => return refused(&message),
        },
    };
    let lifetime = body["TokenLifetime"].as_u64().filter(|lifetime| *lifetime > 0);
    if is_single && lifetime.is_none() {
        return refused("TokenLifetime: Invalid");
    }
    let name = format!("{}_{:04}", if is_single { "ts" } else { "tm" }, state.tokens.len() + 1);
    let mask = format!("{}******{}", &number[..6], &number[number.len() - 4..]);
    let ends_s = lifetime.filter(|_| is_single).map(|lifetime| state.now_s + lifetime);
    let token = Token { number, is_single, enabled: true, used: false, ends_s };
    state.tokens.insert(name.clone(), token);
    let mut reply = json!({ "Token": name, "PAN": mask, "Enabled": true, "Used": false });
    if body["VerifyCard"].is_object() {
        let code = set.map_or("000", |(_, code)| code);
        reply["VerifyCardResult"] = json!({ "TransactionId": "tr_check", "ActionCode": code });
    }
    (201, reply)
}

/// The bank says what the test wants; its proofs are good once.
fn bank(state: &mut State, body: &Value) -> Reply {
    if body["TermUrl"].as_str().is_some_and(|url| url.contains('?')) {
        return refused("TermUrl: Invalid");
    }
    let said = state.bank.pop_front().unwrap_or(json!({ "MdStatus": "1", "MPIToken": "mpi_0" }));
    if let Some(token) = said["MPIToken"].as_str() {
        state.proofs.insert(token.to_owned());
    }
    (200, said)
}
