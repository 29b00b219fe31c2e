//! Locking and loading in one statement would be noticed.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use store::postgres::Settings;
use store::testing::{ADULT, Shop};

use crate::support::{Node, SELLER, database};

/// With the fault, one of so many orders shows it; without it, none of as many ever does.
const ORDERS: u64 = 150;

/// Two nodes, nothing in memory, order the same type; whether places and sales still agree.
fn all_is_well(planted: bool) -> Option<bool> {
    let url = database()?;
    let settings = |name| Settings { lock_and_load_in_one: planted, ..Settings::of(&url, name) };
    let mut nodes = [Node::with(settings("a")), Node::with(settings("b"))];
    let shop = nodes[0].open_shop(SELLER, 10_000);
    let noticed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for (node, first) in nodes.iter_mut().zip([0, ORDERS]) {
            let (shop, noticed) = (&shop, &noticed);
            scope.spawn(move || order_all(node, shop, first, noticed));
        }
    });
    Some(!noticed.load(Relaxed) && nodes[0].findings().is_empty())
}

fn order_all(node: &mut Node, shop: &Shop, first: u64, noticed: &AtomicBool) {
    for seed in first..first + ORDERS {
        node.core.forget_everything();
        if node.order(shop, seed, ADULT).is_err() {
            noticed.store(true, Relaxed);
        }
    }
}

#[test]
fn locking_and_loading_in_one_statement_is_noticed() {
    let Some(well) = all_is_well(false) else { return };
    assert!(well, "without the fault all is well");
    assert!(!all_is_well(true).unwrap(), "the fault must show within {ORDERS} orders a node");
}
