//! Saved cards: kept for a phone, shown to it alone, paid with, and removed.

use domain::time::Span;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card, unpaid};
use crate::shop::{Shop, until};
use crate::signing::App;
use crate::telephone::{Device, NUMBER, stored, told};

async fn save(device: &Device<'_>, token: &str, change: impl Fn(&mut Value)) -> Answer {
    let mut body = json!({
        "paymentMethod": card(GOOD_CARD)["paymentMethod"],
        "eventOwnerId": device.shop.number("organiser", "hekla"),
    });
    change(&mut body);
    device.send("/cardTokens/saveCard", "CardTokensSaveCard", token, &body).await
}

async fn list(device: &Device<'_>, token: &str) -> Value {
    device.send("/paymentCards", "PaymentCards", token, &json!({})).await.json()
}

async fn delete(device: &Device<'_>, token: &str, id: &Value) -> Answer {
    let body = json!({ "paymentCardId": id });
    device.send("/paymentCards/delete", "PaymentCardsDelete", token, &body).await
}

#[tokio::test]
async fn a_card_is_saved_used_and_removed() {
    // Proves the life of a card: what its owner sees, that it pays, that it is one card however
    // often it is saved, and that nothing of it is left when its gateway was told.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    let saved = save(&device, &token, |_| ()).await;
    assert_eq!(told(&saved), (200, "OK".to_owned()));
    let shown = saved.json()["card"].clone();
    assert_eq!(shown["cardMask"], "424242******4242");
    assert_eq!((&shown["brand"], &shown["expYear"]), (&json!("Visa"), &json!(2036)));
    let again = save(&device, &token, |_| ()).await.json()["card"].clone();
    assert_eq!(again["id"], shown["id"]);
    let cards = list(&device, &token).await;
    assert_eq!(cards["creditCards"].as_array().map(Vec::len), Some(1));
    until("the first token to be dropped", async || {
        let _ = list(&device, &token).await;
        stored(&shop, NUMBER).await.filter(|phone| phone.cards.len() == 1)
    })
    .await;
    let tokens = device.send("/cardTokens", "CardTokens", &token, &json!({})).await.json();
    let multi = tokens["tokens"][0]["token"].as_str().unwrap().to_owned();
    assert!(!cards.to_string().contains(&multi) && !saved.text().contains(&multi));
    let order = unpaid(&shop, "match", "adult", 1);
    let (mut by_id, mut by_token) = (order.clone(), order);
    by_id["paymentCardId"] = shown["id"].clone();
    by_token["cardInfo"] =
        json!({ "paymentMethod": { "paymentType": "TokenMulti", "token": multi } });
    for order in [&by_id, &by_token] {
        assert_eq!(told(&device.order(&token, order).await), (200, "OK".to_owned()));
        shop.clock.advance(Span::seconds(1));
    }
    assert_eq!(shop.charges(), [4_000, 4_000]);
    assert_eq!(told(&delete(&device, &token, &shown["id"]).await), (200, "OK".to_owned()));
    for order in [&by_id, &by_token] {
        let refused = told(&device.order(&token, order).await);
        assert_eq!(refused, (404, "PaymentCardNotFound".to_owned()));
    }
    until("the card to be forgotten", async || {
        stored(&shop, NUMBER).await.filter(|phone| phone.cards.is_empty())
    })
    .await;
    let again = told(&delete(&device, &token, &shown["id"]).await);
    assert_eq!(again, (404, "PaymentCardNotFound".to_owned()));
    shop.assert_all_is_well().await;
}

/// What is wrong, the HTTP status, the code, and how the request becomes so.
type Wrong = (&'static str, u64, &'static str, fn(&mut Value));

