//! Tickets after they were bought: each is entered or moved, never both, and has one successor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::card::CardAddress;
use domain::ids::{EventId, SaleId, Shard};
use domain::sale::{Sale, SaleState};
use domain::task::Task;
use domain::transfer::{SaleAddress, TransferAddress, TransferState};

use super::{Judge, prices};
use crate::office::{Fact, Told, reference, secret};
use crate::plan::Deed;

impl Judge {
    /// Somebody wants something done with a ticket.
    pub(crate) fn hears_deed(&mut self, deed: &Deed) {
        self.moves.insert(secret(deed.number).0);
    }

    /// Somebody is told that something was done: then it must be stored.
    pub(crate) fn hears_told(&mut self, told: &Told) {
        let Told::Done(fact) = told else { return };
        let sale = |id: &SaleId| self.sales.get(id).map(|seen| &seen.sale);
        let sound = match fact {
            Fact::Other => true,
            Fact::Refunded(id, deed) => sale(id).is_some_and(|sale| {
                let name = reference(*deed);
                sale.refunds.iter().any(|refund| refund.reference.as_ref() == Some(&name))
            }),
            Fact::Replaced(id) => self.issued.contains(id),
            Fact::Waits(id) => sale(id).is_some_and(|sale| sale.origin.is_some()),
            Fact::Entered(id, number) => sale(id).is_some_and(|sale| {
                sale.scans.iter().any(|scan| scan.admission == u16::from(*number))
            }),
        };
        if !sound {
            self.blame("who is told so has it stored", || format!("{fact:?}"));
        }
    }

    /// A ticket that replaces another, or waits to do so.
    pub(super) fn check_successor(&mut self, sale: &Sale, from: SaleAddress) -> i64 {
        let old = self.sales.get(&from.id).map(|seen| (Arc::clone(&seen.sale), seen.price));
        let Some((old, old_price)) = old.filter(|_| self.moves.contains(&sale.secret.0)) else {
            self.blame("every sale was asked for", || format!("{sale:?}"));
            return 0;
        };
        let is_gift = sale.origin.is_some_and(|origin| origin.transfer.is_none());
        let was_free = old.total == 0 && sale.total == 0;
        let price = if is_gift { old_price } else { prices::list_price(sale) };
        let price = if was_free { 0 } else { price };
        let count: i64 = sale.lines.iter().map(|line| i64::from(line.count)).sum();
        let left: i64 = match is_gift {
            true => old.lines.iter().map(|line| i64::from(line.count)).sum(),
            false => prices::left(&old).iter().sum(),
        };
        if sale.total != price || count != left {
            self.blame("a moved ticket is what was asked for", || format!("{old:?}: {sale:?}"));
        }
        price
    }

    /// A sale was seen as `old` before, and is `new` now.
    pub(super) fn sees_ticket(&mut self, old: Option<&Sale>, new: &Sale) {
        if new.issued_at.is_some() && self.issued.insert(new.id) {
            self.sees_issued(new);
        }
        if new.state == SaleState::Transferred && !new.scans.is_empty() {
            self.blame("a ticket is entered or moved, never both", || format!("{new:?}"));
        }
        let Some(old) = old else { return };
        for scan in new.scans.iter().filter(|scan| !old.scans.contains(scan)) {
            let ended = |it: &domain::sale::Refund| it.admissions.contains(&scan.admission);
            let was_live = old.state == SaleState::Issued || old.issued_at.is_none();
            if !was_live || old.refunds.iter().any(ended) {
                self.blame("only a good ticket lets in", || format!("{old:?}: {scan:?}"));
            }
        }
        self.check_refunded(old, new);
    }

    /// Who went in keeps the ticket: it is not paid back as if it had not been used.
    fn check_refunded(&mut self, old: &Sale, new: &Sale) {
        let fresh = new.refunds.iter().skip(old.refunds.len());
        let used = |number: &u16| old.scans.iter().any(|scan| scan.admission == *number);
        let all = old.state == SaleState::Issued && new.state == SaleState::Returning;
        let ended = fresh.flat_map(|refund| &refund.admissions).any(used);
        if ended || (all && !old.scans.is_empty()) {
            self.blame("who went in is not paid back", || format!("{old:?}: {new:?}"));
        }
    }

    fn sees_issued(&mut self, sale: &Sale) {
        let Some(origin) = sale.origin else { return };
        if let Some(other) = self.successors.insert(origin.from.id, sale.id) {
            let finding = || format!("{} after {other:?}: {sale:?}", sale.id.0);
            self.blame("a moved ticket has one live successor", finding);
        }
    }

