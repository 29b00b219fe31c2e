//! A command on its way through a lane: what it is, what became of it, and who waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::facts::{Command, Facts, Halt, Key, Known, Missing, Overlay, Shards};
use domain::ids::Shard;
use domain::record::Record;
use domain::time::Timestamp;
use tokio::sync::oneshot;

use crate::error::{Fault, SubmitError};

/// What a batch, or one command of it, wants to write.
#[derive(Debug, Default)]
pub struct Step {
    /// Changed facts.
    pub overlay: Overlay,
    /// Effects that were done and leave the outbox.
    pub outbox_done: Vec<(Shard, u32)>,
    /// Whether there is to be a commit even if nothing else is written.
    pub touched: bool,
}

impl Step {
    /// Puts a later step on top of this one.
    pub fn absorb(&mut self, later: Step) {
        self.overlay.absorb(later.overlay);
        self.outbox_done.extend(later.outbox_done);
        self.touched |= later.touched;
    }

    /// Whether nothing is to be written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.overlay.is_empty() && self.outbox_done.is_empty() && !self.touched
    }
}

/// How one run of a job ended.
#[derive(Debug)]
pub enum Ran {
    /// Decided; this is to be written.
    Decided(Step),
    /// Decided that nothing is to be written: refused, stale or broken.
    Dropped,
    /// Something must be loaded or claimed first.
    Missing(Missing),
}

/// One unit of work in a lane, whatever its command.
pub trait Job: Send {
    /// Whose rows must be locked.
    fn shards(&self) -> Shards;

    /// Adds the keys it can foresee.
    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>);

    /// Decides, and keeps the outcome until [`Job::answer`]. May be run again.
    fn run(&mut self, known: &dyn Known, batch: &Overlay, now: Timestamp) -> Ran;

    /// Replaces the outcome by a fault.
    fn fail(&mut self, fault: Fault);

    /// Tells whoever waits what became of it.
    fn answer(self: Box<Self>);
}

/// What is waited for.
pub type Answer<T> = oneshot::Receiver<Result<T, SubmitError>>;

/// Wraps a command for a lane; the other half gets its outcome once that is durable.
#[must_use]
pub fn submission<C: Command>(command: C) -> (Box<dyn Job>, Answer<C::Outcome>) {
    let (reply, answer) = oneshot::channel();
    (Box::new(Submission { command, outcome: None, reply }), answer)
}

/// Wraps the news that effects of one shard were done. Without any, it still makes the lane
/// commit something, which shows whether it can.
#[must_use]
pub fn outbox_done(shard: Shard, done: Vec<u32>) -> (Box<dyn Job>, Answer<()>) {
    let (reply, answer) = oneshot::channel();
    let done = done.into_iter().map(|number| (shard, number)).collect();
    (Box::new(OutboxDone { shard, done, outcome: Ok(()), reply }), answer)
}

struct Submission<C: Command> {
    command: C,
    outcome: Option<Result<C::Outcome, SubmitError>>,
    reply: oneshot::Sender<Result<C::Outcome, SubmitError>>,
}

impl<C: Command> Job for Submission<C> {
    fn shards(&self) -> Shards {
        self.command.shards()
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        self.command.keys(now, keys);
    }

    fn run(&mut self, known: &dyn Known, batch: &Overlay, now: Timestamp) -> Ran {
        let shards = self.command.shards();
        let scope = Scope { known, shards };
        let decided = catch_unwind(AssertUnwindSafe(|| {
            let mut facts = Facts::new(&scope, batch);
            let outcome = self.command.decide(&mut facts, now);
            (outcome, facts.into_changes())
        }));
        let Ok((outcome, overlay)) = decided else {
            return self.broken("an assertion failed; the lines above in the log say which");
        };
        match outcome {
            Ok(_) if !overlay.records.keys().all(|key| shards.contains(key.shard)) => {
                self.broken("it changes a seller it has not named")
            }
            Err(Halt::Missing(Missing::Record(key))) if !shards.contains(key.shard) => {
                self.broken("it looks at a seller it has not named")
            }
            Err(Halt::Missing(missing)) => Ran::Missing(missing),
            Err(Halt::Refused(refusal)) => self.dropped(SubmitError::Refused(refusal)),
            Err(Halt::Stale) => self.dropped(SubmitError::Stale),
            Ok(outcome) => {
                self.outcome = Some(Ok(outcome));
                Ran::Decided(Step { overlay, ..Step::default() })
            }
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.outcome = Some(Err(SubmitError::Fault(fault)));
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or(Err(SubmitError::Fault(Fault::Stopped)));
        // Whoever submitted it may have gone away; what was decided stays decided.
        drop(self.reply.send(outcome));
    }
}

impl<C: Command> Submission<C> {
    fn dropped(&mut self, error: SubmitError) -> Ran {
        self.outcome = Some(Err(error));
        Ran::Dropped
    }

    fn broken(&mut self, what: &str) -> Ran {
        let command = std::any::type_name::<C>();
        tracing::error!(command, what, "a rule broke its own promise; the command was dropped");
        self.dropped(SubmitError::Fault(Fault::RuleBroken(format!("{command}: {what}"))))
    }
}

/// What a command may see: the sellers it has named. Anything else would depend on who else
/// happens to be in the batch.
struct Scope<'a> {
    known: &'a dyn Known,
    shards: Shards,
}

impl Known for Scope<'_> {
    fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
        if self.shards.contains(key.shard) { self.known.lookup(key) } else { None }
    }
}

struct OutboxDone {
    shard: Shard,
    done: Vec<(Shard, u32)>,
    outcome: Result<(), SubmitError>,
    reply: oneshot::Sender<Result<(), SubmitError>>,
}

impl Job for OutboxDone {
    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn run(&mut self, _known: &dyn Known, _batch: &Overlay, _now: Timestamp) -> Ran {
        self.outcome = Ok(());
        Ran::Decided(Step { outbox_done: self.done.clone(), touched: true, ..Step::default() })
    }

    fn fail(&mut self, fault: Fault) {
        self.outcome = Err(SubmitError::Fault(fault));
    }

    fn answer(self: Box<Self>) {
        drop(self.reply.send(self.outcome));
    }
}
