//! Moving a sale on: the result of a call comes in, or the janitor asks what is open.

use std::sync::Arc;

use super::Sale;
use crate::attempt::{
    Attempt, AttemptState, CallResult, CallVerb, ChargeRef, GatewayCall, Next, Verb,
};
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard};
use crate::profile;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What brings a sale forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes of this attempt are about to leave.
    Marked(u8),
    /// A call of this attempt came back with this.
    Result(u8, CallResult),
    /// The open charge of this number was tried to be paid, and this came of it.
    Tried(u8, CallResult),
    /// The gateway says that something happened to this key; a hint, so it is asked.
    Hinted {
        /// The key.
        key: String,
        /// The node that asks; 0 where there is only one.
        node: u32,
    },
    /// A node looks whether anything is due.
    Resume {
        /// Its number; 0 where there is only one.
        node: u32,
    },
}

/// Brings one sale forward by one event.
#[derive(Clone, Debug)]
pub struct Advance {
    /// Whose sale.
    pub shard: Shard,
    /// Which.
    pub sale: SaleId,
    /// The other seller that the sale touches ([`Sale::partner`]), as far as is known.
    pub partner: Option<Shard>,
    /// What happened.
    pub event: Event,
}

/// The sale after the event, and what it needs next.
#[derive(Clone, Debug)]
pub struct Advanced {
    /// The sale as it is.
    pub sale: Arc<Sale>,
    /// What it needs next.
    pub next: Next,
}

impl Command for Advance {
    type Outcome = Advanced;

    fn shards(&self) -> Shards {
        match self.partner {
            Some(partner) => Shards::Two(self.shard, partner),
            None => Shards::One(self.shard),
        }
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.shard, self.sale));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Advanced, Halt> {
        let key = Sale::key_of(self.shard, self.sale);
        let Some(sale) = facts.share::<Sale>(key)? else {
            return Err(Refusal::new(Code::TicketNotFound, "There is no such sale.").into());
        };
        if sale.partner() != self.partner {
            return Err(Halt::Stale);
        }
        let mut changed = Sale::clone(&sale);
        let next = changed.take_in(&self.event, facts, now)?;
        if changed == *sale {
            return Ok(Advanced { sale, next });
        }
        Ok(Advanced { sale: facts.put(changed), next })
    }
}

