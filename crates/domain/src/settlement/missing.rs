//! Payments that a gateway should have settled long ago.

use super::{AttemptPlace, DifferenceKind, LINES_MAX, SettlementDifference, brought_in};
use crate::attempt::Attempt;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard, TaskId};
use crate::money::Money;
use crate::record::word;
use crate::sale::Sale;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;

/// Asks a person about payments of one seller that their gateway has not settled; of each once.
#[derive(Clone, Debug)]
pub struct AskMissing {
    /// Whose payments.
    pub shard: Shard,
    /// Each sale with the number of its attempt; at most [`LINES_MAX`], the rest is left out.
    pub payments: Vec<(SaleId, u8)>,
}

/// The name under which a missing payment is known again.
pub(super) fn hash_of(key: &str) -> u128 {
    word("settlement missing", key)
}

impl Command for AskMissing {
    /// The tasks that were written now.
    type Outcome = Vec<TaskId>;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
        keys.extend(self.payments.iter().map(|(sale, _)| Sale::key_of(self.shard, *sale)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Vec<TaskId>, Halt> {
        let mut tasks = Vec::new();
        for (sale, number) in self.payments.iter().take(LINES_MAX) {
            let sale = facts.share::<Sale>(Sale::key_of(self.shard, *sale))?;
            let Some(sale) = sale else { continue };
            let attempt = sale.unsettled().find(|attempt| attempt.number == *number);
            let Some(attempt) = attempt else { continue };
            tasks.extend(ask(&sale, attempt, facts, now)?);
        }
        Ok(tasks)
    }
}

fn ask(
    sale: &Sale,
    attempt: &Attempt,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<Option<TaskId>, Halt> {
    let hash = hash_of(&attempt.key);
    if facts.look::<SettlementDifference>(SettlementDifference::key_of(hash))?.is_some() {
        return Ok(None);
    }
    let money = Money::new(attempt.moved, sale.currency);
    let verb = if brought_in(attempt.verb, 1) > 0 { "took" } else { "gave back" };
    let text = format!(
        "Gateway {} {verb} {} {} with payment {}, but has not settled it. Look for it in the \
         gateway's own lists; when a later list has it, this task closes by itself.",
        attempt.terms.name,
        money.text(),
        sale.currency.code(),
        attempt.key
    );
    let kind = TaskKind::SettlementDifference;
    let (sale_id, transfer, money) = (Some(sale.id), None, Some(money));
    let task = NewTask { kind, sale: sale_id, transfer, money, text };
    let task = ask_person(facts, sale.shard, task, now)?;
    facts.put(SettlementDifference {
        hash,
        gateway: attempt.terms.name.clone(),
        kind: DifferenceKind::Missing,
        line: None,
        place: Some(AttemptPlace { shard: sale.shard, sale: sale.id, attempt: attempt.number }),
        task,
        at: now,
        cleared_at: None,
    });
    Ok(Some(task))
}
