//! Every code that a right can meet at an order (`domain.md` §9.2, §9.4): what is sent, what is
//! said, and that nothing changed.

use serde_json::{Value, json};

use super::cabinet::{CODE, Cabinet};
use crate::client::Answer;
use crate::order::{GOOD_CARD, card, unpaid};
use crate::shop::Shop;
use crate::telephone::Device;

/// What is wrong, its `statusCode`, its code, and how a good order becomes it.
type Row = (&'static str, u64, &'static str, fn(&Cabinet, &mut Value));

const CARDS: &[Row] = &[
    ("a card of nobody", 404, "OwnerCardNotFound", |_, order| {
        order["order"]["freeTicketCardId"] = json!(999_999);
    }),
    ("a card below nothing", 404, "OwnerCardNotFound", |_, order| {
        order["order"]["freeTicketCardId"] = json!(-1);
    }),
    ("a card that is not named", 404, "OwnerCardNotFound", |_, order| {
        order["order"]["freeTicketFromTypeId"] = json!("ownerCard");
    }),
    ("a club that is not connected", 409, "OwnerCardNotValid", |cabinet, order| {
        order["order"]["freeTicketCardId"] = json!(cabinet.strangers_card.id.0);
    }),
    ("an event without cards", 409, "OwnerCardNotAllowed", |cabinet, order| {
        order["order"]["eventId"] = json!(cabinet.shop.number("event", "rush"));
        by_card(cabinet, order);
    }),
    ("more than the card has", 409, "OwnerCardUsedUp", |cabinet, order| {
        by_card(cabinet, order);
        line(order)["count"] = json!(4);
    }),
    ("more than it gives to one event", 409, "OwnerCardEventLimit", |cabinet, order| {
        by_card(cabinet, order);
        line(order)["count"] = json!(3);
    }),
    ("more than it gives, in two lines", 409, "OwnerCardEventLimit", |cabinet, order| {
        by_card(cabinet, order);
        line(order)["count"] = json!(2);
        let child = cabinet.shop.number("ticket_type", "child");
        let second = json!({ "eventSeriesOwnerTicketType": child, "count": 1 });
        order["orderDetails"].as_array_mut().unwrap().push(second);
    }),
    ("the price without the card", 409, "PriceChanged", |cabinet, order| {
        by_card(cabinet, order);
        line(order)["totalPrice"] = json!(4_000);
    }),
    ("a source nobody knows", 400, "ValidationFailed", |_, order| {
        order["order"]["freeTicketFromTypeId"] = json!("shells");
    }),
];

const CREDIT: &[Row] = &[
    ("credit of nobody", 404, "OwnerCardNotFound", |cabinet, order| {
        by_credit(cabinet, order);
        order["order"]["freeTicketCardId"] = json!(999_999);
    }),
    ("too little, and nothing beside it", 402, "InsufficientStoreCredit", |cabinet, order| {
        by_credit(cabinet, order);
        line(order)["count"] = json!(2);
    }),
    ("a club that is not connected", 409, "OwnerCardNotValid", |cabinet, order| {
        by_credit(cabinet, order);
        order["order"]["freeTicketCardId"] = json!(cabinet.strangers_card.id.0);
    }),
    ("the whole price on the card beside it", 409, "PriceChanged", |cabinet, order| {
        by_credit(cabinet, order);
        line(order)["count"] = json!(2);
        order["cardInfo"] = card(GOOD_CARD);
        order["cardInfo"]["amount"] = json!(8_000);
    }),
    ("a bad card beside it", 400, "CardInvalid", |cabinet, order| {
        by_credit(cabinet, order);
        line(order)["count"] = json!(2);
        order["cardInfo"] = card("4242424242424241");
    }),
    ("credit in another currency", 400, "CurrencyMismatch", |cabinet, order| {
        by_credit(cabinet, order);
        order["order"]["eventId"] = json!(cabinet.shop.number("event", "concert"));
        let balcony = cabinet.shop.number("ticket_type", "balcony");
        line(order)["eventSeriesOwnerTicketType"] = json!(balcony);
    }),
];

