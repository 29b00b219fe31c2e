//! Payments of orders: in a browser, with a token, by hand; tried again, given up, paid back.

use std::collections::BTreeMap;

use domain::time::Span;
use serde_json::{Value, json};

use super::desk::{DECLINED, Desk, GOOD};
use crate::client::Request;
use crate::shop::until;

/// The members by which a client goes on.
fn told(answer: &(u16, Value)) -> (u16, bool, bool, &str, i64, i64) {
    let (status, body) = answer;
    let payment = &body["CustomerPayment"];
    (
        *status,
        body["PaymentIntentSuccess"].as_bool().unwrap(),
        body["PaymentSuccess"].as_bool().unwrap(),
        body["Message"].as_str().unwrap_or_default(),
        payment["ResponseCode"].as_i64().unwrap_or(-1),
        payment["PaymentStatus"].as_i64().unwrap_or(-1),
    )
}

#[tokio::test]
async fn a_browser_pays_an_order() {
    // Proves the two-step flow: the secret is told while the payer has to act, to nobody else and
    // to no script; PUT asks the gateway; what is told afterwards; and that it is paid once.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let opened = desk.pay(&uid, None).await;
    assert_eq!(told(&opened), (200, true, false, "ActionRequired", 4, 1));
    let secret = opened.1["ClientSecret"].as_str().unwrap();
    assert!(secret.contains("_secret_"), "{secret}");
    assert_eq!(opened.1["AgentNumber"], json!("A-100"));
    assert_eq!(opened.1["CustomerPayment"]["Amount"], json!("14880"));
    let again = desk.pay(&uid, None).await;
    assert_eq!(again.1["ClientSecret"].as_str().unwrap(), secret, "one open payment");
    assert_eq!(desk.opened(), 1);
    assert_eq!(told(&desk.put(&uid).await), (200, true, false, "ActionRequired", 4, 1));

    desk.pay_in_browser(&opened.1, GOOD).await;
    let paid = desk.put(&uid).await;
    assert_eq!(told(&paid), (200, true, true, "Approved", 1, 4));
    assert!(paid.1["ClientSecret"].is_null());
    assert_eq!(paid.1["CustomerPayment"]["CardNumber"], json!("************4242"));
    assert!(paid.1["CustomerPayment"]["FullResponse"].is_null(), "not for agents");
    let full = desk.state(&desk.administrator, &uid).await;
    assert!(full["CustomerPayment"]["FullResponse"].as_str().unwrap().contains("14880"));
    let token = desk.token(GOOD).await;
    assert_eq!(told(&desk.pay(&uid, Some(&token)).await), (200, true, true, "AlreadyPaid", 1, 4));
    assert_eq!(desk.moved(), [14_880]);
    assert_eq!(desk.header(&uid).await["OrderStatusText"], json!("Paid"));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn scripts_are_told_no_secret() {
    // Proves that JSONP is answered to GET with a header, without the secret, and refused to POST
    // and to a key in the address.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    desk.pay(&uid, None).await;
    assert!(desk.state(&desk.agent, &uid).await["ClientSecret"].is_string());
    let ask =
        |callback: &str| format!("/v1/CustomerPayments/{uid}?callback={callback}&format=json");
    let answer = desk.get(&desk.agent, &ask("cb")).await;
    let body = String::from_utf8(answer.body.clone()).unwrap();
    assert!(body.starts_with(r#"/**/cb({"PaymentIntentSuccess":true,"#), "{body}");
    assert!(body.ends_with("})") && !body.contains("ClientSecret"), "{body}");
    let header = |name| answer.header(name);
    assert_eq!(header("content-type"), Some("application/javascript; charset=utf-8"));
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    let longest = format!("a{}", "b".repeat(63));
    for (name, is_taken) in [
        ("_a.b$1", true),
        (longest.as_str(), true),
        (&format!("{longest}b"), false),
        ("1a", false),
        ("a(b)", false),
        ("a;b", false),
    ] {
        let answer = desk.get(&desk.agent, &ask(name)).await;
        let is_called = answer.body.starts_with(format!("/**/{name}(").as_bytes());
        assert_eq!((is_called, answer.status == 400), (is_taken, !is_taken), "{name}");
    }
    let stranger = desk.shop.send(&Request::get(&ask("cb"))).await;
    assert!(String::from_utf8_lossy(&stranger.body).contains("Not Authenticated"));
    let in_address = format!("{}&ApiKey={}", ask("cb"), desk.agent);
    let in_address = desk.shop.send(&Request::get(&in_address)).await;
    assert!(String::from_utf8_lossy(&in_address.body).contains("Not Authenticated"));
    let body = json!({ "OrderID": uid });
    let target = "/v1/CustomerPayments?callback=cb";
    let (_, posted) = desk.send(&desk.agent, "POST", target, &body).await;
    assert!(posted["ClientSecret"].is_string(), "no script sends it: {posted}");
}

#[tokio::test]
async fn a_declined_token_may_be_followed_by_another() {
    // Proves that a decline is told in words for the buyer, leaves the payment open, and that the
    // next token pays the same one.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let bad = desk.token(DECLINED).await;
    let declined = desk.pay(&uid, Some(&bad)).await;
    let message = "The card was declined; nothing was charged. Try another card.";
    assert_eq!(told(&declined), (200, true, false, message, 2, 5));
    assert!(declined.1["ClientSecret"].is_string(), "the payer may go on");
    assert_eq!(told(&(200, desk.state(&desk.agent, &uid).await)).4, 2);
    let good = desk.token(GOOD).await;
    assert_eq!(told(&desk.pay(&uid, Some(&good)).await), (200, true, true, "Approved", 1, 4));
    assert_eq!((desk.opened(), desk.moved()), (1, vec![14_880]));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_challenge_is_left_to_the_browser() {
    // Proves that a card whose bank asks leaves the payment open with its secret.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let asked = desk.token("4000002760003184").await;
    let answer = desk.pay(&uid, Some(&asked)).await;
    assert_eq!(told(&answer), (200, true, false, "ActionRequired", 4, 2));
    assert!(answer.1["ClientSecret"].is_string());
}

#[tokio::test]
async fn a_changed_order_gets_a_new_payment() {
    // Proves that a line more gives the open payment up, that PUT says so, and that POST opens one
    // for the new amount.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let opened = desk.pay(&uid, None).await;
    desk.add_line(&uid, 1_000).await;
    let (status, refused) = desk.put(&uid).await;
    assert_eq!((status, &refused["ResponseStatus"]["ErrorCode"]), (409, &json!("OrderChanged")));
    let anew = desk.pay(&uid, None).await;
    assert_eq!(anew.1["CustomerPayment"]["Amount"], json!("15880"));
    assert_ne!(anew.1["ClientSecret"], opened.1["ClientSecret"]);
    desk.pay_in_browser(&opened.1, GOOD).await;
    assert_eq!(desk.moved(), [0_i64; 0], "the first one is closed");
    desk.pay_in_browser(&anew.1, GOOD).await;
    assert_eq!(told(&desk.put(&uid).await), (200, true, true, "Approved", 1, 4));
    assert_eq!(desk.moved(), [15_880]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn money_of_a_changed_order_goes_back() {
    // Proves that what a browser paid for the amount of before goes back, that PUT says so, and
    // that the order can be paid anew; the same for a cancelled order.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let opened = desk.pay(&uid, None).await;
    desk.pay_in_browser(&opened.1, GOOD).await;
    desk.add_line(&uid, 1_000).await;
    let (status, refused) = desk.put(&uid).await;
    assert_eq!((status, &refused["ResponseStatus"]["ErrorCode"]), (409, &json!("OrderChanged")));
    assert_eq!(desk.moved(), [14_880, -14_880]);
    let token = desk.token(GOOD).await;
    assert_eq!(told(&desk.pay(&uid, Some(&token)).await), (200, true, true, "Approved", 1, 4));

    let uid = desk.order().await;
    let opened = desk.pay(&uid, None).await;
    desk.pay_in_browser(&opened.1, GOOD).await;
    let target = format!("/v1/OrderHeaders/{uid}/Cancel");
    let (_, cancelled) = desk.send(&desk.agent, "POST", &target, &Value::Null).await;
    assert_eq!(cancelled["OrderHeader"]["OrderStatusText"], json!("Cancelled"));
    assert_eq!(desk.moved()[3..], [14_880, -14_880]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn an_abandoned_payment_ends_with_its_time() {
    // Proves that a payment that nobody finishes is given up by the janitor, and that the order can
    // be paid after it.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let opened = desk.pay(&uid, None).await;
    desk.shop.clock.advance(Span::hours(25));
    until("the end of the payment", async || {
        let header = desk.header(&uid).await;
        (header["OrderStatusText"] == "Open").then_some(())
    })
    .await;
    let state = (200, desk.state(&desk.agent, &uid).await);
    assert_eq!((told(&state).1, told(&state).4, told(&state).5), (false, 3, 6));
    desk.pay_in_browser(&opened.1, GOOD).await;
    let token = desk.token(GOOD).await;
    assert_eq!(told(&desk.pay(&uid, Some(&token)).await), (200, true, true, "Approved", 1, 4));
    assert_eq!(desk.moved(), [14_880]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_out() {
    // Proves that neither an opened payment nor a charge whose answer was lost is made twice: the
    // gateway is asked what became of it.
    let desk = Desk::open().await;
    let uid = desk
        .order_of(&json!([{ "Description": "Lost", "Quantity": 1, "UnitPrice": 12_666 }]))
        .await;
    let token = desk.token(GOOD).await;
    assert_eq!(told(&desk.pay(&uid, Some(&token)).await), (200, false, false, "Processing", 4, 10));
    assert_eq!(told(&desk.put(&uid).await), (200, true, false, "ActionRequired", 4, 1));
    assert_eq!(told(&desk.pay(&uid, Some(&token)).await), (200, true, true, "Approved", 1, 4));
    assert_eq!(desk.opened(), 1);
    assert_eq!(desk.moved(), [12_666]);
}

#[tokio::test]
async fn sixty_four_payers_pay_once() {
    // Proves that 64 parallel requests for one order open one payment and charge one card.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let token = desk.token(GOOD).await;
    let body = json!({ "OrderID": uid, "PaymentInfo": { "StripeToken": token } });
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let request = Request::post("/v1/CustomerPayments").key(&desk.agent);
        let request = request.accept("application/json").json(&body);
        let address = desk.shop.address;
        racers.spawn(async move { request.send(address).await });
    }
    let mut messages: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(answer) = racers.join_next().await {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200);
        let message = answer.json()["Message"].as_str().unwrap().to_owned();
        *messages.entry(message).or_default() += 1;
    }
    assert_eq!(messages.get("Approved"), Some(&1), "{messages:?}");
    let known = ["Approved", "AlreadyPaid", "Processing", "ActionRequired"];
    assert!(messages.keys().all(|it| known.contains(&it.as_str())), "{messages:?}");
    assert_eq!((desk.opened(), desk.moved()), (1, vec![14_880]));
    assert_eq!(desk.header(&uid).await["CustomerPaidAmount"], json!(14_880));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_person_notes_a_payment() {
    // Proves that an administrator notes a payment without a card, also while one is open, and
    // that it goes back by a person.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    desk.pay(&uid, None).await;
    let body = json!({ "OrderID": uid, "PaymentInfo": { "PaymentType": "Invoice" } });
    let noted = desk.send(&desk.administrator, "POST", "/v1/CustomerPayments", &body).await;
    assert_eq!(told(&noted), (200, true, true, "Approved", 1, 4));
    assert_eq!(noted.1["CustomerPayment"]["PaymentType"], json!(2));
    assert_eq!(desk.moved(), [0_i64; 0]);
    let target = format!("/v1/OrderHeaders/{uid}/Refund");
    let reason = json!({ "Reason": "Fog" });
    let (status, back) = desk.send(&desk.administrator, "POST", &target, &reason).await;
    assert_eq!((status, &back["OrderHeader"]["OrderStatusText"]), (200, &json!("Refunded")));
}

#[tokio::test]
async fn an_order_is_paid_back() {
    // Proves that a part and then the rest go back to the card, that a repeated request is the same
    // refund, and what is told of it.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let token = desk.token(GOOD).await;
    desk.pay(&uid, Some(&token)).await;
    let target = format!("/v1/OrderHeaders/{uid}/Refund");
    let refund = async |amount: i64, key: &str| {
        let request = Request::post(&target).key(&desk.administrator).accept("application/json");
        let request = request.header("Idempotency-Key", key).json(&json!({ "Amount": amount }));
        desk.shop.send(&request).await
    };
    for _ in 0..2 {
        let order = refund(4_880, "first-part").await.json();
        assert_eq!(order["OrderHeader"]["CustomerPaidAmount"], json!(10_000));
    }
    assert_eq!(told(&(200, desk.state(&desk.agent, &uid).await)).5, 7);
    let order = refund(0, "the-rest").await.json();
    assert_eq!(order["OrderHeader"]["OrderStatusText"], json!("Refunded"));
    assert_eq!(told(&(200, desk.state(&desk.agent, &uid).await)).5, 8);
    assert_eq!(desk.moved(), [14_880, -4_880, -10_000]);
    assert_eq!(desk.opened(), 1);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn an_agent_is_paid_out() {
    // Proves that what an agent is owed, less tax and fee, is shown and paid out once.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let token = desk.token(GOOD).await;
    desk.pay(&uid, Some(&token)).await;
    let owner = desk.numbers.0;
    let target = format!("/payouts/owed/{owner}");
    let (_, owed) = desk.send(&desk.shop.admin, "GET", &target, &Value::Null).await;
    assert_eq!(owed["sums"][0]["orders"], json!(11_400), "{owed}");
    let body = json!({ "eventOwnerId": owner, "payoutFor": "Orders" });
    let (_, paid) = desk.send(&desk.shop.admin, "POST", "/payouts", &body).await;
    assert_eq!(paid["payout"]["paid"], json!(11_400), "{paid}");
    let (_, again) = desk.send(&desk.shop.admin, "POST", "/payouts", &body).await;
    assert_eq!(again["statusCode"], json!(409));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn raw_cards_are_taken_where_they_are_enabled() {
    // Proves that a card number pays at the agent that takes them.
    let desk = Desk::open().await;
    let body = json!({ "OrderLines": [{ "Description": "A", "Quantity": 1, "UnitPrice": 900 }] });
    let (_, order) = desk.send(&desk.other, "POST", "/v1/OrderHeaders", &body).await;
    let card = json!({ "CardNumber": GOOD, "ExpDate": "12/32", "CCV": "123" });
    let body = json!({ "OrderID": order["OrderHeader"]["UID"], "PaymentInfo": card });
    let paid = desk.send(&desk.other, "POST", "/v1/CustomerPayments", &body).await;
    assert_eq!(told(&paid), (200, true, true, "Approved", 1, 4));
}
