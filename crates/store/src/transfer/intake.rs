//! What comes in, written in commits of bounded size, each for one shard.

use domain::effect::Owed;
use domain::ids::Shard;
use domain::record::Record;
use domain::time::Timestamp;

use super::UNFINISHED;
use super::format::Line;
use crate::changes::{Before, Changes, RecordChange, ShardChange, due_of, found_of, sum_legs};
use crate::engine::{Engine, EngineError};

/// Rows in one commit: enough that the disk's sync costs little, few enough for a few megabytes.
const CHUNK_ROWS_MAX: usize = 4_000;

/// A database that is being filled.
pub(super) struct Intake<'a> {
    engine: &'a mut dyn Engine,
    lane: u32,
    batch: u64,
    at: Timestamp,
    /// Whose rows are waiting, which, and how many.
    shard: Shard,
    changes: Changes,
    seller: Option<std::sync::Arc<domain::seller::Seller>>,
    waiting: usize,
}

impl<'a> Intake<'a> {
    /// Marks the database as unfinished before anything else is written.
    pub(super) fn begin(
        engine: &'a mut dyn Engine,
        lane: u32,
        at: Timestamp,
    ) -> Result<Intake<'a>, EngineError> {
        let batch = engine.lane_batch(lane, &[])?;
        let (shard, changes) = (Shard::HOUSE, Changes::default());
        let mut intake =
            Intake { engine, lane, batch, at, shard, changes, seller: None, waiting: 0 };
        intake.changes.due_added.push(UNFINISHED);
        intake.flush()?;
        Ok(intake)
    }

    /// Adds one line. What is derived, and the end, are nothing to write.
    pub(super) fn add(&mut self, line: Line<'_>) -> Result<(), String> {
        match line {
            Line::Block(line) => {
                self.turn_to(Shard::HOUSE)?;
                self.changes.blocks.push((line.kind, line.block, line.shard));
            }
            Line::Record(line) => self.add_record(line.read()?)?,
            Line::Posting(posting) => {
                self.turn_to(posting.shard)?;
                self.changes.postings.push(posting);
            }
            Line::Owed(line) => {
                self.turn_to(line.shard)?;
                let owed = Owed { shard: line.shard, id: line.id, effect: line.effect };
                self.changes.owed.push(owed);
            }
            Line::Due(_) | Line::Balance(_) | Line::End(_) => return Ok(()),
        }
        self.waiting += 1;
        Ok(())
    }

    fn add_record(&mut self, record: Record) -> Result<(), String> {
        let key = record.key();
        self.turn_to(key.shard)?;
        self.changes.due_added.extend(due_of(&record));
        self.changes.found_added.extend(found_of(&record));
        match record {
            Record::Seller(seller) => self.seller = Some(seller),
            after => {
                self.changes.records.push(RecordChange { key, before: Before::Absent, after });
            }
        }
        Ok(())
    }

    /// Commits what is waiting if it is another shard's or has become much.
    fn turn_to(&mut self, shard: Shard) -> Result<(), String> {
        if shard != self.shard || self.waiting >= CHUNK_ROWS_MAX {
            self.flush().map_err(|error| error.to_string())?;
            self.shard = shard;
        }
        Ok(())
    }

    /// Commits what is waiting.
    pub(super) fn flush(&mut self) -> Result<(), EngineError> {
        let written = self.write();
        if written.is_err() {
            self.engine.rollback();
        }
        written?;
        self.engine.tidy()
    }

    fn write(&mut self) -> Result<(), EngineError> {
        let mut changes = std::mem::take(&mut self.changes);
        self.waiting = 0;
        self.batch += 1;
        (changes.lane, changes.batch, changes.at) = (self.lane, self.batch, self.at);
        changes.records.sort_unstable_by_key(|change| (change.key.kind, change.key));
        changes.balances = sum_legs(&changes.postings)?;
        let begun = self.engine.begin(&[self.shard])?;
        let sequence = begun.sequences.first().map_or(1, |sequence| sequence + 1);
        let seller = self.seller.take();
        changes.shards = vec![ShardChange { shard: self.shard, sequence, seller }];
        self.engine.write(&changes)?;
        self.engine.commit()
    }

    /// Takes the mark away: from now on the database may be opened.
    pub(super) fn finish(mut self) -> Result<(), EngineError> {
        self.shard = UNFINISHED.shard;
        self.changes.due_removed.push(UNFINISHED);
        self.flush()
    }
}
