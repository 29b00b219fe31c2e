//! Takes a settlement file in.
//!
//! Lines are booked a hundred at a time, each hundred whole or not at all; a line that was booked
//! changes nothing when it comes again. So an import that was cut off is simply repeated. The file
//! itself is written down last, and a file that is written down is not taken in again.

use std::collections::BTreeMap;

use domain::audit::{AuditEvent, AuditNote};
use domain::ids::{SaleId, Shard, TaskId};
use domain::money::Currency;
use domain::settlement::{
    AskMissing, DifferenceKind, Judgement, LINES_MAX, LineKind, LineOutcome, PlacedLine,
    RecordSettlement, SettleLines, SettlementDifference, SettlementFile, SettlementLine,
    SettlementSum,
};
use domain::time::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use store::{Fault, Store, SubmitError};

use super::matching::{Found, Matched, Search};
use super::profile::Format;
use super::read::{Problems, ReadLine, Settlement, read};
use crate::access::audit::note;
use crate::access::users::By;

/// How long a gateway may take to settle a payment before a person is asked, in days.
pub const MISSING_AFTER_DAYS: u16 = 14;

/// The longest such time, in days.
pub const MISSING_AFTER_DAYS_MAX: u16 = 3_650;

/// About how many missing payments a person is asked by one import.
const MISSING_MAX: usize = 100;

/// How many lines of one file may be about payments that nobody knows: more are taken for the file
/// of somebody else.
const UNKNOWN_MAX: usize = 100;

/// A file to take in.
#[derive(Clone, Debug)]
pub struct Import<'a> {
    /// The gateway's name, as organisers choose it.
    pub gateway: &'a str,
    /// How the file is written.
    pub format: Format,
    /// What it is called, for people.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
    /// Nothing is booked and nobody is asked; the report says what would be.
    pub dry_run: bool,
    /// How many days before the last line a payment must have moved to be missed.
    pub missing_after_days: u16,
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something is wrong with it; nothing was booked.
    #[error(transparent)]
    Unreadable(#[from] Problems),
    /// No payment ever went through the gateway.
    #[error("no payment ever went through a gateway {0:?}; nothing was booked")]
    GatewayUnknown(String),
    /// It is about payments of somebody else.
    #[error(
        "{0} lines are about payments that the till does not know, so this looks like the file of \
         another till or gateway; nothing was booked"
    )]
    Foreign(usize),
    /// The store did not take a part of it; importing it again goes on.
    #[error("{0}; import the file again, what was booked is not booked twice")]
    Submit(#[from] SubmitError),
    /// The database cannot be read.
    #[error("{0}; nothing was booked")]
    Fault(#[from] Fault),
}

/// What is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// On which line of the file, from 1.
    pub number: u64,
    /// The line, by which it can be accepted.
    pub hash: u128,
    /// What.
    pub kind: DifferenceKind,
    /// What the line says.
    pub line: SettlementLine,
    /// The order, where the till knows the payment.
    pub sale: Option<SaleId>,
    /// Whose task it is, and its number; `None` on a dry run.
    pub task: Option<(Shard, TaskId)>,
}

/// Lines about no payment, by the gateway's word for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Others {
    /// The word.
    pub kind: String,
    /// The currency's code.
    pub currency: &'static str,
    /// How many.
    pub count: u32,
    /// What they bring to the bank, in minor units.
    pub net: i64,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is written down of it.
    pub file: SettlementFile,
    /// It was taken in before; nothing was done now, and nothing else is told.
    pub repeated: bool,
    /// What a person was asked about, now or by an earlier file, and is not cleared up.
    pub differences: Vec<Difference>,
    /// Lines about no payment.
    pub others: Vec<Others>,
    /// Payments that should have been settled long ago.
    pub missing: usize,
    /// About how many of these a person is asked now.
    pub missing_asked: usize,
}

