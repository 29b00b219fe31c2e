//! What a full or broken disk does, a spoilt page, a deleted file, a clock that was put back.

use std::path::Path;
use std::sync::Arc;

use domain::ids::Shard;
use domain::sale::Sale;
use domain::time::Timestamp;
use store::batch::Core;
use store::engine::Engine as _;
use store::sqlite::Settings;
use store::testing::{ADULT, GROUND, ManualClock, NOON, Shop, check, run_alone};
use store::{Backend, Fault, Options, Store, SubmitError};
use store_vfs::{Faults, FileKind, Layer, Plan, Trouble};

use crate::common::SELLER;

const OTHER: Shard = Shard(9);

fn options() -> Options {
    Options { clock: ManualClock::new(NOON), ..Options::default() }
}

async fn shop(store: &Store, shard: Shard) -> Shop {
    let mut shop = Shop::new(shard);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, Some(99))).await.unwrap();
    shop
}

async fn order(store: &Store, shop: &Shop, seed: u64) -> Result<u32, SubmitError> {
    let placed = store.submit(shop.order(seed, ADULT, 1)).await;
    placed.map(|placed| placed.sale.id.0)
}

/// Orders before, during and after the trouble; answers how the second one went.
fn order_through(plan: Plan) -> Result<u32, SubmitError> {
    let faults = Arc::<Faults>::default();
    let layer = Layer { faults: Arc::clone(&faults), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::of(&folder.path().join("guichet.db"));
    let (engine, reader) = store::sqlite::open(settings.through(layer)).unwrap();
    let mut core = Core::new(engine, 1, 100).unwrap();
    let mut shop = Shop::new(SELLER);
    shop.revision = run_alone(&mut core, shop.publish(), NOON).unwrap();
    shop.revision = run_alone(&mut core, shop.limit(GROUND, Some(9)), NOON).unwrap();
    let mut order = |seed| {
        let placed = run_alone(&mut core, shop.order(seed, ADULT, 1), NOON);
        placed.map(|placed| placed.sale.id.0)
    };
    assert_eq!(order(1), Ok(1));
    faults.plan(plan);
    let told = order(2);
    faults.clear();
    let next = if told.is_ok() { 3 } else { 2 };
    assert_eq!(order(3), Ok(next), "all is well again, and nothing is left of what failed");
    let report = check(&*reader).unwrap();
    assert_eq!((report.findings, report.sales), (Vec::new(), next.into()));
    core.engine().close().unwrap();
    told
}

/// A disk that stays full is a fault, and nothing is stored; one that fails once is tried
/// again, and the order happens once.
#[test]
fn trouble_with_the_log_is_survived() {
    for at_sync in [false, true] {
        for trouble in [Trouble::DiskFull, Trouble::Broken] {
            let plan = Plan { file: FileKind::Log, at_sync, after: 0, times: 1, trouble };
            let told = order_through(plan);
            assert_eq!(told, Ok(2), "once: {plan:?}");
            let told = order_through(Plan { times: u32::MAX, ..plan });
            let fault =
                matches!(told, Err(SubmitError::Fault(Fault::Database(_) | Fault::Unknown(_))));
            assert!(fault, "always: {plan:?}: {told:?}");
        }
    }
}

/// While the disk is full the store says so, in words that help; when there is room again it
/// sells by itself, and a look is enough to notice.
#[tokio::test]
async fn a_full_disk_is_told_and_forgotten() {
    let faults = Arc::<Faults>::default();
    let layer = Layer { faults: Arc::clone(&faults), ..Layer::default() };
    let layer = store_vfs::register(layer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::of(&folder.path().join("guichet.db")).through(layer);
    let (engine, reader) = store::sqlite::open(settings).unwrap();
    let store = Store::start(Backend::single(engine, reader), options()).unwrap();
    let shop = shop(&store, SELLER).await;
    for trouble in [Trouble::DiskFull, Trouble::Broken] {
        let plan = Plan { file: FileKind::Log, at_sync: false, after: 0, times: u32::MAX, trouble };
        faults.plan(plan);
        assert!(order(&store, &shop, 1).await.is_err());
        let told = store.condition().fault.expect("a fault");
        assert!(told.contains("disk") && told.contains("by itself"), "{told}");
        assert!(store.probe().await.is_err(), "it is still full");
        faults.clear();
        store.probe().await.unwrap();
        assert_eq!(store.condition().fault, None);
    }
    assert_eq!(order(&store, &shop, 1).await, Ok(1), "nothing is left of what failed");
    assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
    store.close().await.unwrap();
}

/// Overwrites the page on which this text lies.
fn spoil_page(path: &Path, text: &str) {
    const PAGE: usize = store::sqlite::PAGE_SIZE_BYTES as usize;
    let mut file = std::fs::read(path).unwrap();
    let mut windows = file.windows(text.len());
    let place = windows.position(|window| window == text.as_bytes()).expect("it is there");
    let start = place / PAGE * PAGE;
    file[start..start + PAGE].fill(0xAA);
    std::fs::write(path, file).unwrap();
}

/// A spoilt page stops those who need what lies on it (here a repeat that asks for its sale), and
/// nobody else, even in the same batch.
#[tokio::test]
async fn a_spoilt_page_stops_only_those_who_need_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options()).unwrap();
    let shops = [shop(&store, SELLER).await, shop(&store, OTHER).await];
    for seed in 0..20 {
        for shop in &shops {
            order(&store, shop, seed).await.unwrap();
        }
    }
    let last = store.read::<Sale>(Sale::key_of(SELLER, domain::ids::SaleId(20))).await.unwrap();
    store.close().await.unwrap();
    spoil_page(&path, &serde_json::to_string(&last.unwrap().secret).unwrap());
    let store = Store::sqlite(&path, options()).unwrap();
    let [spoilt, whole] = shops;
    let told = tokio::join!(
        order(&store, &whole, 100),
        order(&store, &spoilt, 19),
        order(&store, &whole, 101),
    );
    assert!(told.0.is_ok() && told.2.is_ok(), "{told:?}");
    let repeat = told.1;
    assert!(matches!(repeat, Err(SubmitError::Fault(Fault::Unreadable(_)))), "{repeat:?}");
    assert_eq!(store.condition().fault, None, "the others may sell");
    let found = store.check().await;
    assert!(found.as_ref().map_or(true, |report| !report.findings.is_empty()), "{found:?}");
    store.close().await.unwrap();
}

