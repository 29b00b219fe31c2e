//! Several lanes over one database, and connections that break while committing.

use domain::ids::SaleId;
use domain::sale::{Placed, SaleState};
use store::SubmitError;
use store::batch::Core;
use store::job::submission;
use store::memory::{Cut, MemoryDatabase};
use store::testing::{ADULT, TERRACE, answer, approved, dump, run_alone};

use crate::common::{Bed, SELLER, look_at};

/// A lane whose cache is warm sees at once what another lane has written, and neither sells
/// what the other has sold.
#[test]
fn a_lane_forgets_what_another_has_changed() {
    let database = MemoryDatabase::default();
    let mut bed = Bed::over(&database);
    let mut other = Core::new(database.connect(), 2, 1_000).unwrap();
    for seed in 0..6 {
        let order = bed.shop.order(seed, TERRACE, 1);
        let placed =
            if seed % 2 == 0 { bed.run(order) } else { run_alone(&mut other, order, bed.now) };
        let expected = SaleId(u32::try_from(seed).unwrap() + 1);
        assert_eq!(placed.unwrap().sale.id, expected, "one sequence of numbers");
    }
    for late in
        [bed.order(7, TERRACE), run_alone(&mut other, bed.shop.order(8, TERRACE, 1), bed.now)]
    {
        assert!(matches!(late, Err(SubmitError::Refused(_))), "{late:?}");
    }
    // A sale placed by one and paid through the other is seen paid by the first.
    run_alone(&mut other, answer(SELLER, SaleId(1), approved()), bed.now).unwrap();
    let seen = bed.run(look_at(SaleId(1))).unwrap().unwrap();
    assert_eq!(seen.state, SaleState::Issued);
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// A commit without an answer is found in the lane row, or found missing and run again: either
/// way it happens exactly once, and the caller hears of it.
#[test]
fn a_commit_without_an_answer_happens_once() {
    for cut in [Cut::BeforeApplied, Cut::AfterApplied] {
        let database = MemoryDatabase::default();
        let mut bed = Bed::over(&database);
        database.cut_next_commit(cut);
        let first = bed.order(1, ADULT).unwrap();
        assert_eq!(first.sale.id, SaleId(1), "{cut:?}");
        database.cut_next_commit(cut);
        bed.run(answer(SELLER, SaleId(1), approved())).unwrap();
        // What is in memory afterwards is what is stored.
        assert_eq!(bed.order(2, ADULT).unwrap().sale.id, SaleId(2), "{cut:?}");
        let stored = dump(&database).unwrap();
        assert_eq!(stored.postings.len(), 1, "{cut:?}");
        assert_eq!(bed.findings(), Vec::<String>::new());
    }
}

/// The number of a try that was never committed is not used again, so that an old commit
/// cannot be taken for a new one; and a new lane goes on from its row.
#[test]
fn a_lane_goes_on_from_its_row() {
    let database = MemoryDatabase::default();
    let mut bed = Bed::over(&database);
    database.cut_next_commit(Cut::BeforeApplied);
    bed.order(1, ADULT).unwrap();
    let shop = bed.shop.clone();
    drop(bed);
    let mut again = Core::new(database.connect(), 1, 1_000).unwrap();
    database.cut_next_commit(Cut::AfterApplied);
    let placed = run_alone(&mut again, shop.order(2, ADULT, 1), store::testing::NOON).unwrap();
    assert_eq!(placed.sale.id, SaleId(2));
    assert_eq!(store::testing::check(&database).unwrap().sales, 2);
}

/// What comes in while a lane waits for its lock is part of the same commit.
#[test]
fn a_batch_takes_in_what_came_while_it_waited() {
    let database = MemoryDatabase::default();
    let mut bed = Bed::over(&database);
    let (first, mut told_first) = submission(bed.shop.order(1, ADULT, 1));
    let (second, mut told_second) = submission(bed.shop.order(2, ADULT, 1));
    let mut late = Some(second);
    let now = bed.now;
    let later = bed.core.run_with(vec![first], now, &mut |shards, jobs| {
        assert_eq!(shards, [SELLER]);
        jobs.extend(late.take());
    });
    assert!(later.is_empty());
    let sale = |told: Result<Result<Placed, SubmitError>, _>| told.unwrap().unwrap().sale.id;
    assert_eq!(sale(told_first.try_recv()), SaleId(1));
    assert_eq!(sale(told_second.try_recv()), SaleId(2));
    assert_eq!(bed.findings(), Vec::<String>::new());
}
