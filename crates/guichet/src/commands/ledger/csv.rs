//! The books as a table: a line for each side of each entry.

use std::io::{self, Write};

use domain::ledger::Posting;
use domain::money::Money;

use super::{Journal, kind_of, source_of};
use crate::moments::shown;

/// The first line.
const COLUMNS: &str = "seller,source,source_id,step,kind,at_utc,account,amount,currency";

/// Lines of nine cells. Only a gateway's name is a text of its own; it is quoted.
pub(super) struct Csv;

impl Journal for Csv {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{COLUMNS}")
    }

    fn posting(&mut self, posting: &Posting, out: &mut dyn Write) -> io::Result<()> {
        for leg in &posting.legs {
            let account = leg.account.to_string().replace('"', "\"\"");
            writeln!(
                out,
                "{},{},{},{},{},{},\"{account}\",{},{}",
                posting.shard.0,
                source_of(posting),
                posting.source.number(),
                posting.step,
                kind_of(posting),
                shown(posting.at),
                Money::new(leg.amount, posting.currency).text(),
                posting.currency.code(),
            )?;
        }
        Ok(())
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