/// What is left of an event is not guessed: with its quota spoilt, by a lost page or by one
/// digit, it is not sold.
#[tokio::test]
async fn a_spoilt_quota_is_not_sold_over() {
    for spoil in [
        |path: &Path| spoil_page(path, "\"quota 1\""),
        |path: &Path| {
            let sql = "UPDATE quota SET body = json_set(body, '$.sold', 0, '$.held', 0)";
            rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
        },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guichet.db");
        let store = Store::sqlite(&path, options()).unwrap();
        let shop = shop(&store, SELLER).await;
        order(&store, &shop, 1).await.unwrap();
        store.close().await.unwrap();
        spoil(&path);
        let store = Store::sqlite(&path, options()).unwrap();
        let told = order(&store, &shop, 2).await;
        assert!(matches!(told, Err(SubmitError::Fault(Fault::Unreadable(_)))), "{told:?}");
        assert_eq!(store.sales(SELLER, domain::ids::SaleId(0), 9).await.unwrap().len(), 1);
        store.close().await.unwrap();
    }
}

/// Somebody deletes or replaces a file under a running program: what was answered is safe where
/// that is possible, nothing more is sold, and the sentence says what to do.
#[tokio::test]
async fn a_file_taken_away_ends_the_sale() {
    for (name, safe) in [("guichet.db-wal", true), ("guichet.db-shm", true), ("guichet.db", false)]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guichet.db");
        let store = Store::sqlite(&path, options()).unwrap();
        let shop = shop(&store, SELLER).await;
        order(&store, &shop, 1).await.unwrap();
        std::fs::remove_file(folder.path().join(name)).unwrap();
        let told = order(&store, &shop, 2).await;
        assert_eq!(told.is_ok(), safe, "{name}: {told:?}");
        let told = order(&store, &shop, 3).await;
        assert!(matches!(told, Err(SubmitError::Fault(Fault::Database(_)))), "{name}: {told:?}");
        let fault = store.condition().fault.expect("a fault");
        assert!(fault.contains(name) && fault.contains("start"), "{fault}");
        // As after a crash: nothing of the running program helps.
        if safe {
            let copy = folder.path().join("copy.db");
            std::fs::copy(&path, &copy).unwrap();
            let copy = Store::sqlite(&copy, options()).unwrap();
            let report = copy.check().await.unwrap();
            assert_eq!((report.findings, report.sales), (Vec::new(), 2), "{name}");
            copy.close().await.unwrap();
        }
        store.close().await.unwrap();
    }
}

/// A clock that is put back while the program runs does not turn the rules' time back; the store
/// says how far it is behind, until it has caught up.
#[tokio::test]
async fn a_clock_put_back_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new(NOON);
    let running = Arc::clone(&clock);
    let options = move |accepted| {
        let clock = Arc::clone(&running);
        Options { clock, clock_accepted: accepted, ..Options::default() }
    };
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options(false)).unwrap();
    let shop = shop(&store, SELLER).await;
    clock.set(Timestamp(NOON.0 - 5_000_000));
    let placed = store.submit(shop.order(1, ADULT, 1)).await.unwrap();
    assert_eq!((placed.sale.placed_at, store.condition().clock_behind_us), (NOON, 5_000_000));
    store.close().await.unwrap();
    for (accepted, behind) in [(false, 5_000_000), (true, 0)] {
        let store = Store::sqlite(&path, options(accepted)).unwrap();
        assert_eq!(store.condition().clock_behind_us, behind, "after a start");
        store.close().await.unwrap();
    }
    let store = Store::sqlite(&path, options(false)).unwrap();
    clock.set(NOON);
    assert_eq!(store.condition().clock_behind_us, 0);
    store.close().await.unwrap();
}
