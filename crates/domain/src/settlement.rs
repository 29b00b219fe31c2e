//! What gateways paid out to the platform's bank, line by line, beside what the till took
//! (`payments.md` §7.2).
//!
//! A gateway's settlement file has a line for each charge and refund. A line that says what the
//! till says is booked: the money left the gateway and is in the bank, less the gateway's fee.
//! Whatever else a line says is a *difference*: a task asks a person, and nothing is booked until
//! that person, or a later file, has cleared it up.
//!
//! | a line, or its absence             | attempt                        | what happens           |
//! |------------------------------------|--------------------------------|------------------------|
//! | charge or refund, right amount     | moved, not settled             | booked                 |
//! | the same line again                | settled by that line           | nothing                |
//! | charge or refund, another amount   | moved, not settled             | difference; acceptable |
//! | another currency; the other way    | moved, not settled             | difference             |
//! | another line for the same payment  | settled                        | difference             |
//! | charge or refund                   | did not move, as far as known  | difference             |
//! | charge or refund                   | none                           | difference             |
//! | taken back by the bank of a holder | that dispute, known to be lost | booked                 |
//! | taken back by the bank of a holder | any other                      | difference             |
//! | none, long after it moved          | moved, not settled             | difference             |

mod accept;
mod file;
mod judge;
mod missing;
mod settle;

use serde::{Deserialize, Serialize};

pub use self::accept::AcceptDifference;
pub use self::file::{RecordSettlement, RecordedSettlement, SettlementFile, SettlementSum};
pub use self::judge::{Judgement, judge};
pub use self::missing::AskMissing;
pub use self::settle::{LineOutcome, PlacedLine, SettleLines};
use crate::attempt::{Attempt, Verb};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{SaleId, Shard, TaskId};
use crate::money::Currency;
use crate::record::{Kind, word};
use crate::sale::Sale;
use crate::task::{Task, TaskDone};
use crate::time::Timestamp;

/// The most lines that one command takes in: each changes up to three aggregates.
pub const LINES_MAX: usize = 100;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Money of a buyer that the gateway pays out.
    Charge,
    /// Money that went back to a buyer.
    Refund,
    /// Money that a holder's bank took back: a dispute.
    Chargeback,
    /// Such money that came back, or a refund that did not get through; never booked by itself.
    ChargebackReversal,
}

/// One line of a gateway's settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementLine {
    /// The gateway's own name of the line: the same in every file that has it.
    pub identity: String,
    /// What it is about.
    pub kind: LineKind,
    /// Minor units of the charge or refund, before the gateway's fee; never negative.
    pub amount: i64,
    /// Minor units that the gateway kept for it; negative for a fee that it gave back.
    pub fee: i64,
    /// The currency of both.
    pub currency: Currency,
    /// How the gateway names the payment, for people.
    pub reference: String,
    /// The gateway's name of the transfer to the bank that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<String>,
}

impl SettlementLine {
    /// The line of a gateway as one number, by which it is known again.
    #[must_use]
    pub fn hash(&self, gateway: &str) -> u128 {
        word("settlement line", &format!("{gateway}\0{}", self.identity))
    }
}

/// That a gateway has settled an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The number of the attempt in its sale.
    pub attempt: u8,
    /// The line that said so, by [`SettlementLine::hash`].
    pub line: u128,
    /// Minor units that the gateway settled: what moved, or what a person accepted for it.
    pub amount: i64,
    /// Minor units that the gateway kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fee: i64,
    /// When it was booked.
    pub at: Timestamp,
    /// The gateway's name of the transfer to the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<String>,
}

fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The till knows no such payment.
    UnknownPayment,
    /// The till does not know that its money moved.
    NotTaken,
    /// The amounts differ.
    WrongAmount,
    /// The currencies differ.
    WrongCurrency,
    /// A charge for the one is a refund for the other.
    WrongKind,
    /// Another line has settled the payment.
    Twice,
    /// A holder's bank took the money back, or the gateway won it back.
    ChargedBack,
    /// The gateway has not settled the payment for long.
    Missing,
}

impl DifferenceKind {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DifferenceKind::UnknownPayment => "UnknownPayment",
            DifferenceKind::NotTaken => "NotTaken",
            DifferenceKind::WrongAmount => "WrongAmount",
            DifferenceKind::WrongCurrency => "WrongCurrency",
            DifferenceKind::WrongKind => "WrongKind",
            DifferenceKind::Twice => "Twice",
            DifferenceKind::ChargedBack => "ChargedBack",
            DifferenceKind::Missing => "Missing",
        }
    }
}

/// Which attempt of which sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptPlace {
    /// Whose sale.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The number of the attempt in it.
    pub attempt: u8,
}

/// Something that a person must look into. All of them lie in the house, because some belong to no
/// seller; the task lies with the seller whose payment it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementDifference {
    /// The line by [`SettlementLine::hash`], or the payment that is missing.
    pub hash: u128,
    /// The gateway.
    pub gateway: String,
    /// What is different.
    pub kind: DifferenceKind,
    /// The line; `None` for a payment that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SettlementLine>,
    /// The payment, where the till knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<AttemptPlace>,
    /// The task that asks a person.
    pub task: TaskId,
    /// When it was found.
    pub at: Timestamp,
    /// When the payment was settled after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Timestamp>,
}

impl SettlementDifference {
    /// Where it lies.
    #[must_use]
    pub fn key_of(hash: u128) -> Key {
        Key::hashed(Shard::HOUSE, Kind::SettlementDifference, 0, hash)
    }

    /// With whom its task lies.
    #[must_use]
    pub fn task_shard(&self) -> Shard {
        self.place.map_or(Shard::HOUSE, |place| place.shard)
    }
}

impl Sale {
    /// What a gateway has settled of an attempt; `None` while it has not.
    #[must_use]
    pub fn settled_of(&self, attempt: u8) -> Option<&Settled> {
        self.settled.iter().find(|settled| settled.attempt == attempt)
    }

    /// The attempts whose money moved and that their gateway has not settled.
    pub fn unsettled(&self) -> impl Iterator<Item = &Attempt> {
        let is_settled = |attempt: &Attempt| self.settled_of(attempt.number).is_some();
        let has_moved = |attempt: &Attempt| brought_in(attempt.verb, attempt.moved) != 0;
        self.attempts.iter().filter(move |attempt| has_moved(attempt) && !is_settled(attempt))
    }
}

/// Minor units that an attempt brought in: above zero for a charge, below for a refund, none for
/// what was only kept ready.
#[must_use]
pub fn brought_in(verb: Verb, moved: i64) -> i64 {
    match verb {
        Verb::Charge | Verb::Capture => moved,
        Verb::Refund => -moved,
        Verb::Authorize | Verb::Void => 0,
    }
}

/// Closes a difference whose payment was settled after all, and the task that asks about it.
///
/// # Errors
/// [`Halt::Missing`]
fn clear(hash: u128, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    let key = SettlementDifference::key_of(hash);
    let open = facts.share::<SettlementDifference>(key)?.filter(|it| it.cleared_at.is_none());
    let Some(difference) = open else { return Ok(()) };
    let task = Task::key_of(difference.task_shard(), difference.task);
    if let Some(task) = facts.edit::<Task>(task)?.filter(|task| task.done.is_none()) {
        let note = "The gateway has settled it.".to_owned();
        task.done = Some(TaskDone { at: now, by: String::new(), note });
    }
    let cleared_at = Some(now);
    facts.put(SettlementDifference { cleared_at, ..SettlementDifference::clone(&difference) });
    Ok(())
}
