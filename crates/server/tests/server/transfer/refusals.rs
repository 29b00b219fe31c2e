//! Every refusal of a transfer (`domain.md` §9.5): what is sent, what is said, and that nothing is
//! changed by it.

use domain::time::{Span, Timestamp};
use serde_json::{Value, json};

use super::season::Season;
use crate::client::Answer;
use crate::shop::NOON;

/// The first seat of the arena.
const SEAT: u32 = 100_500;

/// What is wrong with a request, its `statusCode`, its code, and how a good request becomes it.
type Row = (&'static str, u64, &'static str, fn(&Season, &mut Value));

const REQUESTS: &[Row] = &[
    ("a handle of nobody", 404, "TicketNotFound", |_, request| {
        request["ticketTokenId"] = json!("AAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAA");
    }),
    ("no handle", 404, "TicketNotFound", |_, request| request["ticketTokenId"] = json!("x")),
    ("an event nobody has", 404, "EventNotFound", |_, request| {
        request["toEventId"] = json!(999_999);
    }),
    ("the same event and type", 400, "SameEvent", |season, request| {
        request["toEventId"] = json!(season.event("home"));
    }),
    ("two types", 400, "TicketTypeAmbiguous", |season, request| {
        request["toSeriesTicketTypeId"] = json!(season.kind("guest"));
    }),
    ("no type where there is no equal one", 400, "TicketTypeRequired", |season, request| {
        request["toEventId"] = json!(season.event("derby"));
        request.as_object_mut().unwrap().remove("toOwnerTicketTypeId");
    }),
    ("a type that is not sold there", 409, "TicketTypeNotAvailable", |season, request| {
        request["toOwnerTicketTypeId"] = json!(season.kind("fixed"));
    }),
    ("a series' type as the club's", 409, "TicketTypeNotAvailable", |season, request| {
        request["toOwnerTicketTypeId"] = json!(season.kind("guest"));
    }),
    ("a seat where seats have no numbers", 400, "SeatNotAllowed", |_, request| {
        request["toSeatId"] = json!(SEAT);
    }),
    ("no seat where they have", 400, "SeatRequired", |season, request| {
        request["toEventId"] = json!(season.event("seated"));
    }),
    ("a seat that is not there", 409, "SeatTaken", |season, request| {
        request["toEventId"] = json!(season.event("seated"));
        request["toSeatId"] = json!(SEAT + 99);
    }),
    ("another difference", 409, "PriceChanged", |_, request| {
        request["expectedPriceDifference"] = json!(1);
    }),
    ("a difference left out", 409, "PriceChanged", |season, request| {
        request["toOwnerTicketTypeId"] = json!(season.kind("dear"));
        request.as_object_mut().unwrap().remove("expectedPriceDifference");
    }),
    ("half a króna", 400, "InvalidAmount", |_, request| {
        request["expectedPriceDifference"] = json!("0.5");
    }),
    ("an event that is switched off", 409, "EventNotActive", |season, request| {
        request["toEventId"] = json!(season.event("switched-off"));
        request["toOwnerTicketTypeId"] = json!(season.kind("adult"));
    }),
    ("an event that is over", 409, "EventOver", |season, request| {
        request["toEventId"] = json!(season.event("over"));
        request["toOwnerTicketTypeId"] = json!(season.kind("adult"));
    }),
    ("another currency", 400, "CurrencyNotSupported", |season, request| {
        request["toEventId"] = json!(season.event("concert"));
        request["toOwnerTicketTypeId"] = json!(season.kind("balcony"));
    }),
];

fn assert_refused(what: &str, answer: &Answer, status_code: u64, code: &str) -> Value {
    let told = answer.json();
    assert_eq!(answer.status, 200, "{what}: {told}");
    assert_eq!(
        (answer.status_code(), &told["code"]),
        (status_code, &json!(code)),
        "{what}: {told}"
    );
    assert_eq!((&told["ok"], answer.code().as_str()), (&json!(false), code), "{what}");
    assert!(told["newTicketTokenId"].is_null() && told["topup"].is_null(), "{what}: {told}");
    told
}

