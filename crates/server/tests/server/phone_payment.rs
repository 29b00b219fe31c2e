//! Payment by phone, from the order to the answer of the payer (`payments.md` §3).

use std::sync::Arc;

use domain::time::Span;
use gateway::CallbackSecret;
use gateway::sandbox::{LogLine, Operation};
use serde_json::{Value, json};

use crate::bad_moments::{comes_again, comes_again_at_the_end};
use crate::client::{Answer, Request};
use crate::order::unpaid;
use crate::shop::{CALLBACK_SECRET, Shop, until};

const ACCEPTS: &str = "+3545550001";
const REJECTS: &str = "5550002";
const SILENT: &str = "+354 555-0003";

const CALLBACK: &str = "/phonePayment/callback/phone";

async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.take_phones("hekla").await;
    shop
}

fn by_phone(shop: &Shop, number: &str) -> Value {
    let mut order = unpaid(shop, "match", "few", 1);
    order["paymentPhoneNumber"] = json!(number);
    order
}

/// Orders by phone; brings the handle and the gateway's key.
async fn asked(shop: &Shop, number: &str) -> (String, String) {
    let answer = shop.order(&by_phone(shop, number)).await;
    assert_eq!((answer.status_code(), answer.code()), (202, "PaymentPending".to_owned()));
    assert_eq!(answer.ticket()["ticketStatus"], "PendingPayment", "{}", answer.text());
    assert!(answer.ticket()["scanCode"].is_null());
    assert_eq!(shop.places("hekla").await.0, 2, "the place is held, under both of its limits");
    let key = shop.gateway_log().last().unwrap().key.clone();
    (answer.token(), key)
}

fn told(answer: &Answer) -> (u64, String, String) {
    let status = answer.json()["ticketStatus"].as_str().unwrap_or_default().to_owned();
    (answer.status_code(), answer.code(), status)
}

fn says(status_code: u64, code: &str, status: &str) -> (u64, String, String) {
    (status_code, code.to_owned(), status.to_owned())
}

/// A message of the gateway, signed with `secret`.
fn message(reference: &str, secret: &str) -> Request {
    let headers = ["X-Callback-Nonce", "X-Callback-Signature"];
    signed(&json!({ "reference": reference }), secret, headers)
}

/// The same as providers write it themselves, with more in it than is read.
fn provider_message(reference: &str) -> Request {
    let payment = json!({
        "TransactionId": "6f2c", "InvoiceNumber": 4711, "ReferenceNumber": reference,
        "StatusId": 2, "Created": "2026-11-22T12:00:00", "TotalAmount": 4000,
    });
    let body = json!({ "Success": true, "PaymentSuccessful": true, "PaymentInfo": payment });
    signed(&body, CALLBACK_SECRET, ["netgiro_nonce", "netgiro_signature"])
}

fn signed(body: &Value, secret: &str, [nonce, signature]: [&str; 2]) -> Request {
    let body = body.to_string();
    let made = CallbackSecret::new(secret.to_owned()).sign("n1", CALLBACK, body.as_bytes());
    Request::post(CALLBACK)
        .header(nonce, "n1")
        .header(signature, &made)
        .header("Accept", "application/json")
        .body("application/json", body)
}

