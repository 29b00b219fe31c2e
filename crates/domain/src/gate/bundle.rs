//! What a scanner needs to decide without the network: rules of the event, and what has happened
//! to its tickets. A list is plain lines of text, signed with the key that seals the codes.
//!
//! ```text
//! guichet-gate 1                  the form
//! seller 7
//! event 11
//! made 1700000000000000           when its reading began; microseconds since 1970
//! since 0                         what changed from then on is told; 0 for everything
//! sequence 1699999970000000       to be asked with next time
//! opens always                    or a moment
//! closes never                    or a moment
//! re-entry no                     or yes
//! cancelled no                    or yes
//! out 123 all                     no admission of ticket 123 is good any more
//! out 124 2,3                     these are not; told anew with each change of the ticket
//! in 125 1,2                      these went in; `none` after a scan was taken back
//! ```
//!
//! A ticket that is not named is good if its code is genuine: tickets sold after the list was made
//! get in. What a scanner cannot know is settled when its scans are uploaded.

mod read;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use self::read::{BundleError, TEXT_LENGTH_MAX};
use super::{GATE_CLOSES_AFTER, Reason, Verdict, opens_at};
use crate::catalogue::Event;
use crate::ids::{EventId, SaleId, Shard};
use crate::sale::{Sale, SaleState};
use crate::scan_code::Admission;
use crate::time::{Span, Timestamp};

/// How far before its reading a list is asked to go on. The sales of an event are read one page
/// after the other while gates are busy, and what bears an earlier moment may still be on its way
/// to the disk, or come from a machine whose clock is behind. It is told twice, which costs a few
/// lines; told never would let used and refunded tickets in.
const TOLD_AGAIN: Span = Span::seconds(30);

/// Which admissions of a ticket are not good any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// None is good.
    All,
    /// These are not, from 1.
    Some(Vec<u16>),
}

/// A list for gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Whose event.
    pub shard: Shard,
    /// Which.
    pub event: EventId,
    /// When the reading of its sales began.
    pub made: Timestamp,
    /// It tells what changed from then on.
    pub since: Timestamp,
    /// What to ask with next time.
    pub sequence: Timestamp,
    /// When the gates open; `None`: always.
    pub opens: Option<Timestamp>,
    /// When they close; `None`: never.
    pub closes: Option<Timestamp>,
    /// Who went in may go in again.
    pub re_entry: bool,
    /// The event will not take place.
    pub cancelled: bool,
    /// Tickets that are not good any more, or in part.
    pub out: BTreeMap<SaleId, Out>,
    /// Admissions that went in.
    pub entered: BTreeMap<SaleId, Vec<u16>>,
}

impl Bundle {
    /// The list of an event with nothing in it yet; `made` is before the first sale was read.
    #[must_use]
    pub fn of(event: &Event, since: Timestamp, made: Timestamp) -> Bundle {
        let ends = event.over_at().after(GATE_CLOSES_AFTER);
        Bundle {
            shard: event.organiser,
            event: event.id,
            made,
            since,
            sequence: Timestamp(0).max(made.before(TOLD_AGAIN)),
            opens: opens_at(event),
            closes: (!event.postponed).then_some(ends),
            re_entry: event.rules.re_entry,
            cancelled: event.rules.cancelled,
            out: BTreeMap::new(),
            entered: BTreeMap::new(),
        }
    }

    /// Tells of one sale of the event what a gate must know.
    pub fn add(&mut self, sale: &Sale) {
        if sale.changed_at >= self.since
            && let Some(out) = out_of(sale)
        {
            self.out.insert(sale.id, out);
        }
        if sale.gate_changed_at.is_some_and(|at| at >= self.since) {
            let mut entered: Vec<u16> = sale.scans.iter().map(|scan| scan.admission).collect();
            entered.sort_unstable();
            entered.dedup();
            self.entered.insert(sale.id, entered);
        }
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from("guichet-gate 1\n");
        let mut line = |name: &str, value: String| {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{name} {value}");
        };
        let moment = |at: Option<Timestamp>, none: &str| {
            at.map_or_else(|| none.to_owned(), |at| at.0.to_string())
        };
        let said = |is: bool| if is { "yes" } else { "no" }.to_owned();
        line("seller", self.shard.0.to_string());
        line("event", self.event.0.to_string());
        line("made", self.made.0.to_string());
        line("since", self.since.0.to_string());
        line("sequence", self.sequence.0.to_string());
        line("opens", moment(self.opens, "always"));
        line("closes", moment(self.closes, "never"));
        line("re-entry", said(self.re_entry));
        line("cancelled", said(self.cancelled));
        for (sale, out) in &self.out {
            let admissions = match out {
                Out::All => "all".to_owned(),
                Out::Some(admissions) => listed(admissions),
            };
            line("out", format!("{} {admissions}", sale.0));
        }
        for (sale, entered) in &self.entered {
            line("in", format!("{} {}", sale.0, listed(entered)));
        }
        text
    }

    /// Puts a later list of the same event on top of this one; false when it does not follow it.
    pub fn go_on(&mut self, later: Bundle) -> bool {
        let follows = later.shard == self.shard
            && later.event == self.event
            && later.made >= self.made
            && later.since <= self.sequence;
        if follows {
            let (mut out, mut entered) =
                (std::mem::take(&mut self.out), std::mem::take(&mut self.entered));
            out.extend(later.out);
            entered.extend(later.entered);
            *self = Bundle { since: self.since, out, entered, ..later };
        }
        follows
    }

    /// Notes that the scanner let somebody in.
    pub fn enter(&mut self, admission: &Admission) {
        self.entered.entry(admission.sale).or_default().push(admission.number.into());
    }

    /// What a gate decides at `now` about a code whose seal was checked.
    #[must_use]
    pub fn decide(&self, admission: &Admission, now: Timestamp) -> Verdict {
        let number = u16::from(admission.number);
        let is_out = self.out.get(&admission.sale).is_some_and(|out| match out {
            Out::All => true,
            Out::Some(admissions) => admissions.contains(&number),
        });
        let entered = self.entered.get(&admission.sale);
        let again = entered.is_some_and(|entered| entered.contains(&number));
        let reason = match () {
            () if (admission.shard, admission.event) != (self.shard, self.event) => {
                Some(Reason::WrongEvent)
            }
            () if self.cancelled => Some(Reason::EventCancelled),
            () if is_out => Some(Reason::Cancelled),
            () if self.opens.is_some_and(|opens| now < opens) => Some(Reason::GatesClosed),
            () if self.closes.is_some_and(|closes| now >= closes) => Some(Reason::EventOver),
            () if again && !self.re_entry => Some(Reason::AlreadyUsed),
            () => None,
        };
        reason.map_or(Verdict::Admitted { again }, Verdict::Refused)
    }
}

/// Which admissions of a sale that had tickets are not good any more.
fn out_of(sale: &Sale) -> Option<Out> {
    sale.issued_at?;
    if sale.state != SaleState::Issued {
        return Some(Out::All);
    }
    let mut out: Vec<u16> =
        sale.refunds.iter().flat_map(|refund| &refund.admissions).copied().collect();
    out.sort_unstable();
    (!out.is_empty()).then_some(Out::Some(out))
}

fn listed(admissions: &[u16]) -> String {
    let numbers: Vec<String> = admissions.iter().map(u16::to_string).collect();
    if numbers.is_empty() { "none".to_owned() } else { numbers.join(",") }
}
