//! The same request twice is one sale, on the same day, across midnight, and weeks later.

use domain::idempotency::Marks;
use domain::ids::{SaleId, Shard};
use domain::refusal::Code;
use domain::sale::PlaceOrder;
use domain::time::{Span, Timestamp};
use store::engine::Engine;
use store::testing::{ADULT, ManualClock, NOON, Shop, identity};
use store::{Options, SubmitError};

use crate::common::{Bed, ENGINES, SELLER, on_each_engine, open_store};

on_each_engine!(a_repeat_finds_the_first_sale, a_signature_is_good_for_one_request);

fn with_key(order: PlaceOrder, key: u128, fingerprint: u128) -> PlaceOrder {
    let key = Some(identity(key, fingerprint));
    PlaceOrder { marks: Marks { key, ..Marks::default() }, ..order }
}

/// Today and yesterday are looked at by the rule itself, also with nothing in memory.
fn a_repeat_finds_the_first_sale<E: Engine>(mut bed: Bed<E>) {
    let order = with_key(bed.shop.order(1, ADULT, 1), u128::MAX, 1);
    let first = bed.run(order.clone()).unwrap();
    assert!(!first.repeated);
    for hours in [0, 1, 13, 30] {
        bed.now = NOON.after(Span::hours(hours));
        let again = bed.run(order.clone()).unwrap();
        assert_eq!((again.repeated, again.sale.id), (true, first.sale.id), "{hours} h later");
    }
    let other = bed.run(with_key(order, u128::MAX, 2));
    assert_eq!(refusal(other), Code::IdempotencyConflict);
    assert_eq!(bed.findings(), Vec::<String>::new());
}

fn signed(order: PlaceOrder, hash: u128, fingerprint: u128) -> PlaceOrder {
    let signature = Some(identity(hash, fingerprint));
    PlaceOrder { marks: Marks { signature, ..Marks::default() }, ..order }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, SubmitError>) -> Code {
    let Err(SubmitError::Refused(refusal)) = outcome else { panic!("{outcome:?}") };
    refusal.code
}

/// A signature leads to its order, also with nothing in memory and over midnight, and to no other
/// order of any seller; its row is written with the order and leads to it.
fn a_signature_is_good_for_one_request<E: Engine>(mut bed: Bed<E>) {
    let here = bed.shop.clone();
    bed.open(Shard(8));
    let order = signed(here.order(1, ADULT, 1), 77, 1);
    let first = bed.run(order.clone()).unwrap();
    assert!(!first.repeated);
    for hours in [0, 13] {
        bed.now = NOON.after(Span::hours(hours));
        for is_cold in [false, true] {
            if is_cold {
                bed.core.forget_everything();
            }
            let again = bed.run(order.clone()).unwrap();
            assert_eq!((again.repeated, again.sale.id), (true, first.sale.id), "{hours} h later");
            let other_body = bed.run(signed(here.order(2, ADULT, 1), 77, 2));
            assert_eq!(refusal(other_body), Code::SignatureReplayed);
            let elsewhere = bed.run(signed(bed.shop.order(3, ADULT, 1), 77, 1));
            assert_eq!(refusal(elsewhere), Code::SignatureReplayed);
        }
    }
    assert!(!bed.run(signed(bed.shop.order(3, ADULT, 1), 78, 1)).unwrap().repeated);
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// Rows of the days before are found at intake, for 31 days.
#[tokio::test]
async fn earlier_days_are_found_at_intake() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let clock = ManualClock::new(NOON);
        let options = Options { clock: clock.clone(), ..Options::default() };
        let Some(store) = open_store(engine, folder.path(), options) else { continue };
        let mut shop = Shop::new(SELLER);
        shop.revision = store.submit(shop.publish()).await.unwrap();
        shop.revision = store.submit(shop.limit(store::testing::GROUND, None)).await.unwrap();
        let order = with_key(shop.order(1, ADULT, 1), 77, 1);
        assert_eq!(store.submit(order).await.unwrap().sale.id, SaleId(1));
        let first_day = NOON.day();
        let find = async |days: u32, hash: u128| {
            let today = first_day + days;
            store.idempotency_before(SELLER, hash, today).await.unwrap().map(|row| row.sale)
        };
        for (days, expected) in
            [(0, None), (1, None), (2, Some(SaleId(1))), (31, Some(SaleId(1))), (32, None)]
        {
            assert_eq!(find(days, 77).await, expected, "{days} days later, {engine}");
            assert_eq!(find(days, 78).await, None, "another key");
        }
        clock.set(Timestamp(0));
        assert_eq!(store.idempotency_before(SELLER, 77, 0).await, Ok(None));
        store.close().await.unwrap();
    }
}
