//! A check finds what somebody has changed behind the store's back.

use domain::ledger::PostingKind;
use rusqlite::Connection;
use store::testing::{ADULT, CHILD, GROUND, ManualClock, NOON, Shop, TERRACE, answer, approved};
use store::{CheckReport, Options, Store};

use crate::common::SELLER;

/// Two paid sales, one open, one free; then `sql`; then a check.
async fn after(sql: &str) -> CheckReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let options = || Options { clock: ManualClock::new(NOON), ..Options::default() };
    let store = Store::sqlite(&path, options()).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    for quota in [GROUND, store::testing::TERRACE_ROWS] {
        shop.revision = store.submit(shop.limit(quota, Some(9))).await.unwrap();
    }
    for (seed, ticket_type) in [(1, ADULT), (2, TERRACE), (3, ADULT), (4, CHILD)] {
        let sale = store.submit(shop.order(seed, ticket_type, 1)).await.unwrap().sale;
        if seed < 3 {
            store.submit(answer(SELLER, sale.id, approved())).await.unwrap();
        }
    }
    store.submit(crate::callers::create("Anna")).await.unwrap();
    store.close().await.unwrap();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let store = Store::sqlite(&path, options()).unwrap();
    let report = store.check().await.unwrap();
    store.close().await.unwrap();
    report
}

/// All is well, and counted.
#[tokio::test]
async fn all_is_well() {
    let report = after("").await;
    let expected =
        CheckReport { sales: 4, postings: 2, open_attempts: 1, ..CheckReport::default() };
    assert_eq!(report, expected);
}

/// What was sold before there were books of events is in them after the migration.
#[tokio::test]
async fn books_are_made_of_the_past() {
    let findings = after("DELETE FROM event_book").await.findings;
    assert!(findings[0].contains("The book of event 1 of shard 7"), "{findings:#?}");
    let report = after(&format!("DELETE FROM event_book; {}", books_of_the_past())).await;
    assert_eq!(report.findings, Vec::<String>::new());
}

/// The part of the migration that makes books of what was sold before there were any.
fn books_of_the_past() -> &'static str {
    let migration = include_str!("../../migrations/sqlite/V4__ticket_window.sql");
    let (_, rest) = migration.split_once("INSERT INTO event_book").unwrap();
    let end = rest.find(';').unwrap();
    let start = migration.len() - rest.len() - "INSERT INTO event_book".len();
    &migration[start..start + "INSERT INTO event_book".len() + end]
}

/// The view of the books has a name for every kind of posting.
#[test]
fn every_posting_has_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    drop(store::sqlite::open(store::sqlite::Settings::of(&path)).unwrap());
    let database = Connection::open(&path).unwrap();
    let named = "SELECT count(*) FROM ledger_leg WHERE kind = ?1 AND source = ?2";
    for kind in PostingKind::ALL {
        let (code, legs) = (kind.code(), r#"[{"account":"bank","amount":0}]"#);
        let row = "INSERT INTO posting VALUES (7, 1, 1, ?1, 5, 'ISK', ?2)";
        database.execute(row, (code, legs)).unwrap();
        let name = serde_json::to_value(kind).unwrap();
        let source = match kind {
            PostingKind::PaidOut => "payout",
            PostingKind::CardGiven => "card",
            _ => "sale",
        };
        let count = database.query_one(named, (name.as_str(), source), |row| row.get::<_, u32>(0));
        assert_eq!(count.unwrap(), 1, "{kind:?}");
    }
}

/// The first sale says of an attempt that its gateway has settled it, and the books do not.
fn settled(attempt: u8) -> String {
    format!(
        "UPDATE sale SET body = json_set(body, '$.settled', json('[{{\"attempt\":{attempt},\
         \"line\":5,\"amount\":5000,\"fee\":100,\"at\":5}}]')) WHERE id & 255 = 1"
    )
}

