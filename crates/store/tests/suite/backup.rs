//! Copies of a database that sells, and databases made of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use domain::ids::{SaleId, Shard};
use domain::time::Timestamp;
use rusqlite::Connection;
use store::sqlite::Settings;
use store::sqlite::backup::{BackupError, Copying, Progress, Restored, Taken, backup, restore};
use store::testing::{ADULT, GROUND, ManualClock, NOON, Shop, answer, approved};
use store::{Attachment, OpenError, Options, Store};

use crate::common::SELLER;

const SELLERS: [Shard; 2] = [SELLER, Shard(9)];

fn options() -> Options {
    Options { clock: ManualClock::new(NOON), ..Options::default() }
}

fn key() -> Attachment {
    Attachment::new("scan-code.key".to_owned(), vec![7; 32]).unwrap()
}

/// Copies `from` to `to`, calmly, so that others get something done meanwhile.
fn copy(from: &Path, to: &Path, keep_free_bytes: u64) -> Result<Taken, BackupError> {
    let mut progress = |progress| {
        if matches!(progress, Progress::Copying { .. }) {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let clock = ManualClock::new(NOON);
    let mut copying = Copying { clock: &*clock, keep_free_bytes, progress: &mut progress };
    backup(&Settings::of(from), &Settings::of(to), &mut copying, || Ok(vec![key()]))
}

fn bring_back(from: &Path, to: &Path) -> Result<Restored, BackupError> {
    let clock = ManualClock::new(NOON);
    let mut copying = Copying { clock: &*clock, keep_free_bytes: 0, progress: &mut |_| {} };
    restore(&Settings::of(from), &Settings::of(to), 5_000, &mut copying, |files| {
        assert_eq!(files, [key()]);
        Ok(())
    })
}

async fn shop(store: &Store, shard: Shard) -> Shop {
    let mut shop = Shop::new(shard);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, None)).await.unwrap();
    shop
}

async fn buy(store: &Store, shop: &Shop, seed: u64) -> SaleId {
    let sale = store.submit(shop.order(seed, ADULT, 1)).await.unwrap().sale.id;
    store.submit(answer(shop.shard, sale, approved())).await.unwrap();
    sale
}

/// Buys until told to stop; counts each seller's answered orders.
async fn rush(store: Store, shop: Shop, seeds: u64, stop: Arc<AtomicBool>, count: Arc<AtomicU32>) {
    let mut seed = seeds;
    while !stop.load(Relaxed) {
        buy(&store, &shop, seed).await;
        count.fetch_add(1, Relaxed);
        seed += 1;
    }
}

/// While many sell at full load, a copy ends, holds together, has every order that was answered
/// before it began, and nothing in it comes without what came before.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_made_while_others_sell() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    let stop = Arc::<AtomicBool>::default();
    let counts = SELLERS.map(|_| Arc::<AtomicU32>::default());
    let mut buyers = Vec::new();
    for (shard, count) in SELLERS.iter().zip(&counts) {
        let shop = shop(&store, *shard).await;
        buyers.extend((0..16).map(|buyer| {
            let (stop, count) = (Arc::clone(&stop), Arc::clone(count));
            tokio::spawn(rush(store.clone(), shop.clone(), buyer << 32, stop, count))
        }));
    }
    while counts.iter().any(|count| count.load(Relaxed) < 500) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before: Vec<u32> = counts.iter().map(|count| count.load(Relaxed)).collect();
    let (from, to) = (path.clone(), copied.clone());
    let taken = tokio::task::spawn_blocking(move || copy(&from, &to, 0)).await.unwrap().unwrap();
    let after: Vec<u32> = counts.iter().map(|count| count.load(Relaxed)).collect();
    stop.store(true, Relaxed);
    for buyer in buyers {
        buyer.await.unwrap();
    }
    store.close().await.unwrap();
    assert!(before.iter().zip(&after).all(|(before, after)| before < after), "they went on");
    assert!(taken.log_length > 0 && taken.contents.taken_at == NOON);
    let copy = Store::sqlite(&copied, options()).unwrap();
    for (shard, before) in SELLERS.iter().zip(before) {
        let mut last = SaleId(0);
        let mut numbers = Vec::new();
        loop {
            let page = copy.sales(*shard, last, 1_000).await.unwrap();
            let Some(end) = page.last() else { break };
            last = end.id;
            numbers.extend(page.iter().map(|sale| sale.id.0 % 1_024));
        }
        let paid = taken.contents.check.sales;
        assert!(numbers.len() >= before as usize && u64::from(before) <= paid, "{shard:?}");
        let mut expected = numbers.clone();
        expected.dedup();
        assert_eq!(numbers, expected, "none twice");
    }
    assert_eq!(copy.check().await.unwrap(), taken.contents.check);
    copy.close().await.unwrap();
}

