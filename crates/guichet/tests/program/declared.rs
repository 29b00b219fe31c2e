//! A card number in each text member of each operation, as the program declares them.

use serde_json::{Map, Value, json};

use crate::secrets::{CARD, Sent, post};

/// Where the declarations of all hosts are.
pub(crate) const DOCUMENT: &str = "/openapi.json";

/// What stands for the handle of a ticket that is bought when the request is sent.
pub(crate) const TICKET: &str = "a-new-ticket";

/// How deep members of members are looked for.
const DEPTH_MAX: usize = 6;

/// What stands in the other text members.
const OTHER_TEXT: &str = "other";

/// The demo's first club.
const CLUB: u32 = 1;

/// A body that is taken, so that what stands beside it is stored. `order` buys a ticket.
fn good(path: &str, order: &Value) -> Option<Value> {
    let kind = &order["orderDetails"][0]["eventSeriesOwnerTicketType"];
    let year = ("2026-01-01T00:00:00Z", "2046-01-01T00:00:00Z");
    let path = path.strip_prefix("/tickets").unwrap_or(path);
    Some(match path {
        "/ticketOrder" => order.clone(),
        "/ticketOrder/cancel" => json!({ "ticketTokenId": TICKET }),
        "/ticketOrder/mail" => json!({ "ticketTokenId": TICKET, "email": "other@example.org" }),
        "/refund/process" => json!({ "ticketTokenIds": [TICKET], "reason": OTHER_TEXT }),
        "/TransferTicket" => json!({ "ticketTokenId": TICKET, "toPhoneNumber": "+3545550123" }),
        "/eventOwnerGiveAwayCards" => {
            json!({ "ownerCardTypeId": 1, "holders": [{ "name": OTHER_TEXT }] })
        }
        "/login/create" => {
            json!({ "userName": OTHER_TEXT, "email": "o@example.org", "password": "a long one" })
        }
        "/backOffice/owners" | "/backOffice/series" | "/backOffice/locations" => {
            json!({ "entry": { "name": OTHER_TEXT } })
        }
        "/backOffice/specialTickets" => {
            json!({ "eventOwnerId": CLUB, "quantity": 1, "campaign": OTHER_TEXT })
        }
        "/backOffice/ticketTypes" => {
            json!({ "entry": { "name": OTHER_TEXT, "eventOwnerId": CLUB } })
        }
        "/backOffice/events" => json!({
            "entry": { "name": OTHER_TEXT, "eventOwnerId": CLUB, "startsUTC": year.1 },
        }),
        "/backOffice/cardTypes" => json!({ "entry": {
            "name": OTHER_TEXT, "eventOwnerId": CLUB, "validFromUTC": year.0, "validToUTC": year.1,
        } }),
        "/backOffice/passTypes" => json!({ "entry": {
            "name": OTHER_TEXT, "eventOwnerId": CLUB, "eventSeriesId": 1, "ticketTypeId": kind,
        } }),
        _ => return None,
    })
}

/// For each text member of each operation that takes a body: the card in that member alone, with
/// something plain in all the others, and beside what makes a good request. The event
/// is cancelled last.
pub(crate) fn requests(document: &Value, order: &Value) -> Vec<Sent> {
    let mut all = Vec::new();
    let paths = document["paths"].as_object().unwrap();
    let (ends, others): (Vec<_>, Vec<_>) =
        paths.iter().partition(|it| it.0.contains("events/cancel"));
    for (path, verbs) in others.into_iter().chain(ends) {
        // Each operation has a path of this form besides its own.
        let verbs = verbs.as_object().filter(|_| !path.contains("/api/"));
        for (verb, operation) in verbs.into_iter().flatten().filter(|it| it.0 != "get") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let form = Form { document, event: &order["order"]["eventId"] };
            let target = format!("{path}.json").replace(['{', '}'], "");
            for body in form.bodies(schema, good(path, order)) {
                let verb = if verb == "delete" { "DELETE" } else { "POST" };
                let sent = post(&target, "application/json", body.to_string());
                all.push(Sent { verb, ..sent });
            }
        }
    }
    all
}

/// How bodies are made from a schema.
struct Form<'d> {
    document: &'d Value,
    event: &'d Value,
}

impl Form<'_> {
    fn bodies(&self, schema: &Value, good: Option<Value>) -> Vec<Value> {
        let (mut numbers, mut full, mut texts) = (json!({}), json!({}), Vec::new());
        self.walk(schema, "", 0, &mut |pointer, kind| match kind {
            Member::Text => {
                texts.push(pointer.to_owned());
                put(&mut full, pointer, json!(OTHER_TEXT));
            }
            Member::Number(number) => {
                put(&mut full, pointer, number.clone());
                // Nothing is made of members of members that the card does not stand in.
                if pointer.matches('/').count() == 1 {
                    put(&mut numbers, pointer, number);
                }
            }
        });
        let with_card = |base: &Value, pointer: &String| {
            let mut body = base.clone();
            put(&mut body, pointer, json!(CARD));
            body
        };
        let bases = [Some(numbers), Some(full), good];
        let bases: Vec<Value> = bases.into_iter().flatten().collect();
        texts.iter().flat_map(|text| bases.iter().map(|base| with_card(base, text))).collect()
    }

    fn walk(
        &self,
        schema: &Value,
        pointer: &str,
        depth: usize,
        found: &mut impl FnMut(&str, Member),
    ) {
        let schema = self.resolved(schema);
        if depth > DEPTH_MAX {
            return;
        }
        let items = &schema["items"];
        if items.is_object() {
            return self.walk(items, &format!("{pointer}/0"), depth + 1, found);
        }
        let Some(members) = schema["properties"].as_object() else {
            let name = pointer.trim_end_matches("/0").rsplit('/').next().unwrap_or_default();
            return match kind(schema) {
                Some("string") => found(pointer, Member::Text),
                Some("integer" | "number") => found(pointer, Member::Number(self.number(name))),
                _ => {}
            };
        };
        for (name, member) in members {
            self.walk(member, &format!("{pointer}/{name}"), depth + 1, found);
        }
    }

    /// A schema with what it refers to in its place.
    fn resolved<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let alternatives = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
        let named = |schema: &'v Value| schema["$ref"].as_str();
        let found = named(schema).or_else(|| alternatives?.iter().find_map(named));
        let target = found.and_then(|name| self.document.pointer(name.strip_prefix('#')?));
        target.unwrap_or(schema)
    }

    /// The number of something that the demo has.
    fn number(&self, name: &str) -> Value {
        if name.eq_ignore_ascii_case("eventId") { self.event.clone() } else { json!(1) }
    }
}

enum Member {
    Text,
    Number(Value),
}

/// The type of what is not null; a moment and a choice are no texts.
fn kind(schema: &Value) -> Option<&str> {
    let kinds = schema["type"].as_array().map(Vec::as_slice);
    let kinds = kinds.unwrap_or(std::slice::from_ref(&schema["type"]));
    let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
    let is_special = schema["format"].is_string() || schema["enum"].is_array();
    kind.filter(|kind| *kind != "string" || !is_special)
}

/// Puts a value where the pointer leads, and makes what leads there.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut place = body;
    for name in pointer.split('/').skip(1) {
        place = match name.parse::<usize>() {
            Ok(_) => {
                if !place.is_array() {
                    *place = json!([null]);
                }
                &mut place[0]
            }
            Err(_) => {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                &mut place[name]
            }
        };
    }
    *place = value;
}