#[tokio::test]
async fn payers_decide() {
    // Proves what becomes of the order when the payer accepts and when they reject.
    let shop = shop().await;
    for (number, expected) in [
        (ACCEPTS, says(200, "OK", "Bought")),
        (REJECTS, says(402, "PaymentRejectedByPayer", "PaymentFailed")),
    ] {
        let (token, _) = asked(&shop, number).await;
        assert_eq!(told(&shop.status(&token).await), says(202, "PaymentPending", "PendingPayment"));
        shop.clock.advance(Span::seconds(2));
        assert_eq!(told(&shop.settled(&token).await), expected, "{number}");
    }
    assert_eq!(shop.places("hekla").await, (0, 2));
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn silent_payers_are_given_up() {
    // Proves that after five minutes the gateway is told, the place is free again, and an answer
    // after that moves nothing.
    let shop = shop().await;
    let (token, key) = asked(&shop, SILENT).await;
    shop.clock.advance(Span::minutes(4));
    until("a question about the payer", async || {
        let lines = shop.gateway_log();
        let asked = |line: &LogLine| line.key == key && line.request.operation == Operation::Lookup;
        lines.iter().any(asked).then_some(())
    })
    .await;
    assert_eq!(told(&shop.status(&token).await).2, "PendingPayment");
    shop.clock.advance(Span::minutes(1));
    // An answer that was under way is taken in first, and the next question comes seconds later.
    let given_up = until("the payer to be given up", async || {
        shop.clock.advance(Span::seconds(1));
        let answer = shop.status(&token).await;
        (told(&answer).2 != "PendingPayment").then_some(answer)
    });
    assert_eq!(told(&given_up.await), says(402, "PaymentExpired", "Expired"));
    assert_eq!(shop.places("hekla").await, (0, 0));
    shop.phone.answer_for_payer(&key, true).await;
    assert!(shop.charges().is_empty(), "nothing can be charged any more");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn payers_who_confirm_at_the_last_moment_have_bought() {
    // Proves that "already confirmed", said to the giving up, is an approval.
    let shop = shop().await;
    let (token, key) = asked(&shop, SILENT).await;
    shop.phone.answer_for_payer(&key, true).await;
    shop.clock.advance(Span::minutes(6));
    assert_eq!(told(&shop.settled(&token).await), says(200, "OK", "Bought"));
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_message_hurries_the_question() {
    // Proves that a signed message makes the question go out at once, in a provider's words or in
    // ours, twice as well as once, and that what the gateway answers counts and not the message.
    let shop = shop().await;
    let (token, key) = asked(&shop, SILENT).await;
    let early = shop.send(&message(&key, CALLBACK_SECRET)).await;
    assert_eq!((early.status, early.json()["ok"].clone()), (200, json!(true)), "{}", early.text());
    assert_eq!(told(&shop.status(&token).await).2, "PendingPayment", "nobody has accepted");
    shop.phone.answer_for_payer(&key, true).await;
    for again in [provider_message(&key), message(&key, CALLBACK_SECRET)] {
        let answer = shop.send(&again).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(told(&shop.settled(&token).await), says(200, "OK", "Bought"), "without any clock");
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn messages_at_a_bad_moment_come_again() {
    // Proves that a message which cannot be taken in is not acknowledged, and that the gateway is
    // asked when it comes again, with the clock standing still.
    let shop = shop().await;
    let (token, key) = asked(&shop, SILENT).await;
    let calls = shop.gateway_log().len();
    comes_again(&shop, || provider_message(&key)).await;
    assert_eq!(shop.gateway_log().len(), calls, "nothing was done");
    shop.phone.answer_for_payer(&key, true).await;
    assert_eq!(shop.send(&provider_message(&key)).await.status, 200);
    assert_eq!(told(&shop.settled(&token).await), says(200, "OK", "Bought"));
    shop.assert_all_is_well().await;
    comes_again_at_the_end(&shop, || provider_message(&key)).await;
}

#[tokio::test]
async fn forged_messages_do_nothing() {
    // Proves that a message counts only with the gateway's signature, and that a genuine one about
    // a payment nobody knows is acknowledged and does nothing.
    let shop = shop().await;
    let (token, key) = asked(&shop, SILENT).await;
    shop.phone.answer_for_payer(&key, true).await;
    let calls = shop.gateway_log().len();
    let unsigned = Request::post(CALLBACK).json(&json!({ "reference": key }));
    let elsewhere = message(&key, CALLBACK_SECRET).header("X-Forwarded-For", "10.0.0.1");
    let nobody = Request::post("/phonePayment/callback/nobody").json(&json!({ "reference": key }));
    for forged in [unsigned, message(&key, "another secret"), nobody] {
        let answer = shop.send(&forged.header("Accept", "application/json")).await;
        assert_eq!(answer.error().1, "SignatureInvalid", "{}", answer.text());
        assert_eq!(answer.status, 403);
    }
    assert_eq!(shop.gateway_log().len(), calls, "the gateway was not asked");
    for unknown in ["", "att_1_1_1_0", "att_ffffffff_1_1_0", "nonsense"] {
        assert_eq!(shop.send(&message(unknown, CALLBACK_SECRET)).await.status, 200, "{unknown}");
    }
    assert_eq!(told(&shop.status(&token).await).2, "PendingPayment");
    assert_eq!(shop.send(&elsewhere).await.status, 200);
    assert_eq!(told(&shop.settled(&token).await).2, "Bought");
}

#[tokio::test]
async fn a_lost_answer_is_found_again() {
    // Proves that an order whose first call got no answer is asked about, and that its payer is
    // then waited for (an amount that ends in 666 loses its answer).
    let shop = shop().await;
    let mut order = unpaid(&shop, "match", "answer-lost", 1);
    order["paymentPhoneNumber"] = json!(ACCEPTS);
    let answer = shop.order(&order).await;
    assert_eq!((answer.status_code(), answer.code()), (202, "PaymentPending".to_owned()));
    shop.clock.advance(Span::seconds(41));
    assert_eq!(told(&shop.settled(&answer.token()).await), says(200, "OK", "Bought"));
    assert_eq!(shop.charges().len(), 1);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn sixty_four_payers_get_what_there_is() {
    // Proves that places held for payers on phones are sold once: two places, 64 buyers at once.
    let shop = Arc::new(shop().await);
    let mut orders = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let shop = Arc::clone(&shop);
        orders.spawn(async move { shop.order(&by_phone(&shop, ACCEPTS)).await });
    }
    let answers = orders.join_all().await;
    let pending = answers.iter().filter(|answer| answer.status_code() == 202).count();
    let sold_out = answers.iter().filter(|answer| answer.code() == "SoldOut").count();
    assert_eq!((pending, sold_out), (2, 62));
    shop.clock.advance(Span::seconds(2));
    for answer in answers.iter().filter(|answer| answer.status_code() == 202) {
        assert_eq!(told(&shop.settled(&answer.token()).await).2, "Bought");
    }
    assert_eq!(shop.places("hekla").await, (0, 4));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_refund_by_hand_is_told_so() {
    // Proves that nobody is told that money of a phone payment is on its way by itself: a person
    // has to pay it, and finds a task.
    let shop = shop().await;
    let (token, _) = asked(&shop, ACCEPTS).await;
    shop.clock.advance(Span::seconds(2));
    assert_eq!(told(&shop.settled(&token).await), says(200, "OK", "Bought"));
    let body = json!({ "ticketTokenIds": [token] });
    let request = Request::post("/refund/process").key(&shop.admin).accept("application/json");
    let answer = shop.send(&request.json(&body)).await.json();
    assert_eq!(answer["statusCode"], 202, "{answer}");
    let message = "RefundPending: The tickets are not good any more; a person has to pay the \
                   money back.";
    assert_eq!(answer["message"], message);
    let target = format!("/tasks/{}.json", shop.number("organiser", "hekla"));
    let tasks = shop.send(&Request::get(&target).key(&shop.admin)).await.json();
    assert_eq!(tasks["tasks"][0]["kind"], "ManualRefund", "{tasks}");
}
