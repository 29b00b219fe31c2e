//! One right, and everybody at once.

use std::sync::Arc;

use serde_json::{Value, json};

use super::cabinet::{CODE, CREDIT, Cabinet};
use crate::order::unpaid;
use crate::shop::Engine;

const CLIENTS: usize = 64;

/// 64 box offices send the same order; so many get a ticket, the others are told `code`.
async fn race(cabinet: &Arc<Cabinet>, order: Value, winners: usize, code: &str) {
    let order = Arc::new(order);
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (cabinet, order) = (Arc::clone(cabinet), Arc::clone(&order));
        clients.spawn(async move { cabinet.shop.order(&order).await.code() });
    }
    let codes = clients.join_all().await;
    let count = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
    assert_eq!(count("OK"), winners, "{codes:?}");
    assert_eq!(count(code), CLIENTS - winners, "{codes:?}");
    cabinet.shop.assert_all_is_well().await;
}

async fn race_for_everything(engine: Engine) {
    let cabinet = Arc::new(Cabinet::over(engine).await);
    let order = unpaid(&cabinet.shop, "match", "adult", 1);
    let with = |member: &str, value: Value| {
        let mut order = order.clone();
        order["order"][member] = value;
        order
    };
    let card = with("freeTicketCardId", json!(cabinet.card.id.0));
    race(&cabinet, card, 2, "OwnerCardEventLimit").await;
    assert_eq!(cabinet.card(cabinet.card).await.tickets_used, 2);
    let pass = with("teamPassId", json!(cabinet.pass.0));
    race(&cabinet, pass, 1, "TeamPassNotValid").await;
    let mut code = order.clone();
    code["orderDetails"][0]["specialTicketId"] = json!(CODE);
    code["cardInfo"] = crate::order::card(crate::order::GOOD_CARD);
    race(&cabinet, code, 1, "SpecialTicketUsed").await;
    assert_eq!(cabinet.shop.charges(), [1_000]);
    for card in [cabinet.card, cabinet.friends_card] {
        let mut credit = with("freeTicketCardId", json!(card.id.0));
        credit["order"]["freeTicketFromTypeId"] = json!("storeCredit");
        race(&cabinet, credit, 1, "InsufficientStoreCredit").await;
        assert_eq!(cabinet.card(card).await.credit, CREDIT - 4_000);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_is_used_once_in_memory() {
    // Proves that free tickets, a pass, a code and credit, the club's own and a friend's, are used
    // as often as they are good, that nobody is charged for nothing, and that the books agree.
    race_for_everything(Engine::Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_is_used_once_on_disk() {
    // Proves the same over SQLite, whose commits take their time.
    race_for_everything(Engine::Sqlite).await;
}
