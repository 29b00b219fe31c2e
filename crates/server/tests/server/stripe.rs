//! Orders that are paid through Stripe, whole: from HTTP over the till to a Stripe of our own, and
//! its messages back to the till (`payments.md` §2.3, §6.6).

/// Where the stand-in is.
#[path = "../../../gateway/tests/stripe"]
mod provider {
    #[expect(dead_code, reason = "the gateway's own tests use all of it")]
    pub(super) mod fake;
}

use std::sync::Arc;

use domain::attempt::GatewayTerms;
use domain::time::Span;
use gateway::client::ClientSettings;
use gateway::sandbox::terms;
use gateway::stripe::{StripeGateway, StripeSettings, WebhookSecret};
use serde_json::{Value, json};

use self::provider::fake::{Fake, Fault, refusal};
use crate::bad_moments::{comes_again, comes_again_at_the_end};
use crate::client::{Answer, Request};
use crate::order::{card, paid, unpaid};
use crate::shop::{Engine, NOON, Shop};

const WEBHOOK: &str = "/stripe/webhook/sandbox";
const SECRET: &str = "whsec_w1nter";
const OLD_SECRET: &str = "whsec_autumn";

/// A shop whose cards are charged by the fake. Organisers know it by the name they chose.
async fn open() -> (Shop, Fake) {
    let fake = Fake::start().await;
    let deadline = Span::seconds(5);
    let base_url = format!("http://{}", fake.address);
    let settings = StripeSettings {
        terms: GatewayTerms { deadline, ..terms("sandbox") },
        client: ClientSettings { base_url, deadline, root_certificate: None },
        secret_key: "sk_test_w1nter".to_owned().into(),
        webhook_secrets: vec![WebhookSecret::new(SECRET), WebhookSecret::new(OLD_SECRET)],
        publishable_key: None,
        raw_cards: true,
        clock: Arc::new(|| NOON),
    };
    let gateway = StripeGateway::new(settings).unwrap();
    (Shop::with(Engine::Memory, |_| Arc::new(gateway)).await, fake)
}

/// An order whose charge went through and whose answer was lost; brings its handle.
async fn in_doubt(shop: &Shop, fake: &Fake) -> String {
    fake.breaks("confirm", Fault::LostAfter);
    let answer = shop.order(&paid(shop, "match", "few", 1)).await;
    assert_eq!((answer.status_code(), answer.code()), (202, "PaymentPending".to_owned()));
    answer.token()
}

/// The name and the key of the only payment.
fn payment(fake: &Fake) -> (String, String) {
    fake.book(|book| {
        let (id, intent) = book.intents.iter().next().unwrap();
        (id.clone(), intent.metadata_key.clone())
    })
}

fn charges(fake: &Fake) -> usize {
    fake.book(|book| book.intents.values().map(|intent| intent.charges).sum())
}

fn about_payment(id: &str, kind: &str, fake: &Fake) -> Value {
    let (payment, key) = payment(fake);
    let object = json!({
        "id": payment, "object": "payment_intent", "amount": 400_000, "currency": "isk",
        "metadata": {"guichet_key": key},
    });
    json!({"id": id, "object": "event", "type": kind, "data": {"object": object}})
}

/// A message about a dispute over half of the payment.
fn about_dispute(id: &str, kind: &str, status: &str, fake: &Fake) -> Value {
    let object = json!({
        "id": "dp_1", "object": "dispute", "payment_intent": payment(fake).0, "amount": 200_000,
        "currency": "isk", "status": status, "metadata": {},
    });
    json!({"id": id, "type": kind, "data": {"object": object}})
}

/// A message, signed `age` seconds ago with `secret`.
fn signed(event: &Value, secret: &str, age: i64) -> Request {
    let body = event.to_string();
    let signature = WebhookSecret::new(secret).header(NOON.seconds() - age, body.as_bytes());
    Request::post(WEBHOOK)
        .header("Stripe-Signature", &signature)
        .header("Accept", "application/json")
        .body("application/json; charset=utf-8", body)
}

async fn send(shop: &Shop, event: &Value) -> Answer {
    shop.send(&signed(event, SECRET, 0)).await
}

