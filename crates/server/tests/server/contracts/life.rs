//! What becomes of contracts that were sold: due payments are charged, and people freeze, cancel,
//! pay and give up (`domain.md` §7.6).

use domain::time::Span;
use serde_json::{Value, json};

use super::charging::gold;
use super::stage::Stage;
use crate::client::Request;
use crate::shop::until;

const OTHER_CARD: &str = "4741520000000003";
const DECLINED: &str = "4000000000000002";

/// How many callers there are at once.
const CALLERS: usize = 64;

/// A month later 12.40 fall due.
fn month_later(stage: &Stage) {
    stage.shop.clock.advance(Span::hours(24 * 31));
}

/// The payment that fell due, once it is as it should be.
async fn due(stage: &Stage, id: &str, status: &str) -> Value {
    until("the payments to be tried", async || {
        let rows = stage.contract(id).await["Installments"].as_array().unwrap().clone();
        let is_due = |row: &&Value| row["DueDate"].as_str().unwrap().starts_with("2027-06-01");
        let row = rows.iter().filter(is_due).find(|row| row["Total"] == json!(12.4));
        row.filter(|row| row["Status"] == status).cloned()
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_pay_at_once() {
    // Proves that of 64 who have a declined payment charged one charges it.
    let stage = Stage::on_disk().await;
    let id = gold(&stage).await;
    stage.prefers(stage.anna, DECLINED).await;
    month_later(&stage);
    let row = due(&stage, &id, "PastDue").await;
    stage.prefers(stage.anna, OTHER_CARD).await;
    let number = row["Number"].as_u64().expect("a number");
    let path = format!("/sales/contracts/{id}/installments/{number}/pay");
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (request, address) = (stage.request("POST", &path, &json!({})), stage.shop.address);
        sending.spawn(async move { request.send(address).await });
    }
    sending.join_all().await;
    due(&stage, &id, "Paid").await;
    let charges = stage.shop.charges();
    assert_eq!(charges.iter().filter(|sum| **sum == 1_240).count(), 1, "{charges:?}");
}

#[tokio::test]
async fn changes_are_refused() {
    // Proves what each operation refuses, and that the contract and the gateway stay as they were.
    let stage = Stage::open().await;
    let id = gold(&stage).await;
    let keys = [
        stage.key.clone(),
        "none".to_owned(),
        stage.limited(&["south"], None).await,
        stage.limited(&[], Some(stage.anna + 1)).await,
    ];
    let rival = json!({ "ChainId": stage.number("chain", "rival") });
    let past = json!({ "FromDate": "2027-04-01" });
    let long = json!({ "Reason": "x".repeat(501) });
    let mut rows: Vec<(usize, &str, &str, Value, &str)> = vec![
        (0, &id, "freeze", past.clone(), "StartDateOutOfRange"),
        (0, &id, "cancel", past, "StartDateOutOfRange"),
        (0, &id, "unfreeze", json!({}), "ContractNotActive"),
        (0, &id, "installments/99/pay", json!({}), "InstallmentNotFound"),
        (0, &id, "installments/99/writeoff", json!({}), "InstallmentNotFound"),
        (0, &id, "installments/9/pay", json!({}), "InstallmentNotOpen"),
        (0, &id, "installments/9/writeoff", json!({}), "InstallmentNotOpen"),
    ];
    for what in ["freeze", "unfreeze", "cancel", "installments/9/pay", "installments/9/writeoff"] {
        rows.push((0, "99999", what, json!({}), "ContractNotFound"));
        rows.push((0, &id, what, rival.clone(), "ChainMismatch"));
        rows.push((0, &id, what, long.clone(), "ValidationFailed"));
        rows.push((1, &id, what, json!({}), "ApiKeyInvalid"));
        rows.push((2, &id, what, json!({}), "ContractNotFound"));
        rows.push((3, &id, what, json!({}), "ContractNotFound"));
    }
    let before = (stage.contract(&id).await, stage.traces().await);
    let mut wrong = Vec::new();
    for (key, id, what, body, code) in rows {
        let target = format!("/clubs/sales/contracts/{id}/{what}");
        let request = Request::post(&target).accept("application/json").json(&body);
        let answer = stage.shop.send(&request.header("X-Api-Key", &keys[key])).await;
        if answer.json()["ResponseStatus"]["ErrorCode"] != code {
            wrong.push(format!("key {key}, {what}, {code}: {}", answer.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((stage.contract(&id).await, stage.traces().await), before);
}
