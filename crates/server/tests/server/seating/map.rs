//! The picture of an event's seats, and the catalogue file that draws it.

use serde_json::{Value, json};

use super::stadium::{SEAT_A1, SEAT_B1, Stadium};
use crate::client::Request;

#[tokio::test]
async fn the_picture_shows_what_is_left() {
    // Proves sections with counts, the seats of one section with names and places, and the types.
    let stadium = Stadium::open().await;
    stadium.held("d1", &[SEAT_B1 + 5]).await;
    let sections = stadium.picture("final", "").await.json();
    assert_eq!(sections["seatingImageUrl"], "https://example.org/stadium.png");
    let (a, b) = (&sections["sections"][0], &sections["sections"][1]);
    assert_eq!(
        (&a["name"], &a["seatCount"], &a["availableSeats"]),
        (&"A".into(), &20.into(), &20.into())
    );
    assert_eq!((&b["sectionId"], &b["availableSeats"]), (&2.into(), &5.into()));
    assert_eq!(b["rows"], serde_json::Value::Null);
    assert_eq!(a["ticketTypeIds"].as_array().map(Vec::len), Some(2));
    assert_eq!(b["ticketTypeIds"].as_array().map(Vec::len), Some(3));
    let one = stadium.picture("final", "?sectionId=2").await.json();
    let row = &one["sections"][0]["rows"][0];
    assert_eq!(row["name"], "AA");
    let last = &row["seats"][5];
    assert_eq!((&last["name"], &last["x"], &last["y"]), (&"6b".into(), &160.into(), &205.into()));
    assert_eq!((&last["seatId"], &last["isAvailable"]), (&(SEAT_B1 + 5).into(), &false.into()));
}

#[tokio::test]
async fn who_has_the_picture_is_told_so() {
    // Proves that an unchanged picture is not sent again, and a changed one is.
    let stadium = Stadium::open().await;
    let target = format!("/eventSeating/{}.json?sectionId=1", stadium.event("final"));
    let first = stadium.picture("final", "?sectionId=1").await;
    assert_eq!(first.header("cache-control"), Some("private, max-age=2"));
    let tag = first.header("etag").unwrap().to_owned();
    let known = Request::get(&target).key(&stadium.shop.admin).header("If-None-Match", &tag);
    assert_eq!(stadium.shop.send(&known).await.status, 304);
    stadium.held("d1", &[SEAT_A1]).await;
    assert_eq!(stadium.shop.send(&known).await.status, 200);
}

/// Whether the final is on sale, and of each type shown what is left and whether none is.
async fn on_sale(stadium: &Stadium, query: &str) -> (Value, Vec<(Value, Value, Value)>) {
    let target = format!("/eventDetailsAndPrices/{}.json{query}", stadium.event("final"));
    let request = Request::get(&target).key(&stadium.shop.admin);
    let answer = stadium.shop.send(&request).await.json();
    let prices = answer["prices"].as_array().cloned().unwrap_or_default();
    let told = |it: &Value| {
        (it["ticketName"].clone(), it["availableCount"].clone(), it["soldOut"].clone())
    };
    (answer["eventDetails"]["saleIsActive"].clone(), prices.iter().map(told).collect())
}

#[tokio::test]
async fn prices_count_the_seats_that_are_left() {
    // Proves that a type has as many places left as the sections it is sold in have free seats,
    // and that an event without a free seat is not on sale.
    let stadium = Stadium::open().await;
    let row = |name: &str, left: u32| (json!(name), json!(left), json!(left == 0));
    let (active, prices) = on_sale(&stadium, "").await;
    assert_eq!(active, json!(true));
    assert_eq!(prices, [row("Adult", 26), row("Child", 26), row("Named", 6)]);

    let seats = |first: u32, count: u32| (first..first + count).collect::<Vec<_>>();
    stadium.held("d1", &seats(SEAT_B1, 6)).await;
    assert_eq!(on_sale(&stadium, "").await.1, [row("Adult", 20), row("Child", 20)]);
    stadium.held("d2", &[seats(SEAT_A1, 10), seats(SEAT_A1 + 500, 10)].concat()).await;
    assert_eq!(on_sale(&stadium, "").await, (json!(false), Vec::new()));
    let (_, prices) = on_sale(&stadium, "?returnSoldOutTickets=true").await;
    assert_eq!(prices, [row("Adult", 0), row("Child", 0), row("Named", 0)]);
}

