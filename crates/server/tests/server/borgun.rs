//! Orders that are paid through Borgun's gateway, whole: from HTTP over the till to a fake gateway
//! that keeps its rules. It cannot be asked about a key, so that a lost answer ends with an event
//! of its own or with a person.

#[expect(dead_code, reason = "the gateway's own tests use all of it")]
#[path = "../../../gateway/tests/suite/borgun/fake.rs"]
mod fake;
#[path = "../../../gateway/tests/suite/borgun/ledger.rs"]
mod ledger;

use std::sync::Arc;
use std::time::Duration;

use domain::attempt::{AttemptState, GatewayTerms, Verb};
use domain::time::Span;
use gateway::borgun::{Authorization, Borgun, BorgunSettings, order_id};
use gateway::client::ClientSettings;
use gateway::sandbox::terms;
use serde_json::{Value, json};

use self::fake::{FakeRpg, Turn};
use crate::bad_moments::{comes_again, comes_again_at_the_end};
use crate::client::{Answer, Request};
use crate::order::{paid, unpaid};
use crate::shop::{Engine, NOON, Shop, until};

const SECRET: &str = "a-secret-for-events";
const EVENTS: &str = "/borgun/events/sandbox/a-secret-for-events";
const PAYMENT: &str = "POST /rpg/api/payment";

/// Longer than a call may still be on its way.
const PAST_SENDING: Span = Span::minutes(2);

/// Longer than the machine goes on waiting.
const PAST_WAITING: Span = Span::hours(25);

/// `{"a":1}` in base64, as a bank's answer begins.
const CRES: &str = "eyJhIjoxfQ";

/// Long enough for something to happen that must not.
const QUIET: Duration = Duration::from_millis(100);

/// A shop whose cards are charged by the fake. Organisers know it by the name they chose.
async fn open() -> (Shop, FakeRpg) {
    let fake = FakeRpg::start().await;
    let deadline = Span::seconds(5);
    let settings = BorgunSettings {
        terms: GatewayTerms { name: "sandbox".into(), deadline, ..terms("sandbox") },
        client: ClientSettings { base_url: fake.base_url(), deadline, root_certificate: None },
        private_token: "private-token".to_owned().into(),
        public_token: None,
        authorization: Authorization::Private,
        event_secrets: vec![SECRET.to_owned().into()],
        verify_cards: false,
        resend_same_order_id: false,
        clock: Arc::new(|| NOON),
    };
    let gateway = Borgun::new(settings).unwrap();
    (Shop::with(Engine::Memory, |_| Arc::new(gateway)).await, fake)
}

async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    shop.send(&Request::post(path).key(&shop.admin).json(body)).await
}

/// An order whose answer is lost, charged or not: pending, its place held.
async fn in_doubt(shop: &Shop, fake: &FakeRpg, turn: Turn) -> String {
    fake.next([turn]);
    let answer = shop.order(&paid(shop, "match", "adult", 1)).await;
    assert_eq!((answer.status_code(), answer.code()), (202, "PaymentPending".into()));
    assert_eq!(shop.places("hekla").await, (1, 0), "the place stays held");
    assert_eq!(fake.lines(), [PAYMENT]);
    answer.token()
}

/// What the gateway tells of the only sale's charge.
async fn event(shop: &Shop, transaction_id: &str) -> Value {
    let key = shop.sales("hekla").await[0].attempts[0].key.clone();
    json!({
        "EventId": "e1", "EventType": "PaymentCreate", "Created": "2027-05-01T12:00:00",
        "Data": { "TransactionId": transaction_id, "OrderId": order_id(&key), "Amount": 400_000 },
    })
}

async fn send(shop: &Shop, path: &str, event: &Value) -> Answer {
    shop.send(&Request::post(path).json(event)).await
}

async fn state(shop: &Shop, token: &str) -> Value {
    shop.status(token).await.json()["ticketStatus"].clone()
}

async fn becomes(shop: &Shop, token: &str, status: &str) {
    let reached = async || (state(shop, token).await == status).then_some(());
    until(status, reached).await;
}

