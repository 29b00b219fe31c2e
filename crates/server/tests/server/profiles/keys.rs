//! Who may call: the ways in which a key is shown, and what it is limited to.

use serde_json::{Value, json};

use super::club::{ANNA, Club, IMPORT, JON, SOUTHERNER, VAULT, good_card, told};
use crate::client::Request;

fn list_of(member: u32) -> String {
    format!("/clubs/sales/member/{member}/payment/profiles")
}

#[tokio::test]
async fn a_key_is_shown_in_many_ways() {
    // Proves that header, query and body are as good as each other, that the operator's own people
    // name the chain, and that anything else is 401.
    let club = Club::open().await;
    let path = list_of(ANNA);
    let (key, shop) = (&club.key, &club.shop);
    let admin = &shop.admin;
    let (own, other) =
        (shop.key(&["TeamAdmin"], &["hekla"]).await, shop.key(&["TeamAdmin"], &["esja"]).await);
    let app = shop.key(&["MobileApp"], &[]).await;
    let chain = club.chain.0;
    let get = |query: &str| Request::get(&format!("{path}?{query}")).accept("application/json");
    let rows = [
        ("a header", get("").header("X-Api-Key", key), (200, "")),
        ("a bearer", get("").key(key), (200, "")),
        ("a query", get(&format!("ApiKey={key}")), (200, "")),
        ("a query with the chain", get(&format!("ApiKey={key}&ChainId={chain}")), (200, "")),
        ("another chain", get(&format!("ApiKey={key}&ChainId=99")), (403, "ChainMismatch")),
        ("no chain at all", get(&format!("ApiKey={key}&ChainId=-1")), (403, "ChainMismatch")),
        ("nothing", get(""), (401, "ApiKeyInvalid")),
        ("an unknown key", get("ApiKey=gk_00"), (401, "ApiKeyInvalid")),
        ("an app", get("").key(&app), (401, "ApiKeyInvalid")),
        ("an Admin", get(&format!("ChainId={chain}")).key(admin), (200, "")),
        ("an Admin without a chain", get("").key(admin), (400, "ValidationFailed")),
        ("an Admin, no chain", get("ChainId=99").key(admin), (403, "ChainMismatch")),
        ("its own people", get(&format!("ChainId={chain}")).key(&own), (200, "")),
        ("another's people", get(&format!("ChainId={chain}")).key(&other), (403, "ChainMismatch")),
    ];
    for (what, request, expected) in rows {
        let answer = shop.send(&request).await;
        let (status, code) = told(&answer);
        assert_eq!((status, code.as_str()), expected, "{what}: {}", answer.text());
    }
    for (body_key, expected) in [(key.as_str(), 200), ("gk_00", 401), ("", 401)] {
        let mut body = good_card(Some(ANNA));
        body["ApiKey"] = json!(body_key);
        let request = Request::post(&format!("/clubs{VAULT}")).json(&body);
        assert_eq!(shop.send(&request.accept("application/json")).await.status, expected);
    }
}

#[tokio::test]
async fn a_withdrawn_key_opens_nothing() {
    // Proves that a key that was withdrawn is told like one that never was.
    let club = Club::open().await;
    let request = Request::get(&list_of(ANNA)).accept("application/json").key(&club.key);
    assert_eq!(club.shop.send(&request).await.status, 200);
    let keys = club.shop.store().principals().await.unwrap();
    let key = keys.iter().find(|key| key.club.is_some()).unwrap();
    let withdraw = Request::post(&format!("/admin/apikeys/{}/withdraw", key.id.0));
    let withdraw = withdraw.key(&club.shop.admin).accept("application/json");
    assert_eq!(club.shop.send(&withdraw).await.status, 200);
    assert_eq!(told(&club.shop.send(&request).await), (401, "ApiKeyInvalid".into()));
}

#[tokio::test]
async fn keys_are_limited_and_narrowed() {
    // Proves that a key for one member touches nobody else, that a call may narrow its key and not
    // widen it, and that what is narrowed to must be named.
    let club = Club::open().await;
    let (all, north) = (club.key.clone(), club.limited(&[1], None).await);
    let annas = club.limited(&[], Some(ANNA)).await;
    let chain = club.chain.0;
    let denied = (403, "RestrictedScopeDenied");
    type Row<'r> = (&'r str, &'r String, u32, &'r str, (u16, &'r str));
    let rows: &[Row<'_>] = &[
        ("Anna's for Anna", &annas, ANNA, "", (200, "")),
        ("Anna's for Jón", &annas, JON, "", denied),
        ("narrowed to her", &all, ANNA, "User 11", (200, "")),
        ("narrowed to Jón", &all, ANNA, "User 12", denied),
        ("Anna's widened", &annas, ANNA, "User 12", denied),
        ("narrowed to her store", &all, ANNA, "Store 1", (200, "")),
        ("narrowed to another store", &all, ANNA, "Store 2", (403, "StoreNotAllowed")),
        ("the north's to the north", &north, ANNA, "Store 1", (200, "")),
        ("the north's to the south", &north, ANNA, "Store 2", denied),
        ("narrowed to the chain", &all, ANNA, &format!("Chain {chain}"), (200, "")),
        ("another chain", &all, ANNA, "Chain 99", denied),
        ("not narrowed", &all, ANNA, "Undefined 99", (200, "")),
        ("the north's to a member of the south", &north, SOUTHERNER, "", (403, "StoreNotAllowed")),
        ("the chain's to one", &all, SOUTHERNER, "", (200, "")),
        ("to nothing", &all, ANNA, "Store 0", (400, "ValidationFailed")),
    ];
    for (what, key, member, narrowed, expected) in rows {
        let (kind, id) = narrowed.split_once(' ').unwrap_or_default();
        let query = match kind {
            "" => String::new(),
            _ => format!("?RestrictedResourceType={kind}&RestrictedId={id}"),
        };
        let request = Request::get(&format!("{}{query}", list_of(*member))).key(key);
        let answer = club.shop.send(&request.accept("application/json")).await;
        let (status, code) = told(&answer);
        assert_eq!((status, code.as_str()), *expected, "{what}: {}", answer.text());
    }
    let stranger: Value = good_card(None);
    let request = Request::post(&format!("/clubs{VAULT}")).key(&annas).json(&stranger);
    let answer = club.shop.send(&request.accept("application/json")).await;
    assert_eq!(told(&answer), (403, "RestrictedScopeDenied".into()));
}

#[tokio::test]
async fn a_key_of_a_store_brings_no_card_for_members_of_another() {
    // Proves that a key limited to stores leaves no card for a member of another store, and puts
    // none on file that the chain left for one, whether it names the member or not.
    let club = Club::open().await;
    let north = club.limited(&[1], None).await;
    let (_, token) = club.vaulted(&good_card(Some(SOUTHERNER))).await;
    let rows = [
        ("a card", VAULT, good_card(Some(SOUTHERNER))),
        ("an import", IMPORT, json!({ "ProfileToken": token })),
        ("a named one", IMPORT, json!({ "ProfileToken": token, "NewOwnerId": SOUTHERNER })),
    ];
    for (what, path, body) in rows {
        let request = Request::post(&format!("/clubs{path}")).key(&north).json(&body);
        let answer = club.shop.send(&request.accept("application/json")).await;
        assert_eq!(told(&answer), (403, "StoreNotAllowed".into()), "{what}: {}", answer.text());
    }
    assert!(club.list(SOUTHERNER).await.is_empty());
    let answer = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await;
    assert_eq!(answer.status, 200, "the chain's own key: {}", answer.text());
}
