//! Drawing a plan from a seed.

use domain::ids::{Shard, TicketTypeId};
use domain::time::Timestamp;
use store::testing::{ADULT, CHILD, GROUND, NOON, TERRACE, TERRACE_ROWS};

use super::SellerPlan;
use super::{Change, ChangeKind, Effect, Fault, Item, NodePlan, Order, Place, Plan, Script, What};
use crate::dice::Dice;

/// The most nodes of a run.
pub const NODES_MAX: usize = 3;

/// Five seconds before midnight after [`NOON`], when keys begin to belong to another day.
const LATE_EVENING: Timestamp = Timestamp(NOON.0 - NOON.0 % DAY_US + DAY_US - 5_000_000);
const DAY_US: i64 = 86_400_000_000;

/// How long orders come in.
const RUSH_MS: [u64; 4] = [40, 400, 4_000, 60_000];

/// Where a node may die, with where it may also stand still.
const ASYNC_PLACES: [Place; 11] = [
    Place::Received,
    Place::Placed,
    Place::Answering,
    Place::Batch,
    Place::Committed,
    Place::CallLeaves,
    Place::CallOut,
    Place::CallAnswered,
    Place::Janitor,
    Place::Outbox,
    Place::Work,
];

/// The steps of a lane, in which it talks to the database.
const LANE_PLACES: [Place; 4] = [Place::Begin, Place::Load, Place::Write, Place::Commit];

impl Plan {
    /// The plan of run number `run` under `seed`, on exactly `nodes` nodes if told so.
    #[must_use]
    pub fn draw(seed: u64, run: u64, nodes: Option<usize>) -> Plan {
        let mut dice = Dice::of(&[seed, run]);
        let count = nodes.unwrap_or_else(|| dice.index(NODES_MAX) + 1).clamp(1, NODES_MAX);
        let nodes: Vec<_> = (0..count).map(|_| node(&mut dice)).collect();
        let lanes: usize = nodes.iter().map(|node| node.lanes).sum();
        let mut plan = Plan {
            seed: dice.below(u64::MAX),
            start: dice.pick(&[NOON, NOON, LATE_EVENING]),
            database_clock: lanes > 1 || dice.percent(30),
            nodes,
            sellers: (0..dice.between(1, 2)).map(|index| seller(index, &mut dice)).collect(),
            season: false,
            items: Vec::new(),
        };
        let faulty = dice.pick(&[0, 30, 100]);
        plan.draw_orders(faulty, &mut dice);
        plan.draw_season(faulty, &mut dice);
        plan.draw_faults(&mut dice);
        plan.draw_changes(&mut dice);
        plan
    }

    fn draw_orders(&mut self, faulty: u64, dice: &mut Dice) {
        let rush_ms = dice.pick(&RUSH_MS);
        for number in 0..u32::try_from(dice.between(4, 28)).unwrap_or(4) {
            let order = self.order(number, rush_ms, faulty, dice);
            self.items.push(Item::Order(order));
        }
    }

    fn order(&self, number: u32, rush_ms: u64, faulty: u64, dice: &mut Dice) -> Order {
        let seller = dice.index(self.sellers.len());
        let key = dice.percent(70).then_some(number);
        // Now and then somebody's key is used for something else.
        let taken = key.filter(|_| number > 0 && dice.percent(8)).map(|_| number - 1);
        let repeats = if key.is_some() { dice.below(4) } else { 0 };
        let script = if dice.percent(faulty) { Script::draw(dice) } else { Script::PLAIN };
        Order {
            number,
            at_ms: dice.below(rush_ms),
            seller,
            node: dice.index(self.nodes.len()),
            what: What::Match,
            lines: lines(dice),
            card: None,
            key: taken.or(key),
            patience_ms: dice.pick(&[3, 80, 5_000, 60_000, 60_000]),
            dropped: dice.percent(30),
            repeats_ms: (0..repeats).map(|_| pause_ms(dice)).collect(),
            insists: dice.percent(30),
            script,
        }
    }

