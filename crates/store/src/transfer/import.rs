//! From a stream to an empty database.

use std::io::{self, BufRead};
use std::sync::Arc;

use domain::ids::Shard;
use domain::record::Kind;
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::export::{contents, seal};
use super::format::{End, FORMAT_VERSION, Header, Line};
use super::input::Input;
use super::intake::Intake;
use super::{Progress, Stage, Totals, TransferError, Watch, is_unfinished};
use crate::alone::refuse_others;
use crate::attachment::{ATTACHMENTS_MAX, Attachment};
use crate::cluster::Cluster;
use crate::engine::Engine;
use crate::error::Fault;
use crate::queries::check::{self, CheckReport};
use crate::snapshot::{Reader, Snapshot};
use crate::store::Backend;

/// How often progress is told, in rows.
const WATCH_ROWS: u64 = 1_000;

/// How many findings an error spells out.
const FINDINGS_SHOWN_MAX: usize = 10;

/// A database that was filled and holds the same as the one it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What the stream said it holds.
    pub sent: Totals,
    /// What was read back.
    pub arrived: Totals,
    /// What the check has counted; it found nothing wrong.
    pub check: CheckReport,
}

/// Fills an empty database from `lines`, which are `length` bytes if that is known; `unpack` gets
/// the small files before anything is written. Until the last commit no store opens the database.
///
/// # Errors
/// [`TransferError`]; a database that was not empty is as it was, and so is one on which others
/// work. One that was empty stays closed.
pub fn import<E: Engine>(
    backend: &mut Backend<E>,
    (lines, length): (&mut dyn BufRead, Option<u64>),
    unpack: impl FnOnce(&[Attachment]) -> io::Result<()>,
    watch: Watch<'_>,
) -> Result<Imported, TransferError> {
    let (reader, cluster) = (Arc::clone(&backend.reader), backend.cluster.as_deref());
    let engine = backend.engines.first_mut().ok_or(Fault::Stopped)?;
    let reader = &*reader;
    refuse_others(cluster)?;
    ask(reader, refuse_full)?;
    let mut input = Input::new(lines);
    let header = input.next()?.to_vec();
    let (at, files) = read_header(&header)?;
    unpack(&files)?;
    let mut intake = begin(engine, backend.lane_first, at, reader, cluster)?;
    let sent = take_in(&mut input, &header, length, &mut intake, watch)?;
    let arrived = ask(reader, |view| contents(view, Stage::Comparing, &mut io::sink(), watch))?;
    refuse_difference(&sent, &arrived)?;
    watch(Progress { stage: Stage::Checking, rows: 0, share: None });
    let check = ask(reader, |view| Ok(check::check(view)?))?;
    if !check.findings.is_empty() {
        let findings = check.findings.into_iter().take(FINDINGS_SHOWN_MAX);
        return Err(TransferError::Differs(findings.collect()));
    }
    intake.finish()?;
    Ok(Imported { sent, arrived, check })
}

/// Marks the database. A node that runs already does not see the mark; one that starts enters the
/// register first and looks for the mark then. So once the mark is stored, whoever may sell here
/// is in the register, and what was sold is in the database. Then the mark is taken back.
fn begin<'a>(
    engine: &'a mut dyn Engine,
    lane: u32,
    at: Timestamp,
    reader: &dyn Reader,
    cluster: Option<&dyn Cluster>,
) -> Result<Intake<'a>, TransferError> {
    let intake = Intake::begin(engine, lane, at)?;
    let alone = refuse_others(cluster).map_err(TransferError::from);
    match alone.and_then(|()| ask(reader, refuse_contents)) {
        Ok(()) => Ok(intake),
        Err(error) => {
            intake.finish()?;
            Err(error)
        }
    }
}

fn ask<T>(
    reader: &dyn Reader,
    mut question: impl FnMut(&dyn Snapshot) -> Result<T, TransferError>,
) -> Result<T, TransferError> {
    let mut answer = Err(Fault::Stopped.into());
    reader.read(&mut |view| answer = question(view))?;
    answer
}

fn refuse_full(view: &dyn Snapshot) -> Result<(), TransferError> {
    if is_unfinished(view)? {
        return Err(TransferError::Unfinished);
    }
    refuse_contents(view)
}

