//! A person's word on a sale whose payment the machine could not settle.

use super::refund::with_house;
use super::{Advance, AdvanceEvent, Advanced, Sale};
use crate::attempt::{Approval, Attempt, AttemptState, CallResult, Next, Verb};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What a person found out about the attempt in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The money moved; the text is the gateway's id of the payment.
    Moved(String),
    /// The money did not move and will not.
    NotMoved,
}

/// Settles the attempt in doubt of one sale by a person's word.
#[derive(Clone, Debug)]
pub struct ReviewSale {
    /// Whose sale.
    pub shard: Shard,
    /// Which.
    pub sale: SaleId,
    /// The other seller that the sale touches ([`Sale::partner`]).
    pub partner: Option<Shard>,
    /// The key of the payment it is about ([`Attempt::key`]); needed where more than one is in
    /// doubt.
    pub payment: Option<String>,
    /// What was found out.
    pub verdict: Verdict,
    /// What the audit tells of it; nothing where no caller decides, as in a simulation.
    pub note: Option<AuditNote>,
}

impl Command for ReviewSale {
    type Outcome = Advanced;

    fn shards(&self) -> Shards {
        match (self.partner, &self.note) {
            (partner, Some(_)) => with_house(self.shard, partner),
            (Some(partner), None) => Shards::Two(self.shard, partner),
            (None, None) => Shards::One(self.shard),
        }
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.shard, self.sale));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Advanced, Halt> {
        let sale = facts.share::<Sale>(Sale::key_of(self.shard, self.sale))?;
        let sale = sale.ok_or_else(not_under_review)?;
        let attempt = self.meant(&sale)?;
        if self.is_told(&sale, attempt) {
            return Ok(Advanced { next: sale.due().map_or(Next::Done, Next::Wait), sale });
        }
        if sale.doubts().all(|doubt| doubt.number != attempt.number) {
            return Err(not_under_review().into());
        }
        if let Some(note) = &self.note {
            note.record_of(self.shard, facts, now);
        }
        match (attempt.verb, &self.verdict) {
            (Verb::Refund, Verdict::NotMoved) => {
                return self.refund_again(Sale::clone(&sale), attempt.number, facts, now);
            }
            (Verb::Capture, Verdict::NotMoved) => {
                let mut sale = Sale::clone(&sale);
                let (number, attempts_before) = (attempt.number, sale.attempts.len());
                sale.capture_given_up(number, facts, now)?;
                let next = sale.begin_new(attempts_before, now);
                return Ok(Advanced { sale: facts.put(sale), next });
            }
            _ => {}
        }
        let event = AdvanceEvent::Result(attempt.number, self.result());
        Advance { shard: self.shard, sale: self.sale, partner: self.partner, event }
            .decide(facts, now)
    }
}

impl Sale {
    /// The attempt that only a person can settle, if there is one: the oldest of which nobody
    /// knows what became, whatever state the sale is in; else the last refund, if that failed.
    #[must_use]
    pub fn in_doubt(&self) -> Option<&Attempt> {
        self.doubts().next()
    }

    fn doubts(&self) -> impl Iterator<Item = &Attempt> {
        let unknown = self.attempts.iter().filter(|it| it.state == AttemptState::Review);
        unknown.chain(self.failed_refund())
    }

    fn failed_refund(&self) -> Option<&Attempt> {
        use AttemptState::{Declined, NotExecuted};
        let last = self.attempts.iter().rev().find(|attempt| attempt.verb == Verb::Refund);
        last.filter(|last| self.owed() > 0 && matches!(last.state, Declined | NotExecuted))
    }
}

impl ReviewSale {
    /// The attempt that the verdict is about.
    fn meant<'a>(&self, sale: &'a Sale) -> Result<&'a Attempt, Refusal> {
        let Some(key) = &self.payment else {
            let mut doubts = sale.doubts();
            let first = doubts.next().ok_or_else(not_under_review)?;
            return if doubts.next().is_none() { Ok(first) } else { Err(which(sale)) };
        };
        let named = sale.attempts.iter().find(|attempt| attempt.key == *key);
        named.ok_or_else(|| which(sale))
    }

    /// Whether just this is known of the attempt already, so that nothing is left to decide.
    fn is_told(&self, sale: &Sale, attempt: &Attempt) -> bool {
        use AttemptState::{Declined, NotExecuted, Succeeded};
        let is_open = sale.doubts().any(|doubt| doubt.number == attempt.number);
        let is_same = match self.verdict {
            Verdict::Moved(_) => attempt.state == Succeeded,
            Verdict::NotMoved => matches!(attempt.state, Declined | NotExecuted),
        };
        !is_open && is_same
    }

    fn result(&self) -> CallResult {
        match &self.verdict {
            Verdict::Moved(reference) => CallResult::Approved(Approval {
                reference: reference.clone(),
                ..Approval::default()
            }),
            Verdict::NotMoved => CallResult::NotExecuted("found out by a person".into()),
        }
    }

    /// A refund that did not happen is still owed, unless another one got through.
    fn refund_again(
        &self,
        mut sale: Sale,
        number: u8,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Advanced, Halt> {
        if let Some(attempt) = sale.attempts.iter_mut().find(|it| it.number == number) {
            attempt.record(&self.result(), now);
        }
        let mut next = sale.due().map_or(Next::Done, Next::Wait);
        if sale.owed() > 0 && !sale.has_open_refund() {
            if !sale.start_refund(now) {
                let message = "This refund was tried too often; pay back by other means and \
                               record that the money moved.";
                return Err(Refusal::new(Code::TooManyRequests, message).into());
            }
            next = sale.begin_last();
        }
        Ok(Advanced { sale: facts.put(sale), next })
    }
}

fn not_under_review() -> Refusal {
    let message = "This payment is not waiting for a person's decision.";
    Refusal::new(Code::NotUnderReview, message)
}

/// Says which payments a verdict may name.
fn which(sale: &Sale) -> Refusal {
    let keys: Vec<_> = sale.doubts().map(|doubt| doubt.key.as_str()).collect();
    let message = match keys.as_slice() {
        [] => "No payment of this order has that key.".to_owned(),
        keys => format!("Name the payment by its key in paymentKey: {}.", keys.join(" or ")),
    };
    Refusal::new(Code::ValidationFailed, message)
}
