//! From a database to a stream.

use std::borrow::Cow;
use std::io::{self, Write};

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::record::{Kind, Record};
use domain::time::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::format::{
    BalanceLine, BlockLine, DueLine, End, FORMAT_VERSION, FileLine, Header, Line, OwedLine,
    RecordLine, table_of, to_hex,
};
use super::{Progress, Stage, Totals, TransferError, UNFINISHED, Watch, is_unfinished};
use crate::alone::refuse_others;
use crate::attachment::Attachment;
use crate::cluster::Cluster;
use crate::error::Fault;
use crate::queries::PAGE_ROWS_MAX;
use crate::snapshot::{Reader, Snapshot};
use crate::sums::Sums;

/// Writes everything in a database to `out`, with `files` in the header. `at` is the latest moment
/// at which anything was decided.
///
/// What is written is one view of the database, but what others sold behind its back would be
/// missing where it arrives. So no other node may live, neither before the view is opened nor
/// when all is read; then the stream gets no end.
///
/// # Errors
/// [`TransferError::Unfinished`], [`TransferError::NotAlone`], [`TransferError::Io`];
/// [`TransferError::Fault`] for a row that cannot be read, too.
pub fn export(
    (reader, cluster): (&dyn Reader, Option<&dyn Cluster>),
    at: Timestamp,
    files: &[Attachment],
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<Totals, TransferError> {
    refuse_others(cluster)?;
    let mut written = Err(Fault::Stopped.into());
    reader.read(&mut |view| written = write_all(view, cluster, at, files, out, watch))?;
    written
}

fn write_all(
    view: &dyn Snapshot,
    cluster: Option<&dyn Cluster>,
    at: Timestamp,
    files: &[Attachment],
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<Totals, TransferError> {
    if is_unfinished(view)? {
        return Err(TransferError::Unfinished);
    }
    let files = files.iter().map(FileLine::of).collect();
    let mut header = Vec::new();
    write_line(&mut header, &Header { version: FORMAT_VERSION, at, files })?;
    out.write_all(&header)?;
    let totals = contents(view, Stage::Moving, out, watch)?;
    refuse_others(cluster)?;
    let end = End {
        rows: totals.rows.clone(),
        sums: totals.sums.clone(),
        sha256: seal(&header, &totals.digest),
    };
    let mut last = Vec::new();
    write_line(&mut last, &Line::End(end))?;
    out.write_all(&last)?;
    out.flush()?;
    Ok(totals)
}

/// What the end says of the header and of what is between.
pub(super) fn seal(header: &[u8], digest: &[u8; 32]) -> String {
    to_hex(&Sha256::new().chain_update(header).chain_update(digest).finalize())
}

fn write_line(line: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *line, value)?;
    line.push(b'\n');
    Ok(())
}

/// Writes what is between header and end.
pub(super) fn contents(
    view: &dyn Snapshot,
    stage: Stage,
    out: &mut dyn Write,
    watch: Watch<'_>,
) -> Result<Totals, TransferError> {
    let blocks = view.blocks()?;
    let sales = blocks.iter().filter(|block| block.0 == NumberKind::Sale).count();
    let mut writer = Writer {
        out,
        digest: Sha256::new(),
        totals: Totals::default(),
        sums: Sums::default(),
        line: Vec::new(),
        progress: Progress { stage, rows: 0, share: Some(0.0) },
        sale_blocks: sales,
        sale_blocks_seen: 0,
        watch,
    };
    for (kind, block, shard) in blocks {
        writer.put("id_block", &Line::Block(BlockLine { kind, block, shard }))?;
    }
    for shard in view.shards()? {
        writer.shard(view, shard)?;
    }
    writer.owed(view)?;
    let Writer { mut totals, sums, digest, .. } = writer;
    totals.sums = sums.finish();
    totals.digest = digest.finalize().into();
    Ok(totals)
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    digest: Sha256,
    totals: Totals,
    sums: Sums,
    line: Vec<u8>,
    progress: Progress,
    /// Sales are most of it, and their claimed blocks of numbers are known before.
    sale_blocks: usize,
    sale_blocks_seen: usize,
    watch: Watch<'a>,
}

impl Writer<'_> {
    fn put(&mut self, table: &str, line: &Line<'_>) -> Result<(), TransferError> {
        self.line.clear();
        write_line(&mut self.line, line)?;
        self.digest.update(&self.line);
        self.out.write_all(&self.line)?;
        match self.totals.rows.get_mut(table) {
            Some(count) => *count += 1,
            None => drop(self.totals.rows.insert(table.to_owned(), 1)),
        }
        self.progress.rows += 1;
        Ok(())
    }

    fn shard(&mut self, view: &dyn Snapshot, shard: Shard) -> Result<(), TransferError> {
        for kind in Kind::ALL {
            match kind {
                Kind::Sale => self.sales(view, shard)?,
                kind => self.records(view, shard, *kind)?,
            }
        }
        let mut due = view.due_of(shard)?;
        due.retain(|due| *due != UNFINISHED);
        due.sort_unstable();
        for due in due {
            let (at, table) = (due.at, Cow::Borrowed(table_of(due.kind)));
            self.put("due", &Line::Due(DueLine { shard, at, table, number: due.number }))?;
        }
        self.balances(view, shard)
    }

    fn records(
        &mut self,
        view: &dyn Snapshot,
        shard: Shard,
        kind: Kind,
    ) -> Result<(), TransferError> {
        let mut after: Option<Key> = None;
        loop {
            let page = view.page(kind, shard, after.as_ref(), PAGE_ROWS_MAX)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.key);
            for row in page {
                self.record(&row.record?)?;
            }
            (self.watch)(self.progress);
        }
    }

    fn record(&mut self, record: &Record) -> Result<(), TransferError> {
        let line = RecordLine::of(record).map_err(Fault::Unreadable)?;
        self.put(table_of(record.key().kind), &Line::Record(line))
    }

    /// Page by page, with the postings of each; those without a sale come along too.
    fn sales(&mut self, view: &dyn Snapshot, shard: Shard) -> Result<(), TransferError> {
        let mut after: Option<Key> = None;
        let mut first = 0;
        loop {
            let page = view.page(Kind::Sale, shard, after.as_ref(), PAGE_ROWS_MAX)?;
            let Some(last) = page.last() else { break };
            let last = last.key;
            for row in page {
                self.saw_number(row.key.number, after.map(|key| key.number));
                after = Some(row.key);
                self.record(&row.record?)?;
            }
            self.postings(view, shard, first, last.number)?;
            first = last.number.saturating_add(1);
            (self.watch)(self.progress);
        }
        self.postings(view, shard, first, u32::MAX)
    }

    fn saw_number(&mut self, number: u32, before: Option<u32>) {
        let block = |number| number / NUMBER_BLOCK_SIZE;
        if before.map(block) != Some(block(number)) {
            let seen = u32::try_from(self.sale_blocks_seen).unwrap_or(u32::MAX);
            let all = u32::try_from(self.sale_blocks.max(1)).unwrap_or(u32::MAX);
            self.progress.share = Some(f64::from(seen) / f64::from(all));
            self.sale_blocks_seen += 1;
        }
    }

    fn postings(
        &mut self,
        view: &dyn Snapshot,
        shard: Shard,
        first: u32,
        last: u32,
    ) -> Result<(), TransferError> {
        for posting in view.postings(shard, SaleId(first), SaleId(last))? {
            self.put("posting", &Line::Posting(posting))?;
        }
        Ok(())
    }

    /// In the order of their names, which engines sort differently.
    fn balances(&mut self, view: &dyn Snapshot, shard: Shard) -> Result<(), TransferError> {
        let rows = view.balances(shard)?.into_iter();
        let mut rows: Vec<_> =
            rows.map(|row| (row.account.to_string(), row.currency, row.amount)).collect();
        rows.sort_unstable();
        for (account, currency, amount) in rows {
            self.sums.add(&account, &currency, amount);
            let (account, currency) = (Cow::Owned(account), Cow::Owned(currency));
            let line = BalanceLine { shard, account, currency, amount };
            self.put("balance", &Line::Balance(line))?;
        }
        Ok(())
    }

    /// All of them at once: an effect is short, and owed only while somebody is being told.
    fn owed(&mut self, view: &dyn Snapshot) -> Result<(), TransferError> {
        let mut outbox = view.outbox(None, u32::MAX)?;
        outbox.sort_unstable_by_key(|owed| (owed.shard, owed.id));
        for owed in outbox {
            let line = OwedLine { shard: owed.shard, id: owed.id, effect: owed.effect };
            self.put("outbox", &Line::Owed(line))?;
        }
        Ok(())
    }
}
