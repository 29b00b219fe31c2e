//! 64 buyers after 15,000 seats until none is left: hold the best ones, order them, pay; beside
//! the same orders against a quota. Through the store on SQLite with every commit synced, without
//! HTTP.

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use bench::clock::now;
use bench::load::Histogram;
use domain::ids::{SeatBlockId, Shard};
use domain::offer::Offer;
use domain::refusal::Code;
use domain::seating::SeatState;
use store::testing::{ADULT, GROUND, Shop, Stadium, StadiumSize, answer, approved};
use store::{Options, Store, SubmitError};

const SELLER: Shard = Shard(7);

/// 30 sections of 20 rows of 25.
const SIZE: StadiumSize = StadiumSize { sections: 30, rows: 20, seats: 25 };

const SEATS: u32 = 15_000;

const BUYERS: u64 = 64;

/// How many seats buyers want, in turns; 2.5 on average.
const GROUPS: [u16; 8] = [2, 2, 4, 1, 3, 2, 4, 2];

/// What one buyer has seen.
#[derive(Default)]
struct Seen {
    orders: u64,
    seats: Vec<u32>,
    holds: Histogram,
    orders_took: Histogram,
}

/// Measures and prints both.
pub(crate) async fn measure(parent: &Path) -> Result<(), Box<dyn Error>> {
    println!("{BUYERS} buyers after {SEATS} places on SQLite, every commit synced, no HTTP:");
    let folder = tempfile::tempdir_in(parent)?;
    let orders = seats(&folder.path().join("seats.db")).await?;
    quota(&folder.path().join("quota.db"), orders).await
}

async fn seats(path: &Path) -> Result<u64, Box<dyn Error>> {
    let store = Store::sqlite(path, Options::default())?;
    let mut stadium = Stadium::new(SELLER, SIZE);
    store.submit(stadium.draw()).await?;
    stadium.shop.revision = store.submit(stadium.publish()).await?;
    let (offer, next) = (stadium.offer(), Arc::new(AtomicU64::new(0)));
    let start = now();
    let buyers: Vec<_> = (0..BUYERS)
        .map(|_| {
            let (store, stadium) = (store.clone(), stadium.clone());
            tokio::spawn(buy(store, stadium, Arc::clone(&offer), Arc::clone(&next)))
        })
        .collect();
    let mut all = Seen::default();
    for buyer in buyers {
        all.add(buyer.await??);
    }
    let wall = start.elapsed();
    let distinct = all.seats.iter().collect::<HashSet<_>>().len();
    println!(
        "  seats: {:.2} s, {}; {} of them sold, {} twice, {} left",
        wall.as_secs_f64(),
        all.sentence(wall),
        all.seats.len(),
        all.seats.len() - distinct,
        left(&store).await?,
    );
    println!("  seats: holding took {}", took(&all.holds));
    let findings = store.check().await?.findings;
    if !findings.is_empty() {
        return Err(findings.join("\n").into());
    }
    store.close().await?;
    Ok(all.orders)
}

/// Buys until nothing is left, in groups of its turn and then one by one.
async fn buy(
    store: Store,
    stadium: Stadium,
    offer: Arc<Offer>,
    next: Arc<AtomicU64>,
) -> Result<Seen, SubmitError> {
    let mut seen = Seen::default();
    loop {
        let seed = next.fetch_add(1, Relaxed);
        let wanted = GROUPS[usize::try_from(seed).unwrap_or(0) % GROUPS.len()];
        let mut quantity = wanted;
        let held = loop {
            let start = now();
            let found = store.submit(stadium.find(&offer, seed, quantity)).await;
            seen.holds.record(start.elapsed());
            match found {
                Ok(found) => break Some(found.reservation),
                Err(SubmitError::Refused(no)) if no.code == Code::SoldOut && quantity > 1 => {
                    quantity -= 1;
                }
                Err(SubmitError::Refused(no)) if no.code == Code::SoldOut => break None,
                Err(error) => return Err(error),
            }
        };
        let Some(held) = held else { return Ok(seen) };
        let start = now();
        let sale = store.submit(stadium.order(&offer, seed, &held)).await?.sale;
        store.submit(answer(SELLER, sale.id, approved())).await?;
        seen.orders_took.record(start.elapsed());
        seen.orders += 1;
        seen.seats.extend(sale.seats.iter().map(|address| address.seat));
    }
}

async fn left(store: &Store) -> Result<usize, Box<dyn Error>> {
    let ids = (1..=SIZE.sections).map(SeatBlockId).collect();
    let blocks = store.seat_blocks(SELLER, ids).await?;
    let states = blocks.iter().flat_map(|block| block.seats());
    Ok(states.filter(|(_, state)| !matches!(state, SeatState::Sold(_))).count())
}

/// The same orders against a limit of the same size.
async fn quota(path: &Path, orders: u64) -> Result<(), Box<dyn Error>> {
    let store = Store::sqlite(path, Options::default())?;
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await?;
    shop.revision = store.submit(shop.limit(GROUND, Some(SEATS))).await?;
    let (offer, next) = (Arc::new(shop.offer()), Arc::new(AtomicU64::new(0)));
    let start = now();
    let buyers: Vec<_> = (0..BUYERS)
        .map(|_| {
            let (store, shop, offer) = (store.clone(), shop.clone(), Arc::clone(&offer));
            let next = Arc::clone(&next);
            tokio::spawn(async move {
                let mut seen = Seen::default();
                loop {
                    let seed = next.fetch_add(1, Relaxed);
                    if seed >= orders {
                        return Ok::<_, SubmitError>(seen);
                    }
                    let start = now();
                    let order = shop.order_of(Arc::clone(&offer), seed, ADULT, 2);
                    let sale = store.submit(order).await?.sale;
                    store.submit(answer(SELLER, sale.id, approved())).await?;
                    seen.orders_took.record(start.elapsed());
                    seen.orders += 1;
                }
            })
        })
        .collect();
    let mut all = Seen::default();
    for buyer in buyers {
        all.add(buyer.await??);
    }
    println!("  quota: {}", all.sentence(start.elapsed()));
    Ok(store.close().await?)
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.orders += other.orders;
        self.seats.extend(other.seats);
        self.holds.merge(&other.holds);
        self.orders_took.merge(&other.orders_took);
    }

    fn sentence(&self, wall: Duration) -> String {
        let per_second = self.orders as f64 / wall.as_secs_f64();
        format!(
            "{} orders, {per_second:.0} orders/s, an order took {}",
            self.orders,
            took(&self.orders_took)
        )
    }
}

fn took(times: &Histogram) -> String {
    let at = |per_mille| times.quantile(per_mille).as_secs_f64() * 1e3;
    format!("{:.1} ms, p99 {:.1} ms", at(500), at(990))
}