/// A backup opens by itself, is its owner's alone, and replaces nothing.
#[tokio::test]
async fn a_backup_is_one_whole_private_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    let shop = shop(&store, SELLER).await;
    buy(&store, &shop, 1).await;
    let taken = copy(&path, &copied, 0).unwrap();
    assert_eq!((taken.contents.check.sales, taken.contents.sums.len()), (1, 3));
    let names = std::fs::read_dir(folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let beside: Vec<_> = names.filter(|name| name.starts_with("copy.db")).collect();
    assert_eq!(beside, ["copy.db"], "nothing but the file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&copied).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let connection = Connection::open(&copied).unwrap();
    let mode: String =
        connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete", "no log is needed");
    drop(connection);
    let bytes = std::fs::read(&copied).unwrap();
    assert!(matches!(copy(&path, &copied, 0), Err(BackupError::Exists(_))));
    assert_eq!(std::fs::read(&copied).unwrap(), bytes);
    store.close().await.unwrap();
}

/// Selling goes before copying: a copy that would fill the disk is not begun.
#[tokio::test]
async fn a_copy_leaves_room_for_selling() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options()).unwrap();
    let told = copy(&path, &folder.path().join("copy.db"), u64::MAX);
    assert!(matches!(told, Err(BackupError::NoRoom { .. })), "{told:?}");
    assert!(!folder.path().join("copy.db.partial").exists());
    store.close().await.unwrap();
}

/// A restored database sells on: what it had is there, a repeat gets its sale, and numbers that
/// may have been given out since the backup are not given out again.
#[tokio::test]
async fn a_restored_database_sells_on() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    let mut shop = shop(&store, SELLER).await;
    let known = buy(&store, &shop, 1).await;
    copy(&path, &copied, 0).unwrap();
    let lost = buy(&store, &shop, 2).await;
    store.close().await.unwrap();
    let restored_path = folder.path().join("restored.db");
    let restored = bring_back(&copied, &restored_path).unwrap();
    assert_eq!((restored.contents.check.sales, restored.attachments), (1, 1));
    assert!(matches!(bring_back(&copied, &restored_path), Err(BackupError::Exists(_))));
    let store = Store::sqlite(&restored_path, options()).unwrap();
    shop.revision = store.catalogue(SELLER).await.unwrap().revision;
    let repeated = store.submit(shop.order(1, ADULT, 1)).await.unwrap();
    assert_eq!(repeated.sale.id, known);
    let next = buy(&store, &shop, 3).await;
    assert!(next.0 > lost.0 + 5_000, "{next:?} after {lost:?}");
    assert_eq!(store.shard_of(domain::ids::NumberKind::Sale, next.0).await.unwrap(), Some(SELLER));
    assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
    store.close().await.unwrap();
}

