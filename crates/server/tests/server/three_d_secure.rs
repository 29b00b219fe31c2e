//! 3-D Secure through HTTP, with the sandbox's bank: start, the browser's way, finish, and the one
//! order that the proof pays (`payments.md` §1.8, `domain.md` §2.2).

use std::sync::Arc;

use domain::time::Span;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{card, unpaid};
use crate::shop::Shop;

const CHALLENGE: &str = "4000002760003184";
const CHALLENGE_THEN_DECLINE: &str = "4000008400001629";
const DECLINE: &str = "4000000000000002";
const GOOD: &str = "4242424242424242";

/// A start for one adult at the match.
fn start(shop: &Shop, number: &str) -> Value {
    let mut info = card(number);
    info["amount"] = json!(4000);
    info["currency"] = json!("ISK");
    json!({
        "eventId": shop.number("event", "match"),
        "cardInfo": info,
        "deviceId": "device-1",
        "returnUrl": "https://app.example.org/back?x=1",
    })
}

async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    shop.send(&Request::post(path).key(&shop.admin).json(body)).await
}

async fn started(shop: &Shop, number: &str) -> Value {
    let answer = post(shop, "/threeDSecure/start.json", &start(shop, number)).await;
    assert!(answer.status_code() < 300, "{}", answer.text());
    answer.json()
}

async fn finish(shop: &Shop, order_id: &Value, cres: Option<&str>) -> Answer {
    let body = json!({ "orderId": order_id, "cres": cres, "deviceId": "device-1" });
    post(shop, "/threeDSecure/finish.json", &body).await
}

/// Starts, passes the challenge, and brings what the app gets.
async fn proved(shop: &Shop, number: &str) -> Value {
    let started = started(shop, number).await;
    let answer = finish(shop, &started["orderId"], Some("ok")).await;
    assert_eq!(answer.code(), "OK", "{}", answer.text());
    answer.json()
}

/// The order that a proof was obtained for.
fn order(shop: &Shop, proof: &Value) -> Value {
    let mut order = unpaid(shop, "match", "adult", 1);
    order["deviceId"] = json!("device-1");
    order["borgun3DFinalInfo"] = json!({
        "transactionType": "Sale", "amount": 400_000, "currency": "352",
        "orderId": proof["orderId"],
        "paymentMethod": { "paymentType": proof["paymentType"], "token": proof["cardToken"] },
        "threeDSecure": { "dataType": "Token", "mpiToken": proof["mpiToken"] },
    });
    order
}

/// Where the bank's page leads back to.
async fn way_back(shop: &Shop, started: &Value) -> String {
    let url = started["challengeUrl"].as_str().unwrap();
    let page = shop.send(&Request::get(url.strip_prefix("http://till").unwrap())).await.text();
    let action = page.split("action=\"http://till").nth(1).unwrap_or_else(|| panic!("{page}"));
    action.split('"').next().unwrap().to_owned()
}

/// The browser posts what the bank gave to the address that the bank was told.
async fn browser(shop: &Shop, path: &str, cres: &str) -> Answer {
    let form =
        Request::post(path).body("application/x-www-form-urlencoded", format!("cres={cres}"));
    shop.send(&form.header("Origin", "https://bank.example")).await
}

