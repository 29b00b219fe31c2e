//! A club that is made through the API alone, and sold by its own user.

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::Shop;

const PASSWORD: &str = "correct horse battery";

async fn post(shop: &Shop, key: &str, path: &str, body: &Value) -> Value {
    let request = Request::post(&format!("{path}.json")).key(key);
    let answer: Answer = shop.send(&request.json(body)).await;
    assert!(answer.status == 200, "{path}: {}", answer.text());
    answer.json()
}

/// Saves an entry as the Admin; answers its number.
async fn saved(shop: &Shop, items: &str, entry: Value) -> Value {
    let path = format!("/backOffice/{items}");
    let answer = post(shop, &shop.admin, &path, &json!({ "entry": entry })).await;
    assert_eq!(answer["message"], "OK", "{items}: {answer}");
    answer["result"]["id"].clone()
}

/// What the back office has made.
struct Club {
    id: Value,
    kind: Value,
    event: Value,
    card_type: Value,
    pass_type: Value,
    codes: Value,
}

async fn made(shop: &Shop) -> Club {
    let id = saved(shop, "owners", json!({ "slug": "katla", "name": "Katla" })).await;
    let series = saved(shop, "series", json!({ "name": "A new cup" })).await;
    let sections = json!([{ "name": "A", "rowCount": 1, "seatCount": 5 }]);
    let place = json!({ "name": "A new hall", "sections": sections });
    let place = saved(shop, "locations", place).await;
    let kind = json!({ "eventOwnerId": id, "name": "Adult", "price": 2500 });
    let kind = saved(shop, "ticketTypes", kind).await;
    let event = json!({
        "eventOwnerId": id, "name": "The first", "startsUTC": "2027-06-01T18:00:00Z",
        "eventSeriesId": series, "eventLocationId": place, "seatsNumbered": true,
        "prices": [{ "ticketTypeId": kind }],
    });
    let event = saved(shop, "events", event).await;
    let card_type = json!({
        "eventOwnerId": id, "name": "Gold", "price": 9000, "maxTickets": 10,
        "validFromUTC": "2027-01-01T00:00:00Z", "validToUTC": "2028-01-01T00:00:00Z",
    });
    let card_type = saved(shop, "cardTypes", card_type).await;
    let pass_type = json!({
        "eventOwnerId": id, "name": "Pass", "price": 20000, "eventSeriesId": series,
        "ticketTypeId": kind,
    });
    let pass_type = saved(shop, "passTypes", pass_type).await;
    let codes = json!({
        "eventOwnerId": id, "campaign": "Sponsors", "quantity": 1, "eventId": event,
        "price": 500,
    });
    let codes =
        post(shop, &shop.admin, "/backOffice/specialTickets", &codes).await["codes"].clone();
    Club { id, kind, event, card_type, pass_type, codes }
}

/// Makes a user who acts for the club, and signs in as it.
async fn seller(shop: &Shop, club: &Club) -> String {
    let user = json!({
        "userName": "katla-office", "password": PASSWORD, "roles": ["TeamAdmin"],
        "permissions": ["ReadData"], "eventOwnerIds": [club.id],
    });
    let created = post(shop, &shop.admin, "/login/create", &user).await;
    assert_eq!(created["message"], "OK", "{created}");
    let login = json!({ "userName": "katla-office", "password": PASSWORD });
    let request = Request::post("/auth/credentials.json").json(&login);
    let signed_in = shop.send(&request).await.json();
    signed_in["bearerToken"].as_str().unwrap_or_else(|| panic!("{signed_in}")).to_owned()
}

/// An order of one seat beside the next, held first.
async fn order(shop: &Shop, key: &str, club: &Club, line: &Value) -> Value {
    let hold = json!({ "eventId": club.event, "quantity": 1 });
    let held = post(shop, key, "/EventSeatingFindAndReserve", &hold).await;
    let mut line = line.clone();
    line["eventSeriesOwnerTicketType"] = club.kind.clone();
    line["count"] = json!(1);
    let order = json!({
        "order": { "eventId": club.event }, "orderDetails": [line],
        "seatReservationTokenId": held["reservationTokenId"], "cardInfo": card(GOOD_CARD),
    });
    post(shop, key, "/ticketOrder", &order).await
}

#[tokio::test]
async fn a_new_club_is_sold_by_its_own_user() {
    // Proves that everything the back office makes can be sold at once by a user it has made: a
    // numbered seat, a code's price, a season card and a pass; and nothing of another club.
    let shop = Shop::open().await;
    let club = made(&shop).await;
    let key = seller(&shop, &club).await;
    let seat = order(&shop, &key, &club, &json!({})).await;
    assert_eq!(seat["message"], "OK", "{seat}");
    let code = json!({ "specialTicketId": club.codes[0] });
    let sponsored = order(&shop, &key, &club, &code).await;
    assert_eq!(sponsored["message"], "OK", "{sponsored}");
    let again = order(&shop, &key, &club, &code).await;
    assert!(again["message"].as_str().unwrap().starts_with("SpecialTicketUsed"), "{again}");

    let cards = json!({ "ownerCardTypeIds": [club.card_type], "cardInfo": card(GOOD_CARD) });
    let cards = post(&shop, &key, "/OrderOwnerCards", &cards).await;
    assert_eq!(cards["message"], "OK", "{cards}");
    let pass = json!({
        "order": {}, "teamPass": { "id": club.pass_type }, "cardInfo": card(GOOD_CARD),
        "phoneVerificationNumber": "+3545550123",
    });
    let pass = post(&shop, &key, "/ticketOrder", &pass).await;
    assert_eq!(pass["message"], "OK", "{pass}");

    let foreign = crate::order::paid(&shop, "match", "adult", 1);
    let foreign = post(&shop, &key, "/ticketOrder", &foreign).await;
    assert!(foreign["message"].as_str().unwrap().starts_with("OwnerScopeDenied"), "{foreign}");
    assert_eq!(shop.charges(), [2_500, 500, 9_000, 20_000]);
    shop.assert_all_is_well().await;
}
