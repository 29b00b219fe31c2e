//! What a person must do because the machine cannot: manual refunds, payments in doubt.

mod finish;
mod notice;

use serde::{Deserialize, Serialize};

pub use self::finish::{FinishTask, FinishedTask};
pub use self::notice::{NoticeTask, Noticed, TakeNotice};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{SaleId, Shard, TaskId, TransferId};
use crate::money::Currency;
use crate::record::Kind;
use crate::time::Timestamp;

/// Why a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// It is not known whether money moved.
    PaymentInDoubt,
    /// A gateway did not take a refund.
    RefundFailed,
    /// Money must go back by other means than a gateway.
    ManualRefund,
    /// Store credit came back to a season card that was paid back before.
    CreditOfEndedCard,
    /// A ticket was used at a gate before it was moved, as an offline scanner says.
    TransferAfterScan,
    /// Two gates let the same admission in.
    DoubleEntry,
    /// A payout must be put right by hand.
    PayoutCorrection,
    /// A gate that was offline let somebody in whose ticket was not good any more.
    InvalidEntry,
    /// A gateway's settlement says something else than the till.
    SettlementDifference,
    /// A buyer's bank wants money back, or has decided whether it does.
    PaymentDisputed,
    /// A refund that a gateway had taken did not reach the buyer.
    RefundReversed,
    /// It is not known whether a gateway keeps a subscription, or it does not.
    SubscriptionInDoubt,
    /// A payment of a contract is overdue, and is not tried again by itself.
    InstalmentUnpaid,
}

impl TaskKind {
    /// Whether it is about money that a person may have paid back by hand.
    #[must_use]
    pub fn is_refund(self) -> bool {
        matches!(self, TaskKind::RefundFailed | TaskKind::ManualRefund)
    }

    /// Whether only an Admin may close it: it is about the platform's own money, so the word of the
    /// organiser whom it concerns is not enough.
    #[must_use]
    pub fn is_for_admin(self) -> bool {
        matches!(
            self,
            TaskKind::PaymentInDoubt
                | TaskKind::PayoutCorrection
                | TaskKind::CreditOfEndedCard
                | TaskKind::SettlementDifference
                | TaskKind::PaymentDisputed
                | TaskKind::RefundReversed
        )
    }

    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TaskKind::PaymentInDoubt => "PaymentInDoubt",
            TaskKind::RefundFailed => "RefundFailed",
            TaskKind::ManualRefund => "ManualRefund",
            TaskKind::CreditOfEndedCard => "CreditOfEndedCard",
            TaskKind::TransferAfterScan => "TransferAfterScan",
            TaskKind::DoubleEntry => "DoubleEntry",
            TaskKind::PayoutCorrection => "PayoutCorrection",
            TaskKind::InvalidEntry => "InvalidEntry",
            TaskKind::SettlementDifference => "SettlementDifference",
            TaskKind::PaymentDisputed => "PaymentDisputed",
            TaskKind::RefundReversed => "RefundReversed",
            TaskKind::SubscriptionInDoubt => "SubscriptionInDoubt",
            TaskKind::InstalmentUnpaid => "InstalmentUnpaid",
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Whose.
    pub shard: Shard,
    /// Its number.
    pub id: TaskId,
    /// Why a person is asked.
    pub kind: TaskKind,
    /// The sale it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<SaleId>,
    /// The transfer it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferId>,
    /// Minor units it is about; 0 for none.
    #[serde(default)]
    pub amount: i64,
    /// The currency of the amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What happened and what to do.
    pub text: String,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When and by whom it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<TaskDone>,
    /// The task that asks for this money and more in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<TaskId>,
}

/// That a task was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDone {
    /// When.
    pub at: Timestamp,
    /// By whom; empty for a task that nobody needed to do any more.
    pub by: String,
    /// What they say about it.
    pub note: String,
}

/// A task that is about to be written down.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Why a person is asked.
    pub kind: TaskKind,
    /// The sale it is about.
    pub sale: Option<SaleId>,
    /// The transfer it is about.
    pub transfer: Option<TransferId>,
    /// Minor units and their currency, if it is about money.
    pub money: Option<crate::money::Money>,
    /// What happened and what to do.
    pub text: String,
}

impl Task {
    /// Whether nobody needed to do it any more, so that it was closed by itself.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.done.as_ref().is_some_and(|done| done.by.is_empty())
    }

    /// Where a task lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: TaskId) -> Key {
        Key::number(shard, Kind::Task, id.0)
    }
}

/// Writes a task down; answers with its number.
///
/// # Errors
/// [`Halt::Missing`] when a block of numbers must be claimed first.
pub fn ask_person(
    facts: &mut Facts<'_>,
    shard: Shard,
    new: NewTask,
    now: Timestamp,
) -> Result<TaskId, Halt> {
    let id = TaskId(facts.number(shard, TaskId::KIND)?);
    let NewTask { kind, sale, transfer, money, text } = new;
    let (amount, currency) = (money.map_or(0, |money| money.amount), money.map(|m| m.currency));
    let (done, replaced_by) = (None, None);
    facts.put(Task {
        shard,
        id,
        kind,
        sale,
        transfer,
        amount,
        currency,
        text,
        created_at: now,
        done,
        replaced_by,
    });
    Ok(id)
}
