//! Phone verification: codes, tokens, devices, and what the app may do with them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::audit::AuditEvent;
use domain::phone::{CODE_WITHIN, VERIFIED_FOR};
use domain::time::{Span, Timestamp};
use serde_json::{Value, json};
use server::sms::{Sms, SmsFault, SmsMessage, SmsSender};
use store::Store;

use crate::client::{Answer, Request};
use crate::order::{paid, unpaid};
use crate::shop::{Engine, Shop, until};
use crate::signing::{App, Signing};
use crate::telephone::{Device, NUMBER, code, stored, told, wrong};

/// A minute, after which one more code may be asked for.
const MINUTE: Span = Span::seconds(60);

#[track_caller]
fn assert_told(what: &str, answer: &Answer, status: u64, code: &str) {
    assert_eq!(told(answer), (status, code.to_owned()), "{what}: {}", answer.text());
}

/// The token with one of its last secret characters changed, whatever it was.
fn guess(token: &str) -> String {
    let (start, end) = token.split_at(token.len() - 2);
    let other = if end.starts_with('A') { "B" } else { "A" };
    format!("{start}{other}{}", &end[1..])
}

#[tokio::test]
async fn a_device_speaks_for_a_phone() {
    // Proves the way from the code to the ticket, and what each thing that is wrong on it is told:
    // no token, none that anybody has, another device's, an old one. Nothing is ordered then.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let other = Device { shop: &shop, app: &app, name: "other" };
    let order = paid(&shop, "match", "adult", 1);
    let token = device.verified("555 1234").await;
    let before = shop.traces().await;
    let strange = guess(&token);
    for (what, device, token, code) in [
        ("no phone", &device, "", "PhoneVerificationRequired"),
        ("a number", &device, NUMBER, "PhoneVerificationInvalid"),
        ("a word", &device, "token", "PhoneVerificationInvalid"),
        ("a guess", &device, &strange, "PhoneVerificationInvalid"),
        ("another device", &other, &token, "PhoneVerificationDeviceMismatch"),
    ] {
        assert_told(what, &device.order(token, &order).await, 403, code);
    }
    assert_eq!(shop.traces().await, before);
    assert_told("the device", &device.order(&token, &order).await, 200, "OK");
    let buyer = shop.sales("hekla").await[0].buyer.clone();
    assert_eq!(buyer.phone.as_deref(), Some(NUMBER));
    assert_eq!(buyer.phone_id, stored(&shop, NUMBER).await.map(|phone| phone.id));
    shop.clock.advance(VERIFIED_FOR);
    let late = device.order(&token, &order).await;
    assert_told("half a year later", &late, 403, "PhoneVerificationInvalid");
}

#[tokio::test]
async fn a_box_office_may_give_a_number() {
    // Proves that a number is kept in its international form, anything else as it was typed but
    // without a card, and that a token is a token from a box office, too.
    let shop = Shop::open().await;
    let order = unpaid(&shop, "match", "child", 1);
    for (typed, kept) in [
        (Some("00354 555-1234"), Some(NUMBER)),
        (Some("the one of 4242 4242 4242 4242"), Some("the one of 4242 42** **** 4242")),
        (Some(" "), None),
        (None, None),
    ] {
        let mut order = order.clone();
        order["phoneVerificationNumber"] = json!(typed);
        assert_eq!(shop.order(&order).await.status_code(), 200);
        let sales = shop.sales("hekla").await;
        let buyer = &sales.last().unwrap().buyer;
        assert_eq!((buyer.phone.as_deref(), buyer.phone_id), (kept, None), "{typed:?}");
    }
    let mut order = order;
    order["phoneVerificationNumber"] = json!("A".repeat(43));
    assert_told("a token", &shop.order(&order).await, 403, "PhoneVerificationInvalid");
}

