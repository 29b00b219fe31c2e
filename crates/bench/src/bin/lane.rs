//! What a paid order costs a lane: one `PlaceOrder` and one `Advance` each, many in flight,
//! through [`Store::submit`], in memory and on SQLite with every commit synced.
//!
//! ```text
//! cargo run --release -p bench --bin lane -- [ORDERS] [IN_FLIGHT] [FOLDER]
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use domain::ids::Shard;
use domain::offer::Offer;
use store::lane::LANE_THREAD_NAME;
use store::testing::{ADULT, GROUND, Shop, answer, approved};
use store::{Options, Statistics, Store};

/// Orders unless told otherwise: enough for a table of some depth.
const ORDERS: u64 = 200_000;

/// Buyers that wait at the same time unless told otherwise.
const IN_FLIGHT: u64 = 256;

const SELLER: Shard = Shard(7);

/// What one run has cost.
struct Cost {
    orders: u64,
    wall: Duration,
    lane: Duration,
    statistics: Statistics,
    bytes: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let orders = arguments.next().map_or(Ok(ORDERS), |text| text.parse())?;
    let in_flight = arguments.next().map_or(Ok(IN_FLIGHT), |text| text.parse())?;
    let parent = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent)?;
    let path = folder.path().join("guichet.db");

    let memory = run(Store::memory(Options::default()), orders, in_flight, None).await?;
    println!("memory: {}", memory.sentence());
    let sqlite = Store::sqlite(&path, Options::default())?;
    let sqlite = run(sqlite, orders, in_flight, Some(&path)).await?;
    println!("sqlite: {}", sqlite.sentence());
    Ok(())
}

async fn run(
    store: Store,
    orders: u64,
    in_flight: u64,
    path: Option<&Path>,
) -> Result<Cost, Box<dyn Error>> {
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await?;
    shop.revision = store.submit(shop.limit(GROUND, None)).await?;
    let offer = Arc::new(shop.offer());
    let next = Arc::new(AtomicU64::new(0));
    let lane_before = lane_time()?;
    let start = now();
    let buyers: Vec<_> = (0..in_flight)
        .map(|_| {
            let (store, shop, offer) = (store.clone(), shop.clone(), Arc::clone(&offer));
            tokio::spawn(buy(store, shop, offer, Arc::clone(&next), orders))
        })
        .collect();
    for buyer in buyers {
        buyer.await??;
    }
    let (wall, lane) = (start.elapsed(), lane_time()? - lane_before);
    let statistics = store.statistics();
    store.close().await?;
    let bytes = path.map_or(Ok(0), |path| std::fs::metadata(path).map(|file| file.len()))?;
    Ok(Cost { orders, wall, lane, statistics, bytes })
}

async fn buy(
    store: Store,
    shop: Shop,
    offer: Arc<Offer>,
    next: Arc<AtomicU64>,
    orders: u64,
) -> Result<(), store::SubmitError> {
    loop {
        let seed = next.fetch_add(1, Relaxed);
        if seed >= orders {
            return Ok(());
        }
        let order = shop.order_of(Arc::clone(&offer), seed, ADULT, 2);
        let sale = store.submit(order).await?.sale.id;
        store.submit(answer(SELLER, sale, approved())).await?;
    }
}

impl Cost {
    fn sentence(&self) -> String {
        let Statistics { commits, commands, miss_rounds, .. } = self.statistics;
        let each = |value: f64| value / self.orders as f64;
        let disk = match self.bytes {
            0 => String::new(),
            bytes => format!(", {:.0} bytes an order on disk", each(bytes as f64)),
        };
        format!(
            "{:.0} orders/s, {:.1} µs of processor an order in the lane, {commits} commits of \
             {:.0} commands, {miss_rounds} miss rounds{disk}",
            self.orders as f64 / self.wall.as_secs_f64(),
            each(self.lane.as_secs_f64() * 1e6),
            commands as f64 / commits as f64,
        )
    }
}

/// Processor time of the lane's thread so far, as the scheduler counts it.
fn lane_time() -> Result<Duration, Box<dyn Error>> {
    // The first thread has the name of this program, which is the same.
    let first = std::process::id().to_string();
    for task in std::fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        let is_first = task.file_name().is_some_and(|name| *name == *first);
        if !is_first && std::fs::read_to_string(task.join("comm"))?.trim() == LANE_THREAD_NAME {
            let counts = std::fs::read_to_string(task.join("schedstat"))?;
            let nanoseconds = counts.split_whitespace().next().unwrap_or("0").parse()?;
            return Ok(Duration::from_nanos(nanoseconds));
        }
    }
    Err("there is no lane to measure".into())
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}
