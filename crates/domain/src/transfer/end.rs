//! How a payment session ends: paid, too late, or not wanted any more. See the table in [`super`].

use std::sync::Arc;

use super::{Transfer, TransferAddress, TransferState};
use crate::attempt::{Attempt, AttemptState};
use crate::audit::AuditNote;
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::{Sale, SaleState};
use crate::time::{Span, Timestamp};

/// The shortest pause before a session is looked at again whose time is over.
const LOOK_PAUSE_MIN: Span = Span::seconds(1);

/// Why a session should end.
#[derive(Clone, Debug)]
pub enum Ending {
    /// Somebody looks whether its time is over, its old ticket was used, or its event called off.
    Due,
    /// A person gives the transfer up; the note is what the audit tells of it.
    ByPerson(AuditNote),
}

/// Ends a payment session, if there is a reason to.
#[derive(Clone, Debug)]
pub struct EndTransfer {
    /// Which.
    pub transfer: TransferAddress,
    /// The seller of the old ticket.
    pub source: Shard,
    /// Why.
    pub why: Ending,
}

impl Command for EndTransfer {
    type Outcome = Arc<Transfer>;

    fn shards(&self) -> Shards {
        match self.why {
            Ending::Due => Shards::Two(self.transfer.shard, self.source),
            Ending::ByPerson(_) => Shards::Three(self.transfer.shard, self.source, Shard::HOUSE),
        }
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Transfer::key_of(self.transfer));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Transfer>, Halt> {
        let transfer = find(facts, self.transfer)?;
        if transfer.from.shard != self.source {
            return Err(Halt::Stale);
        }
        if transfer.state != TransferState::AwaitingTopup {
            return self.after_the_end(transfer);
        }
        let sale = facts.share::<Sale>(Sale::key_of(transfer.to.shard, transfer.to.id))?;
        let answer_at = sale.as_deref().and_then(answer_awaited);
        let state = match &self.why {
            Ending::ByPerson(_) if answer_at.is_some() => {
                let message = "A payment is on its way; wait until it is known what became of it.";
                return Err(Refusal::new(Code::PaymentPending, message).into());
            }
            Ending::ByPerson(note) => {
                let between = (self.source, self.transfer.shard);
                note.record_of_both(between, facts, now);
                TransferState::Cancelled
            }
            Ending::Due if !is_waiting(&transfer, facts)? => TransferState::Cancelled,
            Ending::Due if answer_at.is_none() && is_called_off(&transfer, facts)? => {
                TransferState::Cancelled
            }
            Ending::Due => match look_again(&transfer, answer_at, now) {
                Some(at) => return Ok(facts.put(look_at(&transfer, at))),
                None => TransferState::Expired,
            },
        };
        unlock(&transfer, facts, now)?;
        close(&transfer, state, facts, now)?;
        find(facts, self.transfer)
    }
}

impl EndTransfer {
    /// A session that has ended stays as it is; to give one up again changes nothing.
    fn after_the_end(&self, transfer: Arc<Transfer>) -> Result<Arc<Transfer>, Halt> {
        match (&self.why, transfer.state) {
            (Ending::ByPerson(_), TransferState::Completed) => {
                let message = "The ticket has moved; move it back instead.";
                Err(Refusal::new(Code::SessionCompleted, message).into())
            }
            _ => Ok(transfer),
        }
    }
}

/// A transfer by its address.
pub(super) fn find(facts: &Facts<'_>, address: TransferAddress) -> Result<Arc<Transfer>, Halt> {
    let transfer = facts.share::<Transfer>(Transfer::key_of(address))?;
    let not_found = || Refusal::new(Code::TransferNotFound, "There is no such transfer.");
    Ok(transfer.ok_or_else(not_found)?)
}

/// When a session must be looked at again; `None` when its time is over and no answer of a
/// gateway is awaited. A payment that nobody knows about does not keep it open.
fn look_again(
    transfer: &Transfer,
    answer_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    match transfer.expires_at {
        Some(expires_at) if now < expires_at => Some(expires_at),
        _ => answer_at.map(|at| at.max(now.after(LOOK_PAUSE_MIN))),
    }
}

fn look_at(transfer: &Transfer, at: Timestamp) -> Transfer {
    Transfer { look_at: Some(at), ..transfer.clone() }
}

/// When the answer of a payment under way must have come.
pub(super) fn answer_awaited(sale: &Sale) -> Option<Timestamp> {
    use AttemptState::{Created, Pending, Sent};
    let under_way = |attempt: &&Attempt| matches!(attempt.state, Created | Sent | Pending);
    sale.attempts.iter().filter(under_way).map(|attempt| attempt.ask_at).max()
}

/// Whether the old ticket waits for the transfer: good, unused, and locked by it.
pub(super) fn is_waiting(transfer: &Transfer, facts: &Facts<'_>) -> Result<bool, Halt> {
    let old = facts.look::<Sale>(Sale::key_of(transfer.from.shard, transfer.from.id))?;
    Ok(old.is_some_and(|old| {
        old.state == SaleState::Issued
            && old.scans.is_empty()
            && old.locked_by == Some(transfer.address())
    }))
}

/// Whether the event of the new ticket will not be, so that nobody can pay for it any more. One
/// that is only switched off may be switched on again.
fn is_called_off(transfer: &Transfer, facts: &Facts<'_>) -> Result<bool, Halt> {
    let key = Key::number(transfer.shard, Kind::Event, transfer.to_event.0);
    Ok(facts.look::<Event>(key)?.is_some_and(|event| event.rules.cancelled))
}

