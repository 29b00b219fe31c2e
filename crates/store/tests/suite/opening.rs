//! Opening files: again, twice, newer, changed, foreign.

use std::path::Path;

use domain::record::Kind;
use rusqlite::Connection;
use store::sqlite::Settings;
use store::sqlite::check::check_beside;
use store::testing::{ADULT, GROUND, ManualClock, NOON, Shop, answer, approved};
use store::{OpenError, Options, Store};

use crate::common::SELLER;

fn options() -> Options {
    Options { clock: ManualClock::new(NOON), ..Options::default() }
}

async fn sell_one(path: &Path) {
    let store = Store::sqlite(path, options()).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, Some(9))).await.unwrap();
    let sale = store.submit(shop.order(1, ADULT, 1)).await.unwrap().sale;
    store.submit(answer(SELLER, sale.id, approved())).await.unwrap();
    store.close().await.unwrap();
}

fn refused(path: &Path) -> OpenError {
    Store::sqlite(path, options()).err().expect("refused")
}

/// What was stored is there again, and numbers go on where they stopped.
#[tokio::test]
async fn a_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    sell_one(&path).await;
    let log = std::fs::metadata(folder.path().join("guichet.db-wal")).map_or(0, |file| file.len());
    assert_eq!(log, 0, "closing folds the log in");
    let store = Store::sqlite(&path, options()).unwrap();
    assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
    let mut shop = Shop::new(SELLER);
    shop.revision = store.catalogue(SELLER).await.unwrap().revision;
    let placed = store.submit(shop.order(2, ADULT, 1)).await.unwrap();
    assert_eq!((placed.sale.id.0, store.quotas(SELLER).await.unwrap()[0].sold), (2, 1));
    store.close().await.unwrap();
}

/// One process, one file: the second is told, and may have it when the first has closed.
#[tokio::test]
async fn a_file_is_not_opened_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let first = Store::sqlite(&path, options()).unwrap();
    assert!(matches!(refused(&path), OpenError::Locked(_)));
    first.close().await.unwrap();
    Store::sqlite(&path, options()).unwrap().close().await.unwrap();
}

/// A file of a newer program, of a changed program, or of another program is refused untouched.
#[tokio::test]
async fn strange_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let change = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    sell_one(&path).await;
    change("INSERT INTO migration VALUES (99, 'from the future', '')");
    assert!(matches!(refused(&path), OpenError::Newer { found: 99, .. }));
    change("DELETE FROM migration WHERE version = 99; UPDATE migration SET sql = sql || ' '");
    assert!(matches!(refused(&path), OpenError::Diverged(1)));
    change("PRAGMA application_id = 5");
    assert!(matches!(refused(&path), OpenError::Foreign(_)));
    let text = folder.path().join("letter.txt");
    std::fs::write(&text, "Dear sir or madam, this is no database. ".repeat(99)).unwrap();
    assert!(matches!(refused(&text), OpenError::Foreign(_)));
    let nowhere = folder.path().join("no such folder/guichet.db");
    assert!(matches!(refused(&nowhere), OpenError::Io { .. }));
}

/// Proves that a look beside the process that sells takes no lock and changes nothing, sees what
/// was committed, and refuses what it does not understand: another schema, a log that is gone.
#[tokio::test]
async fn a_look_beside_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let look = |path: &Path| check_beside(&Settings::of(path)).map_err(|error| error.to_string());
    sell_one(&path).await;
    assert_eq!(look(&path).unwrap().sales, 1, "nobody has it open");
    let store = Store::sqlite(&path, options()).unwrap();
    store.probe().await.unwrap();
    let report = look(&path).unwrap();
    assert_eq!((report.sales, report.findings), (1, Vec::<String>::new()));
    let without_log = after_a_crash(folder.path(), &["guichet.db-wal"]);
    let copy = without_log.path().join("guichet.db");
    assert!(look(&copy).unwrap_err().contains("held the newest sales"));
    assert!(matches!(refused(&copy), OpenError::LogMissing(..)), "the look has left no log");
    store.close().await.unwrap();
    let change = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    change("DELETE FROM migration WHERE version = 6");
    let old = look(&path).unwrap_err();
    assert!(old.contains("schema 5") && old.contains("knows 6"), "{old}");
    change("INSERT INTO migration VALUES (99, 'from the future', '')");
    assert!(look(&path).unwrap_err().contains("run the newer program"));
}

/// What is there of a contract as the schema before instalments kept it.
const OLD_CONTRACT: &str = r#"{ "shard": 7, "id": 1, "sale": 1, "member": 1, "store": 1,
    "state": "STATE", "start": "START", "sold_on": "2020-01-31", "changed_at": 1,
    "terms": { "package": 1, "package_name": "Gold", "plan": 1, "plan_name": "Monthly",
               "currency": "EUR", "jurisdiction": "IS", "is_evergreen": false },
    "instalments": [] }"#;

