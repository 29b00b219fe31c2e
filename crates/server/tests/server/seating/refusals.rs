//! Every refusal that seats can meet (`domain.md` §9.4): what is sent and what is said. A refused
//! request changes nothing.

use domain::seating::RESERVATIONS_LIVE_MAX;
use serde_json::{Value, json};

use super::stadium::{SEAT_A1, SEAT_B1, Stadium};
use crate::client::Answer;
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

/// What is answered, and how the order differs from a good one.
type OrderRow = (u64, &'static str, fn(&mut Value));

/// What is wrong, the number and the code of the answer, and how a good request becomes it.
type Row = (&'static str, u64, &'static str, fn(&Stadium, &mut Value));

const FIND: &[Row] = &[
    ("no event", 404, "EventNotFound", |_, body| body["eventId"] = json!(999_999)),
    ("an event below zero", 404, "EventNotFound", |_, body| body["eventId"] = json!(-1)),
    ("an event without numbers", 400, "SeatNotAllowed", |stadium, body| {
        body["eventId"] = json!(stadium.event("match"));
    }),
    ("a hidden event", 403, "AccessCodeRequired", |stadium, body| {
        body["eventId"] = json!(stadium.event("secret-final"));
    }),
    ("a wrong code", 403, "AccessCodeRequired", |stadium, body| {
        body["eventId"] = json!(stadium.event("secret-final"));
        body["directAccessCode"] = json!("open");
    }),
    ("too many", 400, "TooManyTickets", |_, body| body["quantity"] = json!(51)),
    ("more than any number", 400, "TooManyTickets", |_, body| body["quantity"] = json!(100_000)),
    ("none", 400, "ValidationFailed", |_, body| body["quantity"] = json!(0)),
    ("less than none", 400, "ValidationFailed", |_, body| body["quantity"] = json!(-1)),
    ("a skip below zero", 400, "ValidationFailed", |_, body| body["skipIndex"] = json!(-1)),
    ("more than a row has", 409, "SoldOut", |_, body| body["quantity"] = json!(11)),
    ("after the last choice", 409, "SoldOut", |_, body| body["skipIndex"] = json!(99)),
    ("more than there are, split", 409, "SoldOut", |_, body| {
        body["quantity"] = json!(27);
        body["allowSplit"] = json!(true);
    }),
    ("no such section", 400, "ValidationFailed", |_, body| body["sectionId"] = json!(9)),
    ("two types", 400, "TicketTypeAmbiguous", |_, body| {
        body["eventSeriesTicketType"] = json!(1);
        body["eventSeriesOwnerTicketType"] = json!(1);
    }),
    ("a type that is not sold", 409, "TicketTypeNotAvailable", |stadium, body| {
        body["eventSeriesOwnerTicketType"] = json!(stadium.shop.number("ticket_type", "few"));
    }),
    ("no hold at all", 404, "ReservationNotFound", |_, body| {
        body["reservationTokenId"] = json!("nothing");
    }),
    ("a device with a line break", 400, "ValidationFailed", |_, body| {
        body["deviceId"] = json!("a\nb");
    }),
    ("a device that is too long", 400, "ValidationFailed", |_, body| {
        body["deviceId"] = json!("d".repeat(256));
    }),
];

const CHOOSE: &[Row] = &[
    ("no seats", 400, "ValidationFailed", |_, body| body["seatsToReserve"] = json!([])),
    ("too many seats", 400, "TooManyTickets", |_, body| {
        body["seatsToReserve"] = json!(vec![1; 51]);
    }),
    ("a seat that is taken", 409, "SeatTaken", |_, body| {
        body["seatsToReserve"] = json!([SEAT_A1, SEAT_B1]);
    }),
    ("a seat below zero", 409, "SeatTaken", |_, body| body["seatsToReserve"] = json!([-5])),
    ("an event without numbers", 400, "SeatNotAllowed", |stadium, body| {
        body["eventId"] = json!(stadium.event("match"));
    }),
];

const RELEASE: &[Row] = &[
    ("no hold", 404, "ReservationNotFound", |_, body| {
        body.as_object_mut().unwrap().remove("reservationTokenId");
    }),
    ("somebody else's hold", 404, "ReservationNotFound", |_, body| {
        body["deviceId"] = json!("thief");
    }),
    ("another event's hold", 404, "ReservationNotFound", |stadium, body| {
        body["eventId"] = json!(stadium.event("secret-final"));
    }),
    ("an empty list", 400, "ValidationFailed", |_, body| body["seatsToRelease"] = json!([])),
    ("too many seats", 400, "ValidationFailed", |_, body| {
        body["seatsToRelease"] = json!(vec![1; 51]);
    }),
];

/// Orders of seats that are refused.
const ORDERS: &[OrderRow] = &[
    (400, "SeatReservationRequired", |order| {
        order.as_object_mut().unwrap().remove("seatReservationTokenId");
    }),
    (404, "ReservationNotFound", |order| order["seatReservationTokenId"] = json!("x")),
    (404, "ReservationNotFound", |order| order["deviceId"] = json!("thief")),
    (400, "SeatCountMismatch", |order| order["orderDetails"][0]["count"] = json!(1)),
    (409, "SeatTaken", |order| {
        order["ticketHolders"] = json!({ "ticketHolders": [{ "seatId": SEAT_B1 }] });
    }),
    (400, "ValidationFailed", |order| {
        let seat = json!({ "seatId": SEAT_A1 });
        order["ticketHolders"] = json!({ "ticketHolders": [seat, seat] });
    }),
];

/// The codes that orders of seats are seen to be told.
pub(crate) fn codes() -> Vec<&'static str> {
    ORDERS.iter().map(|row| row.1).chain([super::window::LATE]).collect()
}

