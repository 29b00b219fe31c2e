//! What is left on gift cards.

use domain::money::{Currency, Money};
use serde_json::{Value, json};

use super::stage::Stage;
use crate::client::Answer;
use crate::order::GOOD_CARD;

const GIFT_CARD: &str = "6006490000001234";

/// The number of what the member was given last.
async fn last_profile(stage: &Stage) -> u32 {
    stage.wallet(stage.anna).await.unwrap().profiles.last().unwrap().0
}

async fn balance(stage: &Stage, profile: u32) -> Answer {
    let path = format!("/sales/member/{}/payment/profile/{profile}/balance", stage.anna);
    stage.send("GET", &path, &Value::Null).await
}

#[tokio::test]
async fn a_balance_is_told_and_changes_nothing() {
    // Proves that the balance is what the gateway says before and after a sale with the card, that
    // asking moves nothing, and that a card that is none, or asking too often, is refused.
    let stage = Stage::open().await;
    let euros = Money::new(500, Currency::parse("EUR").unwrap());
    stage.shop.phone.set_balance("1234", euros).await;
    let card = stage.keeps(stage.anna, GIFT_CARD).await;
    let profile = last_profile(&stage).await;
    let before = stage.traces().await;
    let answer = balance(&stage, profile).await.json();
    assert_eq!((&answer["Balance"], &answer["Currency"]), (&json!(5.0), &json!("EUR")), "{answer}");
    assert_eq!(stage.traces().await, before);
    let mut body = stage.three();
    body["PaymentMethods"] = json!([{ "AcctToken": card }]);
    stage.sold(&body).await;
    assert_eq!(balance(&stage, profile).await.json()["Balance"], json!(2.0));
    stage.keeps(stage.anna, GOOD_CARD).await;
    let other = balance(&stage, last_profile(&stage).await).await;
    assert_eq!(other.status, 400, "{}", other.text());
    assert!(other.text().contains("PaymentMethodMismatch"), "{}", other.text());
    assert!(balance(&stage, 99_999).await.text().contains("AcctTokenInvalid"));
    for _ in 0..8 {
        assert_eq!(balance(&stage, profile).await.status, 200);
    }
    assert_eq!(balance(&stage, profile).await.status, 429);
    stage.shop.assert_all_is_well().await;
}