#[tokio::test]
async fn the_published_addresses_work() {
    // Proves the published GETs, with the number and the code in the address, that their answers
    // are kept by nobody, and what they tell.
    let shop = Shop::open().await;
    let get = async |target: &str| {
        shop.send(&Request::get(target).key(&shop.admin).accept("application/json")).await
    };
    let asked = get(&format!("/phoneverification/request/{NUMBER}?deviceId=phone")).await;
    assert_eq!(asked.header("cache-control"), Some("no-store"));
    let asked = asked.json();
    assert_eq!((&asked["sentSuccess"], &asked["statusCode"]), (&json!(true), &json!(200)));
    assert_eq!(asked["statusMessage"], "OK");
    let request = asked["token"].as_str().unwrap();
    let right = code(&shop, NUMBER);
    let confirm = format!("/phoneverification/verification/{request}");
    let answer = get(&format!("{confirm}/{}", wrong(&right))).await.json();
    assert_eq!((&answer["codeMatches"], &answer["triesLeft"]), (&json!(false), &json!(4)));
    let answer = get(&format!("{confirm}/{right}")).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = answer.json();
    assert_eq!((&answer["codeMatches"], &answer["statusMessage"]), (&json!(true), &json!("OK")));
    assert_eq!(answer["phoneFullVerificationNumber"], NUMBER);
    assert_eq!(answer["phoneVerificationId"], 1);
    assert!(answer["token"].as_str().unwrap() != request && answer["validTo"].is_string());
}

/// What is wrong, how the request becomes so, and the member that is named.
type Unreadable = (&'static str, fn(&mut Value), &'static str);

const REQUESTS: &[Unreadable] = &[
    ("no number", |it| it["fullPhoneNumber"] = Value::Null, "FullPhoneNumber"),
    ("a name", |it| it["fullPhoneNumber"] = json!("Anna"), "FullPhoneNumber"),
    ("too short", |it| it["fullPhoneNumber"] = json!("555123"), "FullPhoneNumber"),
    ("too long", |it| it["fullPhoneNumber"] = json!("+1234567890123456"), "FullPhoneNumber"),
    ("a card", |it| it["fullPhoneNumber"] = json!("4242424242424242"), "FullPhoneNumber"),
    ("a long device", |it| it["deviceId"] = json!("d".repeat(256)), "DeviceId"),
    ("two lines", |it| it["deviceId"] = json!("a\nb"), "DeviceId"),
    ("a language", |it| it["language"] = json!("tlh"), "Language"),
];

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    // Proves each member that can be wrong, that it is named, and that no message leaves.
    let shop = Shop::open().await;
    for (what, change, member) in REQUESTS {
        let mut body = json!({ "fullPhoneNumber": NUMBER, "deviceId": "phone" });
        change(&mut body);
        let request = Request::post("/phoneverification/request.json").key(&shop.admin).json(&body);
        let answer = shop.send(&request).await;
        let named = answer.json()["responseStatus"]["errors"][0]["fieldName"].clone();
        assert_eq!((answer.status, named.as_str()), (400, Some(*member)), "{what}");
        assert!(!answer.text().contains("4242"), "{what}");
    }
    assert_eq!(shop.outbox.messages(None), []);
    assert_eq!(stored(&shop, NUMBER).await, None);
}

#[tokio::test]
async fn the_app_signs_what_it_asks() {
    // Proves that each operation of the app needs its own signature, and does nothing without.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    for (path, operation) in [
        ("/phoneverification/request", "PhoneVerificationRequest"),
        ("/phoneverification/verification", "PhoneVerificationConfirm"),
        ("/phoneverification/revoke", "PhoneVerificationRevoke"),
        ("/paymentCards", "PaymentCards"),
        ("/cardTokens", "CardTokens"),
        ("/cardTokens/saveCard", "CardTokensSaveCard"),
        ("/paymentCards/delete", "PaymentCardsDelete"),
    ] {
        let body = json!({ "fullPhoneNumber": NUMBER, "deviceId": "phone" });
        let of_order = Signing::new(&shop, &app, "phone").sign(&body);
        for (what, body) in [("unsigned", &body), ("signed for an order", &of_order)] {
            let request = Request::post(&format!("{path}.json")).key(&app.key).json(body);
            let what = format!("{operation} {what}");
            assert_told(&what, &shop.send(&request).await, 403, "SignatureInvalid");
        }
    }
    assert_eq!(shop.outbox.messages(None), []);
}

