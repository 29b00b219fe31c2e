//! The back office: a catalogue made through the API alone, who may change what, and editors who
//! work at the same time.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::Shop;

const EDITORS: usize = 64;

async fn post(shop: &Shop, key: &str, path: &str, body: &Value) -> Answer {
    let request = Request::post(path).key(key).accept("application/json");
    shop.send(&request.json(body)).await
}

async fn get(shop: &Shop, key: &str, path: &str) -> Value {
    shop.send(&Request::get(path).key(key).accept("application/json")).await.json()
}

/// Saves an entry as the Admin, which must go well.
async fn saved(shop: &Shop, path: &str, entry: &Value) -> Value {
    let answer = post(shop, &shop.admin, path, &json!({ "entry": entry })).await;
    assert_eq!(answer.code(), "OK", "{path}: {}", answer.text());
    answer.json()["result"].clone()
}

#[tokio::test]
async fn a_new_club_sells_through_the_api_alone() {
    // Proves that a club, a series, a place, a type and an event made here can be sold, that a
    // second editor of an old state is refused, and that the audit tells before and after.
    let shop = Shop::open().await;
    let club =
        saved(&shop, "/backOffice/owners", &json!({ "slug": "katla", "name": "Katla" })).await;
    let series = saved(&shop, "/backOffice/series", &json!({ "name": "A new cup" })).await;
    let place = json!({ "name": "A new hall", "sections": [
        { "name": "A", "rowCount": 2, "seatCount": 5 },
    ] });
    let place = saved(&shop, "/backOffice/locations", &place).await;
    let kind = json!({ "eventOwnerId": club["id"], "name": "Adult", "price": 2500,
        "showUsedTickets": true });
    let kind = saved(&shop, "/backOffice/ticketTypes", &kind).await;
    let event = saved(
        &shop,
        "/backOffice/events",
        &json!({
            "eventOwnerId": club["id"], "name": "The first", "startsUTC": "2027-06-01T18:00:00Z",
            "eventSeriesId": series["id"], "eventLocationId": place["id"], "capacity": 3,
            "prices": [{ "ticketTypeId": kind["id"], "limit": 2 }],
        }),
    )
    .await;
    let order = json!({
        "order": { "eventId": event["id"] },
        "orderDetails": [{ "eventSeriesOwnerTicketType": kind["id"], "count": 2 }],
        "cardInfo": card(GOOD_CARD),
    });
    let bought = shop.order(&order).await;
    assert_eq!(bought.code(), "OK");
    let details = &bought.json()["ticketAndDetails"]["eventTicketDetails"][0];
    assert_eq!(details["showUsedTickets"], json!(true), "{details}");
    assert_eq!(shop.order(&order).await.code(), "SoldOut");
    assert_eq!(shop.charges(), [5_000]);

    let more = json!({ "eventId": event["id"], "revision": event["revision"],
        "entry": { "ticketTypeId": kind["id"], "limit": 9, "price": 100 } });
    let path = format!("/backOffice/events/{}/prices", event["id"]);
    assert_eq!(post(&shop, &shop.admin, &path, &more).await.code(), "OK");
    assert_eq!(post(&shop, &shop.admin, &path, &more).await.code(), "CatalogueChanged");
    assert_eq!(shop.order(&order).await.code(), "SoldOut", "three may come, all types together");

    let audit = get(&shop, &shop.admin, &format!("/audit?eventOwnerId={}", club["id"])).await;
    let told = audit["results"].as_array().unwrap();
    let priced =
        |row: &&Value| row["after"].as_str().is_some_and(|it| it.contains("\"price\":100"));
    let last = told.iter().find(priced).unwrap_or_else(|| panic!("{audit}"));
    assert_eq!((&last["by"], &last["event"]), (&json!("a test"), &json!("catalogue_changed")));
    assert!(last["before"].as_str().unwrap().contains(r#""price":null"#), "{last}");
    assert!(last["after"].as_str().unwrap().contains(r#""price":100"#), "{last}");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_club_changes_what_is_its_own() {
    // Proves for each caller what may be changed, and that a refusal changes nothing.
    let shop = Shop::open().await;
    let (hekla, esja) = (shop.number("organiser", "hekla"), shop.number("organiser", "esja"));
    let inside = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let outside = shop.key(&["TeamAdmin"], &["esja"]).await;
    let app = shop.key(&["MobileApp"], &[]).await;
    let cards = json!({ "eventOwnerId": hekla, "name": "Gold", "price": 9000, "maxTickets": 10,
        "validFromUTC": "2027-01-01T00:00:00Z", "validToUTC": "2028-01-01T00:00:00Z" });
    let passes = json!({ "eventOwnerId": hekla, "name": "Pass", "price": 20000,
        "eventSeriesId": shop.number("series", "league"),
        "ticketTypeId": shop.number("ticket_type", "adult") });
    let start = "2027-06-01T18:00:00Z";
    let own = [
        ("/backOffice/ticketTypes", json!({ "eventOwnerId": hekla, "name": "T", "price": 1 })),
        ("/backOffice/events", json!({ "eventOwnerId": hekla, "name": "E", "startsUTC": start })),
        ("/backOffice/cardTypes", cards),
        ("/TeamPassTypes/PassType", passes),
    ];
    for (path, entry) in &own {
        let body = json!({ "entry": entry });
        let before = get(&shop, &shop.admin, "/audit?take=1000").await;
        assert_eq!(post(&shop, &outside, path, &body).await.code(), "OwnerScopeDenied", "{path}");
        assert_eq!(post(&shop, &app, path, &body).await.status, 403, "{path}");
        assert_eq!(post(&shop, "nobody", path, &body).await.status, 401, "{path}");
        let after = get(&shop, &shop.admin, "/audit?take=1000").await;
        let changes = |audit: &Value| audit.to_string().matches("catalogue_changed").count();
        assert_eq!(changes(&before), changes(&after), "{path}");
        for key in [&inside, &shop.admin] {
            assert_eq!(post(&shop, key, path, &body).await.code(), "OK", "{path}");
        }
    }
    for path in ["/backOffice/series", "/backOffice/locations"] {
        let body = json!({ "entry": { "name": "Mine" } });
        assert_eq!(post(&shop, &inside, path, &body).await.status, 403, "{path}");
    }
    let known = get(&shop, &inside, "/backOffice/owners").await["results"].clone();
    assert_eq!(known.as_array().unwrap().len(), 1, "{known}");
    let mut terms = known[0].clone();
    terms["feeBasisPoints"] = json!(0);
    let answer = post(&shop, &inside, "/backOffice/owners", &json!({ "entry": terms })).await;
    assert_eq!(answer.code(), "Forbidden");
    let audit = get(&shop, &outside, &format!("/audit?eventOwnerId={hekla}")).await;
    assert_eq!(audit["results"], json!([]), "another club's audit, read by {esja}");
}

#[tokio::test]
async fn slips_are_refused() {
    // Proves that what no event has is refused with the member's name: two prices of one type,
    // images that are no web addresses, gates open for weeks, and years far away.
    let shop = Shop::open().await;
    let row = json!({ "ticketTypeId": shop.number("ticket_type", "adult"), "limit": 10 });
    let slips = [
        ("prices", json!([row, row])),
        ("imageUrl", json!("javascript:alert(1)")),
        ("imageUrl2", json!("//example.org/a.png")),
        ("gatesOpenMinutes", json!(2_881)),
        ("startsUTC", json!("9999-12-31T00:00:00Z")),
        ("startsUTC", json!("1999-12-31T23:59:59Z")),
        ("endsUTC", json!("2200-01-01T00:00:01Z")),
        ("saleToUTC", json!("9999-12-31T00:00:00Z")),
    ];
    let good = json!({ "eventOwnerId": shop.number("organiser", "hekla"), "name": "E",
        "startsUTC": "2027-06-01T18:00:00Z", "saleFromUTC": "2000-01-01T00:00:00Z",
        "saleToUTC": "2027-06-01T18:00:00Z", "imageUrl": "https://example.org/a.png",
        "gatesOpenMinutes": 2_880, "prices": [row] });
    for (member, value) in slips {
        let mut entry = good.clone();
        entry[member] = value;
        let body = json!({ "entry": entry });
        let answer = post(&shop, &shop.admin, "/backOffice/events", &body).await;
        assert_eq!(answer.status, 400, "{member}: {}", answer.text());
        let named = format!("entry.{member}").to_lowercase();
        assert!(answer.text().to_lowercase().contains(&named), "{}", answer.text());
    }
    saved(&shop, "/backOffice/events", &good).await;
}

#[tokio::test]
async fn prices_are_bounded() {
    // Proves that nobody sets a price or a credit whose sums could outgrow the books, that the
    // answer names the member and the bound, and that the bound itself is fine.
    const BOUND: i64 = 10_000_000_000;
    let shop = Shop::open().await;
    let (hekla, adult) = (shop.number("organiser", "hekla"), shop.number("ticket_type", "adult"));
    let year = ("2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z");
    let card = json!({ "entry": { "eventOwnerId": hekla, "name": "Gold", "price": 1,
        "hasStoreCredit": true, "validFromUTC": year.0, "validToUTC": year.1 } });
    let event = json!({ "entry": { "eventOwnerId": hekla, "name": "E", "startsUTC": year.0,
        "prices": [{ "ticketTypeId": adult }] } });
    let pass = json!({ "entry": { "eventOwnerId": hekla, "name": "Pass",
        "eventSeriesId": shop.number("series", "league"), "ticketTypeId": adult } });
    let kind = json!({ "entry": { "eventOwnerId": hekla, "name": "T" } });
    let codes = json!({ "eventOwnerId": hekla, "quantity": 1, "campaign": "C" });
    let members = [
        ("/backOffice/ticketTypes", kind, "/entry", "price"),
        ("/backOffice/events", event, "/entry/prices/0", "price"),
        ("/backOffice/cardTypes", card.clone(), "/entry", "price"),
        ("/backOffice/cardTypes", card, "/entry", "initialStoreCredit"),
        ("/TeamPassTypes/PassType", pass, "/entry", "price"),
        ("/backOffice/specialTickets", codes, "", "price"),
    ];
    for (path, mut body, place, member) in members {
        body.pointer_mut(place).unwrap()[member] = json!(BOUND + 1);
        let refused = post(&shop, &shop.admin, path, &body).await;
        let status = &refused.json()["responseStatus"];
        assert_eq!(status["errorCode"], "ValidationFailed", "{path} {member}: {}", refused.text());
        let wrong = &status["errors"][0];
        let (field, message) = (wrong["fieldName"].as_str(), wrong["message"].as_str());
        let field = field.unwrap_or_default().to_lowercase();
        assert!(field.ends_with(&member.to_lowercase()), "{path} {member}: {status}");
        let expected = "10000000001 ISK is more than a price may be (10000000000 ISK).";
        assert_eq!(message, Some(expected), "{path} {member}");
        body.pointer_mut(place).unwrap()[member] = json!(BOUND);
        let taken = post(&shop, &shop.admin, path, &body).await;
        assert_eq!(taken.code(), "OK", "{path} {member}: {}", taken.text());
    }
}

#[tokio::test]
async fn one_of_many_editors_wins() {
    // Proves that of editors who saw the same state one saves and the others are told.
    let shop = Arc::new(Shop::open().await);
    let hekla = shop.number("organiser", "hekla");
    let target = format!("/backOffice/ticketTypes?eventOwnerId={hekla}");
    let known = get(&shop, &shop.admin, &target).await["results"][0].clone();
    let editors = (0..EDITORS).map(|editor| {
        let (shop, mut entry) = (Arc::clone(&shop), known.clone());
        entry["name"] = json!(format!("Editor {editor}"));
        tokio::spawn(async move {
            let body = json!({ "entry": entry });
            post(&shop, &shop.admin, "/backOffice/ticketTypes", &body).await.code()
        })
    });
    let mut codes = Vec::new();
    for editor in editors.collect::<Vec<_>>() {
        codes.push(editor.await.unwrap());
    }
    let count = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
    assert_eq!((count("OK"), count("CatalogueChanged")), (1, EDITORS - 1), "{codes:?}");
}
