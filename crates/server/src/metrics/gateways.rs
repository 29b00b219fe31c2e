//! How each gateway is doing, what its calls came to, and what it told by itself.

use domain::time::Timestamp;
use gateway::{CallMeter, CallOutcome, CallTimes, GatewayCondition, GatewayHealth, GatewayVerb};

use super::exposition::Family::{Counter, Gauge, Histogram};
use super::exposition::{Page, seconds};
use crate::app::App;

/// What a gateway may be; one of them is 1 at a time.
const CONDITIONS: [&str; 4] = ["up", "failing", "open", "probing"];

pub(super) fn write(app: &App, page: &mut Page) {
    let health = app.till.gateway_health();
    conditions(&health, page);
    silences(&health, page);
    answers(&health, page);
    let meters = app.till.gateway_meters();
    calls(&meters, page);
    times(&meters, page);
    let name = "guichet_gateway_messages_total";
    let help = "Messages of gateways, by what became of them; no gateway where none has the name.";
    page.family(Counter, name, help);
    for ((gateway, result), count) in app.messages.read() {
        page.sample(name, &[("gateway", &gateway), ("result", result)], count);
    }
}

fn conditions(health: &[(&str, GatewayHealth)], page: &mut Page) {
    let name = "guichet_gateway_condition";
    page.family(Gauge, name, "1 for the condition that the gateway is in; open refuses charges.");
    for (gateway, health) in health {
        let is = condition(health.condition);
        for condition in CONDITIONS {
            let labels = [("gateway", *gateway), ("condition", condition)];
            page.sample(name, &labels, u8::from(condition == is));
        }
    }
}

fn condition(condition: GatewayCondition) -> &'static str {
    match condition {
        GatewayCondition::Up => "up",
        GatewayCondition::Failing(_) => "failing",
        GatewayCondition::OpenUntil(_) => "open",
        GatewayCondition::Probing => "probing",
    }
}

fn silences(health: &[(&str, GatewayHealth)], page: &mut Page) {
    let name = "guichet_gateway_silent_calls";
    page.family(Gauge, name, "Calls in a row without a readable answer, while it is failing.");
    for (gateway, health) in health {
        let silent = match health.condition {
            GatewayCondition::Failing(calls) => calls,
            _ => 0,
        };
        page.sample(name, &[("gateway", gateway)], silent);
    }
}

fn answers(health: &[(&str, GatewayHealth)], page: &mut Page) {
    let name = "guichet_gateway_last_answer_timestamp_seconds";
    page.family(Gauge, name, "When it last gave a readable answer; absent before the first one.");
    for (gateway, health) in health {
        if let Some(at) = health.last_answer_at {
            page.sample(name, &[("gateway", gateway)], unix(at));
        }
    }
}

fn unix(at: Timestamp) -> String {
    seconds(u64::try_from(at.0).unwrap_or_default())
}

fn calls(meters: &[(&str, CallMeter)], page: &mut Page) {
    let name = "guichet_gateway_calls_total";
    page.family(Counter, name, "Calls of a gateway, by what was asked and what came of it.");
    for (gateway, meter) in meters {
        for verb in GatewayVerb::ALL {
            for outcome in CallOutcome::ALL {
                let count = meter.count(*verb, *outcome);
                let (verb, outcome) = (verb.name(), outcome.name());
                let labels = [("gateway", *gateway), ("verb", verb), ("outcome", outcome)];
                if count > 0 {
                    page.sample(name, &labels, count);
                }
            }
        }
    }
}

fn times(meters: &[(&str, CallMeter)], page: &mut Page) {
    page.family(Histogram, "guichet_gateway_call_seconds", "How long calls of a gateway took.");
    for (gateway, meter) in meters {
        for verb in GatewayVerb::ALL {
            histogram(gateway, *verb, meter.times(*verb), page);
        }
    }
}

/// A bucket counts everything up to its limit, so each one holds the one before.
fn histogram(gateway: &str, verb: GatewayVerb, times: &CallTimes, page: &mut Page) {
    let all = times.within.iter().sum::<u64>() + times.beyond;
    if all == 0 {
        return;
    }
    let labels = [("gateway", gateway), ("verb", verb.name())];
    let mut sum = 0;
    for (limit_ms, count) in CallTimes::LIMITS_MS.iter().zip(times.within) {
        sum += count;
        bucket(labels, &format!("{}", f64::from(*limit_ms) / 1_000.0), sum, page);
    }
    bucket(labels, "+Inf", all, page);
    page.sample("guichet_gateway_call_seconds_sum", &labels, seconds(times.sum_us));
    page.sample("guichet_gateway_call_seconds_count", &labels, all);
}

fn bucket(labels: [(&str, &str); 2], limit: &str, count: u64, page: &mut Page) {
    let [gateway, verb] = labels;
    page.sample("guichet_gateway_call_seconds_bucket", &[gateway, verb, ("le", limit)], count);
}