const PASSES: &[Row] = &[
    ("a pass of nobody", 409, "TeamPassNotValid", |_, order| {
        order["order"]["teamPassId"] = json!(999_999);
    }),
    ("a pass that is not named", 409, "TeamPassNotValid", |_, order| {
        order["order"]["freeTicketFromTypeId"] = json!("teamPass");
    }),
    ("an event of no series", 409, "TeamPassNotValid", |cabinet, order| {
        by_pass(cabinet, order);
        order["order"]["eventId"] = json!(cabinet.shop.number("event", "rush"));
    }),
    ("another type", 409, "TeamPassNotValid", |cabinet, order| {
        by_pass(cabinet, order);
        let few = cabinet.shop.number("ticket_type", "few");
        line(order)["eventSeriesOwnerTicketType"] = json!(few);
    }),
    ("two admissions", 409, "TeamPassNotValid", |cabinet, order| {
        by_pass(cabinet, order);
        line(order)["count"] = json!(2);
    }),
    ("a pass to buy that nobody sells", 409, "TeamPassNotValid", |_, order| {
        order["teamPass"] = json!({ "id": 999_999 });
    }),
    ("a pass that only the club gives out", 403, "TeamUseOnly", |cabinet, order| {
        order["teamPass"] = json!({ "id": cabinet.staff_pass.0 });
        order["cardInfo"] = card(GOOD_CARD);
    }),
    ("a pass that is not on sale", 409, "SaleNotActive", |cabinet, order| {
        order["teamPass"] = json!({ "id": cabinet.old_pass.0 });
        order["cardInfo"] = card(GOOD_CARD);
    }),
    ("a pass to buy at another price", 409, "PriceChanged", |cabinet, order| {
        order["teamPass"] = json!({ "id": cabinet.pass_type.0, "price": 29_999 });
        order["cardInfo"] = card(GOOD_CARD);
    }),
    ("a pass to buy without paying", 400, "PaymentMethodRequired", |cabinet, order| {
        order["teamPass"] = json!({ "id": cabinet.pass_type.0 });
    }),
];

const CODES: &[Row] = &[
    ("a code nobody gave out", 404, "SpecialTicketInvalid", |_, order| {
        line(order)["specialTicketId"] = json!("VIP");
    }),
    ("a code that is not named", 404, "SpecialTicketInvalid", |_, order| {
        line(order)["isSpecialTicket"] = json!(true);
    }),
    ("a code for another type", 404, "SpecialTicketInvalid", |cabinet, order| {
        line(order)["specialTicketId"] = json!(CODE);
        let few = cabinet.shop.number("ticket_type", "few");
        line(order)["eventSeriesOwnerTicketType"] = json!(few);
    }),
    ("more than the code is for", 404, "SpecialTicketInvalid", |_, order| {
        line(order)["specialTicketId"] = json!(CODE);
        line(order)["count"] = json!(3);
    }),
    ("one code for two lines", 409, "SpecialTicketUsed", |_, order| {
        line(order)["specialTicketId"] = json!(CODE);
        let line = line(order).clone();
        order["orderDetails"].as_array_mut().unwrap().push(line);
    }),
];

const OTHERS: &[Row] = &[
    ("a federation card that gets nobody in", 409, "OwnerCardNotAllowed", |_, order| {
        by_federation_card(order, "B");
    }),
    ("a federation card without its holder", 400, "HolderInfoRequired", |_, order| {
        by_federation_card(order, "A");
        order.as_object_mut().unwrap().remove("ticketHolders");
    }),
    ("a federation card for two", 409, "OwnerCardEventLimit", |_, order| {
        by_federation_card(order, "press");
        line(order)["count"] = json!(2);
    }),
    ("a gift that a buyer makes", 403, "Forbidden", |_, order| {
        order["order"]["freeTicketFromTypeId"] = json!("giveAway");
    }),
];

fn line(order: &mut Value) -> &mut Value {
    &mut order["orderDetails"][0]
}

fn by_card(cabinet: &Cabinet, order: &mut Value) {
    order["order"]["freeTicketCardId"] = json!(cabinet.card.id.0);
}

fn by_credit(cabinet: &Cabinet, order: &mut Value) {
    by_card(cabinet, order);
    order["order"]["freeTicketFromTypeId"] = json!("storeCredit");
}

fn by_pass(cabinet: &Cabinet, order: &mut Value) {
    order["order"]["teamPassId"] = json!(cabinet.pass.0);
}

fn by_federation_card(order: &mut Value, kind: &str) {
    order["order"]["freeTicketFromTypeId"] = json!("ksiCard");
    order["order"]["freeTicketFromId"] = json!(kind);
    order["ticketHolders"] = json!({ "ticketHolders": [{ "holderId": "0101302989" }] });
}

#[track_caller]
fn assert_refused(what: &str, answer: &Answer, status_code: u64, code: &str) {
    if code == "ValidationFailed" {
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        return;
    }
    let told = (answer.status_code(), answer.code());
    assert_eq!(told, (status_code, code.to_owned()), "{what}: {}", answer.text());
    assert!(answer.ticket().is_null(), "{what}");
}

