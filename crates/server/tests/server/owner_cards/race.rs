//! Season cards, and everybody at once.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ask, bought, paid};
use crate::order::unpaid as ticket;
use crate::shop::{Engine, Shop};
use crate::telephone::NUMBER;

const CALLERS: usize = 64;

/// What 64 callers at once are told.
async fn all_at_once(
    shop: &Arc<Shop>,
    request: impl Fn(usize) -> (&'static str, Value),
) -> Vec<String> {
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..CALLERS {
        let (shop, (path, body)) = (Arc::clone(shop), request(number));
        callers.spawn(async move { ask(&shop, &shop.admin, "POST", path, &body).await.code() });
    }
    callers.join_all().await
}

fn count(codes: &[String], wanted: &str) -> usize {
    codes.iter().filter(|code| *code == wanted).count()
}

async fn race(engine: Engine) {
    let shop = Arc::new(Shop::with(engine, |sandbox| Arc::new(sandbox)).await);
    let order = paid(&shop, &["limited"]);
    let codes = all_at_once(&shop, |_| ("/OrderOwnerCards", order.clone())).await;
    assert_eq!((count(&codes, "OK"), count(&codes, "SoldOut")), (3, CALLERS - 3), "{codes:?}");
    assert_eq!(shop.charges(), [2_000; 3]);

    let card = bought(&shop, "gold", NUMBER).await["id"].clone();
    let mut use_it = ticket(&shop, "match", "adult", 1);
    use_it["order"]["freeTicketCardId"] = card.clone();
    let refund = json!({ "id": card });
    let codes = all_at_once(&shop, |number| match number % 2 {
        0 => ("/ticketOrder", use_it.clone()),
        _ => ("/OwnerCards/refund", refund.clone()),
    });
    let codes = codes.await;
    let won = (count(&codes, "OK"), count(&codes, "OwnerCardNotValid"));
    // Either it was used first, twice at most at one event, and never goes back; or it went back
    // first, once, and gives nothing.
    let used = won == (2, 0) && count(&codes, "NotRefundable") == CALLERS / 2;
    let returned = won == (1, CALLERS / 2);
    assert!(used || returned, "{codes:?}");
    shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wins_in_memory() {
    // Proves that the last cards are sold once, that a card is used or paid back and never both,
    // and that the books agree.
    race(Engine::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wins_on_disk() {
    // Proves the same over SQLite, whose commits take their time.
    race(Engine::Sqlite).await;
}