#[tokio::test]
async fn messages_and_tries_are_limited() {
    // Proves the limits of a number and a device by the clock, of tries by a code, of time by both,
    // and that the text of an earlier message is worth nothing.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let first = device.request(NUMBER).await.json()["token"].as_str().unwrap().to_owned();
    let first_code = code(&shop, NUMBER);
    for number in [NUMBER, "+3545550000"] {
        assert_told("at once", &device.request(number).await, 429, "TooManyRequests");
    }
    assert_eq!(shop.outbox.messages(None).len(), 1);
    shop.clock.advance(MINUTE);
    let second = device.request(NUMBER).await.json()["token"].as_str().unwrap().to_owned();
    let right = code(&shop, NUMBER);
    let earlier = device.confirm(&first, &first_code).await;
    assert_told("the earlier one", &earlier, 403, "PhoneVerificationInvalid");
    for left in (0..5).rev() {
        let answer = device.confirm(&second, &wrong(&right)).await;
        assert_told("wrong", &answer, 403, "PhoneVerificationInvalid");
        assert_eq!(answer.json()["triesLeft"], left);
    }
    assert_told("a sixth", &device.confirm(&second, &right).await, 429, "TooManyRequests");
    shop.clock.advance(MINUTE);
    let third = device.request(NUMBER).await.json()["token"].as_str().unwrap().to_owned();
    shop.clock.advance(CODE_WITHIN);
    let late = device.confirm(&third, &code(&shop, NUMBER)).await;
    let unknown = device.confirm(&"A".repeat(43), "123456").await;
    assert_told("late", &late, 403, "PhoneVerificationInvalid");
    assert_eq!(late.text(), unknown.text());
}

