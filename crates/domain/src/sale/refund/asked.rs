//! The one open task that asks a person to pay a sale's money back.
//!
//! Whoever works on it may be at the bank already. So nothing else asks for the same money while it
//! is open: no second task, and no gateway, unless the office says so ([`super::RetryRefund`]).

use crate::effect::Effect;
use crate::facts::{Facts, Halt};
use crate::ids::TaskId;
use crate::sale::Sale;
use crate::task::{NewTask, Task, TaskDone, TaskKind, ask_person};
use crate::time::Timestamp;

impl Sale {
    /// Asks a person to pay `amount` minor units back. Where a task asks already, one over all that
    /// is owed takes its place.
    pub(in crate::sale) fn ask_to_pay_back(
        &mut self,
        kind: TaskKind,
        amount: i64,
        text: &str,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let open = self.open_refund_task(facts)?;
        let amount = if open.is_some() { self.owed() } else { amount };
        if open.as_ref().is_some_and(|task| (task.kind, task.amount) == (kind, amount)) {
            return Ok(());
        }
        let (sale, transfer, money) = (Some(self.id), None, Some(self.money(amount)));
        let task = NewTask { kind, sale, transfer, money, text: text.to_owned() };
        let new = ask_person(facts, self.shard, task, now)?;
        if let Some(open) = open {
            facts.put(Task { replaced_by: Some(new), ..ended(open, now) });
        }
        self.refund_task = Some(new);
        let reason = text.to_owned();
        facts.owe(self.shard, Effect::SaleNeedsReview { sale: self.id, reason })
    }

    /// Nothing is owed any more, so nobody needs to pay anything back.
    pub(in crate::sale) fn withdraw_refund_task(
        &mut self,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(open) = self.open_refund_task(facts)? {
            facts.put(ended(open, now));
        }
        self.refund_task = None;
        Ok(())
    }

    /// A person has ended `task`, so that another one may be written down.
    pub(crate) fn forget_refund_task(&mut self, task: TaskId) {
        self.refund_task.take_if(|open| *open == task);
    }

    fn open_refund_task(&self, facts: &Facts<'_>) -> Result<Option<Task>, Halt> {
        let Some(id) = self.refund_task else { return Ok(None) };
        let task = facts.share::<Task>(Task::key_of(self.shard, id))?;
        Ok(task.filter(|task| task.done.is_none()).map(|task| Task::clone(&task)))
    }
}

fn ended(task: Task, now: Timestamp) -> Task {
    let (by, note) = (String::new(), "Nobody needs to pay this back any more.".to_owned());
    Task { done: Some(TaskDone { at: now, by, note }), ..task }
}
