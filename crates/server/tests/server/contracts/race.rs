//! Many at once: the last use of a code, one key, and one contract each.

use serde_json::json;

use super::stage::{SOLD, Stage};
use crate::client::Request;

/// How many callers there are at once.
const CALLERS: usize = 64;

/// How many of these requests, sent at once, were answered with a sale.
pub(super) async fn sold(stage: &Stage, requests: Vec<Request>) -> usize {
    let mut sending = tokio::task::JoinSet::new();
    for request in requests {
        let address = stage.shop.address;
        sending.spawn(async move { request.send(address).await });
    }
    let answers = sending.join_all().await;
    answers.iter().filter(|answer| answer.text().contains("\"Success\":true")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_use_is_taken_once() {
    // Proves that of 64 sales with the last use of a code one is made.
    let stage = Stage::on_disk().await;
    let mut body = stage.three();
    (body["PromoCode"], body["PaymentAmount"]) = (json!("LAST"), json!(2));
    let requests = (0..CALLERS).map(|_| stage.request("POST", SOLD, &body)).collect();
    assert_eq!(sold(&stage, requests).await, 1);
    assert_eq!((stage.uses("LAST").await, stage.taken()), (1, 200));
    stage.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_is_one_sale() {
    // Proves that 64 times the same request under one key charges once, and that without a key each
    // is a sale of its own.
    let stage = Stage::on_disk().await;
    let request = || stage.request("POST", SOLD, &stage.three());
    let keyed = (0..CALLERS).map(|_| request().header("Idempotency-Key", "one")).collect();
    sold(&stage, keyed).await;
    crate::shop::until("the sale to be settled", async || {
        (stage.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    assert_eq!((stage.contracts(stage.anna).await.len(), stage.taken()), (1, 300));
    let unkeyed = (0..CALLERS).map(|_| request()).collect();
    assert_eq!(sold(&stage, unkeyed).await, CALLERS);
    assert_eq!(stage.contracts(stage.anna).await.len(), CALLERS + 1);
    stage.shop.assert_all_is_well().await;
}
