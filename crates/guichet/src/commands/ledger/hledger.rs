//! The books as a journal of hledger, the plain text accounting program: one transaction a posting,
//! with its day, a code that names it for good, and what it is about. Which accounts and currencies
//! there are is said at the end, so that `hledger check --strict` finds nothing undeclared.

use std::collections::BTreeSet;
use std::io::{self, Write};

use domain::ledger::Posting;
use domain::money::{Currency, Money};

use super::accounts::name_of;
use super::{Journal, kind_of, source_of};
use crate::moments::{day_shown, shown};

/// A journal, and what it has named so far.
#[derive(Default)]
pub(super) struct Hledger {
    accounts: BTreeSet<String>,
    currencies: BTreeSet<&'static str>,
}

impl Journal for Hledger {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "; The books of Guichet. Days are in UTC.\ndecimal-mark .")
    }

    fn posting(&mut self, posting: &Posting, out: &mut dyn Write) -> io::Result<()> {
        let (seller, number, step) = (posting.shard.0, posting.source.number(), posting.step);
        let (kind, source) = (kind_of(posting), source_of(posting));
        let (day, at) = (day_shown(posting.at), shown(posting.at));
        let said = kind.replace('_', " ");
        writeln!(
            out,
            "\n{day} ({seller}-{source}-{number}-{step}-{kind}) {said}, {source} {number} of \
             seller {seller}  ; at: {at}"
        )?;
        let code = posting.currency.code();
        self.currencies.insert(code);
        for leg in &posting.legs {
            let account = name_of(&leg.account, posting.shard);
            let amount = Money::new(leg.amount, posting.currency).text();
            writeln!(out, "    {account}  {amount} {code}")?;
            self.accounts.insert(account);
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out)?;
        for code in &self.currencies {
            let digits = Currency::parse(code).map_or(0, Currency::exponent) as usize;
            writeln!(out, "commodity 1000.{:0<digits$} {code}", "")?;
        }
        self.accounts.iter().try_for_each(|account| writeln!(out, "account {account}"))
    }
}
