//! Moves without a payment, and what they answer (`domain.md` §4.2–4.4).

use serde_json::{Value, json};

use super::season::Season;
use crate::shop::until;

#[tokio::test]
async fn an_even_move_replaces_the_ticket() {
    // Proves the EVEN direction: the old ticket ends, the new one is live with the same phone and
    // its own codes, places change hands, and nothing more is charged.
    let season = Season::open().await;
    let mut order = season.order("home", "regular", 2);
    order["phoneVerificationNumber"] = json!("+3545550123");
    let bought = season.shop.order(&order).await;
    let (token, old_code) = (bought.token(), bought.ticket()["scanCode"].clone());
    let answer = season.transfer(&token, ("rematch", "regular"), 0).await;
    let moved = answer.json();
    assert_eq!((answer.status, &moved["ok"]), (200, &json!(true)), "{moved}");
    assert_eq!((&moved["code"], &moved["direction"]), (&json!("Transferred"), &json!("EVEN")));
    assert_eq!((&moved["statusCode"], &moved["message"]), (&json!(200), &json!("OK")));
    let prices = ["originalTicketPrice", "targetTicketPrice", "priceDifference"];
    assert_eq!(prices.map(|name| moved[name].clone()), [json!(10_000), json!(10_000), json!(0)]);
    assert_eq!(moved["outstandingCostHandledByServer"], json!(true));
    assert_eq!(moved["quote"]["to"]["availableSeats"], json!(100));
    assert!(moved["refund"].is_null() && moved["topup"].is_null(), "{moved}");
    let new = moved["newTicketTokenId"].as_str().unwrap();
    assert_eq!(
        (season.state(&token).await.as_str(), season.state(new).await.as_str()),
        ("Transferred", "Bought")
    );
    let found = season.post("ticketOrder/find", &json!({ "ticketTokenId": new })).await.json();
    let sales = season.shop.sales("hekla").await;
    let [old, new] = &sales[..] else { panic!("{sales:?}") };
    let details = &found["results"][0]["eventTicketDetails"][0];
    assert_eq!(details["ticketDetailsTransferredFrom"], json!(old.lines[0].id.0), "{found}");
    assert_eq!(new.buyer.phone.as_deref(), Some("+3545550123"));
    assert_eq!(new.origin.unwrap().from.id, old.id);
    assert_ne!(old_code, Value::Null);
    assert_eq!(season.shop.places("hekla").await, (0, 2));
    assert_eq!(season.shop.charges(), [10_000]);
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_move_down_gives_the_difference_back() {
    // Proves the REFUND direction: the answer does not wait for the gateway, and the difference
    // goes back to the card it came from.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let moved = season.transfer(&token, ("rematch", "cheap"), -1_500).await.json();
    assert_eq!((&moved["code"], &moved["direction"]), (&json!("Transferred"), &json!("REFUND")));
    let refund = &moved["refund"];
    assert_eq!(
        (&refund["amountIsk"], &refund["instruction"]),
        (&json!(1_500), &json!("RefundStarted"))
    );
    assert!(refund["paymentReference"].as_str().unwrap().len() > 4, "{refund}");
    let log = until("the refund", async || {
        let log = log(&season, "hekla").await;
        (log[0]["refundStatus"] == "Succeeded").then_some(log)
    });
    let log = log.await;
    assert_eq!(
        (&log[0]["status"], &log[0]["priceDifference"]),
        (&json!("Completed"), &json!(-1_500))
    );
    assert_eq!(season.shop.charges(), [5_000]);
    season.shop.assert_all_is_well().await;
}

/// The log of transfers to an organiser's events, as the Admin sees it.
pub(super) async fn log(season: &Season, organiser: &str) -> Vec<Value> {
    let body = json!({ "eventOwnerId": season.seller(organiser).0 });
    let answer = season.post("transferTicket/log", &body).await;
    assert_eq!(answer.code(), "OK", "{}", answer.text());
    answer.json()["transfers"].as_array().unwrap().clone()
}

#[tokio::test]
async fn tickets_move_between_clubs_and_on() {
    // Proves that a ticket moves between two sellers and further, that its money follows it to
    // the last one, and that refunding a part there reaches the first card.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let first = season.transfer(&token, ("derby", "derby-regular"), 0).await.json();
    assert_eq!(first["code"], "Transferred", "{first}");
    let token = first["newTicketTokenId"].as_str().unwrap();
    let second = season.transfer(token, ("rematch", "cheap"), -1_500).await.json();
    assert_eq!(second["refund"]["instruction"], "RefundStarted", "{second}");
    until("the refund", async || {
        let log = log(&season, "hekla").await;
        (log[0]["refundStatus"] == "Succeeded").then_some(())
    })
    .await;
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn the_same_type_is_found() {
    // Proves that without a named type the ticket keeps its own, of a series even at another club.
    let season = Season::open().await;
    let mut order = season.order("home", "guest", 1);
    order["orderDetails"][0] = json!({ "eventSeriesTicketType": season.kind("guest"), "count": 1 });
    let token = season.shop.order(&order).await.token();
    let request = json!({ "ticketTokenId": token, "toEventId": season.event("derby") });
    let moved = season.post("TransferTicketToEvent", &request).await.json();
    assert_eq!((&moved["code"], &moved["direction"]), (&json!("Transferred"), &json!("EVEN")));
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_quote_says_what_a_move_would_cost() {
    // Proves that a quote tells both sides and the obstacle, and changes nothing.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let before = season.shop.traces().await;
    let mut request = json!({
        "ticketTokenId": token, "toEventId": season.event("rematch"),
        "toOwnerTicketTypeId": season.kind("dear"),
    });
    let quote = season.post("transferTicket/quote", &request).await.json();
    assert_eq!((&quote["ok"], &quote["direction"]), (&json!(true), &json!("TOPUP")), "{quote}");
    assert_eq!((&quote["priceDifference"], &quote["afterPayout"]), (&json!(1_500), &json!(false)));
    assert_eq!(quote["refundableViaBorgun"], json!(true));
    let (from, to) = (&quote["from"], &quote["to"]);
    assert_eq!((&from["ticketPrice"], &to["ticketPrice"]), (&json!(5_000), &json!(6_500)));
    assert_eq!((&from["paymentMethodId"], &to["availableSeats"]), (&json!("card"), &json!(100)));
    assert_eq!(from["eventName"], "Hekla – Askja");
    assert!(to["paymentMethodId"].is_null() && to["paymentReference"].is_null());
    request["toEventId"] = json!(season.event("home"));
    request["toOwnerTicketTypeId"] = json!(season.kind("regular"));
    let same = season.post("transferTicket/quote", &request).await.json();
    assert_eq!((&same["ok"], &same["code"]), (&json!(false), &json!("SameEvent")), "{same}");
    assert_eq!(season.shop.traces().await, before);
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer() {
    // Proves that a key makes a move happen once and answer the same, topped up or not, and that
    // another request under it is refused.
    let season = Season::open().await;
    for (to, difference) in [(("rematch", "regular"), 0), (("rematch", "dear"), 1_500)] {
        let token = season.buy("home", "regular", 1).await;
        let mut request = season.request(&token, to, difference);
        request["idempotencyKey"] = json!(format!("the key {difference}"));
        let first = season.post("TransferTicketToEvent", &request).await;
        assert_eq!(first.json()["ok"], json!(true), "{}", first.text());
        let again = season.post("TransferTicketToEvent", &request).await;
        assert_eq!(again.text(), first.text());
        request["reason"] = json!("another one");
        let other = season.post("TransferTicketToEvent", &request).await.json();
        assert_eq!(other["code"], "IdempotencyConflict", "{other}");
    }
    season.shop.assert_all_is_well().await;
}
