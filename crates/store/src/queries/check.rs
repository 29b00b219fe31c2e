//! Does what is stored hold together? (`payments.md` §6.8, §7.3)
//!
//! Shard by shard, since every fact belongs to one, each in a view of its own: what the sales
//! say is compared with quotas, books, balances and the work table.

mod books;
mod callers;
mod places;
mod sale;

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::ledger::Posting;
use domain::record::{Aggregate as _, Kind, Record};
use domain::sale::{Sale, SaleState};

use self::books::Books;
use self::places::Places;
use super::PAGE_ROWS_MAX;
use crate::changes::{Due, due_of};
use crate::error::Fault;
use crate::snapshot::{Row, Snapshot};

/// How many findings a report spells out.
pub const FINDINGS_MAX: usize = 1_000;

/// What a check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// What is wrong, each in a sentence, at most [`FINDINGS_MAX`]; empty when all is well.
    pub findings: Vec<String>,
    /// Sales looked at.
    pub sales: u64,
    /// Postings added up.
    pub postings: u64,
    /// Payment attempts whose outcome is still to come.
    pub open_attempts: u64,
    /// Sales that wait for a person.
    pub reviews: u64,
    /// Effects that are owed.
    pub outbox: u64,
}

impl CheckReport {
    fn find(&mut self, finding: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }

    /// Adds what was found in another shard.
    pub(crate) fn absorb(&mut self, other: CheckReport) {
        other.findings.into_iter().for_each(|finding| self.find(finding));
        self.sales += other.sales;
        self.postings += other.postings;
        self.open_attempts += other.open_attempts;
        self.reviews += other.reviews;
        self.outbox += other.outbox;
    }
}

/// Everything, in one view.
pub(crate) fn check(view: &dyn Snapshot) -> Result<CheckReport, Fault> {
    let mut report = check_whole(view)?;
    for shard in view.shards()? {
        report.absorb(check_shard(view, shard)?);
    }
    Ok(report)
}

/// What concerns the database as a whole.
pub(crate) fn check_whole(view: &dyn Snapshot) -> Result<CheckReport, Fault> {
    let mut report = CheckReport { outbox: view.outbox_length()?, ..CheckReport::default() };
    view.integrity()?.into_iter().for_each(|finding| report.find(finding));
    Ok(report)
}

/// What concerns one shard.
pub(crate) fn check_shard(view: &dyn Snapshot, shard: Shard) -> Result<CheckReport, Fault> {
    let mut check = ShardCheck {
        view,
        shard,
        report: CheckReport::default(),
        places: Places::default(),
        books: Books::new(shard),
        due: Vec::new(),
        owned_block: None,
    };
    check.catalogue()?;
    check.sales()?;
    check.idempotency()?;
    check.work()?;
    let ShardCheck { mut report, places, books, .. } = check;
    places.compare(view, shard, &mut report)?;
    books.compare(view, &mut report)?;
    if shard == Shard::HOUSE {
        callers::compare(view, &mut report)?;
    }
    Ok(report)
}

/// Payouts and cards have numbers of their own, and other sellers' sales books of their own.
fn is_about(posting: &Posting, sale: SaleId) -> bool {
    posting.source.sale() == Some(sale) && !posting.kind.is_foreign()
}

struct ShardCheck<'a> {
    view: &'a dyn Snapshot,
    shard: Shard,
    report: CheckReport,
    places: Places,
    books: Books,
    /// The work table as it should be.
    due: Vec<Due>,
    /// The block of sale numbers last seen to belong to the shard.
    owned_block: Option<u32>,
}