/// A difference whose task and sale are not there.
fn difference() -> String {
    let body = r#"{"hash":5,"gateway":"sandbox","kind":"missing","at":5,"task":3,
                   "place":{"shard":7,"sale":99,"attempt":1}}"#;
    format!(
        "INSERT INTO settlement_difference
         VALUES (0, 0, x'00000000000000000000000000000005', {}, '{body}')",
        store::BODY_VERSION
    )
}

/// Each planted fault is found, and the sentence says where.
#[tokio::test]
async fn each_fault_is_found() {
    let set = |path: &str, value: &str| {
        format!("UPDATE sale SET body = json_set(body, '{path}', {value}) WHERE id & 255 = 1")
    };
    for (sql, finding) in [
        ("DELETE FROM user_name".to_owned(), "A name of user 1 does not lead to that user."),
        ("DELETE FROM user_account".to_owned(), "A name leads to user 1, who has another one."),
        ("DELETE FROM posting WHERE sale = 1".to_owned(), "Sale 1 of shard 7: the books say 0"),
        (
            "UPDATE posting SET body = json_set(body, '$[0].amount', 1) WHERE sale = 1".to_owned(),
            "Posting Sold of step 1 of sale 1 of shard 7 is off by -4999",
        ),
        ("UPDATE posting SET sale = 5 WHERE sale = 1".to_owned(), "no such sale"),
        (
            "UPDATE balance SET amount = amount + 1 WHERE account = 'owner_payable:1'".to_owned(),
            "The balance of owner_payable:1 of shard 7",
        ),
        (
            "INSERT INTO balance VALUES (7, 'order_holding:1', 'ISK', -5)".to_owned(),
            "What sale 1 of shard 7 holds differs from its balance by -5",
        ),
        ("DELETE FROM balance".to_owned(), "platform_fee_income of shard 7 has no balance"),
        (
            "UPDATE quota SET body = json_set(body, '$.sold', 3), sold = 3 WHERE id & 255 = 2"
                .to_owned(),
            "Quota 2 of shard 7 says 0 held and 3 sold, its sales say 0 and 1",
        ),
        ("DELETE FROM quota WHERE id & 255 = 2".to_owned(), "quota 2, which cannot be found"),
        ("DELETE FROM due".to_owned(), "Sale 3 of shard 7 is due at"),
        (
            "INSERT INTO due VALUES (7, 5, 8, 1)".to_owned(),
            "The work table names Sale 1 of shard 7 at 5",
        ),
        (set("$.state", "'payment_failed'"), "is payment_failed, but 5000 of 5000 is paid"),
        (set("$.total", "1"), "The columns of sale 1 of shard 7 differ from its body"),
        (set("$.attempts[0].state", "'declined'"), "attempt 1 is Declined, but moved 5000"),
        (set("$.attempts[0].verb", "'authorize'"), "is issued, but 0 of 5000 is paid"),
        (set("$.id", "77"), "it holds Sale 77 in shard 7"),
        (settled(1), "the books say 5000 for gateways, the sale says 0"),
        (settled(1), "through gateway sandbox, less what it has settled"),
        (settled(1), "settlements and payments by hand of shard 7 moved 4900 ISK more"),
        (settled(9), "Sale 1 of shard 7: attempt 9 is settled, but moved nothing."),
        (difference(), "A difference of a settlement names Task 3 of shard 7, which is not there"),
        (difference(), "A difference of a settlement names Sale 99 of shard 7, which is not there"),
        ("UPDATE sale SET body = 'no json'".to_owned(), "Sale 1 in shard 7"),
        ("UPDATE sale SET version = 9 WHERE id & 255 = 4".to_owned(), "written by a newer program"),
        ("DELETE FROM sale WHERE id & 255 = 4".to_owned(), "A caller's key leads to sale 4"),
        ("DELETE FROM id_block WHERE kind = 6".to_owned(), "has a number the shard never claimed"),
    ] {
        let findings = after(&sql).await.findings;
        let found = findings.iter().any(|sentence| sentence.contains(finding));
        assert!(found, "{sql}: looked for {finding:?} in {findings:#?}");
    }
}
