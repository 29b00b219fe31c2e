//! What the audit says of sign-ins, refusals and changes of rights.

use domain::audit::{AuditEvent, AuditRecord};
use domain::time::Timestamp;
use serde_json::json;
use std::sync::Arc;
use store::Store;

use crate::client::Request;
use crate::people::{PASSWORD, rights, sign_in, sign_in_request, user};
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
