//! Numbered seats as they are stored: pictures of them, what a check finds, and the law of batches.

mod laws;

use domain::ids::SeatBlockId;
use domain::seating::SeatState;
use rusqlite::Connection;
use store::testing::{ManualClock, NOON, Stadium, StadiumSize, answer, approved};
use store::{CheckReport, Options, Store};

use crate::common::SELLER;

const SIZE: StadiumSize = StadiumSize { sections: 2, rows: 2, seats: 6 };

/// Two seats sold, two held by an order, two by a buyer for minutes; the rest is free.
async fn sell(store: &Store) -> Stadium {
    let mut stadium = Stadium::new(SELLER, SIZE);
    store.submit(stadium.draw()).await.unwrap();
    stadium.shop.revision = store.submit(stadium.publish()).await.unwrap();
    let offer = stadium.offer();
    for seed in 1..=3 {
        let held = store.submit(stadium.find(&offer, seed, 2)).await.unwrap().reservation;
        if seed < 3 {
            let order = stadium.order(&offer, seed, &held);
            let sale = store.submit(order).await.unwrap().sale;
            if seed == 1 {
                store.submit(answer(SELLER, sale.id, approved())).await.unwrap();
            }
        }
    }
    stadium
}

fn options() -> Options {
    Options { clock: ManualClock::new(NOON), ..Options::default() }
}

/// The same on disk; then `sql`; then a check.
async fn after(sql: &str) -> CheckReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = Store::sqlite(&path, options()).unwrap();
    sell(&store).await;
    store.close().await.unwrap();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let store = Store::sqlite(&path, options()).unwrap();
    let report = store.check().await.unwrap();
    store.close().await.unwrap();
    report
}

/// Readers see the seats as they were committed, section by section.
#[tokio::test]
async fn a_picture_shows_what_is_committed() {
    let store = Store::memory(options());
    sell(&store).await;
    let ids = vec![SeatBlockId(1), SeatBlockId(2), SeatBlockId(99)];
    let blocks = store.seat_blocks(SELLER, ids).await.unwrap();
    let free: Vec<_> = blocks.iter().map(|block| (block.id.0, block.free)).collect();
    assert_eq!(free, [(1, 6), (2, 12)]);
    let sold = blocks[0].seats().filter(|(_, state)| matches!(state, SeatState::Sold(_)));
    assert_eq!(sold.count(), 2);
}

/// All is well until somebody changes a seat behind the store's back, and then it is told.
#[tokio::test]
async fn each_fault_of_seats_is_found() {
    assert_eq!(after("").await.findings, Vec::<String>::new());
    let seats =
        |seats: &str| format!("UPDATE seat_block SET body = json_set(body, '$.seats', '{seats}')");
    let whole = "1 of shard 7 says 2 reserved, 2 held and 2 sold seats, its sales and";
    for (sql, finding) in [
        (seats("12"), "counts its free seats wrong"),
        ("DELETE FROM seat_block".to_owned(), "have seats of section 1, which cannot be found"),
        ("UPDATE reservation SET body = json_set(body, '$.state', 'ended')".to_owned(), whole),
        (
            "UPDATE sale SET body = json_set(body, '$.seats', json('[]'))".to_owned(),
            "reservations say 2 reserved, 0 held and 0 sold",
        ),
        (
            "UPDATE sale SET body = json_set(body, '$.seats[0].seat', 999) WHERE id & 255 = 1"
                .to_owned(),
            "reservations say as many, but other seats",
        ),
        (
            "UPDATE reservation SET body = json_set(body, '$.state', 'ordered')".to_owned(),
            "waits for an order that is not being paid",
        ),
    ] {
        let findings = after(&sql).await.findings;
        let found = findings.iter().any(|sentence| sentence.contains(finding));
        assert!(found, "{sql}: looked for {finding:?} in {findings:#?}");
    }
}