/// A venue of one section, with `more` in it, and an event of `slug` there.
fn venue(section: &str, event: &str) -> String {
    format!(
        "[[venue]]\nslug = \"hall\"\nname = \"Hall\"\n{section}\n[[event]]\nslug = \"{event}\"\n\
         organiser = \"hekla\"\nvenue = \"hall\"\nseats_numbered = true\nname = \"Play\"\n\
         starts = \"2027-05-22T19:15:00\"\nprice = [{{ ticket_type = \"adult\" }}]\n"
    )
}

fn section(name: &str, more: &str) -> String {
    format!("[[venue.section]]\nname = \"{name}\"\n{more}\n")
}

#[tokio::test]
async fn files_that_are_wrong_say_why() {
    // Proves that a file's seats are checked in words before anything is changed.
    let mut stadium = Stadium::open().await;
    let good = section("A", "rows = 2\nseats = 5");
    for (drawn, part) in [
        ("", "its venue has no sections"),
        (&section("A", ""), "write rows and seats, or each row"),
        (&section("A", "rows = 0\nseats = 5"), "1 to 199 rows"),
        (&section("A", "rows = 2\nseats = 501"), "1 to 500 seats"),
        (&section(" A", "rows = 2\nseats = 5"), "no blanks around it"),
        (&section("A", "rows = 2\nseats = 5\nat = [2000000, 0]"), "farther than"),
        (&(good.clone() + &good), "stands in it twice"),
        (&section("A", "row = [{ name = \"1\" }]"), "1 to 500 seats"),
        (&section("A", "row = [{ name = \"1\", names = [\"1\", \"1\"] }]"), "one name"),
    ] {
        let error = stadium.import(&venue(drawn, "play")).await.unwrap_err();
        assert!(error.contains(part) && error.contains("nothing was changed"), "{error}");
    }
    let nowhere = venue(&good, "play").replace("\"adult\" }", "\"adult\", sections = [\"Z\"] }");
    let error = stadium.import(&nowhere).await.unwrap_err();
    assert!(error.contains("no section \"Z\""), "{error}");
}

#[tokio::test]
async fn imports_again_keep_what_is_held() {
    // Proves that a map in use keeps its seats, may grow, and that holds outlast an import.
    let mut stadium = Stadium::open().await;
    let (good, larger) = (section("A", "rows = 2\nseats = 5"), section("A", "rows = 3\nseats = 6"));
    stadium.import(&venue(&good, "play")).await.unwrap();
    let event = stadium.event("play");
    let body = |seats: &[u32]| {
        let named = serde_json::json!(seats);
        serde_json::json!({ "eventId": event, "seatsToReserve": named, "deviceId": "d" })
    };
    assert_eq!(stadium.post("EventSeatingReserveSeats", &body(&[100_500])).await.code(), "OK");
    let error = stadium.import(&venue(&section("A", "rows = 1\nseats = 5"), "play")).await;
    let error = error.unwrap_err();
    assert!(error.contains("section A, row 2, seat 1 is gone"), "{error}");
    stadium.import(&venue(&larger, "play")).await.unwrap();
    assert_eq!(stadium.event("play"), event);
    let taken = stadium.post("EventSeatingReserveSeats", &body(&[100_500, 100_505])).await;
    assert_eq!(taken.json()["notAvailableSeats"], serde_json::json!([100_500]));
    assert_eq!(stadium.post("EventSeatingReserveSeats", &body(&[101_505])).await.code(), "OK");
}
