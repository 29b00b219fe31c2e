//! Rows are found by their keys, whatever the statistics say.

use std::time::Duration;

use store::job::{Job, outbox_done, submission};
use store::testing::{ADULT, NOON, answer, approved};

use crate::support::{Node, SELLER, console, database};

/// What an order reads and writes.
const TABLES: [&str; 4] = ["idempotency", "due", "sale", "quota"];

/// How many orders one batch has here.
const ORDERS: usize = 100;

/// Longer than PostgreSQL lets a session count for itself.
const STATISTICS_PAUSE: Duration = Duration::from_millis(1_100);

/// A table that has filled up since the statements were planned, and was never analysed: a batch
/// still reads about as many rows as it asks for, not the whole shard.
#[test]
fn a_batch_reads_what_it_asks_for() {
    let Some(url) = database() else { return };
    drop(Node::start(&url, "before"));
    for table in TABLES {
        console(&url, &format!("ALTER TABLE {table} SET (autovacuum_enabled = off)"));
    }
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 10_000);
    let mut seeds = 0..;
    for _ in 0..25 {
        place_and_pay(&mut node, &shop, &mut seeds);
    }
    let before = rows_read(&mut node, &url);
    place_and_pay(&mut node, &shop, &mut seeds);
    let read = rows_read(&mut node, &url) - before;
    // Today's and yesterday's key, the due row, the sale: ten rows an order, not thousands.
    assert!(read > ORDERS, "{read} rows were read for {ORDERS} orders");
    assert!(read < 15 * ORDERS, "{read} rows were read for {ORDERS} orders");
}

fn place_and_pay(
    node: &mut Node,
    shop: &store::testing::Shop,
    seeds: &mut std::ops::RangeFrom<u64>,
) {
    let orders = seeds.take(ORDERS).map(|seed| submission(shop.order(seed, ADULT, 1)));
    let (jobs, outcomes): (Vec<Box<dyn Job>>, Vec<_>) = orders.unzip();
    assert!(node.core.run(jobs, NOON).is_empty());
    let pay = outcomes.into_iter().map(|mut outcome| {
        let sale = outcome.try_recv().unwrap().unwrap().sale.id;
        submission(answer(SELLER, sale, approved())).0
    });
    let jobs: Vec<Box<dyn Job>> = pay.collect();
    assert!(node.core.run(jobs, NOON).is_empty());
}

/// Rows read through indexes so far. A session tells what it has counted when a transaction ends
/// a second after it last told, so one that reads nothing of this is run before.
fn rows_read(node: &mut Node, url: &str) -> usize {
    std::thread::sleep(STATISTICS_PAUSE);
    let (nothing, _told) = outbox_done(SELLER, Vec::new());
    assert!(node.core.run(vec![nothing], NOON).is_empty());
    let names = TABLES.join("', '");
    let count = format!(
        "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname IN ('{names}')"
    );
    console(url, &count)[0].parse().unwrap()
}
