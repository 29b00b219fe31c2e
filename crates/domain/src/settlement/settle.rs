//! Lines of a settlement are compared with what the till took, and booked where both agree.

use super::{
    AttemptPlace, DifferenceKind, Judgement, Settled, SettlementDifference, SettlementLine,
    brought_in, clear, judge, missing,
};
use crate::attempt::Attempt;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard, TaskId};
use crate::ledger::{Account, PostingKind};
use crate::money::Money;
use crate::sale::Sale;
use crate::task::{NewTask, Task, TaskKind, ask_person};
use crate::time::Timestamp;

/// A line, and the payment that it names, as whoever read the file found it.
#[derive(Clone, Debug)]
pub struct PlacedLine {
    /// The line.
    pub line: SettlementLine,
    /// The sale and the number of its attempt; `None` when the till knows no such payment.
    pub payment: Option<(SaleId, u8)>,
}

/// Takes in lines about payments of one seller, or about payments that nobody knows.
#[derive(Clone, Debug)]
pub struct SettleLines {
    /// Whose payments; the house for lines about unknown ones.
    pub shard: Shard,
    /// The gateway whose settlement it is.
    pub gateway: String,
    /// The lines; at most [`super::LINES_MAX`].
    pub lines: Vec<PlacedLine>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// It was booked.
    Settled,
    /// It was booked before.
    Repeated,
    /// A person is asked now.
    Differs(DifferenceKind, TaskId),
    /// A person was asked before.
    StillDiffers(DifferenceKind, TaskId),
}

impl Command for SettleLines {
    /// One entry a line, in their order.
    type Outcome = Vec<LineOutcome>;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
        for PlacedLine { line, payment } in &self.lines {
            keys.push(SettlementDifference::key_of(line.hash(&self.gateway)));
            keys.extend(payment.map(|(sale, _)| Sale::key_of(self.shard, sale)));
        }
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        self.lines.iter().map(|line| self.take(line, facts, now)).collect()
    }
}

impl SettleLines {
    fn take(
        &self,
        PlacedLine { line, payment }: &PlacedLine,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<LineOutcome, Halt> {
        let key = payment.map(|(sale, _)| Sale::key_of(self.shard, sale));
        let sale = key.map_or(Ok(None), |key| facts.share::<Sale>(key))?;
        let number = payment.map(|(_, attempt)| attempt);
        let found = sale.as_deref().and_then(|sale| {
            let attempt = sale.attempts.iter().find(|it| Some(it.number) == number)?;
            (attempt.terms.name == self.gateway).then_some((sale, attempt))
        });
        match (judge(line, &self.gateway, found), found) {
            (Judgement::Settles, Some((sale, attempt))) => {
                book(sale, attempt, line, facts, now)?;
                Ok(LineOutcome::Settled)
            }
            (Judgement::Settles | Judgement::Repeats, _) => Ok(LineOutcome::Repeated),
            (Judgement::Differs(kind, text), _) => {
                let place = found.map(|(sale, attempt)| AttemptPlace {
                    shard: self.shard,
                    sale: sale.id,
                    attempt: attempt.number,
                });
                self.ask(line, kind, text, place, facts, now)
            }
        }
    }

    /// Once a line, however often it comes.
    fn ask(
        &self,
        line: &SettlementLine,
        kind: DifferenceKind,
        text: String,
        place: Option<AttemptPlace>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<LineOutcome, Halt> {
        let hash = line.hash(&self.gateway);
        let key = SettlementDifference::key_of(hash);
        if let Some(known) = facts.share::<SettlementDifference>(key)? {
            return judged_anew(&known, kind, text, place, facts);
        }
        let task = NewTask {
            kind: TaskKind::SettlementDifference,
            sale: place.map(|place| place.sale),
            transfer: None,
            money: Some(Money::new(line.amount, line.currency)),
            text,
        };
        let shard = place.map_or(Shard::HOUSE, |place| place.shard);
        let task = ask_person(facts, shard, task, now)?;
        let (gateway, line, at) = (self.gateway.clone(), Some(line.clone()), now);
        let cleared_at = None;
        facts.put(SettlementDifference { hash, gateway, kind, line, place, task, at, cleared_at });
        Ok(LineOutcome::Differs(kind, task))
    }
}

/// What is known of the payment may have changed since the person was asked: the difference and its
/// task then say what differs now. A task that lies with somebody else stays as it is.
fn judged_anew(
    known: &SettlementDifference,
    kind: DifferenceKind,
    text: String,
    place: Option<AttemptPlace>,
    facts: &mut Facts<'_>,
) -> Result<LineOutcome, Halt> {
    let is_same = (known.kind, known.place) == (kind, place);
    let shard = place.map_or(Shard::HOUSE, |place| place.shard);
    if is_same || known.cleared_at.is_some() || shard != known.task_shard() {
        return Ok(LineOutcome::StillDiffers(known.kind, known.task));
    }
    if let Some(task) = facts.edit::<Task>(Task::key_of(shard, known.task))? {
        task.text = text;
    }
    facts.put(SettlementDifference { kind, place, ..known.clone() });
    Ok(LineOutcome::StillDiffers(kind, known.task))
}

/// Books that the gateway has settled an attempt: the money is in the bank less the gateway's fee,
/// and what a person accepts as lost is given up.
///
/// # Errors
/// [`Halt::Missing`]
pub(super) fn book(
    sale: &Sale,
    attempt: &Attempt,
    line: &SettlementLine,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let gateway = &attempt.terms.name;
    let owed = brought_in(attempt.verb, attempt.moved);
    let amount = brought_in(attempt.verb, line.amount);
    let posting = sale
        .posting(attempt.number, PostingKind::Settled, now)
        .debit(Account::Bank, amount - line.fee)
        .debit(Account::GatewayFeeExpense, line.fee)
        .debit(Account::Goodwill, owed - amount)
        .credit(Account::GatewayClearing(gateway.clone()), owed);
    facts.post(posting);
    let hash = line.hash(gateway);
    let mut changed = sale.clone();
    changed.settled.push(Settled {
        attempt: attempt.number,
        line: hash,
        amount: line.amount,
        fee: line.fee,
        at: now,
        payout: line.payout.clone(),
    });
    facts.put(changed);
    clear(hash, facts, now)?;
    clear(missing::hash_of(&attempt.key), facts, now)
}
