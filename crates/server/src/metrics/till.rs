//! The till's own figures: whether it sells, what is under way, what orders came to, its store.

use super::exposition::Family::{Counter, Gauge};
use super::exposition::{Page, seconds};
use crate::app::App;

pub(super) fn write(app: &App, page: &mut Page) {
    page.family(Gauge, "guichet_build_info", "The version of the program.");
    page.sample("guichet_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    let is_ready = u8::from(app.standing.problems().is_empty());
    page.single(Gauge, "guichet_ready", "1 while this node may sell.", is_ready);
    let under_way = app.till.under_way();
    page.single(Gauge, "guichet_sales_under_way", "Payments being worked on now.", under_way);
    let limit = app.till.under_way_max();
    page.single(Gauge, "guichet_sales_under_way_limit", "As many as may be.", limit);
    orders(app, page);
    store(app, page);
}

fn orders(app: &App, page: &mut Page) {
    let name = "guichet_orders_total";
    page.family(Counter, name, "Orders that this node decided, by what the decision was.");
    for (outcome, count) in app.till.tally().orders.read() {
        page.sample(name, &[("outcome", outcome)], count);
    }
    let name = "guichet_sale_changes_total";
    page.family(Counter, name, "Sales that came into a state on this node.");
    for (state, count) in app.till.tally().states.read() {
        page.sample(name, &[("state", state)], count);
    }
}

fn store(app: &App, page: &mut Page) {
    let statistics = app.store.statistics();
    let waiting = statistics.queue_length;
    page.single(Gauge, "guichet_store_queue_length", "Commands waiting for the store.", waiting);
    let entries = statistics.cache_entries;
    page.single(Gauge, "guichet_store_cache_entries", "Aggregates in memory.", entries);
    let mut counter = |name, help, count: u64| page.single(Counter, name, help, count);
    counter("guichet_store_commands_total", "Commands answered.", statistics.commands);
    counter("guichet_store_batches_total", "Batches run.", statistics.batches);
    counter("guichet_store_commits_total", "Batches made durable.", statistics.commits);
    let misses = statistics.miss_rounds;
    counter("guichet_store_miss_rounds_total", "Batches that waited for the disk.", misses);
    let overloads = statistics.overloads;
    counter("guichet_store_overloads_total", "Commands turned away by a full queue.", overloads);
    let busy = seconds(statistics.busy_us);
    let help = "Seconds the store was at work.";
    page.single(Counter, "guichet_store_busy_seconds_total", help, busy);
}
