//! Several nodes over one database.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::idempotency::Marks;
use domain::ids::{SaleId, Shard};
use domain::refusal::Code;
use domain::sale::{PlaceOrder, SaleState};
use store::postgres::Settings;
use store::testing::{ADULT, Shop, answer, approved, identity};
use store::{Options, Store, SubmitError};

use crate::support::{Node, SELLER, database};

/// Buys until it is sold out; the numbers bought.
fn buy_all(node: &mut Node, shop: &Shop, seeds: std::ops::Range<u64>) -> Vec<SaleId> {
    let mut bought = Vec::new();
    for seed in seeds {
        match node.buy(shop, seed) {
            Ok(sale) => bought.push(sale),
            Err(SubmitError::Refused(refusal)) => {
                assert_eq!(refusal.code, Code::SoldOut);
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    bought
}

/// Two nodes with warm caches sell the same places at the same time: each place once, each number
/// once, and the books agree.
#[test]
fn two_nodes_sell_one_quota() {
    let Some(url) = database() else { return };
    let (mut a, mut b) = (Node::start(&url, "a"), Node::start(&url, "b"));
    let shop = a.open_shop(SELLER, 120);
    let (of_a, of_b) = std::thread::scope(|scope| {
        let selling = scope.spawn(|| buy_all(&mut a, &shop, 0..1_000));
        let of_b = buy_all(&mut b, &shop, 1_000..2_000);
        (selling.join().unwrap(), of_b)
    });
    assert!(of_a.len().min(of_b.len()) > 5, "{} and {}", of_a.len(), of_b.len());
    let numbers: BTreeSet<SaleId> = of_a.iter().chain(&of_b).copied().collect();
    assert_eq!(numbers.len(), 120);
    assert_eq!((a.findings(), b.sales()), (Vec::new(), 120));
}

/// What one node has changed, the other sees at once, whatever it has in memory.
#[test]
fn a_warm_cache_notices_what_others_change() {
    let Some(url) = database() else { return };
    let (mut a, mut b) = (Node::start(&url, "a"), Node::start(&url, "b"));
    let mut shop = a.open_shop(SELLER, 3);
    for seed in 0..3 {
        let node = if seed % 2 == 0 { &mut a } else { &mut b };
        let sale = node.order(&shop, seed, ADULT).unwrap().sale.id;
        assert_eq!(u64::from(sale.0), seed + 1, "one sequence of numbers");
    }
    b.run(answer(SELLER, SaleId(1), approved())).unwrap();
    let paid = a.run(answer(SELLER, SaleId(1), approved())).unwrap();
    assert_eq!(paid.sale.state, SaleState::Issued, "paid through the other");
    for node in [&mut a, &mut b] {
        let late = node.order(&shop, 9, ADULT);
        assert!(matches!(late, Err(SubmitError::Refused(_))), "{late:?}");
    }
    shop.revision = a.run(shop.limit(store::testing::GROUND, Some(4))).unwrap();
    assert_eq!(b.order(&shop, 10, ADULT).unwrap().sale.id, SaleId(4));
    assert_eq!(a.findings(), Vec::<String>::new());
}

/// A signature that was used through one node is used up on all, whoever sells there: what the
/// other has in memory of the house does not count.
#[test]
fn a_signature_is_used_up_on_all_nodes() {
    let Some(url) = database() else { return };
    let (mut a, mut b) = (Node::start(&url, "a"), Node::start(&url, "b"));
    let shops = [a.open_shop(SELLER, 9), b.open_shop(Shard(SELLER.0 + 1), 9)];
    let order = |seller: usize, seed: u64, signature: u128| PlaceOrder {
        marks: Marks { signature: Some(identity(signature, 1)), ..Marks::default() },
        ..shops[seller].order(seed, ADULT, 1)
    };
    b.run(order(1, 1, 1)).unwrap();
    let first = a.run(order(0, 2, 2)).unwrap().sale.id;
    let again = b.run(order(0, 3, 2)).unwrap();
    assert_eq!((again.repeated, again.sale.id), (true, first));
    for (node, seller, signature) in [(&mut b, 1, 2), (&mut a, 0, 1)] {
        let other = node.run(order(seller, 4, signature));
        let Err(SubmitError::Refused(refusal)) = other else { panic!("{other:?}") };
        assert_eq!(refusal.code, Code::SignatureReplayed);
    }
    assert_eq!((a.findings(), a.sales()), (Vec::new(), 2));
}

/// The register knows who lives, who leads and what time it is.
#[test]
fn the_register_follows_the_nodes() {
    let Some(url) = database() else { return };
    let settings =
        |name| Settings { alive_within: Duration::from_millis(1_500), ..Settings::of(&url, name) };
    let (a, b) = (Node::with(settings("a")), Node::with(settings("b")));
    assert_ne!(a.cluster.node(), b.cluster.node());
    let names = |beat: &store::cluster::Beat| -> Vec<String> {
        beat.nodes.iter().map(|node| node.name.clone()).collect()
    };
    let (of_a, of_b) = (a.cluster.beat().unwrap(), b.cluster.beat().unwrap());
    assert_eq!((of_a.leads, of_b.leads), (true, false));
    assert_eq!((names(&of_a), names(&of_b)), (vec!["a".into(), "b".into()], names(&of_a)));
    assert!(of_a.clock_ahead_us.abs() < 500_000, "{} µs on one machine", of_a.clock_ahead_us);
    a.cluster.leave().unwrap();
    let alone = b.cluster.beat().unwrap();
    assert_eq!((alone.leads, names(&alone)), (true, vec!["b".to_owned()]));
    // Who comes back has its old number, and leads again.
    let number = a.cluster.node();
    drop(a);
    let again = Node::with(settings("a"));
    assert_eq!(again.cluster.node(), number);
    assert_eq!(
        (again.cluster.beat().unwrap().leads, b.cluster.beat().unwrap().leads),
        (true, false)
    );
    // Who falls silent is not waited for.
    crate::support::until("the silent one counts as dead", || b.cluster.beat().unwrap().leads);
}

/// A whole store with two lanes, closed in order: the name is free at once, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_opens_sells_and_closes() {
    let Some(url) = database() else { return };
    for round in 0..2 {
        let settings = Settings { lanes: 2, ..Settings::of(&url, "a") };
        let store = Store::postgres(settings, Options::default()).unwrap();
        let mut shop = Shop::new(SELLER);
        shop.revision = store.catalogue(SELLER).await.unwrap().revision;
        if round == 0 {
            shop.revision = store.submit(shop.publish()).await.unwrap();
            shop.revision =
                store.submit(shop.limit(store::testing::GROUND, Some(100))).await.unwrap();
        }
        let orders: Vec<_> = (0..50)
            .map(|seed| {
                let (store, order) = (store.clone(), shop.order(100 * round + seed, ADULT, 1));
                tokio::spawn(async move { store.submit(order).await })
            })
            .collect();
        for order in orders {
            order.await.unwrap().unwrap();
        }
        assert!(store.beat().await.unwrap().unwrap().leads);
        store.probe().await.unwrap();
        assert_eq!(store.condition().fault, None);
        assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
        store.close().await.unwrap();
    }
}
