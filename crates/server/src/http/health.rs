//! Health: `/health/live` for whoever restarts the program, `/health/ready` for whoever sends it
//! customers, and `/health` with everything, for people and gates.

use domain::time::Timestamp;
use gateway::GatewayCondition;
use serde_json::{Value, json};
use service::reply::Reply;

use crate::access::hex;
use crate::app::App;

/// The answer, if the path is one of these.
pub(super) fn reply(app: &App, path: &str) -> Option<Reply> {
    match path {
        "/health" => Some(report(200, &whole(app))),
        "/health/live" => Some(live(app)),
        "/health/ready" => Some(ready(app)),
        _ => None,
    }
}

/// Only a new start helps a program whose lanes have ended.
fn live(app: &App) -> Reply {
    let open = app.store.condition().open;
    let (code, status) = if open { (200, "ok") } else { (503, "stopped") };
    report(code, &json!({ "status": status }))
}

fn ready(app: &App) -> Reply {
    let problems = app.standing.problems();
    let code = if problems.is_empty() { 200 } else { 503 };
    report(code, &json!({ "status": status(&problems), "problems": problems }))
}

fn status(problems: &[String]) -> &'static str {
    if problems.is_empty() { "ok" } else { "not_ready" }
}

fn whole(app: &App) -> Value {
    let statistics = app.store.statistics();
    let problems = app.standing.problems();
    json!({
        "status": status(&problems),
        "problems": problems,
        "version": env!("CARGO_PKG_VERSION"),
        "sales_under_way": app.till.under_way(),
        "scan_code_keys": [{ "id": app.seal_key.id(), "public_key": hex(&app.seal_key.public()) }],
        "nodes": nodes(app),
        "gateways": gateways(app),
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
    })
}

/// Every node that shares the database; empty where there is only this one.
fn nodes(app: &App) -> Vec<Value> {
    let nodes = app.standing.beat().map(|beat| beat.nodes).unwrap_or_default();
    let shown = nodes.into_iter().map(|node| {
        json!({
            "number": node.number,
            "name": node.name,
            "version": node.program_version,
            "body_version": node.body_version,
            "heard_before_ms": node.heard_before_us / 1_000,
        })
    });
    shown.collect()
}

/// Every gateway that is watched. One that is down makes no node unready: free tickets are sold,
/// and a proxy that sent people elsewhere would find the same gateway there.
fn gateways(app: &App) -> Vec<Value> {
    let now = app.clock.now();
    let before_ms = |then: Timestamp| now.0.saturating_sub(then.0) / 1_000;
    let shown = app.till.gateway_health().into_iter().map(|(name, health)| {
        let (condition, silent_calls, open_for_ms) = match health.condition {
            GatewayCondition::Up => ("up", 0, None),
            GatewayCondition::Failing(calls) => ("failing", calls, None),
            GatewayCondition::OpenUntil(until) => ("open", 0, Some((-before_ms(until)).max(0))),
            GatewayCondition::Probing => ("probing", 0, None),
        };
        json!({
            "name": name,
            "condition": condition,
            "silent_calls": silent_calls,
            "open_for_ms": open_for_ms,
            "last_answer_before_ms": health.last_answer_at.map(before_ms),
            "calls": health.counts.calls,
            "approved": health.counts.approved,
            "declined": health.counts.declined,
            "unknown": health.counts.unknown,
            "refused": health.counts.refused,
        })
    });
    shown.collect()
}

fn report(code: u16, body: &Value) -> Reply {
    Reply::new(code, "application/json; charset=utf-8", body.to_string().into_bytes())
        .with_header("Cache-Control", "no-store")
}