impl ShardCheck<'_> {
    /// Every other row can at least be read.
    fn catalogue(&mut self) -> Result<(), Fault> {
        let looked_at_later = [Kind::Sale, Kind::Idempotency];
        let mut kinds = Kind::ALL.iter().filter(|kind| !looked_at_later.contains(kind));
        kinds.try_for_each(|kind| self.each_page(*kind, |_, _, _| Ok(())))
    }

    fn sales(&mut self) -> Result<(), Fault> {
        let mut next = SaleId(0);
        self.each_page(Kind::Sale, |check, records, last| {
            check.sale_page(records, next, SaleId(last.number))?;
            next = SaleId(last.number.saturating_add(1));
            Ok(())
        })?;
        self.sale_page(&[], next, SaleId(u32::MAX))
    }

    /// The sales `first..=last` beside their postings; a posting without its sale stands out.
    fn sale_page(&mut self, records: &[Record], first: SaleId, last: SaleId) -> Result<(), Fault> {
        let postings = self.view.postings(self.shard, first, last)?;
        self.report.postings += postings.len() as u64;
        let sales: Vec<_> = records.iter().filter_map(Sale::from_record).collect();
        for posting in &postings {
            self.books.add(posting, &mut self.report);
            let sale = posting.source.sale().filter(|_| !posting.kind.is_foreign());
            let Some(sale) = sale else { continue };
            if sales.binary_search_by_key(&sale, |sale| sale.id).is_err() {
                let (sale, shard) = (sale.0, self.shard.0);
                self.report.find(format!(
                    "There is a posting of sale {sale} of shard {shard}, but no such sale."
                ));
            }
        }
        for sale in sales {
            let start = postings.partition_point(|posting| posting.source.number() < sale.id.0);
            let end = postings.partition_point(|posting| posting.source.number() <= sale.id.0);
            let own = postings[start..end].iter().filter(|posting| is_about(posting, sale.id));
            sale::check(sale, &own.collect::<Vec<_>>(), &mut self.report);
            self.places.add(sale);
            self.due.extend(due_of(&Record::Sale(sale.clone())));
            self.check_number(sale.id)?;
        }
        Ok(())
    }

    fn check_number(&mut self, sale: SaleId) -> Result<(), Fault> {
        let block = sale.0 / NUMBER_BLOCK_SIZE;
        if self.owned_block == Some(block) {
            return Ok(());
        }
        if self.view.block(NumberKind::Sale, block)? == Some(self.shard) {
            self.owned_block = Some(block);
        } else {
            let (sale, shard) = (sale.0, self.shard.0);
            self.report.find(format!(
                "Sale {sale} of shard {shard} has a number the shard never claimed."
            ));
        }
        Ok(())
    }

    fn idempotency(&mut self) -> Result<(), Fault> {
        self.each_page(Kind::Idempotency, |check, records, _| {
            for record in records {
                let Record::Idempotency(row) = record else { continue };
                if check.is_absent(&Sale::key_of(row.seller, row.sale))? {
                    let (sale, shard) = (row.sale.0, row.seller.0);
                    check.report.find(format!(
                        "A caller's key leads to sale {sale} of shard {shard}, but there is no \
                         such sale."
                    ));
                }
            }
            Ok(())
        })
    }

    /// One that cannot be read is there, and a finding of its own.
    fn is_absent(&self, key: &Key) -> Result<bool, Fault> {
        match self.view.record(key) {
            Ok(record) => Ok(record.is_none()),
            Err(Fault::Unreadable(_)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    fn work(&mut self) -> Result<(), Fault> {
        self.due.sort_unstable();
        let mut stored = self.view.due_of(self.shard)?;
        stored.retain(|due| *due != crate::transfer::UNFINISHED);
        stored.sort_unstable();
        let name = |due: &Due| format!("{:?} {} of shard {}", due.kind, due.number, due.shard.0);
        for due in self.due.iter().filter(|due| stored.binary_search(due).is_err()) {
            let (name, at) = (name(due), due.at.0);
            self.report.find(format!("{name} is due at {at} but not in the work table."));
        }
        for due in stored.iter().filter(|due| self.due.binary_search(due).is_err()) {
            let (name, at) = (name(due), due.at.0);
            self.report.find(format!("The work table names {name} at {at}, when it is not due."));
        }
        Ok(())
    }

    /// Goes through a table; what cannot be read is a finding and left out.
    fn each_page(
        &mut self,
        kind: Kind,
        mut look: impl FnMut(&mut Self, &[Record], Key) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut after: Option<Key> = None;
        loop {
            let page = self.view.page(kind, self.shard, after.as_ref(), PAGE_ROWS_MAX)?;
            let Some(last) = page.last().map(|row| row.key) else { return Ok(()) };
            let records: Vec<Record> = page.into_iter().filter_map(|row| self.read(row)).collect();
            look(self, &records, last)?;
            after = Some(last);
        }
    }

    fn read(&mut self, row: Row) -> Option<Record> {
        row.record.map_err(|fault| self.report.find(format!("{fault}."))).ok()
    }
}

/// Counts of what is open, and of what waits for a person.
fn count(sale: &Sale, report: &mut CheckReport) {
    report.sales += 1;
    let open = sale.attempts.iter().filter(|attempt| attempt.state.is_open());
    report.open_attempts += open.count() as u64;
    let waits = sale.in_doubt().is_some() || sale.state == SaleState::UnderReview;
    report.reviews += u64::from(waits);
}