/// Contracts that were sold before anything of them was charged later are found by the worker after
/// the update, once they have begun; those that came to nothing are not.
#[tokio::test]
async fn contracts_of_the_older_schema_fall_due() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    sell_one(&path).await;
    let sql = Connection::open(&path).unwrap();
    sql.execute_batch("DELETE FROM migration WHERE version = 6").unwrap();
    let states =
        [("active", "2020-01-31"), ("not_sold", "2020-01-31"), ("scheduled", "2100-01-01")];
    for ((state, start), number) in states.into_iter().zip(1_i64..) {
        let body = OLD_CONTRACT.replace("STATE", state).replace("START", start);
        let id = (i64::from(SELLER.0) << 32) | number;
        sql.execute("INSERT INTO contract VALUES (?1, 2, ?2)", (id, body)).unwrap();
    }
    drop(sql);
    let store = Store::sqlite(&path, options()).unwrap();
    let due = store.contracts_due(NOON, 10).await.unwrap();
    let found: Vec<_> = due.iter().map(|due| (due.shard, due.kind, due.number)).collect();
    assert_eq!(found, [(SELLER, Kind::Contract, 1)]);
    store.close().await.unwrap();
}

/// The views that people open say what the books say.
#[tokio::test]
async fn views_open_the_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    sell_one(&path).await;
    let connection = Connection::open(&path).unwrap();
    let rows = |sql: &str| -> Vec<(String, i64)> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let expected = [
        ("gateway_clearing:sandbox".to_owned(), 5_000),
        ("owner_payable:1".to_owned(), -4_750),
        ("platform_fee_income".to_owned(), -250),
    ];
    assert_eq!(rows("SELECT account, amount FROM ledger_leg ORDER BY account"), expected);
    assert_eq!(rows("SELECT account, amount FROM ledger_account_sum ORDER BY account"), expected);
    assert_eq!(rows("SELECT account, amount FROM balance ORDER BY account"), expected);
    assert_eq!(
        rows("SELECT verb || ' ' || state || ' ' || gateway_reference, moved FROM sale_attempt"),
        [("charge succeeded pay_1f0c2a5b77".to_owned(), 5_000)]
    );
}

/// The files of a running database as a crash would leave them, without those named.
fn after_a_crash(folder: &Path, without: &[&str]) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["guichet.db", "guichet.db-wal", "guichet.db.lock"] {
        if !without.contains(&name) {
            std::fs::copy(folder.join(name), copy.path().join(name)).unwrap();
        }
    }
    copy
}

/// After a crash the log is needed: without it nothing is sold, unless somebody says that it
/// shall be so. After a proper end it is not missed.
#[tokio::test]
async fn a_missing_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options()).unwrap();
    store.submit(Shop::new(SELLER).publish()).await.unwrap();
    store.probe().await.unwrap();
    let whole = after_a_crash(folder.path(), &[]);
    let without_log = after_a_crash(folder.path(), &["guichet.db-wal"]);
    let accepted = after_a_crash(folder.path(), &["guichet.db-wal", "guichet.db.lock"]);
    store.close().await.unwrap();
    Store::sqlite(&path, options()).unwrap().close().await.unwrap();
    let told = refused(&without_log.path().join("guichet.db"));
    assert!(matches!(told, OpenError::LogMissing(..)), "{told}");
    let store = Store::sqlite(&accepted.path().join("guichet.db"), options()).unwrap();
    assert_eq!(store.sellers().await.unwrap(), []);
    store.close().await.unwrap();
    let store = Store::sqlite(&whole.path().join("guichet.db"), options()).unwrap();
    assert_eq!(store.sellers().await.unwrap(), [SELLER]);
    store.close().await.unwrap();
}

/// A log that was cut off loses what it lost, but nothing is half there.
#[tokio::test]
async fn half_a_log_holds_whole_batches() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options()).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, Some(99))).await.unwrap();
    for seed in 0..9 {
        let sale = store.submit(shop.order(seed, ADULT, 1)).await.unwrap().sale;
        store.submit(answer(SELLER, sale.id, approved())).await.unwrap();
    }
    let copy = after_a_crash(folder.path(), &[]);
    store.close().await.unwrap();
    let log = copy.path().join("guichet.db-wal");
    let length = std::fs::metadata(&log).unwrap().len();
    std::fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(length / 2).unwrap();
    let store = Store::sqlite(&copy.path().join("guichet.db"), options()).unwrap();
    let report = store.check().await.unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert!((1..9).contains(&report.sales), "{}", report.sales);
    store.close().await.unwrap();
}

/// A file whose beginning or schema is spoilt is refused, and the sentence says what to do.
#[tokio::test]
async fn a_spoilt_beginning_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    sell_one(&path).await;
    let good = std::fs::read(&path).unwrap();
    for range in [0..16, 100..400] {
        let mut file = good.clone();
        file[range.clone()].fill(0xAA);
        std::fs::write(&path, file).unwrap();
        let told = refused(&path).to_string();
        assert!(told.contains("damaged") && told.contains("backup"), "{range:?}: {told}");
    }
}