#[tokio::test]
async fn a_code_counts_on_its_device() {
    // Proves that another device cannot type the code in, and loses no try for its owner.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let other = Device { shop: &shop, app: &app, name: "other" };
    let asked = device.request(NUMBER).await.json();
    let (request, right) = (asked["token"].as_str().unwrap(), code(&shop, NUMBER));
    for typed in [&right, &wrong(&right)] {
        let answer = other.confirm(request, typed).await;
        assert_told("elsewhere", &answer, 403, "PhoneVerificationDeviceMismatch");
    }
    assert_eq!(stored(&shop, NUMBER).await.unwrap().request.unwrap().tries_left, 5);
    assert_eq!(device.confirm(request, &right).await.json()["codeMatches"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tries_at_once_are_five() {
    // Proves that of 64 requests at once one sends a message, and of 64 wrong codes at once five
    // are taken.
    let shop = Arc::new(Shop::with(Engine::Sqlite, |sandbox| Arc::new(sandbox)).await);
    let app = Arc::new(App::new(&shop).await);
    let crowd = async |ask: Ask| {
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (shop, app, ask) = (Arc::clone(&shop), Arc::clone(&app), ask.clone());
            clients.spawn(async move {
                let device = Device { shop: &shop, app: &app, name: "phone" };
                match ask {
                    Ask::Request => device.request(NUMBER).await,
                    Ask::Confirm(request, code) => device.confirm(&request, &code).await,
                }
            });
        }
        clients.join_all().await
    };
    let asked = crowd(Ask::Request).await;
    let sent: Vec<_> = asked.iter().filter(|answer| answer.status_code() == 200).collect();
    assert_eq!((sent.len(), shop.outbox.messages(None).len()), (1, 1));
    let (request, right) = (sent[0].json()["token"].clone(), code(&shop, NUMBER));
    let request = request.as_str().unwrap().to_owned();
    let tried = crowd(Ask::Confirm(request.clone(), wrong(&right))).await;
    let count = |code: &str| tried.iter().filter(|answer| told(answer).1 == code).count();
    assert_eq!((count("PhoneVerificationInvalid"), count("TooManyRequests")), (5, 59));
    let device = Device { shop: &shop, app: &app, name: "phone" };
    assert_told("the right", &device.confirm(&request, &right).await, 429, "TooManyRequests");
}

#[derive(Clone)]
enum Ask {
    Request,
    Confirm(String, String),
}

#[tokio::test]
async fn an_address_causes_so_many_messages() {
    // Proves that one address runs out of messages whatever numbers it names, and that the audit
    // is told.
    let shop = Shop::open().await;
    let mut codes = Vec::new();
    for number in 0..25 {
        let body = json!({ "fullPhoneNumber": format!("55500{number:02}") });
        let request = Request::post("/phoneverification/request.json").key(&shop.admin).json(&body);
        codes.push(told(&shop.send(&request).await).1);
    }
    let sent = codes.iter().filter(|code| *code == "OK").count();
    assert!((20..25).contains(&sent) && codes[24] == "TooManyRequests", "{codes:?}");
    assert_eq!(shop.outbox.messages(None).len(), sent);
}

#[tokio::test]
async fn codes_cannot_be_guessed_phone_by_phone() {
    // Proves that one address runs out of wrong codes, whichever phones it tries them on, that not
    // even the right one is looked at then, that the audit is told, and that right codes cost
    // nothing. An app says which device it is.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let post = async |path: &str, body: Value| {
        let request = Request::post(&format!("/phoneverification/{path}.json"));
        shop.send(&request.key(&shop.admin).json(&body)).await
    };
    let mut tried = Vec::new();
    for index in 0..5 {
        let number = format!("+35455500{index:02}");
        let asked = post("request", json!({ "fullPhoneNumber": number })).await.json();
        let right = code(&shop, &number);
        for _ in 0..4 {
            let body = json!({ "requestId": asked["token"], "code": wrong(&right) });
            tried.push(told(&post("verification", body).await).1);
        }
        let last = post("verification", json!({ "requestId": asked["token"], "code": right }));
        tried.push(told(&last.await).1);
    }
    let count = |code: &str| tried.iter().filter(|told| *told == code).count();
    let counts = ["PhoneVerificationInvalid", "OK", "TooManyRequests"].map(count);
    assert_eq!(counts, [20, 4, 1], "{tried:?}");
    until("the audit", async || {
        let told = shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap();
        told.iter().any(|record| record.note.event == AuditEvent::TooManyRequests).then_some(())
    })
    .await;
    let nameless = Device { shop: &shop, app: &app, name: "" };
    assert_eq!(nameless.request(NUMBER).await.fields(), ["DeviceId"]);
}

#[tokio::test]
async fn devices_are_revoked() {
    // Proves that a device ends its own, the others', or at the confirmation all others'; that an
    // Admin ends all of a number and the audit says so; and that a TeamAdmin cannot.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let devices = ["a", "b", "c"].map(|name| Device { shop: &shop, app: &app, name });
    let mut tokens = Vec::new();
    for device in &devices {
        tokens.push(device.verified(NUMBER).await);
        shop.clock.advance(Span::hours(1));
    }
    let good = async || {
        let mut good = Vec::new();
        for (device, token) in devices.iter().zip(&tokens) {
            let shown = device.send("/paymentCards", "PaymentCards", token, &json!({})).await;
            good.push(told(&shown).1 == "OK");
        }
        good
    };
    let revoke = async |device: &Device<'_>, token: &str, others: bool| {
        let body = json!({ "otherDevices": others });
        let path = "/phoneverification/revoke";
        device.send(path, "PhoneVerificationRevoke", token, &body).await.json()["revoked"].clone()
    };
    assert_eq!(good().await, [true; 3]);
    assert_eq!(revoke(&devices[0], &tokens[0], false).await, 1);
    assert_eq!(good().await, [false, true, true]);
    assert_eq!(revoke(&devices[1], &tokens[1], true).await, 1);
    assert_eq!(good().await, [false, true, false]);
    let team_admin = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let body = json!({ "phoneVerificationNumber": "555 1234" });
    let request = Request::post("/phoneverification/revoke.json").json(&body);
    let refused = shop.send(&request.clone().key(&team_admin)).await;
    assert_told("a TeamAdmin", &refused, 403, "PhoneVerificationRequired");
    assert_eq!(shop.send(&request.key(&shop.admin)).await.json()["revoked"], 1);
    assert_eq!(good().await, [false; 3]);
    let told = shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap();
    let note = told.iter().find(|record| record.note.event == AuditEvent::PhoneRevoked).unwrap();
    assert_eq!((&*note.note.by, &*note.note.detail), ("a test", "phone 1 (***34)"));
}

