//! A person says that a task is done, and whether money went back by hand.

use std::sync::Arc;

use super::{Task, TaskDone};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{Shard, TaskId};
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::sale::refund::{find, with_house};
use crate::time::Timestamp;

/// Closes a task.
#[derive(Clone, Debug)]
pub struct FinishTask {
    /// Whose task.
    pub shard: Shard,
    /// Which.
    pub task: TaskId,
    /// The other club whose season card paid for its sale ([`Sale::card_seller`]).
    pub partner: Option<Shard>,
    /// What was done.
    pub note: String,
    /// By whom.
    pub by: String,
    /// The money that the task is about was paid back by hand.
    pub paid_by_hand: bool,
    /// Whoever says it is an Admin, who may also give up to pay back what is owed.
    pub is_admin: bool,
    /// What the audit tells of it.
    pub audit: AuditNote,
}

/// A task that is done.
#[derive(Clone, Debug)]
pub struct FinishedTask {
    /// The task.
    pub task: Arc<Task>,
    /// Whether it was done before; then nothing was changed now.
    pub repeated: bool,
}

impl Command for FinishTask {
    type Outcome = FinishedTask;

    fn shards(&self) -> Shards {
        with_house(self.shard, self.partner)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Task::key_of(self.shard, self.task));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<FinishedTask, Halt> {
        let task = facts.share::<Task>(Task::key_of(self.shard, self.task))?;
        let task = task.ok_or_else(|| {
            Halt::from(Refusal::new(Code::TaskNotFound, "There is no such task."))
        })?;
        self.check_asks(&task)?;
        if task.done.is_some() {
            return Ok(FinishedTask { task, repeated: true });
        }
        if self.paid_by_hand || task.kind.is_refund() {
            self.end_refund(&task, facts, now)?;
        }
        let done = TaskDone { at: now, by: self.by.clone(), note: self.note.clone() };
        self.audit.record_of(self.shard, facts, now);
        let task = facts.put(Task { done: Some(done), ..Task::clone(&task) });
        Ok(FinishedTask { task, repeated: false })
    }
}

impl FinishTask {
    fn end_refund(&self, task: &Task, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let Some(sale) = task.sale.filter(|_| task.kind.is_refund()) else {
            let message = "This task is not about money that goes back.";
            return Err(Refusal::new(Code::ValidationFailed, message).into());
        };
        let mut sale = Sale::clone(&*find(facts, self.shard, sale, self.partner)?);
        sale.forget_refund_task(task.id);
        if self.paid_by_hand {
            sale.pay_by_hand(task.amount, &self.by, facts, now)?;
        } else if sale.owed() > 0 && !self.is_admin {
            let message = "Money of this task is still owed; only an Admin may close it unpaid.";
            return Err(Refusal::new(Code::Forbidden, message).into());
        }
        facts.put(sale);
        Ok(())
    }

    /// Whoever paid what is not asked for any more, or is a part of what is, must know.
    fn check_asks(&self, task: &Task) -> Result<(), Refusal> {
        if let Some(new) = task.replaced_by {
            let message = format!(
                "Task {} asks for this money and more in its place; pay what is left of it and \
                 close that one.",
                new.0
            );
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        if self.paid_by_hand && task.is_withdrawn() {
            let message = "Its money went back meanwhile; nothing may be paid by hand for it.";
            return Err(Refusal::new(Code::RefundExceedsPaid, message));
        }
        Ok(())
    }
}
