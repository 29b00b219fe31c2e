//! What is outside the nodes and outlives them: time, the database, the gateway's book, the
//! judge, and the list of what is to break.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::time::Timestamp;
use store::Clock;
use store::memory::MemoryDatabase;
use tokio::time::Instant;

use crate::book::Book;
use crate::judge::Judge;
use crate::node::{Node, Turners};
use crate::plan::{Effect, Fault, Place, Plan};

/// Locks; a panic elsewhere has been noted by then.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is still to break, and how often each node came to each place.
#[derive(Default)]
struct Faults {
    to_come: Vec<Fault>,
    visits: BTreeMap<(usize, Place), u32>,
}

/// Everything that is shared in one run.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) database: MemoryDatabase,
    pub(crate) turners: Arc<Turners>,
    /// How many buyers and catalogue changes are not done yet.
    pub(crate) busy: AtomicUsize,
    origin: Instant,
    book: Mutex<Book>,
    judge: Mutex<Judge>,
    faults: Mutex<Faults>,
    /// Dead nodes; kept, so that nobody in them hears of their end.
    graveyard: Mutex<Vec<Arc<Node>>>,
    story: Option<Mutex<Vec<String>>>,
}

impl World {
    /// A world at the plan's first moment. Must be made inside the run's runtime.
    pub(crate) fn new(plan: Plan, turners: Arc<Turners>, story: bool) -> Arc<World> {
        Arc::new(World {
            database: MemoryDatabase::default(),
            turners,
            busy: AtomicUsize::new(0),
            origin: Instant::now(),
            book: Mutex::new(Book::new(plan.scripts())),
            judge: Mutex::new(Judge::new(&plan)),
            faults: Mutex::new(Faults {
                to_come: plan.faults().cloned().collect(),
                visits: BTreeMap::new(),
            }),
            graveyard: Mutex::default(),
            story: story.then(Mutex::default),
            plan,
        })
    }

    /// Milliseconds since the run began.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The true time, which no node knows.
    pub(crate) fn now(&self) -> Timestamp {
        let elapsed_us = i64::try_from(self.origin.elapsed().as_micros()).unwrap_or(i64::MAX);
        Timestamp(self.plan.start.0.saturating_add(elapsed_us))
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }

    pub(crate) fn judge(&self) -> MutexGuard<'_, Judge> {
        lock(&self.judge)
    }

    /// Adds a sentence to the story, if somebody wants to read it.
    pub(crate) fn tell(&self, sentence: impl FnOnce() -> String) {
        if let Some(story) = &self.story {
            let ms = self.elapsed_ms();
            let sentence = format!("{:>9}.{:03} s  {}", ms / 1_000, ms % 1_000, sentence());
            lock(story).push(sentence);
        }
    }

    /// The sentences so far.
    pub(crate) fn story(&self) -> Vec<String> {
        self.story.as_ref().map(|story| std::mem::take(&mut *lock(story))).unwrap_or_default()
    }

    /// Node `node` comes to `place`: what breaks there this time?
    pub(crate) fn strike(&self, node: usize, place: Place) -> Option<Effect> {
        let mut faults = lock(&self.faults);
        let visits = faults.visits.entry((node, place)).or_default();
        let time = *visits;
        *visits += 1;
        let here = |fault: &Fault| (fault.node, fault.place, fault.time) == (node, place, time);
        let index = faults.to_come.iter().position(here)?;
        Some(faults.to_come.swap_remove(index).effect)
    }

    /// The node is dead from now on; another one takes its place after a while.
    pub(crate) fn crash(self: &Arc<World>, node: usize, place: Place, down_ms: u64) {
        self.tell(|| format!("Node {node} dies ({place:?}); it is back in {down_ms} ms."));
        let Some(dead) = self.turners.take(node) else { return };
        dead.life.die();
        lock(&self.graveyard).push(dead);
        let world = Arc::clone(self);
        tokio::spawn(async move {
            sleep_ms(down_ms).await;
            world.tell(|| format!("Node {node} starts again, with an empty memory."));
            Node::start(&world, node);
        });
    }

    /// A living node, `wanted` if that one lives.
    pub(crate) fn node_near(&self, wanted: usize) -> Option<Arc<Node>> {
        let count = self.plan.nodes.len();
        (0..count).find_map(|step| self.turners.get((wanted + step) % count))
    }

    /// Lets everything go that refers to each other.
    pub(crate) fn bury(&self) {
        self.turners.clear();
        lock(&self.graveyard).clear();
    }

    /// Runs something that the run's end must wait for.
    pub(crate) fn spawn_busy(self: &Arc<World>, work: impl Future<Output = ()> + Send + 'static) {
        self.busy.fetch_add(1, Relaxed);
        let world = Arc::clone(self);
        tokio::spawn(async move {
            work.await;
            world.busy.fetch_sub(1, Relaxed);
        });
    }
}

/// Waits so many milliseconds of the run's time.
pub(crate) async fn sleep_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// One node's clock, which is never quite right.
pub(crate) struct NodeClock {
    pub(crate) world: Arc<World>,
    pub(crate) node: usize,
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        let elapsed_ms = self.world.elapsed_ms();
        let settings = &self.world.plan.nodes[self.node].clock;
        let setting = settings.iter().rev().find(|(from_ms, _)| *from_ms <= elapsed_ms);
        let ahead_ms = setting.map_or(0, |(_, ahead_ms)| *ahead_ms);
        Timestamp(self.world.now().0 + ahead_ms * 1_000)
    }
}
