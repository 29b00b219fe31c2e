//! An answer is durable: killing a process leaves what the system holds alive, so this looks
//! from below. A layer under SQLite records what reaches the disk in order, and every answered
//! commit must have been preceded by a sync of the log that covers all its writes.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::sync::{Arc, Mutex};

use domain::ids::Shard;
use store::sqlite::Settings;
use store::sqlite::backup::{Copying, backup};
use store::testing::{ADULT, GROUND, ManualClock, NOON, Shop, answer, approved};
use store::{Backend, Options, Store};
use store_vfs::{Event, FileKind, Layer, Operation, Witness};

const SELLER: Shard = Shard(7);

/// What has reached the log since its last sync, and what was answered too early.
#[derive(Default)]
struct Record {
    writes: u32,
    unsynced_bytes: usize,
    syncs: u32,
}

struct Log(FileKind, Mutex<Record>);

impl Default for Log {
    fn default() -> Log {
        Log::of(FileKind::Log)
    }
}

impl Log {
    fn of(file: FileKind) -> Log {
        Log(file, Mutex::default())
    }
}

impl Witness for Log {
    fn saw(&self, event: Event) {
        if event.file != self.0 {
            return;
        }
        let mut record = self.1.lock().unwrap();
        match event.operation {
            Operation::Write { length, .. } => {
                record.writes += 1;
                record.unsynced_bytes += length;
            }
            Operation::Sync { .. } => {
                record.syncs += 1;
                record.unsynced_bytes = 0;
            }
            Operation::Truncate { .. } => {}
        }
    }
}

/// Sells to `buyers` at once, round by round. Whenever nothing is on its way, all that was
/// answered must have been synced: answers how often bytes of answered commits were not.
async fn early_answers(settings: impl Fn(Settings) -> Settings, rounds: u64, buyers: u64) -> u32 {
    let log = Arc::<Log>::default();
    let layer = Layer { witness: Some(Arc::clone(&log) as Arc<dyn Witness>), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let settings = settings(Settings::of(&path).through(layer));
    let (engine, reader) = store::sqlite::open(settings).unwrap();
    let options = Options { clock: ManualClock::new(NOON), ..Options::default() };
    let store = Store::start(Backend::single(engine, reader), options).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, None)).await.unwrap();
    let mut early = 0;
    for round in 0..rounds {
        let seeds = round * buyers..(round + 1) * buyers;
        let orders: Vec<_> = seeds
            .map(|seed| tokio::spawn(buy(store.clone(), shop.order(seed, ADULT, 1))))
            .collect();
        for order in orders {
            order.await.unwrap();
        }
        early += u32::from(log.1.lock().unwrap().unsynced_bytes > 0);
    }
    let commits = store.statistics().commits;
    store.close().await.unwrap();
    let record = log.1.lock().unwrap();
    assert!(u64::from(record.writes) > commits, "the witness watches the log");
    early
}

async fn buy(store: Store, order: domain::sale::PlaceOrder) {
    let sale = store.submit(order).await.unwrap().sale;
    store.submit(answer(SELLER, sale.id, approved())).await.unwrap();
}

/// One at a time and many at once: nothing answered is ever only in the system's memory. There
/// are enough commits for the log to be folded in and begun again several times.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_synced_first() {
    assert_eq!(early_answers(|settings| settings, 30, 1).await, 0);
    assert_eq!(early_answers(|settings| settings, 20, 64).await, 0);
}

/// The same test notices a database that does not wait for the disk.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_sync_is_noticed() {
    assert!(early_answers(Settings::without_sync, 5, 1).await > 0);
}

/// A process that was killed between writing and syncing leaves a commit in the log that the
/// next one believes in. It is synced before anybody is told of it.
#[tokio::test]
async fn what_a_crash_left_behind_is_synced_first() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("guichet.db"), folder.path().join("copy.db"));
    let options = || Options { clock: ManualClock::new(NOON), ..Options::default() };
    let store = Store::sqlite(&path, options()).unwrap();
    store.submit(Shop::new(SELLER).publish()).await.unwrap();
    for (from, to) in [("guichet.db", "copy.db"), ("guichet.db-wal", "copy.db-wal")] {
        std::fs::copy(folder.path().join(from), folder.path().join(to)).unwrap();
    }
    let log = Arc::<Log>::default();
    let layer = Layer { witness: Some(Arc::clone(&log) as Arc<dyn Witness>), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let (_engine, reader) = store::sqlite::open(Settings::of(&copy).through(layer)).unwrap();
    assert!(log.1.lock().unwrap().syncs > 0, "opening has synced the log");
    assert_eq!(store::testing::dump(&*reader).unwrap().shards, [SELLER]);
    store.close().await.unwrap();
}

/// Bytes of a backup that were not synced when it got its name.
async fn unsynced_of_a_backup(settings: impl Fn(Settings) -> Settings) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let clock = ManualClock::new(NOON);
    let options = Options { clock: clock.clone(), ..Options::default() };
    let store = Store::sqlite(&path, options).unwrap();
    store.submit(Shop::new(SELLER).publish()).await.unwrap();
    let main = Arc::new(Log::of(FileKind::Main));
    let layer = Layer { witness: Some(Arc::clone(&main) as Arc<dyn Witness>), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let to = settings(Settings::of(&folder.path().join("copy.db")).through(layer));
    let mut copying = Copying { clock: &*clock, keep_free_bytes: 0, progress: &mut |_| {} };
    backup(&Settings::of(&path), &to, &mut copying, || Ok(Vec::new())).unwrap();
    store.close().await.unwrap();
    let record = main.1.lock().unwrap();
    assert!(record.writes > 0, "the witness watches the copy");
    record.unsynced_bytes
}

/// A backup is on the disk when it gets its name, and the test notices one that is not.
#[tokio::test]
async fn a_backup_is_synced() {
    assert_eq!(unsynced_of_a_backup(|settings| settings).await, 0);
    assert!(unsynced_of_a_backup(Settings::without_sync).await > 0);
}
