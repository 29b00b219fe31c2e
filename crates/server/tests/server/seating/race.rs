//! Everybody at once.

use std::collections::HashSet;
use std::sync::Arc;

use super::stadium::{SEAT_A1, Stadium, seats, token};
use crate::client::Answer;
use crate::shop::Engine;

const CLIENTS: usize = 64;

async fn one_seat(engine: Engine) {
    let stadium = Arc::new(Stadium::with(engine, |sandbox| Arc::new(sandbox)).await);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let stadium = Arc::clone(&stadium);
        clients.spawn(async move {
            stadium.reserve(&format!("d{client}"), &[SEAT_A1 + 1, SEAT_A1]).await
        });
    }
    let codes: Vec<_> = clients.join_all().await.iter().map(Answer::code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "OK").count(), 1, "{engine:?}: {codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "SeatTaken").count(), CLIENTS - 1);
    stadium.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_seat_is_held_once() {
    // Proves that of 64 clients one gets two seats, and nobody gets one of them.
    one_seat(Engine::Memory).await;
    one_seat(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_seats_go_to_different_buyers() {
    // Proves that 64 clients after the best pair of 26 seats buy all of them, each seat once.
    let stadium = Arc::new(Stadium::open().await);
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let stadium = Arc::clone(&stadium);
        clients.spawn(async move {
            let device = format!("d{client}");
            let found = stadium.find(&device, 1).await;
            if found.code() != "OK" {
                return (found.code(), Vec::new());
            }
            let order = stadium.order(&device, &token(&found), "adult", 1);
            let sold = stadium.shop.order(&order).await;
            assert_eq!(sold.code(), "OK", "{}", sold.json());
            ("OK".to_owned(), seats(&found))
        });
    }
    let answers = clients.join_all().await;
    let sold: Vec<u32> = answers.iter().flat_map(|(_, seats)| seats.clone()).collect();
    assert_eq!(sold.iter().collect::<HashSet<_>>().len(), 26, "{answers:?}");
    assert_eq!(sold.len(), 26);
    assert!(answers.iter().all(|(code, _)| code == "OK" || code == "SoldOut"), "{answers:?}");
    assert_eq!(stadium.shop.charges(), vec![4_000; 26]);
    stadium.shop.assert_all_is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_is_ordered_once() {
    // Proves that 64 orders of one hold are one sale and one charge, whoever is first.
    let stadium = Arc::new(Stadium::open().await);
    let hold = stadium.held("d1", &[SEAT_A1]).await;
    let order = Arc::new(stadium.order("d1", &hold, "adult", 1));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (stadium, order) = (Arc::clone(&stadium), Arc::clone(&order));
        clients.spawn(async move { stadium.shop.order(&order).await });
    }
    let answers = clients.join_all().await;
    let tokens: HashSet<_> = answers.iter().map(Answer::token).collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(stadium.shop.charges(), [4_000]);
    stadium.shop.assert_all_is_well().await;
}
