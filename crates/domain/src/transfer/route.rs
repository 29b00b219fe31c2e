//! From where to where: both events as the catalogue showed them, and what of the target is wanted.

use std::sync::Arc;

use super::SaleAddress;
use super::seat::check_seat;
use crate::facts::{Facts, Halt, Key, Shards};
use crate::ids::{LineId, Shard, TicketTypeId};
use crate::money::{AMOUNT_MAX, Currency};
use crate::offer::Offer;
use crate::pricing::PricedLine;
use crate::refusal::{Code, Refusal};
use crate::sale::{Goods, Holder, Sale, SaleState};
use crate::seller::Seller;
use crate::time::Timestamp;

/// What of the target event is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// A type of the series; `None` or 0 for none.
    pub series_type: Option<TicketTypeId>,
    /// A type of the club; at most one of the two may be named, and without any it is the same
    /// type as before.
    pub owner_type: Option<TicketTypeId>,
    /// The published number of a seat.
    pub seat: Option<u32>,
}

/// From where to where.
#[derive(Clone, Debug)]
pub struct Route {
    /// The ticket.
    pub from: SaleAddress,
    /// Its event as the catalogue showed it.
    pub source: Arc<Offer>,
    /// The event to move to.
    pub target: Arc<Offer>,
    /// What of it is wanted.
    pub choice: Choice,
    /// The club whose season card the ticket was paid with, if it is another than the ticket's
    /// seller: its row is locked, too.
    pub card_seller: Option<Shard>,
}

/// One line of the new ticket.
#[derive(Clone, Debug)]
pub(super) struct TargetLine<'a> {
    pub(super) priced: PricedLine<'a>,
    pub(super) of_series: bool,
    pub(super) holders: Vec<Holder>,
    /// The line of the old ticket.
    pub(super) from: LineId,
}

impl Route {
    pub(super) fn shards(&self) -> Shards {
        let (source, target) = (self.from.shard, self.target.shard());
        match self.card_seller {
            Some(card) => Shards::Three(source, target, card),
            None if source == target => Shards::One(source),
            None => Shards::Two(source, target),
        }
    }

