//! One batch over one engine: lock, decide, write, commit, answer. Plain, synchronous code
//! without a thread or a clock, so that a simulator can drive it.
//!
//! A command that looks at something not in memory stops the batch: what it and the commands
//! behind it miss is loaded, and the batch goes on *from that command*. The commands before it
//! were decided on complete facts, so deciding them again would only give the same; this also
//! fixes the place in the order at which a block of numbers is claimed. Hence the law: a batch
//! does what its commands do one by one on an empty cache.

use std::cmp::Ordering;
use std::sync::Arc;

use domain::facts::{Facts, Key, Missing, Shards};
use domain::ids::{NumberKind, Shard};
use domain::seller;
use domain::time::Timestamp;

use crate::cache::Cache;
use crate::changes::Changes;
use crate::engine::{Engine, EngineError};
use crate::error::Fault;
use crate::job::{Job, Ran, Step};
use crate::options::Options;
use crate::statistics::{Counters, add};

/// The most commands in one batch.
pub const BATCH_MAX: usize = 256;

/// How often one batch stops to load what it missed; then it commits what is decided, and the
/// command that still misses something leads the next batch.
pub const MISS_ROUNDS_MAX: usize = 8;

/// How often the first command of a batch may miss something before it counts as broken: once
/// for each aggregate it may change, and as often again for those it only looks at.
const LEADER_ROUNDS_MAX: usize = 2 * domain::facts::COMMAND_RECORDS_MAX;

/// How many blocks of numbers one command may use up.
const COMMAND_CLAIMS_MAX: usize = 2 * NumberKind::ALL.len();

/// How often a batch whose connection broke is tried before its callers hear of it.
const TRIES_MAX: usize = 3;

/// How often a batch that the database puts off is tried.
const CONFLICT_TRIES_MAX: usize = 10;

/// What runs in a lane.
pub type Jobs = Vec<Box<dyn Job>>;

/// Appends jobs that need only these shards.
pub type More<'a> = dyn FnMut(&[Shard], &mut Jobs) + 'a;

/// A lane without its thread: an engine, what is known of its facts, and the number of the
/// batch.
pub struct Core<E> {
    engine: E,
    lane: u32,
    batch: u64,
    /// The latest moment a batch was decided at: the time of the rules never runs backwards.
    latest: Timestamp,
    cache: Cache,
    counters: Arc<Counters>,
}

/// What the commands decided so far.
#[derive(Default)]
struct Decided {
    step: Step,
    /// How many commands, from the first.
    count: usize,
    /// Whether any of them is told something that rests on what is stored.
    relies: bool,
}

/// What a batch wants to write, and whom it may then answer.
struct Prepared {
    /// `None` when there is nothing to write.
    changes: Option<Changes>,
    count: usize,
    relies: bool,
}

impl<E: Engine> Core<E> {
    /// A core for `lane` over `engine` that keeps at most `cache_entries_max` cold aggregates.
    ///
    /// # Errors
    /// [`EngineError`] when the lane's own row cannot be read.
    pub fn new(engine: E, lane: u32, cache_entries_max: usize) -> Result<Core<E>, EngineError> {
        let options = Options { cache_entries_max, ..Options::default() };
        Core::counting(engine, lane, &options, Arc::default())
    }

    pub(crate) fn counting(
        mut engine: E,
        lane: u32,
        options: &Options,
        counters: Arc<Counters>,
    ) -> Result<Core<E>, EngineError> {
        let batch = engine.lane_batch(lane, &[])?;
        let latest = if options.clock_accepted { None } else { engine.last_moment()? };
        let latest = latest.unwrap_or(Timestamp(0));
        counters.saw_moment(latest);
        let cache = Cache::new(options.cache_entries_max);
        Ok(Core { engine, lane, batch, latest, cache, counters })
    }

    /// The engine, for housekeeping between batches.
    pub fn engine(&mut self) -> &mut E {
        &mut self.engine
    }

    /// Forgets every fact in memory. Nothing depends on it but time.
    pub fn forget_everything(&mut self) {
        self.cache.forget_everything();
    }

    /// Runs the jobs in their order as one batch at the moment `now`, answers them once that is
    /// durable, and returns those that must lead the next batch (in their order; seldom any).
    #[must_use]
    pub fn run(&mut self, jobs: Jobs, now: Timestamp) -> Jobs {
        self.run_with(jobs, now, &mut |_, _| {})
    }

    /// The same; once the locks are held, `more` may append jobs that need no other shards. What
    /// came in while another node held the lock need not wait for the next turn.
    #[must_use]
    pub fn run_with(&mut self, mut jobs: Jobs, now: Timestamp, more: &mut More<'_>) -> Jobs {
        add(&self.counters.batches, 1);
        let result = self.run_to_commit(&mut jobs, now, more);
        self.cache.end();
        self.counters
            .cache_entries
            .store(self.cache.len() as u64, std::sync::atomic::Ordering::Relaxed);
        match result {
            Ok(count) => {
                let later = jobs.split_off(count);
                self.answer(jobs);
                later
            }
            Err(error) if error.has_culprit() && jobs.len() > 1 => {
                tracing::warn!(%error, "a batch failed; its commands are run one at a time");
                jobs.into_iter().flat_map(|job| self.run(vec![job], now)).collect()
            }
            Err(error) => {
                tracing::error!(%error, commands = jobs.len(), "a batch failed");
                if !error.has_culprit() {
                    self.counters.set_fault(Some(error.to_string()));
                }
                jobs.iter_mut().for_each(|job| job.fail(Fault::from(error.clone())));
                self.answer(jobs);
                Jobs::new()
            }
        }
    }

