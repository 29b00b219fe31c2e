//! Finding tickets and passes.

use serde_json::{Value, json};

use super::cabinet::Cabinet;
use crate::client::{Answer, Request};
use crate::order::unpaid;
use crate::telephone::{Device, NUMBER};

async fn app_asks(cabinet: &Cabinet, path: &str, operation: &'static str, body: Value) -> Answer {
    let device = Device { shop: &cabinet.shop, app: &cabinet.app, name: "phone" };
    device.send(path, operation, &cabinet.token, &body).await
}

async fn office_asks(cabinet: &Cabinet, key: &str, path: &str, body: Value) -> Answer {
    cabinet.shop.send(&Request::post(path).key(key).json(&body)).await
}

/// Numbers of the tickets on the page, and how many there are.
fn found(answer: &Answer) -> (Vec<i64>, i64) {
    let json = answer.json();
    let results = json["results"].as_array().cloned().unwrap_or_default();
    let id = |result: &Value| result["eventTicket"]["id"].as_i64().unwrap();
    (results.iter().map(id).collect(), json["total"].as_i64().unwrap())
}

#[tokio::test]
async fn a_phone_finds_its_tickets() {
    // Proves that the app finds what its phone ordered and nothing else, newest first, in pages,
    // with codes and its own token; and what is left out on demand.
    let cabinet = Cabinet::open().await;
    let mut ids = Vec::new();
    for event in ["match", "rush", "match"] {
        let mut order = unpaid(&cabinet.shop, event, "adult", 1);
        if event == "match" {
            order["orderDetails"][0]["eventSeriesOwnerTicketType"] =
                json!(cabinet.shop.number("ticket_type", "child"));
        } else {
            order["cardInfo"] = crate::order::card("4000000000000002");
        }
        let answer = cabinet.order(&order).await;
        ids.extend(answer.ticket()["id"].as_i64());
    }
    let ask = |body| app_asks(&cabinet, "/ticketOrder/find", "TicketOrderFind", body);
    let all = ask(json!({})).await;
    let (shown, total) = found(&all);
    assert_eq!((shown.len(), total), (3, 3), "{}", all.text());
    assert_eq!((shown[0], shown[2]), (ids[1], ids[0]));
    let newest = &all.json()["results"][0]["eventTicket"];
    assert_eq!(newest["phoneVerificationNumber"], json!(cabinet.token));
    assert!(newest["scanCode"].is_string());
    assert_eq!(found(&ask(json!({ "onlyLive": true })).await), (vec![ids[1], ids[0]], 2));
    assert_eq!(found(&ask(json!({ "skip": 2, "take": 1 })).await), (vec![ids[0]], 3));
    let rush = json!({ "eventId": cabinet.shop.number("event", "rush") });
    assert_eq!(found(&ask(rush).await).1, 1);
    assert_eq!(ask(json!({ "take": 101 })).await.status, 400);
    let number = json!({ "ticketId": 1 });
    assert_eq!(found(&ask(number).await).1, 3, "a number is for box offices");
}

#[tokio::test]
async fn an_office_finds_tickets_of_its_clubs() {
    // Proves that a box office finds by phone, number and handle, and nothing of another club.
    let cabinet = Cabinet::open().await;
    let order = unpaid(&cabinet.shop, "match", "child", 1);
    let ticket = cabinet.order(&order).await.ticket();
    let own = cabinet.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = cabinet.shop.key(&["TeamAdmin"], &["esja"]).await;
    let path = "/ticketOrder/find.json";
    for body in [
        json!({ "phoneVerificationNumber": "555 1234" }),
        json!({ "ticketId": ticket["id"] }),
        json!({ "ticketTokenId": ticket["ticketTokenId"] }),
    ] {
        let answer = office_asks(&cabinet, &own, path, body.clone()).await;
        assert_eq!(found(&answer).0, [ticket["id"].as_i64().unwrap()], "{body}");
        let shown = &answer.json()["results"][0]["eventTicket"];
        assert_eq!(shown["phoneVerificationNumber"], NUMBER);
        let answer = office_asks(&cabinet, &other, path, body.clone()).await;
        assert_eq!(answer.json()["results"].as_array().map_or(0, Vec::len), 0, "{body}");
    }
    let nothing = office_asks(&cabinet, &own, path, json!({})).await;
    assert_eq!(nothing.code(), "PhoneVerificationRequired");
    let nobody = office_asks(&cabinet, &own, path, json!({ "ticketId": 999_999 })).await;
    assert_eq!((nobody.status_code(), nobody.code()), (404, "TicketNotFound".to_owned()));
}

#[tokio::test]
async fn passes_and_their_kinds_are_listed() {
    // Proves that a phone sees its passes and where they were used, and who sees which kinds.
    let cabinet = Cabinet::open().await;
    let mut order = unpaid(&cabinet.shop, "match", "adult", 1);
    order["order"]["teamPassId"] = json!(cabinet.pass.0);
    assert_eq!(cabinet.order(&order).await.code(), "OK");
    let passes = app_asks(&cabinet, "/teamPasses", "TeamPasses", json!({})).await.json();
    let own = passes["results"].as_array().unwrap();
    let own = own.iter().find(|pass| pass["id"] == json!(cabinet.pass.0)).unwrap();
    assert_eq!(own["usedEventIds"], json!([cabinet.shop.number("event", "match")]));
    assert_eq!(own["teamPassType"]["id"], json!(cabinet.pass_type.0));
    let office = cabinet.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let search = "/teamPassTypes/Search.json";
    for shard in [cabinet.card.shard, cabinet.friends_card.shard] {
        cabinet.shop.reload(shard).await;
    }
    let kinds = office_asks(&cabinet, &office, search, json!({ "onlyActive": true })).await;
    assert_eq!(kinds.json()["total"], 2, "{}", kinds.text());
    assert_eq!(kinds.json()["results"][0]["price"], 30_000);
    let path = format!("/TeamPassTypes/PassType/{}.json", cabinet.pass_type.0);
    let kind = cabinet.shop.send(&Request::get(&path).key(&office)).await.json();
    assert_eq!(kind["result"]["name"], "Season pass");
    let stranger = cabinet.shop.key(&["TeamAdmin"], &["esja"]).await;
    let kind = cabinet.shop.send(&Request::get(&path).key(&stranger)).await;
    assert_eq!(kind.code(), "TeamPassNotValid");
}