    pub(super) fn keys(&self, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.from.shard, self.from.id));
        keys.extend([self.from.shard, self.target.shard()].map(Key::seller));
    }

    /// The ticket, decided on the catalogue that its sellers have now and with all locks that it
    /// needs.
    pub(super) fn ticket(&self, facts: &Facts<'_>) -> Result<Arc<Sale>, Halt> {
        for offer in [&self.source, &self.target] {
            let seller = facts.look::<Seller>(Key::seller(offer.shard()))?;
            if seller.is_none_or(|seller| seller.catalogue_revision != offer.revision) {
                return Err(Halt::Stale);
            }
        }
        let sale = facts.share::<Sale>(Sale::key_of(self.from.shard, self.from.id))?;
        let no_ticket = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
        let sale = sale.ok_or_else(no_ticket)?;
        let locked = self.shards();
        let is_locked = sale.card_sellers().all(|seller| locked.contains(seller));
        if is_locked { Ok(sale) } else { Err(Halt::Stale) }
    }

    /// Whether this ticket may move to that event now (`domain.md` §4.5).
    pub(super) fn check(
        &self,
        sale: &Sale,
        lines: &[TargetLine<'_>],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        check_ticket(sale, &self.source, now)?;
        let isk = [sale.currency, self.target.event.currency].iter().all(|it| *it == Currency::ISK);
        if !isk {
            let message = "Only tickets priced in krónur can be moved, to events priced in krónur.";
            return Err(Refusal::new(Code::CurrencyNotSupported, message));
        }
        self.check_sellers(sale)?;
        check_target(&self.target, now)?;
        self.check_is_a_move(sale, lines)?;
        check_seat(&self.target, lines, self.choice.seat)
    }

    /// A sale can be locked together with one other seller, so no more may have a part in it.
    fn check_sellers(&self, sale: &Sale) -> Result<(), Refusal> {
        let (source, target) = (self.from.shard, self.target.shard());
        if source != target && sale.card_sellers().any(|it| it != source && it != target) {
            let message = "It was paid with a season card of a third club; refund it and sell a \
                           new ticket.";
            return Err(Refusal::new(Code::TransferBlocked, message));
        }
        Ok(())
    }

    fn check_is_a_move(&self, sale: &Sale, lines: &[TargetLine<'_>]) -> Result<(), Refusal> {
        let same_event = sale.event == self.target.event_id();
        let before = sale.lines.iter().map(|line| line.ticket_type);
        let same_types =
            same_event && before.eq(lines.iter().map(|line| line.priced.ticket_type.id));
        let here = |seat: u32| sale.seats.iter().any(|known| known.seat == seat);
        if same_types && self.choice.seat.is_none_or(here) {
            let message = "The ticket is for that event, type and seat already.";
            return Err(Refusal::new(Code::SameEvent, message));
        }
        Ok(())
    }

    /// The lines of the new ticket: each line of the old one, with what is left of it.
    pub(super) fn lines<'a>(&'a self, sale: &Sale) -> Result<Vec<TargetLine<'a>>, Refusal> {
        let mut first = 1_u16;
        let mut lines = Vec::new();
        for line in &sale.lines {
            let after = first.saturating_add(u16::try_from(line.count).unwrap_or(u16::MAX));
            let good = (first..after).zip(0_usize..).filter(|(number, _)| is_kept(sale, *number));
            let good: Vec<_> = good.map(|(_, index)| index).collect();
            first = after;
            if good.is_empty() {
                continue;
            }
            let holder = |index: &usize| line.holders.get(*index).cloned().unwrap_or_default();
            let mut holders: Vec<_> = good.iter().map(holder).collect();
            holders.truncate(line.holders.len());
            let count = u32::try_from(good.len()).unwrap_or(u32::MAX);
            let wanted = self.wanted(line.ticket_type, line.of_series)?;
            lines.push(self.line(&wanted, (line.id, count), holders)?);
        }
        check_sum(&lines)?;
        Ok(lines)
    }

    /// The wanted type, whether it is one of the series, and whether it was named.
    fn wanted(&self, same: TicketTypeId, of_series: bool) -> Result<Wanted, Refusal> {
        let named = |id: &TicketTypeId| id.0 != 0;
        let Choice { series_type, owner_type, .. } = self.choice;
        match (series_type.filter(named), owner_type.filter(named)) {
            (Some(id), None) => Ok(Wanted { id, of_series: true, is_named: true }),
            (None, Some(id)) => Ok(Wanted { id, of_series: false, is_named: true }),
            (None, None) => Ok(Wanted { id: same, of_series, is_named: false }),
            (Some(_), Some(_)) => Err(Refusal::new(
                Code::TicketTypeAmbiguous,
                "Name a type of the series or one of the club, not both.",
            )),
        }
    }

    fn line<'a>(
        &'a self,
        wanted: &Wanted,
        (from, count): (LineId, u32),
        holders: Vec<Holder>,
    ) -> Result<TargetLine<'a>, Refusal> {
        let found = self.target.find_on_sale(wanted.id);
        let found = found.filter(|(kind, _)| kind.organiser.is_none() == wanted.of_series);
        let Some((ticket_type, price_row)) = found else { return Err(wanted.not_sold()) };
        if ticket_type.currency != self.target.event.currency {
            let message = "That ticket type is priced in another currency than its event.";
            return Err(Refusal::new(Code::CurrencyNotSupported, message));
        }
        let unit_price = price_row.price.unwrap_or(ticket_type.price);
        let total = unit_price.checked_mul(i64::from(count)).filter(|total| *total <= AMOUNT_MAX);
        let total = total.ok_or_else(too_large)?;
        let priced = PricedLine { ticket_type, price_row, count, unit_price, total };
        Ok(TargetLine { priced, of_series: wanted.of_series, holders, from })
    }
}