    fn draw_faults(&mut self, dice: &mut Dice) {
        for _ in 0..dice.pick(&[0, 1, 1, 2, 3, 5]) {
            let node = dice.index(self.nodes.len());
            let (place, effect) = breakage(dice);
            let time = u32::try_from(dice.below(12)).unwrap_or(0);
            self.items.push(Item::Fault(Fault { node, place, time, effect }));
        }
    }

    fn draw_changes(&mut self, dice: &mut Dice) {
        for _ in 0..dice.pick(&[0, 0, 1, 2]) {
            let limit = u32::try_from(dice.below(40)).unwrap_or(0);
            let kind = match dice.below(4) {
                0 => ChangeKind::Active(dice.percent(50)),
                1 => ChangeKind::Limit(TERRACE_ROWS, limit),
                _ => ChangeKind::Limit(GROUND, limit),
            };
            self.items.push(Item::Change(Change {
                at_ms: dice.below(5_000),
                seller: dice.index(self.sellers.len()),
                node: dice.index(self.nodes.len()),
                kind,
            }));
        }
    }
}

fn node(dice: &mut Dice) -> NodePlan {
    let mut clock = vec![(0, ahead_ms(dice))];
    if dice.percent(30) {
        clock.push((dice.below(60_000), ahead_ms(dice)));
    }
    NodePlan {
        lanes: dice.pick(&[1, 1, 2]),
        batch_max: dice.pick(&[1, 2, 5, 256]),
        cache_entries_max: dice.pick(&[2, 6, 100_000]),
        clock,
    }
}

/// A node whose clock is more than two seconds off the database's is not ready, so none is.
fn ahead_ms(dice: &mut Dice) -> i64 {
    i64::try_from(dice.below(4_001)).unwrap_or(0) - 2_000
}

fn seller(index: u64, dice: &mut Dice) -> SellerPlan {
    let places = |dice: &mut Dice| u32::try_from(dice.pick(&[3, 10, 40, 500])).unwrap_or(0);
    SellerPlan {
        shard: Shard(7 + u32::try_from(index).unwrap_or(0)),
        resumable: dice.percent(80),
        ground: places(dice),
        terrace: places(dice),
        places: places(dice),
    }
}

fn lines(dice: &mut Dice) -> Vec<(TicketTypeId, u32)> {
    let line = |dice: &mut Dice| {
        let kind = dice.pick(&[ADULT, ADULT, ADULT, TERRACE, TERRACE, CHILD]);
        (kind, u32::try_from(dice.between(1, 4)).unwrap_or(1))
    };
    (0..dice.pick(&[1, 1, 1, 2, 3])).map(|_: u64| line(dice)).collect()
}

/// Mostly soon, seldom on a later day.
fn pause_ms(dice: &mut Dice) -> u64 {
    match dice.below(40) {
        0 => 50 * 3_600_000,
        1..=10 => dice.between(0, 40),
        _ => dice.between(200, 20_000),
    }
}

fn breakage(dice: &mut Dice) -> (Place, Effect) {
    let down_ms = dice.pick(&[10, 2_000, 30_000, 120_000]);
    if dice.percent(55) {
        let for_ms = dice.pick(&[50, 5_000, 60_000, 300_000]);
        let crash = dice.percent(50);
        let effect = if crash { Effect::Crash { down_ms } } else { Effect::Pause { for_ms } };
        return (dice.pick(&ASYNC_PLACES), effect);
    }
    let place = dice.pick(&LANE_PLACES);
    let effects = match place {
        Place::Commit => [
            Effect::Crash { down_ms },
            Effect::CrashCommitted { down_ms },
            Effect::Lost,
            Effect::LostCommitted,
        ],
        _ => [Effect::Crash { down_ms }, Effect::Lost, Effect::Conflict, Effect::Lost],
    };
    (place, dice.pick(&effects))
}
