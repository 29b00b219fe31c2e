//! The last look, when nothing is left to be done: the database and the gateway's book against
//! all the judge was told.

use domain::record::Record;
use domain::sale::{Sale, SaleState};
use domain::time::Timestamp;
use store::memory::MemoryDatabase;
use store::testing::{Dump, check, dump};

use super::Judge;
use super::commits::money;
use crate::book::Book;

impl Judge {
    /// Holds the database against the model, the gateway's book and the product's own check.
    pub(crate) fn sees_end(&mut self, database: &MemoryDatabase, book: &Book, now: Timestamp) {
        match dump(database) {
            Ok(dump) => self.check_stored(&dump),
            Err(fault) => self.blame("the database can be read", || fault.to_string()),
        }
        self.check_money(book, now);
        match check(database) {
            Ok(report) if report.findings.is_empty() => {}
            other => self.blame("the product's own check finds nothing", || format!("{other:?}")),
        }
    }

    /// Somebody waits for ever.
    pub(crate) fn sees_no_end(&mut self) {
        let sales = format!("{:?}", self.unfinished().collect::<Vec<_>>());
        let (due, owed) = (self.due.len(), self.owed.len());
        let finding = || format!("{due} due, {owed} owed, unfinished: {sales}");
        self.blame("everything comes to an end", finding);
    }

    fn check_stored(&mut self, dump: &Dump) {
        let stored = dump.records.iter().filter_map(|record| match record {
            Record::Sale(sale) => Some((sale.id, sale)),
            _ => None,
        });
        let seen = self.sales.iter().map(|(id, seen)| (*id, &seen.sale));
        let mut stored: Vec<_> = stored.collect();
        stored.sort_by_key(|(id, _)| *id);
        if !seen.eq(stored) {
            self.blame("what was committed is stored", || "the sales differ".to_owned());
        }
        let balances = dump.balances.iter();
        let balances = balances.map(|(shard, row)| ((*shard, row.account.to_string()), row.amount));
        if balances.collect::<std::collections::BTreeMap<_, _>>() != self.books.legs {
            self.blame("what was committed is stored", || "the balances differ".to_owned());
        }
        if dump.due.len() != self.due.len() || dump.outbox.len() != self.owed.len() {
            self.blame("what was committed is stored", || "the work differs".to_owned());
        }
    }

    fn check_money(&mut self, book: &Book, now: Timestamp) {
        let stray = book.moving_keys(now).find(|key| !self.attempts.contains_key(*key));
        if let Some(key) = stray {
            self.blame("all money that moved has an attempt", || key.to_owned());
        }
        let wrong = |sale: &Sale| {
            let expected = if sale.state == SaleState::Issued { sale.total } else { 0 };
            let taken = money(sale, book, now);
            let sound = taken == expected && sale.paid() == expected;
            (!sound).then(|| format!("{taken} was taken for {sale:?}"))
        };
        let wrong = self.sales.values().find_map(|seen| wrong(&seen.sale));
        if let Some(finding) = wrong {
            self.blame("money taken is the price of live tickets", || finding);
        }
        let taken: i64 = self.sales.values().map(|seen| money(&seen.sale, book, now)).sum();
        if taken != self.books.clearing() {
            let finding = || format!("taken {taken}, booked {}", self.books.clearing());
            let finding = finding();
            self.blame("the books say what the gateway says", || finding);
        }
    }
}