struct Wanted {
    id: TicketTypeId,
    of_series: bool,
    is_named: bool,
}

impl Wanted {
    fn not_sold(&self) -> Refusal {
        if self.is_named {
            let message = format!("Ticket type {} is not sold for that event.", self.id.0);
            return Refusal::new(Code::TicketTypeNotAvailable, message);
        }
        let message = "That event does not sell the same ticket type; name one that it sells.";
        Refusal::new(Code::TicketTypeRequired, message)
    }
}

fn check_sum(lines: &[TargetLine<'_>]) -> Result<(), Refusal> {
    let mut totals = lines.iter().map(|line| line.priced.total);
    let sum = totals.try_fold(0_i64, i64::checked_add);
    sum.filter(|sum| *sum <= AMOUNT_MAX).map(|_| ()).ok_or_else(too_large)
}

fn too_large() -> Refusal {
    Refusal::new(Code::InvalidAmount, "The price is too large.")
}

/// Whether an admission, counted from 1, was not paid back.
fn is_kept(sale: &Sale, admission: u16) -> bool {
    !sale.refunds.iter().any(|refund| refund.admissions.contains(&admission))
}

/// Whether a ticket may leave its event or its phone now (`domain.md` §4.5).
pub(super) fn check_ticket(sale: &Sale, source: &Offer, now: Timestamp) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(code, message));
    if sale.goods != Goods::Admissions {
        return refuse(Code::TransferBlocked, "Only tickets can be moved, no cards or passes.");
    }
    check_state(sale.state)?;
    if sale.locked_by.is_some() {
        let message = "A move of the ticket waits for its payment; let it end or cancel it first.";
        return refuse(Code::TransferPending, message);
    }
    #[cfg(feature = "planted-bugs")]
    if !sale.scans.is_empty() && crate::planted::is(crate::planted::Bug::UsedMoves) {
        return Ok(());
    }
    if !sale.scans.is_empty() {
        return refuse(Code::TicketUsed, "The ticket was used at the gate.");
    }
    if sale.has_open_refund() {
        let message = "A part of the ticket is being paid back; try again when that is done.";
        return refuse(Code::RefundPending, message);
    }
    if !source.event.postponed && now >= source.event.over_at() {
        return refuse(Code::TicketExpired, "The event of the ticket is over.");
    }
    let mut types = sale.lines.iter().filter_map(|line| source.find(line.ticket_type));
    if types.any(|(kind, _)| kind.transfer_blocked) {
        return refuse(Code::TransferBlocked, "Tickets of this type cannot be moved.");
    }
    Ok(())
}

/// Only a live ticket moves.
fn check_state(state: SaleState) -> Result<(), Refusal> {
    let (code, message) = match state {
        SaleState::Issued => return Ok(()),
        SaleState::Transferred => (Code::AlreadyTransferred, "The ticket was moved before."),
        SaleState::Returning | SaleState::Returned => {
            (Code::TicketRefunded, "The ticket was paid back.")
        }
        SaleState::Cancelled => {
            (Code::TicketExpired, "The ticket was cancelled and is not good any more.")
        }
        SaleState::AwaitingPayment
        | SaleState::UnderReview
        | SaleState::PaymentFailed
        | SaleState::Expired => (Code::TicketNotPaid, "The ticket is not paid."),
    };
    Err(Refusal::new(code, message))
}

/// Whether somebody may be placed at that event. Its public sale may be closed.
fn check_target(target: &Offer, now: Timestamp) -> Result<(), Refusal> {
    let event = &target.event;
    if !event.active || event.rules.cancelled {
        return Err(Refusal::new(Code::EventNotActive, "That event is not available."));
    }
    if !event.postponed && now >= event.over_at() {
        return Err(Refusal::new(Code::EventOver, "That event is over."));
    }
    Ok(())
}