/// A backup from before the first order knows no number of a sale, and yet sales may have begun at
/// the first one since: those are left out, too.
#[tokio::test]
async fn a_backup_without_sales_leaves_numbers_out() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    let mut shop = shop(&store, SELLER).await;
    copy(&path, &copied, 0).unwrap();
    let lost = buy(&store, &shop, 1).await;
    store.close().await.unwrap();
    let restored_path = folder.path().join("restored.db");
    bring_back(&copied, &restored_path).unwrap();
    let store = Store::sqlite(&restored_path, options()).unwrap();
    shop.revision = store.catalogue(SELLER).await.unwrap().revision;
    let next = buy(&store, &shop, 2).await;
    assert!(next.0 >= lost.0 + 5_000, "{next:?} after {lost:?}");
    assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
    store.close().await.unwrap();
}

/// What is no whole backup is refused, and nothing is left of the try.
#[tokio::test]
async fn only_whole_backups_are_restored() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let store = Store::sqlite(&file("guichet.db"), options()).unwrap();
    let shop = shop(&store, SELLER).await;
    buy(&store, &shop, 1).await;
    copy(&file("guichet.db"), &file("good"), 0).unwrap();
    store.close().await.unwrap();
    let good = std::fs::read(file("good")).unwrap();
    let spoil = |name: &str, sql: &str| {
        std::fs::write(file(name), &good).unwrap();
        Connection::open(file(name)).unwrap().execute_batch(sql).unwrap();
    };
    spoil("wrong", "UPDATE balance SET amount = amount + 1");
    spoil("plain", "DROP TABLE backup");
    spoil("newer", "INSERT INTO migration VALUES (99, 'from the future', '')");
    spoil("path", "UPDATE backup_file SET name = '../../scan-code.key'");
    std::fs::write(file("cut"), &good[..good.len() / 2]).unwrap();
    std::fs::write(file("text"), "Dear sir or madam, this is no backup. ".repeat(99)).unwrap();
    let told = |name: &str| bring_back(&file(name), &file("restored.db")).unwrap_err();
    assert!(matches!(told("wrong"), BackupError::Damaged { .. }));
    assert!(matches!(told("plain"), BackupError::NotABackup(_)));
    assert!(matches!(told("newer"), BackupError::Open(OpenError::Newer { .. })));
    assert!(matches!(told("path"), BackupError::NotABackup(_)));
    let cut = told("cut");
    assert!(matches!(cut, BackupError::Open(OpenError::Damaged(_))), "{cut:?}");
    assert!(matches!(told("text"), BackupError::Open(OpenError::Foreign(_))));
    assert!(matches!(told("nowhere"), BackupError::Open(OpenError::Forbidden(_))));
    assert!(!file("restored.db").exists() && !file("restored.db.partial").exists());
}

/// A copy of a damaged database does not pass for a backup, and is kept all the same.
#[tokio::test]
async fn a_damaged_copy_is_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    let shop = shop(&store, SELLER).await;
    buy(&store, &shop, 1).await;
    store.close().await.unwrap();
    Connection::open(&path).unwrap().execute_batch("DELETE FROM posting").unwrap();
    let told = copy(&path, &copied, 0);
    assert!(matches!(&told, Err(BackupError::Damaged { path, .. }) if path.ends_with(".damaged")));
    assert!(!copied.exists() && folder.path().join("copy.db.damaged").exists());
}

/// Time goes on from where the backup was, even on a clock that was put back.
#[tokio::test]
async fn a_restored_database_remembers_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copied) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let store = Store::sqlite(&path, options()).unwrap();
    shop(&store, SELLER).await;
    copy(&path, &copied, 0).unwrap();
    store.close().await.unwrap();
    bring_back(&copied, &folder.path().join("restored.db")).unwrap();
    let early = ManualClock::new(Timestamp(NOON.0 - 3_600_000_000));
    let options = Options { clock: early, ..Options::default() };
    let store = Store::sqlite(&folder.path().join("restored.db"), options).unwrap();
    assert_eq!(store.condition().clock_behind_us, 3_600_000_000);
    store.close().await.unwrap();
}
