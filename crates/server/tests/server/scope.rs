//! Who sees and orders what (`domain.md` §1.4, §3.5).

use serde_json::Value;

use crate::client::{Answer, Request};
use crate::order::{paid, unpaid};
use crate::shop::Shop;

async fn get(shop: &Shop, key: &str, target: &str) -> Answer {
    shop.send(&Request::get(target).key(key).accept("application/json")).await
}

fn names(answer: &Answer) -> Vec<String> {
    let events = answer.json()["results"].as_array().cloned().unwrap_or_default();
    events.iter().filter_map(|event| event["name"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_team_admin_acts_for_its_own_clubs() {
    // Proves that lists, details, orders and handles of other clubs are closed to it.
    let shop = Shop::open().await;
    let esja = shop.key(&["TeamAdmin"], &["esja"]).await;
    assert_eq!(names(&get(&shop, &esja, "/events").await), ["Esja – Hekla"]);
    assert!(names(&get(&shop, &shop.admin, "/events").await).len() > 5);

    let theirs = shop.number("event", "match");
    let details = get(&shop, &esja, &format!("/eventDetailsAndPrices/{theirs}")).await;
    assert_eq!(details.code(), "EventNotFound");
    let own = shop.number("event", "away");
    let details = get(&shop, &esja, &format!("/eventDetailsAndPrices/{own}")).await;
    assert_eq!(details.json()["prices"][0]["ticketPrice"], 3_000);

    let order = |event, kind| {
        Request::post("/ticketOrder.json").key(&esja).json(&paid(&shop, event, kind, 1))
    };
    let before = shop.traces().await;
    let answer = shop.send(&order("match", "adult")).await;
    assert_eq!((answer.status_code(), answer.code()), (403, "OwnerScopeDenied".to_owned()));
    assert_eq!(shop.traces().await, before);
    assert_eq!(shop.send(&order("away", "esja-adult")).await.code(), "OK");

    let sold = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    let status = get(&shop, &esja, &format!("/ticketOrder/status?ticketTokenId={sold}")).await;
    assert_eq!((status.status_code(), status.code()), (403, "OwnerScopeDenied".to_owned()));
}

#[tokio::test]
async fn hidden_events_open_to_their_code() {
    // Proves that a hidden event is in no list and can be seen and ordered with its code only.
    let shop = Shop::open().await;
    assert!(!names(&get(&shop, &shop.admin, "/events").await).contains(&"Hidden".to_owned()));
    let event = shop.number("event", "hidden");
    for (query, code) in [
        ("", "AccessCodeRequired"),
        ("?directAccessCode=", "AccessCodeRequired"),
        ("?directAccessCode=open", "AccessCodeRequired"),
        ("?directAccessCode=OPEN-SESAME", "AccessCodeRequired"),
        ("?directAccessCode=open-sesame", "OK"),
    ] {
        let target = format!("/eventDetailsAndPrices/{event}{query}");
        assert_eq!(get(&shop, &shop.admin, &target).await.code(), code, "{query}");
        let order = Request::post(&format!("/ticketOrder.json{query}")).key(&shop.admin);
        let answer = shop.send(&order.json(&paid(&shop, "hidden", "adult", 1))).await;
        assert_eq!(answer.code(), code, "{query}");
        let shown = &answer.json()["ticketAndDetails"]["eventInfo"]["directAccessCode"];
        assert_eq!(shown, &Value::Null);
    }
    assert_eq!(shop.charges(), [4_000]);
}

#[tokio::test]
async fn prices_say_what_is_left() {
    // Proves that an event's prices follow its sales, and that what is sold out is shown to
    // those who ask.
    let shop = Shop::open().await;
    let target = format!("/eventDetailsAndPrices/{}", shop.number("event", "match"));
    let few = shop.number("ticket_type", "few");
    let left = async |query: &str| {
        let answer = get(&shop, &shop.admin, &format!("{target}{query}")).await.json();
        let prices = answer["prices"].as_array().unwrap().clone();
        let price = prices.iter().find(|price| price["eventSeriesOwnerTicketType"] == few).cloned();
        price.map(|price| (price["availableCount"].clone(), price["soldOut"].clone()))
    };
    assert_eq!(left("").await, Some((2.into(), false.into())));
    assert_eq!(shop.order(&paid(&shop, "match", "few", 2)).await.code(), "OK");
    assert_eq!(left("").await, None);
    assert_eq!(left("?returnSoldOutTickets=true").await, Some((0.into(), true.into())));
    let free = shop.order(&unpaid(&shop, "match", "child", 1)).await;
    assert_eq!(free.code(), "OK");
}
