//! Numbered seats: who has each, by what the sales and the holds say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::ids::{ReservationId, SaleId, SeatBlockId, Shard};
use domain::sale::{Sale, SaleState};
use domain::seating::{Reservation, ReservationState, SeatAddress, SeatBlock, SeatState};

/// A seat at an event.
type Seat = (Shard, SeatBlockId, u32);

/// Who has every seat, as counted and as stored.
#[derive(Default)]
pub(super) struct Seats {
    /// The sales that hold or have a seat, and whether each has bought it.
    sales: BTreeMap<Seat, BTreeSet<(SaleId, bool)>>,
    holds: BTreeMap<Seat, BTreeSet<ReservationId>>,
    reservations: BTreeMap<(Shard, ReservationId), Arc<Reservation>>,
    blocks: BTreeMap<(Shard, SeatBlockId), Arc<SeatBlock>>,
    touched: BTreeSet<Seat>,
}

impl Seats {
    /// A sale was seen as `old` before, and is `new` now.
    pub(super) fn see_sale(&mut self, old: Option<&Sale>, new: &Sale) {
        for (seat, bought) in old.into_iter().flat_map(had) {
            self.sales.entry(seat).or_default().remove(&(new.id, bought));
            self.touched.insert(seat);
        }
        for (seat, bought) in had(new) {
            self.sales.entry(seat).or_default().insert((new.id, bought));
            self.touched.insert(seat);
        }
    }

    /// A hold was stored.
    pub(super) fn see_hold(&mut self, hold: &Arc<Reservation>) {
        let old = self.reservations.insert((hold.shard, hold.id), Arc::clone(hold));
        for seat in old.iter().flat_map(|old| held(old)) {
            self.holds.entry(seat).or_default().remove(&hold.id);
            self.touched.insert(seat);
        }
        for seat in held(hold) {
            self.holds.entry(seat).or_default().insert(hold.id);
            self.touched.insert(seat);
        }
    }

    /// The seats of a section were stored.
    pub(super) fn see_block(&mut self, block: &Arc<SeatBlock>) {
        self.touched.extend(block.seats().map(|(seat, _)| (block.shard, block.id, seat)));
        self.blocks.insert((block.shard, block.id), Arc::clone(block));
    }

    /// What is wrong after a commit, if anything: the rule and the finding.
    pub(super) fn end_commit(&mut self) -> Option<(&'static str, String)> {
        let touched = std::mem::take(&mut self.touched);
        touched.into_iter().find_map(|seat| self.check(seat))
    }

    fn check(&self, seat: Seat) -> Option<(&'static str, String)> {
        let sales = self.sales.get(&seat).cloned().unwrap_or_default();
        if sales.len() > 1 {
            return Some(("a seat has one live holder", format!("{seat:?}: {sales:?}")));
        }
        let holds = self.holds.get(&seat).cloned().unwrap_or_default();
        let (shard, block, number) = seat;
        let stored = self.blocks.get(&(shard, block)).and_then(|block| block.state(number));
        let counted = match (sales.first(), holds.first()) {
            (Some((sale, true)), None) => SeatState::Sold(*sale),
            (Some((sale, false)), None) => SeatState::Held(*sale),
            (None, Some(hold)) => SeatState::Reserved(*hold),
            (None, None) => SeatState::Free,
            (Some(_), Some(_)) => {
                let finding = format!("{seat:?}: {sales:?}, {holds:?}");
                return Some(("a seat has one live holder", finding));
            }
        };
        let finding = || format!("seat {seat:?}: stored {stored:?}, counted {counted:?}");
        let agrees = stored == Some(counted) && holds.len() <= 1;
        (!agrees).then(|| ("a seat is whose the sales and holds say", finding()))
    }

    /// A seat that somebody still holds without having bought it, if there is one.
    pub(super) fn left_over(&self) -> Option<String> {
        let blocks = self.blocks.values().flat_map(|block| block.seats());
        let mut open =
            blocks.filter(|(_, it)| matches!(it, SeatState::Held(_) | SeatState::Reserved(_)));
        open.next().map(|(seat, state)| format!("{seat}: {state:?}"))
    }
}

fn had(sale: &Sale) -> Vec<(Seat, bool)> {
    let bought = match sale.state {
        SaleState::Issued => true,
        SaleState::AwaitingPayment | SaleState::UnderReview => false,
        _ => return Vec::new(),
    };
    let ended = |number: u16| sale.refunds.iter().any(|it| it.admissions.contains(&number));
    let seats = (1_u16..).zip(&sale.seats).filter(|(number, _)| !ended(*number));
    seats.map(|(_, seat)| (at(sale.shard, *seat), bought)).collect()
}

fn held(hold: &Reservation) -> Vec<Seat> {
    let seats = hold.seats.iter().filter(|_| hold.state == ReservationState::Held);
    seats.map(|seat| at(hold.shard, *seat)).collect()
}

fn at(shard: Shard, seat: SeatAddress) -> Seat {
    (shard, seat.block, seat.seat)
}
