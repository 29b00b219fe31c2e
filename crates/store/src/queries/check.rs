//! Does what is stored hold together? (`payments.md` §6.8, §7.3)
//!
//! Shard by shard, since every fact belongs to one, each in a view of its own: what the sales
//! say is compared with quotas, books, balances, rights, the work table and the finder. What
//! sellers have with each other is added up beside it ([`across`]).

mod across;
mod bank;
mod books;
mod callers;
mod contracts;
mod derived;
mod gates;
mod gateways;
mod goods;
mod holdings;
mod links;
mod moves;
mod orders;
mod owners;
mod places;
mod refunds;
mod rights;
mod sale;
mod seats;
mod settlement;
mod wallets;

use std::sync::Arc;

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::ledger::Posting;
use domain::record::{Aggregate as _, Kind, Record};
use domain::sale::{Sale, SaleState};

pub(crate) use self::across::Across;
use self::bank::Bank;
use self::books::Books;
use self::contracts::Contracts;
use self::derived::Derived;
use self::gates::Gates;
use self::gateways::Gateways;
use self::holdings::Holdings;
use self::orders::Orders;
use self::owners::Owners;
use self::places::Places;
use self::refunds::Refunds;
use self::rights::Rights;
use self::seats::Seats;
use super::PAGE_ROWS_MAX;
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
    let mut across = Across::default();
    for shard in view.shards()? {
        let (of_shard, seen) = check_shard(view, shard)?;
        report.absorb(of_shard);
        across.absorb(seen);
    }
    across.report(&mut report);
    Ok(report)
}

/// What concerns the database as a whole.
pub(crate) fn check_whole(view: &dyn Snapshot) -> Result<CheckReport, Fault> {
    let mut report = CheckReport { outbox: view.outbox_length()?, ..CheckReport::default() };
    view.integrity()?.into_iter().for_each(|finding| report.find(finding));
    Ok(report)
}

/// What concerns one shard, and what it says of others.
pub(crate) fn check_shard(
    view: &dyn Snapshot,
    shard: Shard,
) -> Result<(CheckReport, Across), Fault> {
    let mut check = ShardCheck {
        view,
        shard,
        report: CheckReport::default(),
        places: Places::default(),
        books: Books::new(shard),
        gateways: Gateways::default(),
        holdings: Holdings::default(),
        bank: Bank::default(),
        gates: Gates::default(),
        orders: Orders::default(),
        owners: Owners::default(),
        contracts: Contracts::default(),
        refunds: Refunds::default(),
        rights: Rights::default(),
        seats: Seats::default(),
        derived: Derived::default(),
        across: Across::default(),
        owned_block: None,
    };
    check.aggregates()?;
    check.sales()?;
    check.idempotency()?;
    check.compare()
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
    gateways: Gateways,
    holdings: Holdings,
    bank: Bank,
    gates: Gates,
    orders: Orders,
    owners: Owners,
    contracts: Contracts,
    refunds: Refunds,
    rights: Rights,
    seats: Seats,
    derived: Derived,
    across: Across,
    /// The block of sale numbers last seen to belong to the shard.
    owned_block: Option<u32>,
}

impl ShardCheck<'_> {
    /// Everything but sales can at least be read, and says something about them.
    fn aggregates(&mut self) -> Result<(), Fault> {
        let looked_at_later = [Kind::Sale, Kind::Idempotency];
        let mut kinds = Kind::ALL.iter().filter(|kind| !looked_at_later.contains(kind));
        kinds.try_for_each(|kind| {
            self.each_page(*kind, |check, records, _| {
                records.iter().try_for_each(|record| check.aggregate(record))
            })
        })
    }

    fn aggregate(&mut self, record: &Record) -> Result<(), Fault> {
        self.derived.add(record);
        match record {
            Record::Card(card) => {
                rights::check_card(card, &mut self.report);
                self.across.add_card(card);
                self.places.add_card(card);
            }
            Record::Pass(pass) => self.rights.add_pass(pass),
            Record::PromoCode(code) => self.contracts.add_code(code),
            Record::Contract(contract) => self.contracts.add(contract),
            Record::SeatBlock(block) => self.seats.add_block(block, &mut self.report),
            Record::Reservation(reservation) => {
                self.seats.add_reservation(self.view, reservation, &mut self.report)?;
            }
            Record::SpecialTicket(code) => self.rights.add_code(code),
            Record::EventBook(book) => self.owners.add_event(book),
            Record::Payout(payout) => self.bank.add_payout(payout),
            Record::Gate(gate) => self.gates.add_gate(gate),
            Record::CustomerOrder(order) => self.orders.add(order, &mut self.report),
            Record::OwnerBook(book) => self.owners.add_owner(book),
            Record::SettlementDifference(difference) => {
                settlement::check_difference(self.view, difference, &mut self.report)?;
            }
            Record::Wallet(wallet) => {
                wallets::check_wallet(self.view, wallet, &mut self.report)?;
            }
            Record::PaymentProfile(profile) => {
                wallets::check_profile(self.view, profile, &mut self.report)?;
            }
            Record::Task(task) => {
                self.refunds.add_task(task);
                links::check_task(self.view, task, &mut self.report)?;
            }
            Record::Transfer(transfer) => {
                moves::check_transfer(self.view, transfer, &mut self.report)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What all aggregates together say, beside quotas, balances and what is derived.
    fn compare(self) -> Result<(CheckReport, Across), Fault> {
        let ShardCheck { view, shard, mut report, mut across, .. } = self;
        let balances = view.balances(shard)?;
        self.places.compare(view, shard, &mut report)?;
        self.books.compare(&balances, &mut report);
        self.gateways.compare(shard, &balances, &mut report);
        self.holdings.compare(shard, &balances, &mut report);
        self.bank.compare(shard, &balances, &mut report);
        self.gates.compare(shard, &mut report);
        self.orders.compare(shard, &mut report);
        self.owners.compare(shard, &balances, &mut report);
        self.rights.compare(shard, &mut report);
        self.contracts.compare(shard, &mut report);
        self.seats.compare(shard, &mut report);
        self.derived.compare(view, shard, &mut report)?;
        balances.iter().for_each(|balance| across.add_balance(shard, balance));
        if shard == Shard::HOUSE {
            callers::compare(view, &mut report)?;
        }
        Ok((report, across))
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
            self.sale(sale)?;
        }
        Ok(())
    }

    /// What a sale says of everything else.
    fn sale(&mut self, sale: &Arc<Sale>) -> Result<(), Fault> {
        self.places.add(sale);
        self.gateways.add(sale);
        self.holdings.add(sale);
        self.bank.add_sale(sale);
        self.gates.add_sale(sale);
        self.orders.add_sale(sale, &mut self.report);
        self.refunds.check(sale, &mut self.report);
        self.rights.add_sale(sale);
        self.seats.add_sale(sale);
        self.across.add_sale(sale);
        self.derived.add(&Record::Sale(Arc::clone(sale)));
        moves::check_sale(self.view, sale, &mut self.report)?;
        goods::check(self.view, sale, &mut self.report)?;
        self.check_number(sale.id)
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
                links::check_gifts(check.view, row, &mut check.report)?;
                let sale = Sale::key_of(row.seller, row.sale);
                if row.sale != SaleId(0) && links::is_absent(check.view, &sale)? {
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
