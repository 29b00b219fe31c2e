//! Stores, members and staff of a chain: saved, found, and kept within the scope of a key.

use serde_json::{Value, json};

use super::stage::Stage;
use crate::client::{Answer, Request};

fn told(answer: &Answer) -> (u16, String) {
    let code = answer.json()["ResponseStatus"]["ErrorCode"].clone();
    (answer.status, code.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn members_are_saved_and_found() {
    // Proves that a member is found by phone and address in any case, that what is left out of a
    // change stays, and that the audit tells each change of it.
    let stage = Stage::open().await;
    let new = json!({
        "Name": "Jón Gestsson", "StoreId": stage.number("store", "south"),
        "Phone": "+354 555 0123", "Email": "jon@example.org", "ExternalId": "M-7",
    });
    let member = stage.send("POST", "/members", &new).await.json()["Member"].clone();
    assert_eq!((&member["Phone"], &member["IsActive"]), (&json!("+3545550123"), &json!(true)));
    let path = format!("/members/{}", member["MemberId"]);
    let changed = stage.send("PUT", &path, &json!({ "Name": "Jón Jónsson" })).await.json();
    assert_eq!(changed["Member"]["ExternalId"], "M-7");
    for query in ["Phone=%2B3545550123", "Email=JON@example.org"] {
        let found = stage.send("GET", &format!("/members?{query}"), &Value::Null).await.json();
        assert_eq!(found["Members"].as_array().unwrap().len(), 1, "{query}: {found}");
        assert_eq!(found["Members"][0]["Name"], "Jón Jónsson");
    }
    let audit = Request::get("/audit?take=1000").accept("application/json").key(&stage.shop.admin);
    let audit = stage.shop.send(&audit).await.text();
    assert!(audit.contains("Jónsson") && audit.contains("M-7"), "{audit}");
}

#[tokio::test]
async fn people_are_refused() {
    // Proves the refusals of members and staff, within and outside the scope of a key.
    let stage = Stage::open().await;
    let (north, south) = (stage.number("store", "north"), stage.number("store", "south"));
    let southern = stage.limited(&["south"], None).await;
    let annas = stage.limited(&[], Some(stage.anna)).await;
    let anna = format!("/members/{}", stage.anna);
    let rows: [(&str, &str, &str, Value, u16, &str); 14] = [
        (&stage.key, "POST", "/members", json!({ "StoreId": north }), 400, "ValidationFailed"),
        (&stage.key, "POST", "/members", json!({ "Name": "A" }), 400, "ValidationFailed"),
        (
            &stage.key,
            "POST",
            "/members",
            json!({ "Name": "A", "StoreId": 99_999 }),
            404,
            "StoreNotFound",
        ),
        (&stage.key, "PUT", "/members/99999", json!({ "Name": "A" }), 404, "MemberNotFound"),
        (&stage.key, "PUT", &anna, json!({ "Email": "anna" }), 400, "ValidationFailed"),
        (&stage.key, "PUT", &anna, json!({ "Phone": "12" }), 400, "ValidationFailed"),
        (&southern, "PUT", &anna, json!({ "Name": "A" }), 403, "StoreNotAllowed"),
        (
            &southern,
            "POST",
            "/members",
            json!({ "Name": "A", "StoreId": north }),
            403,
            "StoreNotAllowed",
        ),
        (
            &annas,
            "POST",
            "/members",
            json!({ "Name": "A", "StoreId": north }),
            403,
            "RestrictedScopeDenied",
        ),
        (&annas, "PUT", &anna, json!({ "IsActive": false }), 403, "RestrictedScopeDenied"),
        (&annas, "PUT", &anna, json!({ "StoreId": south }), 403, "RestrictedScopeDenied"),
        (&southern, "POST", "/staff", json!({ "Name": "A" }), 403, "StoreNotAllowed"),
        (&stage.key, "PUT", "/staff/99999", json!({ "Name": "A" }), 404, "StaffNotFound"),
        ("none", "POST", "/staff", json!({ "Name": "A" }), 401, "ApiKeyInvalid"),
    ];
    for (key, verb, path, body, status, code) in rows {
        let request = Request::new(verb, &format!("/clubs{path}")).accept("application/json");
        let answer = stage.shop.send(&request.header("X-Api-Key", key).json(&body)).await;
        assert_eq!(told(&answer), (status, code.to_owned()), "{verb} {path} {body}");
    }
    let found = stage.send("GET", &anna, &Value::Null).await.json();
    assert_eq!(found["Members"][0]["Name"], "Anna Gestsdóttir");
    assert_eq!(found["Members"][0]["IsActive"], true);
    assert_eq!(found["Members"][0]["StoreId"], north);
}

#[tokio::test]
async fn stores_and_packages_are_listed() {
    // Proves that a key sees the stores it may sell at, and a store's packages are those it sells.
    let stage = Stage::open().await;
    let southern = stage.limited(&["south"], None).await;
    let get = |path: &str, key: &str| {
        let request = Request::get(&format!("/clubs{path}")).accept("application/json");
        request.header("X-Api-Key", key)
    };
    let stores = stage.shop.send(&get("/stores", &southern)).await.json();
    assert_eq!(stores["Stores"].as_array().unwrap().len(), 1, "{stores}");
    let names = async |store: &str| {
        let path = format!("/sales/packages?StoreId={}", stage.number("store", store));
        let listed = stage.shop.send(&get(&path, &stage.key)).await.json();
        let packages = listed["Packages"].as_array().unwrap().clone();
        packages.iter().map(|it| it["Name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        names("north").await,
        ["Gold", "Three", "Trial", "Choice", "Silent", "Lost answer", "Lost request"]
    );
    assert_eq!(
        names("south").await,
        ["Gold", "Three", "Trial", "Choice", "Southern", "Silent", "Lost answer", "Lost request"]
    );
}
