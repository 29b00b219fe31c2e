//! Requests that an app signs (`domain.md` §1.6).

use std::sync::Arc;

use domain::api_key::key_of;
use domain::audit::AuditEvent;
use domain::catalogue::Principal;
use domain::time::{Span, Timestamp};
use serde_json::{Value, json};
use server::access::keys::withdraw;
use server::access::users::By;
use store::Store;

use crate::client::{Answer, Request};
use crate::order::{paid, parameters, unpaid};
use crate::shop::{Engine, NOON, Shop, until};
use crate::signing::{App, Signing, system_of};

const NOW_S: i64 = NOON.0 / 1_000_000;
const NOW_MS: i64 = NOON.0 / 1_000;

/// What is wrong, the code, and how the signed parts become so before they are signed.
type Before = (&'static str, &'static str, fn(&mut Signing));

const SIGNED: &[Before] = &[
    ("now", "OK", |_| ()),
    ("five minutes ago", "OK", |it| it.timestamp = NOW_S - 300),
    ("a second more", "RequestExpired", |it| it.timestamp = NOW_S - 301),
    ("in five minutes", "OK", |it| it.timestamp = NOW_S + 300),
    ("in a second more", "RequestExpired", |it| it.timestamp = NOW_S + 301),
    ("now in milliseconds", "OK", |it| it.timestamp = NOW_MS),
    ("five minutes ago in milliseconds", "OK", |it| it.timestamp = NOW_MS - 300_000),
    ("a millisecond more", "RequestExpired", |it| it.timestamp = NOW_MS - 300_001),
    ("in five minutes in milliseconds", "OK", |it| it.timestamp = NOW_MS + 300_000),
    ("in a millisecond more", "RequestExpired", |it| it.timestamp = NOW_MS + 300_001),
    ("1970", "RequestExpired", |it| it.timestamp = 0),
    ("before 1970", "RequestExpired", |it| it.timestamp = -NOW_S),
    ("the most seconds", "RequestExpired", |it| it.timestamp = 100_000_000_000),
    ("the fewest milliseconds", "RequestExpired", |it| it.timestamp = 100_000_000_001),
    ("the end of time", "RequestExpired", |it| it.timestamp = i64::MAX),
    ("its beginning", "RequestExpired", |it| it.timestamp = i64::MIN),
    ("with a phone", "OK", |it| it.phone = "token".to_owned()),
    ("another operation", "SignatureInvalid", |it| it.operation = "OrderOwnerCards"),
    ("the operation in small letters", "SignatureInvalid", |it| it.operation = "ticketorder"),
    ("a line break", "SignatureInvalid", |it| it.device_id += "\n"),
    ("another secret", "SignatureInvalid", |it| it.secret = "0".repeat(64)),
    ("no system", "SignatureInvalid", |it| it.system_id.clear()),
    ("half a system", "SignatureInvalid", |it| it.system_id.truncate(31)),
    ("a system by name", "SignatureInvalid", |it| it.system_id = "app".to_owned()),
    ("a signed system", "SignatureInvalid", |it| it.system_id.replace_range(..1, "+")),
];

/// The same, changed after they were signed.
type After = (&'static str, &'static str, fn(&App, &mut Value));

const CHANGED: &[After] = &[
    ("another time", "SignatureInvalid", |_, order| {
        order["requestUnixUTCTimeStamp"] = json!(NOW_S + 1);
    }),
    ("the same time in milliseconds", "SignatureInvalid", |_, order| {
        order["requestUnixUTCTimeStamp"] = json!(NOW_MS);
    }),
    ("no time", "SignatureInvalid", |_, order| order["requestUnixUTCTimeStamp"] = Value::Null),
    ("another device", "SignatureInvalid", |_, order| order["deviceId"] = json!("other")),
    ("no device", "SignatureInvalid", |_, order| order["deviceId"] = Value::Null),
    ("a phone", "SignatureInvalid", |_, order| order["phoneVerificationNumber"] = json!("token")),
    ("capital digits", "SignatureInvalid", |_, order| {
        capital(&mut order["signature"]["signature"]);
    }),
    ("a capital system", "SignatureInvalid", |_, order| {
        capital(&mut order["signature"]["systemId"]);
    }),
    ("a blank more", "SignatureInvalid", |_, order| {
        let signature = order["signature"]["signature"].as_str().unwrap();
        order["signature"]["signature"] = json!(format!("{signature} "));
    }),
    ("half a signature", "SignatureInvalid", |_, order| {
        let signature = order["signature"]["signature"].as_str().unwrap();
        order["signature"]["signature"] = json!(signature[..32]);
    }),
    ("the system alone", "SignatureInvalid", |app, order| {
        order["signature"] = json!({ "systemId": app.system.id });
    }),
    ("the secret alone", "OK", |app, order| order["signature"] = secret_alone(app)),
    ("the secret alone without a time", "RequestExpired", |app, order| {
        order["signature"] = secret_alone(app);
        order["requestUnixUTCTimeStamp"] = Value::Null;
    }),
    ("a late secret", "RequestExpired", |app, order| {
        order["signature"] = secret_alone(app);
        order["requestUnixUTCTimeStamp"] = json!(NOW_S - 301);
    }),
    ("a wrong secret alone", "SignatureInvalid", |app, order| {
        order["signature"] = json!({ "systemId": app.system.id, "systemSecret": "0".repeat(64) });
    }),
    ("a secret without its system", "SignatureInvalid", |app, order| {
        order["signature"] = json!({ "systemSecret": *app.system.secret });
    }),
    ("a wrong signature with the secret", "SignatureInvalid", |app, order| {
        order["signature"]["systemSecret"] = json!(*app.system.secret);
        order["signature"]["signature"] = json!("0".repeat(64));
    }),
    ("nothing", "OK", |_, order| order["signature"] = json!({})),
    ("empty texts", "OK", |_, order| {
        order["signature"] = json!({ "systemId": "", "systemSecret": "", "signature": "" });
    }),
];

