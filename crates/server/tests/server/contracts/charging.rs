//! What the worker charges by itself, day by day, and what it makes of declines and of a gateway
//! that says nothing (`domain.md` §7.6).

use std::sync::Arc;

use domain::ids::TaskId;
use domain::task::TaskKind;
use domain::time::Span;
use serde_json::{Value, json};
use server::jobs::contracts::Collector;

use super::stage::Stage;
use crate::shop::until;

const OTHER_CARD: &str = "4741520000000003";
const DECLINED: &str = "4000000000000002";
const STOLEN: &str = "4000000000009979";

/// How many workers look at once.
const WORKERS: usize = 64;

/// How many days of May follow its first.
const DAYS_TO_JUNE: u32 = 31;

/// Twelve months of Gold from today on: 24.80 are paid with the sale, and the fee of 5.00, which
/// falls due today as well, is charged right after it.
pub(super) async fn gold(stage: &Stage) -> String {
    let mut body = stage.three();
    body["PackageId"] = json!(stage.number("package", "gold"));
    body["PaymentAmount"] = json!(24.80);
    let id = stage.sold(&body).await;
    row(stage, &id, 3, "Paid").await;
    id
}

/// A contract whose only payment falls due today, and loses its connection.
async fn lost(stage: &Stage, package: &str) -> String {
    let mut body = stage.three();
    body["PackageId"] = json!(stage.number("package", package));
    body["PaymentAmount"] = json!(0);
    stage.sold(&body).await
}

/// A payment of a contract, once it is as it should be.
async fn row(stage: &Stage, id: &str, number: usize, status: &str) -> Value {
    until("a payment to be looked at", async || {
        let row = stage.contract(id).await["Installments"][number - 1].clone();
        (row["Status"] == status && row["Tries"] != 0).then_some(row)
    })
    .await
}

fn worker(stage: &Stage) -> Collector {
    let app = stage.shop.app();
    Collector::new(app.store.clone(), app.till.clone(), Arc::clone(&app.clock))
}

/// So many days go by, and a worker looks on each of them.
async fn days_go_by(stage: &Stage, days: u32) {
    let worker = worker(stage);
    for _ in 0..days {
        stage.shop.clock.advance(Span::hours(24));
        worker.round().await.unwrap();
    }
}

