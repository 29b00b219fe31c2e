//! What each status and action code becomes (`payments.md` §1.4, §1.5).

use gateway::Gateway as _;
use serde_json::{Value, json};

use super::fake::{FakeRpg, Turn};
use super::{CARD, KEY, open};
use crate::support::{card, kind, krona};

/// Rows of `payments.md` §1.5: the codes, and what a declined payment with one of them is.
const DECLINED_ROWS: [(&str, &str); 22] = [
    ("100", "declined Soft"),
    ("101 131", "declined HardExpiry"),
    ("102 129 202 210", "declined HardAccount"),
    ("103 203", "declined Soft"),
    ("104 204", "declined HardAccount"),
    ("106 112 117 126 206", "declined Soft"),
    ("109 916 955", "misconfigured"),
    ("110", "not executed"),
    ("111 118 125 201", "declined HardAccount"),
    ("116", "declined InsufficientFunds"),
    ("119 120 121", "declined Soft"),
    ("130", "not executed"),
    ("161 162 163 164 165 166", "not executed"),
    ("200 205 207 208 209", "declined HardAccount"),
    ("902 904", "not executed"),
    ("907 908 909 910 911 912 953", "declined Soft"),
    ("913", "unknown"),
    ("914", "not executed"),
    ("950 951 952 954", "not executed"),
    ("956", "unknown"),
    ("000", "declined Soft"),
    ("123 999", "declined Soft"),
];

/// Everything that code and status may be together, but a decline.
const STATUS_ROWS: [(&str, &str, &str); 18] = [
    ("Accepted", "000", "approved"),
    ("accepted", "000", "approved"),
    ("2", "000", "approved"),
    ("Captured", "000", "approved"),
    ("Uncaptured", "000", "unknown"),
    ("Accepted", "100", "unknown"),
    ("Accepted", "913", "unknown"),
    ("Error", "000", "unknown"),
    ("Error", "100", "unknown"),
    ("Error", "909", "unknown"),
    ("Error", "907", "unknown"),
    ("Error", "953", "unknown"),
    ("Error", "913", "unknown"),
    ("Unknown", "000", "unknown"),
    ("Unknown", "956", "unknown"),
    ("Refunded", "000", "unknown"),
    ("Cancelled", "000", "not executed"),
    ("Something", "000", "unknown"),
];

async fn check(fake: &FakeRpg, gateway: &gateway::borgun::Borgun, turn: Turn, expected: &str) {
    let what = format!("{turn:?}");
    fake.next([turn]);
    // The order id may come again: what the fake says is in its script.
    fake.state().order_ids.clear();
    let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
    assert_eq!(kind(&result), expected, "{what}: {result:?}");
    let lines = fake.lines();
    assert_eq!(lines[0], "POST /rpg/api/payment", "{what}");
    let read = lines[1..].iter().all(|line| line.starts_with("GET /rpg/api/payment/tr_"));
    assert!(read && lines.len() <= 2, "{what}: sent once, and read once at most: {lines:?}");
}

#[tokio::test]
async fn a_declined_payment_is_read_by_its_code() {
    // Proves every row of the table of codes for the status that says no.
    let (fake, gateway) = open().await;
    for (codes, expected) in DECLINED_ROWS {
        for code in codes.split(' ') {
            check(&fake, &gateway, Turn::Pay("Declined", code), expected).await;
        }
    }
}

#[tokio::test]
async fn only_a_clear_answer_is_a_yes_or_a_no() {
    // Proves the rules of status and code, and that a host which did not answer leaves it open.
    let (fake, gateway) = open().await;
    for (status, code, expected) in STATUS_ROWS {
        check(&fake, &gateway, Turn::Pay(status, code), expected).await;
    }
}

