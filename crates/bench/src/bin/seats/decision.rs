//! How long the rule takes to find and hold the best seats of 50,000 when nine of ten are sold.

use std::collections::HashMap;
use std::error::Error;

use bench::clock::now;
use bench::load::Histogram;
use domain::facts::{Command, Facts, Halt, Key, Known, Missing, Overlay};
use domain::ids::{NumberKind, SaleId, Shard};
use domain::record::Record;
use domain::seating::{SeatBlock, SeatState};
use domain::seller::{DrawNumbers, Seller};
use store::testing::{NOON, Stadium, StadiumSize};

const SELLER: Shard = Shard(7);

/// 100 sections of 20 rows of 25.
const SIZE: StadiumSize = StadiumSize { sections: 100, rows: 20, seats: 25 };

/// Of a hundred seats, so many are sold.
const SOLD_PERCENT: u64 = 90;

/// How often each is measured.
const ROUNDS: u64 = 2_000;

/// Facts in a map, as a lane has them in memory.
#[derive(Default)]
struct Desk {
    records: HashMap<Key, Record>,
}

impl Known for Desk {
    fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
        Some(self.records.get(key))
    }
}

/// Measures and prints it.
pub(crate) fn measure() -> Result<(), Box<dyn Error>> {
    println!("best available of 50,000 seats, {SOLD_PERCENT} % sold, decision in memory:");
    for (name, group) in [("seat by seat", 1), ("in groups of four", 4)] {
        let (mut desk, mut stadium) = (Desk::default(), Stadium::new(SELLER, SIZE));
        desk.run(&stadium.draw())?;
        stadium.shop.revision = desk.run(&stadium.publish())?;
        desk.run(&DrawNumbers { shard: SELLER, kinds: vec![NumberKind::Reservation] })?;
        desk.sell(group);
        for quantity in [2, 3, 4, 6] {
            println!("  sold {name}, {quantity} wanted: {}", desk.find(&stadium, quantity));
        }
    }
    Ok(())
}

impl Desk {
    fn run<C: Command>(&mut self, command: &C) -> Result<C::Outcome, String> {
        loop {
            let batch = Overlay::default();
            let mut facts = Facts::new(self, &batch);
            match command.decide(&mut facts, NOON) {
                Ok(outcome) => {
                    let changes = facts.into_changes();
                    self.records.extend(changes.records);
                    return Ok(outcome);
                }
                Err(Halt::Missing(Missing::Numbers(shard, kind))) => {
                    let mut seller = Seller { shard, ..Seller::default() };
                    if let Some(Record::Seller(known)) = self.records.get(&Key::seller(shard)) {
                        seller = Seller::clone(known);
                    }
                    seller.claim(kind, 1);
                    self.records.insert(Key::seller(shard), Record::Seller(seller.into()));
                }
                Err(halt) => return Err(format!("{halt:?}")),
            }
        }
    }

    /// Sells seats here and there, so many beside each other at a time.
    fn sell(&mut self, group: u32) {
        let mut random = 0x9E37_79B9_7F4A_7C15_u64;
        for record in self.records.values_mut() {
            let Record::SeatBlock(block) = record else { continue };
            let block = std::sync::Arc::make_mut(block);
            for seat in numbers(block) {
                if seat % group == 0 {
                    random = random.wrapping_mul(0xD129_42F0_6FB2_4BF5).wrapping_add(1);
                }
                if (random >> 33) % 100 < SOLD_PERCENT {
                    block.change(seat, SeatState::Free, SeatState::Sold(SaleId(1)));
                }
            }
        }
    }

    fn find(&self, stadium: &Stadium, quantity: u16) -> String {
        let (mut times, mut candidates) = (Histogram::default(), 0);
        let offer = stadium.offer();
        let command = stadium.find(&offer, 1, quantity);
        for _ in 0..ROUNDS {
            let batch = Overlay::default();
            let mut facts = Facts::new(self, &batch);
            let start = now();
            let outcome = command.decide(&mut facts, NOON);
            times.record(start.elapsed());
            candidates = outcome.map_or(0, |found| found.candidates);
        }
        let at = |per_mille| times.quantile(per_mille).as_secs_f64() * 1e6;
        let (median, p99, most) = (at(500), at(990), times.max().as_secs_f64() * 1e6);
        format!("median {median:.0} µs, p99 {p99:.0} µs, most {most:.0} µs; {candidates} choices")
    }
}

fn numbers(block: &SeatBlock) -> Vec<u32> {
    block.seats().map(|(seat, _)| seat).collect()
}