/// Takes a file in.
///
/// # Errors
/// [`ImportError`]
pub async fn import(
    store: &Store,
    import: &Import<'_>,
    note: AuditNote,
) -> Result<Report, ImportError> {
    let hash = hash_of(import);
    let before = store.read::<SettlementFile>(SettlementFile::key_of(hash)).await?;
    if let Some(file) = before {
        return Ok(Report::new(SettlementFile::clone(&file), true));
    }
    let settlement = read(import.text, import.format)?;
    let matched = search(store, import, &settlement.lines).await?;
    let unknown = matched.found.iter().filter(|found| found.is_none()).count();
    if !matched.gateway_known {
        return Err(ImportError::GatewayUnknown(import.gateway.to_owned()));
    }
    if unknown > UNKNOWN_MAX {
        return Err(ImportError::Foreign(unknown));
    }
    let mut report = Report::new(new_file(hash, import, &note), false);
    report.others = others(&settlement);
    report.file.others = u32::try_from(settlement.others.len()).unwrap_or(u32::MAX);
    report.missing = matched.missing_count;
    let outcomes = match import.dry_run {
        true => foreseen(store, import, &settlement.lines, &matched).await?,
        false => settle(store, import, &settlement.lines, &matched).await?,
    };
    settlement.lines.iter().zip(outcomes).zip(&matched.found).for_each(|((line, told), found)| {
        report.add(import.gateway, line, told, found.as_ref().map(|found| found.sale));
    });
    if !import.dry_run {
        report.missing_asked = ask_missing(store, &matched.missing).await?;
        let file = report.file.clone();
        report.file = (*store.submit(RecordSettlement { file, note }).await?.file).clone();
    }
    Ok(report)
}

/// What the audit tells of a file that the operator at the machine brought.
#[must_use]
pub fn note_of_command_line(detail: &str) -> AuditNote {
    let By { name: by, .. } = By::command_line();
    AuditNote { by, ..note(AuditEvent::SettlementTaken, None, None, detail) }
}

fn hash_of(import: &Import<'_>) -> u128 {
    let mut hasher = Sha256::new();
    hasher.update(import.gateway);
    hasher.update([0]);
    hasher.update(import.text);
    let hash = hasher.finalize();
    u128::from_be_bytes(std::array::from_fn(|index| hash[index]))
}

fn new_file(hash: u128, import: &Import<'_>, note: &AuditNote) -> SettlementFile {
    SettlementFile {
        hash,
        gateway: import.gateway.to_owned(),
        format: import.format.name().to_owned(),
        name: import.name.to_owned(),
        at: Timestamp::default(),
        by: note.by.clone(),
        settled: 0,
        repeated: 0,
        differences: 0,
        others: 0,
        sums: Vec::new(),
    }
}

async fn search(store: &Store, import: &Import<'_>, lines: &[ReadLine]) -> Result<Matched, Fault> {
    let last = lines.iter().filter_map(|line| line.day).max();
    let search = Search {
        gateway: import.gateway,
        lines,
        missing_before: last.and_then(|last| days_before(last, import.missing_after_days)),
        missing_max: MISSING_MAX,
    };
    search.run(store).await
}

fn days_before(day: Date, days: u16) -> Option<Timestamp> {
    let start = day.checked_sub(i64::from(days).days()).ok()?;
    let zoned = start.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_microsecond()))
}

/// What became of a line, and whose payment it is about.
type Placed = (Shard, Option<LineOutcome>);

/// Books the lines, seller by seller; the outcomes are in the order of the lines.
async fn settle(
    store: &Store,
    import: &Import<'_>,
    lines: &[ReadLine],
    matched: &Matched,
) -> Result<Vec<Placed>, SubmitError> {
    let mut by_shard: BTreeMap<Shard, Vec<usize>> = BTreeMap::new();
    for (index, found) in matched.found.iter().enumerate() {
        by_shard.entry(shard_of(found.as_ref())).or_default().push(index);
    }
    let mut outcomes: Vec<Placed> = lines.iter().map(|_| (Shard::HOUSE, None)).collect();
    for (shard, indexes) in by_shard {
        for chunk in indexes.chunks(LINES_MAX) {
            let placed = chunk.iter().map(|index| PlacedLine {
                line: lines[*index].line.clone(),
                payment: matched.found[*index].as_ref().map(|found| (found.sale, found.attempt)),
            });
            let (gateway, lines) = (import.gateway.to_owned(), placed.collect());
            let told = store.submit(SettleLines { shard, gateway, lines }).await?;
            for (index, outcome) in chunk.iter().zip(told) {
                outcomes[*index] = (shard, Some(outcome));
            }
        }
    }
    Ok(outcomes)
}

fn shard_of(found: Option<&Found>) -> Shard {
    found.map_or(Shard::HOUSE, |found| found.shard)
}

