//! Lists that a ticket window shows, on every engine.

use domain::card::{Card, CardAddress};
use domain::facts::{Facts, Halt, Key};
use domain::ids::{CardId, EventId, JobId, PassId, PayoutId, SaleId, TaskId, TransferId};
use domain::pass::Pass;
use domain::record::{Kind, word};
use domain::sale::Sale;
use domain::task::{NewTask, Task, TaskDone, TaskKind, ask_person};
use store::testing::NOON;
use store::{Options, Store};

use crate::common::{ENGINES, SELLER, open_store, rule};
use crate::window::{EVENT, FRIEND, fill};

/// Every list, of a window with a bit of everything.
#[tokio::test]
async fn lists_show_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for engine in ENGINES {
        let Some(store) = open_store(engine, folder.path(), Options::default()) else { continue };
        fill(&store).await;
        sales_of_an_event(&store).await;
        cards_and_passes(&store).await;
        what_is_owed(&store).await;
        tasks(&store).await;
        let transfers = store.transfers(SELLER, TransferId(0), 9).await.unwrap();
        assert_eq!(transfers.iter().map(|one| one.id.0).collect::<Vec<_>>(), [1], "{engine}");
        assert_eq!(store.transfers(SELLER, TransferId(1), 9).await.unwrap(), []);
        assert_eq!(store.payouts(SELLER, PayoutId(0), 9).await.unwrap(), []);
        assert_eq!(store.jobs(SELLER, JobId(0), 9).await.unwrap(), []);
        store.close().await.unwrap();
    }
}

/// Sales of one event in pieces, and of another event none.
async fn sales_of_an_event(store: &Store) {
    let other = rule(|facts| {
        let mut sale =
            Sale::clone(&*facts.share::<Sale>(Sale::key_of(SELLER, SaleId(3)))?.unwrap());
        sale.id = SaleId(facts.number(SELLER, SaleId::KIND)?);
        (sale.event, sale.moved_to) = (EventId(2), None);
        facts.put(sale);
        Ok(())
    });
    store.submit(other).await.unwrap();
    for (event, after, limit, expected) in [
        (EVENT, 0, 9, vec![1, 2, 3, 4]),
        (EVENT, 0, 2, vec![1, 2]),
        (EVENT, 2, 9, vec![3, 4]),
        (EVENT, 4, 9, vec![]),
        (EventId(2), 0, 9, vec![5]),
        (EventId(3), 0, 9, vec![]),
    ] {
        let sales = store.event_sales(SELLER, event, SaleId(after), limit).await.unwrap();
        let numbers: Vec<u32> = sales.iter().map(|sale| sale.id.0).collect();
        assert_eq!(numbers, expected, "{event:?} after {after}, {limit}");
    }
    let nobody = store.event_sales(FRIEND, EVENT, SaleId(0), 9).await.unwrap();
    assert_eq!(nobody, [], "another seller's");
}

/// Cards and passes by their keys, those that there are, and by the phone of their holder.
async fn cards_and_passes(store: &Store) {
    let keys = store.find(word("phone", "+3545550125"), 9).await.unwrap();
    let own = CardAddress { shard: SELLER, id: CardId(1) };
    let absent = Card::key_of(CardAddress { shard: SELLER, id: CardId(77) });
    assert_eq!(keys.first(), Some(&Card::key_of(own)));
    let wanted = [keys, vec![absent]].concat();
    let cards = store.read_all::<Card>(wanted).await.unwrap();
    let shards: Vec<_> = cards.iter().map(|card| card.shard).collect();
    assert_eq!(shards, [SELLER, FRIEND]);
    let passes = store.read_all::<Pass>(vec![Pass::key_of(SELLER, PassId(1))]).await.unwrap();
    assert_eq!(passes[0].used.len(), 1);
}

async fn what_is_owed(store: &Store) {
    let books = store.event_books(SELLER, EventId(0), 9).await.unwrap();
    let payable: Vec<_> = books.iter().map(|book| (book.event, book.payable)).collect();
    assert_eq!(payable, [(EVENT, 800)]);
    assert_eq!(store.event_books(SELLER, EVENT, 9).await.unwrap(), [], "the next page");
    let nothing = store.owner_book(SELLER).await.unwrap();
    assert_eq!((nothing.shard, nothing.receivable.len()), (SELLER, 0));
}

/// Only what is still to be done, after a number, and no more than asked for.
async fn tasks(store: &Store) {
    for _ in 0..3 {
        store.submit(rule(ask)).await.unwrap();
    }
    let done = rule(|facts| {
        let task = facts.edit::<Task>(Key::number(SELLER, Kind::Task, 2))?.unwrap();
        let (by, note) = ("Anna".to_owned(), String::new());
        task.done = Some(TaskDone { at: NOON, by, note });
        Ok(())
    });
    store.submit(done).await.unwrap();
    for (after, limit, expected) in [(0, 9, vec![1, 3, 4]), (0, 2, vec![1, 3]), (3, 9, vec![4])] {
        let tasks = store.open_tasks(SELLER, TaskId(after), limit).await.unwrap();
        let numbers: Vec<u32> = tasks.iter().map(|task| task.id.0).collect();
        assert_eq!(numbers, expected, "after {after}, {limit}");
    }
}

fn ask(facts: &mut Facts<'_>) -> Result<TaskId, Halt> {
    let (kind, text) = (TaskKind::RefundFailed, String::new());
    ask_person(facts, SELLER, NewTask { kind, sale: None, transfer: None, money: None, text }, NOON)
}
