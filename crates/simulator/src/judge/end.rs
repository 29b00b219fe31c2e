//! The last look, when nothing is left to be done: the database and the gateway's book against
//! all the judge was told.

use std::collections::BTreeMap;

use domain::ids::SaleId;
use domain::record::Record;
use domain::time::Timestamp;
use store::memory::MemoryDatabase;
use store::testing::{Dump, check, dump};

use super::commits::money;
use super::{Judge, prices};
use crate::book::Book;

impl Judge {
    /// Holds the database against the model, the gateway's book and the product's own check.
    pub(crate) fn sees_end(&mut self, database: &MemoryDatabase, book: &Book, now: Timestamp) {
        match dump(database) {
            Ok(dump) => self.check_stored(&dump),
            Err(fault) => self.blame("the database can be read", || fault.to_string()),
        }
        self.check_money(book, now);
        self.check_tickets();
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
        if balances.collect::<BTreeMap<_, _>>() != self.books.legs {
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
        if let Some(finding) = book.overdrawn(now) {
            self.blame("no charge gives back more than it took", || finding);
        }
        if let Some(finding) = self.wrong_family(book, now) {
            self.blame("money taken is the price of live tickets", || finding);
        }
        let taken: i64 = self.sales.values().map(|seen| money(&seen.sale, book, now)).sum();
        if taken != self.books.clearing() {
            let finding = || format!("taken {taken}, booked {}", self.books.clearing());
            let finding = finding();
            self.blame("the books say what the gateway says", || finding);
        }
        if let Some(finding) = self.books.left_over(self.cards.credits()) {
            self.blame("no account is left open", || finding);
        }
    }

    /// Tickets that replaced each other, for which more or less was taken than what they are
    /// worth now.
    fn wrong_family(&self, book: &Book, now: Timestamp) -> Option<String> {
        let mut families: BTreeMap<SaleId, (i64, i64)> = BTreeMap::new();
        for seen in self.sales.values() {
            let (taken, kept) = families.entry(seen.root).or_default();
            *taken += money(&seen.sale, book, now) + prices::by_hand(&seen.sale);
            *kept += prices::kept(&seen.sale, seen.price);
        }
        let wrong = families.into_iter().find(|(_, (taken, kept))| taken != kept);
        wrong.map(|(root, (taken, kept))| {
            let family = self.sales.values().filter(|seen| seen.root == root);
            let sales: Vec<_> = family.map(|seen| &seen.sale).collect();
            format!("{taken} was taken and {kept} is due for {sales:?}")
        })
    }
}
