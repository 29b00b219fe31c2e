//! The scenarios of the orders bench that prepare something at the till, each for a moment.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ::bench::orders::{Engine, Options, Scenario, run};
use serde_json::Value;

/// Runs one scenario, with tickets beside it, and looks at what it counted. It fails by itself when
/// an order is refused, when the gateway took another sum, and when the books are wrong.
fn check(scenario: Scenario) {
    let options = Options { quick: true, json: true, ..Options::plain(Engine::Sqlite, scenario) };
    let options = Options { connections: vec![8], ..options.effective().unwrap() };
    let told = run(&options, &Arc::new(AtomicBool::new(false))).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    for subject in ["product", "tickets"] {
        let figures = &told["closed"][0][subject];
        let count = |member: &str| figures[member].as_u64().unwrap();
        assert!(count("sold") > 0, "{subject}: {figures}");
        assert_eq!((count("refused"), count("broken")), (0, 0), "{subject}: {figures}");
    }
}

#[test]
fn contracts_can_be_benched() {
    // Proves that members can be signed up and buy as the bench lets them.
    check(Scenario::Contract);
}

#[test]
fn payments_of_orders_can_be_benched() {
    // Proves that orders can be placed and paid as the bench lets them, each once.
    check(Scenario::Agent);
}
