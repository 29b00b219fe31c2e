//! The finder: what is found by a word, over all sellers, as it is written and changed.

use domain::ids::{SaleId, Shard};
use domain::record::{Kind, word};
use domain::sale::{Buyer, PlaceOrder, Sale};
use store::engine::Engine;
use store::testing::{ADULT, CHILD, dump};
use store::{Options, Store};

use crate::common::{Bed, ENGINES, SELLER, on_each_engine, open_store, rule};

const ANNA: &str = "+3545550123";
const BIRNA: &str = "+3545550124";

on_each_engine!(words_follow_the_sales, without_a_phone_nothing_is_written);

fn found<E: Engine>(bed: &Bed<E>) -> Vec<(u32, u128)> {
    dump(&*bed.reader).unwrap().found.iter().map(|row| (row.number, row.word)).collect()
}

/// A sale is found by its phone, and by the new one only when it goes to another.
fn words_follow_the_sales<E: Engine>(mut bed: Bed<E>) {
    let sale = bed.buy(1, ADULT);
    assert_eq!(found(&bed), [(sale.0, word("phone", ANNA))]);
    for phone in [Some(BIRNA), Some(BIRNA), None, Some(ANNA)] {
        bed.run(give_phone(sale, phone)).unwrap();
        let expected = phone.map(|phone| (sale.0, word("phone", phone)));
        assert_eq!(found(&bed), expected.into_iter().collect::<Vec<_>>(), "{phone:?}");
        assert_eq!(bed.findings(), Vec::<String>::new());
    }
}

fn give_phone(
    sale: SaleId,
    phone: Option<&'static str>,
) -> impl domain::facts::Command<Outcome = ()> {
    rule(move |facts| {
        let sale = facts.edit::<Sale>(Sale::key_of(SELLER, sale))?.expect("it was bought");
        sale.buyer.phone = phone.map(str::to_owned);
        Ok(())
    })
}

/// Sales without a phone leave no row.
fn without_a_phone_nothing_is_written<E: Engine>(mut bed: Bed<E>) {
    let order = bed.shop.order(1, CHILD, 1);
    bed.run(PlaceOrder { buyer: Buyer::default(), ..order }).unwrap();
    assert_eq!(found(&bed), []);
}

/// One word leads to the sales of all sellers, no more than asked for, and to nothing else.
#[tokio::test]
async fn a_word_leads_to_every_seller() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let Some(store) = open_store(engine, folder.path(), Options::default()) else { continue };
        let mut sales = Vec::new();
        for shard in [SELLER, Shard(9)] {
            sales.extend(sell_two(&store, shard).await);
        }
        let keys = store.find(word("phone", ANNA), 100).await.unwrap();
        assert!(keys.iter().all(|key| key.kind == Kind::Sale), "{keys:?}");
        assert_eq!(keys, sales, "{engine}");
        assert_eq!(store.find(word("phone", ANNA), 3).await.unwrap(), sales[..3]);
        assert_eq!(store.find(word("phone", BIRNA), 100).await.unwrap(), []);
        let read = store.read_all::<Sale>(keys).await.unwrap();
        assert!(read.iter().all(|sale| sale.buyer.phone.as_deref() == Some(ANNA)));
        assert_eq!(read.len(), 4);
        store.close().await.unwrap();
    }
}

async fn sell_two(store: &Store, shard: Shard) -> Vec<domain::facts::Key> {
    let mut shop = store::testing::Shop::new(shard);
    shop.revision = store.submit(shop.publish()).await.unwrap();
    shop.revision = store.submit(shop.limit(store::testing::GROUND, None)).await.unwrap();
    let mut keys = Vec::new();
    for seed in 0..2 {
        let sale = store.submit(shop.order(seed, CHILD, 1)).await.unwrap().sale;
        keys.push(Sale::key_of(shard, sale.id));
    }
    keys
}