async fn tasks(shop: &Shop) -> Vec<Value> {
    let target = format!("/tasks/{}.json", shop.number("organiser", "hekla"));
    let answer = shop.send(&Request::get(&target).key(&shop.admin)).await;
    answer.json()["tasks"].as_array().cloned().unwrap_or_default()
}

fn told(answer: &Answer) -> (u64, String) {
    (answer.status_code(), answer.code())
}

#[tokio::test]
async fn cards_are_charged_through_stripe() {
    // Proves what an order becomes by what Stripe says, and that a challenge buys nothing.
    for (number, expected) in [
        ("4242424242424242", (200, "OK")),
        ("4000000000000002", (402, "PaymentDeclined")),
        ("4000000000009995", (402, "InsufficientFunds")),
        // Stolen: the buyer is not told more than of any other decline.
        ("4000000000009979", (402, "PaymentDeclined")),
        ("4000000000000069", (400, "CardExpired")),
        ("4000002760003184", (402, "AuthenticationRequired")),
    ] {
        let (shop, fake) = open().await;
        let mut order = unpaid(&shop, "match", "few", 1);
        order["cardInfo"] = card(number);
        let answer = shop.order(&order).await;
        assert_eq!(told(&answer), (expected.0, expected.1.to_owned()), "{number}");
        let sold = usize::from(expected.0 == 200);
        assert_eq!(charges(&fake), sold, "{number}");
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn a_message_clears_a_doubt() {
    // Proves that a message makes a charge whose answer was lost be asked about at once, that the
    // same message again asks nothing, and that others which come later or out of turn change
    // nothing any more.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake).await;
    let succeeded = about_payment("evt_1", "payment_intent.succeeded", &fake);
    let answer = send(&shop, &succeeded).await;
    assert_eq!((answer.status, &answer.json()["received"]), (200, &json!(true)));
    assert_eq!(shop.settled(&token).await.json()["ticketStatus"], "Bought", "without any clock");
    fake.seen();
    for event in [
        succeeded,
        about_payment("evt_0", "payment_intent.payment_failed", &fake),
        about_payment("evt_2", "payment_intent.canceled", &fake),
        about_payment("evt_3", "payment_intent.requires_action", &fake),
        about_payment("evt_4", "payment_intent.succeeded", &fake),
    ] {
        assert_eq!(send(&shop, &event).await.status, 200, "{event}");
    }
    assert_eq!(shop.status(&token).await.json()["ticketStatus"], "Bought");
    assert_eq!(fake.seen(), [], "there is nothing to ask");
    assert_eq!(charges(&fake), 1);
    assert_eq!(tasks(&shop).await, Vec::<Value>::new());
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn messages_at_a_bad_moment_come_again() {
    // Proves that a message which cannot be taken in is neither acknowledged nor acted on, and that
    // the same message later does all that it would have done.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake).await;
    fake.seen();
    let succeeded = about_payment("evt_1", "payment_intent.succeeded", &fake);
    let dispute = about_dispute("evt_2", "charge.dispute.created", "needs_response", &fake);
    for event in [&succeeded, &dispute] {
        comes_again(&shop, || signed(event, SECRET, 0)).await;
    }
    assert_eq!((fake.seen(), tasks(&shop).await), (vec![], vec![]), "nothing was done");
    for event in [&succeeded, &dispute] {
        assert_eq!(send(&shop, event).await.status, 200);
    }
    assert_eq!(shop.settled(&token).await.json()["ticketStatus"], "Bought");
    assert_eq!(tasks(&shop).await.len(), 1);
    shop.assert_all_is_well().await;
    let late = about_payment("evt_3", "payment_intent.succeeded", &fake);
    comes_again_at_the_end(&shop, || signed(&late, SECRET, 0)).await;
}

#[tokio::test]
async fn what_a_message_says_is_not_believed() {
    // Proves that a success which Stripe does not confirm sells nothing: the till asks.
    let (shop, fake) = open().await;
    let (status, body) = refusal(500, "api_error", "", "");
    fake.breaks("confirm", Fault::Answer(status, body));
    let answer = shop.order(&paid(&shop, "match", "few", 1)).await;
    let token = answer.token();
    send(&shop, &about_payment("evt_1", "payment_intent.succeeded", &fake)).await;
    assert_eq!(shop.status(&token).await.json()["ticketStatus"], "PendingPayment");
    shop.clock.advance(Span::minutes(1));
    assert_eq!(shop.settled(&token).await.json()["ticketStatus"], "PaymentFailed");
    assert_eq!(charges(&fake), 0);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn forged_and_old_messages_do_nothing() {
    // Proves that a message counts with a signature of the last five minutes, by either secret
    // while one is replaced, and with no other.
    let (shop, fake) = open().await;
    let token = in_doubt(&shop, &fake).await;
    fake.seen();
    let event = about_payment("evt_1", "payment_intent.succeeded", &fake);
    let unsigned = Request::post(WEBHOOK).json(&event);
    let altered = {
        let right = WebhookSecret::new(SECRET).header(NOON.seconds(), event.to_string().as_bytes());
        let other = about_payment("evt_2", "payment_intent.succeeded", &fake).to_string();
        Request::post(WEBHOOK).header("Stripe-Signature", &right).body("application/json", other)
    };
    for forged in [unsigned, altered, signed(&event, "whsec_other", 0), signed(&event, SECRET, 301)]
    {
        let answer = shop.send(&forged.header("Accept", "application/json")).await;
        assert_eq!((answer.status, answer.error().1.as_str()), (403, "SignatureInvalid"));
    }
    assert_eq!(fake.seen(), [], "Stripe was not asked");
    assert_eq!(shop.status(&token).await.json()["ticketStatus"], "PendingPayment");
    assert_eq!(shop.send(&signed(&event, OLD_SECRET, 299)).await.status, 200);
    assert_eq!(shop.settled(&token).await.json()["ticketStatus"], "Bought");
}

#[tokio::test]
async fn messages_about_nothing_of_ours_are_acknowledged() {
    // Proves that what the till cannot use is not sent again and again, and does nothing.
    let (shop, fake) = open().await;
    let event = |kind: &str, object: Value| {
        let data = json!({ "object": object });
        json!({"id": "evt_1", "type": kind, "data": data})
    };
    let keyed = |key: &str| json!({"id": "pi_9", "metadata": {"guichet_key": key}});
    for event in [
        event("payment_intent.succeeded", keyed("att_1_99_1_0000000000000000")),
        event("payment_intent.succeeded", keyed("att_ffff_1_1_0000000000000000")),
        event("payment_intent.succeeded", keyed("somebody else's")),
        event("customer.created", json!({})),
        event("something.new", json!({"id": 7})),
        json!({"id": "evt_1"}),
    ] {
        let answer = send(&shop, &event).await;
        assert_eq!((answer.status, &answer.json()["received"]), (200, &json!(true)), "{event}");
    }
    assert_eq!(fake.seen(), []);
    assert_eq!(tasks(&shop).await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_a_person_must_settle_becomes_one_task() {
    // Proves that a dispute and a refund that failed after all are each told to a person once,
    // and that a message which could not be understood yet comes again.
    let (shop, fake) = open().await;
    let sold = shop.order(&paid(&shop, "match", "few", 1)).await;
    assert_eq!(sold.code(), "OK");
    let (payment, key) = payment(&fake);
    let refund = json!({
        "id": "re_1", "object": "refund", "payment_intent": payment, "amount": 200_000,
        "currency": "isk", "status": "failed", "metadata": {"guichet_key": key},
    });
    let opened = about_dispute("evt_1", "charge.dispute.created", "needs_response", &fake);
    fake.breaks("GET /v1/payment_intents", Fault::LostBefore);
    let answer = send(&shop, &opened).await;
    assert_eq!((answer.status, tasks(&shop).await.len()), (503, 0), "Stripe sends it again");
    for event in [
        opened,
        json!({"id": "evt_2", "type": "refund.failed", "data": {"object": refund}}),
        about_dispute("evt_3", "charge.dispute.closed", "lost", &fake),
    ] {
        for _ in 0..2 {
            assert_eq!(send(&shop, &event).await.status, 200, "{event}");
        }
    }
    let mut told: Vec<_> = tasks(&shop).await;
    told.sort_by_key(|task| task["taskId"].as_i64());
    let kinds: Vec<_> = told.iter().map(|task| task["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["PaymentDisputed", "RefundReversed", "PaymentDisputed"]);
    assert!(told.iter().all(|task| task["ticketTokenId"] == json!(sold.token())), "{told:?}");
}
