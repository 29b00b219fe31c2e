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
use crate::agents::desk::Desk;
use crate::bad_moments::{comes_again, comes_again_at_the_end};
use crate::client::{Answer, Request};
use crate::order::{card, paid, unpaid};
use crate::shop::{Engine, NOON, Shop, until};

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

/// A message about a dispute over half of the payment, which stands so at Stripe, too.
fn about_dispute(id: &str, kind: &str, status: &str, fake: &Fake) -> Value {
    let object = json!({
        "id": "dp_1", "object": "dispute", "payment_intent": payment(fake).0, "amount": 200_000,
        "currency": "isk", "status": status, "metadata": {},
    });
    fake.book(|book| book.disputes.insert("dp_1".into(), object.clone()));
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

/// A message about the only subscription, or a bill of it.
fn about_subscription(id: &str, kind: &str, order: &str) -> Value {
    let metadata = json!({"guichet_key": format!("sub_{order}")});
    let object = match kind.split_once('.') {
        Some(("invoice", _)) => json!({
            "id": "in_1", "object": "invoice", "subscription_details": {"metadata": metadata},
        }),
        _ => json!({"id": "sub_1", "object": "subscription", "metadata": metadata}),
    };
    json!({"id": id, "object": "event", "type": kind, "data": {"object": object}})
}

/// A recurring order that was paid in a browser, and what PUT said of it.
async fn recurring(desk: &Desk, fake: &Fake) -> (String, Value) {
    let line = json!({ "Description": "Pass", "Quantity": 1, "UnitPrice": 5_000,
        "RecurringInterval": "Month" });
    let uid = desk.order_of(&json!([line])).await;
    let (_, opened) = desk.pay(&uid, None).await;
    let payment = opened["CustomerPayment"]["TransactionId"].as_str().unwrap();
    fake.book(|book| book.pay_in_browser(payment, "tok_visa"));
    (uid.clone(), desk.put(&uid).await.1)
}

async fn periods(desk: &Desk, uid: &str, count: i64) {
    until("a period to be booked", async || {
        (desk.header(uid).await["Subscription"]["PeriodsPaid"] == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn messages_renew_an_order_once() {
    // Proves that a bill is booked once, whether its message comes once, twice, late or out of
    // turn; that what messages say is not believed; and that forged ones are not heard.
    let (shop, fake) = open().await;
    let desk = Desk::of(shop).await;
    let (uid, paid) = recurring(&desk, &fake).await;
    assert_eq!(paid["PaymentSuccess"], json!(true), "{paid}");
    assert_eq!(paid["SubscriptionSuccess"], json!(true), "{paid}");
    assert!(paid["ReceiptUrl"].as_str().unwrap().starts_with("https://"), "{paid}");
    let subscription = fake.book(|book| book.subscriptions.keys().next().unwrap().clone());
    let bill = || fake.book(|book| book.bill(&subscription, 500_000));

    let event = about_subscription("evt_1", "invoice.paid", &uid);
    let forged = desk.shop.send(&signed(&event, "whsec_other", 0)).await;
    let too_old = desk.shop.send(&signed(&event, SECRET, 301)).await;
    assert_eq!((forged.status, too_old.status), (403, 403));
    bill();
    for event in [
        about_subscription("evt_0", "customer.subscription.deleted", &uid),
        event.clone(),
        event,
        about_subscription("evt_2", "invoice.payment_failed", &uid),
    ] {
        assert_eq!(send(&desk.shop, &event).await.status, 200, "{event}");
    }
    periods(&desk, &uid, 1).await;
    bill();
    send(&desk.shop, &about_subscription("evt_1", "invoice.paid", &uid)).await;
    periods(&desk, &uid, 2).await;
    let known = desk.header(&uid).await;
    assert_eq!(known["Subscription"]["State"], json!("Active"), "it was not deleted");
    assert_eq!(known["CustomerPaidAmount"], json!(5_000));

    fake.book(|book| book.subscriptions.values_mut().for_each(|it| it.status = "past_due"));
    send(&desk.shop, &about_subscription("evt_5", "customer.subscription.updated", &uid)).await;
    until("the subscription to be past due", async || {
        (desk.header(&uid).await["Subscription"]["State"] == "PastDue").then_some(())
    })
    .await;
    assert_eq!(desk.state(&desk.agent, &uid).await["SubscriptionSuccess"], json!(false));
    send(&desk.shop, &about_dispute("evt_6", "charge.dispute.closed", "lost", &fake)).await;
    let told = desk.state(&desk.agent, &uid).await;
    assert_eq!(told["CustomerPayment"]["PaymentStatus"], json!(9), "{told}");
    assert_eq!(desk.header(&uid).await["CustomerPaidAmount"], json!(3_000));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn an_early_message_finds_the_subscription() {
    // Proves that one whose making was not answered is found by a message about it, is there once,
    // and that an order paid back ends it.
    let (shop, fake) = open().await;
    let desk = Desk::of(shop).await;
    fake.breaks("POST /v1/subscriptions", Fault::LostAfter);
    let (uid, paid) = recurring(&desk, &fake).await;
    assert_eq!(
        (&paid["PaymentSuccess"], &paid["SubscriptionSuccess"]),
        (&json!(true), &json!(false))
    );
    send(&desk.shop, &about_subscription("evt_1", "customer.subscription.created", &uid)).await;
    until("the subscription to be found", async || {
        (desk.state(&desk.agent, &uid).await["SubscriptionSuccess"] == true).then_some(())
    })
    .await;
    assert_eq!(fake.book(|book| book.subscriptions.len()), 1);
    let target = format!("/v1/OrderHeaders/{uid}/Refund");
    desk.send(&desk.administrator, "POST", &target, &json!({ "Reason": "Fog" })).await;
    until("the subscription to end", async || {
        (desk.header(&uid).await["Subscription"]["State"] == "Cancelled").then_some(())
    })
    .await;
    let statuses =
        fake.book(|book| book.subscriptions.values().map(|it| it.status).collect::<Vec<_>>());
    assert_eq!(statuses, ["canceled"]);
    desk.shop.assert_all_is_well().await;
}

/// What stands on an account of the organiser, in minor units.
async fn balance(shop: &Shop, account: &str) -> i128 {
    let sums = shop.store().ledger_sums().await.unwrap();
    let of_account = sums.iter().filter(|sum| sum.account.starts_with(account));
    of_account.map(|sum| sum.amount).sum()
}

#[tokio::test]
async fn a_lost_dispute_is_booked_once() {
    // Proves what each end of a dispute books: a lost one is the organiser's loss and the gateway's
    // claim, once however often it is told; a won one and a closed inquiry are nothing. What Stripe
    // says when it is asked counts, and not what the message says.
    for (status, said, moved) in [
        ("lost", "The seller owes it", 2_000),
        ("won", "the money stays", 0),
        ("warning_closed", "moved nothing", 0),
    ] {
        let (shop, fake) = open().await;
        let sold = shop.order(&paid(&shop, "match", "few", 1)).await;
        assert_eq!(sold.code(), "OK");
        let owed = balance(&shop, "owner_payable").await;
        about_dispute("evt_0", "charge.dispute.closed", status, &fake);
        let mut event = about_dispute("evt_1", "charge.dispute.closed", status, &fake);
        event["data"]["object"]["status"] = json!("lost");
        for name in ["evt_1", "evt_1", "evt_2"] {
            event["id"] = json!(name);
            assert_eq!(send(&shop, &event).await.status, 200, "{status}");
        }
        assert_eq!(balance(&shop, "gateway_clearing").await, 4_000 - moved, "{status}");
        assert_eq!(balance(&shop, "owner_payable").await, owed + moved, "{status}");
        assert_eq!(balance(&shop, "refund_payable").await, 0, "{status}");
        let tasks = tasks(&shop).await;
        let text = tasks[0]["text"].as_str().unwrap();
        assert!(text.contains(said), "{status}: {text}");
        let shown = shop.status(&sold.token()).await.json();
        assert_eq!(shown["ticketStatus"], "Bought", "the ticket stays good");
        shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn a_dispute_of_money_that_went_back_is_for_a_person() {
    // Proves that nothing is booked of a charge that is not there any more, and that nothing can be
    // paid back that the bank took.
    let (shop, fake) = open().await;
    let sold = shop.order(&paid(&shop, "match", "few", 1)).await;
    let refund = json!({ "ticketTokenIds": [sold.token()] });
    let request = Request::post("/refund/process.json").key(&shop.admin);
    let refunded = shop.send(&request.json(&refund)).await.json();
    assert_eq!(refunded["outcomes"][0]["ticketStatus"], "Refunded", "{refunded}");
    let event = about_dispute("evt_1", "charge.dispute.closed", "lost", &fake);
    assert_eq!(send(&shop, &event).await.status, 200);
    let tasks = tasks(&shop).await;
    assert!(tasks[0]["text"].as_str().unwrap().contains("Nothing was booked"), "{tasks:?}");
    assert_eq!(balance(&shop, "gateway_clearing").await, 0);
    shop.assert_all_is_well().await;
}
