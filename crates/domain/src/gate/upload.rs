//! What a scanner did without the network, told later.
//!
//! | the server knows                    | the scan then                                         |
//! |-------------------------------------|-------------------------------------------------------|
//! | nobody went in                      | counts                                                |
//! | the same scan                       | was told before; nothing happens                      |
//! | another one, re-entry allowed       | counts as re-entry; the earlier one stays the first   |
//! | another one, no re-entry            | the earlier one wins; a task `DoubleEntry`            |
//! | a transfer that waits for its money | counts, and the transfer ends                         |
//! | a transfer, later than the scan     | counts on the old ticket; a task `TransferAfterScan`  |
//! | a transfer, refund or cancellation before the scan | a task `InvalidEntry`                  |
//! | a refund or cancellation later than the scan       | a task `InvalidEntry`                  |
//!
//! A device's clock can lie, so nothing that was done is undone by its word: a person decides. A
//! time that cannot be is not taken for one.

use super::scan::with_transfer;
use super::{edit, good_for, is_sale_of, opens_at};
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::gate::Gate;
use crate::record::Kind;
use crate::sale::{Sale, SaleState, Scan};
use crate::scan_code::Admission;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;
use crate::transfer::TransferAddress;

/// The most scans that are kept of one sale; more are counted by nobody.
const SCANS_MAX: usize = 400;

/// One scan that was made without the network.
#[derive(Clone, Debug)]
pub struct UploadScan {
    /// What the code says, after its seal was checked.
    pub admission: Admission,
    /// The scanner.
    pub device: String,
    /// The name of the gate.
    pub gate: String,
    /// When it was, by the device's clock.
    pub at: Timestamp,
    /// A transfer that the ticket waits for, as far as is known: the scan ends it.
    pub transfer: Option<TransferAddress>,
}

/// What became of an uploaded scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploaded {
    /// It counts as the entry of that admission.
    Counted,
    /// It counts as a re-entry.
    ReEntry,
    /// It was told before.
    Known,
    /// Another gate let the same admission in; a person was asked.
    DoubleEntry,
    /// The ticket was moved after this scan; a person was asked.
    TransferAfterScan,
    /// The ticket was not good; a person was asked.
    InvalidEntry,
    /// There is no such ticket.
    UnknownTicket,
}

impl Uploaded {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Uploaded::Counted => "Counted",
            Uploaded::ReEntry => "ReEntry",
            Uploaded::Known => "Known",
            Uploaded::DoubleEntry => "DoubleEntry",
            Uploaded::TransferAfterScan => "TransferAfterScan",
            Uploaded::InvalidEntry => "InvalidEntry",
            Uploaded::UnknownTicket => "UnknownTicket",
        }
    }
}

impl Command for UploadScan {
    type Outcome = Uploaded;

    fn shards(&self) -> Shards {
        with_transfer(self.admission.shard, self.transfer)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let Admission { shard, sale, event, .. } = self.admission;
        let event_key = Key::number(shard, Kind::Event, event.0);
        keys.extend([Key::seller(shard), Sale::key_of(shard, sale), event_key]);
        keys.push(Gate::key_of(shard, event));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Uploaded, Halt> {
        let Admission { shard, sale, event, .. } = self.admission;
        let sale = facts.share::<Sale>(Sale::key_of(shard, sale))?;
        let Some(sale) = sale.filter(|sale| is_sale_of(sale, &self.admission)) else {
            return Ok(Uploaded::UnknownTicket);
        };
        let is_known = sale.scans.iter().any(|known| self.is_told_by(known));
        if is_known || sale.scans.len() >= SCANS_MAX {
            return Ok(Uploaded::Known);
        }
        let mut sale = Sale::clone(&sale);
        let event = facts.share::<Event>(Key::number(shard, Kind::Event, event.0))?;
        let scan = self.scan(&sale, event.as_deref(), now);
        let re_entry = event.is_some_and(|event| event.rules.re_entry);
        let uploaded = match good_for(&sale, scan.admission) {
            Ok(()) => self.enter(&mut sale, &scan, re_entry, facts, now)?,
            Err(_) => self.enter_invalid(&mut sale, &scan, facts, now)?,
        };
        facts.put(sale);
        Ok(uploaded)
    }
}

impl UploadScan {
    /// A clock is wrong that says that somebody went in later than now, or before the gates opened
    /// or the ticket was there; then the scan was made when it is told, so that no such clock comes
    /// before the others.
    fn scan(&self, sale: &Sale, event: Option<&Event>, now: Timestamp) -> Scan {
        let earliest = event.and_then(opens_at).max(sale.issued_at);
        let is_possible = self.at <= now && earliest.is_none_or(|earliest| earliest <= self.at);
        Scan {
            admission: self.admission.number.into(),
            at: if is_possible { self.at } else { now },
            gate: self.gate.clone(),
            device: Some(self.device.clone()),
            told_at: (!is_possible).then_some(self.at),
            is_invalid: false,
        }
    }