#[tokio::test]
async fn an_unclear_answer_with_a_name_is_read_at_once() {
    // Proves that the one moment at which the gateway can be asked is used, and what is then said.
    let (fake, gateway) = open().await;
    let unclear = json!({
        "TransactionId": "tr_0001", "TransactionStatus": "Error", "ActionCode": "909",
    });
    for (status, code, expected) in [
        ("Accepted", "000", "approved"),
        ("Declined", "116", "declined InsufficientFunds"),
        ("Declined", "109", "not executed"),
        ("Error", "909", "unknown"),
        ("Declined", "956", "unknown"),
    ] {
        fake.state().payments.clear();
        fake.state().order_ids.clear();
        fake.next([Turn::Pay(status, code)]);
        let _made = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
        fake.seen();
        fake.next([Turn::Say(201, unclear.clone())]);
        let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
        assert_eq!(kind(&result), expected, "{status} {code}");
        assert_eq!(fake.lines(), ["POST /rpg/api/payment", "GET /rpg/api/payment/tr_0001"]);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown() {
    // Proves that no answer without sense is taken for a decline.
    let (fake, gateway) = open().await;
    for body in ["", "<html>", "[]", "{}", "{\"TransactionStatus\":", "\u{feff}{}"] {
        check(&fake, &gateway, Turn::Garble(body), "unknown").await;
    }
    let code = |code: &str| json!({ "ActionCode": code, "Message": "x" });
    let say = |status: u16, body: Value, expected| (Turn::Say(status, body), expected);
    for (turn, expected) in [
        say(200, json!({ "TransactionId": "tr_9999" }), "unknown"),
        say(
            400,
            json!({ "Message": "PAN: InvalidFormat; OrderId: InvalidFormat" }),
            "not executed",
        ),
        say(400, json!({}), "unknown"),
        say(400, code("902"), "not executed"),
        say(400, code("100"), "declined Soft"),
        say(400, code("909"), "unknown"),
        say(400, code("913"), "unknown"),
        say(400, code("956"), "unknown"),
        say(400, code("955"), "misconfigured"),
        say(401, json!({ "Message": "denied" }), "misconfigured"),
        say(403, json!(null), "misconfigured"),
        say(404, json!({ "Message": "denied" }), "unknown"),
        say(408, json!({}), "unknown"),
        say(409, json!({}), "unknown"),
        say(429, json!({}), "unknown"),
        say(500, json!({ "TransactionStatus": "Declined", "ActionCode": "100" }), "unknown"),
        say(502, json!({}), "unknown"),
        say(503, json!({}), "unknown"),
        say(504, json!({}), "unknown"),
        say(302, json!({}), "unknown"),
    ] {
        check(&fake, &gateway, turn, expected).await;
    }
}

#[tokio::test]
async fn an_answer_about_another_payment_counts_for_nothing() {
    // Proves that a yes to another order, sum or currency is no yes.
    let (fake, gateway) = open().await;
    let id = gateway::borgun::order_id(KEY);
    let yes = |id: &str, amount: i64, currency: &str| {
        json!({
            "TransactionId": "tr_1", "TransactionStatus": "Accepted", "ActionCode": "000",
            "OrderId": id, "Amount": amount, "Currency": currency,
        })
    };
    let told = |body: Value| Turn::Say(201, body);
    check(&fake, &gateway, told(yes(&id, 500_000, "352")), "approved").await;
    check(&fake, &gateway, told(yes("ABCDEFGHIJKL", 500_000, "352")), "unknown").await;
    check(&fake, &gateway, told(yes(&id, 5_000, "352")), "unknown").await;
    check(&fake, &gateway, told(yes(&id, 500_000, "978")), "unknown").await;
}

#[tokio::test]
async fn no_error_quotes_a_card() {
    // Proves that what the gateway repeats of a card reaches no text of ours.
    let (fake, gateway) = open().await;
    let body = json!({ "Message": format!("PAN: {CARD} is wrong; CVC2: 123 is wrong") });
    fake.next([Turn::Say(400, body)]);
    let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
    let text = format!("{result:?}");
    assert!(text.contains("PAN") && !text.contains(CARD) && !text.contains("123"), "{text}");
}
