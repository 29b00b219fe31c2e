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
//! A device's clock can lie, so nothing that was done is undone by its word: a person decides.

use super::scan::with_transfer;
use super::{edit, good_for, is_sale_of};
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
        let scan = self.scan(now);
        if sale.scans.contains(&scan) || sale.scans.len() >= SCANS_MAX {
            return Ok(Uploaded::Known);
        }
        let mut sale = Sale::clone(&sale);
        let event = facts.share::<Event>(Key::number(shard, Kind::Event, event.0))?;
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
    /// A clock that is ahead of ours is wrong; nobody went in later than now.
    fn scan(&self, now: Timestamp) -> Scan {
        Scan {
            admission: self.admission.number.into(),
            at: self.at.min(now),
            gate: self.gate.clone(),
            device: Some(self.device.clone()),
        }
    }

    fn enter(
        &self,
        sale: &mut Sale,
        scan: &Scan,
        re_entry: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Uploaded, Halt> {
        let first = sale.first_scan(scan.admission).cloned();
        sale.note_scan(scan.clone(), now);
        let Some(first) = first else {
            sale.give_up_transfer(self.transfer, facts, now)?;
            edit(facts, sale.shard, sale.event)?.enter(&scan.gate);
            return Ok(Uploaded::Counted);
        };
        let is_earlier = scan.at < first.at;
        let (winner, other) = if is_earlier { (scan, &first) } else { (&first, scan) };
        let gate = edit(facts, sale.shard, sale.event)?;
        if is_earlier {
            gate.leave(&first.gate);
            gate.enter(&scan.gate);
        }
        if re_entry {
            gate.enter_again(&other.gate);
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
        sale.note_scan(scan.clone(), now);
        let was_good = scan.at < sale.changed_at;
        let (kind, uploaded) = match sale.state {
            SaleState::Transferred if was_good => {
                edit(facts, sale.shard, sale.event)?.enter(&scan.gate);
                (TaskKind::TransferAfterScan, Uploaded::TransferAfterScan)
            }
            _ => (TaskKind::InvalidEntry, Uploaded::InvalidEntry),
        };
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

fn told(scan: &Scan) -> String {
    match &scan.device {
        Some(device) => format!("gate {} (scanner {device})", scan.gate),
        None => format!("gate {}", scan.gate),
    }
}

impl Sale {
    /// Adds a scan; they are kept in the order of time.
    pub(super) fn note_scan(&mut self, scan: Scan, now: Timestamp) {
        self.gate_changed_at = Some(now);
        let place = self.scans.partition_point(|known| known.at <= scan.at);
        self.scans.insert(place, scan);
    }
}
