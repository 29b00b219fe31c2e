//! Numbered seats: what sections say of who has each seat, beside what sales and holds say.
//!
//! Each side is added up section by section: how many seats are with whom, and a sum over hashes of
//! seat and owner, which is the same only if all of them are. So the check of a seller with a
//! thousand sold-out events needs no more memory than it has sections.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use domain::ids::{SeatBlockId, Shard};
use domain::sale::{Sale, SaleState};
use domain::seating::{Reservation, ReservationState, SeatAddress, SeatBlock, SeatState};

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// The seats of one section, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    reserved: u64,
    held: u64,
    sold: u64,
    /// Wraps.
    hashes: u64,
}

/// The seats of one shard.
#[derive(Default)]
pub(super) struct Seats {
    /// As the sections say.
    told: BTreeMap<SeatBlockId, Sum>,
    /// As sales and holds say.
    claimed: BTreeMap<SeatBlockId, Sum>,
}

impl Sum {
    fn add(&mut self, seat: u32, state: SeatState) {
        match state {
            SeatState::Free | SeatState::Blocked => return,
            SeatState::Reserved(_) => self.reserved += 1,
            SeatState::Held(_) => self.held += 1,
            SeatState::Sold(_) => self.sold += 1,
        }
        let mut hasher = DefaultHasher::new();
        (seat, state).hash(&mut hasher);
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

impl Seats {
    pub(super) fn add_block(&mut self, block: &SeatBlock, report: &mut CheckReport) {
        if !block.adds_up() {
            report.find(format!(
                "Section {} of shard {} counts its free seats wrong.",
                block.id.0, block.shard.0
            ));
        }
        let sum = self.told.entry(block.id).or_default();
        block.seats().for_each(|(seat, state)| sum.add(seat, state));
    }

    pub(super) fn add_sale(&mut self, sale: &Sale) {
        let state = match sale.state {
            SaleState::Issued => SeatState::Sold(sale.id),
            state if state.holds_places() => SeatState::Held(sale.id),
            _ => return,
        };
        sale.seats_held().iter().for_each(|address| self.claim(*address, state));
    }

    /// A hold that an order has taken must lead to that order.
    pub(super) fn add_reservation(
        &mut self,
        view: &dyn Snapshot,
        reservation: &Reservation,
        report: &mut CheckReport,
    ) -> Result<(), Fault> {
        if reservation.state == ReservationState::Held {
            let state = SeatState::Reserved(reservation.id);
            reservation.seats.iter().for_each(|address| self.claim(*address, state));
        }
        if reservation.state != ReservationState::Ordered {
            return Ok(());
        }
        let sale = match reservation.sale {
            Some(sale) => view.record(&Sale::key_of(reservation.shard, sale))?,
            None => None,
        };
        let waits = sale.as_ref().and_then(<Sale as domain::record::Aggregate>::from_record);
        if !waits.is_some_and(|sale| sale.state.holds_places()) {
            report.find(format!(
                "Reservation {} of shard {} waits for an order that is not being paid.",
                reservation.id.0, reservation.shard.0
            ));
        }
        Ok(())
    }

    fn claim(&mut self, address: SeatAddress, state: SeatState) {
        self.claimed.entry(address.block).or_default().add(address.seat, state);
    }

    pub(super) fn compare(mut self, shard: Shard, report: &mut CheckReport) {
        for (block, told) in &self.told {
            let claimed = self.claimed.remove(block).unwrap_or_default();
            if *told == claimed {
                continue;
            }
            let Sum { reserved, held, sold, .. } = told;
            let (numbers, all) = ((claimed.reserved, claimed.held, claimed.sold), block.0);
            let what = if numbers == (*reserved, *held, *sold) {
                "as many, but other seats".to_owned()
            } else {
                format!("{} reserved, {} held and {} sold", numbers.0, numbers.1, numbers.2)
            };
            report.find(format!(
                "Section {all} of shard {} says {reserved} reserved, {held} held and {sold} sold \
                 seats, its sales and reservations say {what}.",
                shard.0
            ));
        }
        for block in self.claimed.keys() {
            report.find(format!(
                "Sales or reservations of shard {} have seats of section {}, which cannot be \
                 found.",
                shard.0, block.0
            ));
        }
    }
}
