//! A charge that was opened and waits for its payer's browser: it is given up, or somebody tries to
//! pay it with a card or token that came to the till instead (`domain.md` §5.3).
//!
//! The attempt is *pending* all the while ([`crate::attempt`]). A try that fails changes nothing of
//! it, because the payer may try again; what the last one came to is the sale's `failure`.

use super::Sale;
use crate::attempt::{Attempt, AttemptState, CallResult, Next, Verb};
use crate::declines;
use crate::facts::{Facts, Halt};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// So often an open payment may be declined, with whatever cards: whoever holds a link to a page
/// must not try out stolen numbers there, each of them once (`domain.md` §9.1).
const DECLINED_TRIES_MAX: u8 = 20;

impl Sale {
    /// The charge that waits for its payer.
    #[must_use]
    pub fn pending_charge(&self) -> Option<&Attempt> {
        let pending = |attempt: &&Attempt| {
            attempt.verb == Verb::Charge && attempt.state == AttemptState::Pending
        };
        self.attempts.iter().find(pending)
    }

    /// Whether the open charge may be tried once more.
    ///
    /// # Errors
    /// [`Code::TooManyRequests`] after [`DECLINED_TRIES_MAX`] declines.
    pub(super) fn check_tries(&self) -> Result<(), Refusal> {
        if self.declined_tries < DECLINED_TRIES_MAX {
            return Ok(());
        }
        let message = "Too many cards were declined for this payment; nothing was charged. Ask \
                       whoever sold it for another way to pay.";
        Err(Refusal::new(Code::TooManyRequests, message))
    }

    /// Gives the open charge up, because its amount is not due any more. The gateway is told so by
    /// the call that is returned, or by the janitor as long as it has not answered.
    pub(crate) fn withdraw(&mut self, node: u32, now: Timestamp) -> Next {
        self.withdrawn = true;
        self.changed_at = now;
        match self.pending_charge().map(|attempt| attempt.number) {
            Some(number) => self.ask(number, node, now),
            None => self.wait(now),
        }
    }

    /// Takes in what came of a try to pay the open charge.
    pub(super) fn take_try(
        &mut self,
        number: u8,
        result: &CallResult,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Next, Halt> {
        let pending = self.pending_charge().filter(|attempt| attempt.number == number).cloned();
        if matches!(result, CallResult::Approved(_) | CallResult::PartiallyApproved(..)) {
            return self.take_result(number, result, facts, now);
        }
        let Some(pending) = pending else { return Ok(self.wait(now)) };
        self.confirming_until = None;
        self.failure = failure(result);
        self.changed_at = now;
        if matches!(result, CallResult::Declined(_)) {
            self.declined_tries = self.declined_tries.saturating_add(1);
            if let Some(card) = pending.card {
                declines::count(facts, self.shard, card, now)?;
            }
        }
        if self.failure.is_none()
            && let Some(attempt) = self.attempts.iter_mut().find(|it| it.number == number)
        {
            attempt.ask_at = now;
        }
        Ok(self.wait(now))
    }
}

/// Why the payer must try again; `None` where nobody knows what came of it.
fn failure(result: &CallResult) -> Option<Code> {
    match result {
        CallResult::Declined(reason) => Some(reason.code()),
        CallResult::ChallengeRequired(_) | CallResult::Pending(_) => {
            Some(Code::AuthenticationRequired)
        }
        CallResult::Unknown(_) => None,
        _ => Some(Code::GatewayUnavailable),
    }
}
