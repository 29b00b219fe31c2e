//! Everybody at once.

use crate::order::paid;
use crate::shop::{Engine, Shop};
use std::sync::Arc;

const CLIENTS: usize = 64;
const PLACES: usize = 50;

async fn rush(engine: Engine) {
    let shop = Arc::new(Shop::with(engine, |sandbox| Arc::new(sandbox)).await);
    let order = Arc::new(paid(&shop, "rush", "adult", 1));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (shop, order) = (Arc::clone(&shop), Arc::clone(&order));
        clients.spawn(async move { shop.order(&order).await });
    }
    let answers = clients.join_all().await;
    let codes: Vec<_> =
        answers.iter().map(|answer| (answer.status_code(), answer.code())).collect();
    let count = |code: (u64, &str)| {
        codes.iter().filter(|(status, name)| (*status, name.as_str()) == code).count()
    };
    assert_eq!(count((200, "OK")), PLACES, "{engine:?}: {codes:?}");
    assert_eq!(count((409, "SoldOut")), CLIENTS - PLACES, "{engine:?}: {codes:?}");
    assert_eq!(shop.charges(), vec![4_000; PLACES]);
    assert_eq!(shop.gateway_log().len(), PLACES, "nobody was charged and refused");
    assert_eq!(shop.places("hekla").await, (0, u32::try_from(PLACES).unwrap()));
    shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_place_is_sold_twice_in_memory() {
    // Proves that 64 clients after 50 places buy exactly 50, and that only they are charged.
    rush(Engine::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_place_is_sold_twice_on_disk() {
    // Proves the same over SQLite, whose commits take their time.
    rush(Engine::Sqlite).await;
}
