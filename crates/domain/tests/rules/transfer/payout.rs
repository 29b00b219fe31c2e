//! Tickets that leave an event which was paid out to an organiser who may not owe money.

use domain::task::{Task, TaskKind};

use super::stage::{PRICES, REMATCH, Stage, gateway, types};
use crate::common::{EVENT, SHARD, approved};

/// A club that may not go into debt.
fn stage() -> Stage {
    let mut stage = Stage::new();
    stage.club.organiser.rules.debt_refused = true;
    stage.publish();
    stage
}

fn asked(stage: &Stage) -> Vec<TaskKind> {
    stage.club.till.all::<Task>().map(|task| task.kind).collect()
}

/// A person is asked once, when the move is booked, and only if the event was paid out by then:
/// it may be while a difference waits for its payment, and a difference may never be paid.
#[test]
fn a_person_is_asked_when_the_move_is_booked() {
    for (kind, paid_out_first) in [(0, true), (1, true), (2, true), (2, false)] {
        let what = format!("for {}, paid out first {paid_out_first}", PRICES[kind]);
        let mut stage = stage();
        let sale = stage.buy();
        if paid_out_first {
            stage.pay_out(EVENT);
        }
        let difference = PRICES[kind] - PRICES[0];
        let moved = stage.send(sale, REMATCH, types(SHARD)[kind], difference).unwrap();
        if !paid_out_first {
            stage.pay_out(EVENT);
        }
        if difference > 0 {
            assert_eq!(asked(&stage), [], "{what}: nothing is booked yet");
            stage.pay(&moved.transfer, gateway()).unwrap();
            stage.answer(moved.transfer.to, 1, approved());
        }
        assert_eq!(asked(&stage), [TaskKind::PayoutCorrection], "{what}");
        assert!(stage.transfer(&moved.transfer).by_hand, "{what}");
    }
}