    /// After a commit: every ticket with a live successor was moved to it.
    pub(super) fn check_successors(&mut self, changed: &BTreeSet<SaleId>) {
        for id in changed {
            let Some(seen) = self.sales.get(id) else { continue };
            let moved_to = seen.sale.moved_to.map(|to| to.id);
            let is_moved = seen.sale.state == SaleState::Transferred;
            let successor = self.successors.get(id).copied();
            if moved_to != successor || is_moved != successor.is_some() {
                let finding = format!("{successor:?} of {:?}", seen.sale);
                self.blame("a moved ticket has one live successor", || finding);
            }
        }
    }

    /// The ticket that came of an order by now: the last that was live, or else the last.
    pub(crate) fn ticket_of(&self, order: u32) -> Option<SaleAddress> {
        let of_order = || self.sales.values().filter(|seen| seen.order == order);
        let live = of_order().rev().find(|seen| seen.sale.state == SaleState::Issued);
        let last = live.or_else(|| of_order().next_back())?;
        Some(SaleAddress { shard: last.sale.shard, id: last.sale.id })
    }

    /// The last transfer of the tickets of an order.
    pub(crate) fn transfer_of(&self, order: u32) -> Option<TransferAddress> {
        let of_order = self.transfers.values().rev().filter(|transfer| {
            self.sales.get(&transfer.from.id).is_some_and(|seen| seen.order == order)
        });
        let last = of_order.max_by_key(|transfer| transfer.requested_at);
        last.map(|transfer| transfer.address())
    }

    /// The first season card of an order, once it is paid for.
    pub(crate) fn card_of(&self, order: u32) -> Option<CardAddress> {
        let mut sales = self.sales.values().filter(|seen| seen.order == order);
        sales.find_map(|seen| self.cards.first_of(&seen.sale))
    }

    /// Tasks of money that no gateway takes, which a person can pay back now.
    pub(crate) fn unpaid(&self) -> Vec<Arc<Task>> {
        let open = self.tasks.values().filter(|task| task.done.is_none() && task.kind.is_refund());
        let mut sales = BTreeSet::new();
        let payable = open.filter(|task| {
            let seen = task.sale.and_then(|sale| self.sales.get(&sale));
            seen.is_some_and(|seen| {
                let waits = seen.sale.due().is_some() || seen.sale.funds().iter().any(takes_refund);
                let owed = seen.sale.owed();
                !waits && task.amount <= owed && owed > 0 && sales.insert(seen.sale.id)
            })
        });
        payable.cloned().collect()
    }

    /// The club whose season card a sale was paid with, if it is another.
    pub(crate) fn partner_of(&self, sale: SaleId) -> Option<Shard> {
        self.sales.get(&sale).and_then(|seen| seen.sale.card_seller())
    }

    /// The other seller that a sale touches.
    pub(crate) fn whole_partner_of(&self, sale: SaleId) -> Option<Shard> {
        self.sales.get(&sale).and_then(|seen| seen.sale.partner())
    }

    /// When all is over: nothing waits, and every gate counted who went in.
    pub(super) fn check_tickets(&mut self) {
        let open = self.transfers.values().find(|it| it.state == TransferState::AwaitingTopup);
        let locked = self.sales.values().find(|seen| seen.sale.locked_by.is_some());
        let seat = self.seats.left_over();
        let owed = self.sales.values().find(|seen| seen.sale.owed() != 0);
        let left = [
            open.map(|transfer| format!("{transfer:?}")),
            locked.map(|seen| format!("locked: {:?}", seen.sale)),
            seat,
            owed.map(|seen| format!("owed: {:?}", seen.sale)),
        ];
        if let Some(finding) = left.into_iter().flatten().next() {
            self.blame("nothing is left open at the end", || finding);
        }
        let mut entered: BTreeMap<(Shard, EventId), usize> = BTreeMap::new();
        for seen in self.sales.values().filter(|seen| !seen.sale.scans.is_empty()) {
            *entered.entry((seen.sale.shard, seen.sale.event)).or_default() +=
                seen.sale.scans.len();
        }
        let counted = self.gates.iter().map(|(key, gate)| (*key, gate.total() as usize));
        let counted: BTreeMap<_, _> = counted.filter(|(_, count)| *count > 0).collect();
        if counted != entered {
            let finding = || format!("counted {counted:?}, entered {entered:?}");
            self.blame("a gate counts who went in", finding);
        }
    }
}

/// Whether a gateway takes money of this fund back.
fn takes_refund(fund: &domain::sale::Fund) -> bool {
    !fund.terms.is_refunded_by_hand()
}