/// The codes that the tables of this file tell.
pub(super) fn codes() -> Vec<&'static str> {
    REQUESTS.iter().map(|row| row.2).chain([MALFORMED_CODE]).collect()
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    // Proves every refusal that the request alone brings about; a quote is there wherever ticket
    // and events were found.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let good = season.request(&token, ("rematch", "regular"), 0);
    let before = season.shop.traces().await;
    for (what, status_code, code, change) in REQUESTS {
        let mut request = good.clone();
        change(&season, &mut request);
        let answer = season.post("TransferTicketToEvent", &request).await;
        let told = assert_refused(what, &answer, *status_code, code);
        let is_found = !["TicketNotFound", "EventNotFound"].contains(code);
        assert_eq!(told["quote"].is_object(), is_found, "{what}: {told}");
        assert_eq!(season.shop.traces().await, before, "{what}");
    }
    let fresh = season.transfer(&token, ("rematch", "dear"), 0).await.json();
    assert_eq!(
        (&fresh["priceDifference"], &fresh["quote"]["priceDifference"]),
        (&json!(1_500), &json!(1_500))
    );
    let moved = season.post("TransferTicketToEvent", &good).await.json();
    assert_eq!(moved["code"], "Transferred", "the request itself was good: {moved}");
}

/// What is wrong, the member that is named, and how to make it so.
type Malformed = (&'static str, &'static str, fn(&mut Value));

/// What is told of members that cannot be read.
const MALFORMED_CODE: &str = "ValidationFailed";

/// Members that an HTTP 400 names.
const MALFORMED: &[Malformed] = &[
    ("no event", "ToEventId", |request| request["toEventId"] = json!(0)),
    ("an event below zero", "ToEventId", |request| request["toEventId"] = json!(-5)),
    ("a type below zero", "ToOwnerTicketTypeId", |request| {
        request["toOwnerTicketTypeId"] = json!(-1);
    }),
    ("a short key", "IdempotencyKey", |request| request["idempotencyKey"] = json!("short")),
    ("an unprintable key", "IdempotencyKey", |request| {
        request["idempotencyKey"] = json!("12345678\u{1}");
    }),
    ("a long reason", "Reason", |request| request["reason"] = json!("x".repeat(501))),
];

#[tokio::test]
async fn malformed_members_are_named() {
    // Proves that what cannot be read is an HTTP 400 that names the member, and that a reason is
    // needed where the organiser wants one.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let good = season.request(&token, ("rematch", "regular"), 0);
    for (what, field, change) in MALFORMED {
        let mut request = good.clone();
        change(&mut request);
        let answer = season.post("TransferTicketToEvent", &request).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![(*field).to_owned()]), "{what}");
        assert_eq!(answer.error().1, MALFORMED_CODE, "{what}");
    }
    season.change("hekla", |hekla| hekla.rules.transfer_reason_required = true).await;
    let answer = season.post("TransferTicketToEvent", &good).await;
    assert_eq!((answer.status, answer.fields()), (400, vec!["Reason".to_owned()]));
    let mut request = good;
    request["reason"] = json!("moved house");
    let moved = season.post("TransferTicketToEvent", &request).await.json();
    assert_eq!(moved["code"], "Transferred", "{moved}");
}

/// Moves the ticket and expects a refusal that changes nothing.
async fn check(
    season: &Season,
    token: &str,
    to: (&str, &str),
    status_code: u64,
    code: &str,
) -> Value {
    let before = season.shop.traces().await;
    let answer = season.transfer(token, to, 0).await;
    let told = assert_refused(code, &answer, status_code, code);
    assert_eq!(season.shop.traces().await, before, "{code}");
    told
}

const EVEN: (&str, &str) = ("rematch", "regular");

#[tokio::test]
async fn the_earlier_move_is_named() {
    // Proves that who moves a ticket again is told which move came before, done or waiting.
    let season = Season::open().await;
    for (to, difference, code) in
        [(EVEN, 0, "AlreadyTransferred"), (("rematch", "dear"), 1_500, "TransferPending")]
    {
        let token = season.buy("home", "regular", 1).await;
        let first = season.transfer(&token, to, difference).await.json();
        let told = check(&season, &token, EVEN, 409, code).await;
        assert_eq!(told["transferLogId"], first["transferLogId"], "{code}");
    }
}

#[tokio::test]
async fn tickets_of_past_events_stay() {
    // Proves that a ticket of an event that is over stays, and one of a postponed event moves.
    let season = Season::open().await;
    let token = season.buy("tonight", "regular", 1).await;
    season.shop.clock.advance(Span::hours(24));
    check(&season, &token, EVEN, 409, "TicketExpired").await;
    season.change_event("hekla", "tonight", |event| event.postponed = true).await;
    let moved = season.transfer(&token, EVEN, 0).await.json();
    assert_eq!(moved["code"], "Transferred", "{moved}");
}

