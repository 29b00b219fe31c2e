//! Recurring lines: their subscription is kept once, renewed, and ended.

use domain::time::Span;
use gateway::sandbox::Operation;
use serde_json::{Value, json};

use super::desk::{Desk, GOOD};
use crate::client::Request;
use crate::shop::until;

/// A week that is paid once, and a pass of this price every month.
async fn recurring(desk: &Desk, price: i64) -> String {
    desk.order_of(&json!([
        { "Description": "Week", "Quantity": 1, "UnitPrice": 100 },
        { "Description": "Pass", "Quantity": 1, "UnitPrice": price, "RecurringInterval": "month" },
    ]))
    .await
}

async fn paid(desk: &Desk, price: i64) -> (String, Value) {
    let uid = recurring(desk, price).await;
    let token = desk.token(GOOD).await;
    let (status, told) = desk.pay(&uid, Some(&token)).await;
    assert_eq!((status, &told["PaymentSuccess"]), (200, &json!(true)), "{told}");
    (uid, told)
}

async fn in_state(desk: &Desk, uid: &str, state: &str) -> Value {
    until(state, async || {
        let subscription = desk.header(uid).await["Subscription"].clone();
        (subscription["State"] == state).then_some(subscription)
    })
    .await
}

/// How many subscriptions the gateway was made to keep.
fn kept(desk: &Desk) -> usize {
    let lines = desk.shop.gateway_log();
    let made = |line: &&gateway::sandbox::LogLine| {
        line.request.operation == Operation::Subscribe && line.handling.changes_book()
    };
    lines.iter().filter(made).count()
}

#[tokio::test]
async fn an_order_is_renewed_until_it_ends() {
    // Proves what is told of a subscription from the first payment to its end, that a later period
    // is booked once and can be paid back, and that nothing is taken any more afterwards.
    let desk = Desk::open().await;
    let (uid, told) = paid(&desk, 2_000).await;
    assert_eq!(told["SubscriptionSuccess"], json!(true));
    assert_eq!(desk.moved(), [2_100]);
    let subscription = desk.header(&uid).await["Subscription"].clone();
    let expected = json!({ "State": "Active", "Interval": "Month", "PeriodAmount": 2_000,
        "SecondPeriodAt": "2027-06-01T12:00:00.0000000Z", "PeriodsPaid": 0, "PaymentIDs": [] });
    assert_eq!(subscription, expected);

    let key = format!("sub_{uid}");
    desk.shop.phone.renew(&key).await;
    for _ in 0..2 {
        desk.shop.clock.advance(Span::hours(25));
        until("the period", async || {
            (desk.header(&uid).await["Subscription"]["PeriodsPaid"] == 1).then_some(())
        })
        .await;
    }
    let known = desk.header(&uid).await;
    assert_eq!(known["CustomerPaidAmount"], json!(2_100), "beside the order's own price");
    let period = known["Subscription"]["PaymentIDs"][0].clone();
    let target = format!("/v1/OrderHeaders/{uid}/Refund");
    let body = json!({ "PaymentID": period, "Amount": 500, "Reason": "Fog" });
    let (status, refunded) = desk.send(&desk.administrator, "POST", &target, &body).await;
    assert_eq!((status, &refunded["OrderHeader"]["OrderStatusText"]), (200, &json!("Paid")));
    assert_eq!(desk.moved(), [2_100, -500]);

    let target = format!("/v1/OrderHeaders/{uid}/EndSubscription");
    for _ in 0..2 {
        let (_, ended) = desk.send(&desk.agent, "POST", &target, &Value::Null).await;
        assert_eq!(ended["OrderHeader"]["Subscription"]["State"], json!("Cancelled"));
    }
    assert_eq!(desk.state(&desk.agent, &uid).await["SubscriptionSuccess"], json!(false));
    desk.shop.phone.renew(&key).await;
    desk.shop.clock.advance(Span::hours(25));
    assert_eq!(desk.header(&uid).await["Subscription"]["PeriodsPaid"], json!(1));
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_lost_answer_keeps_one_subscription() {
    // Proves that one whose making was not answered is found again, and that one which did not
    // arrive is asked for until it does, without holding up the payment.
    for (price, once) in [(12_666, true), (12_667, false)] {
        let desk = Desk::open().await;
        let (uid, told) = paid(&desk, price).await;
        assert_eq!(told["SubscriptionSuccess"], json!(false));
        desk.shop.clock.advance(Span::seconds(6));
        if once {
            in_state(&desk, &uid, "Active").await;
        } else {
            assert_eq!(desk.header(&uid).await["Subscription"]["State"], json!("Wanted"));
        }
        assert_eq!(kept(&desk), usize::from(once));
        desk.shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn what_cannot_be_renewed_becomes_a_task() {
    // Proves that an order stays paid whose means of paying the gateway does not keep.
    let desk = Desk::open().await;
    let uid = recurring(&desk, 2_000).await;
    let gift_card = "6006491234567891";
    let ending = &gift_card[gift_card.len() - 4..];
    let money = domain::money::Money::new(9_000, domain::money::Currency::ISK);
    desk.shop.phone.set_balance(ending, money).await;
    let token = desk.token(gift_card).await;
    let (_, told) = desk.pay(&uid, Some(&token)).await;
    assert_eq!(
        (&told["PaymentSuccess"], &told["SubscriptionSuccess"]),
        (&json!(true), &json!(false))
    );
    in_state(&desk, &uid, "Failed").await;
    let target = format!("/tasks/{}.json", desk.numbers.0);
    let tasks = desk.shop.send(&Request::get(&target).key(&desk.shop.admin)).await.json();
    assert_eq!(tasks["tasks"][0]["kind"], json!("SubscriptionInDoubt"), "{tasks}");
}

#[tokio::test]
async fn sixty_four_payers_keep_one_subscription() {
    // Proves that parallel payments of one order, each of which looks after its subscription, make
    // one; and that an order paid back ends it.
    let desk = Desk::open().await;
    let uid = recurring(&desk, 2_000).await;
    let token = desk.token(GOOD).await;
    let body = json!({ "OrderID": uid, "PaymentInfo": { "StripeToken": token } });
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let request = Request::post("/v1/CustomerPayments").key(&desk.agent).json(&body);
        let address = desk.shop.address;
        racers.spawn(async move { request.send(address).await.status });
    }
    while let Some(status) = racers.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
    in_state(&desk, &uid, "Active").await;
    assert_eq!((kept(&desk), desk.moved()), (1, vec![2_100]));
    let target = format!("/v1/OrderHeaders/{uid}/Refund");
    desk.send(&desk.administrator, "POST", &target, &json!({ "Reason": "Fog" })).await;
    in_state(&desk, &uid, "Cancelled").await;
    desk.shop.assert_all_is_well().await;
}
