//! Published numbers: drawn from blocks, unique over sellers, leading back to their seller.

use std::collections::HashSet;

use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, Shard};
use domain::seller::DrawNumbers;
use store::Store;
use store::engine::Engine;
use store::job::{Answer, submission};
use store::testing::ADULT;

use crate::common::{Bed, SELLER, on_each_engine};

fn draw(shard: Shard, kind: NumberKind, count: usize) -> DrawNumbers {
    DrawNumbers { shard, kinds: vec![kind; count] }
}

fn range(first: u32, count: u32) -> Vec<u32> {
    (first..first + count).collect()
}

on_each_engine!(
    sellers_draw_from_their_own_blocks,
    a_batch_may_use_up_blocks,
    a_command_that_can_never_be_satisfied_ends,
);

/// Numbers count up from 1, and each seller has blocks of its own.
fn sellers_draw_from_their_own_blocks<E: Engine>(mut bed: Bed<E>) {
    let kind = NumberKind::Line;
    let second = Shard(9);
    assert_eq!(bed.run(draw(SELLER, kind, 3)), Ok(range(1, 3)));
    assert_eq!(bed.run(draw(second, kind, 3)), Ok(range(NUMBER_BLOCK_SIZE, 3)));
    assert_eq!(bed.run(draw(SELLER, kind, 2)), Ok(range(4, 2)));
    let rest = NUMBER_BLOCK_SIZE - 6;
    assert_eq!(bed.run(draw(SELLER, kind, rest as usize)), Ok(range(6, rest)));
    assert_eq!(bed.run(draw(SELLER, kind, 1)), Ok(range(2 * NUMBER_BLOCK_SIZE, 1)));
    // Another kind counts for itself.
    assert_eq!(bed.run(draw(SELLER, NumberKind::Venue, 1)), Ok(range(1, 1)));
}

/// More numbers than a block holds are drawn in one batch without a repeat, in order.
fn a_batch_may_use_up_blocks<E: Engine>(mut bed: Bed<E>) {
    let (mut jobs, mut answers) = (Vec::new(), Vec::<Answer<Vec<u32>>>::new());
    for _ in 0..40 {
        let (job, answer) = submission(draw(SELLER, NumberKind::Sale, 100));
        jobs.push(job);
        answers.push(answer);
    }
    while !jobs.is_empty() {
        jobs = bed.core.run(jobs, bed.now);
    }
    let drawn = answers.iter_mut().flat_map(|answer| answer.try_recv().unwrap().unwrap());
    let drawn: Vec<u32> = drawn.collect();
    assert!(drawn.is_sorted());
    assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 4_000);
    assert!(bed.order(1, ADULT).unwrap().sale.id.0 > drawn[3_999]);
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// One command that wants more numbers than a block holds can never have them all at once; it
/// is told so instead of claiming blocks for ever.
fn a_command_that_can_never_be_satisfied_ends<E: Engine>(mut bed: Bed<E>) {
    let too_many = NUMBER_BLOCK_SIZE as usize + 1;
    let fault = bed.run(draw(SELLER, NumberKind::Line, too_many));
    assert!(matches!(fault, Err(store::SubmitError::Fault(_))), "{fault:?}");
    assert!(bed.run(draw(SELLER, NumberKind::Line, 5)).is_ok());
}

/// A number leads to the seller who claimed its block, and one that nobody claimed to nobody.
#[tokio::test]
async fn numbers_lead_to_their_seller() {
    let store = Store::memory(store::Options::default());
    for shard in [Shard(5), Shard(6)] {
        store.submit(draw(shard, NumberKind::Event, 1)).await.unwrap();
    }
    for (number, shard) in [(1, Some(5)), (1_023, Some(5)), (1_024, Some(6)), (2_048, None)] {
        for _ in 0..2 {
            let found = store.shard_of(NumberKind::Event, number).await;
            assert_eq!(found, Ok(shard.map(Shard)), "{number}");
        }
    }
    assert_eq!(store.shard_of(NumberKind::Venue, 1).await, Ok(None));
    assert_eq!(store.sellers().await, Ok(vec![Shard(5), Shard(6)]));
}