fn capital(text: &mut Value) {
    *text = json!(text.as_str().unwrap().to_uppercase());
}

fn secret_alone(app: &App) -> Value {
    json!({ "systemId": app.system.id, "systemSecret": *app.system.secret })
}

fn post(key: &str, order: &Value) -> Request {
    Request::post("/ticketOrder.json").key(key).json(order)
}

#[track_caller]
fn assert_code(what: &str, answer: &Answer, code: &str) {
    let status = if code == "OK" { 200 } else { 403 };
    let told = (answer.status, answer.status_code(), answer.code());
    assert_eq!(told, (200, status, code.to_owned()), "{what}: {}", answer.text());
}

#[tokio::test]
async fn every_part_is_signed() {
    // Proves each part of a signature, the limits of the window in both forms of the time, and
    // that the app's own refusal differs only where the signature is right.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let order = paid(&shop, "match", "adult", 1);
    let before = SIGNED.iter().enumerate().map(|(number, (what, code, change))| {
        let mut signing = Signing::new(&shop, &app, &format!("signed {number}"));
        change(&mut signing);
        (what, code, signing.sign(&order))
    });
    let after = CHANGED.iter().enumerate().map(|(number, (what, code, change))| {
        let mut order = Signing::new(&shop, &app, &format!("changed {number}")).sign(&order);
        change(&app, &mut order);
        (what, code, order)
    });
    for (what, code, order) in before.chain(after) {
        assert_code(what, &shop.send(&post(&shop.admin, &order)).await, code);
        let is_unsigned = ["nothing", "empty texts"].contains(what);
        let code = match *code {
            "OK" if is_unsigned => "SignatureInvalid",
            "OK" if *what == "with a phone" => "PhoneVerificationInvalid",
            "OK" => "PhoneVerificationRequired",
            code => code,
        };
        assert_code(what, &shop.send(&post(&app.key, &order)).await, code);
    }
}

#[tokio::test]
async fn only_the_key_of_an_app_is_a_client_system() {
    // Proves that neither an Admin's key nor one that was never made signs, and that an app's
    // signs no more soon after it was withdrawn.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 1);
    let foreign = [&*shop.admin, "gk_never_made"];
    for key in foreign {
        let stranger = App { key: String::new(), system: system_of(&shop, key) };
        let order = Signing::new(&shop, &stranger, "phone").sign(&order);
        assert_code(key, &shop.order(&order).await, "SignatureInvalid");
    }
    let app = App::new(&shop).await;
    let signing = Signing::new(&shop, &app, "phone");
    assert_code("before", &shop.order(&signing.sign(&order)).await, "OK");
    let id = u128::from_str_radix(&app.system.id, 16).unwrap();
    let key = shop.store().read::<Principal>(key_of(id)).await.unwrap().unwrap();
    assert!(withdraw(shop.store(), &key, &By::command_line()).await.unwrap());
    let refused = until("the withdrawn system to be refused", async || {
        let answer = shop.order(&signing.sign(&order)).await;
        (answer.code() != "OK").then_some(answer)
    });
    assert_code("afterwards", &refused.await, "SignatureInvalid");
}

