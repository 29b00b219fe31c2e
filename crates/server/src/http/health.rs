//! `GET /health`: whether the till works, what it counts, and the keys gates check codes with.

use serde_json::json;
use service::reply::Reply;

use crate::access::hex;
use crate::app::App;

/// The answer, for people, load balancers and gates.
pub(super) fn reply(app: &App) -> Reply {
    let statistics = app.store.statistics();
    let body = json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "sales_under_way": app.till.under_way(),
        "scan_code_keys": [{ "id": app.seal_key.id(), "public_key": hex(&app.seal_key.public()) }],
        "store": {
            "batches": statistics.batches,
            "commands": statistics.commands,
            "commits": statistics.commits,
            "miss_rounds": statistics.miss_rounds,
            "overloads": statistics.overloads,
            "queue_length": statistics.queue_length,
            "cache_entries": statistics.cache_entries,
            "busy_us": statistics.busy_us,
        },
    });
    Reply::new(200, "application/json; charset=utf-8", body.to_string().into_bytes())
        .with_header("Cache-Control", "no-store")
}
