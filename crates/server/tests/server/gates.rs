//! The gate from outside: scans with and without the network.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::gate::Verdict;
use domain::gate::bundle::Bundle;
use domain::scan_code::{check_bundle, check_code};
use domain::time::Span;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::paid;
use crate::shop::{Engine, NOON, Shop};

const SCANNERS: usize = 64;

async fn post(shop: &Shop, key: &str, path: &str, body: &Value) -> Answer {
    shop.send(&Request::post(&format!("{path}.json")).key(key).json(body)).await
}

/// The codes of an order of two adults for the match.
async fn codes(shop: &Shop) -> (String, Vec<String>) {
    let order = shop.order(&paid(shop, "match", "adult", 2)).await;
    let line = order.json()["ticketAndDetails"]["eventTicketDetails"][0].clone();
    let code = |code: &Value| code["code"].as_str().unwrap().to_owned();
    (order.token(), line["gateAccessCodes"].as_array().unwrap().iter().map(code).collect())
}

fn scan(code: &str) -> Value {
    json!({ "scanCode": code, "gate": "north" })
}

#[tokio::test]
async fn a_scanner_lets_in_once() {
    // Proves what a gate is told, that the same code stays out, that the counts say so, and that
    // the office takes a scan back.
    let shop = Shop::open().await;
    let scanner = shop.key(&["Gate"], &["hekla"]).await;
    let (token, codes) = codes(&shop).await;
    let first = post(&shop, &scanner, "/gate/scan", &scan(&codes[0])).await.json();
    assert_eq!((&first["admitted"], &first["ticketName"]), (&json!(true), &json!("Adult")));
    assert_eq!((&first["admission"], &first["admissions"]), (&json!(1), &json!(2)));
    let second = post(&shop, &scanner, "/gate/scan", &scan(&codes[0])).await.json();
    assert_eq!((&second["admitted"], &second["reason"]), (&json!(false), &json!("AlreadyUsed")));
    assert_eq!(second["firstEntryUTC"], first["firstEntryUTC"]);
    let counts = format!("/gate/counts/{}.json", shop.number("event", "match"));
    let counted = shop.send(&Request::get(&counts).key(&scanner)).await.json();
    assert_eq!((&counted["total"], &counted["gates"][0]["gate"]), (&json!(1), &json!("north")));
    assert_eq!(shop.status(&token).await.json()["ticketStatus"], "Activated");
    let undo = json!({ "scanCode": codes[0], "reason": "turned back" });
    assert_eq!(post(&shop, &scanner, "/gate/undo", &undo).await.status, 403);
    assert_eq!(
        post(&shop, &shop.admin, "/gate/undo", &undo).await.json()["ticketStatus"],
        "Bought"
    );
    assert_eq!(post(&shop, &shop.admin, "/gate/undo", &undo).await.code(), "ScanNotFound");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn refusals_of_the_gate() {
    // Proves each refusal of a scan: what is sent, what is answered, and that nobody is counted.
    let shop = Shop::open().await;
    let scanner = shop.key(&["Gate"], &["hekla"]).await;
    let other = shop.key(&["Gate"], &["esja"]).await;
    let app = shop.key(&["MobileApp"], &[]).await;
    let (_, codes) = codes(&shop).await;
    let rush = shop.number("event", "rush");
    let forged =
        codes[0].replace(&codes[0][20..21], if &codes[0][20..21] == "A" { "B" } else { "A" });
    let cases = [
        (&scanner, scan("nonsense"), 404, "ScanCodeInvalid"),
        (&scanner, scan(&forged), 404, "ScanCodeInvalid"),
        (&scanner, scan(&"A".repeat(300)), 404, "ScanCodeInvalid"),
        (&other, scan(&codes[0]), 403, "OwnerScopeDenied"),
    ];
    for (key, body, status, code) in cases {
        let answer = post(&shop, key, "/gate/scan", &body).await;
        assert_eq!((answer.status_code(), answer.code()), (status, code.into()), "{body}");
    }
    assert_eq!(post(&shop, &app, "/gate/scan", &scan(&codes[0])).await.status, 403);
    let no_gate = json!({ "scanCode": codes[0] });
    assert_eq!(post(&shop, &scanner, "/gate/scan", &no_gate).await.fields(), ["Gate"]);
    let wrong = json!({ "scanCode": codes[0], "gate": "north", "eventId": rush });
    assert_eq!(post(&shop, &scanner, "/gate/scan", &wrong).await.json()["reason"], "WrongEvent");
    let counts = format!("/gate/counts/{}.json", shop.number("event", "match"));
    assert_eq!(shop.send(&Request::get(&counts).key(&scanner)).await.json()["total"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_scanners_lets_in() {
    // Proves that 64 scanners with the same code let one person in.
    for engine in Engine::ALL {
        scanned_once(engine).await;
    }
}

async fn scanned_once(engine: Engine) {
    let shop = Arc::new(Shop::with(engine, |sandbox| Arc::new(sandbox)).await);
    let (_, codes) = codes(&shop).await;
    let mut scanners = tokio::task::JoinSet::new();
    for _ in 0..SCANNERS {
        let (shop, body) = (Arc::clone(&shop), scan(&codes[0]));
        scanners.spawn(async move {
            post(&shop, &shop.admin, "/gate/scan", &body).await.json()["admitted"] == json!(true)
        });
    }
    let admitted = scanners.join_all().await.into_iter().filter(|admitted| *admitted).count();
    assert_eq!(admitted, 1);
}

/// The list of the match, as a scanner checks and reads it.
async fn list(shop: &Shop, since: i64) -> Bundle {
    let event = shop.number("event", "match");
    let path = format!("/gate/bundle/{event}.json?since={since}");
    let told = shop.send(&Request::get(&path).key(&shop.admin)).await.json();
    let bytes = |member: &str| URL_SAFE_NO_PAD.decode(told[member].as_str().unwrap()).unwrap();
    let key: [u8; 32] = bytes("publicKey").try_into().unwrap();
    let signature: [u8; 64] = bytes("signature").try_into().unwrap();
    let text = told["text"].as_str().unwrap();
    assert!(check_bundle(text, &signature, &key));
    let bundle: Bundle = text.parse().unwrap();
    assert_eq!(bundle.sequence.0, told.get("sequence").and_then(Value::as_i64).unwrap_or(0));
    bundle
}

#[tokio::test]
async fn a_scanner_without_the_network() {
    // Proves that the signed list tells what was refunded and who is in, and that an upload counts
    // once, is reported where it does not fit, and changes nothing when it is sent again.
    let shop = Shop::open().await;
    let (token, codes) = codes(&shop).await;
    let mut known = list(&shop, 0).await;
    let key = shop.seal_key();
    let decide =
        |known: &Bundle, code: &str| known.decide(&check_code(code, |_| Some(key)).unwrap(), NOON);
    assert_eq!(decide(&known, &codes[1]), Verdict::Admitted { again: false });
    let part = json!({ "ticketTokenIds": [token], "admissions": [2] });
    post(&shop, &shop.admin, "/refund/process", &part).await;
    shop.clock.advance(Span::seconds(6));
    assert!(known.go_on(list(&shop, known.sequence.0).await));
    assert!(matches!(decide(&known, &codes[1]), Verdict::Refused(_)));
    let at = |seconds: u32| format!("2027-05-01T11:59:{seconds:02}Z");
    let scans = json!({ "device": "scanner-1", "scans": [
        { "scanCode": codes[0], "atUTC": at(10), "gate": "south" },
        { "scanCode": codes[1], "atUTC": at(20), "gate": "south" },
        { "scanCode": "nonsense", "atUTC": at(30), "gate": "south" },
    ]});
    let outcomes =
        post(&shop, &shop.admin, "/gate/upload", &scans).await.json()["outcomes"].clone();
    assert_eq!(outcomes, json!(["Counted", "InvalidEntry", "NotGenuine"]));
    let again = post(&shop, &shop.admin, "/gate/upload", &scans).await.json()["outcomes"].clone();
    assert_eq!(again, json!(["Known", "Known", "NotGenuine"]));
    let tasks = format!("/tasks/{}.json", shop.number("organiser", "hekla"));
    let tasks = shop.send(&Request::get(&tasks).key(&shop.admin)).await.json()["tasks"].clone();
    assert_eq!(
        (tasks.as_array().map(Vec::len), &tasks[0]["kind"]),
        (Some(1), &json!("InvalidEntry"))
    );
    let online = post(&shop, &shop.admin, "/gate/scan", &scan(&codes[0])).await.json();
    assert_eq!((&online["reason"], &online["firstGate"]), (&json!("AlreadyUsed"), &json!("south")));
    let no_time = json!({ "device": "s", "scans": [{ "scanCode": codes[0], "gate": "south" }] });
    assert_eq!(post(&shop, &shop.admin, "/gate/upload", &no_time).await.fields(), ["AtUTC"]);
}
