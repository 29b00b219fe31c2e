//! How fast one lane is on PostgreSQL. Asserts nothing and is run by hand:
//! `cargo test --release -p store --test postgres -- --ignored --nocapture speed`.

use std::sync::Arc;
use std::time::Duration;

use domain::sale::Placed;
use store::batch::BATCH_MAX;
use store::job::{Answer, Job, submission};
use store::testing::{ADULT, NOON, answer, approved};
use tokio::time::Instant;

use crate::support::{Node, SELLER, console, database};

const ROUNDS: usize = 60;

/// Orders of one hot event, each placed and paid, in full batches: half of each places, the
/// other half pays what the batch before has placed.
#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_one_hot_event() {
    let Some(url) = database() else { return };
    let mut node = Node::start(&url, "a");
    let shop = node.open_shop(SELLER, 1_000_000);
    let offer = Arc::new(shop.offer());
    let half = BATCH_MAX / 2;
    let (mut seed, mut placed, mut busy) = (0, Vec::<Answer<Placed>>::new(), Duration::ZERO);
    for round in 0..ROUNDS {
        let mut jobs: Vec<Box<dyn Job>> = Vec::new();
        for mut outcome in std::mem::take(&mut placed) {
            let sale = outcome.try_recv().unwrap().unwrap().sale.id;
            jobs.push(submission(answer(SELLER, sale, approved())).0);
        }
        for _ in 0..half {
            let (job, outcome) = submission(shop.order_of(Arc::clone(&offer), seed, ADULT, 1));
            jobs.push(job);
            placed.push(outcome);
            seed += 1;
        }
        let began = Instant::now();
        assert!(node.core.run(jobs, NOON).is_empty());
        if round >= ROUNDS / 6 {
            busy += began.elapsed();
        }
    }
    let rounds = ROUNDS - ROUNDS / 6;
    let orders = rounds * half;
    let per_second = orders as f64 / busy.as_secs_f64();
    println!("{orders} orders in {rounds} batches took {busy:?}: {per_second:.0} orders a second");
    let bytes = "SELECT avg(length(body))::int FROM sale";
    println!("a sale's body has {} bytes", console(&url, bytes).join(""));
    let hot = "SELECT relname || ': ' || n_tup_upd || ' updates, hot ' || n_tup_hot_upd
        FROM pg_stat_user_tables WHERE n_tup_upd > 0";
    console(&url, hot).iter().for_each(|line| println!("{line}"));
}
