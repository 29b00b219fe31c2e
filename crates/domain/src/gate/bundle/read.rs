//! Reading a list for gates, line by line.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Bundle, Out};
use crate::ids::{EventId, SaleId, Shard};
use crate::time::Timestamp;

/// The longest list that is read, in bytes: some 500 000 tickets.
pub const TEXT_LENGTH_MAX: usize = 16 * 1_024 * 1_024;

/// The first line of a list.
const FORM: &str = "guichet-gate 1";

/// Why a list cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not a list, or one of a newer form.
    #[error("this is no list for gates, or a newer program made it; update the scanner")]
    UnknownForm,
    /// Too long to be a list.
    #[error("the list is longer than {TEXT_LENGTH_MAX} bytes")]
    TooLong,
    /// A line that cannot be read, counted from 1.
    #[error("line {0} of the list cannot be read; load it again")]
    Line(usize),
}

impl FromStr for Bundle {
    type Err = BundleError;

    fn from_str(text: &str) -> Result<Bundle, BundleError> {
        if text.len() > TEXT_LENGTH_MAX {
            return Err(BundleError::TooLong);
        }
        let mut lines = Lines { lines: text.lines(), number: 0 };
        if lines.next() != Some(FORM) {
            return Err(BundleError::UnknownForm);
        }
        let mut bundle = Bundle {
            shard: Shard(lines.number_of("seller")?),
            event: EventId(lines.number_of("event")?),
            made: lines.moment("made", None)?.unwrap_or_default(),
            since: lines.moment("since", None)?.unwrap_or_default(),
            sequence: lines.moment("sequence", None)?.unwrap_or_default(),
            opens: lines.moment("opens", Some("always"))?,
            closes: lines.moment("closes", Some("never"))?,
            re_entry: lines.said("re-entry")?,
            cancelled: lines.said("cancelled")?,
            out: BTreeMap::new(),
            entered: BTreeMap::new(),
        };
        while let Some(line) = lines.next() {
            let known = bundle.take(line);
            known.ok_or(BundleError::Line(lines.number))?;
        }
        Ok(bundle)
    }
}

impl Bundle {
    fn take(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let (kind, sale, admissions) = (words.next()?, words.next()?, words.next()?);
        let sale = SaleId(sale.parse().ok()?);
        match (kind, admissions) {
            ("out", "all") => drop(self.out.insert(sale, Out::All)),
            ("out", some) => drop(self.out.insert(sale, Out::Some(numbers(some)?))),
            ("in", some) => drop(self.entered.insert(sale, numbers(some)?)),
            _ => return None,
        }
        words.next().is_none().then_some(())
    }
}

fn numbers(text: &str) -> Option<Vec<u16>> {
    if text == "none" {
        return Some(Vec::new());
    }
    text.split(',').map(|number| number.parse().ok()).collect()
}

struct Lines<'t> {
    lines: std::str::Lines<'t>,
    number: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<&'t str> {
        self.number += 1;
        self.lines.next()
    }

    fn value(&mut self, name: &str) -> Result<&'t str, BundleError> {
        let line = self.next();
        let value = line.and_then(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.ok_or(BundleError::Line(self.number))
    }

    fn number_of(&mut self, name: &str) -> Result<u32, BundleError> {
        let value = self.value(name)?;
        value.parse().map_err(|_| BundleError::Line(self.number))
    }

    /// A moment, or the word that says there is none.
    fn moment(&mut self, name: &str, none: Option<&str>) -> Result<Option<Timestamp>, BundleError> {
        let value = self.value(name)?;
        if Some(value) == none {
            return Ok(None);
        }
        let moment = value.parse().map_err(|_| BundleError::Line(self.number))?;
        Ok(Some(Timestamp(moment)))
    }

    fn said(&mut self, name: &str) -> Result<bool, BundleError> {
        match self.value(name)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(BundleError::Line(self.number)),
        }
    }
}