#[tokio::test]
async fn what_falls_due_is_charged_once() {
    // Proves that each payment is charged on its day, not before and not again.
    let stage = Stage::on_disk().await;
    let id = gold(&stage).await;
    days_go_by(&stage, DAYS_TO_JUNE - 1).await;
    assert_eq!(stage.shop.charges(), [2_480, 500]);
    days_go_by(&stage, 1).await;
    assert_eq!(row(&stage, &id, 4, "Paid").await["Tries"], 1);
    days_go_by(&stage, 29).await;
    assert_eq!(stage.shop.charges(), [2_480, 500, 1_240]);
    days_go_by(&stage, 1).await;
    assert_eq!(row(&stage, &id, 5, "Paid").await["Tries"], 1);
    assert_eq!(stage.shop.charges(), [2_480, 500, 1_240, 1_240]);
    assert_eq!(stage.balance("deferred_revenue").await, 0);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_soft_decline_is_tried_again() {
    // Proves that what was declined waits three days, and is charged then with what is preferred.
    let stage = Stage::on_disk().await;
    let id = gold(&stage).await;
    stage.prefers(stage.anna, DECLINED).await;
    days_go_by(&stage, DAYS_TO_JUNE).await;
    let declined = row(&stage, &id, 4, "PastDue").await;
    assert_eq!(declined["NextTryDate"], "2027-06-04T00:00:00.0000000", "{declined}");
    stage.prefers(stage.anna, OTHER_CARD).await;
    days_go_by(&stage, 2).await;
    assert_eq!(row(&stage, &id, 4, "PastDue").await["Tries"], 1);
    days_go_by(&stage, 1).await;
    assert_eq!(row(&stage, &id, 4, "Paid").await["Tries"], 2);
    assert_eq!(stage.shop.charges(), [2_480, 500, 1_240]);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_hard_decline_asks_people() {
    // Proves that a stolen card is not tried again: a person is asked, until the member prefers
    // another one, which is charged the same day.
    let stage = Stage::on_disk().await;
    let id = gold(&stage).await;
    stage.prefers(stage.anna, STOLEN).await;
    days_go_by(&stage, DAYS_TO_JUNE).await;
    let declined = row(&stage, &id, 4, "PastDue").await;
    assert_eq!(declined["NextTryDate"], Value::Null, "{declined}");
    days_go_by(&stage, 20).await;
    assert_eq!(row(&stage, &id, 4, "PastDue").await["Tries"], 1);
    assert_eq!(open_tasks(&stage).await, [(TaskKind::InstalmentUnpaid, 1_240)]);
    stage.prefers(stage.anna, OTHER_CARD).await;
    row(&stage, &id, 4, "Paid").await;
    assert_eq!(open_tasks(&stage).await, []);
    assert_eq!(stage.shop.charges(), [2_480, 500, 1_240]);
}

async fn open_tasks(stage: &Stage) -> Vec<(TaskKind, i64)> {
    let tasks = stage.shop.store().open_tasks(stage.chain, TaskId(0), 20).await.unwrap();
    tasks.iter().map(|task| (task.kind, task.amount)).collect()
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_first() {
    // Proves that nothing is begun anew while nobody knows what came of a try, neither by the
    // worker nor by a person, and that it is paid by that one try once the gateway has said so.
    let stage = Stage::on_disk().await;
    let id = lost(&stage, "lost_answer").await;
    row(&stage, &id, 1, "Due").await;
    worker(&stage).round().await.unwrap();
    let path = format!("/sales/contracts/{id}/installments/1/pay");
    let answer = stage.send("POST", &path, &json!({})).await;
    assert_ne!(answer.json()["Success"], true, "{}", answer.text());
    assert_eq!(row(&stage, &id, 1, "Due").await["Tries"], 1);
    let paid = time_passes(&stage, &id, "Paid").await;
    assert_eq!(paid["Tries"], 1);
    assert_eq!(stage.shop.charges(), [366]);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_lost_request_is_settled_first() {
    // Proves that a try that never reached the gateway takes nothing, is known not to have, and
    // only then waits for its next day.
    let stage = Stage::on_disk().await;
    let id = lost(&stage, "lost_request").await;
    row(&stage, &id, 1, "Due").await;
    let failed = time_passes(&stage, &id, "PastDue").await;
    assert_eq!(failed["Tries"], 1);
    assert_eq!(failed["NextTryDate"], "2027-05-04T00:00:00.0000000", "{failed}");
    assert_eq!(stage.shop.charges(), [0_i64; 0]);
    stage.shop.assert_all_is_well().await;
}

/// The janitor asks, half a minute after half a minute.
async fn time_passes(stage: &Stage, id: &str, status: &str) -> Value {
    until("the janitor to settle the try", async || {
        stage.shop.clock.advance(Span::seconds(30));
        let row = stage.contract(id).await["Installments"][0].clone();
        (row["Status"] == status).then_some(row)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_charge_once() {
    // Proves that 64 workers that look at the same contract at once charge one payment.
    let stage = Stage::on_disk().await;
    let id = gold(&stage).await;
    stage.shop.clock.advance(Span::hours(24 * DAYS_TO_JUNE));
    let mut looking = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let worker = worker(&stage);
        looking.spawn(async move { worker.round().await.unwrap() });
    }
    looking.join_all().await;
    assert_eq!(row(&stage, &id, 4, "Paid").await["Tries"], 1);
    assert_eq!(stage.shop.charges(), [2_480, 500, 1_240]);
    stage.shop.assert_all_is_well().await;
}