/// The number and the code of either kind of error.
fn told(answer: &Answer) -> (u64, String) {
    match answer.status {
        200 => (answer.status_code(), answer.code()),
        status => (status.into(), answer.error().1),
    }
}

async fn check(stadium: &Stadium, operation: &str, good: &Value, rows: &[Row]) {
    let before = (stadium.seats().await, stadium.shop.traces().await);
    for (what, status, code, spoil) in rows {
        let mut body = good.clone();
        spoil(stadium, &mut body);
        let answer = stadium.post(operation, &body).await;
        let expected = (*status, (*code).to_owned());
        assert_eq!(told(&answer), expected, "{operation}, {what}: {}", answer.json());
        let after = (stadium.seats().await, stadium.shop.traces().await);
        assert_eq!(after, before, "{operation}, {what}");
    }
}

#[tokio::test]
async fn every_refusal_of_seats() {
    // Proves each code, and that nothing is changed by what is refused.
    let stadium = Stadium::open().await;
    let hold = stadium.held("holder", &[SEAT_B1]).await;
    let event = stadium.event("final");
    let find = json!({ "eventId": event, "quantity": 1, "deviceId": "d1" });
    check(&stadium, "EventSeatingFindAndReserve", &find, FIND).await;
    let choose = json!({ "eventId": event, "seatsToReserve": [SEAT_A1], "deviceId": "d1" });
    check(&stadium, "EventSeatingReserveSeats", &choose, CHOOSE).await;
    let nowhere = json!({ "eventId": event, "seatsToReserve": [99_999_999], "deviceId": "d1" });
    let told = stadium.post("EventSeatingReserveSeats", &nowhere).await;
    assert!(told.text().contains("do not exist"), "{}", told.text());
    let release = json!({ "eventId": event, "reservationTokenId": hold, "deviceId": "holder" });
    check(&stadium, "EventSeatingReleaseSeats", &release, RELEASE).await;
}

#[tokio::test]
async fn holds_are_limited() {
    // Proves that one device cannot hold a stadium.
    let stadium = Stadium::open().await;
    for seat in 0..4 {
        assert_eq!(stadium.reserve("d1", &[SEAT_A1 + seat]).await.code(), "OK");
    }
    let refused = stadium.reserve("d1", &[SEAT_A1 + 4]).await;
    assert_eq!(told(&refused), (429, "TooManyRequests".to_owned()));
    assert_eq!(stadium.reserve("d2", &[SEAT_A1 + 4]).await.code(), "OK");
}

#[tokio::test]
async fn the_app_proves_for_whom() {
    // Proves that the app's key alone, however many devices it invents, holds no seat; that a
    // proved phone has as many holds as a buyer needs and no more; and that others' clubs are
    // closed.
    let stadium = Stadium::open().await;
    let app = App::new(&stadium.shop).await;
    let find = "EventSeatingFindAndReserve";
    let path = format!("/{find}");
    let mut body = json!({ "eventId": stadium.event("final"), "quantity": 1 });
    let before = stadium.seats().await;
    for name in ["d1", "d2", "d3"] {
        let device = Device { shop: &stadium.shop, app: &app, name };
        body["deviceId"] = json!(name);
        let bare = device.post(&path, &body).await;
        assert_eq!(told(&bare), (403, "SignatureInvalid".to_owned()), "{}", bare.text());
        let nobody = device.send(&path, find, "", &body).await;
        assert_eq!(told(&nobody), (403, "PhoneVerificationRequired".to_owned()));
        let guess = device.send(&path, find, "+3545550100", &body).await;
        assert_eq!(told(&guess), (403, "PhoneVerificationInvalid".to_owned()));
    }
    assert_eq!(stadium.seats().await, before);
    let device = Device { shop: &stadium.shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    for _ in 0..RESERVATIONS_LIVE_MAX {
        assert_eq!(device.send(&path, find, &token, &body).await.code(), "OK");
    }
    let more = device.send(&path, find, &token, &body).await;
    assert_eq!(told(&more), (429, "TooManyRequests".to_owned()), "{}", more.text());
    let esja = stadium.shop.key(&["TeamAdmin"], &["esja"]).await;
    assert_eq!(stadium.post_as(&esja, find, &body).await.code(), "OwnerScopeDenied");
    let stranger = stadium.post_as("nobody", find, &body).await;
    assert_eq!(stranger.status, 401);
}

#[tokio::test]
async fn orders_of_seats_are_refused() {
    // Proves the codes of orders that concern seats; the seats stay with their holder.
    let stadium = Stadium::open().await;
    let hold = stadium.held("d1", &[SEAT_A1, SEAT_A1 + 1]).await;
    let before = (stadium.seats().await, stadium.shop.traces().await);
    for (status, code, spoil) in ORDERS {
        let mut order = stadium.order("d1", &hold, "adult", 2);
        spoil(&mut order);
        let answer = stadium.shop.order(&order).await;
        assert_eq!(told(&answer), (*status, (*code).to_owned()), "{}", answer.json());
        assert_eq!((stadium.seats().await, stadium.shop.traces().await), before, "{code}");
    }
}
