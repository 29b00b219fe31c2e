//! Refunds, cancellations, payouts and tasks, from outside.

use std::sync::Arc;

use gateway::sandbox::{LogLine, Operation};
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::paid;
use crate::shop::{Engine, Shop, until};

const CALLERS: usize = 64;

async fn post(shop: &Shop, key: &str, path: &str, body: &Value) -> Answer {
    shop.send(&Request::post(&format!("{path}.json")).key(key).json(body)).await
}

async fn ask(shop: &Shop, path: &str, body: &Value) -> Answer {
    post(shop, &shop.admin, path, body).await
}

async fn get(shop: &Shop, key: &str, path: &str) -> Value {
    shop.send(&Request::get(path).key(key)).await.json()
}

/// The handle of an order of so many adults for the match, paid.
async fn bought(shop: &Shop, count: u32) -> String {
    shop.order(&paid(shop, "match", "adult", count)).await.token()
}

/// What the sandbox really paid back, refund by refund, in minor units.
fn paid_back(shop: &Shop) -> Vec<i64> {
    let lines = shop.gateway_log();
    let refunds = lines.iter().filter(|line| line.request.operation == Operation::Refund);
    refunds.map(LogLine::moved).filter(|moved| *moved != 0).map(i64::abs).collect()
}

async fn refund(shop: &Shop, token: &str) -> Answer {
    ask(shop, "/refund/process", &json!({ "ticketTokenIds": [token], "reason": "ill" })).await
}

