//! Commands that refund one sale, try a refund again, or cancel a sale without a refund.

use std::sync::Arc;

use super::RefundRequest;
use crate::attempt::{AttemptState, Next, Verb};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard};
use crate::refusal::{Code, Refusal};
use crate::sale::{Entitlement, Refund, Sale, SaleState};
use crate::seating::SeatAddress;
use crate::time::Timestamp;

/// Refunds one sale, or a part of it.
#[derive(Clone, Debug)]
pub struct RefundSale {
    /// Whose sale.
    pub shard: Shard,
    /// Which.
    pub sale: SaleId,
    /// The other club whose season card paid for it ([`Sale::card_seller`]).
    pub partner: Option<Shard>,
    /// What is to be paid back.
    pub request: RefundRequest,
    /// What the audit tells of it.
    pub note: AuditNote,
}

/// A sale after a refund was ordered.
#[derive(Clone, Debug)]
pub struct RefundedSale {
    /// The sale as it is.
    pub sale: Arc<Sale>,
    /// The refund.
    pub refund: Refund,
    /// The numbered seats that are free now.
    pub freed: Vec<SeatAddress>,
    /// What the sale needs next.
    pub next: Next,
    /// Whether the same refund was ordered before; then nothing was done now.
    pub repeated: bool,
}

impl Command for RefundSale {
    type Outcome = RefundedSale;

    fn shards(&self) -> Shards {
        with_house(self.shard, self.partner)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Sale::key_of(self.shard, self.sale)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<RefundedSale, Halt> {
        let sale = find(facts, self.shard, self.sale, self.partner)?;
        if let Some(refund) = sale.refund_named_by(&self.request)?.cloned() {
            let freed = Vec::new();
            return Ok(RefundedSale { sale, refund, freed, next: Next::Done, repeated: true });
        }
        let refunded = refund_one(&sale, &self.request, facts, now)?;
        self.note.record_of(self.shard, facts, now);
        Ok(refunded)
    }
}

/// Orders a refund of a stored sale, and puts the sale back.
pub(crate) fn refund_one(
    sale: &Sale,
    request: &RefundRequest,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<RefundedSale, Halt> {
    let mut changed = sale.clone();
    let refund = changed.order_refund(request, facts, now)?;
    let still = if changed.state == SaleState::Issued { changed.seats_held() } else { Vec::new() };
    let mut freed = sale.seats_held();
    freed.retain(|seat| !still.contains(seat));
    let next = changed.next_refund_call();
    Ok(RefundedSale { sale: facts.put(changed), refund, freed, next, repeated: false })
}

/// Tries a refund again that its gateway did not take. Whether an unknown one went through must be
/// said first ([`crate::sale::ReviewSale`]).
#[derive(Clone, Debug)]
pub struct RetryRefund {
    /// Whose sale.
    pub shard: Shard,
    /// Which.
    pub sale: SaleId,
    /// The other club whose season card paid for it ([`Sale::card_seller`]).
    pub partner: Option<Shard>,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for RetryRefund {
    /// The sale, and what it needs next.
    type Outcome = (Arc<Sale>, Next);

    fn shards(&self) -> Shards {
        with_house(self.shard, self.partner)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.shard, self.sale));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(Arc<Sale>, Next), Halt> {
        let mut sale = Sale::clone(&*find(facts, self.shard, self.sale, self.partner)?);
        let refuse = |code, message: &str| Err(Refusal::new(code, message).into());
        if sale.owed() <= 0 {
            return refuse(Code::NotRefundable, "Nothing of this sale is owed back.");
        }
        sale.check_no_refund_open()?;
        if !sale.start_refund(now) {
            let message = "No gateway takes this refund; pay back by hand and close its task.";
            return refuse(Code::NotRefundable, message);
        }
        self.note.record_of(self.shard, facts, now);
        let next = sale.next_refund_call();
        Ok((facts.put(sale), next))
    }
}

/// Ends a sale without a refund, because its event does not take place or the office says so.
/// Places, seats and rights are given back, a pass or season cards that were bought end with it;
/// money and credit stay with the club.
#[derive(Clone, Debug)]
pub struct CancelSale {
    /// Whose sale.
    pub shard: Shard,
    /// Which.
    pub sale: SaleId,
    /// The other club whose season card paid for it ([`Sale::card_seller`]).
    pub partner: Option<Shard>,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for CancelSale {
    type Outcome = Arc<Sale>;

    fn shards(&self) -> Shards {
        with_house(self.shard, self.partner)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.shard, self.sale));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Sale>, Halt> {
        let mut sale = Sale::clone(&*find(facts, self.shard, self.sale, self.partner)?);
        sale.cancel(facts, now)?;
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(sale))
    }
}

impl Sale {
    /// Ends it without a refund; see [`CancelSale`].
    ///
    /// # Errors
    /// As [`Sale::order_refund`].
    pub(crate) fn cancel(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.check_no_contract()?;
        self.check_refundable()?;
        let cards = self.end_for_nothing(facts, now)?;
        self.book_cancelled(&cards, facts, now)?;
        let is_credit = |it: &Entitlement| matches!(it, Entitlement::StoreCredit { .. });
        let rights = self.entitlements.iter().filter(|it| !is_credit(it)).cloned().collect();
        Sale { entitlements: rights, ..self.clone() }.return_entitlements(facts, now)?;
        self.enter(SaleState::Cancelled, now);
        Ok(())
    }

    /// The first call of the refund that was just written down; otherwise what is waited for.
    #[must_use]
    pub(crate) fn next_refund_call(&self) -> Next {
        use AttemptState::{Created, Sent};
        let is_new = self.attempts.last().is_some_and(|last| {
            last.verb == Verb::Refund && last.asked == 0 && matches!(last.state, Created | Sent)
        });
        if is_new { self.begin_last() } else { self.due().map_or(Next::Done, Next::Wait) }
    }
}

/// The sale, if what it used lies with the other seller that was locked with it.
pub(crate) fn find(
    facts: &Facts<'_>,
    shard: Shard,
    sale: SaleId,
    partner: Option<Shard>,
) -> Result<Arc<Sale>, Halt> {
    let sale = facts.share::<Sale>(Sale::key_of(shard, sale))?;
    let sale = sale.ok_or_else(|| {
        Halt::from(Refusal::new(Code::TicketNotFound, "There is no such ticket."))
    })?;
    if sale.card_seller() == partner { Ok(sale) } else { Err(Halt::Stale) }
}

/// A seller, the one that its sale touches, and the house, where the audit lies.
pub(crate) fn with_house(shard: Shard, partner: Option<Shard>) -> Shards {
    match partner {
        Some(partner) => Shards::Three(shard, partner, Shard::HOUSE),
        None => Shards::Two(shard, Shard::HOUSE),
    }
}