/// Takes no message.
struct Broken;

#[async_trait]
impl SmsSender for Broken {
    async fn send(&self, _: &SmsMessage) -> Result<(), SmsFault> {
        Err(SmsFault::Refused { status: 500 })
    }
}

/// The number and the code of the answer, and how messages would be sent.
type Unsent = (u64, &'static str, fn() -> Sms);

/// Tills that cannot send a message.
pub(crate) const UNSENT: &[Unsent] = &[
    (503, "SmsNotAvailable", || Sms::Off),
    (502, "GatewayUnavailable", || Sms::Provider(Arc::new(Broken))),
];

#[tokio::test]
async fn without_messages_no_code_is_asked_for() {
    // Proves what is told, and stored, where no provider is set up and where one fails; and that
    // only a demo's messages can be read.
    let ask = async |shop: &Shop| {
        let body = json!({ "fullPhoneNumber": NUMBER });
        let request = Request::post("/phoneverification/request.json").key(&shop.admin).json(&body);
        shop.send(&request).await
    };
    for (status, code, sms) in UNSENT {
        let shop = Shop::texting(sms()).await;
        let before = shop.traces().await;
        let answer = ask(&shop).await;
        assert_told(code, &answer, *status, code);
        assert_ne!(answer.json()["sentSuccess"], true);
        assert_eq!(shop.traces().await, before, "{code}");
        let outbox = Request::get("/phoneverification/outbox.json").key(&shop.admin);
        assert_told("the outbox", &shop.send(&outbox).await, 403, "Forbidden");
    }
    let off = Shop::texting(Sms::Off).await;
    ask(&off).await;
    assert_eq!(stored(&off, NUMBER).await, None);
}

#[tokio::test]
async fn an_admin_reads_the_messages_of_a_demo() {
    // Proves what the outbox shows and to whom, and the languages of the messages.
    let shop = Shop::open().await;
    for (number, language) in [(NUMBER, Value::Null), ("+4512345678", Value::Null)] {
        let body = json!({ "fullPhoneNumber": number, "language": language });
        let request = Request::post("/phoneverification/request.json").key(&shop.admin).json(&body);
        assert_eq!(shop.send(&request).await.status_code(), 200);
    }
    let outbox = Request::get("/phoneverification/outbox.json");
    let told = shop.send(&outbox.clone().key(&shop.admin)).await.json();
    let texts: Vec<_> =
        [0, 1].map(|index| told["messages"][index]["text"].as_str().unwrap()).to_vec();
    assert!(texts[0].ends_with("is your code. It is good for 10 minutes."), "{texts:?}");
    assert!(texts[1].ends_with("er kóðinn þinn. Hann gildir í 10 mínútur."), "{texts:?}");
    let one = Request::get("/phoneverification/outbox.json?fullPhoneNumber=5551234");
    let told = shop.send(&one.key(&shop.admin)).await.json();
    assert_eq!(told["messages"].as_array().map(Vec::len), Some(1));
    let app = App::new(&shop).await;
    for key in [&app.key, &shop.key(&["TeamAdmin"], &["hekla"]).await] {
        assert_eq!(shop.send(&outbox.clone().key(key)).await.status, 403);
    }
}