#[tokio::test]
async fn a_challenge_is_passed_in_the_browser() {
    // Proves the whole way: start, the bank's page, the browser's return, finish, order.
    let shop = Shop::open().await;
    let started = started(&shop, CHALLENGE).await;
    assert_eq!(started["statusCode"], 202, "{started}");
    let id = started["orderId"].as_str().unwrap();
    assert!(id.len() == 12 && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()));
    assert!(started["mpiToken"].is_null() && started["cardToken"].is_null(), "{started}");
    let waiting = finish(&shop, &started["orderId"], None).await;
    assert_eq!(waiting.code(), "AuthenticationRequired", "nobody has answered yet");

    let url = started["challengeUrl"].as_str().unwrap();
    let path = url.strip_prefix("http://till").unwrap_or_else(|| panic!("{url}"));
    let page = shop.send(&Request::get(path).header("Accept-Language", "en-GB,en")).await;
    let text = page.text();
    assert!(text.contains("Is it you") && text.contains("4000 ISK"), "{text}");
    let way_back = way_back(&shop, &started).await;
    assert!(way_back.starts_with(&format!("/threeDSecure/return/{id}")), "{way_back}");
    assert!(page.header("Content-Security-Policy").unwrap().starts_with("default-src 'none'"));

    let back = browser(&shop, &way_back, "ok").await;
    let location = format!("https://app.example.org/back?x=1&orderId={id}&status=passed");
    assert_eq!((back.status, back.header("Location")), (303, Some(location.as_str())));
    let again = browser(&shop, &way_back, "fail").await;
    assert_eq!(
        again.header("Location"),
        Some(location.as_str()),
        "the back button changes nothing"
    );

    let finished = finish(&shop, &started["orderId"], None).await;
    assert_eq!(finished.code(), "OK", "{}", finished.text());
    let sold = shop.order(&order(&shop, &finished.json())).await;
    assert_eq!(sold.code(), "OK", "{}", sold.text());
    assert_eq!(sold.ticket()["paymentMethodId"], "card3D");
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_bank_that_asks_nothing_is_passed_at_once() {
    // Proves that the start gives everything where no challenge is wanted.
    let shop = Shop::open().await;
    let passed = started(&shop, GOOD).await;
    assert_eq!((&passed["statusCode"], &passed["message"]), (&json!(200), &json!("OK")));
    assert_eq!(passed["paymentType"], "TokenSingle");
    let sold = shop.order(&order(&shop, &passed)).await;
    assert_eq!(sold.code(), "OK", "{}", sold.text());
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_failed_challenge_charges_nothing() {
    // Proves what is told of a holder who fails, in the browser and to the app, of one who leaves,
    // and of a card that is declined after its challenge.
    let shop = Shop::open().await;
    let failing = started(&shop, CHALLENGE).await;
    let back = browser(&shop, &way_back(&shop, &failing).await, "fail").await;
    assert!(back.header("Location").unwrap().ends_with("status=failed"));
    let answer = finish(&shop, &failing["orderId"], Some("ok")).await;
    assert_eq!((answer.status_code(), answer.code()), (402, "AuthenticationFailed".to_owned()));

    let left = started(&shop, CHALLENGE).await;
    shop.clock.advance(Span::minutes(15));
    let answer = finish(&shop, &left["orderId"], Some("ok")).await;
    assert_eq!((answer.status_code(), answer.code()), (402, "AuthenticationInvalid".to_owned()));

    let proof = proved(&shop, CHALLENGE_THEN_DECLINE).await;
    let declined = shop.order(&order(&shop, &proof)).await;
    assert_eq!((declined.status_code(), declined.code()), (402, "PaymentDeclined".to_owned()));
    assert!(shop.charges().is_empty());
    assert_eq!(shop.places("hekla").await, (0, 0));
    shop.assert_all_is_well().await;
}

/// What makes a right order wrong, and how it is told.
type Row = (&'static str, u64, &'static str, fn(&mut Value));

const WRONG: &[Row] = &[
    ("another order id", 402, "AuthenticationInvalid", |order| {
        order["borgun3DFinalInfo"]["orderId"] = json!("000001AAAAAA");
    }),
    ("another proof", 402, "AuthenticationInvalid", |order| {
        let token = &mut order["borgun3DFinalInfo"]["threeDSecure"]["mpiToken"];
        *token = json!(format!("{}0", token.as_str().unwrap()));
    }),
    ("another device", 402, "AuthenticationInvalid", |order| order["deviceId"] = json!("device-2")),
    ("another phone", 402, "AuthenticationInvalid", |order| {
        order["phoneVerificationNumber"] = json!("+3545550100");
    }),
    ("two tickets", 402, "AuthenticationInvalid", |order| {
        order["orderDetails"][0]["count"] = json!(2);
        order["borgun3DFinalInfo"]["amount"] = json!(800_000);
    }),
    ("two tickets, one paid", 409, "PriceChanged", |order| {
        order["orderDetails"][0]["count"] = json!(2);
    }),
];

#[tokio::test]
async fn a_proof_pays_its_own_order_only() {
    // Proves that every difference between proof and order is refused and changes nothing, that
    // another caller cannot finish or order, and that the right order then goes through, once.
    let shop = Shop::open().await;
    let proof = proved(&shop, CHALLENGE).await;
    let right = order(&shop, &proof);
    let before = shop.traces().await;
    for (what, status_code, code, change) in WRONG {
        let mut wrong = right.clone();
        change(&mut wrong);
        let answer = shop.order(&wrong).await;
        let told = (answer.status_code(), answer.code());
        assert_eq!(told, (*status_code, (*code).to_owned()), "{what}: {}", answer.text());
        assert_eq!(shop.traces().await, before, "{what}");
    }
    let other = shop.key(&["Admin"], &[]).await;
    let stolen = shop.send(&Request::post("/ticketOrder.json").key(&other).json(&right)).await;
    assert_eq!(stolen.code(), "AuthenticationInvalid", "another caller orders");
    let body = json!({ "orderId": proof["orderId"], "deviceId": "device-1" });
    let peeked =
        shop.send(&Request::post("/threeDSecure/finish.json").key(&other).json(&body)).await;
    assert_eq!(peeked.code(), "AuthenticationInvalid", "another caller finishes");
    assert_eq!(shop.order(&right).await.code(), "OK");
    assert_eq!(shop.order(&right).await.code(), "AuthenticationInvalid", "used up");
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_proof_grows_old() {
    // Proves that a proof cannot be used 15 minutes after the start.
    let shop = Shop::open().await;
    let proof = proved(&shop, CHALLENGE).await;
    shop.clock.advance(Span::minutes(15));
    assert_eq!(shop.order(&order(&shop, &proof)).await.code(), "AuthenticationInvalid");
    assert!(shop.charges().is_empty());
}

#[tokio::test]
async fn sixty_four_orders_with_one_proof() {
    // Proves that of 64 orders at once one is paid and 63 change nothing.
    let shop = Arc::new(Shop::open().await);
    let proof = proved(&shop, CHALLENGE).await;
    let body = order(&shop, &proof);
    let mut orders = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (shop, body) = (Arc::clone(&shop), body.clone());
        orders.spawn(async move { shop.order(&body).await.code() });
    }
    let codes = orders.join_all().await;
    let count = |code: &str| codes.iter().filter(|told| *told == code).count();
    assert_eq!((count("OK"), count("AuthenticationInvalid")), (1, 63), "{codes:?}");
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

const STARTS: &[Row] = &[
    ("no event", 400, "ValidationFailed", |start| start["eventId"] = json!(0)),
    ("an event nobody has", 404, "EventNotFound", |start| start["eventId"] = json!(999_999)),
    ("no card", 400, "InvalidAmount", |start| start["cardInfo"] = json!({})),
    ("no amount", 400, "InvalidAmount", |start| start["cardInfo"]["amount"] = json!(0)),
    ("half a króna", 400, "InvalidAmount", |start| start["cardInfo"]["amount"] = json!(0.5)),
    ("another currency", 400, "CurrencyMismatch", |start| {
        start["cardInfo"]["currency"] = json!("EUR");
    }),
    ("a mistyped card", 400, "CardInvalid", |start| {
        start["cardInfo"]["paymentMethod"]["pan"] = json!("4242424242424241");
    }),
    ("an old card", 400, "CardExpired", |start| {
        start["cardInfo"]["paymentMethod"]["expYear"] = json!("2026");
    }),
    ("a saved card of nobody", 404, "PaymentCardNotFound", |start| {
        start["paymentCardId"] = json!(7);
    }),
    ("a place to be led astray", 400, "ValidationFailed", |start| {
        start["returnUrl"] = json!("http://evil.example/");
    }),
    ("a site nobody has listed", 400, "ValidationFailed", |start| {
        start["returnUrl"] = json!("https://evil.example/");
    }),
    ("a bank that cannot be asked", 402, "AuthenticationUnavailable", |start| {
        start["cardInfo"]["paymentMethod"]["pan"] = json!("4000000000000119");
    }),
];

#[tokio::test]
async fn wrong_starts_are_refused() {
    // Proves the codes of a start, and that it moves neither money nor places.
    let shop = Shop::open().await;
    for (what, status_code, code, change) in STARTS {
        let mut body = start(&shop, GOOD);
        change(&mut body);
        let answer = post(&shop, "/threeDSecure/start.json", &body).await;
        let told = (answer.status_code(), answer.code());
        assert_eq!(told, (*status_code, (*code).to_owned()), "{what}: {}", answer.text());
    }
    let esja = shop.key(&["TeamAdmin"], &["esja"]).await;
    let body = start(&shop, GOOD);
    let outside =
        shop.send(&Request::post("/threeDSecure/start.json").key(&esja).json(&body)).await;
    assert_eq!((outside.status_code(), outside.code()), (403, "OwnerScopeDenied".to_owned()));
    assert!(shop.charges().is_empty());
}

#[tokio::test]
async fn unknown_ids_lead_nowhere() {
    // Proves what is said of order ids and challenges that are not there.
    let shop = Shop::open().await;
    for id in ["", "AAAAAA", "000001AAAAAA", "ZZZZZZZZZZZZ", "abcdefghijkl"] {
        let answer = finish(&shop, &json!(id), Some("ok")).await;
        assert_eq!(answer.code(), "AuthenticationInvalid", "{id}");
    }
    let nobody = browser(&shop, "/threeDSecure/return/000001AAAAAA", "ok").await;
    assert_eq!(nobody.status, 404, "{}", nobody.text());
    assert!(nobody.text().contains("Fannst ekki"));
    assert_eq!(shop.send(&Request::get("/sandbox/challenge/none")).await.status, 404);
}

#[tokio::test]
async fn a_card_that_fails_its_challenges_is_stopped() {
    // Proves that ten failed challenges in an hour end the tries of a card.
    let shop = Shop::open().await;
    for turn in 0..10 {
        let begun = started(&shop, CHALLENGE).await;
        let answer = finish(&shop, &begun["orderId"], Some("fail")).await;
        assert_eq!(answer.code(), "AuthenticationFailed", "{turn}");
    }
    let answer = post(&shop, "/threeDSecure/start.json", &start(&shop, CHALLENGE)).await;
    assert_eq!((answer.status_code(), answer.code()), (429, "TooManyRequests".to_owned()));
}

#[tokio::test]
async fn declines_count_against_the_card_that_was_proved() {
    // Proves that a card that is declined after its proof is stopped after ten declines, although
    // each order shows another token.
    let shop = Shop::open().await;
    for turn in 0..10 {
        let proof = started(&shop, DECLINE).await;
        let answer = shop.order(&order(&shop, &proof)).await;
        assert_eq!(answer.code(), "PaymentDeclined", "{turn}: {}", answer.text());
    }
    let answer = post(&shop, "/threeDSecure/start.json", &start(&shop, DECLINE)).await;
    assert_eq!((answer.status_code(), answer.code()), (429, "TooManyRequests".to_owned()));
    assert!(shop.charges().is_empty());
}

#[tokio::test]
async fn an_order_id_alone_leads_nowhere() {
    // Proves that who knows the 12 characters of an authentication gets neither where its browser
    // goes on nor its end, and that the whole address ends with the authentication.
    let shop = Shop::open().await;
    let started = started(&shop, CHALLENGE).await;
    let id = started["orderId"].as_str().unwrap();
    for end in ["", "0", "00000000000000000000000000000000", "%C3%B0"] {
        let path = format!("/threeDSecure/return/{id}{end}");
        let stranger = browser(&shop, &path, "fail").await;
        assert_eq!((stranger.status, stranger.header("Location")), (404, None), "{end}");
    }
    let path = way_back(&shop, &started).await;
    assert_eq!(browser(&shop, &path, "ok").await.status, 303);
    assert_eq!(finish(&shop, &started["orderId"], None).await.code(), "OK");
    shop.clock.advance(Span::minutes(15));
    let late = browser(&shop, &path, "ok").await;
    assert_eq!((late.status, late.header("Location")), (404, None), "{}", late.text());
}

#[tokio::test]
async fn browsers_are_not_led_to_a_host_that_was_made_up() {
    // Proves that who names this server by another host cannot have browsers sent to that host.
    let shop = Shop::open().await;
    let mut body = start(&shop, CHALLENGE);
    body["returnUrl"] = json!("http://evil.example/");
    let request = Request::post("http://evil.example/threeDSecure/start.json").key(&shop.admin);
    let started = shop.send(&request.json(&body)).await.json();
    let page = started["challengeUrl"].as_str().unwrap();
    let page = page.strip_prefix("http://evil.example").unwrap_or_else(|| panic!("{page}"));
    let page = shop.send(&Request::get(page)).await.text();
    let back = page.split("action=\"http://evil.example").nth(1).unwrap();
    let back = browser(&shop, back.split('"').next().unwrap(), "ok").await;
    assert_eq!((back.status, back.header("Location")), (200, None), "{}", back.text());
}

#[tokio::test]
async fn nothing_of_card_or_proof_is_stored() {
    // Proves that no row has the card's number, its code or the proof in it.
    let shop = Shop::with(crate::shop::Engine::Sqlite, |sandbox| Arc::new(sandbox)).await;
    let proof = proved(&shop, CHALLENGE).await;
    let secret = proof["mpiToken"].as_str().unwrap().split_once('.').unwrap().1;
    assert_eq!(shop.order(&order(&shop, &proof)).await.code(), "OK");
    for entry in std::fs::read_dir(shop.folder()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { continue };
        for hidden in [CHALLENGE, secret] {
            let found = bytes.windows(hidden.len()).any(|part| part == hidden.as_bytes());
            assert!(!found, "{hidden} is in {}", path.display());
        }
    }
}

#[tokio::test]
async fn a_proof_may_begin_with_a_card_number() {
    // Proves that a club that takes no card numbers in orders still lets one be proved, for that is
    // what it wants orders to be paid with.
    let shop = Shop::open().await;
    shop.change_rules("hekla", |rules| rules.raw_cards_refused = true).await;
    let proof = proved(&shop, CHALLENGE).await;
    let paid = post(&shop, "/ticketOrder.json", &order(&shop, &proof)).await;
    assert_eq!(paid.code(), "OK", "{}", paid.text());
}