    /// Whether `known` is this scan, told before; the clock of its scanner may have been wrong.
    fn is_told_by(&self, known: &Scan) -> bool {
        known.admission == u16::from(self.admission.number)
            && known.device.as_ref() == Some(&self.device)
            && known.gate == self.gate
            && known.told_at.unwrap_or(known.at) == self.at
    }

    fn enter(
        &self,
        sale: &mut Sale,
        scan: &Scan,
        re_entry: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Uploaded, Halt> {
        let first = count(sale, scan, facts)?;
        sale.note_scan(scan.clone(), now);
        let Some(first) = first else {
            sale.give_up_transfer(self.transfer, facts, now)?;
            return Ok(Uploaded::Counted);
        };
        let (winner, other) = if scan.at < first.at { (scan, &first) } else { (&first, scan) };
        if re_entry {
            edit(facts, sale.shard, sale.event)?.enter_again(&other.gate);
            return Ok(Uploaded::ReEntry);
        }
        let text = format!(
            "Admission {} of ticket {} went in at {} and again at {}; the first one counts.",
            scan.admission,
            sale.id.0,
            told(winner),
            told(other)
        );
        self.ask(TaskKind::DoubleEntry, sale, text, facts, now)?;
        Ok(Uploaded::DoubleEntry)
    }

    fn enter_invalid(
        &self,
        sale: &mut Sale,
        scan: &Scan,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Uploaded, Halt> {
        let was_good = scan.at < sale.changed_at;
        let counts = was_good && sale.state == SaleState::Transferred;
        let (kind, uploaded) = if counts {
            count(sale, scan, facts)?;
            (TaskKind::TransferAfterScan, Uploaded::TransferAfterScan)
        } else {
            (TaskKind::InvalidEntry, Uploaded::InvalidEntry)
        };
        sale.note_scan(Scan { is_invalid: !counts, ..scan.clone() }, now);
        let when = if was_good { "before" } else { "after" };
        let replaced = sale.moved_to.map(|new| format!(" Ticket {} replaced it.", new.id.0));
        let text = format!(
            "Admission {} of ticket {} went in at {}, by the scanner's clock {when} the ticket \
             became {}.{}",
            scan.admission,
            sale.id.0,
            told(scan),
            sale.state.ticket_status(),
            replaced.unwrap_or_default()
        );
        self.ask(kind, sale, text, facts, now)?;
        Ok(uploaded)
    }

    fn ask(
        &self,
        kind: TaskKind,
        sale: &Sale,
        text: String,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let task = NewTask { kind, sale: Some(sale.id), transfer: None, money: None, text };
        ask_person(facts, sale.shard, task, now)?;
        Ok(())
    }
}

/// Counts an admission once, at the gate of the first scan by time; answers with the entry that was
/// counted before.
fn count(sale: &Sale, scan: &Scan, facts: &mut Facts<'_>) -> Result<Option<Scan>, Halt> {
    let first = sale.counted_entry(scan.admission).cloned();
    let gate = edit(facts, sale.shard, sale.event)?;
    match &first {
        None => gate.enter(&scan.gate),
        Some(first) if scan.at < first.at => {
            gate.leave(&first.gate);
            gate.enter(&scan.gate);
        }
        Some(_) => {}
    }
    Ok(first)
}

/// Where and when, in UTC, for the person who decides.
fn told(scan: &Scan) -> String {
    let (gate, at) = (&scan.gate, scan.at);
    let device = scan.device.as_ref().map(|device| format!(" (scanner {device})"));
    let clock = scan.told_at.map(|clock| format!(", when its clock said {clock}"));
    format!("gate {gate}{} at {at}{}", device.unwrap_or_default(), clock.unwrap_or_default())
}

impl Sale {
    /// Adds a scan; they are kept in the order of time.
    pub(super) fn note_scan(&mut self, scan: Scan, now: Timestamp) {
        self.gate_changed_at = Some(now);
        let place = self.scans.partition_point(|known| known.at <= scan.at);
        self.scans.insert(place, scan);
    }
}