/// Refuses what holds anything but the mark. A row of the house's sequence is nothing: a node
/// that looks whether it can write leaves one.
fn refuse_contents(view: &dyn Snapshot) -> Result<(), TransferError> {
    let mut empty = view.shards()?.iter().all(|shard| *shard == Shard::HOUSE)
        && view.blocks()?.is_empty()
        && view.outbox_length()? == 0;
    for kind in Kind::ALL {
        empty = empty && view.page(*kind, Shard::HOUSE, None, 1)?.is_empty();
    }
    if empty { Ok(()) } else { Err(TransferError::NotEmpty) }
}

fn read_header(line: &[u8]) -> Result<(Timestamp, Vec<Attachment>), TransferError> {
    let header: Header = serde_json::from_slice(line)
        .map_err(|error| TransferError::Foreign(format!("its first line is strange: {error}")))?;
    if header.version > FORMAT_VERSION {
        let problem = format!("its form is {}, known are 1 to {FORMAT_VERSION}", header.version);
        return Err(TransferError::Foreign(problem));
    }
    let files = header.files.into_iter().take(ATTACHMENTS_MAX).map(super::format::FileLine::read);
    let files: Option<Vec<Attachment>> = files.collect();
    let strange = || TransferError::Foreign("a file in it has a strange name".to_owned());
    Ok((header.at, files.ok_or_else(strange)?))
}

/// Takes in everything up to the end, and holds the end against what came.
fn take_in(
    input: &mut Input<'_>,
    header: &[u8],
    length: Option<u64>,
    intake: &mut Intake<'_>,
    watch: Watch<'_>,
) -> Result<Totals, TransferError> {
    let mut digest = Sha256::new();
    let mut rows = 0;
    let end = loop {
        let line: Line<'_> = match serde_json::from_slice(input.next()?) {
            Ok(Line::End(end)) => break end,
            Ok(line) => line,
            Err(error) => return Err(input.broken(error.to_string())),
        };
        let added = intake.add(line);
        added.map_err(|problem| input.broken(problem))?;
        input.digest_into(&mut digest);
        rows += 1;
        if rows % WATCH_ROWS == 0 {
            let share = length.map(|length| share(input.length(), length));
            watch(Progress { stage: Stage::Moving, rows, share });
        }
    };
    intake.flush()?;
    let digest = digest.finalize().into();
    refuse_bad_end(input, header, rows, &end, &digest)?;
    Ok(Totals { rows: end.rows, sums: end.sums, digest })
}

fn refuse_bad_end(
    input: &mut Input<'_>,
    header: &[u8],
    rows: u64,
    end: &End,
    digest: &[u8; 32],
) -> Result<(), TransferError> {
    if end.rows.values().sum::<u64>() != rows {
        return Err(input.broken(format!("{rows} rows came, the end speaks of others")));
    }
    if end.sha256 != seal(header, digest) {
        return Err(input.broken("the digest is another, so something was changed on the way"));
    }
    if input.is_at_end()? { Ok(()) } else { Err(input.broken("something follows the end")) }
}

#[expect(clippy::cast_precision_loss, reason = "it is shown to people")]
fn share(done: u64, total: u64) -> f64 {
    done as f64 / total.max(1) as f64
}

/// Both sides agree when the digests do; counts and sums say where to look when not.
fn refuse_difference(sent: &Totals, arrived: &Totals) -> Result<(), TransferError> {
    if sent == arrived {
        return Ok(());
    }
    let tables = sent.rows.keys().chain(arrived.rows.keys());
    let mut problems: Vec<String> = tables
        .filter(|table| sent.rows.get(*table) != arrived.rows.get(*table))
        .map(|table| {
            let count = |side: &Totals| side.rows.get(table).copied().unwrap_or(0);
            format!("{table}: {} rows were sent, {} arrived.", count(sent), count(arrived))
        })
        .collect();
    problems.dedup();
    if sent.sums != arrived.sums {
        problems.push("The books add up to something else.".to_owned());
    }
    if sent.digest != arrived.digest {
        problems.push("The rows are not the same.".to_owned());
    }
    Err(TransferError::Differs(problems))
}
