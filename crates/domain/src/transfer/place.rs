//! Moving a ticket to another event: at once, or up to the point where its holder must pay.

use std::sync::Arc;

use super::payout::{ask_for_payout, needs_person};
use super::quote::{Direction, Quote, check_guard, quote};
use super::rights;
use super::route::{Route, TargetLine};
use super::seat;
use super::swap::{Swap, Topup, leave, swap};
use super::{SaleAddress, Transfer, TransferState, taken_over};
use crate::attempt::Next;
use crate::audit::AuditNote;
use crate::effect::MailContent;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::{Idempotency, Identity, Mark};
use crate::ids::{LineId, SaleId, Shard, TransferId};
use crate::mailing::write_to_buyer;
use crate::money::basis_points_of;
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::{Line, NewSale, Origin, Place, Sale, SaleState};
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How long a difference may be left unpaid (`domain.md` §4.4).
const TOPUP_WITHIN: Span = Span::hours(24);

/// How long before either event it must be paid (`domain.md` §4.4).
const TOPUP_BEFORE_EVENT: Span = Span::hours(1);

/// Moves a ticket to another event.
#[derive(Clone, Debug)]
pub struct MoveTicket {
    /// From where to where.
    pub route: Route,
    /// The difference that the operator saw, in minor units.
    pub expected_difference: i64,
    /// The organiser may owe money after a payout even where its rules say no.
    pub may_owe: bool,
    /// Why, for the log.
    pub reason: Option<String>,
    /// Who asks for it.
    pub by: String,
    /// 128 random bits for the new ticket's handle.
    pub secret: Secret,
    /// [`super::session_hash`] of the payment session's handle.
    pub session: Secret,
    /// The caller's key, if the request carried one.
    pub identity: Option<Identity>,
    /// The row of an earlier day with the same key, which never changes.
    pub earlier: Option<Idempotency>,
    /// What the audit tells of it.
    pub note: AuditNote,
}

/// A move that was accepted, now or when it was first asked for.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The line of the log.
    pub transfer: Arc<Transfer>,
    /// The new ticket.
    pub sale: Arc<Sale>,
    /// The old ticket.
    pub from: Arc<Sale>,
    /// What the old ticket needs next: a refund of the difference.
    pub next: Next,
    /// Whether the same request had been answered before.
    pub repeated: bool,
}

impl Command for MoveTicket {
    type Outcome = Moved;

