//! A node that may not sell, and several nodes with one catalogue.

use std::sync::Arc;

use domain::ids::{EventId, NumberKind};
use domain::time::Timestamp;
use server::catalogue::{Catalogue, file, import};
use store::memory::MemoryDatabase;
use store::{Backend, Clock as _, Options, Store};

use crate::client::Request;
use crate::order::paid;
use crate::shop::{Shop, until};

#[tokio::test]
async fn a_clock_that_jumped_back_sells_nothing() {
    // Proves that orders are refused with a reason and charge nothing while the clock is behind
    // what was sold, and that the node sells again by itself when the clock has caught up.
    let shop = Shop::open().await;
    let order = paid(&shop, "rush", "adult", 1);
    assert_eq!(shop.order(&order).await.status_code(), 200);
    let now = shop.clock.now();
    shop.clock.set(Timestamp(now.0 - 10_000_000));
    ready_as(&shop, 503).await;
    let refused = shop.order(&order).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()["responseStatus"]["errorCode"], "NotReady");
    let said = shop.send(&Request::get("/health/ready")).await.json();
    assert!(said["problems"][0].as_str().unwrap().contains("clock is 10 s behind"), "{said}");
    assert_eq!(shop.send(&Request::get("/health/live")).await.status, 200);
    shop.clock.set(now);
    ready_as(&shop, 200).await;
    assert_eq!(shop.order(&order).await.status_code(), 200);
    assert_eq!(shop.charges().len(), 2, "the refused order was not charged");
    shop.assert_all_is_well().await;
}

/// Waits until the load balancer is told this.
async fn ready_as(shop: &Shop, status: u16) {
    until("another readiness", async || {
        let answer = shop.send(&Request::get("/health/ready")).await;
        (answer.status == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_node_hears_of_a_catalogue_changed_elsewhere() {
    // Proves that what one node imports, another that had read the catalogue before shows.
    let database = MemoryDatabase::default();
    let node = |lane_first| {
        let reader = Arc::new(database.clone());
        let backend = Backend { lane_first, ..Backend::single(database.connect(), reader) };
        Store::start(backend, Options::default()).unwrap()
    };
    let (here, there) = (node(1), node(2));
    let text = include_str!("catalogue.toml");
    let imported = import::import(&here, &file::parse(text).unwrap()).await.unwrap();
    let rush = imported.iter().find(|item| item.kind == "event" && item.slug == "rush").unwrap();
    let shown = Catalogue::new(there.clone());
    let name = async || shown.offer(EventId(rush.id)).await.unwrap().unwrap().event.name.clone();
    let before = name().await;
    let changed = text.replace(&format!("name = \"{before}\""), "name = \"Moved\"");
    assert_ne!(changed, text);
    import::import(&here, &file::parse(&changed).unwrap()).await.unwrap();
    assert_eq!(name().await, before);
    shown.refresh().await.unwrap();
    assert_eq!(name().await, "Moved");
    assert!(there.shard_of(NumberKind::Event, rush.id).await.unwrap().is_some());
}
