//! Season cards from outside: bought, found, changed, given away, paid back.

mod buying;
mod office;
mod race;
pub(crate) mod refusals;

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::Shop;

/// An order of these kinds, without anything to pay with.
fn unpaid(shop: &Shop, kinds: &[&str]) -> Value {
    let ids: Vec<u32> = kinds.iter().map(|slug| shop.number("card_type", slug)).collect();
    json!({ "ownerCardTypeIds": ids, "returnCards": true })
}

/// The same with a card that pays.
fn paid(shop: &Shop, kinds: &[&str]) -> Value {
    let mut order = unpaid(shop, kinds);
    order["cardInfo"] = card(GOOD_CARD);
    order
}

async fn ask(shop: &Shop, key: &str, verb: &str, path: &str, body: &Value) -> Answer {
    shop.send(&Request::new(verb, &format!("{path}.json")).key(key).json(body)).await
}

/// Orders as the Admin.
async fn order(shop: &Shop, order: &Value) -> Answer {
    ask(shop, &shop.admin, "POST", "/OrderOwnerCards", order).await
}

/// Buys a card of a kind as the Admin; answers with what is shown of it.
async fn bought(shop: &Shop, kind: &str, phone: &str) -> Value {
    let mut wanted = paid(shop, &[kind]);
    wanted["phoneVerificationNumber"] = json!(phone);
    let answer = order(shop, &wanted).await;
    assert_eq!(answer.code(), "OK", "{}", answer.text());
    answer.json()["cards"][0].clone()
}
