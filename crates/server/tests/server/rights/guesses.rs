//! Codes that somebody guesses.

use serde_json::{Value, json};

use super::cabinet::{CODE, Cabinet};
use crate::order::{GOOD_CARD, card, unpaid};

/// Wrong codes that one address may send at once.
const GUESSES_MAX: u32 = 20;

fn order_with(cabinet: &Cabinet, code: &str) -> Value {
    let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
    order["orderDetails"][0]["specialTicketId"] = json!(code);
    order["cardInfo"] = card(GOOD_CARD);
    order
}

#[tokio::test]
async fn codes_of_campaigns_cannot_be_guessed() {
    // Proves that after twenty wrong codes from one address the app's next is not looked at, right
    // as it may be; that orders without a code go on; and that a box office is not stopped.
    let cabinet = Cabinet::open().await;
    for turn in 0..GUESSES_MAX {
        let guess = order_with(&cabinet, &format!("VIP-2027-{turn:06}"));
        assert_eq!(cabinet.order(&guess).await.code(), "SpecialTicketInvalid", "{turn}");
    }
    let right = order_with(&cabinet, CODE);
    let stopped = cabinet.order(&right).await;
    assert_eq!((stopped.status_code(), stopped.code()), (429, "TooManyRequests".to_owned()));
    let mut bare = right.clone();
    bare["orderDetails"][0]["specialTicketId"] = Value::Null;
    assert_eq!(cabinet.order(&bare).await.code(), "OK");
    assert_eq!(cabinet.shop.order(&right).await.code(), "OK");
}