/// The codes that these tables tell.
pub(crate) fn codes() -> Vec<&'static str> {
    let tables = [CARDS, CREDIT, PASSES, CODES, OTHERS];
    tables.iter().flat_map(|rows| rows.iter().map(|row| row.2)).collect()
}

async fn check_rows(rows: &[Row]) {
    let cabinet = Cabinet::open().await;
    let before = cabinet.stock().await;
    for (what, status_code, code, change) in rows {
        let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
        change(&cabinet, &mut order);
        assert_refused(what, &cabinet.order(&order).await, *status_code, code);
        assert_eq!(cabinet.stock().await, before, "{what}");
    }
}

#[tokio::test]
async fn season_cards_are_refused() {
    // Proves the codes of free tickets from season cards, and that the card keeps them.
    check_rows(CARDS).await;
}

#[tokio::test]
async fn store_credit_is_refused() {
    // Proves the codes of store credit, alone and beside a card, and that it stays on its card.
    check_rows(CREDIT).await;
}

#[tokio::test]
async fn team_passes_are_refused() {
    // Proves the codes of passes that are used and of passes that are bought.
    check_rows(PASSES).await;
}

#[tokio::test]
async fn codes_of_campaigns_are_refused() {
    // Proves the codes of single-use codes.
    check_rows(CODES).await;
}

#[tokio::test]
async fn other_sources_are_refused() {
    // Proves the codes of federation cards and gifts.
    check_rows(OTHERS).await;
}

#[tokio::test]
async fn nobody_uses_what_belongs_to_another_phone() {
    // Proves that cards, credit and passes of a phone are nobody else's, and that a box office
    // outside its club's scope may not use a card it sees.
    let cabinet = Cabinet::open().await;
    let device = Device { shop: &cabinet.shop, app: &cabinet.app, name: "thief" };
    let token = device.verified("+3545554321").await;
    let before = cabinet.stock().await;
    for (use_it, code) in [
        (by_card as fn(&Cabinet, &mut Value), "OwnerCardNotFound"),
        (by_credit, "OwnerCardNotFound"),
        (by_pass, "TeamPassNotValid"),
    ] {
        let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
        use_it(&cabinet, &mut order);
        assert_eq!(device.order(&token, &order).await.code(), code);
    }
    let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
    order["order"]["freeTicketCardId"] = json!(cabinet.friends_card.id.0);
    let office = cabinet.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let answer = order_as(&cabinet.shop, &office, &order).await;
    assert_eq!((answer.status_code(), answer.code()), (403, "OwnerScopeDenied".to_owned()));
    order["order"]["eventId"] = json!(cabinet.shop.number("event", "over"));
    let answer = order_as(&cabinet.shop, &office, &order).await;
    assert_eq!(answer.code(), "EventOver", "the event is judged before the card");
    assert_eq!(cabinet.stock().await, before);
}

async fn order_as(shop: &Shop, key: &str, order: &Value) -> Answer {
    let request = crate::client::Request::post("/ticketOrder.json").key(key).json(order);
    shop.send(&request).await
}

#[tokio::test]
async fn what_was_used_is_refused() {
    // Proves that a pass, a code and a federation card are good once, and that a decline gives
    // back what it used.
    let cabinet = Cabinet::open().await;
    let by_code = |_: &Cabinet, order: &mut Value| {
        line(order)["specialTicketId"] = json!(" vip-2027-abcdef ");
        order["cardInfo"] = card(GOOD_CARD);
    };
    let federation = |_: &Cabinet, order: &mut Value| by_federation_card(order, "a");
    for (use_it, code) in [
        (by_pass as fn(&Cabinet, &mut Value), "TeamPassNotValid"),
        (by_code, "SpecialTicketUsed"),
        (federation, "OwnerCardEventLimit"),
    ] {
        let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
        use_it(&cabinet, &mut order);
        if order["cardInfo"].is_object() {
            let mut declined = order.clone();
            declined["cardInfo"] = card("4000000000000002");
            assert_eq!(cabinet.order(&declined).await.code(), "PaymentDeclined");
        }
        assert_eq!(cabinet.order(&order).await.code(), "OK", "{code}");
        let before = cabinet.stock().await;
        assert_eq!(cabinet.order(&order).await.code(), code);
        assert_eq!(cabinet.stock().await, before, "{code}");
    }
    cabinet.shop.assert_all_is_well().await;
}