    pub(crate) fn answer(&mut self, jobs: Jobs) {
        add(&self.counters.commands, jobs.len());
        jobs.into_iter().for_each(Job::answer);
    }

    fn run_to_commit(
        &mut self,
        jobs: &mut Jobs,
        now: Timestamp,
        more: &mut More<'_>,
    ) -> Result<usize, EngineError> {
        let shards = shards_of(jobs);
        let (mut tries, mut commit_failed) = (0, false);
        loop {
            tries += 1;
            match self.try_once(&shards, jobs, now, more, &mut commit_failed) {
                Err(EngineError::Lost(reason)) if tries < TRIES_MAX => {
                    tracing::warn!(reason, "the connection was lost; the batch runs again");
                    self.reopen()?;
                }
                Err(EngineError::Conflict(reason)) if tries < CONFLICT_TRIES_MAX => {
                    tracing::info!(reason, "the database put the batch off; it runs again");
                }
                // A commit whose sync has failed is none now, and may be one after a crash.
                Err(error) if commit_failed && !error.has_culprit() => {
                    return Err(EngineError::Unknown(error.to_string()));
                }
                result => return result,
            }
        }
    }

    fn try_once(
        &mut self,
        shards: &[Shard],
        jobs: &mut Jobs,
        now: Timestamp,
        more: &mut More<'_>,
        commit_failed: &mut bool,
    ) -> Result<usize, EngineError> {
        let begun = self.engine.begin(shards)?;
        more(shards, jobs);
        let now = self.moment(begun.now.unwrap_or(now));
        let sequences: Vec<_> = shards.iter().copied().zip(begun.sequences).collect();
        #[cfg(feature = "planted-bugs")]
        self.cache.plant(self.lane, &sequences);
        self.cache.begin(&sequences);
        let prepared = self.prepare(&sequences, jobs, now);
        let Prepared { changes, count, relies } = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                self.engine.rollback();
                return Err(error);
            }
        };
        #[cfg(feature = "planted-bugs")]
        let count = self.answer_too_early(jobs, count);
        match changes {
            Some(changes) => self.commit(shards, changes, commit_failed)?,
            // What is read may not have reached another server's copy; a commit waits for it.
            None if relies => self.engine.commit()?,
            None => self.engine.rollback(),
        }
        Ok(count)
    }

    fn commit(
        &mut self,
        shards: &[Shard],
        changes: Changes,
        failed: &mut bool,
    ) -> Result<(), EngineError> {
        match self.engine.commit() {
            Ok(()) => {}
            Err(unknown @ EngineError::Unknown(_)) => return Err(unknown),
            Err(problem) => {
                *failed = true;
                self.find_out(shards, changes.batch, &problem)?;
            }
        }
        self.counters.set_fault(None);
        add(&self.counters.commits, 1);
        self.cache.keep(changes);
        Ok(())
    }

    /// A new connection may lead to the server that took over, which may have gone another way
    /// from a sequence that is in memory.
    fn reopen(&mut self) -> Result<(), EngineError> {
        self.forget_everything();
        self.engine.reopen()
    }

    /// Now, but never earlier than an earlier batch's now.
    fn moment(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.counters.saw_moment(self.latest);
        self.latest
    }

    /// Decides and writes, but does not commit.
    fn prepare(
        &mut self,
        sequences: &[(Shard, u64)],
        jobs: &mut Jobs,
        now: Timestamp,
    ) -> Result<Prepared, EngineError> {
        let Decided { step, count, relies } = self.decide(jobs, now)?;
        if step.is_empty() {
            return Ok(Prepared { changes: None, count, relies });
        }
        let mut changes = Changes::derive(step, sequences, &self.cache)?;
        // Every try has a number of its own, so that an old one cannot be taken for a new one.
        self.batch += 1;
        changes.lane = self.lane;
        changes.batch = self.batch;
        changes.at = now;
        self.engine.write(&changes)?;
        Ok(Prepared { changes: Some(changes), count, relies })
    }

    /// After a commit without an answer: locking the same shards waits until the old
    /// transaction has ended, and then the lane row tells. `Ok` when it was committed,
    /// [`EngineError::Lost`] when it was not and may run again.
    fn find_out(
        &mut self,
        shards: &[Shard],
        batch: u64,
        problem: &EngineError,
    ) -> Result<(), EngineError> {
        tracing::warn!(%problem, batch, "a commit was not answered; asking the lane row");
        let unknown = |what: &str| EngineError::Unknown(format!("{problem}; then: {what}"));
        let last = self.reopen().and_then(|()| self.last_batch(shards, batch));
        match last.map(|last| last.cmp(&batch)) {
            Ok(Ordering::Equal) => Ok(()),
            Ok(Ordering::Less) => Err(EngineError::Lost(problem.to_string())),
            Ok(Ordering::Greater) => Err(unknown("somebody else has written in this lane's name")),
            Err(error) => Err(unknown(&error.to_string())),
        }
    }

    /// The last batch of this lane. If that is `batch`, it answers only after a commit of its
    /// own: what can be read may not have reached the server's copy yet, but what was committed
    /// before a commit that waited for the copy has.
    fn last_batch(&mut self, shards: &[Shard], batch: u64) -> Result<u64, EngineError> {
        self.engine.begin(shards)?;
        let last = self.engine.lane_batch(self.lane, shards);
        if last == Ok(batch) {
            self.engine.commit()?;
        } else {
            self.engine.rollback();
        }
        last
    }

    fn decide(&mut self, jobs: &mut Jobs, now: Timestamp) -> Result<Decided, EngineError> {
        self.prefetch(jobs, now)?;
        let mut decided = Decided::default();
        let (mut rounds, mut claims) = (0, 0);
        loop {
            let before = decided.count;
            let missing = self.run_from(jobs, &mut decided, now);
            if missing.is_empty() || (rounds >= MISS_ROUNDS_MAX && decided.count > 0) {
                return Ok(decided);
            }
            if decided.count > before {
                claims = 0;
            }
            rounds += 1;
            add(&self.counters.miss_rounds, 1);
            claims += self.supply(&missing, &mut decided.step)?;
            if rounds > LEADER_ROUNDS_MAX || claims > COMMAND_CLAIMS_MAX {
                let problem = "it never has enough facts to decide on".to_owned();
                jobs[decided.count].fail(Fault::RuleBroken(problem));
                decided.count += 1;
            }
        }
    }

    /// Runs jobs until one misses something; those behind it only tell what they would miss.
    fn run_from(&self, jobs: &mut Jobs, decided: &mut Decided, now: Timestamp) -> Vec<Missing> {
        let mut missing = Vec::new();
        for job in &mut jobs[decided.count..] {
            match job.run(&self.cache, &decided.step.overlay, now) {
                Ran::Missing(what) => missing.push(what),
                Ran::Decided(step) if missing.is_empty() => {
                    decided.step.absorb(step);
                    decided.count += 1;
                    decided.relies = true;
                }
                Ran::Dropped if missing.is_empty() => decided.count += 1,
                Ran::Decided(_) | Ran::Dropped => {}
            }
        }
        missing
    }

    /// Loads the missing aggregates; claims numbers if the first miss asks for some, for only
    /// there is the order of things settled. Answers how many blocks it claimed.
    fn supply(&mut self, missing: &[Missing], step: &mut Step) -> Result<usize, EngineError> {
        let keys = missing.iter().filter_map(|what| match what {
            Missing::Record(key) => Some(*key),
            Missing::Numbers(..) => None,
        });
        self.load(keys.collect())?;
        if let Some(&Missing::Numbers(shard, kind)) = missing.first() {
            self.claim(shard, kind, step)?;
            return Ok(1);
        }
        Ok(0)
    }

    fn claim(
        &mut self,
        shard: Shard,
        kind: NumberKind,
        step: &mut Step,
    ) -> Result<(), EngineError> {
        let key = Key::seller(shard);
        if !self.cache.touch(&key) {
            self.load(vec![key])?;
        }
        let block = self.engine.claim(shard, kind)?;
        let mut facts = Facts::new(&self.cache, &step.overlay);
        let row = seller::edit_or_create(&mut facts, shard);
        row.map_err(|halt| EngineError::Failed(format!("shard {}: {halt:?}", shard.0)))?
            .claim(kind, block);
        step.overlay.absorb(facts.into_changes());
        Ok(())
    }

    fn prefetch(&mut self, jobs: &Jobs, now: Timestamp) -> Result<(), EngineError> {
        let mut keys = Vec::with_capacity(4 * jobs.len());
        jobs.iter().for_each(|job| job.keys(now, &mut keys));
        let locked = shards_of(jobs);
        keys.retain(|key| locked.binary_search(&key.shard).is_ok() && !self.cache.touch(key));
        self.load(keys)
    }

    fn load(&mut self, mut keys: Vec<Key>) -> Result<(), EngineError> {
        keys.sort_unstable_by_key(|key| (key.kind, *key));
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        let records = self.engine.load(&keys)?;
        keys.into_iter().zip(records).for_each(|(key, record)| self.cache.learn(key, record));
        Ok(())
    }
}

fn shards_of(jobs: &Jobs) -> Vec<Shard> {
    let mut shards = Vec::with_capacity(2 * jobs.len());
    for job in jobs {
        match job.shards() {
            Shards::One(only) => shards.push(only),
            Shards::Two(a, b) => shards.extend([a, b]),
            Shards::Three(a, b, c) => shards.extend([a, b, c]),
        }
    }
    shards.sort_unstable();
    shards.dedup();
    shards
}
