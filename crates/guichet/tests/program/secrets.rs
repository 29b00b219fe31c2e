//! Requests that carry a known card, in every format, in the right members and in wrong ones,
//! whole and broken.

use serde_json::{Value, json};

/// American Express, because a code of four digits is hardly ever found by chance.
pub(crate) const CARD: &str = "378282246310005";
pub(crate) const CODE: &str = "9371";
pub(crate) const YEAR: &str = "2047";

/// The card's number as people and programs write it.
pub(crate) const CARD_SPELLINGS: [&str; 4] =
    [CARD, "3782 822463 10005", "3782-822463-10005", "3782%20822463%2010005"];

/// One request: verb, target, further headers, body.
pub(crate) struct Sent {
    pub(crate) verb: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn post(target: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Sent {
    let headers = vec![("Content-Type", content_type.to_owned())];
    Sent { verb: "POST", target: target.to_owned(), headers, body: body.into() }
}

/// The demo's order, paid with the known card.
fn with_card(order: &Value) -> Value {
    let mut order = order.clone();
    let method = &mut order["cardInfo"]["paymentMethod"];
    method["pan"] = json!(CARD);
    method["cvc"] = json!(CODE);
    method["expYear"] = json!(YEAR);
    order
}

/// Everything that is sent.
pub(crate) fn requests(order: &Value) -> Vec<Sent> {
    let order = with_card(order);
    let mut all = whole(&order);
    all.extend(broken(&order));
    all.extend(misplaced(&order));
    all.extend(in_heads(&order));
    all.extend(authenticating(&order));
    all.extend(keeping(&order));
    all.extend(verifying());
    all
}

/// The order in every format.
fn whole(order: &Value) -> Vec<Sent> {
    vec![
        post("/ticketOrder.json", "application/json", order.to_string()),
        post("/ticketOrder.jsv", "text/jsv", jsv(order)),
        post("/ticketOrder", "application/x-www-form-urlencoded", form(order)),
        post("/json/reply/TicketOrder", "application/json", order.to_string()),
        post("/json/oneway/TicketOrder", "application/json", order.to_string()),
        post("/api/OrderOwnerCards", "application/json", order.to_string()),
        post("/nothing", "application/json", order.to_string()),
    ]
}

/// The same cut short, in types that do not fit, in formats that are not read.
fn broken(order: &Value) -> Vec<Sent> {
    let (in_json, in_jsv, in_form) = (order.to_string(), jsv(order), form(order));
    let mut all = Vec::new();
    for tenths in 1..10 {
        let cut = |text: &str| text.as_bytes()[..text.len() * tenths / 10].to_vec();
        all.push(post("/ticketOrder.json", "application/json", cut(&in_json)));
        all.push(post("/ticketOrder.jsv", "text/jsv", cut(&in_jsv)));
        all.push(post("/ticketOrder", "application/x-www-form-urlencoded", cut(&in_form)));
    }
    for content_type in ["text/xml", "text/csv", "multipart/form-data", "text/plain", "nonsense"] {
        all.push(post("/ticketOrder", content_type, in_json.clone()));
    }
    for pan in [json!([CARD]), json!({ "is": CARD }), json!(378_282_246_310_005_u64)] {
        let mut order = order.clone();
        order["cardInfo"]["paymentMethod"]["pan"] = pan;
        all.push(post("/ticketOrder.json", "application/json", order.to_string()));
    }
    let swapped = json!({ "paymentMethod": CARD, "amount": CODE, "currency": CARD });
    for card_info in [json!(CARD), json!([CARD, CODE, YEAR]), swapped] {
        let mut order = order.clone();
        order["cardInfo"] = card_info;
        all.push(post("/ticketOrder.json", "application/json", order.to_string()));
        all.push(post("/ticketOrder.jsv", "text/jsv", jsv(&order)));
    }
    let bytes = [in_json.as_bytes(), b"\xff\xfe"].concat();
    all.push(post("/ticketOrder.json", "application/json", bytes));
    all
}

/// The number in members that are kept or shown, beside a card that pays.
fn misplaced(order: &Value) -> Vec<Sent> {
    let mut all = Vec::new();
    for spelling in &CARD_SPELLINGS[..3] {
        for member in [
            "/appMetaData",
            "/deviceId",
            "/phoneVerificationNumber",
            "/paymentPhoneNumber",
            "/seatReservationTokenId",
            "/requestUnixUTCTimeStamp",
            "/order/paymentMethodId",
            "/order/currency",
            "/order/eventId",
            "/orderDetails/0/count",
            "/orderDetails/0/ticketPrice",
            "/orderDetails/0/specialTicketId",
            "/cardInfo/orderId",
            "/cardInfo/amount",
            "/cardInfo/paymentMethod/paymentType",
            "/cardInfo/paymentMethod/token",
            "/cardInfo/paymentMethod/unknownMember",
        ] {
            let mut order = order.clone();
            let (parent, name) = member.rsplit_once('/').unwrap();
            order.pointer_mut(parent).unwrap()[name] = json!(spelling);
            all.push(post("/ticketOrder.json", "application/json", order.to_string()));
        }
        for name in ["name", "fullPhoneNumber", "holderId"] {
            let mut order = order.clone();
            order["ticketHolders"] = json!({ "ticketHolders": [{ name: spelling }] });
            all.push(post("/ticketOrder.json", "application/json", order.to_string()));
        }
        let review = json!({ "ticketTokenId": spelling, "verdict": spelling, "reason": spelling });
        all.push(post("/ticketOrder/review.json", "application/json", review.to_string()));
    }
    all
}

/// The number in URLs and headers.
fn in_heads(order: &Value) -> Vec<Sent> {
    let mut all = Vec::new();
    for query in [
        form(order),
        format!("cardInfo={{paymentMethod:{{pan:{CARD},cvc:{CODE}}}}}"),
        format!("pan={CARD}&cvc={CODE}"),
        format!("paymentMethod=%7Bpan%3A{CARD}"),
        format!("deviceId={CARD}&format={CARD}&callback={CARD}&jsconfig={CARD}"),
        format!("%zz={CARD}"),
    ] {
        for target in ["/ticketOrder", "/api/TicketOrder", "/events", "/health", "/nothing"] {
            let target = format!("{target}?{query}");
            all.push(Sent { verb: "GET", target, headers: Vec::new(), body: Vec::new() });
        }
    }
    for spelling in [CARD, CARD_SPELLINGS[3]] {
        let target = format!("/eventDetailsAndPrices/Reference/{spelling}");
        all.push(Sent { verb: "GET", target, headers: Vec::new(), body: Vec::new() });
        let target = format!("/{spelling}/{spelling}");
        all.push(Sent { verb: "GET", target, headers: Vec::new(), body: Vec::new() });
    }
    for name in ["Idempotency-Key", "X-Api-Key", "User-Agent", "X-Http-Method-Override"] {
        let mut sent = post("/ticketOrder.json", "application/json", order.to_string());
        sent.headers.push((name, CARD.to_owned()));
        all.push(sent);
    }
    let mut sent = post("/ticketOrder.json", "application/json", "{}");
    sent.headers.push(("X-Param-Override-CardInfo", format!("{{paymentMethod:{{pan:{CARD}}}}}")));
    all.push(sent);
    all
}

/// The start of 3-D Secure with the card, whole, cut, misplaced and in URLs, and its other steps.
fn authenticating(order: &Value) -> Vec<Sent> {
    const START: &str = "/threeDSecure/start";
    let mut start = json!({ "eventId": order["order"]["eventId"], "cardInfo": order["cardInfo"] });
    start["cardInfo"]["amount"] = json!(4500);
    let (in_json, in_jsv, in_form) = (start.to_string(), jsv(&start), form(&start));
    let mut all = vec![
        post("/threeDSecure/start.json", "application/json", in_json.clone()),
        post("/threeDSecure/start.jsv", "text/jsv", in_jsv),
        post(START, "application/x-www-form-urlencoded", in_form.clone()),
        post(&format!("{START}?{in_form}"), "application/json", "{}"),
    ];
    for tenths in 1..10 {
        let cut = in_json.as_bytes()[..in_json.len() * tenths / 10].to_vec();
        all.push(post("/threeDSecure/start.json", "application/json", cut));
    }
    for member in ["deviceId", "returnUrl", "phoneVerificationNumber", "ownerId", "paymentCardId"] {
        let mut start = start.clone();
        start[member] = json!(CARD);
        all.push(post("/threeDSecure/start.json", "application/json", start.to_string()));
    }
    let mut address = start.clone();
    address["returnUrl"] = json!(format!("https://app.example.org/{CARD}?{CODE}"));
    all.push(post("/threeDSecure/start.json", "application/json", address.to_string()));
    let finish = json!({ "orderId": CARD, "cres": CARD, "deviceId": CARD });
    all.push(post("/threeDSecure/finish.json", "application/json", finish.to_string()));
    all.push(post(&format!("/threeDSecure/return/{CARD}"), "text/plain", CARD));
    let reference = json!({ "reference": CARD }).to_string();
    all.push(post("/phonePayment/callback/phone", "application/json", reference));
    let event = json!({ "Data": { "TransactionId": CARD, "OrderId": CARD } }).to_string();
    all.push(post(&format!("/borgun/events/sandbox/{CARD}"), "application/json", event));
    all
}

/// A value in JSV; none of the texts here needs quotes but those with blanks or dashes, which
/// need none either.
fn jsv(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(jsv).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let pairs = members.iter().map(|(name, value)| format!("{name}:{}", jsv(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// A form with one parameter a member; braces and colons may stand as they are.
fn form(value: &Value) -> String {
    let members = value.as_object().unwrap().iter();
    members.map(|(name, value)| format!("{name}={}", jsv(value))).collect::<Vec<_>>().join("&")
}

/// A card to be saved, whole, cut and in URLs, without a phone to save it for.
fn keeping(order: &Value) -> Vec<Sent> {
    const SAVE: &str = "/cardTokens/saveCard";
    let save = json!({ "paymentMethod": order["cardInfo"]["paymentMethod"] });
    let (in_json, in_form) = (save.to_string(), form(&save));
    let mut all = vec![
        post("/cardTokens/saveCard.json", "application/json", in_json.clone()),
        post("/cardTokens/saveCard.jsv", "text/jsv", jsv(&save)),
        post(SAVE, "application/x-www-form-urlencoded", in_form.clone()),
        post(&format!("{SAVE}?{in_form}"), "application/json", "{}"),
    ];
    for tenths in 1..10 {
        let cut = in_json.as_bytes()[..in_json.len() * tenths / 10].to_vec();
        all.push(post("/cardTokens/saveCard.json", "application/json", cut));
    }
    all
}

/// The number in the members of phone verification and of saved cards.
fn verifying() -> Vec<Sent> {
    let mut all = Vec::new();
    for spelling in CARD_SPELLINGS {
        for (target, body) in [
            ("/phoneverification/request.json", json!({ "fullPhoneNumber": spelling })),
            (
                "/phoneverification/request.json",
                json!({ "fullPhoneNumber": "5550102", "deviceId": spelling }),
            ),
            (
                "/phoneverification/verification.json",
                json!({ "requestId": spelling, "code": spelling, "deviceId": spelling }),
            ),
            ("/phoneverification/revoke.json", json!({ "phoneVerificationNumber": spelling })),
            ("/paymentCards.json", json!({ "phoneVerificationNumber": spelling })),
            ("/cardTokens.json", json!({ "deviceId": spelling })),
            ("/paymentCards/delete.json", json!({ "paymentCardId": spelling })),
        ] {
            all.push(post(target, "application/json", body.to_string()));
        }
    }
    let target = format!("/phoneverification/request/{CARD}");
    all.push(Sent { verb: "GET", target, headers: Vec::new(), body: Vec::new() });
    all
}
