//! Moments at which a message of a gateway cannot be taken in: it must come again then.

use std::iter;

use domain::time::Timestamp;
use store::Clock as _;

use crate::client::{Answer, Request};
use crate::shop::{Shop, until};

/// Sends `message` while the till is full and while the node may not sell; each time it must be
/// asked for again, and afterwards the till sells as before.
pub(crate) async fn comes_again(shop: &Shop, message: impl Fn() -> Request) {
    let app = shop.app();
    let places: Vec<_> = iter::from_fn(|| app.till.place()).collect();
    assert_later(&shop.send(&message()).await, "full");
    drop(places);
    let now = shop.clock.now();
    shop.clock.set(Timestamp(now.0 - 10_000_000));
    is_ready(shop, false).await;
    assert_later(&shop.send(&message()).await, "not ready");
    shop.clock.set(now);
    is_ready(shop, true).await;
}

/// The same of a node that is about to end: nothing new begins any more, or the store is closed.
pub(crate) async fn comes_again_at_the_end(shop: &Shop, message: impl Fn() -> Request) {
    let app = shop.app();
    app.till.finish().await;
    assert_later(&shop.send(&message()).await, "stopping");
    shop.store().clone().close().await.unwrap();
    assert_later(&shop.send(&message()).await, "stopped");
}

fn assert_later(answer: &Answer, when: &str) {
    let (code, retry) = (answer.error().1, answer.header("Retry-After"));
    assert_eq!((answer.status, code.as_str(), retry), (503, "Overloaded", Some("1")), "{when}");
}

async fn is_ready(shop: &Shop, ready: bool) {
    let reached = async || (shop.app().standing.is_ready() == ready).then_some(());
    until("another readiness", reached).await;
}