impl Sale {
    fn take_in(
        &mut self,
        event: &Event,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Next, Halt> {
        match event {
            Event::Marked(number) => Ok(self.mark(*number, now)),
            Event::Result(number, result) => self.take_result(*number, result, facts, now),
            Event::Tried(number, result) => self.take_try(*number, result, facts, now),
            Event::Hinted { key, node } => Ok(self.hinted(key, *node, now)),
            Event::Resume { node } => self.resume(*node, facts, now),
        }
    }

    /// "Bytes may leave" is only written while they still may.
    fn mark(&mut self, number: u8, now: Timestamp) -> Next {
        let left = self.owed();
        let sendable = self
            .attempt_mut(number)
            .filter(|attempt| attempt.state == AttemptState::Created && now < attempt.send_before)
            .filter(|attempt| !is_superseded(attempt, left));
        let Some(attempt) = sendable else { return self.wait(now) };
        attempt.state = AttemptState::Sent;
        let attempt = attempt.clone();
        Next::Call(self.first_call_of(&attempt))
    }

    pub(super) fn take_result(
        &mut self,
        number: u8,
        result: &CallResult,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Next, Halt> {
        let Some(attempt) = self.attempt_mut(number) else { return Ok(self.wait(now)) };
        if *result == CallResult::NotFound && attempt.may_be_fenced(now) {
            attempt.question(true, attempt.asked_by, now);
            let attempt = attempt.clone();
            return Ok(Next::Call(self.question_about(&attempt, CallVerb::Fence, now)));
        }
        let before = attempt.state;
        attempt.record(result, now);
        let after = attempt.clone();
        if before.is_open() && after.state == AttemptState::Declined {
            self.remember_decline(&after, result, facts, now)?;
        }
        #[cfg(feature = "planted-bugs")]
        if after.state == before && crate::planted::is(crate::planted::Bug::SettledTwice) {
            return self.settle_and_go_on(&after, facts, now);
        }
        if after.state == before {
            return Ok(self.wait(now));
        }
        self.settle_and_go_on(&after, facts, now)
    }

    /// Declines count against the card, and some say that it is of no use any more.
    fn remember_decline(
        &self,
        attempt: &Attempt,
        result: &CallResult,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(card) = attempt.card {
            declines::count(facts, self.shard, card, now)?;
        }
        let profile = self.part_of(attempt).and_then(|part| part.profile);
        if let (CallResult::Declined(reason), Some(profile)) = (result, profile) {
            profile::mark(facts, self.shard, profile, *reason)?;
        }
        Ok(())
    }

    /// Draws the consequences, and begins what was written down with them.
    fn settle_and_go_on(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Next, Halt> {
        let attempts_before = self.attempts.len();
        self.settle(attempt, facts, now)?;
        Ok(self.begin_new(attempts_before, now))
    }

    /// Hands out the first call of what was written down after so many attempts, if anything was.
    pub(super) fn begin_new(&self, attempts_before: usize, now: Timestamp) -> Next {
        if self.attempts.len() > attempts_before { self.begin_last() } else { self.wait(now) }
    }

    /// A payer's answer, and a call whose answer was lost, are waited for so eagerly that a hint is
    /// worth a question. A call that is still out brings its answer itself.
    fn hinted(&mut self, key: &str, node: u32, now: Timestamp) -> Next {
        let meant = |attempt: &&Attempt| attempt.is_in_doubt() && attempt.key == key;
        match self.attempts.iter().find(meant).map(|attempt| attempt.number) {
            Some(number) => self.ask(number, node, now),
            None => self.wait(now),
        }
    }

    /// The janitor's look: asks about what is due, and about nothing before its time.
    fn resume(&mut self, node: u32, facts: &mut Facts<'_>, now: Timestamp) -> Result<Next, Halt> {
        let open = |attempt: &&Attempt| attempt.state.is_open() && attempt.ask_at <= now;
        let Some(attempt) = self.attempts.iter().find(open) else { return Ok(self.wait(now)) };
        let number = attempt.number;
        if attempt.state == AttemptState::Created {
            return self.resume_unsent(number, facts, now);
        }
        if !attempt.terms.resumable && !attempt.verb.may_repeat() {
            // It can be neither asked nor told: only time passes, until a person must look.
            let silence = CallResult::Unknown("the gateway cannot be asked".into());
            return self.take_result(number, &silence, facts, now);
        }
        Ok(self.ask(number, node, now))
    }

    /// Nothing has left: a charge has missed its time, but a refund is owed as before, and what
    /// was reserved is to be taken or given up as before.
    fn resume_unsent(
        &mut self,
        number: u8,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Next, Halt> {
        let left = self.owed();
        let Some(attempt) = self.attempt_mut(number) else { return Ok(self.wait(now)) };
        if !attempt.verb.asks_payer() && !is_superseded(attempt, left) {
            attempt.send_again(now);
            let attempt = attempt.clone();
            return Ok(Next::Mark(self.first_call_of(&attempt)));
        }
        attempt.state = AttemptState::NotExecuted;
        attempt.failure = Some(Code::PaymentExpired);
        let attempt = attempt.clone();
        self.settle_and_go_on(&attempt, facts, now)
    }

    /// A charge is looked up; everything else is sent again under its key, which finds it or makes
    /// it.
    pub(super) fn ask(&mut self, number: u8, node: u32, now: Timestamp) -> Next {
        let (left, withdrawn) = (self.owed(), self.withdrawn);
        let Some(attempt) = self.attempt_mut(number) else { return self.wait(now) };
        let superseded = is_superseded(attempt, left);
        let send_again = !attempt.verb.asks_payer() && !superseded;
        let fencing = superseded || attempt.payer_is_late(now) || withdrawn;
        attempt.question(fencing, node, now);
        if send_again {
            attempt.send_again(now);
        }
        let attempt = attempt.clone();
        Next::Call(match attempt.verb {
            _ if fencing => self.question_about(&attempt, CallVerb::Fence, now),
            Verb::Charge | Verb::Authorize => self.question_about(&attempt, CallVerb::Lookup, now),
            Verb::Capture | Verb::Void | Verb::Refund => self.first_call_of(&attempt),
        })
    }

    fn attempt_mut(&mut self, number: u8) -> Option<&mut Attempt> {
        self.attempts.iter_mut().find(|attempt| attempt.number == number)
    }

    /// Hands out the first call of the attempt that was just written down.
    pub(crate) fn begin_last(&self) -> Next {
        let Some(attempt) = self.attempts.last() else { return Next::Done };
        let call = self.first_call_of(attempt);
        if attempt.state == AttemptState::Created { Next::Mark(call) } else { Next::Call(call) }
    }

    /// Nothing is left to do at once, but to begin what was written down beside something else.
    pub(super) fn wait(&self, now: Timestamp) -> Next {
        let is_unbegun = |attempt: &&Attempt| {
            let is_new = attempt.state == AttemptState::Created && now < attempt.send_before;
            is_new && attempt.verb.may_repeat()
        };
        match self.attempts.iter().find(is_unbegun) {
            Some(attempt) => Next::Mark(self.first_call_of(attempt)),
            None => self.due().map_or(Next::Done, Next::Wait),
        }
    }

    fn first_call_of(&self, attempt: &Attempt) -> GatewayCall {
        let ChargeRef { key, reference } =
            attempt.of.clone().unwrap_or_else(|| attempt.charge_ref());
        match attempt.verb {
            Verb::Charge => self.call(attempt, CallVerb::Charge),
            Verb::Authorize => self.call(attempt, CallVerb::Authorize),
            Verb::Capture => self.call(attempt, CallVerb::Capture { charge_key: key, reference }),
            Verb::Void => self.call(attempt, CallVerb::Void { charge_key: key, reference }),
            Verb::Refund => self.refund_call(attempt),
        }
    }

    fn refund_call(&self, attempt: &Attempt) -> GatewayCall {
        let of = attempt.of.clone().or_else(|| self.charge().map(Attempt::charge_ref));
        let (charge_key, reference) = of.map(|of| (of.key, of.reference)).unwrap_or_default();
        self.call(attempt, CallVerb::Refund { charge_key, reference })
    }

    /// A question moves no money, so it has a time of its own to leave.
    fn question_about(&self, attempt: &Attempt, verb: CallVerb, now: Timestamp) -> GatewayCall {
        let send_before = now.after(attempt.terms.send_within);
        GatewayCall { send_before, ..self.call(attempt, verb) }
    }

    fn call(&self, attempt: &Attempt, verb: CallVerb) -> GatewayCall {
        let is_first = matches!(verb, CallVerb::Charge | CallVerb::Authorize);
        let part = self.part_of(attempt).filter(|_| is_first);
        GatewayCall {
            shard: self.shard,
            sale: self.id,
            partner: self.partner(),
            attempt: attempt.number,
            gateway: attempt.terms.name.clone(),
            key: attempt.key.clone(),
            token: part.map(|part| part.token.clone()),
            verb,
            reserves: attempt.verb == Verb::Authorize,
            consent: attempt.consent,
            handle: attempt.handle.clone(),
            money: self.money(attempt.amount),
            send_before: attempt.send_before,
            deadline: attempt.terms.deadline,
        }
    }
}

/// Whether a refund asks for more than the `left` minor units there are to give back, because
/// an earlier refund got through after it was given up.
fn is_superseded(attempt: &Attempt, left: i64) -> bool {
    attempt.verb == Verb::Refund && attempt.amount > left
}