/// What [`settle`] would say, as things are now.
async fn foreseen(
    store: &Store,
    import: &Import<'_>,
    lines: &[ReadLine],
    matched: &Matched,
) -> Result<Vec<Placed>, Fault> {
    let hash = |line: &ReadLine| line.line.hash(import.gateway);
    let keys = lines.iter().map(|line| SettlementDifference::key_of(hash(line))).collect();
    let known = store.read_all::<SettlementDifference>(keys).await?;
    let known: BTreeMap<u128, _> = known.iter().map(|it| (it.hash, it)).collect();
    let foresee = |(line, found): (&ReadLine, &Option<Found>)| {
        let judgement = found.as_ref().map(|found| &found.judgement);
        let outcome = match judgement {
            Some(Judgement::Settles) => Some(LineOutcome::Settled),
            Some(Judgement::Repeats) => Some(LineOutcome::Repeated),
            _ => known.get(&hash(line)).map(|it| LineOutcome::StillDiffers(it.kind, it.task)),
        };
        let kind = match judgement {
            Some(Judgement::Differs(kind, _)) => *kind,
            _ => DifferenceKind::UnknownPayment,
        };
        let outcome = outcome.unwrap_or(LineOutcome::Differs(kind, TaskId(0)));
        (shard_of(found.as_ref()), Some(outcome))
    };
    Ok(lines.iter().zip(&matched.found).map(foresee).collect())
}

async fn ask_missing(
    store: &Store,
    missing: &BTreeMap<Shard, Vec<(SaleId, u8)>>,
) -> Result<usize, SubmitError> {
    let mut asked = 0;
    for (shard, payments) in missing {
        for chunk in payments.chunks(LINES_MAX) {
            let (shard, payments) = (*shard, chunk.to_vec());
            asked += store.submit(AskMissing { shard, payments }).await?.len();
        }
    }
    Ok(asked)
}

fn others(settlement: &Settlement) -> Vec<Others> {
    let mut sums: BTreeMap<(&str, &'static str), (u32, i64)> = BTreeMap::new();
    for other in &settlement.others {
        let (count, net) = sums.entry((&other.kind, other.currency.code())).or_default();
        (*count, *net) = (*count + 1, net.saturating_add(other.net));
    }
    let row = |((kind, currency), (count, net)): ((&str, &'static str), (u32, i64))| Others {
        kind: kind.to_owned(),
        currency,
        count,
        net,
    };
    sums.into_iter().map(row).collect()
}

impl Report {
    fn new(file: SettlementFile, repeated: bool) -> Report {
        let (differences, others) = (Vec::new(), Vec::new());
        Report { file, repeated, differences, others, missing: 0, missing_asked: 0 }
    }

    fn add(
        &mut self,
        gateway: &str,
        read: &ReadLine,
        (shard, outcome): Placed,
        sale: Option<SaleId>,
    ) {
        let (kind, task) = match outcome {
            Some(LineOutcome::Settled) => {
                self.file.settled += 1;
                return self.sum(&read.line);
            }
            Some(LineOutcome::Differs(kind, task) | LineOutcome::StillDiffers(kind, task)) => {
                (kind, task)
            }
            Some(LineOutcome::Repeated) | None => {
                self.file.repeated += 1;
                return;
            }
        };
        self.file.differences += 1;
        self.differences.push(Difference {
            number: read.number,
            hash: read.line.hash(gateway),
            kind,
            line: read.line.clone(),
            sale,
            task: Some((shard, task)).filter(|(_, task)| task.0 != 0),
        });
    }

    fn sum(&mut self, line: &SettlementLine) {
        let sum = sum_of(&mut self.file.sums, line.currency);
        let part = if line.kind == LineKind::Charge { &mut sum.charges } else { &mut sum.refunds };
        *part = part.saturating_add(line.amount);
        sum.fees = sum.fees.saturating_add(line.fee);
    }
}

fn sum_of(sums: &mut Vec<SettlementSum>, currency: Currency) -> &mut SettlementSum {
    let code = currency.code();
    let index = sums.iter().position(|sum| sum.currency == code).unwrap_or_else(|| {
        sums.push(SettlementSum { currency: code.to_owned(), ..SettlementSum::default() });
        sums.len() - 1
    });
    &mut sums[index]
}