#[tokio::test]
async fn a_refund_gives_money_and_places_back() {
    // Proves what a refund answers, that money and places are back, and that a repeat does nothing.
    let shop = Shop::open().await;
    let token = bought(&shop, 2).await;
    let result = refund(&shop, &token).await.json();
    assert_eq!((&result["statusCode"], &result["success"]), (&json!(200), &json!(true)));
    assert_eq!((&result["refundedCount"], &result["totalRefunded"]), (&json!(1), &json!(8000)));
    let outcome = &result["outcomes"][0];
    assert_eq!(outcome["ticketStatus"], "Refunded");
    assert_eq!((&outcome["amountRefunded"], &outcome["currency"]), (&json!(8000), &json!("ISK")));
    assert!(outcome["gatewayRefundId"].is_string(), "{outcome}");
    assert_eq!((shop.places("hekla").await, shop.charges()), ((0, 0), vec![8_000]));
    let before = shop.traces().await;
    let again = refund(&shop, &token).await;
    assert_eq!((again.status_code(), again.code()), (409, "NotRefundable".into()));
    assert_eq!(shop.traces().await, before);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn parts_are_refunded() {
    // Proves that one admission goes back and the other stays good with its code, and that an
    // amount goes back once for each key, which stands for nothing else.
    let shop = Shop::open().await;
    let token = bought(&shop, 2).await;
    let part = json!({ "ticketTokenIds": [token], "admissions": [2] });
    let outcome = ask(&shop, "/refund/process", &part).await.json()["outcomes"][0].clone();
    assert_eq!((&outcome["partial"], &outcome["amountRefunded"]), (&json!(true), &json!(4000)));
    assert_eq!(shop.places("hekla").await, (0, 1));
    let amount = json!({
        "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "kindness-1",
    });
    for already in [Value::Null, json!(true)] {
        let outcome = ask(&shop, "/refund/process", &amount).await.json()["outcomes"][0].clone();
        let told = outcome.get("alreadyRefunded").filter(|told| **told == json!(true));
        assert_eq!(told.cloned().unwrap_or_default(), already, "{outcome}");
    }
    let mut other = amount.clone();
    other["amount"] = json!(501);
    let conflict = ask(&shop, "/refund/process", &other).await;
    assert_eq!((conflict.status_code(), conflict.code()), (409, "IdempotencyConflict".into()));
    assert_eq!(paid_back(&shop), [4_000, 500]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn another_club_refunds_no_ticket() {
    // Proves what is told of a ticket of another club, and that nothing changed.
    let shop = Shop::open().await;
    let token = bought(&shop, 1).await;
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let before = shop.traces().await;
    let answer =
        post(&shop, &other, "/refund/process", &json!({ "ticketTokenIds": [token] })).await;
    assert_eq!((answer.status_code(), answer.code()), (403, "OwnerScopeDenied".into()));
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn malformed_requests_are_told() {
    // Proves that what cannot be meant is a 400 naming the member.
    let shop = Shop::open().await;
    let token = bought(&shop, 1).await;
    let long = "x".repeat(501);
    let many: Vec<&str> = vec!["x"; 501];
    let cases = [
        (json!({ "ticketTokenIds": [token], "amount": 5 }), "IdempotencyKey"),
        (json!({ "ticketTokenIds": [token], "idempotencyKey": "short" }), "IdempotencyKey"),
        (json!({ "ticketTokenIds": [token, token], "admissions": [1] }), "TicketTokenIds"),
        (json!({ "ticketTokenIds": [token], "admissions": [-1] }), "Admissions"),
        (json!({ "ticketTokenIds": [token], "reason": long }), "Reason"),
        (json!({ "ticketTokenIds": many }), "TicketTokenIds"),
        (json!({ "refundAllForEvent": true, "ticketTokenIds": [token] }), "RefundAllForEvent"),
    ];
    for (body, member) in cases {
        let answer = ask(&shop, "/refund/process", &body).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![member.to_owned()]), "{body}");
    }
}

#[tokio::test]
async fn failures_of_several_are_told() {
    // Proves that a batch of which none is paid back says so with a code, and that a gateway's
    // number without its event is answered with what is missing.
    let shop = Shop::open().await;
    let body = json!({ "ticketTokenIds": ["x", "y"] });
    let answer = ask(&shop, "/refund/process", &body).await.json();
    let message = "TicketNotFound: 2 of 2 were not refunded; each outcome says why.";
    assert_eq!((answer["success"].as_bool(), &answer["message"]), (Some(false), &json!(message)));
    let ticket = shop.order(&paid(&shop, "match", "adult", 1)).await.ticket();
    let body = json!({ "paymentReferences": [ticket["paymentReference"]] });
    let answer = ask(&shop, "/refund/process", &body).await;
    assert!(answer.text().contains("send eventId"), "{}", answer.text());
}

#[tokio::test]
async fn payments_lead_to_their_orders() {
    // Proves that an order is found by the key of its payment, and with the event by the gateway's
    // own number of it.
    let shop = Shop::open().await;
    let event = shop.number("event", "match");
    for member in ["paymentId", "paymentReference"] {
        let ticket = shop.order(&paid(&shop, "match", "adult", 1)).await.ticket();
        let body = json!({ "eventId": event, "paymentReferences": [ticket[member]] });
        let outcome = ask(&shop, "/refund/process", &body).await.json()["outcomes"][0].clone();
        assert_eq!(outcome["ticketId"], ticket["id"], "{member}: {outcome}");
        assert_eq!(outcome["statusCode"], 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_refunds_wins() {
    // Proves that 64 refunds of one order pay once.
    for engine in Engine::ALL {
        refunded_once(engine).await;
    }
}

async fn refunded_once(engine: Engine) {
    let shop = Arc::new(Shop::with(engine, |sandbox| Arc::new(sandbox)).await);
    let token = bought(&shop, 1).await;
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (shop, token) = (Arc::clone(&shop), token.clone());
        callers.spawn(async move { refund(&shop, &token).await.status_code() });
    }
    let answers = callers.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status < 300).count(), 1, "{answers:?}");
    assert_eq!(paid_back(&shop).len(), 1);
    shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_or_a_scan_wins() {
    // Proves for 64 tickets at once that either the refund or the entry wins, never both.
    for engine in Engine::ALL {
        refunded_or_scanned(engine).await;
    }
}

async fn refunded_or_scanned(engine: Engine) {
    let shop = Arc::new(Shop::with(engine, |sandbox| Arc::new(sandbox)).await);
    let mut rounds = tokio::task::JoinSet::new();
    for round in 0..CALLERS {
        let ticket = shop.order(&paid(&shop, "match", "adult", 1)).await;
        let shop = Arc::clone(&shop);
        rounds.spawn(async move {
            let code = ticket.ticket()["scanCode"].clone();
            let scan = json!({ "scanCode": code, "gate": "north" });
            let token = ticket.token();
            let (scanned, refunded) = if round % 2 == 0 {
                tokio::join!(ask(&shop, "/gate/scan", &scan), refund(&shop, &token))
            } else {
                let (refunded, scanned) =
                    tokio::join!(refund(&shop, &token), ask(&shop, "/gate/scan", &scan));
                (scanned, refunded)
            };
            let admitted = scanned.json()["admitted"] == json!(true);
            let paid_back = refunded.status_code() < 300;
            assert!(admitted != paid_back, "{} {}", scanned.json(), refunded.json());
            assert!(paid_back || refunded.code() == "TicketUsed", "{}", refunded.json());
        });
    }
    rounds.join_all().await;
    shop.assert_all_is_well().await;
}

/// The work on an event, when it is no longer running.
async fn ended(shop: &Shop) -> Value {
    let path = format!("/refund/jobs/{}.json", shop.number("organiser", "hekla"));
    until("the end of long work", async || {
        let jobs = get(shop, &shop.admin, &path).await["jobs"].clone();
        let last = jobs.as_array()?.last()?.clone();
        (last["state"] != "Running").then_some(last)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_event_is_refunded() {
    // Proves that a cancelled event sells nothing more and pays every order back once, also where
    // single refunds come in between, and that its gates stay closed.
    let shop = Arc::new(Shop::open().await);
    let mut tokens = Vec::new();
    for _ in 0..20 {
        tokens.push(shop.order(&paid(&shop, "rush", "adult", 1)).await);
    }
    let event = shop.number("event", "rush");
    let body = json!({ "eventId": event, "reason": "storm" });
    let started = ask(&shop, "/events/cancel", &body).await.json();
    assert_eq!((&started["statusCode"], &started["job"]["kind"]), (&json!(200), &json!("Refund")));
    let mut single = tokio::task::JoinSet::new();
    for token in tokens.iter().map(Answer::token) {
        let shop = Arc::clone(&shop);
        single.spawn(async move { refund(&shop, &token).await.status_code() });
    }
    let single = single.join_all().await.iter().filter(|status| **status < 300).count();
    let job = ended(&shop).await;
    let done = job.get("doneCount").and_then(Value::as_u64).unwrap_or(0);
    assert_eq!(
        (job["state"].as_str(), usize::try_from(done).unwrap() + single),
        (Some("Done"), 20)
    );
    for ticket in &tokens {
        let token = ticket.token();
        until("the money", async || {
            (shop.status(&token).await.json()["ticketStatus"] == "Refunded").then_some(())
        })
        .await;
    }
    let scan = json!({ "scanCode": tokens[0].ticket()["scanCode"], "gate": "north" });
    assert_eq!(ask(&shop, "/gate/scan", &scan).await.json()["reason"], "Refunded");
    assert_eq!(shop.order(&paid(&shop, "rush", "adult", 1)).await.code(), "EventNotActive");
    assert_eq!((paid_back(&shop).len(), shop.places("hekla").await), (20, (0, 0)));
    shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_work_is_stopped_and_goes_on() {
    // Proves that work under way answers no other wish for its event, that stopped work does
    // nothing more, and that the same again does the rest: every order is paid back once.
    let shop = Shop::open().await;
    for _ in 0..40 {
        shop.order(&paid(&shop, "rush", "adult", 1)).await;
    }
    let event = shop.number("event", "rush");
    let all = json!({ "eventId": event, "refundAllForEvent": true });
    let job = ask(&shop, "/refund/process", &all).await.json()["job"].clone();
    let otherwise = json!({ "eventId": event, "withoutRefund": true });
    let otherwise = ask(&shop, "/events/cancel", &otherwise).await;
    assert_eq!((otherwise.status_code(), otherwise.code()), (409, "RequestInProgress".into()));
    let stop = json!({ "eventOwnerId": job["eventOwnerId"], "jobId": job["jobId"] });
    let stopped = ask(&shop, "/refund/jobs/stop", &stop).await.json()["job"].clone();
    assert_eq!(stopped["state"], "Stopped", "{stopped}");
    let before = ended(&shop).await["doneCount"].as_u64().unwrap_or(0);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(ended(&shop).await["doneCount"].as_u64().unwrap_or(0), before);
    let again = ask(&shop, "/refund/process", &all).await.json()["job"].clone();
    assert_ne!(again["jobId"], job["jobId"]);
    let done = ended(&shop).await["doneCount"].as_u64().unwrap_or(0);
    assert_eq!(before + done, 40);
    until("every refund", async || (paid_back(&shop).len() == 40).then_some(())).await;
    until("all is well", async || (shop.check().await.open_attempts == 0).then_some(())).await;
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn organisers_are_paid_out() {
    // Proves what is owed, that an event is paid out once, that a refund after it is a debt that
    // the lists show, and who may look.
    let shop = Shop::open().await;
    let token = bought(&shop, 1).await;
    let (owner, event) = (shop.number("organiser", "hekla"), shop.number("event", "match"));
    let team = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let owed = format!("/payouts/owed/{owner}.json");
    assert_eq!(get(&shop, &team, &owed).await["events"][0]["payable"], 3_800);
    let body = json!({ "eventId": event, "reference": "bank 1" });
    assert_eq!(post(&shop, &team, "/payouts", &body).await.status, 403);
    let first = ask(&shop, "/payouts", &body).await.json();
    assert_eq!((&first["payout"]["paid"], &first["payout"]["netted"]), (&json!(3_800), &json!(0)));
    let again = ask(&shop, "/payouts", &body).await.json();
    assert_eq!((&again["alreadyPaidOut"], &again["payout"]), (&json!(true), &first["payout"]));
    assert_eq!(refund(&shop, &token).await.status_code(), 200);
    let told = get(&shop, &team, &owed).await;
    assert_eq!(told["sums"][0]["receivable"], 3_800, "{told}");
    let list = get(&shop, &team, &format!("/payouts/{owner}.json")).await;
    assert_eq!(list["payouts"].as_array().map(Vec::len), Some(1));
    assert_eq!(get(&shop, &other, &owed).await["statusCode"], 403);
    let unknown = ask(&shop, "/payouts", &json!({ "eventId": 99 })).await;
    assert_eq!(unknown.code(), "EventNotFound");
    let nothing = json!({ "eventOwnerId": owner, "payoutFor": "Cards" });
    assert_eq!(ask(&shop, "/payouts", &nothing).await.code(), "NothingToPayOut");
    let wrong = json!({ "eventOwnerId": owner, "payoutId": 99, "reason": "lost" });
    assert_eq!(ask(&shop, "/payouts/correct", &wrong).await.code(), "PayoutNotFound");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn what_is_sold_after_a_payout_is_paid_too() {
    // Proves that an event is not closed while nothing is owed for it, that what is sold after its
    // payout is shown as the organiser's claim, and that a further payout pays that, once.
    let shop = Shop::open().await;
    let (owner, event) = (shop.number("organiser", "hekla"), shop.number("event", "match"));
    let body = json!({ "eventId": event });
    assert_eq!(ask(&shop, "/payouts", &body).await.code(), "NothingToPayOut");
    bought(&shop, 1).await;
    let first = ask(&shop, "/payouts", &body).await.json()["payout"].clone();
    assert_eq!(first["paid"], 3_800);
    bought(&shop, 1).await;
    let owed = format!("/payouts/owed/{owner}.json");
    assert_eq!(get(&shop, &shop.admin, &owed).await["sums"][0]["receivable"], -3_800);
    let second = ask(&shop, "/payouts", &body).await.json();
    let payout = &second["payout"];
    let sums = [&second["alreadyPaidOut"], &payout["payable"], &payout["netted"], &payout["paid"]];
    assert_eq!(sums, [&json!(false), &json!(0), &json!(-3_800), &json!(3_800)]);
    let again = ask(&shop, "/payouts", &body).await.json();
    assert_eq!((&again["alreadyPaidOut"], &again["payout"]), (&json!(true), payout));
    assert_eq!(get(&shop, &shop.admin, &owed).await["sums"][0]["receivable"], 0);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn tasks_are_listed_and_closed() {
    // Proves that an office sees its tasks, closes each once with a note, and no other office's.
    let shop = Shop::open().await;
    bought(&shop, 1).await;
    let (owner, event) = (shop.number("organiser", "hekla"), shop.number("event", "match"));
    let payout = ask(&shop, "/payouts", &json!({ "eventId": event })).await.json();
    let id = &payout["payout"]["payoutId"];
    let correct = json!({ "eventOwnerId": owner, "payoutId": id, "reason": "old account" });
    let task = ask(&shop, "/payouts/correct", &correct).await.json()["taskId"].clone();
    let team = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let path = format!("/tasks/{owner}.json");
    let listed = get(&shop, &team, &path).await["tasks"].clone();
    assert_eq!((&listed[0]["taskId"], &listed[0]["kind"]), (&task, &json!("PayoutCorrection")));
    assert_eq!(get(&shop, &other, &path).await["statusCode"], 403);
    let close = json!({ "eventOwnerId": owner, "taskId": task, "note": "sent again" });
    let by_hand = json!({
        "eventOwnerId": owner, "taskId": task, "note": "paid", "paidByHand": true,
    });
    assert_eq!(ask(&shop, "/tasks/done", &by_hand).await.code(), "ValidationFailed");
    assert_eq!(ask(&shop, "/tasks/done", &close).await.json()["task"]["note"], "sent again");
    let again = ask(&shop, "/tasks/done", &close).await.json();
    assert_eq!(again["alreadyDone"], true);
    assert_eq!(get(&shop, &team, &path).await["tasks"], json!([]));
    let unknown = json!({ "eventOwnerId": owner, "taskId": 99, "note": "?" });
    assert_eq!(post(&shop, &team, "/tasks/done", &unknown).await.code(), "TaskNotFound");
    let no_note = json!({ "eventOwnerId": owner, "taskId": task });
    assert_eq!(post(&shop, &team, "/tasks/done", &no_note).await.fields(), ["Note"]);
}

#[tokio::test]
async fn a_club_does_not_settle_its_own_case() {
    // Proves that a TeamAdmin neither closes the task about the payout of its own club nor says
    // that money of the platform went back, that nothing changes then, and that an Admin may.
    let shop = Shop::open().await;
    bought(&shop, 1).await;
    let (owner, event) = (shop.number("organiser", "hekla"), shop.number("event", "match"));
    let payout = ask(&shop, "/payouts", &json!({ "eventId": event })).await.json();
    let id = &payout["payout"]["payoutId"];
    let correct = json!({ "eventOwnerId": owner, "payoutId": id, "reason": "old account" });
    let task = ask(&shop, "/payouts/correct", &correct).await.json()["taskId"].clone();
    let team = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let close = json!({ "eventOwnerId": owner, "taskId": task, "note": "never mind" });
    let mut by_hand = close.clone();
    by_hand["paidByHand"] = json!(true);
    let before = shop.traces().await;
    for body in [&close, &by_hand] {
        let answer = post(&shop, &team, "/tasks/done", body).await;
        assert_eq!((answer.status_code(), answer.code()), (403, "Forbidden".into()), "{body}");
        assert_eq!(shop.traces().await, before, "{body}");
    }
    let open = get(&shop, &team, &format!("/tasks/{owner}.json")).await["tasks"].clone();
    assert_eq!(open[0]["taskId"], task);
    assert_eq!(ask(&shop, "/tasks/done", &close).await.status_code(), 200);
}

/// Whether some file of the shop has these bytes in it.
fn is_in_a_file(folder: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_in_a_file(&path, text);
        }
        std::fs::read(path).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes())
    })
}

#[tokio::test]
async fn no_reason_brings_a_card_number_into_a_file() {
    // Proves that a card in the free texts of office and gate is masked before it is stored, in
    // records and in the audit, and that a key that looks like one is refused.
    let shop = Shop::with(Engine::Sqlite, |sandbox| Arc::new(sandbox)).await;
    let (owner, event) = (shop.number("organiser", "hekla"), shop.number("event", "match"));
    let order = shop.order(&paid(&shop, "match", "adult", 2)).await;
    let (token, code) = (order.token(), order.ticket()["scanCode"].clone());
    let text = |place: &str| format!("{place} 4242 4242 4242 4242");
    for (path, body) in [
        ("/gate/scan", json!({ "scanCode": code, "gate": text("gate") })),
        ("/gate/undo", json!({ "scanCode": code, "reason": text("undo") })),
        (
            "/refund/process",
            json!({
                "ticketTokenIds": [token], "admissions": [2], "reason": text("refund"),
            }),
        ),
        ("/payouts", json!({ "eventId": event, "reference": text("payout") })),
        (
            "/payouts/correct",
            json!({
                "eventOwnerId": owner, "payoutId": 1, "reason": text("correct"),
            }),
        ),
        ("/tasks/done", json!({ "eventOwnerId": owner, "taskId": 1, "note": text("task") })),
        ("/events/cancel", json!({ "eventId": event, "reason": text("storm") })),
    ] {
        let answer = ask(&shop, path, &body).await;
        assert!(answer.status_code() < 300, "{path}: {}", answer.text());
    }
    let key = json!({
        "ticketTokenIds": [token], "amount": 1, "idempotencyKey": "4242424242424242",
    });
    assert_eq!(ask(&shop, "/refund/process", &key).await.fields(), ["IdempotencyKey"]);
    for place in ["gate", "undo", "refund", "payout", "correct", "task", "storm"] {
        let masked = format!("{place} 4242 42** **** 4242");
        assert!(is_in_a_file(shop.folder(), &masked), "{place} was not stored");
    }
    for card in ["4242424242424242", "4242 4242 4242 4242"] {
        assert!(!is_in_a_file(shop.folder(), card), "{card}");
    }
}
