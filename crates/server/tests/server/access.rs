//! Who may call, and what strangers are told (`servicestack.md` §6.5).

use serde_json::json;

use crate::client::{Answer, Request};
use crate::order::{card, paid, parameters};
use crate::shop::Shop;

fn assert_error(what: &str, answer: &Answer, status: u16, code: &str, message: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    let told = &answer.json()["responseStatus"];
    assert_eq!((&told["errorCode"], &told["message"]), (&json!(code), &json!(message)), "{what}");
}

fn order(shop: &Shop) -> Request {
    Request::post("/ticketOrder").accept("application/json").json(&paid(shop, "match", "adult", 1))
}

#[tokio::test]
async fn strangers_are_turned_away() {
    // Proves 401 for nobody, for a key nobody has and for a scheme nobody speaks.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    let unknown = "gk_0000000000000000000000000000000000000000000000000000000000000000";
    let strangers = [
        ("nobody", order(&shop)),
        ("an unknown key", order(&shop).key(unknown)),
        ("an empty key", order(&shop).key("")),
        ("an unknown user", order(&shop).basic(unknown)),
        ("another scheme", order(&shop).header("Authorization", "Digest x")),
        ("half a header", order(&shop).header("Authorization", "Bearer")),
        ("broken Basic", order(&shop).header("Authorization", "Basic ???")),
        ("a cut key", order(&shop).key(&shop.admin[..shop.admin.len() - 1])),
    ];
    for (what, request) in strangers {
        assert_error(what, &shop.send(&request).await, 401, "Unauthorized", "Not Authenticated");
    }
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn a_key_may_come_in_three_ways() {
    // Proves Bearer, Basic and `X-Api-Key`.
    let shop = Shop::open().await;
    let admin = shop.admin.clone();
    for request in [
        order(&shop).key(&admin),
        order(&shop).basic(&admin),
        order(&shop).header("X-Api-Key", &admin),
    ] {
        assert_eq!(shop.send(&request).await.code(), "OK");
    }
}

#[tokio::test]
async fn roles_and_permissions_are_asked_for() {
    // Proves 403 with the reason for a key of another role and for one without the permission.
    let shop = Shop::open().await;
    let agent = shop.key(&["Agent"], &[]).await;
    let powerless = shop.powerless_key(&["TeamAdmin"]).await;
    let team_admin = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let answer = shop.send(&order(&shop).key(&agent)).await;
    assert_error("an agent", &answer, 403, "Forbidden", "Invalid Role");
    let answer = shop.send(&order(&shop).key(&powerless)).await;
    assert_error("without ReadData", &answer, 403, "Forbidden", "Invalid Permission");
    let review = Request::post("/ticketOrder/review.json").key(&team_admin).json(&json!({}));
    let answer = shop.send(&review).await;
    assert_error("a review by a TeamAdmin", &answer, 403, "Forbidden", "Invalid Role");
}

#[tokio::test]
async fn the_app_must_sign() {
    // Proves that a request of the app without a genuine signature is refused.
    let shop = Shop::open().await;
    let app = shop.key(&["MobileApp"], &[]).await;
    for signature in [json!(null), json!({ "systemId": "app", "signature": "ab" })] {
        let mut body = paid(&shop, "match", "adult", 1);
        body["signature"] = signature;
        let answer = shop.send(&Request::post("/ticketOrder.json").key(&app).json(&body)).await;
        let told = (answer.status, answer.status_code(), answer.code());
        assert_eq!(told, (200, 403, "SignatureInvalid".to_owned()));
    }
    assert!(shop.gateway_log().is_empty());
}

#[tokio::test]
async fn cards_have_no_place_in_a_url() {
    // Proves that card data in a URL is refused before anything else is looked at, and that
    // the answer does not repeat it.
    let shop = Shop::open().await;
    let in_url = parameters(&json!({ "cardInfo": card("4242424242424242") }));
    for (target, name) in [
        ("/ticketOrder?", "CARDINFO"),
        ("/json/reply/TicketOrder?", "cardInfo"),
        ("/api/TicketOrder?", "CardInfo"),
        ("/snake/ticketOrder?", "card_info"),
        ("/ticketOrder?jsconfig=elun&", "c_ard-info"),
    ] {
        for verb in ["GET", "POST"] {
            for key in [None, Some(&shop.admin)] {
                let target = format!("{target}{}", in_url.replace("cardInfo", name));
                let request = Request::new(verb, &target).accept("application/json");
                let request = key.map_or(request.clone(), |key| request.key(key));
                let answer = shop.send(&request).await;
                assert_eq!(answer.status, 400, "{verb} {target}: {}", answer.text());
                assert!(answer.text().contains("\"CardDataInUrl\""), "{}", answer.text());
                assert!(!answer.text().contains("4242"));
            }
        }
    }
    assert!(shop.gateway_log().is_empty());
}

#[tokio::test]
async fn a_person_is_shown_where_to_sign_in() {
    // Proves that a browser gets 401 as a page with a link, and is not sent round in circles.
    let shop = Shop::open().await;
    let answer = shop.send(&Request::get("/events").accept("text/html")).await;
    assert_eq!((answer.status, answer.header("location")), (401, None));
    assert!(answer.text().contains("<a href=\"/ui\">Sign in</a>"), "{}", answer.text());
    assert_eq!(shop.send(&Request::get("/ui").accept("text/html")).await.status, 200);
}
