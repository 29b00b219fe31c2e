//! The gate: who goes in at an event, and through which door.
//!
//! A code opens the gate for one admission of one sale. The first scan by time counts; whoever
//! comes with the same code later goes in only where the event allows re-entry. A scanner without
//! the network decides by itself ([`bundle`]) and tells later what it did ([`UploadScan`]); what
//! does not fit together then becomes a task for a person, because a device's clock can lie.

pub mod bundle;
mod scan;
mod undo;
mod upload;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::scan::{ScanTicket, Scanned, Verdict};
pub use self::undo::UndoScan;
pub use self::upload::{UploadScan, Uploaded};
use crate::catalogue::Event;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{EventId, Shard};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::{Goods, Sale, SaleState};
use crate::time::{Span, Timestamp};

/// How long after the end of an event its gates still open: matches run late.
pub const GATE_CLOSES_AFTER: Span = Span::hours(6);

/// The most gates of one event that are counted by name; the rest are counted together.
pub const GATES_MAX: usize = 200;

/// Where entries are counted when there are too many names.
const OTHER_GATES: &str = "other";

/// The counts of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Whose event.
    pub shard: Shard,
    /// Which.
    pub event: EventId,
    /// Admissions let in, by the name of the gate.
    pub entries: BTreeMap<String, u32>,
    /// Entries of persons who had been in before, by the name of the gate.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub re_entries: BTreeMap<String, u32>,
}

impl Gate {
    /// Where the counts of an event live.
    #[must_use]
    pub fn key_of(shard: Shard, event: EventId) -> Key {
        Key::number(shard, Kind::Gate, event.0)
    }

    /// How many admissions were let in; nobody counts twice.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.entries.values().sum()
    }

    fn enter(&mut self, gate: &str) {
        *entry(&mut self.entries, gate) += 1;
    }

    fn enter_again(&mut self, gate: &str) {
        *entry(&mut self.re_entries, gate) += 1;
    }

    /// Takes one entry back; of a gate that is counted with others, from those.
    fn leave(&mut self, gate: &str) {
        let name = if self.entries.contains_key(gate) { gate } else { OTHER_GATES };
        if let Some(count) = self.entries.get_mut(name) {
            *count = count.saturating_sub(1);
        }
    }
}

fn entry<'g>(counts: &'g mut BTreeMap<String, u32>, gate: &str) -> &'g mut u32 {
    let is_known = counts.contains_key(gate) || counts.len() < GATES_MAX;
    counts.entry(if is_known { gate } else { OTHER_GATES }.to_owned()).or_default()
}

/// The counts of an event, to change them.
fn edit<'f>(facts: &'f mut Facts<'_>, shard: Shard, event: EventId) -> Result<&'f mut Gate, Halt> {
    let key = Gate::key_of(shard, event);
    if facts.look::<Gate>(key)?.is_none() {
        facts.put(Gate { shard, event, ..Gate::default() });
    }
    facts.edit::<Gate>(key)?.ok_or(Halt::Stale)
}

/// Why an admission may not go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The code is of no ticket that was sold here.
    UnknownTicket,
    /// A ticket for another event.
    WrongEvent,
    /// The event will not take place.
    EventCancelled,
    /// Too early: the gates are still closed.
    GatesClosed,
    /// The event is over.
    EventOver,
    /// Somebody went in with it before.
    AlreadyUsed,
    /// It was paid back, or is about to be.
    Refunded,
    /// Another ticket has replaced it.
    Transferred,
    /// It was cancelled.
    Cancelled,
    /// It is not paid.
    NotPaid,
}

impl Reason {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::UnknownTicket => "UnknownTicket",
            Reason::WrongEvent => "WrongEvent",
            Reason::EventCancelled => "EventCancelled",
            Reason::GatesClosed => "GatesClosed",
            Reason::EventOver => "EventOver",
            Reason::AlreadyUsed => "AlreadyUsed",
            Reason::Refunded => "Refunded",
            Reason::Transferred => "Transferred",
            Reason::Cancelled => "Cancelled",
            Reason::NotPaid => "NotPaid",
        }
    }
}

/// Whether the ticket itself is good for an admission, whatever the time and the gate.
fn good_for(sale: &Sale, admission: u16) -> Result<(), Reason> {
    match sale.state {
        SaleState::Issued if sale.is_good(admission) => Ok(()),
        SaleState::Issued | SaleState::Returning | SaleState::Returned => Err(Reason::Refunded),
        SaleState::Transferred => Err(Reason::Transferred),
        SaleState::Cancelled => Err(Reason::Cancelled),
        SaleState::AwaitingPayment
        | SaleState::UnderReview
        | SaleState::PaymentFailed
        | SaleState::Expired => Err(Reason::NotPaid),
    }
}

/// Whether an event lets anybody in at `now`.
///
/// # Errors
/// [`Reason::EventCancelled`], [`Reason::GatesClosed`], [`Reason::EventOver`]
pub fn gates_open(event: &Event, now: Timestamp) -> Result<(), Reason> {
    if event.rules.cancelled {
        return Err(Reason::EventCancelled);
    }
    if opens_at(event).is_some_and(|opens| now < opens) {
        return Err(Reason::GatesClosed);
    }
    if !event.postponed && now >= event.over_at().after(GATE_CLOSES_AFTER) {
        return Err(Reason::EventOver);
    }
    Ok(())
}

/// When the gates of an event open; `None` when they are always open. A postponed event has no
/// date by which they could be closed or open.
#[must_use]
pub fn opens_at(event: &Event) -> Option<Timestamp> {
    let minutes = event.rules.gates_open_minutes?;
    Some(event.starts_at.before(Span::minutes(minutes)))
}

/// The sale of a code, if it is one of admissions to the code's event with so many of them.
fn is_sale_of(sale: &Sale, admission: &crate::scan_code::Admission) -> bool {
    sale.goods == Goods::Admissions
        && sale.event == admission.event
        && u32::from(admission.number) <= sale.admissions()
}

fn unknown_code() -> Halt {
    let message = "This code opens no gate: there is no such ticket.";
    Refusal::new(Code::ScanCodeInvalid, message).into()
}
