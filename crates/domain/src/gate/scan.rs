//! A scan at a gate that asks the server: one sale and the event's counts in one commit.

use std::sync::Arc;

use super::{Reason, edit, gates_open, good_for, is_sale_of};
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::gate::Gate;
use crate::ids::{EventId, Shard};
use crate::record::Kind;
use crate::sale::{Sale, Scan};
use crate::scan_code::Admission;
use crate::time::Timestamp;
use crate::transfer::{self, TransferAddress};

/// Lets one admission in, if it may.
#[derive(Clone, Debug)]
pub struct ScanTicket {
    /// What the code says, after its seal was checked.
    pub admission: Admission,
    /// The name of the gate.
    pub gate: String,
    /// The only event that the gate lets in, if it says so.
    pub event: Option<EventId>,
    /// A transfer that the ticket waits for, as far as is known: to enter ends it.
    pub transfer: Option<TransferAddress>,
}

/// What the gate decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go in.
    Admitted {
        /// They had been in before.
        again: bool,
    },
    /// Stay out.
    Refused(Reason),
}

/// A scan and what came of it.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// What the gate decided.
    pub verdict: Verdict,
    /// The sale as it is; `None` when there is none such.
    pub sale: Option<Arc<Sale>>,
    /// The first entry of this admission, before or now.
    pub first: Option<Scan>,
}

impl Command for ScanTicket {
    type Outcome = Scanned;

    fn shards(&self) -> Shards {
        with_transfer(self.admission.shard, self.transfer)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let Admission { shard, sale, event, .. } = self.admission;
        let event_key = Key::number(shard, Kind::Event, event.0);
        keys.extend([Sale::key_of(shard, sale), event_key, Gate::key_of(shard, event)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Scanned, Halt> {
        let Admission { shard, sale, event, .. } = self.admission;
        let sale = facts.share::<Sale>(Sale::key_of(shard, sale))?;
        let Some(sale) = sale.filter(|sale| is_sale_of(sale, &self.admission)) else {
            let verdict = Verdict::Refused(Reason::UnknownTicket);
            return Ok(Scanned { verdict, sale: None, first: None });
        };
        let event = facts.share::<Event>(Key::number(shard, Kind::Event, event.0))?;
        let verdict = self.verdict(&sale, event.as_deref(), now);
        match verdict {
            Verdict::Refused(_) => {
                let first = sale.first_scan(self.number()).cloned();
                Ok(Scanned { verdict, sale: Some(sale), first })
            }
            Verdict::Admitted { again: true } => {
                edit(facts, shard, sale.event)?.enter_again(&self.gate);
                let first = sale.first_scan(self.number()).cloned();
                Ok(Scanned { verdict, sale: Some(sale), first })
            }
            Verdict::Admitted { again: false } => self.let_in(&sale, facts, now),
        }
    }
}

impl ScanTicket {
    fn number(&self) -> u16 {
        self.admission.number.into()
    }

    fn verdict(&self, sale: &Sale, event: Option<&Event>, now: Timestamp) -> Verdict {
        let Some(event) = event else { return Verdict::Refused(Reason::UnknownTicket) };
        if self.event.is_some_and(|only| only != sale.event) {
            return Verdict::Refused(Reason::WrongEvent);
        }
        let may = good_for(sale, self.number()).and_then(|()| gates_open(event, now));
        if let Err(reason) = may {
            return Verdict::Refused(reason);
        }
        match sale.first_scan(self.number()) {
            None => Verdict::Admitted { again: false },
            Some(_) if event.rules.re_entry => Verdict::Admitted { again: true },
            Some(_) => Verdict::Refused(Reason::AlreadyUsed),
        }
    }

    fn let_in(&self, sale: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<Scanned, Halt> {
        let mut sale = sale.clone();
        let (admission, gate) = (self.number(), self.gate.clone());
        let (device, told_at) = (None, None);
        let scan = Scan { admission, at: now, gate, device, told_at, is_invalid: false };
        sale.note_scan(scan.clone(), now);
        sale.give_up_transfer(self.transfer, facts, now)?;
        edit(facts, sale.shard, sale.event)?.enter(&self.gate);
        let verdict = Verdict::Admitted { again: false };
        Ok(Scanned { verdict, sale: Some(facts.put(sale)), first: Some(scan) })
    }
}

/// The sale's seller, and that of the transfer which a scan may end.
pub(super) fn with_transfer(shard: Shard, transfer: Option<TransferAddress>) -> Shards {
    match transfer {
        Some(transfer) => Shards::Two(shard, transfer.shard),
        None => Shards::One(shard),
    }
}

impl Sale {
    /// The first entry of an admission by time.
    #[must_use]
    pub fn first_scan(&self, admission: u16) -> Option<&Scan> {
        self.scans.iter().filter(|scan| scan.admission == admission).min_by_key(|scan| scan.at)
    }

    /// The entry of an admission that a gate counts: the first by time with a good ticket.
    #[must_use]
    pub fn counted_entry(&self, admission: u16) -> Option<&Scan> {
        let good = self.scans.iter().filter(|scan| !scan.is_invalid);
        good.filter(|scan| scan.admission == admission).min_by_key(|scan| scan.at)
    }

    /// A ticket that waits for the payment of a transfer still lets in, and then stays where it
    /// is. `known` is the transfer whose seller was locked.
    pub(super) fn give_up_transfer(
        &mut self,
        known: Option<TransferAddress>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let Some(transfer) = self.locked_by.take() else { return Ok(()) };
        if known.map(|known| known.shard) != Some(transfer.shard) && transfer.shard != self.shard {
            return Err(Halt::Stale);
        }
        transfer::cancel_on_use(facts, transfer, now)
    }
}
