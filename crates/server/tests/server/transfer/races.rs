//! Everybody at once: one wins, the books sum to zero, nothing leaks.

use std::sync::Arc;

use domain::time::Span;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::season::Season;
use super::session::{pay, prove};
use crate::client::Answer;
use crate::order::GOOD_CARD;
use crate::shop::{Engine, until};

const CALLERS: usize = 64;

/// Fewer than may be proved within one session.
const PAYERS: usize = 8;

/// Sends each request at the same time as all others.
async fn all_at_once(season: &Arc<Season>, requests: Vec<(&'static str, Value)>) -> Vec<Answer> {
    let mut callers = JoinSet::new();
    for (operation, body) in requests {
        let season = Arc::clone(season);
        callers.spawn(async move { season.post(operation, &body).await });
    }
    callers.join_all().await
}

fn count(answers: &[Answer], is: impl Fn(&Value) -> bool) -> usize {
    answers.iter().filter(|answer| is(&answer.json())).count()
}

async fn two_transfers(engine: Engine) {
    let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
    let token = season.buy("home", "regular", 1).await;
    let targets = [("rematch", "regular"), ("derby", "derby-regular")];
    let request = |index: usize| season.request(&token, targets[index % 2], 0);
    let requests = (0..CALLERS).map(|index| ("TransferTicketToEvent", request(index))).collect();
    let answers = all_at_once(&season, requests).await;
    assert_eq!(count(&answers, |told| told["code"] == "Transferred"), 1, "{engine:?}");
    assert_eq!(count(&answers, |told| told["code"] == "AlreadyTransferred"), CALLERS - 1);
    let places = (season.shop.places("hekla").await, season.shop.places("esja").await);
    assert!([((0, 1), (0, 0)), ((0, 0), (0, 1))].contains(&places), "{places:?}");
    season.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_ticket_moves_once_in_memory() {
    // Proves that of 64 moves of one ticket, to two clubs, one is made.
    two_transfers(Engine::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_ticket_moves_once_on_disk() {
    // Proves the same over SQLite, whose commits take their time.
    two_transfers(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_moved_or_refunded() {
    // Proves that of 32 moves and 32 refunds of one ticket, one of all is done.
    for engine in Engine::ALL {
        moved_or_refunded(engine).await;
    }
}

async fn moved_or_refunded(engine: Engine) {
    let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
    let token = season.buy("home", "regular", 1).await;
    let transfer = season.request(&token, ("derby", "derby-regular"), 0);
    let refund = json!({ "ticketTokenIds": [token], "reason": "a race" });
    let requests = (0..CALLERS).map(|index| match index % 2 {
        0 => ("TransferTicketToEvent", transfer.clone()),
        _ => ("refund/process", refund.clone()),
    });
    let answers = all_at_once(&season, requests.collect()).await;
    let moved = count(&answers, |told| told["code"] == "Transferred");
    let refunded = count(&answers, |told| {
        told["refundedCount"].as_u64().unwrap_or(0) + told["pendingCount"].as_u64().unwrap_or(0) > 0
            && told["outcomes"][0]["alreadyRefunded"] != json!(true)
    });
    assert_eq!(moved + refunded.min(1), 1, "{moved} moves, {refunded} refunds");
    until("everything settled", async || {
        let report = season.shop.check().await;
        (report.open_attempts == 0).then_some(())
    })
    .await;
    let places = season.shop.places("esja").await;
    assert_eq!(places, (0, u32::try_from(moved).unwrap()));
    season.shop.assert_all_is_well().await;
}

async fn moved_or_scanned(engine: Engine, to: (&str, &str)) {
    let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
    let bought = season.shop.order(&season.order("home", "regular", 1)).await;
    let token = bought.token();
    let transfer = season.request(&token, to, 0);
    let scan = json!({ "scanCode": bought.ticket()["scanCode"], "gate": "north" });
    let requests = (0..CALLERS).map(|index| match index % 2 {
        0 => ("TransferTicketToEvent", transfer.clone()),
        _ => ("gate/scan", scan.clone()),
    });
    let answers = all_at_once(&season, requests.collect()).await;
    let moved = count(&answers, |told| told["code"] == "Transferred");
    let admitted = count(&answers, |told| told["admitted"] == json!(true));
    assert_eq!(moved + admitted, 1, "{moved} moves, {admitted} entries");
    let state = season.state(&token).await;
    assert_eq!(state, if moved == 1 { "Transferred" } else { "Activated" });
    season.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_moved_or_scanned_in_memory() {
    // Proves that of 32 moves of one ticket and 32 scans of it, one of all comes first and shuts
    // the others out, within a club and to another.
    moved_or_scanned(Engine::Memory, ("rematch", "regular")).await;
    moved_or_scanned(Engine::Memory, ("derby", "derby-regular")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_moved_or_scanned_on_disk() {
    // Proves the same over SQLite, whose commits take their time.
    moved_or_scanned(Engine::Sqlite, ("rematch", "regular")).await;
    moved_or_scanned(Engine::Sqlite, ("derby", "derby-regular")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_is_paid_or_the_ticket_scanned() {
    // Proves that of 32 payments of a difference and 32 scans of the ticket that waits for it,
    // either the ticket moves or one person goes in, never both, and that money which came too
    // late goes back.
    for engine in Engine::ALL {
        paid_or_scanned(engine).await;
    }
}

async fn paid_or_scanned(engine: Engine) {
    for pause_ms in [0, 2, 5, 10, 50] {
        let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
        let bought = season.shop.order(&season.order("home", "regular", 1)).await;
        let session = season.topup(&bought.token()).await["sessionToken"].clone();
        let proofs = proofs(&season, &session, PAYERS).await;
        let payments = proofs.iter().cycle().take(CALLERS / 2).cloned().collect();
        let scan = json!({ "scanCode": bought.ticket()["scanCode"], "gate": "north" });
        let scans = async {
            tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
            all_at_once(&season, vec![("gate/scan", scan); CALLERS / 2]).await
        };
        let (_, scans) = tokio::join!(pay_at_once(&season, &session, payments), scans);
        until("everything settled", async || {
            (season.shop.check().await.open_attempts == 0).then_some(())
        })
        .await;
        let admitted = count(&scans, |told| told["admitted"] == json!(true));
        let has_moved = season.state(&bought.token()).await == "Transferred";
        assert_eq!(admitted, usize::from(!has_moved), "{engine:?}, after {pause_ms} ms");
        let sales = season.shop.sales("hekla").await;
        let [old, new] = &sales[..] else { panic!("{sales:?}") };
        let kept = if has_moved { (0, 6_500) } else { (5_000, 0) };
        assert_eq!((old.paid(), new.paid()), kept, "{engine:?}, after {pause_ms} ms");
        season.shop.assert_all_is_well().await;
    }
}

/// A proof for each of so many payers within one session.
async fn proofs(season: &Season, session: &Value, payers: usize) -> Vec<Value> {
    let mut proofs = Vec::new();
    for _ in 0..payers {
        proofs.push(prove(season, session, GOOD_CARD).await);
    }
    proofs
}

async fn pay_at_once(season: &Arc<Season>, session: &Value, proofs: Vec<Value>) -> Vec<Answer> {
    let mut payers = JoinSet::new();
    for proof in proofs {
        let (season, session) = (Arc::clone(season), session.clone());
        payers.spawn(async move { pay(&season, &session, &proof).await });
    }
    payers.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_is_paid_once() {
    // Proves that of 64 payments with one link, by 8 proved payers, one is charged.
    for engine in Engine::ALL {
        paid_once(engine).await;
    }
}

async fn paid_once(engine: Engine) {
    let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
    let token = season.buy("home", "regular", 1).await;
    let session = season.topup(&token).await["sessionToken"].clone();
    let proofs = proofs(&season, &session, PAYERS).await;
    let payments = proofs.iter().cycle().take(CALLERS).cloned().collect();
    let answers = pay_at_once(&season, &session, payments).await;
    let known = ["Transferred", "PaymentPending", "SessionCompleted"];
    let told = |told: &Value| known.contains(&told["code"].as_str().unwrap_or_default());
    let odd: Vec<_> = answers.iter().map(Answer::json).filter(|it| !told(it)).collect();
    assert_eq!(odd, Vec::<Value>::new());
    assert!(count(&answers, |told| told["code"] == "Transferred") >= 1);
    assert_eq!(season.shop.charges(), [5_000, 1_500]);
    season.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_races_the_end_of_its_session() {
    // Proves that whichever comes first, one of 64 payments or the end, the ticket is in one place,
    // and who is charged has the dear ticket or gets the money back.
    for engine in Engine::ALL {
        for round in 0..8 {
            paid_or_over(engine, round).await;
        }
    }
}

async fn paid_or_over(engine: Engine, round: u64) {
    let season = Arc::new(Season::with(engine, |sandbox| Arc::new(sandbox)).await);
    let token = season.buy("home", "regular", 1).await;
    let answer = season.transfer(&token, ("derby", "derby-dear"), 1_500).await.json();
    let session = answer["topup"]["sessionToken"].clone();
    season.shop.clock.advance(Span::minutes(23 * 60 + 59));
    let proofs = proofs(&season, &session, PAYERS).await;
    let payments = proofs.iter().cycle().take(CALLERS).cloned().collect();
    let payers = pay_at_once(&season, &session, payments);
    let end = async {
        tokio::time::sleep(std::time::Duration::from_micros(round * 400)).await;
        season.shop.clock.advance(Span::minutes(1));
    };
    let (answers, ()) = tokio::join!(payers, end);
    until("the end", async || {
        let status = season.session(session.as_str().unwrap()).await["status"].clone();
        ["Completed", "Expired"].contains(&status.as_str().unwrap()).then_some(())
    })
    .await;
    let paid = count(&answers, |told| told["code"] == "Transferred") > 0;
    until("places settled", async || {
        let places = (season.shop.places("hekla").await, season.shop.places("esja").await);
        let expected = if season.state(&token).await == "Transferred" {
            ((0, 0), (0, 1))
        } else {
            ((0, 1), (0, 0))
        };
        (places == expected).then_some(())
    })
    .await;
    assert!(!paid || season.state(&token).await == "Transferred", "{engine:?} {round}");
    until("everything settled", async || {
        (season.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    let has_moved = season.state(&token).await == "Transferred";
    let kept = season.shop.sales("esja").await.last().map_or(0, |sale| sale.paid());
    assert_eq!(kept, if has_moved { 6_500 } else { 0 }, "{engine:?} {round}");
    season.shop.assert_all_is_well().await;
}