fn ended(transfer: &Transfer, state: TransferState, now: Timestamp) -> Transfer {
    Transfer { state, ended_at: Some(now), look_at: None, ..transfer.clone() }
}

/// The new ticket will not be: its places are free again.
fn give_up(sale: &mut Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    if sale.state.holds_places() {
        sale.release(facts, now)?;
        sale.failure = Some(Code::PaymentExpired);
        sale.enter(SaleState::Expired, now);
    }
    Ok(())
}

/// The old ticket can do everything again.
fn unlock(transfer: &Transfer, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    let key = Sale::key_of(transfer.from.shard, transfer.from.id);
    let locked =
        facts.look::<Sale>(key)?.is_some_and(|old| old.locked_by == Some(transfer.address()));
    if let Some(old) = facts.edit::<Sale>(key)?.filter(|_| locked) {
        old.locked_by = None;
        old.changed_at = now;
    }
    Ok(())
}

/// The old ticket was used at the gate: if its transfer waited for a payment, that is over, and
/// a payment that arrives all the same goes back. The caller takes the lock off the old ticket.
///
/// # Errors
/// [`Halt::Missing`]
pub fn cancel_on_use(
    facts: &mut Facts<'_>,
    transfer: TransferAddress,
    now: Timestamp,
) -> Result<(), Halt> {
    let transfer = facts.share::<Transfer>(Transfer::key_of(transfer))?;
    let waiting = |transfer: &Arc<Transfer>| transfer.state == TransferState::AwaitingTopup;
    let Some(transfer) = transfer.filter(waiting) else { return Ok(()) };
    close(&transfer, TransferState::Cancelled, facts, now)
}

/// Ends a session without the new ticket.
fn close(
    transfer: &Transfer,
    state: TransferState,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let sale = facts.share::<Sale>(Sale::key_of(transfer.to.shard, transfer.to.id))?;
    if let Some(sale) = sale {
        let mut sale = Sale::clone(&sale);
        give_up(&mut sale, facts, now)?;
        facts.put(sale);
    }
    facts.put(ended(transfer, state, now));
    Ok(())
}

/// Whether money that came for the new ticket may complete the transfer.
fn may_arrive(
    sale: &Sale,
    transfer: &Transfer,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<bool, Halt> {
    let is_open = transfer.state == TransferState::AwaitingTopup;
    Ok(is_open && takes_place(sale, facts, now)? && is_waiting(transfer, facts)?)
}

/// Whether the event of the new ticket is still to come.
pub(super) fn takes_place(sale: &Sale, facts: &Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
    let event = facts.look::<Event>(Key::number(sale.shard, Kind::Event, sale.event.0))?;
    Ok(event.is_some_and(|event| event.still_to_come(now)))
}

fn transfer_of(sale: &Sale, facts: &Facts<'_>) -> Result<Option<Arc<Transfer>>, Halt> {
    let Some(address) = sale.origin.and_then(|origin| origin.transfer) else { return Ok(None) };
    facts.share::<Transfer>(Transfer::key_of(address))
}

/// A payment of the difference succeeded. It completes the transfer if everything is as it was;
/// money that came in part, twice or too late goes back to whom it came from.
pub(crate) fn charged(
    sale: &mut Sale,
    attempt: &Attempt,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(transfer) = transfer_of(sale, facts)? else {
        return sale.give_money_back(attempt, Code::SessionExpired, facts, now);
    };
    #[cfg(feature = "planted-bugs")]
    if !sale.state.holds_places() && crate::planted::is(crate::planted::Bug::TopupKept) {
        return Ok(());
    }
    match sale.state {
        SaleState::AwaitingPayment | SaleState::UnderReview => {}
        SaleState::PaymentFailed | SaleState::Expired => {
            return sale.give_money_back(attempt, Code::SessionExpired, facts, now);
        }
        // Its own price was paid or settled otherwise, so this charge alone goes back.
        SaleState::Issued
        | SaleState::Transferred
        | SaleState::Cancelled
        | SaleState::Returning
        | SaleState::Returned => return sale.return_charge(attempt, facts, now),
    }
    if !may_arrive(sale, &transfer, facts, now)? {
        sale.release(facts, now)?;
        unlock(&transfer, facts, now)?;
        facts.put(ended(&transfer, TransferState::Cancelled, now));
        return sale.give_money_back(attempt, Code::SessionExpired, facts, now);
    }
    if attempt.moved != attempt.amount {
        sale.failure = Some(Code::InsufficientFunds);
        return sale.return_charge(attempt, facts, now);
    }
    sale.keep(facts, now)?;
    sale.issue(Some(attempt), facts, now)
}

/// A payment of the difference failed: the holder may try again until the session ends.
pub(crate) fn not_charged(
    sale: &mut Sale,
    attempt: &Attempt,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    if !sale.state.holds_places() {
        return Ok(());
    }
    sale.failure = attempt.failure;
    sale.changed_at = now;
    if sale.state == SaleState::UnderReview {
        sale.enter(SaleState::AwaitingPayment, now);
    }
    let Some(transfer) = transfer_of(sale, facts)? else { return Ok(()) };
    if transfer.expires_at.is_none_or(|expires_at| now < expires_at) {
        return Ok(());
    }
    give_up(sale, facts, now)?;
    unlock(&transfer, facts, now)?;
    facts.put(ended(&transfer, TransferState::Expired, now));
    Ok(())
}
