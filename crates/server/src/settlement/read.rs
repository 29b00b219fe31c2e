//! From a file to lines. A file is read whole or not at all.

use std::collections::HashMap;
use std::fmt::Write as _;

use domain::money::Currency;
use domain::settlement::{LineKind, SettlementLine};
use gateway::masking::mask_card_numbers;
use jiff::civil::Date;

use super::FILE_LENGTH_MAX;
use super::amount::{Mark, minor_units};
use super::day::day;
use super::profile::{Format, Profile};
use super::table::{Row, Table};

/// How many problems of a file are told.
const PROBLEMS_MAX: usize = 20;

/// The longest name of a line, a payment or a transfer, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// Something wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// On which line, from 1; 0 for the whole file.
    pub line: u64,
    /// What.
    pub text: String,
}

/// What is wrong with a file, at most so much that a person can read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        for Problem { line, text: what } in &self.0 {
            let place = if *line == 0 { "the file".to_owned() } else { format!("line {line}") };
            write!(text, "{}{place}: {what}", if text.is_empty() { "" } else { "; " })?;
        }
        write!(f, "nothing was booked: {text}")
    }
}

impl Problems {
    pub(super) fn add(&mut self, line: u64, text: &str) {
        if !self.is_full() {
            self.0.push(Problem { line, text: text.to_owned() });
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= PROBLEMS_MAX
    }
}

/// A line about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// Where it stands in the file, from 1.
    pub number: u64,
    /// What it says.
    pub line: SettlementLine,
    /// What it calls the payment, best first.
    pub names: Vec<String>,
    /// Of which day it is.
    pub day: Option<Date>,
}

/// A line about no payment: a transfer to the bank, a fee of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherLine {
    /// The gateway's word for it.
    pub kind: String,
    /// What it brings to the bank, in minor units.
    pub net: i64,
    /// The currency.
    pub currency: Currency,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Lines about payments, in their order.
    pub lines: Vec<ReadLine>,
    /// Lines about no payment.
    pub others: Vec<OtherLine>,
}

/// The text of a file: UTF-8, or the older writing of one byte a letter.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

/// Reads a file.
///
/// # Errors
/// [`Problems`]: what is wrong, and on which line.
pub fn read(text: &str, format: Format) -> Result<Settlement, Problems> {
    let mut problems = Problems::default();
    if text.len() > FILE_LENGTH_MAX {
        problems.add(0, &format!("it may have {FILE_LENGTH_MAX} bytes at most"));
        return Err(problems);
    }
    let Some(table) = Table::read(text, &mut problems) else { return Err(problems) };
    let Some(reader) = LineReader::new(&table, format, &mut problems) else {
        return Err(problems);
    };
    let mut settlement = Settlement::default();
    let mut seen = HashMap::new();
    for row in &table.rows {
        match reader.line(row) {
            Ok(Read::Other(other)) => settlement.others.push(other),
            Ok(Read::Line(line)) => {
                if let Some(first) = seen.insert(line.line.identity.clone(), row.line) {
                    problems.add(row.line, &format!("it has the same name as line {first}"));
                }
                settlement.lines.push(line);
            }
            Err(text) => problems.add(row.line, &text),
        }
    }
    if problems.0.is_empty() { Ok(settlement) } else { Err(problems) }
}

enum Read {
    Line(ReadLine),
    Other(OtherLine),
}

/// Where the columns of a profile are in one file.
struct LineReader {
    profile: &'static Profile,
    mark: Mark,
    identity: Option<usize>,
    kind: Option<usize>,
    names: Vec<usize>,
    amount: Option<usize>,
    fee: Option<usize>,
    net: Option<usize>,
    currency: Option<usize>,
    day: Option<usize>,
    payout: Option<usize>,
}

/// What a line moves, in minor units.
struct Sums {
    gross: i64,
    fee: i64,
}

impl LineReader {
    fn new(table: &Table, format: Format, problems: &mut Problems) -> Option<LineReader> {
        let profile = format.profile();
        let reader = LineReader {
            profile,
            // Where semicolons stand between cells, the comma is needed for decimals.
            mark: if table.separator == b';' { Mark::Comma } else { Mark::Point },
            identity: table.column(profile.identity),
            kind: table.column(profile.kind),
            names: table.all(profile.names),
            amount: table.column(profile.amount),
            fee: table.column(profile.fee),
            net: table.column(profile.net),
            currency: table.column(profile.currency),
            day: table.column(profile.day),
            payout: table.column(profile.payout),
        };
        let mut miss = |is_there: bool, names: &[&str]| {
            if !is_there {
                problems.add(1, &format!("there is no column {}", names.join(" or ")));
            }
        };
        miss(reader.amount.is_some(), profile.amount);
        miss(!reader.names.is_empty(), profile.names);
        miss(reader.identity.is_some(), profile.identity);
        let has_currency = reader.currency.is_some() || profile.currency_default.is_some();
        miss(has_currency, profile.currency);
        problems.0.is_empty().then_some(reader)
    }

