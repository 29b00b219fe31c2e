//! From the picture to the ticket.

use domain::time::Span;
use serde_json::json;

use super::stadium::{SEAT_A1, SEAT_B1, Stadium, seats, token};
use crate::order::card;
use crate::shop::until;

/// What is told of a hold that has ended.
pub(super) const LATE: &str = "ReservationExpired";

#[tokio::test]
async fn the_best_seats_are_bought() {
    // Proves the way from best available over the next choice to a ticket with its seats.
    let stadium = Stadium::open().await;
    let found = stadium.find("d1", 2).await;
    assert_eq!(found.code(), "OK", "{}", found.json());
    assert_eq!(found.json()["totalCandidates"], 4);
    assert_eq!(found.json()["secondsLeft"], 600);
    assert_eq!(found.json()["reservationExpiresUTC"], "2027-05-01T12:10:00.0000000Z");
    assert_eq!(seats(&found), [100_504, 100_505]);
    assert_eq!(found.json()["seats"][0]["seatDisplayString"], "Section A, row 1, seat 5");
    let hold = token(&found);
    let next = json!({ "eventId": stadium.event("final"), "quantity": 2, "deviceId": "d1",
        "reservationTokenId": hold, "skipIndex": 3 });
    let next = stadium.post("EventSeatingFindAndReserve", &next).await;
    assert_eq!((token(&next), seats(&next)), (hold.clone(), vec![200_503, 200_504]));
    let sold = stadium.shop.order(&stadium.order("d1", &hold, "adult", 2)).await;
    assert_eq!(sold.code(), "OK", "{}", sold.json());
    let picture = stadium.picture("final", "?sectionId=2").await;
    let row = &picture.json()["sections"][0]["rows"][0]["seats"];
    let free: Vec<_> = (0..6).map(|seat| row[seat]["isAvailable"] == true).collect();
    assert_eq!(free, [true, true, true, false, false, true]);
    stadium.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_declined_card_keeps_the_seats_for_another() {
    // Proves that the buyer keeps the seats for another try, and that a repeat is the same order.
    let stadium = Stadium::open().await;
    let hold = stadium.held("d1", &[SEAT_A1, SEAT_A1 + 1]).await;
    let mut order = stadium.order("d1", &hold, "adult", 2);
    order["cardInfo"] = card("4000000000000002");
    let declined = stadium.shop.order(&order).await;
    assert_eq!(declined.code(), "PaymentDeclined");
    assert_eq!(stadium.reserve("d2", &[SEAT_A1]).await.code(), "SeatTaken");
    let good = stadium.order("d1", &hold, "adult", 2);
    let sold = stadium.shop.order(&good).await;
    assert_eq!(sold.code(), "OK", "{}", sold.json());
    let again = stadium.shop.order(&good).await;
    assert_eq!((again.code(), again.token()), ("OK".to_owned(), sold.token()));
    assert_eq!(stadium.shop.charges(), [8_000]);
    stadium.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    // Proves that the janitor gives seats back on time, and that the hold opens nothing then.
    let stadium = Stadium::open().await;
    let hold = stadium.held("d1", &[SEAT_A1]).await;
    stadium.shop.clock.advance(Span::seconds(601));
    let order = stadium.order("d1", &hold, "adult", 1);
    assert_eq!(stadium.shop.order(&order).await.code(), LATE);
    until("the seat's return", async || {
        (stadium.reserve("d2", &[SEAT_A1]).await.code() == "OK").then_some(())
    })
    .await;
    stadium.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn chosen_seats_go_to_their_admissions() {
    // Proves all-or-none, the list of what is missing, releasing, and the choice in an order.
    let stadium = Stadium::open().await;
    let hold = stadium.held("d1", &[SEAT_A1, SEAT_A1 + 1, SEAT_A1 + 2]).await;
    let other = stadium.reserve("d2", &[SEAT_A1 + 2, SEAT_A1 + 3, 7]).await;
    assert_eq!((other.status_code(), other.code()), (409, "SeatTaken".to_owned()));
    assert_eq!(other.json()["notAvailableSeats"], json!([SEAT_A1 + 2, 7]));
    assert_eq!(stadium.reserve("d3", &[SEAT_A1 + 3]).await.code(), "OK");
    let release = json!({ "eventId": stadium.event("final"), "reservationTokenId": hold,
        "seatsToRelease": [SEAT_A1 + 2], "deviceId": "d1" });
    let left = stadium.post("EventSeatingReleaseSeats", &release).await;
    assert_eq!((left.code(), seats(&left)), ("OK".to_owned(), vec![SEAT_A1, SEAT_A1 + 1]));
    let mut order = stadium.order("d1", &hold, "adult", 2);
    order["ticketHolders"] =
        json!({ "ticketHolders": [{ "name": "Anna", "seatId": SEAT_A1 + 1 }, { "name": "Jón" }] });
    let sold = stadium.shop.order(&order).await;
    assert_eq!(sold.code(), "OK", "{}", sold.json());
    let holders = &sold.json()["ticketAndDetails"]["eventTicketDetails"][0]["ticketHolders"];
    let shown: Vec<_> = (0..2).map(|holder| holders[holder]["seatId"].clone()).collect();
    assert_eq!(shown, [json!(SEAT_A1 + 1), json!(SEAT_A1)]);
    assert_eq!(holders[0]["seatDisplayString"], "Section A, row 1, seat 2");
}

#[tokio::test]
async fn seats_are_found_where_their_type_is_sold() {
    // Proves that a type of one section gets seats there, and nowhere else.
    let stadium = Stadium::open().await;
    let named = stadium.shop.number("ticket_type", "named");
    let body = json!({ "eventId": stadium.event("final"), "quantity": 1, "deviceId": "d1",
        "eventSeriesOwnerTicketType": named });
    assert_eq!(seats(&stadium.post("EventSeatingFindAndReserve", &body).await), [SEAT_B1 + 2]);
    let hold = stadium.held("d2", &[SEAT_A1]).await;
    let mut order = stadium.order("d2", &hold, "named", 1);
    order["ticketHolders"] = json!({ "ticketHolders": [
        { "name": "Anna", "fullPhoneNumber": "+3545550100", "holderId": "0101302989" }] });
    assert_eq!(stadium.shop.order(&order).await.code(), "TicketTypeNotAvailable");
}

#[tokio::test]
async fn the_organiser_keeps_seats() {
    // Proves that blocked seats are not sold, that it is told in the audit, and to whom it is open.
    let stadium = Stadium::open().await;
    let held = stadium.held("d1", &[SEAT_B1]).await;
    let operation = format!("eventSeating/{}/blockSeats", stadium.event("final"));
    let body = json!({ "sectionId": 2, "reason": "television" });
    let hekla = stadium.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let blocked = stadium.post_as(&hekla, &operation, &body).await;
    assert_eq!(blocked.code(), "OK", "{}", blocked.json());
    assert_eq!(blocked.json()["changedCount"], 5);
    assert_eq!(blocked.json()["notAvailableSeats"], json!([SEAT_B1]));
    assert_eq!(stadium.reserve("d2", &[SEAT_B1 + 1]).await.code(), "SeatTaken");
    let back = json!({ "seats": [SEAT_B1 + 1], "unblock": true });
    assert_eq!(stadium.post_as(&hekla, &operation, &back).await.json()["changedCount"], 1);
    assert_eq!(stadium.reserve("d2", &[SEAT_B1 + 1]).await.code(), "OK");
    let esja = stadium.shop.key(&["TeamAdmin"], &["esja"]).await;
    assert_eq!(stadium.post_as(&esja, &operation, &back).await.code(), "OwnerScopeDenied");
    let app = stadium.shop.key(&["MobileApp"], &[]).await;
    assert_eq!(stadium.post_as(&app, &operation, &back).await.status, 403);
    let audit = crate::audit::told(&stadium.shop).await;
    let details: Vec<_> = audit.iter().map(|line| line.note.detail.as_str()).collect();
    assert!(details.iter().any(|detail| detail.contains("television")), "{details:?}");
    assert_eq!(stadium.shop.order(&stadium.order("d1", &held, "adult", 1)).await.code(), "OK");
}
