//! What the audit says of sign-ins, refusals and changes of rights.

use domain::audit::{AuditEvent, AuditRecord};
use domain::time::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Store;

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card, paid};
use crate::people::{PASSWORD, rights, sign_in, sign_in_request, user};
use crate::seating::stadium::{SEAT_A1, Stadium};
use crate::shop::{Shop, until};

pub(crate) async fn told(shop: &Shop) -> Vec<Arc<AuditRecord>> {
    shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap()
}

/// The line about somebody; about a stranger, if the name is empty.
async fn found(shop: &Shop, event: AuditEvent, name: &str) -> Arc<AuditRecord> {
    until("a line of the audit", async || {
        let told = told(shop).await;
        let is_it =
            |record: &&Arc<AuditRecord>| record.note.event == event && record.note.name == name;
        told.iter().find(is_it).cloned()
    })
    .await
}

#[tokio::test]
async fn everything_that_counts_is_told() {
    // Proves one record for each kind of event, with who, whence and what, and no secret in any.
    let shop = Shop::open().await;
    user(&shop, "Anna", rights(&["Agent"], &[])).await;
    let held = sign_in(&shop, "anna").await;
    let events = || Request::get("/events").accept("application/json");
    shop.send(&events().key(&held.bearer)).await;
    shop.send(&events().key("gk_guess")).await;
    shop.send(&events().key("gk_guess")).await;
    shop.send(&sign_in_request("anna", "wrong wrong")).await;
    shop.send(&sign_in_request("my secret password", "wrong wrong")).await;
    let body = json!({ "userName": "anna", "roles": ["MobileApp"] });
    shop.send(&Request::post("/assignroles.json").key(&shop.admin).json(&body)).await;
    let out = Request::post("/auth/logout.json").header("X-ss-id", &held.session);
    shop.send(&out).await;
    for (event, name, by, detail) in [
        (AuditEvent::UserCreated, "Anna", "command line", "Agent"),
        (AuditEvent::SignedIn, "Anna", "", "credentials"),
        (AuditEvent::Forbidden, "Anna", "", "EventsListing"),
        (AuditEvent::NotAuthenticated, "", "", "EventsListing"),
        (AuditEvent::SignInFailed, "Anna", "", "Authenticate"),
        (AuditEvent::SignInFailed, "", "", "Authenticate"),
        (AuditEvent::RightsChanged, "Anna", "a test", "+ MobileApp"),
        (AuditEvent::SignedOut, "Anna", "", "logout"),
    ] {
        let note = found(&shop, event, name).await.note.clone();
        let said = (note.by.as_str(), note.detail.as_str());
        assert_eq!(said, (by, detail), "{event:?}");
        let address = if by == "command line" { "" } else { "127.0.0.1" };
        assert_eq!(note.address, address, "{event:?}");
    }
    let all = serde_json::to_string(
        &told(&shop).await.iter().map(|record| (**record).clone()).collect::<Vec<_>>(),
    )
    .unwrap();
    for secret in [PASSWORD, "my secret", &held.session, &held.bearer, &shop.admin, "gk_guess"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn refusals_are_counted_together() {
    // Proves that a hundred refusals within a second are one record, in one commit.
    let shop = Shop::open().await;
    let before = shop.store().statistics().batches;
    for _ in 0..100 {
        shop.send(&Request::get("/events").accept("application/json")).await;
    }
    let counted = until("all of them", async || {
        let told = told(&shop).await;
        let refused = told.iter().filter(|it| it.note.event == AuditEvent::NotAuthenticated);
        let counts: Vec<u32> = refused.map(|record| record.note.count).collect();
        (counts.iter().sum::<u32>() == 100).then_some(counts.len())
    });
    let records = counted.await;
    assert!(records <= 5, "{records} records");
    let commits = shop.store().statistics().batches - before;
    assert!(commits <= 5, "{commits} commits");
}

/// Keeps two seats from the sale, closes a season card and refunds an order, as a club's person.
async fn a_days_work(stadium: &Stadium, key: &str) {
    let shop = &stadium.shop;
    let done = async |verb, path: &str, body: Value| -> Answer {
        let request = Request::new(verb, path).key(key).accept("application/json");
        let answer = shop.send(&request.json(&body)).await;
        assert_eq!(answer.json()["statusCode"], 200, "{path}: {}", answer.text());
        answer
    };
    let path = format!("/eventSeating/{}/blockSeats", stadium.event("final"));
    done("POST", &path, json!({ "seats": [SEAT_A1, SEAT_A1 + 1] })).await;
    let gold = shop.number("card_type", "gold");
    let order = json!({
        "ownerCardTypeIds": [gold], "cardInfo": card(GOOD_CARD), "returnCards": true,
    });
    let bought = done("POST", "/OrderOwnerCards", order).await.json()["cards"][0]["id"].clone();
    done("PUT", "/OwnerCards", json!({ "id": bought, "isBlocked": true, "reason": "lost" })).await;
    let ticket = shop.order(&paid(shop, "match", "adult", 1)).await.token();
    done("POST", "/refund/process", json!({ "ticketTokenIds": [ticket] })).await;
}

#[tokio::test]
async fn a_club_reads_what_was_done_with_its_own() {
    // Proves that seats, a card and a refund are told to their club with before and after, that an
    // Admin finds them by the club, and that another club reads nothing of it.
    let stadium = Stadium::open().await;
    let shop = &stadium.shop;
    let hekla = shop.key(&["TeamAdmin"], &["hekla"]).await;
    a_days_work(&stadium, &hekla).await;
    let (own, other) = (shop.number("organiser", "hekla"), shop.number("organiser", "esja"));
    let esja = shop.key(&["TeamAdmin"], &["esja"]).await;
    let read = async |key: &str, query: &str| {
        let request = Request::get(&format!("/audit{query}")).key(key).accept("application/json");
        shop.send(&request).await.json()["results"].as_array().cloned().unwrap()
    };
    let of_hekla = format!("?eventOwnerId={own}");
    for (key, query) in [(&hekla, ""), (&hekla, &*of_hekla), (&shop.admin, &*of_hekla)] {
        let told = read(key, query).await;
        let seats = |free: Value, blocked: Value| json!({ "free": free, "blocked": blocked });
        let range = json!(format!("{SEAT_A1}-{}", SEAT_A1 + 1));
        for (event, before, after) in [
            ("seats_blocked", seats(range.clone(), Value::Null), seats(Value::Null, range)),
            ("card_blocked", json!({ "state": "active" }), json!({ "state": "blocked" })),
            ("refunded", Value::Null, Value::Null),
        ] {
            let found: Vec<_> = told.iter().filter(|entry| entry["event"] == event).collect();
            let [entry] = found[..] else { panic!("{event}: {told:?}") };
            let json = |text: &Value| text.as_str().map(|it| serde_json::from_str(it).unwrap());
            assert_eq!(json(&entry["before"]).unwrap_or(Value::Null), before, "{event}");
            assert_eq!(json(&entry["after"]).unwrap_or(Value::Null), after, "{event}");
            assert_eq!(entry["eventOwnerId"], json!(own), "{event}");
        }
    }
    assert_eq!(read(&esja, "").await, [Value::Null; 0]);
    assert_eq!(read(&shop.admin, &format!("?eventOwnerId={other}")).await, [Value::Null; 0]);
}
