//! What the gate and long work cost a lane, on SQLite with every commit synced: scans a second, and
//! how long buyers wait while all sales of the same seller are refunded.
//!
//! ```text
//! cargo run --release -p bench --bin gate -- [ORDERS] [FOLDER]
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use domain::audit::{AuditEvent, AuditNote};
use domain::gate::{ScanTicket, Verdict};
use domain::ids::{JobId, SaleId, Shard};
use domain::job::{JobKind, JobStep, StartJob, Stepped};
use domain::offer::Offer;
use domain::sale::{Advance, AdvanceEvent};
use domain::scan_code::Admission;
use store::testing::{ADULT, GROUND, Shop, answer, approved};
use store::{Options, Store, SubmitError};

/// Orders of two adults, unless told otherwise.
const ORDERS: u64 = 10_000;

/// Scanners and buyers at the same time.
const IN_FLIGHT: usize = 64;

/// The breath between two sales of long work, as the server takes it.
const SALE_PAUSE: Duration = Duration::from_millis(2);

/// The pause between two orders of one of the buyers whose waiting is measured.
const BUYER_PAUSE: Duration = Duration::from_millis(10);

/// Buyers whose waiting is measured.
const BUYERS: u64 = 4;

const SELLER: Shard = Shard(7);

#[derive(Clone)]
struct Window {
    store: Store,
    shop: Shop,
    offer: Arc<Offer>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let orders = arguments.next().map_or(Ok(ORDERS), |text| text.parse())?;
    let parent = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent)?;
    let store = Store::sqlite(&folder.path().join("guichet.db"), Options::default())?;
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await?;
    shop.revision = store.submit(shop.limit(GROUND, None)).await?;
    let offer = Arc::new(shop.offer());
    let window = Window { store, shop, offer };

    let sales = window.sell(orders).await?;
    let scans = window.scan(&sales).await?;
    println!("scans: {scans:.0} a second by {IN_FLIGHT} scanners");
    let alone = window.waiting(orders, tokio::time::sleep(Duration::from_secs(5))).await?;
    println!("an order and its payment, alone: {}", told(&alone));
    let begun = now();
    let beside = window.waiting(2 * orders, window.refund(&sales)).await?;
    let rate = sales.len() as f64 / begun.elapsed().as_secs_f64();
    println!("the same while {rate:.0} sales a second are refunded: {}", told(&beside));
    window.store.close().await?;
    Ok(())
}

impl Window {
    async fn sell(&self, orders: u64) -> Result<Vec<SaleId>, Box<dyn Error>> {
        let mut buyers = tokio::task::JoinSet::new();
        for first in 0..IN_FLIGHT as u64 {
            let window = self.clone();
            buyers.spawn(async move {
                let mut sales = Vec::new();
                for seed in (first..orders).step_by(IN_FLIGHT) {
                    sales.push(window.buy(seed).await?);
                }
                Ok::<_, SubmitError>(sales)
            });
        }
        let mut sales = Vec::new();
        while let Some(bought) = buyers.join_next().await {
            sales.extend(bought??);
        }
        Ok(sales)
    }

    async fn buy(&self, seed: u64) -> Result<SaleId, SubmitError> {
        let order = self.shop.order_of(Arc::clone(&self.offer), seed, ADULT, 2);
        let sale = self.store.submit(order).await?.sale.id;
        self.store.submit(answer(SELLER, sale, approved())).await?;
        Ok(sale)
    }

    /// Scans both admissions of every sale; answers with scans a second.
    async fn scan(&self, sales: &[SaleId]) -> Result<f64, Box<dyn Error>> {
        let (next, all) = (Arc::new(AtomicUsize::new(0)), Arc::new(sales.to_vec()));
        let event = self.offer.event_id();
        let begun = now();
        let mut scanners = tokio::task::JoinSet::new();
        for gate in 0..IN_FLIGHT {
            let (store, next, all) = (self.store.clone(), Arc::clone(&next), Arc::clone(&all));
            scanners.spawn(async move {
                loop {
                    let index = next.fetch_add(1, Relaxed);
                    let Some(sale) = all.get(index / 2).copied() else { return Ok(()) };
                    let number = if index % 2 == 0 { 1 } else { 2 };
                    let admission = Admission { shard: SELLER, sale, event, number };
                    let gate = format!("gate {}", gate % 8);
                    let scan = ScanTicket { admission, gate, event: None, transfer: None };
                    let verdict = store.submit(scan).await?.verdict;
                    assert_eq!(verdict, Verdict::Admitted { again: false });
                }
            });
        }
        while let Some(ended) = scanners.join_next().await {
            ended.map(|scanned: Result<(), SubmitError>| scanned)??;
        }
        Ok(2.0 * sales.len() as f64 / begun.elapsed().as_secs_f64())
    }

    /// Refunds every sale as the server's worker does, and lets the gateway take each at once.
    async fn refund(&self, sales: &[SaleId]) {
        let job = self.start().await;
        for sale in sales {
            let (shard, sale) = (SELLER, *sale);
            let step = JobStep { shard, job, sale, partner: None, worker: 0 };
            let stepped = self.store.submit(step).await;
            assert!(matches!(stepped, Ok(Stepped::Done(..))), "{stepped:?}");
            let store = self.store.clone();
            tokio::spawn(async move {
                let event = AdvanceEvent::Result(2, approved());
                store.submit(Advance { shard, sale, partner: None, event }).await
            });
            tokio::time::sleep(SALE_PAUSE).await;
        }
    }

    async fn start(&self) -> JobId {
        let note = AuditNote {
            nonce: 1,
            event: AuditEvent::EventCancelled,
            subject: None,
            name: String::new(),
            by: "bench".into(),
            address: String::new(),
            detail: String::new(),
            count: 1,
        };
        let start = StartJob {
            shard: SELLER,
            event: self.offer.event_id(),
            kind: JobKind::Refund,
            cancel_event: false,
            force: true,
            reason: String::new(),
            by: "bench".into(),
            note,
        };
        let started = self.store.submit(start).await;
        started.map(|job| job.id).unwrap_or_else(|error| panic!("the job did not start: {error}"))
    }

    /// How long buyers waited, shortest first, while `work` went on.
    async fn waiting(
        &self,
        first_seed: u64,
        work: impl Future<Output = ()>,
    ) -> Result<Vec<Duration>, Box<dyn Error>> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut buyers = tokio::task::JoinSet::new();
        for buyer in 0..BUYERS {
            let (window, stop) = (self.clone(), Arc::clone(&stop));
            buyers.spawn(async move {
                let (mut waits, mut seed) = (Vec::new(), first_seed + buyer);
                while !stop.load(Relaxed) {
                    let begun = now();
                    window.buy(seed).await?;
                    waits.push(begun.elapsed());
                    seed += BUYERS;
                    tokio::time::sleep(BUYER_PAUSE).await;
                }
                Ok::<_, SubmitError>(waits)
            });
        }
        work.await;
        stop.store(true, Relaxed);
        let mut waits = Vec::new();
        while let Some(waited) = buyers.join_next().await {
            waits.extend(waited??);
        }
        waits.sort_unstable();
        Ok(waits)
    }
}

fn told(waits: &[Duration]) -> String {
    let at = |share: usize| waits.get(waits.len() * share / 1_000).copied().unwrap_or_default();
    format!("{} orders, p50 {:?}, p99 {:?}, p99.9 {:?}", waits.len(), at(500), at(990), at(999))
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}