#[tokio::test]
async fn an_order_is_paid_and_paid_back() {
    // Proves the way of an order and of its refund: what the gateway is asked, in which unit, and
    // that each is asked once.
    let (shop, fake) = open().await;
    let sold = shop.order(&paid(&shop, "match", "adult", 2)).await;
    assert_eq!(sold.code(), "OK", "{}", sold.text());
    let seen = fake.seen();
    assert_eq!((seen.len(), seen[0].line.as_str()), (1, PAYMENT));
    let body = &seen[0].body;
    assert_eq!((&body["Amount"], &body["Currency"]), (&json!(800_000), &json!("352")));
    assert_eq!((&body["TransactionType"], fake.kept()), (&json!("Sale"), vec![800_000]));
    assert_eq!(shop.places("hekla").await, (0, 2));

    let refund = json!({ "ticketTokenIds": [sold.token()], "reason": "ill" });
    let outcome = post(&shop, "/refund/process.json", &refund).await.json()["outcomes"][0].clone();
    assert_eq!(outcome["ticketStatus"], "Refunded", "{outcome}");
    assert_eq!(outcome["gatewayRefundId"], "tr_0001");
    let seen = fake.seen();
    assert_eq!((seen.len(), seen[0].line.as_str()), (1, "PUT /rpg/api/payment/tr_0001/refund"));
    assert_eq!(seen[0].body, json!({ "PartialAmount": 800_000 }));
    assert_eq!((fake.kept(), shop.places("hekla").await), (vec![], (0, 0)));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_no_gives_the_places_back() {
    // Proves what buyers are told of each kind of no, and that nothing stays behind.
    for (turn, status_code, code) in [
        (Turn::Pay("Declined", "100"), 402, "PaymentDeclined"),
        (Turn::Pay("Declined", "116"), 402, "InsufficientFunds"),
        (Turn::Pay("Declined", "101"), 400, "CardExpired"),
        (Turn::Pay("Declined", "209"), 402, "PaymentDeclined"),
        (Turn::Pay("Declined", "902"), 502, "GatewayUnavailable"),
    ] {
        let (shop, fake) = open().await;
        fake.next([turn.clone()]);
        let answer = shop.order(&paid(&shop, "match", "adult", 1)).await;
        let told = (answer.status_code(), answer.code());
        assert_eq!(told, (status_code, code.to_owned()), "{turn:?}: {}", answer.text());
        assert_eq!(fake.lines(), [PAYMENT]);
        assert_eq!((shop.places("hekla").await, fake.kept()), ((0, 0), vec![]));
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn a_payment_in_doubt_waits_for_a_person() {
    // Proves that a lost answer is neither asked about nor sent again for a day, and that a person
    // then decides, either way.
    for (turn, verdict, status) in [
        (Turn::LoseRequest, json!({ "verdict": "NotCharged" }), "PaymentFailed"),
        (
            Turn::LoseAnswer,
            json!({ "verdict": "Charged", "paymentReference": "tr_0001" }),
            "Bought",
        ),
    ] {
        let (shop, fake) = open().await;
        let token = in_doubt(&shop, &fake, turn).await;
        shop.clock.advance(PAST_SENDING);
        let unknown = async || {
            let sale = &shop.sales("hekla").await[0];
            (sale.attempts[0].asked > 0).then_some(())
        };
        until("the janitor's look", unknown).await;
        shop.clock.advance(PAST_WAITING);
        until("the review", async || (shop.check().await.reviews == 1).then_some(())).await;
        assert_eq!(state(&shop, &token).await, "PendingPayment");
        assert!(fake.lines().is_empty(), "the gateway was left alone");
        let mut decision = verdict;
        decision["ticketTokenId"] = json!(token);
        let decided = post(&shop, "/ticketOrder/review.json", &decision).await;
        assert_eq!(decided.json()["ticketStatus"], status, "{}", decided.text());
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn a_refund_in_doubt_is_not_sent_again() {
    // Proves that a refund whose answer is lost ends with a person, however long it takes, and
    // that one which shows in the payment does not.
    let (shop, fake) = open().await;
    let token = shop.order(&paid(&shop, "match", "adult", 2)).await.token();
    fake.seen();
    fake.next([Turn::LoseAnswer]);
    let part = json!({ "ticketTokenIds": [token], "admissions": [2] });
    post(&shop, "/refund/process.json", &part).await;
    let asked = ["PUT /rpg/api/payment/tr_0001/refund", "GET /rpg/api/payment/tr_0001"];
    assert_eq!(fake.lines(), asked);
    shop.clock.advance(PAST_SENDING);
    tokio::time::sleep(QUIET).await;
    shop.clock.advance(PAST_WAITING);
    let is_review = async || {
        let sale = shop.sales("hekla").await.remove(0);
        let refund = sale.attempts.iter().find(|it| it.verb == Verb::Refund)?.clone();
        (refund.state == AttemptState::Review).then_some(())
    };
    until("the review", is_review).await;
    assert!(fake.lines().is_empty(), "it was sent once and asked about once");
    assert_eq!(fake.kept(), [400_000]);
    let found = json!({
        "ticketTokenId": token, "verdict": "Charged", "paymentReference": "tr_0001",
    });
    let decided = post(&shop, "/ticketOrder/review.json", &found).await;
    assert_eq!(decided.status_code(), 200, "{}", decided.text());
    assert!(fake.lines().is_empty());
    shop.assert_all_is_well().await;

    let (shop, fake) = open().await;
    let token = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    fake.next([Turn::LoseAnswer]);
    let whole = json!({ "ticketTokenIds": [token] });
    let refunded = post(&shop, "/refund/process.json", &whole).await.json();
    assert_eq!(refunded["outcomes"][0]["ticketStatus"], "Refunded", "{refunded}");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn an_event_settles_a_payment_in_doubt() {
    // Proves that what the gateway tells by itself is read there first and then counts, once.
    for (status, code, expected, places) in
        [("Accepted", "000", "Bought", (0, 1)), ("Declined", "116", "PaymentFailed", (0, 0))]
    {
        let (shop, fake) = open().await;
        let token = in_doubt(&shop, &fake, Turn::LoseAnswer).await;
        {
            let mut state = fake.state();
            let payment = state.payments.get_mut("tr_0001").unwrap();
            (payment.status, payment.code) = (status, code);
        }
        let event = event(&shop, "tr_0001").await;
        for _ in 0..3 {
            let answer = send(&shop, EVENTS, &event).await;
            assert_eq!((answer.status, answer.json()["ok"].clone()), (200, json!(true)));
            becomes(&shop, &token, expected).await;
        }
        assert_eq!(shop.places("hekla").await, places);
        let lines = fake.lines();
        assert!(!lines.is_empty() && lines.iter().all(|it| it == "GET /rpg/api/payment/tr_0001"));
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn a_payment_under_review_is_settled_by_an_event() {
    // Proves that a late event spares the person, and that one about a payment that still is
    // unclear changes nothing.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake, Turn::LoseAnswer).await;
    shop.clock.advance(PAST_WAITING);
    until("the review", async || (shop.check().await.reviews == 1).then_some(())).await;
    fake.state().payments.get_mut("tr_0001").unwrap().status = "Error";
    let unclear = send(&shop, EVENTS, &event(&shop, "tr_0001").await).await;
    assert_eq!(unclear.status, 503, "it is to come again");
    assert_eq!(fake.lines(), ["GET /rpg/api/payment/tr_0001"]);
    assert_eq!(state(&shop, &token).await, "PendingPayment");
    fake.state().payments.get_mut("tr_0001").unwrap().status = "Accepted";
    send(&shop, EVENTS, &event(&shop, "tr_0001").await).await;
    becomes(&shop, &token, "Bought").await;
    assert_eq!(shop.check().await.reviews, 0);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn events_at_a_bad_moment_come_again() {
    // Proves that an event is acknowledged only when what it tells of is settled: not while the
    // till cannot take it in, nor when the payment could not be read.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake, Turn::LoseAnswer).await;
    let event = event(&shop, "tr_0001").await;
    comes_again(&shop, || Request::post(EVENTS).json(&event)).await;
    assert!(fake.lines().is_empty(), "nothing was done");
    fake.next([Turn::LoseAnswer]);
    assert_eq!(send(&shop, EVENTS, &event).await.status, 503, "the gateway did not answer");
    assert_eq!(send(&shop, EVENTS, &event).await.status, 200);
    assert_eq!(state(&shop, &token).await, "Bought", "before the event was acknowledged");
    shop.assert_all_is_well().await;
    comes_again_at_the_end(&shop, || Request::post(EVENTS).json(&event)).await;
}

#[tokio::test]
async fn a_forged_event_does_nothing() {
    // Proves that without the secret nothing is read, and that with it only a payment in doubt is,
    // under its own name and as what it should be.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake, Turn::LoseAnswer).await;
    let before = shop.traces().await;
    let real = event(&shop, "tr_0001").await;
    for path in [
        "/borgun/events/sandbox/a-secret-for-event",
        "/borgun/events/sandbox/A-SECRET-FOR-EVENTS",
        "/borgun/events/nobody/a-secret-for-events",
        "/borgun/events/phone/a-secret-for-events",
    ] {
        let answer = send(&shop, path, &real).await;
        assert_eq!((answer.status, answer.error().1), (403, "SignatureInvalid".into()), "{path}");
        assert!(!answer.text().to_lowercase().contains("a-secret"), "{}", answer.text());
    }
    let about = |transaction_id: &str, order_id: &str| {
        let data = json!({ "TransactionId": transaction_id, "OrderId": order_id });
        json!({ "Data": data })
    };
    let own = real["Data"]["OrderId"].as_str().unwrap().to_owned();
    let other_half = format!("{}AAAAAA", &own[..6]);
    for told in [
        about("tr_0001", &other_half),
        about("tr_0001", "ZZZZZZZZZZZZ"),
        about("tr_0001", "short"),
        about("../../token", &own),
        about("", &own),
        json!({}),
        json!({ "Data": null }),
    ] {
        let answer = send(&shop, EVENTS, &told).await;
        assert_eq!(answer.status, 200, "{told}: {}", answer.text());
    }
    tokio::time::sleep(QUIET).await;
    assert!(fake.lines().is_empty(), "nothing was read");
    // Another payment's name is read, and is not this one.
    let mut stranger = fake.state().payments["tr_0001"].clone();
    stranger.request["OrderId"] = json!("ABCDEFGHIJKL");
    fake.state().payments.insert("tr_0007".into(), stranger);
    send(&shop, EVENTS, &about("tr_0007", &own)).await;
    until("the look", async || (!fake.lines().is_empty()).then_some(())).await;
    assert_eq!(state(&shop, &token).await, "PendingPayment");
    assert_eq!(shop.traces().await, before);
}

/// A start of 3-D Secure for one adult at the match.
async fn started(shop: &Shop) -> Value {
    let mut start = json!({
        "eventId": shop.number("event", "match"), "deviceId": "device-1",
        "returnUrl": "https://app.example.org/back",
        "cardInfo": paid(shop, "match", "adult", 1)["cardInfo"],
    });
    start["cardInfo"]["amount"] = json!(4000);
    start["cardInfo"]["currency"] = json!("ISK");
    let answer = post(shop, "/threeDSecure/start.json", &start).await;
    assert!(answer.status < 300, "{}", answer.text());
    answer.json()
}

async fn finished(shop: &Shop, order_id: &Value) -> Value {
    let body = json!({ "orderId": order_id, "deviceId": "device-1" });
    post(shop, "/threeDSecure/finish.json", &body).await.json()
}

/// The holder's browser brings what the bank gave.
async fn browser(shop: &Shop, path: &str, cres: &str) -> Answer {
    let form = format!("cres={cres}");
    shop.send(&Request::post(path).body("application/x-www-form-urlencoded", form)).await
}

#[tokio::test]
async fn an_order_is_paid_with_three_d_secure() {
    // Proves the whole way with the method step and a challenge: the card becomes a token, the bank
    // reads the device, asks the holder, and its proof pays the one order.
    let (shop, fake) = open().await;
    fake.bank_says([
        json!({ "MdStatus": "50", "MPIToken": "mpi_1", "XId": "x", "TxId": "t",
                "TDSMethodContent": "<iframe></iframe>" }),
        json!({ "MdStatus": "9", "MPIToken": "mpi_1", "RedirectToACSForm": "<form>acs</form>" }),
        json!({ "MdStatus": "1", "CAVV": "AAAB" }),
    ]);
    let started = started(&shop).await;
    assert_eq!(started["statusCode"], 202, "{started}");
    let seen = fake.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line.as_str()).collect();
    let enrollment = "POST /rpg/api/mpi/v2/enrollment";
    assert_eq!(lines, ["POST /rpg/api/token/single", enrollment]);
    let details = json!({ "PaymentType": "TokenSingle", "Token": "ts_0001" });
    assert_eq!(seen[1].body["CardDetails"], details);
    let way_back = seen[1].body["TermUrl"].as_str().unwrap().strip_prefix("http://till").unwrap();
    let method_page = started["challengeHtml"].as_str().unwrap();
    assert!(method_page.contains("<iframe></iframe>") && method_page.contains(way_back));

    let challenge = browser(&shop, way_back, "method").await;
    assert_eq!((challenge.status, challenge.text().as_str()), (200, "<form>acs</form>"));
    let open = finished(&shop, &started["orderId"]).await;
    assert_eq!(open["statusCode"], 202, "nobody has answered: {open}");
    let back = browser(&shop, way_back, CRES).await;
    let location = back.header("Location").unwrap().to_owned();
    assert!(location.ends_with("status=passed"), "{location}");
    assert_eq!(fake.lines(), [enrollment, "POST /rpg/api/mpi/v2/validation"]);

    let proof = finished(&shop, &started["orderId"]).await;
    assert_eq!((&proof["statusCode"], &proof["paymentType"]), (&json!(200), &json!("TokenSingle")));
    let mut order = unpaid(&shop, "match", "adult", 1);
    order["deviceId"] = json!("device-1");
    order["borgun3DFinalInfo"] = json!({
        "transactionType": "Sale", "amount": 400_000, "currency": "352",
        "orderId": proof["orderId"],
        "paymentMethod": { "paymentType": proof["paymentType"], "token": proof["cardToken"] },
        "threeDSecure": { "dataType": "Token", "mpiToken": proof["mpiToken"] },
    });
    let sold = shop.order(&order).await;
    assert_eq!(sold.code(), "OK", "{}", sold.text());
    let paid = fake.seen().pop().unwrap().body;
    assert_eq!(paid["ThreeDSecure"], json!({ "DataType": "Token", "MpiToken": "mpi_1" }));
    assert_eq!(paid["PaymentMethod"], details);
    let again = shop.order(&order).await;
    assert_eq!(again.code(), "AuthenticationInvalid");
    assert_eq!(fake.kept(), [400_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_wallet_pays_with_its_cryptogram() {
    // Proves how a device's card and what proves it reach the gateway.
    let (shop, fake) = open().await;
    let mut order = unpaid(&shop, "match", "adult", 1);
    order["cardInfo"] = json!({ "paymentMethod": {
        "paymentType": "Card", "pan": "4242424242424242", "expMonth": "12", "expYear": "2031",
    } });
    order["applePayInfo"] = json!({
        "threeDSecure": { "dataType": "Manual", "securityLevelInd": "2", "cavv": "AAABBBCCC=" },
    });
    let sold = shop.order(&order).await;
    assert_eq!(sold.code(), "OK", "{}", sold.text());
    let body = fake.seen().remove(0).body;
    let proof = json!({ "DataType": "Manual", "SecurityLevelInd": "2", "CAVV": "AAABBBCCC=" });
    assert_eq!(body["ThreeDSecure"], proof);
    assert!(body["PaymentMethod"]["CVC2"].is_null());
    shop.assert_all_is_well().await;
}