#[tokio::test]
async fn places_run_out() {
    // Proves that capacity is never exceeded and no seat is given twice.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 2).await;
    let mut request = season.request(&token, ("rematch", "few"), -2_000);
    let sold_out = season.post("TransferTicketToEvent", &request).await;
    assert_refused("two for one place", &sold_out, 409, "SoldOut");
    let first = season.buy("home", "regular", 1).await;
    request = season.request(&first, ("seated", "regular"), 0);
    request["toSeatId"] = json!(SEAT);
    let moved = season.post("TransferTicketToEvent", &request).await.json();
    assert_eq!(moved["code"], "Transferred", "{moved}");
    let second = season.buy("home", "regular", 1).await;
    request["ticketTokenId"] = json!(second);
    let taken = season.post("TransferTicketToEvent", &request).await;
    assert_refused("somebody's seat", &taken, 409, "SeatTaken");
    let back = moved["newTicketTokenId"].as_str().unwrap();
    season.transfer(back, ("rematch", "regular"), 0).await;
    let free = season.post("TransferTicketToEvent", &request).await.json();
    assert_eq!(free["code"], "Transferred", "the seat was given back: {free}");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn scope_is_kept() {
    // Proves that a TeamAdmin moves within its clubs only, that others may not at all, and that
    // nobody acts on behalf of others but an Admin.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let hekla = season.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let esja = season.shop.key(&["TeamAdmin"], &["esja"]).await;
    let to_derby = season.request(&token, ("derby", "derby-regular"), 0);
    for key in [&hekla, &esja] {
        let answer = season.post_as(key, "TransferTicketToEvent", &to_derby).await;
        assert_refused("one of two clubs", &answer, 403, "OwnerScopeDenied");
        let quote = season.post_as(key, "transferTicket/quote", &to_derby).await;
        assert_eq!(quote.code(), "OwnerScopeDenied");
    }
    let app = season.shop.key(&["MobileApp"], &[]).await;
    assert_eq!(season.post_as(&app, "TransferTicketToEvent", &to_derby).await.status, 403);
    let mut within = season.request(&token, EVEN, 0);
    within["userId"] = json!(4_711);
    let other = season.post_as(&hekla, "TransferTicketToEvent", &within).await;
    assert_refused("on behalf of another", &other, 403, "Forbidden");
    within["userId"] = json!(0);
    let moved = season.post_as(&hekla, "TransferTicketToEvent", &within).await.json();
    assert_eq!(moved["code"], "Transferred", "{moved}");
    let log = json!({ "eventOwnerId": season.seller("hekla").0 });
    let denied = season.post_as(&esja, "transferTicket/log", &log).await;
    assert_eq!(denied.code(), "OwnerScopeDenied");
    let cancel = json!({ "transferLogId": moved["transferLogId"] });
    let guessed = season.post_as(&esja, "transferTicket/cancel", &cancel).await;
    assert_eq!(guessed.code(), "TransferNotFound", "a number of another club's looks like none");
    let unknown = season.post("transferTicket/cancel", &json!({ "transferLogId": 999_999 })).await;
    assert_eq!(unknown.code(), "TransferNotFound");
}

#[tokio::test]
async fn a_club_that_may_not_owe_keeps_its_tickets() {
    // Proves PaidOutNotAllowed: only an Admin moves a ticket of an event that was paid out from
    // under a club that may not owe money, and then a person settles it.
    let season = Season::open().await;
    season.change("hekla", |hekla| hekla.rules.debt_refused = true).await;
    let token = season.buy("home", "regular", 1).await;
    season.shop.clock.set(Timestamp(NOON.0 + 86_400_000_000));
    season
        .change_event("hekla", "home", |home| {
            home.starts_at = NOON;
            home.postponed = true;
        })
        .await;
    let payout = json!({ "eventId": season.event("home") });
    let paid = season.post("payouts", &payout).await;
    assert_eq!(paid.code(), "OK", "{}", paid.text());
    let hekla = season.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let request = season.request(&token, EVEN, 0);
    let refused = season.post_as(&hekla, "TransferTicketToEvent", &request).await;
    let told = assert_refused("paid out", &refused, 409, "PaidOutNotAllowed");
    assert_eq!(told["sourceEventPaidOut"], json!(true));
    let moved = season.post("TransferTicketToEvent", &request).await.json();
    assert_eq!(
        (&moved["code"], &moved["sourceEventPaidOut"]),
        (&json!("Transferred"), &json!(true))
    );
    assert_eq!(moved["outstandingCostHandledByServer"], json!(false), "{moved}");
    season.shop.assert_all_is_well().await;
}