#[tokio::test]
async fn a_signature_is_good_for_one_request() {
    // Proves that the same request gets the same bytes, that no other does - of another body,
    // another caller or another organiser's event - and that the order can still be had.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let other_caller = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let order = paid(&shop, "match", "adult", 1);
    let signing = Signing::new(&shop, &app, "phone");
    let first = shop.order(&signing.sign(&order)).await;
    assert_code("first", &first, "OK");
    let before = shop.traces().await;
    let more = signing.sign(&paid(&shop, "match", "adult", 2));
    let elsewhere = signing.sign(&paid(&shop, "away", "esja-adult", 1));
    for (what, key, order) in [
        ("another body", &shop.admin, &more),
        ("another organiser", &shop.admin, &elsewhere),
        ("another caller", &other_caller, &signing.sign(&order)),
    ] {
        assert_code(what, &shop.send(&post(key, order)).await, "SignatureReplayed");
    }
    assert_eq!(shop.order(&signing.sign(&order)).await.text(), first.text());
    assert_eq!(shop.traces().await, before);
    let anew = Signing { timestamp: NOW_S + 1, ..signing.clone() };
    assert_code(
        "signed anew",
        &shop.order(&anew.sign(&paid(&shop, "match", "adult", 2))).await,
        "OK",
    );
    shop.clock.advance(Span::seconds(301));
    assert_code("too late", &shop.order(&signing.sign(&order)).await, "RequestExpired");
    assert_eq!(shop.charges(), [4_000, 8_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_key_and_a_signature_lead_to_one_order() {
    // Proves that a repeat may be signed anew under its key, minutes later, and gets the same
    // answer; that its new signature is used up by that; and that the key may be left out.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let order = paid(&shop, "match", "adult", 1);
    let keyed = |order: &Value| post(&shop.admin, order).header("Idempotency-Key", "k");
    let first = shop.send(&keyed(&Signing::new(&shop, &app, "phone").sign(&order))).await;
    assert_code("first", &first, "OK");
    shop.clock.advance(Span::minutes(10));
    let anew = Signing::new(&shop, &app, "phone");
    assert_eq!(shop.send(&keyed(&anew.sign(&order))).await.text(), first.text());
    assert_eq!(shop.order(&anew.sign(&order)).await.text(), first.text());
    let mut other = anew.sign(&order);
    other["appMetaData"] = json!("x");
    assert_code("another body", &shop.order(&other).await, "SignatureReplayed");
    let mut unsigned = order.clone();
    unsigned["deviceId"] = json!("phone");
    assert_eq!(shop.send(&keyed(&unsigned)).await.text(), first.text());
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_secret_alone_is_no_repeat() {
    // Proves that the older form, which has nothing that could come again, orders each time.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let mut order = paid(&shop, "match", "adult", 1);
    order["signature"] = secret_alone(&app);
    order["requestUnixUTCTimeStamp"] = json!(NOW_S);
    let tokens = [shop.order(&order).await.token(), shop.order(&order).await.token()];
    assert_ne!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn a_signed_url_orders_once() {
    // Proves that GET is idempotent by its signature (`domain.md` §3).
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let order = Signing::new(&shop, &app, "phone").sign(&unpaid(&shop, "match", "child", 1));
    let target = format!("/ticketOrder.json?{}", parameters(&order));
    let get = Request::get(&target).key(&shop.admin);
    let first = shop.send(&get).await;
    assert_code("first", &first, "OK");
    assert_eq!(shop.send(&get).await.text(), first.text());
    assert_eq!(shop.sales("hekla").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_replays_at_once_make_one_order() {
    // Proves that of 64 equal signed requests at once one orders, and that of as many different
    // ones under one signature one does and the others are refused.
    let shop = Arc::new(Shop::with(Engine::Sqlite, |sandbox| Arc::new(sandbox)).await);
    let app = App::new(&shop).await;
    // A key that nobody has shown yet is looked up, and few may be at once.
    let events = Request::get("/events").accept("application/json").key(&shop.admin);
    assert_eq!(shop.send(&events).await.status, 200);
    for (device, counts) in [("equal", [1, 1]), ("different", [1, 2])] {
        let signing = Signing::new(&shop, &app, device);
        let orders = counts.map(|count| signing.sign(&paid(&shop, "match", "adult", count)));
        let mut clients = tokio::task::JoinSet::new();
        for number in 0..64 {
            let (shop, order) = (Arc::clone(&shop), orders[number % 2].clone());
            clients.spawn(async move { shop.order(&order).await });
        }
        let answers = clients.join_all().await;
        let done = |answer: &&Answer| [200, 202].contains(&answer.status_code());
        let (done, refused): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(done);
        assert!(done.iter().all(|answer| answer.token() == done[0].token()));
        assert!(refused.iter().all(|answer| answer.code() == "SignatureReplayed"));
        assert_eq!(refused.len(), if counts[0] == counts[1] { 0 } else { 32 });
    }
    assert_eq!((shop.charges().len(), shop.sales("hekla").await.len()), (2, 2));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn the_audit_tells_of_wrong_signatures() {
    // Proves that a refused signature is one line of the audit, without anything secret.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let order = Signing::new(&shop, &app, "phone").sign(&paid(&shop, "match", "adult", 1));
    let mut wrong = order.clone();
    wrong["signature"]["systemSecret"] = json!(*app.system.secret);
    wrong["deviceId"] = json!("other");
    assert_code("wrong", &shop.order(&wrong).await, "SignatureInvalid");
    let record = until("a line of the audit", async || {
        let told = shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap();
        told.into_iter().find(|record| record.note.event == AuditEvent::Forbidden)
    })
    .await;
    assert_eq!((&*record.note.name, &*record.note.detail), ("a test", "TicketOrder"));
    let text = serde_json::to_string(&*record).unwrap();
    assert!(!text.contains(&*app.system.secret) && !text.contains(&app.system.id), "{text}");
}
