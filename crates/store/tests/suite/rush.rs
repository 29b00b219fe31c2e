//! Many at once: nothing is sold twice, nobody waits without bound, nothing queued is lost.

use domain::refusal::Code;
use domain::sale::Placed;
use store::testing::{ADULT, GROUND, ManualClock, NOON, Shop, answer, approved};
use store::{Fault, Options, Store, SubmitError};

use crate::common::{ENGINES, SELLER, open_store, rule};

async fn open(store: &Store, places: u32) -> Shop {
    let mut shop = Shop::new(SELLER);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(GROUND, Some(places))).await.unwrap();
    shop
}

fn options() -> Options {
    Options { clock: ManualClock::new(NOON), ..Options::default() }
}

async fn buy(store: Store, shop: Shop, seed: u64) -> Result<Placed, SubmitError> {
    let placed = store.submit(shop.order(seed, ADULT, 1)).await?;
    if seed.is_multiple_of(2) {
        store.submit(answer(SELLER, placed.sale.id, approved())).await?;
    }
    Ok(placed)
}

/// 64 buyers after 50 places: exactly 50 get one, 14 are told that it is sold out.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_places_are_sold_fifty_times() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let Some(store) = open_store(engine, folder.path(), options()) else { continue };
        let shop = open(&store, 50).await;
        let buyers: Vec<_> =
            (0..64).map(|seed| tokio::spawn(buy(store.clone(), shop.clone(), seed))).collect();
        let mut placed = 0;
        for buyer in buyers {
            match buyer.await.unwrap() {
                Ok(_) => placed += 1,
                Err(SubmitError::Refused(refusal)) => assert_eq!(refusal.code, Code::SoldOut),
                Err(error) => panic!("{error}"),
            }
        }
        let quota = &store.quotas(SELLER).await.unwrap()[0];
        assert_eq!((placed, quota.held + quota.sold), (50, 50), "{engine}");
        assert_eq!(store.check().await.unwrap().findings, Vec::<String>::new());
        assert!(store.statistics().commits <= store.statistics().commands);
        store.close().await.unwrap();
    }
}

/// A full queue says so at once, and goes on when there is room again.
#[tokio::test]
async fn a_full_queue_turns_away_at_once() {
    let store = Store::memory(Options { queue_length_max: 2, ..options() });
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let (starts, started) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let blocker = tokio::spawn({
        let store = store.clone();
        async move {
            let wait = rule(move |_facts| {
                starts.send(()).unwrap();
                assert!(held.lock().unwrap().recv().is_err(), "let go");
                Ok(())
            });
            store.submit(wait).await
        }
    });
    // Only now has the batch taken in all that it will.
    while started.try_recv().is_err() {
        tokio::task::yield_now().await;
    }
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.submit(rule(|_| Ok(()))).await }
            })
        })
        .collect();
    while store.statistics().queue_length < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(store.submit(rule(|_| Ok(()))).await, Err(SubmitError::Overloaded));
    drop(hold);
    assert_eq!(blocker.await.unwrap(), Ok(()));
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }
    assert_eq!(store.submit(rule(|_| Ok(()))).await, Ok(()));
    assert_eq!(store.statistics().overloads, 1);
}

/// Closing finishes what is queued; afterwards the store says that it has stopped.
#[tokio::test]
async fn closing_finishes_what_is_queued() {
    let store = Store::memory(options());
    let shop = open(&store, 100).await;
    let orders: Vec<_> = (0..20)
        .map(|seed| {
            tokio::spawn({
                let (store, order) = (store.clone(), shop.order(seed, ADULT, 1));
                async move { store.submit(order).await }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    while store.statistics().commands < 3 {
        tokio::task::yield_now().await;
    }
    store.clone().close().await.unwrap();
    for order in orders {
        let told = order.await.unwrap();
        assert!(
            told.is_ok() || told.as_ref().err() == Some(&SubmitError::Fault(Fault::Stopped)),
            "{told:?}"
        );
    }
    let late = store.submit(shop.order(99, ADULT, 1)).await;
    assert_eq!(late.err(), Some(SubmitError::Fault(Fault::Stopped)));
}
