//! What a club does with season cards.

use domain::audit::AuditEvent;
use serde_json::{Value, json};

use super::{ask, bought};
use crate::audit::told;
use crate::client::Request;
use crate::order::unpaid as ticket;
use crate::shop::Shop;
use crate::telephone::NUMBER;

const OTHER: &str = "+3545551235";

async fn office(shop: &Shop, verb: &str, path: &str, body: &Value) -> Value {
    ask(shop, &shop.admin, verb, path, body).await.json()
}

/// Numbers of the cards that a search finds for a key.
async fn found(shop: &Shop, key: &str, body: &Value) -> Vec<Value> {
    let answer = ask(shop, key, "POST", "/OwnerCards/Search/Owner", body).await.json();
    let cards = answer["results"].as_array().cloned().unwrap_or_default();
    cards.iter().map(|card| card["id"].clone()).collect()
}

#[tokio::test]
async fn cards_are_found() {
    // Proves by what a card is found, that all that is asked for counts, that a change moves it,
    // that pages are cut, and that another club finds nothing.
    let shop = Shop::open().await;
    let card = bought(&shop, "gold", NUMBER).await["id"].clone();
    let other = bought(&shop, "gold", OTHER).await["id"].clone();
    let named = json!({ "id": card, "holderName": "Anna Gestsdóttir", "holderId": "010130-2989" });
    assert_eq!(office(&shop, "PUT", "/OwnerCards", &named).await["statusCode"], 200);
    let (admin, esja) = (shop.admin.clone(), shop.key(&["TeamAdmin"], &["esja"]).await);
    for query in [
        json!({ "id": card }),
        json!({ "phoneNumber": "555 1234" }),
        json!({ "holderId": "0101302989" }),
        json!({ "holderName": "gestsdóttir" }),
        json!({ "holderName": "GESTSDÓTTIR Anna", "phoneNumber": NUMBER }),
        json!({ "holderName": "anna", "ownerId": shop.number("organiser", "hekla") }),
    ] {
        assert_eq!(found(&shop, &admin, &query).await, std::slice::from_ref(&card), "{query}");
        assert_eq!(found(&shop, &esja, &query).await, [Value::Null; 0], "{query}");
    }
    let nobody = json!({ "holderName": "Anna", "phoneNumber": OTHER });
    assert_eq!(found(&shop, &admin, &nobody).await, [Value::Null; 0]);
    let moved = json!({ "id": other, "phoneNumber": NUMBER });
    office(&shop, "PUT", "/OwnerCards", &moved).await;
    assert_eq!(found(&shop, &admin, &json!({ "phoneNumber": OTHER })).await, [Value::Null; 0]);
    let both = json!({ "phoneNumber": NUMBER, "take": 1, "skip": 1 });
    let page = office(&shop, "POST", "/OwnerCards/Search/Owner", &both).await;
    assert_eq!((&page["total"], page["results"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    let nothing = ask(&shop, &admin, "POST", "/OwnerCards/Search/Owner", &json!({})).await;
    assert_eq!(nothing.fields(), ["HolderName"]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_closed_card_gives_nothing() {
    // Proves that a closed card is refused at an order, shown as closed, good again when it is
    // opened, and that the audit says who did it, why, what was before and what is now.
    let shop = Shop::open().await;
    let card = bought(&shop, "gold", NUMBER).await["id"].clone();
    let mut order = ticket(&shop, "match", "adult", 1);
    order["order"]["freeTicketCardId"] = card.clone();
    let close = json!({ "id": card, "isBlocked": true, "reason": "lost" });
    let closed = office(&shop, "PUT", "/OwnerCards", &close).await;
    assert_eq!(
        (&closed["isBlocked"], &closed["card"]["paymentStatus"]),
        (&json!(true), &json!("Paid"))
    );
    assert_eq!(shop.order(&order).await.code(), "OwnerCardNotValid");
    let of_phone = json!({ "phoneVerificationNumber": NUMBER });
    let listed = office(&shop, "POST", "/OwnerCards", &of_phone).await;
    assert_eq!(listed["blockedIds"], json!([card]));
    let usable = json!({ "phoneVerificationNumber": NUMBER, "onlyUsable": true });
    assert_eq!(office(&shop, "POST", "/OwnerCards", &usable).await["total"], 0);
    office(&shop, "PUT", "/OwnerCards", &json!({ "id": card, "isBlocked": false })).await;
    assert_eq!(shop.order(&order).await.code(), "OK");
    let audit = told(&shop).await;
    let blocked = audit.iter().find(|it| it.note.event == AuditEvent::CardBlocked).unwrap();
    assert!(blocked.note.detail.ends_with(": lost"));
    let change = blocked.change.as_ref().unwrap();
    assert_eq!(change.before.as_deref(), Some(r#"{"state":"active"}"#));
    assert_eq!(change.after, r#"{"state":"blocked"}"#);
    assert_eq!((blocked.note.by.as_str(), blocked.note.address.as_str()), ("a test", "127.0.0.1"));
    assert!(audit.iter().any(|it| it.note.event == AuditEvent::CardUnblocked));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn cards_are_given_away() {
    // Proves that kinds for the club alone are given, that they are the holders', that credit on
    // them can be spent, and that a key gives once.
    let shop = Shop::open().await;
    let gift = json!({
        "ownerCardTypeId": shop.number("card_type", "staff"),
        "holders": [{ "phoneNumber": NUMBER, "holderName": "Anna" }, { "holderId": "M-42" }],
        "reason": "thanks", "returnCards": true,
    });
    let send = async |gift: &Value| {
        let request = Request::post("/eventOwnerGiveAwayCards.json").key(&shop.admin).json(gift);
        shop.send(&request.header("Idempotency-Key", "spring gifts")).await
    };
    let given = send(&gift).await.json();
    assert_eq!((&given["statusCode"], &given["alreadyGiven"]), (&json!(200), &json!(false)));
    let cards = given["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 2);
    assert_eq!(
        (&cards[0]["pricePaid"], &cards[0]["currentStoreCredit"]),
        (&json!(0), &json!(1_000))
    );
    assert_eq!(
        (&cards[0]["paymentStatus"], &cards[1]["holderId"]),
        (&json!("Paid"), &json!("M-42"))
    );
    let again = send(&gift).await.json();
    assert_eq!(
        (&again["alreadyGiven"], &again["ownerCardIds"]),
        (&json!(true), &given["ownerCardIds"])
    );
    let mut other = gift.clone();
    other["holders"] = json!([{ "holderId": "M-43" }]);
    assert_eq!(send(&other).await.code(), "IdempotencyConflict");
    let by_id = json!({ "holderId": "M42" });
    assert_eq!(found(&shop, &shop.admin, &by_id).await, [again["ownerCardIds"][1].clone()]);
    let given = told(&shop).await;
    assert_eq!(given.iter().filter(|it| it.note.event == AuditEvent::CardsGiven).count(), 1);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn cards_are_paid_back() {
    // Proves that an unused card goes back whole and a used one in part, by which call, and how
    // both are shown afterwards.
    let shop = Shop::open().await;
    let (unused, used) = (
        bought(&shop, "prepaid", NUMBER).await["id"].clone(),
        bought(&shop, "gold", NUMBER).await["id"].clone(),
    );
    let whole = office(&shop, "POST", "/OwnerCards/refund", &json!({ "id": unused })).await;
    assert_eq!((&whole["statusCode"], &whole["amountRefunded"]), (&json!(200), &json!(8_000)));
    assert_eq!(
        (&whole["card"]["paymentStatus"], &whole["card"]["currentStoreCredit"]),
        (&json!("Refunded"), &json!(0))
    );
    let mut order = ticket(&shop, "match", "adult", 1);
    order["order"]["freeTicketCardId"] = used.clone();
    assert_eq!(shop.order(&order).await.code(), "OK");
    let all_of_it = json!({ "id": used });
    let refused = ask(&shop, &shop.admin, "POST", "/OwnerCards/refund", &all_of_it).await;
    assert_eq!(refused.code(), "NotRefundable");
    let part = json!({ "id": used, "amount": 3_000, "idempotencyKey": "half a season" });
    let told = office(&shop, "POST", "/OwnerCards/refund", &part).await;
    assert_eq!((&told["statusCode"], &told["amountRefunded"]), (&json!(200), &json!(3_000)));
    assert_eq!(told["card"]["paymentStatus"], "PartiallyRefunded");
    let again = office(&shop, "POST", "/OwnerCards/refund", &part).await;
    assert_eq!((&again["statusCode"], &again["alreadyRefunded"]), (&json!(200), &json!(true)));
    assert_eq!(shop.order(&order).await.code(), "OwnerCardNotValid");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn kinds_are_shown() {
    // Proves what a kind shows, what is left of its stock, that lists are those of the caller's
    // clubs, and that kinds that nobody can buy are left out when they are not asked for.
    let shop = Shop::open().await;
    bought(&shop, "limited", NUMBER).await;
    let get =
        async |key: &str, target: &str| shop.send(&Request::get(target).key(key)).await.json();
    let limited = shop.number("card_type", "limited");
    let told = get(&shop.admin, &format!("/OwnerCardType/{limited}.json")).await;
    let kind = &told["result"];
    assert_eq!((&kind["available"], &kind["price"]), (&json!(2), &json!(2_000)), "{told}");
    assert_eq!(kind["validEndDateForNewCardsUTC"], "2028-01-01T00:00:00.0000000Z");
    let esja = shop.key(&["TeamAdmin"], &["esja"]).await;
    let none = get(&esja, &format!("/OwnerCardType/{limited}.json")).await;
    assert_eq!(none["statusCode"], 404);
    assert_eq!(get(&esja, "/OwnerCardTypes.json").await["total"], 1);
    let hekla = shop.number("organiser", "hekla");
    let all = get(&shop.admin, &format!("/OwnerCardTypes.json?ownerId={hekla}")).await;
    let on_sale = format!("/OwnerCardTypes.json?ownerId={hekla}&onlyOnSale=true");
    assert_eq!(
        (&all["total"], &get(&shop.admin, &on_sale).await["total"]),
        (&json!(10), &json!(6))
    );
}
