//! Money in the sandbox is neither made nor lost, whatever is asked of it.

use std::collections::HashMap;

use crate::support::{Form, GIFT_CARD, GOOD_CARD, Till, card, charge, krona, phone};
use gateway::sandbox::{LogLine, Operation};
use proptest::prelude::*;

/// One request: what, with which key, on which charge, how much.
#[derive(Clone, Copy, Debug)]
struct Step {
    verb: u8,
    key: u8,
    charge: u8,
    amount: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = prop_oneof![1..20_i64, Just(666_i64), Just(667_i64), -1..1_i64];
    let step = (0..11_u8, 0..12_u8, 0..12_u8, amount)
        .prop_map(|(verb, key, charge, amount)| Step { verb, key, charge, amount });
    proptest::collection::vec(step, 1..60)
}

async fn take(till: &Till, step: Step) {
    let (key, on) = (format!("k{}", step.key), format!("k{}", step.charge));
    let (request, charge) = (krona(&key, step.amount), charge(&on));
    let gateway = &till.gateway;
    match step.verb {
        0 => gateway.sale(&request, &card(GOOD_CARD)).await,
        1 => gateway.sale(&request, &phone("+3545550001")).await,
        2 => gateway.sale(&request, &card(GIFT_CARD)).await,
        3 => gateway.authorize(&request, &card(GOOD_CARD)).await,
        4 => gateway.authorize(&request, &card(GIFT_CARD)).await,
        5 => gateway.capture(&request, &charge).await,
        6 => gateway.void(&request, &charge).await,
        7 | 8 => gateway.refund(&request, &charge).await,
        9 => till.answer_for_payer(&key, step.amount % 2 == 0).await,
        _ => gateway.fence(&request).await,
    };
}

/// What the log says about each charge: minor units taken, minor units given back.
fn sums(lines: &[LogLine]) -> HashMap<String, (i64, i64)> {
    let mut sums: HashMap<String, (i64, i64)> = HashMap::new();
    for line in lines {
        let charge = line.request.charge.clone().unwrap_or_else(|| line.key.clone());
        let (taken, refunded) = sums.entry(charge).or_default();
        match line.request.operation {
            Operation::Sale | Operation::Capture | Operation::PayerAccepts => {
                *taken += line.moved();
            }
            Operation::Refund => *refunded += line.moved(),
            _ => {}
        }
    }
    sums
}

fn with_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn refunds_fit_and_the_log_tells_all(steps in steps()) {
        // Proves for random requests that no charge gives back more than it took, and that a
        // book read from the log gives every key the same answer.
        let folder = tempfile::tempdir().expect("a folder");
        with_runtime(async {
            let till = Till::open(Form::InProcess, &folder).await;
            till.set_balance("7891", krona("", 50).money).await;
            for step in &steps {
                take(&till, *step).await;
            }
            for (charge, (taken, refunded)) in sums(&till.log_lines()) {
                assert!((0..=taken).contains(&refunded), "{charge}: {taken} − {refunded}");
            }
            let mut before = Vec::new();
            for key in 0..12 {
                before.push(till.lookup(&format!("k{key}")).await);
            }
            till.close().await;
            let till = Till::open(Form::InProcess, &folder).await;
            for (key, before) in before.iter().enumerate() {
                assert_eq!(till.lookup(&format!("k{key}")).await, *before);
            }
        });
    }
}
