//! What a ticket shows of the rights it was got with.

use domain::time::Span;
use serde_json::{Value, json};

use super::cabinet::{CODE, CREDIT, Cabinet};
use crate::client::Request;
use crate::order::{GOOD_CARD, card, unpaid};

/// Orders with the app, and shows the ticket.
async fn ticket(cabinet: &Cabinet, order: &Value) -> Value {
    let answer = cabinet.order(order).await;
    assert_eq!(answer.code(), "OK", "{}", answer.text());
    answer.json()["ticketAndDetails"].clone()
}

/// Members of a ticket, as one list.
fn members(ticket: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ticket[*name].clone()).collect()
}

const RIGHTS: &[&str] = &[
    "isFree",
    "freeTicketFromTypeId",
    "freeTicketFromId",
    "freeTicketCardId",
    "teamPassId",
    "totalPaidForTicket",
    "paymentMethodId",
];

#[tokio::test]
async fn tickets_show_their_rights() {
    // Proves the members about passes, cards and credit, what was paid, and what a line cost.
    let cabinet = Cabinet::open().await;
    let order = unpaid(&cabinet.shop, "match", "adult", 1);
    let id = cabinet.card.id.0;
    let mut by_card = order.clone();
    by_card["order"]["freeTicketCardId"] = json!(id);
    let shown = ticket(&cabinet, &by_card).await;
    let expected = json!([true, "ownerCard", id.to_string(), id, null, 0, "free"]);
    assert_eq!(members(&shown["eventTicket"], RIGHTS), expected);
    let line = &shown["eventTicketDetails"][0];
    assert_eq!((&line["ticketPrice"], &line["totalPrice"]), (&json!(4000), &json!(0)));
    let card_type = cabinet.card(cabinet.card).await.card_type.0.to_string();
    assert_eq!(shown["eventTicket"]["freeTicketCardTypeId"], json!(card_type));
    let mut by_pass = order.clone();
    by_pass["order"]["teamPassId"] = json!(cabinet.pass.0);
    let shown = ticket(&cabinet, &by_pass).await;
    let pass = cabinet.pass.0;
    let expected = json!([true, "teamPass", pass.to_string(), null, pass, 0, "free"]);
    assert_eq!(members(&shown["eventTicket"], RIGHTS), expected);
    assert_eq!(shown["eventTicketDetails"][0]["teamPassId"], json!(pass));
    let mut by_credit = by_card.clone();
    by_credit["order"]["freeTicketFromTypeId"] = json!("storecredit");
    by_credit["orderDetails"][0]["count"] = json!(2);
    by_credit["cardInfo"] = card(GOOD_CARD);
    by_credit["cardInfo"]["amount"] = json!(8_000 - CREDIT);
    let shown = ticket(&cabinet, &by_credit).await;
    let expected = json!([false, "storeCredit", id.to_string(), id, null, 8000, "card"]);
    assert_eq!(members(&shown["eventTicket"], RIGHTS), expected);
    assert_eq!(cabinet.shop.charges(), [8_000 - CREDIT]);
    cabinet.shop.assert_all_is_well().await;
}

/// A code of a campaign that makes an admission free.
async fn free_code(cabinet: &Cabinet) -> Value {
    let codes = json!({ "eventOwnerId": cabinet.card.shard.0, "campaign": "Press", "quantity": 1 });
    let request = Request::post("/backOffice/specialTickets.json").key(&cabinet.shop.admin);
    cabinet.shop.send(&request.json(&codes)).await.json()["codes"][0].clone()
}