    fn shards(&self) -> Shards {
        match self.route.shards() {
            Shards::One(one) => Shards::Two(one, Shard::HOUSE),
            Shards::Two(one, two) => Shards::Three(one, two, Shard::HOUSE),
            Shards::Three(source, target, card) if source == target => {
                Shards::Three(source, card, Shard::HOUSE)
            }
            // Three sellers are refused before the audit is told anything.
            three => three,
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        self.route.keys(keys);
        keys.extend(self.mark().into_iter().flat_map(|mark| mark.recent_keys(now)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Moved, Halt> {
        if let Some(repeat) = self.repeat(facts, now)? {
            return Ok(repeat);
        }
        let old = self.route.ticket(facts)?;
        super::route::check_ticket(&old, &self.route.source, now)?;
        let lines = self.route.lines(&old)?;
        self.route.check(&old, &lines, now)?;
        let quote = quote(&self.route, &old, &lines, facts, now)?;
        self.check_payout(&quote)?;
        check_guard(&quote, self.expected_difference, &old)?;
        let moved = match quote.direction() {
            Direction::Topup => self.wait(&old, &lines, quote, facts, now)?,
            Direction::Even | Direction::Refund => self.go(&old, &lines, quote, facts, now)?,
        };
        if let Some(mark) = self.mark() {
            mark.remember(self.route.target.shard(), moved.sale.id, facts, now);
        }
        let between = (self.route.from.shard, self.route.target.shard());
        self.note.record_of_both(between, facts, now);
        Ok(moved)
    }
}

impl MoveTicket {
    /// The key counts with the seller of the old ticket, so that it is known wherever that goes.
    fn mark(&self) -> Option<Mark> {
        self.identity.map(|identity| Mark::Key(self.route.from.shard, identity))
    }

    fn repeat(&self, facts: &Facts<'_>, now: Timestamp) -> Result<Option<Moved>, Halt> {
        let Some(mark) = self.mark() else { return Ok(None) };
        let row = match &self.earlier {
            Some(earlier) => Some(earlier.clone()),
            None => mark.find(facts, now)?,
        };
        let Some(row) = row else { return Ok(None) };
        let target = self.route.target.shard();
        let id = mark.recognise(&row, target)?;
        let Some(sale) = facts.share::<Sale>(Sale::key_of(target, id))? else { return Ok(None) };
        let Some(address) = sale.origin.and_then(|origin| origin.transfer) else {
            return Err(mark.taken().into());
        };
        let transfer = facts.share::<Transfer>(Transfer::key_of(address))?;
        let from = facts.share::<Sale>(Sale::key_of(self.route.from.shard, self.route.from.id))?;
        let (Some(transfer), Some(from)) = (transfer, from) else { return Ok(None) };
        Ok(Some(Moved { transfer, sale, from, next: Next::Done, repeated: true }))
    }

    /// A club that was paid out for the old event owes that money back (`domain.md` §4.4).
    fn check_payout(&self, quote: &Quote) -> Result<(), Refusal> {
        let refused = self.route.source.organiser.rules.debt_refused && !self.may_owe;
        if quote.paid_out && refused {
            let message = "The event was paid out, and its organiser may not owe money; an Admin \
                           can move the ticket and settle with the organiser.";
            return Err(Refusal::new(Code::PaidOutNotAllowed, message));
        }
        Ok(())
    }

    /// The same or a lower price: the ticket moves now.
    fn go(
        &self,
        old: &Sale,
        lines: &[TargetLine<'_>],
        quote: Quote,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Moved, Halt> {
        let mut transfer = self.transfer(quote, facts, now)?;
        leave(old, facts, now)?;
        let mut new = self.new_sale(old, lines, &transfer, facts, now)?;
        self.hold(&mut new, lines, facts)?;
        new.keep(facts, now)?;
        if quote.rights_go_along {
            rights::take_along(old, &mut new, facts, now)?;
        }
        let mut old = old.clone();
        let back = -quote.difference();
        let Swap { money_back, credit_back } =
            swap(&mut old, &mut new, back, Topup::None, facts, now)?;
        new.previous_state = None;
        (transfer.money_back, transfer.credit_back) = (money_back, credit_back);
        transfer.by_hand = ask_for_payout(&old, Some(transfer.address()), facts, now)?;
        let next = if money_back > 0 { old.next_refund_call() } else { Next::Done };
        let (transfer, sale, from) = (facts.put(transfer), facts.put(new), facts.put(old));
        Ok(Moved { transfer, sale, from, next, repeated: false })
    }

    /// A higher price: the target place is held, the old ticket locked, until somebody pays.
    fn wait(
        &self,
        old: &Sale,
        lines: &[TargetLine<'_>],
        quote: Quote,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Moved, Halt> {
        let mut transfer = self.transfer(quote, facts, now)?;
        let expires_at = self.expires_at(now);
        if expires_at <= now {
            let message = "It is too late for a payment: one of the events begins within an hour.";
            return Err(Refusal::new(Code::SessionExpired, message).into());
        }
        transfer.state = TransferState::AwaitingTopup;
        transfer.session = self.session;
        transfer.expires_at = Some(expires_at);
        transfer.ended_at = None;
        transfer.by_hand = needs_person(old, facts)?;
        let mut new = self.new_sale(old, lines, &transfer, facts, now)?;
        self.share(&mut new, old, lines)?;
        self.hold(&mut new, lines, facts)?;
        let content = MailContent::PaymentLink { transfer: transfer.id };
        write_to_buyer(old, transfer.shard, content, facts, now)?;
        let old = Sale { locked_by: Some(transfer.address()), changed_at: now, ..old.clone() };
        let (transfer, sale, from) = (facts.put(transfer), facts.put(new), facts.put(old));
        Ok(Moved { transfer, sale, from, next: Next::Done, repeated: false })
    }

    fn expires_at(&self, now: Timestamp) -> Timestamp {
        let events = [&self.route.source.event, &self.route.target.event];
        let dated = events.into_iter().filter(|event| !event.postponed);
        let starts = dated.map(|event| event.starts_at.before(TOPUP_BEFORE_EVENT));
        starts.chain([now.after(TOPUP_WITHIN)]).min().unwrap_or(now)
    }

    /// The line of the log, of a move that is done.
    fn transfer(
        &self,
        quote: Quote,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Transfer, Halt> {
        let shard = self.route.target.shard();
        let to = SaleAddress { shard, id: SaleId(facts.number(shard, SaleId::KIND)?) };
        Ok(Transfer {
            shard,
            id: TransferId(facts.number(shard, TransferId::KIND)?),
            session: Secret::default(),
            state: TransferState::Completed,
            from: self.route.from,
            to,
            expires_at: None,
            requested_at: now,
            from_event: self.route.source.event_id(),
            to_event: self.route.target.event_id(),
            quote,
            by_hand: false,
            money_back: 0,
            credit_back: 0,
            by: self.by.clone(),
            reason: self.reason.clone(),
            look_at: None,
            ended_at: Some(now),
            references: Vec::new(),
        })
    }

    /// The new ticket and the places it needs; nothing is held, paid or booked yet.
    fn new_sale(
        &self,
        old: &Sale,
        lines: &[TargetLine<'_>],
        transfer: &Transfer,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let target = &self.route.target;
        let (shard, id) = (target.shard(), transfer.to.id);
        let new = NewSale {
            shard,
            id,
            secret: self.secret,
            event: target.event_id(),
            currency: target.event.currency,
        };
        let total = transfer.quote.target;
        let is_free = transfer.quote.rights_go_along;
        Ok(Sale {
            total,
            fee: basis_points_of(total, target.organiser.fee_basis_points),
            lines: numbered_lines(lines, shard, is_free, facts)?,
            places: places(lines),
            buyer: old.buyer.clone(),
            method: old.method,
            origin: Some(Origin {
                from: transfer.from,
                transfer: Some(transfer.address()),
                card_seller: self.route.card_seller,
            }),
            state: SaleState::AwaitingPayment,
            ..Sale::new(new, now)
        })
    }

    /// Leaves to `old`, which stays good, what both need: `new` takes it over when it is paid.
    fn share(&self, new: &mut Sale, old: &Sale, lines: &[TargetLine<'_>]) -> Result<(), Refusal> {
        if old.shard != new.shard {
            return Ok(());
        }
        new.takes_over.places = taken_over::split(&mut new.places, old);
        if old.event == new.event {
            let seat = taken_over::same_seat(old, self.route.choice.seat);
            seat.map_or(Ok(()), |seat| seat::check_section(seat, lines))?;
            new.takes_over.seats.extend(seat);
        }
        Ok(())
    }

    /// Holds the places and the seat of the new ticket that it does not take over.
    fn hold(
        &self,
        new: &mut Sale,
        lines: &[TargetLine<'_>],
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        for Place { quota, count } in &new.places {
            let quota = facts.edit::<Quota>(Key::number(new.shard, Kind::Quota, quota.0))?;
            let missing = || {
                let message = "Places for that event are not set up yet.";
                Refusal::new(Code::TicketTypeNotAvailable, message)
            };
            quota.ok_or_else(missing)?.hold(*count)?;
        }
        if new.takes_over.seats.is_empty() {
            let Route { target, choice, .. } = &self.route;
            new.seats = seat::hold(target, lines, choice.seat, new.id, facts)?;
        }
        Ok(())
    }
}

fn numbered_lines(
    lines: &[TargetLine<'_>],
    shard: Shard,
    is_free: bool,
    facts: &mut Facts<'_>,
) -> Result<Vec<Line>, Halt> {
    let number = |line: &TargetLine<'_>| {
        Ok(Line {
            id: LineId(facts.number(shard, LineId::KIND)?),
            ticket_type: line.priced.ticket_type.id,
            of_series: line.of_series,
            count: line.priced.count,
            unit_price: line.priced.unit_price,
            total: if is_free { 0 } else { line.priced.total },
            holders: line.holders.clone(),
            transferred_from: Some(line.from),
        })
    };
    lines.iter().map(number).collect()
}

/// The places of quotas that the lines need.
fn places(lines: &[TargetLine<'_>]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for line in lines.iter().map(|line| &line.priced) {
        for id in &line.price_row.quotas {
            match places.iter_mut().find(|place| place.quota == *id) {
                Some(place) => place.count += line.count,
                None => places.push(Place { quota: *id, count: line.count }),
            }
        }
    }
    places
}
