//! Whether this node may sell: its store can be written, its clock can be trusted, and its
//! database answers.
//!
//! A node that may not sell refuses new orders at once with a reason; what was paid meanwhile is
//! kept by its gateway and settled later. A job looks every second ([`crate::jobs`]).

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use store::cluster::Beat;
use store::{Fault, Store};
use tracing::{error, info};

/// How far a clock may be off the database's, or behind the last decision, in microseconds:
/// payments are timed in seconds, and their margins are wider than this.
pub const CLOCK_OFF_MAX_US: i64 = 2_000_000;

/// How long the database may take to answer before it counts as gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// One reason not to sell.
#[derive(Clone, Debug)]
struct Problem {
    /// Which; what it says may change from look to look.
    name: &'static str,
    /// A sentence.
    text: String,
}

/// What is known of this node's fitness.
#[derive(Debug)]
pub struct Standing {
    problems: RwLock<Vec<Problem>>,
    beat: RwLock<Option<Beat>>,
    leads: AtomicBool,
    /// One look at a time.
    looking: tokio::sync::Mutex<()>,
}

impl Standing {
    /// What the store says at once. A node among others does not sell before it has compared
    /// clocks, in the first [`Standing::look`].
    #[must_use]
    pub fn of(store: &Store) -> Standing {
        let mut problems = problems_of(store);
        if store.node() != 0 {
            problems.push(Problem {
                name: "unheard",
                text: "This node has not heard of the others yet.".to_owned(),
            });
        }
        Standing {
            problems: RwLock::new(problems),
            beat: RwLock::default(),
            leads: AtomicBool::new(store.node() == 0),
            looking: tokio::sync::Mutex::default(),
        }
    }

    /// Why this node may not sell, each reason a sentence; empty when it may.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.known().into_iter().map(|problem| problem.text).collect()
    }

    fn known(&self) -> Vec<Problem> {
        self.problems.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether this node may sell.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.problems.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Whether this node does what only one of them should do.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.leads.load(Relaxed)
    }

    /// What was last heard of the other nodes; `None` where there are none.
    #[must_use]
    pub fn beat(&self) -> Option<Beat> {
        self.beat.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks again. After a failure it also tries to write, so that trouble that has ended is
    /// noticed without a customer.
    pub async fn look(&self, store: &Store) {
        let _alone = self.looking.lock().await;
        if store.condition().fault.is_some() {
            // What it finds shows in the condition.
            let _ = tokio::time::timeout(ANSWER_WITHIN, store.probe()).await;
        }
        let mut problems = problems_of(store);
        match tokio::time::timeout(ANSWER_WITHIN, store.beat()).await {
            Ok(Ok(beat)) => self.take_in(beat, &mut problems),
            Ok(Err(fault)) => problems.push(unanswered(&reason(&fault))),
            Err(_) => problems.push(unanswered("it takes too long")),
        }
        self.tell(&problems);
        *self.problems.write().unwrap_or_else(PoisonError::into_inner) = problems;
    }

    fn take_in(&self, beat: Option<Beat>, problems: &mut Vec<Problem>) {
        if let Some(beat) = &beat {
            self.leads.store(beat.leads, Relaxed);
            if beat.clock_ahead_us.abs() > CLOCK_OFF_MAX_US {
                let seconds = beat.clock_ahead_us.abs() / 1_000_000;
                problems.push(Problem {
                    name: "clock_off",
                    text: format!(
                        "This node's clock is {seconds} s off the database's; set it by a time \
                         server."
                    ),
                });
            }
        }
        *self.beat.write().unwrap_or_else(PoisonError::into_inner) = beat;
    }

    /// Tells the operator of what is new.
    fn tell(&self, problems: &[Problem]) {
        let before = self.known();
        let is_new = |problem: &&Problem| before.iter().all(|known| known.name != problem.name);
        for problem in problems.iter().filter(is_new) {
            error!(problem = problem.text, "this node does not sell");
        }
        if problems.is_empty() && !before.is_empty() {
            info!("this node sells again");
        }
    }
}

fn unanswered(why: &str) -> Problem {
    Problem { name: "unanswered", text: format!("The database does not answer: {why}.") }
}

/// What went wrong, without what it means for an order.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Database(reason) => reason.clone(),
        other => other.to_string(),
    }
}

/// What the store itself says.
fn problems_of(store: &Store) -> Vec<Problem> {
    let condition = store.condition();
    let mut problems = Vec::new();
    if !condition.open {
        let text = "The store has stopped; start the program again.".to_owned();
        problems.push(Problem { name: "stopped", text });
    }
    if let Some(fault) = condition.fault {
        let text = format!("The database cannot be written: {fault}.");
        problems.push(Problem { name: "unwritable", text });
    }
    if condition.clock_behind_us > CLOCK_OFF_MAX_US {
        let seconds = condition.clock_behind_us / 1_000_000;
        let text = format!(
            "The clock is {seconds} s behind the last sale; set it right, or start with \
             --accept-clock if the earlier time was wrong."
        );
        problems.push(Problem { name: "clock_behind", text });
    }
    problems
}