#[tokio::test]
async fn tickets_show_campaigns_and_federation_cards() {
    // Proves what is shown of a code, which is not told again, of a federation card and of a gift.
    let cabinet = Cabinet::open().await;
    let order = unpaid(&cabinet.shop, "match", "adult", 1);
    let mut by_code = order.clone();
    by_code["orderDetails"][0]["specialTicketId"] = json!(CODE);
    by_code["cardInfo"] = card(GOOD_CARD);
    let answer = cabinet.order(&by_code).await;
    let line = answer.json()["ticketAndDetails"]["eventTicketDetails"][0].clone();
    let expected = json!([true, 1000, 1000]);
    assert_eq!(members(&line, &["isSpecialTicket", "ticketPrice", "totalPrice"]), expected);
    assert!(!answer.text().contains(CODE));
    assert_eq!(answer.ticket()["freeTicketFromTypeId"], Value::Null, "it left something to pay");
    let mut free = order.clone();
    free["orderDetails"][0]["specialTicketId"] = json!(free_code(&cabinet).await);
    let shown = ticket(&cabinet, &free).await;
    let expected = json!([true, "giveAway", "Press", null, null, 0, "free"]);
    assert_eq!(members(&shown["eventTicket"], RIGHTS), expected);
    let mut federation = order.clone();
    federation["order"]["freeTicketFromTypeId"] = json!("ksiCard");
    federation["order"]["freeTicketFromId"] = json!("Press");
    federation["ticketHolders"] = json!({ "ticketHolders": [{ "holderId": "010130-2989" }] });
    let shown = ticket(&cabinet, &federation).await;
    let expected = json!([true, "ksiCard", "Press", null, null, 0, "free"]);
    assert_eq!(members(&shown["eventTicket"], RIGHTS), expected);
    assert_eq!(shown["eventInfo"]["allowedKsiCard"], "A, Press");
    let mut gift = order;
    gift["order"]["freeTicketFromTypeId"] = json!("giveAway");
    gift["order"]["freeTicketFromId"] = json!("Sponsors");
    let shown = cabinet.shop.order(&gift).await.ticket();
    let expected = json!([true, "giveAway", "Sponsors", null, null, 0, "free"]);
    assert_eq!(members(&shown, RIGHTS), expected);
}

#[tokio::test]
async fn a_repeat_gets_the_same_bytes() {
    // Proves it for an order with a pass and credit, after the pass and the credit are used.
    let cabinet = Cabinet::open().await;
    let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
    let adult = order["orderDetails"][0].clone();
    order["orderDetails"].as_array_mut().unwrap().push(adult);
    order["order"]["teamPassId"] = json!(cabinet.pass.0);
    order["order"]["freeTicketFromTypeId"] = json!("storeCredit");
    order["order"]["freeTicketCardId"] = json!(cabinet.friends_card.id.0);
    let request = Request::post("/ticketOrder.json").key(&cabinet.shop.admin).json(&order);
    let request = request.header("Idempotency-Key", "once");
    let first = cabinet.shop.send(&request).await;
    assert_eq!(first.code(), "OK", "{}", first.text());
    cabinet.shop.clock.advance(Span::hours(30));
    let again = cabinet.shop.send(&request).await;
    assert_eq!(first.text(), again.text());
    assert_eq!(cabinet.card(cabinet.friends_card).await.credit, CREDIT - 4_000);
}

#[tokio::test]
async fn a_pass_is_bought_and_used() {
    // Proves that a pass costs its price, shows its number, belongs to the phone, and lets its
    // owner in once an event.
    let cabinet = Cabinet::open().await;
    let order = json!({
        "teamPass": { "id": cabinet.pass_type.0, "price": 30_000, "name": "ignored" },
        "cardInfo": card(GOOD_CARD),
    });
    let shown = ticket(&cabinet, &order).await;
    let bought = &shown["eventTicket"];
    assert_eq!(members(bought, &["eventId", "totalPaidForTicket"]), json!([0, 30_000]));
    assert!(bought["scanCode"].is_null() && shown["eventInfo"].is_null());
    assert_eq!(cabinet.shop.charges(), [30_000]);
    let mut use_it = unpaid(&cabinet.shop, "match", "adult", 1);
    use_it["order"]["teamPassId"] = bought["teamPassId"].clone();
    assert_eq!(ticket(&cabinet, &use_it).await["eventTicket"]["isFree"], true);
    assert_eq!(cabinet.order(&use_it).await.code(), "TeamPassNotValid");
    cabinet.shop.assert_all_is_well().await;
}