    fn line(&self, row: &Row) -> Result<Read, String> {
        let currency = self.currency(row)?;
        let sums = self.sums(row, currency)?;
        let word = row.cell(self.kind);
        // A card that was only checked moves nothing.
        let kind = self.kind(word, sums.gross).filter(|_| sums.gross != 0);
        let Some(kind) = kind else {
            let (kind, net) = (named(word)?, sums.gross - sums.fee);
            return Ok(Read::Other(OtherLine { kind, net, currency }));
        };
        if kind == LineKind::Charge && sums.gross < 0 {
            return Err("a charge is below zero".into());
        }
        let names = self.names(row)?;
        let day = match row.cell(self.day) {
            "" => None,
            text => Some(day(text).ok_or_else(|| format!("{text:?} is no day"))?),
        };
        let payout = Some(named(row.cell(self.payout))?).filter(|payout| !payout.is_empty());
        let line = SettlementLine {
            identity: self.identity(row, kind)?,
            kind,
            amount: sums.gross.abs(),
            fee: sums.fee,
            currency,
            reference: shown(names.first().map_or("", String::as_str)),
            payout: payout.map(|payout| shown(&payout)),
        };
        Ok(Read::Line(ReadLine { number: row.line, line, names, day }))
    }

    fn currency(&self, row: &Row) -> Result<Currency, String> {
        let text = match row.cell(self.currency) {
            "" => self.profile.currency_default.unwrap_or(""),
            text => text,
        };
        Currency::parse(text).ok_or_else(|| format!("{text:?} is no currency"))
    }

    /// Gateways differ in the sign of what they keep; the net tells which is meant.
    fn sums(&self, row: &Row, currency: Currency) -> Result<Sums, String> {
        let amount = |text| minor_units(text, self.mark, currency);
        let gross = amount(row.cell(self.amount))?;
        let fee = match row.cell(self.fee) {
            "" => 0,
            text => amount(text)?,
        };
        let net = match row.cell(self.net) {
            "" => return Ok(Sums { gross, fee }),
            text => amount(text)?,
        };
        match net {
            net if net == gross - fee => Ok(Sums { gross, fee }),
            net if net == gross + fee => Ok(Sums { gross, fee: -fee }),
            _ => Err("amount, fee and net do not add up".into()),
        }
    }

    /// Without a column for it, the sign says whether money came or went back.
    fn kind(&self, word: &str, gross: i64) -> Option<LineKind> {
        if self.kind.is_none() {
            return Some(if gross < 0 { LineKind::Refund } else { LineKind::Charge });
        }
        let word = word.to_lowercase();
        let known = self.profile.kinds.iter().find(|(known, _)| *known == word);
        known.map(|(_, kind)| match kind {
            LineKind::Chargeback if gross > 0 => LineKind::ChargebackReversal,
            kind => *kind,
        })
    }

    fn names(&self, row: &Row) -> Result<Vec<String>, String> {
        let cells = self.names.iter().map(|column| row.cell(Some(*column)));
        let names: Vec<String> =
            cells.filter(|it| !it.is_empty()).map(named).collect::<Result<_, _>>()?;
        if names.is_empty() {
            return Err("it names no payment".into());
        }
        Ok(names)
    }

    /// A charge and its refund may share a number. What looks like a card number is not kept, and
    /// two such must not become one, so a hash stands for it.
    fn identity(&self, row: &Row, kind: LineKind) -> Result<String, String> {
        let name = named(row.cell(self.identity))?;
        if name.is_empty() {
            return Err("the line has no name of its own".into());
        }
        let letter = match kind {
            LineKind::Charge => 'c',
            LineKind::Refund => 'r',
            LineKind::Chargeback | LineKind::ChargebackReversal => 'd',
        };
        let is_safe = mask_card_numbers(&name) == name;
        let hash = || format!("{:032x}", domain::record::word("settlement line name", &name));
        let name = if is_safe { name.clone() } else { hash() };
        Ok(format!("{name}/{letter}"))
    }
}

/// A name as it is in the file.
fn named(text: &str) -> Result<String, String> {
    let is_odd = text.chars().any(char::is_control) || text.chars().count() > NAME_LENGTH_MAX;
    if is_odd {
        return Err(format!("a name is longer than {NAME_LENGTH_MAX} characters, or odd"));
    }
    Ok(text.to_owned())
}

/// A name as it is kept.
fn shown(name: &str) -> String {
    mask_card_numbers(name).into_owned()
}
