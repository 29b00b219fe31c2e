//! The books so far, kept by account and by sale, so that a long story need not add up all of them
//! after every command.

use std::collections::{HashMap, HashSet};

use domain::facts::Overlay;
use domain::ids::SaleId;
use domain::ledger::{Account, Leg, Posting, PostingKind, Source};
use domain::record::Record;

/// See the module.
#[derive(Default)]
pub(crate) struct Books {
    names: HashSet<(Source, u8, PostingKind)>,
    balances: HashMap<Account, i64>,
    of_sales: HashMap<SaleId, Vec<Leg>>,
}

impl Books {
    /// Debits minus credits of an account.
    pub(crate) fn balance(&self, account: &Account) -> i64 {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// What was booked about a sale.
    pub(crate) fn legs(&self, sale: SaleId) -> &[Leg] {
        self.of_sales.get(&sale).map_or(&[], Vec::as_slice)
    }

    /// Books what a command has changed; answers with the sales of which it may have changed
    /// something.
    pub(crate) fn enter(&mut self, changes: &Overlay) -> HashSet<SaleId> {
        changes.postings.iter().for_each(|posting| self.book(posting));
        let records = changes.records.values().filter_map(|record| match record {
            Record::Sale(sale) => Some(sale.id),
            Record::Task(task) => task.sale,
            _ => None,
        });
        let legs = changes.postings.iter().flat_map(|posting| &posting.legs);
        let owed = legs.filter_map(|leg| match leg.account {
            Account::RefundPayable(sale) | Account::OrderHolding(sale) => Some(sale),
            _ => None,
        });
        let booked = changes.postings.iter().filter_map(|posting| posting.source.sale());
        records.chain(owed).chain(booked).collect()
    }

    fn book(&mut self, posting: &Posting) {
        assert_eq!(posting.sum(), 0);
        assert!(self.names.insert((posting.source, posting.step, posting.kind)), "{posting:?}");
        for leg in &posting.legs {
            *self.balances.entry(leg.account.clone()).or_default() += leg.amount;
        }
        if let Some(sale) = posting.source.sale() {
            self.of_sales.entry(sale).or_default().extend(posting.legs.iter().cloned());
        }
    }
}
