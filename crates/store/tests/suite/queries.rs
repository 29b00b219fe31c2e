//! What readers see: the work table, the outbox, the catalogue, sales in order.

use domain::attempt::CallResult;
use domain::effect::Effect;
use domain::facts::Facts;
use domain::ids::{SaleId, Shard};
use domain::record::Kind;
use domain::sale::{Advance, AdvanceEvent, SaleState};
use domain::time::Span;
use store::Options;
use store::engine::Engine;
use store::job::{outbox_done, submission};
use store::testing::{ADULT, CHILD, GROUND, ManualClock, NOON, Shop, answer, approved, dump};

use crate::common::{Bed, ENGINES, Rule, SELLER, on_each_engine, open_store};

on_each_engine!(the_work_table_follows_the_sales, effects_stay_until_they_are_done);

/// An open attempt has one row, which moves with it and goes when nothing is open any more.
fn the_work_table_follows_the_sales<E: Engine>(mut bed: Bed<E>) {
    let due = |bed: &Bed<E>| -> Vec<_> {
        let due = dump(&*bed.reader).unwrap().due;
        due.iter().map(|due| (due.kind, due.number, due.at)).collect()
    };
    bed.buy(1, CHILD);
    assert_eq!(due(&bed), []);
    let sale = bed.order(2, ADULT).unwrap().sale;
    assert_eq!(due(&bed), [(Kind::Sale, sale.id.0, sale.due().unwrap())]);
    let unknown = CallResult::Unknown("no answer".into());
    let open = bed.run(answer(SELLER, sale.id, unknown)).unwrap().sale;
    assert!(open.due() != sale.due());
    assert_eq!(due(&bed), [(Kind::Sale, sale.id.0, open.due().unwrap())]);
    bed.run(answer(SELLER, sale.id, approved())).unwrap();
    assert_eq!(due(&bed), []);
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// An effect is stored with the change that owes it, and leaves when it was done; saying so
/// twice does no harm.
fn effects_stay_until_they_are_done<E: Engine>(mut bed: Bed<E>) {
    let sale = bed.order(1, ADULT).unwrap().sale;
    bed.now = NOON.after(Span::hours(25));
    let unknown = CallResult::Unknown("no answer".into());
    let review = bed.run(answer(SELLER, sale.id, unknown)).unwrap().sale;
    assert_eq!(review.state, SaleState::UnderReview);
    let outbox = dump(&*bed.reader).unwrap().outbox;
    let [owed] = &outbox[..] else { panic!("{outbox:?}") };
    assert!(matches!(&owed.effect, Effect::SaleNeedsReview { sale: of, .. } if *of == sale.id));
    for _ in 0..2 {
        let (job, mut told) = outbox_done(owed.shard, vec![owed.id]);
        assert!(bed.core.run(vec![job], bed.now).is_empty());
        assert_eq!(told.try_recv().unwrap(), Ok(()));
        assert!(dump(&*bed.reader).unwrap().outbox.is_empty());
    }
    let (resume, mut told) = submission(Advance {
        shard: SELLER,
        sale: sale.id,
        partner: None,
        event: AdvanceEvent::Resume { node: 0 },
    });
    assert!(bed.core.run(vec![resume], bed.now).is_empty());
    assert!(told.try_recv().unwrap().is_ok());
}

/// Proves that the outbox can be gone through in pieces of any size, over several sellers.
#[tokio::test]
async fn the_outbox_is_read_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let options = Options { clock: ManualClock::new(NOON), ..Options::default() };
        let Some(store) = open_store(engine, folder.path(), options) else { continue };
        for seller in [SELLER, Shard(SELLER.0 + 1)] {
            for number in 0..3 {
                let (sale, reason) = (SaleId(number), String::new());
                let effect = Effect::SaleNeedsReview { sale, reason };
                let decide = move |facts: &mut Facts<'_>| facts.owe(seller, effect.clone());
                store.submit(Rule { shard: seller, decide }).await.unwrap();
            }
        }
        let whole = store.outbox(100).await.unwrap();
        assert_eq!(whole.len(), 6);
        for size in 1..=6 {
            let (mut after, mut read) = (None, Vec::new());
            loop {
                let piece = store.outbox_after(after, size).await.unwrap();
                let Some(last) = piece.last() else { break };
                after = Some((last.shard, last.id));
                read.extend(piece);
            }
            assert_eq!(read, whole, "{engine:?} in pieces of {size}");
        }
        store.close().await.unwrap();
    }
}

/// The same questions through the store, on each engine.
#[tokio::test]
async fn readers_answer_as_of_the_last_commit() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let options = Options { clock: ManualClock::new(NOON), ..Options::default() };
        let Some(store) = open_store(engine, folder.path(), options) else { continue };
        let mut shop = Shop::new(SELLER);
        shop.revision = store.submit(shop.publish()).await.unwrap();
        shop.revision = store.submit(shop.limit(GROUND, Some(20))).await.unwrap();
        let catalogue = store.catalogue(SELLER).await.unwrap();
        assert_eq!((catalogue.revision, catalogue.records.len()), (2, 6));
        for seed in 0..5 {
            let sale = store.submit(shop.order(seed, ADULT, 2)).await.unwrap().sale;
            let key = domain::sale::Sale::key_of(SELLER, sale.id);
            let stored = store.read::<domain::sale::Sale>(key).await.unwrap().unwrap();
            assert_eq!(*stored, *sale);
        }
        let quotas = store.quotas(SELLER).await.unwrap();
        assert_eq!((quotas.len(), quotas[0].held), (1, 10));
        let sales = store.sales(SELLER, SaleId(2), 2).await.unwrap();
        assert_eq!(sales.iter().map(|sale| sale.id.0).collect::<Vec<_>>(), [3, 4]);
        let all_due = NOON.after(Span::hours(1));
        assert_eq!(store.due(NOON, 100).await.unwrap(), []);
        assert_eq!(store.due(all_due, 3).await.unwrap().len(), 3);
        assert_eq!(store.outbox(10).await.unwrap(), []);
        let report = store.check().await.unwrap();
        assert_eq!(report.findings, Vec::<String>::new());
        assert_eq!((report.sales, report.open_attempts), (5, 5));
        store.close().await.unwrap();
    }
}
