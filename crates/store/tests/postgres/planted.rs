//! Locking and loading in one statement would be noticed.

use store::postgres::Settings;
use store::testing::{ADULT, Shop};
use store::{Fault, SubmitError};

use crate::support::{Node, SELLER, database};

/// With the fault, one of so many orders shows it; without it, none of as many ever does.
const ORDERS: u64 = 150;

/// Two nodes, nothing in memory, order the same type; what of it contradicts itself.
fn contradictions(planted: bool) -> Option<Vec<String>> {
    let url = database()?;
    let settings = |name| Settings { lock_and_load_in_one: planted, ..Settings::of(&url, name) };
    let mut nodes = [Node::with(settings("a")), Node::with(settings("b"))];
    let shop = nodes[0].open_shop(SELLER, 10_000);
    let mut found: Vec<String> = std::thread::scope(|scope| {
        let order = |(node, first)| {
            let shop = &shop;
            scope.spawn(move || order_all(node, shop, first))
        };
        let orders: Vec<_> = nodes.iter_mut().zip([0, ORDERS]).map(order).collect();
        orders.into_iter().flat_map(|order| order.join().unwrap()).collect()
    });
    found.extend(nodes[0].findings());
    Some(found)
}

/// A change that contradicts what is stored is what the fault may lead to; any other error is a
/// fault of the planted one, and ends the test.
fn order_all(node: &mut Node, shop: &Shop, first: u64) -> Vec<String> {
    let mut found = Vec::new();
    for seed in first..first + ORDERS {
        node.core.forget_everything();
        match node.order(shop, seed, ADULT) {
            Ok(_) => {}
            Err(SubmitError::Fault(Fault::Constraint(text))) => found.push(text),
            Err(error) => panic!("{error}"),
        }
    }
    found
}

#[test]
fn locking_and_loading_in_one_statement_is_noticed() {
    let Some(found) = contradictions(false) else { return };
    assert_eq!(found, Vec::<String>::new(), "without the fault all is well");
    let found = contradictions(true).unwrap();
    assert!(!found.is_empty(), "the fault must show within {ORDERS} orders a node");
}
