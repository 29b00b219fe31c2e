//! What a run consists of. It is drawn whole before the run begins, so that parts of it can be
//! left out to see whether the run still fails.

mod deed;
mod draw;
mod script;
mod season;

use domain::ids::{QuotaId, Shard, TicketTypeId};
use domain::time::Timestamp;

pub(crate) use self::deed::{Act, CardUse, Deed, What};
pub use self::draw::NODES_MAX;
pub(crate) use self::script::{Bank, Fate, Script, Way};

/// One run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What everything that is not in the plan is chosen by: how long a lane takes, who goes
    /// first.
    pub(crate) seed: u64,
    /// The moment it begins at.
    pub(crate) start: Timestamp,
    /// Whether the database tells the rules the time, as it does where several nodes share one.
    pub(crate) database_clock: bool,
    pub(crate) nodes: Vec<NodePlan>,
    pub(crate) sellers: Vec<SellerPlan>,
    /// Whether more is sold than places of one match, and tickets are moved and refunded.
    pub(crate) season: bool,
    /// What may be left out.
    pub(crate) items: Vec<Item>,
}

/// One node.
#[derive(Clone, Debug)]
pub(crate) struct NodePlan {
    pub(crate) lanes: usize,
    pub(crate) batch_max: usize,
    pub(crate) cache_entries_max: usize,
    /// How far its clock is ahead, in milliseconds, from which moment of the run on.
    pub(crate) clock: Vec<(u64, i64)>,
}

/// One seller with its event.
#[derive(Clone, Debug)]
pub(crate) struct SellerPlan {
    pub(crate) shard: Shard,
    /// Whether its gateway can be asked about a key and told to refuse it.
    pub(crate) resumable: bool,
    pub(crate) ground: u32,
    pub(crate) terrace: u32,
    /// Places at the final, where there is one.
    pub(crate) places: u32,
}

/// Something that happens in a run.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Order(Order),
    Deed(Deed),
    Fault(Fault),
    Change(Change),
}

/// A buyer who orders once, perhaps saying so several times.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Its number in the run, which is also the buyer's card.
    pub(crate) number: u32,
    pub(crate) at_ms: u64,
    pub(crate) seller: usize,
    /// Which node the buyer turns to first.
    pub(crate) node: usize,
    pub(crate) what: What,
    pub(crate) lines: Vec<(TicketTypeId, u32)>,
    /// The order of the season card that pays, as far as it can.
    pub(crate) card: Option<(u32, CardUse)>,
    /// The buyer's idempotency key: the number of the order that used it first.
    pub(crate) key: Option<u32>,
    /// How long the buyer waits before hanging up.
    pub(crate) patience_ms: u64,
    /// Whether the node notices that the buyer has hung up, and drops the request.
    pub(crate) dropped: bool,
    /// The pauses after which the buyer asks again with the same key.
    pub(crate) repeats_ms: Vec<u64>,
    /// Whether the buyer asks again even when there was an answer.
    pub(crate) insists: bool,
    pub(crate) script: Script,
}

/// Something that breaks.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) node: usize,
    pub(crate) place: Place,
    /// At the how many-th time the node comes there, from 0.
    pub(crate) time: u32,
    pub(crate) effect: Effect,
}

/// Where something may break: every boundary between two steps of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A request has come in.
    Received,
    /// A sale is placed and its money loop not begun.
    Placed,
    /// An answer for a buyer is ready.
    Answering,
    /// A lane has commands to run.
    Batch,
    /// A lane begins a transaction.
    Begin,
    /// A lane loads facts.
    Load,
    /// A lane writes a batch.
    Write,
    /// A lane commits.
    Commit,
    /// A lane has committed and answered.
    Committed,
    /// A call is about to leave for the gateway.
    CallLeaves,
    /// A call is on its way.
    CallOut,
    /// The gateway's answer is there and not stored.
    CallAnswered,
    /// The janitor is about to look.
    Janitor,
    /// The outbox is about to be worked off.
    Outbox,
    /// Long work is about to be looked for.
    Work,
}

/// How it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The node dies and comes back with an empty memory.
    Crash { down_ms: u64 },
    /// The node dies in a commit that goes through all the same.
    CrashCommitted { down_ms: u64 },
    /// The node stands still, and goes on as if nothing had been.
    Pause { for_ms: u64 },
    /// The connection to the database breaks; in a commit, before it takes effect.
    Lost,
    /// The connection breaks in a commit that took effect.
    LostCommitted,
    /// The database puts the transaction off.
    Conflict,
}

/// A change of a seller's catalogue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at_ms: u64,
    pub(crate) seller: usize,
    pub(crate) node: usize,
    pub(crate) kind: ChangeKind,
}

/// What is changed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ChangeKind {
    Limit(QuotaId, u32),
    Active(bool),
}

impl Plan {
    /// How many things happen in it that may be left out.
    #[must_use]
    pub fn length(&self) -> usize {
        self.items.len()
    }

    /// Its orders.
    pub(crate) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.items.iter().filter_map(|item| match item {
            Item::Order(order) => Some(order),
            _ => None,
        })
    }

    /// What is done with tickets.
    pub(crate) fn deeds(&self) -> impl Iterator<Item = &Deed> {
        self.items.iter().filter_map(|item| match item {
            Item::Deed(deed) => Some(deed),
            _ => None,
        })
    }

    /// How the gateway treats each card.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = (u32, &Script)> {
        let orders = self.orders().map(|order| (order.number, &order.script));
        orders.chain(self.deeds().map(|deed| (deed.payer(), &deed.script)))
    }

    /// Its faults.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.items.iter().filter_map(|item| match item {
            Item::Fault(fault) => Some(fault),
            _ => None,
        })
    }

    /// Its changes of catalogues.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.items.iter().filter_map(|item| match item {
            Item::Change(change) => Some(change),
            _ => None,
        })
    }
}