const WRONG: &[Wrong] = &[
    ("no card", 400, "CardInvalid", |it| it["paymentMethod"] = Value::Null),
    ("a wrong number", 400, "CardInvalid", |it| {
        it["paymentMethod"]["pan"] = json!("4242424242424241");
    }),
    ("a late card", 400, "CardExpired", |it| it["paymentMethod"]["expYear"] = json!("2020")),
    ("no code", 400, "CvcInvalid", |it| it["paymentMethod"]["cvc"] = Value::Null),
    ("a strange token", 400, "CardInvalid", |it| {
        it["paymentMethod"] = json!({ "paymentType": "TokenSingle", "token": "no token" });
    }),
    ("a saved token", 400, "SaveCardNotAllowed", |it| {
        it["paymentMethod"] = json!({ "paymentType": "TokenMulti", "token": "x" });
    }),
    ("another type", 400, "PaymentMethodMismatch", |it| {
        it["paymentMethod"]["paymentType"] = json!("Cash");
    }),
    ("no club", 0, "EventOwnerId", |it| it["eventOwnerId"] = Value::Null),
    ("another club", 0, "EventOwnerId", |it| it["eventOwnerId"] = json!(999)),
    ("the house", 0, "EventOwnerId", |it| it["eventOwnerId"] = json!(-1)),
];

#[tokio::test]
async fn what_cannot_be_saved_is_refused() {
    // Proves each thing that can be wrong with a card to save, that nothing is saved and nothing
    // of the card is told, and that a card in an address is refused first.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    for (what, status, code, change) in WRONG {
        let answer = save(&device, &token, change).await;
        if *status == 0 {
            let named = answer.json()["responseStatus"]["errors"][0]["fieldName"].clone();
            assert_eq!((answer.status, named.as_str()), (400, Some(*code)), "{what}");
        } else {
            let expected = (*status, (*code).to_owned());
            assert_eq!(told(&answer), expected, "{what}: {}", answer.text());
        }
        assert!(!answer.text().contains("4242"), "{what}");
    }
    let nowhere = shop.number("organiser", "faxi");
    let answer = save(&device, &token, |it| it["eventOwnerId"] = json!(nowhere)).await;
    assert_eq!(told(&answer), (502, "GatewayUnavailable".to_owned()));
    let target = format!("/cardTokens/saveCard.json?paymentMethod={{pan:{GOOD_CARD}}}");
    let answer = shop.send(&Request::post(&target).key(&shop.admin)).await;
    assert_eq!((answer.status, &*answer.error().1), (400, "CardDataInUrl"));
    assert_eq!(stored(&shop, NUMBER).await.unwrap().cards, []);
    assert_eq!(shop.charges(), [0_i64; 0]);
}

#[tokio::test]
async fn cards_are_not_tried_out_by_saving_them() {
    // Proves that one phone may ask its gateway ten times an hour to keep a card, and no more.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    for turn in 0..10 {
        let answer = save(&device, &token, |_| ()).await;
        assert_ne!(told(&answer).0, 429, "{turn}: {}", answer.text());
        shop.clock.advance(Span::seconds(1));
    }
    let answer = save(&device, &token, |_| ()).await;
    assert_eq!(told(&answer), (429, "TooManyRequests".to_owned()), "{}", answer.text());
    shop.clock.advance(Span::hours(1));
    assert_ne!(told(&save(&device, &token, |_| ()).await).0, 429);
}

#[tokio::test]
async fn cards_are_their_owners() {
    // Proves that another phone neither sees, pays with nor removes a card, and that a box office
    // that gives a number sees none.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let thief = Device { shop: &shop, app: &app, name: "thief" };
    let (token, others) = (device.verified(NUMBER).await, thief.verified("5550000").await);
    let id = save(&device, &token, |_| ()).await.json()["card"]["id"].clone();
    assert_eq!(list(&thief, &others).await["creditCards"], json!([]));
    let not_found = (404, "PaymentCardNotFound".to_owned());
    assert_eq!(told(&delete(&thief, &others, &id).await), not_found);
    let mut order = unpaid(&shop, "match", "adult", 1);
    order["paymentCardId"] = id;
    assert_eq!(told(&thief.order(&others, &order).await), not_found);
    for path in ["/paymentCards", "/cardTokens", "/cardTokens/saveCard", "/paymentCards/delete"] {
        for body in [json!({}), json!({ "phoneVerificationNumber": NUMBER })] {
            let request = Request::post(&format!("{path}.json")).key(&shop.admin).json(&body);
            let refused = told(&shop.send(&request).await);
            assert_eq!(refused, (403, "PhoneVerificationRequired".to_owned()), "{path} {body}");
        }
    }
    assert_eq!(list(&device, &token).await["creditCards"].as_array().map(Vec::len), Some(1));
}
