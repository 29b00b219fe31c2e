//! Paying one sale in parts: the split tender (`payments.md` §4.1).
//!
//! The parts are asked one after another, each for what is left, up to its cap. Where its gateway
//! can reserve, a part only reserves; where it can only sell, the part is taken at once and waits
//! in `order_holding`. A part that pays alone is sold at once, too, in one call and one commit
//! less: reserving is how the success of one part stays reversible until the others have theirs,
//! and there are no others. Which step a sale is at follows from its state and its attempts:
//!
//! | sale                 | what happened                     | what comes next                  |
//! |----------------------|-----------------------------------|----------------------------------|
//! | waits, not covered ¹ | a part approved, or a part of it  | the next part is asked           |
//! | waits, not covered   | declined, or not executed         | the next part is asked           |
//! | waits, not covered   | no part is left                   | given up                         |
//! | waits, not covered   | not executed because of us        | given up, no other is asked      |
//! | waits, not covered   | unknown, or the payer is asked    | nothing until that is known      |
//! | waits, not covered   | unknown for 24 h                  | UnderReview                      |
//! | waits, covered ²     | —                                 | captures, one after another      |
//! | waits, covered       | captured                          | the next one; at last Issued     |
//! | waits, covered       | a capture got no answer           | it is sent again                 |
//! | waits, covered       | refused, or 24 h without answer   | UnderReview                      |
//! | UnderReview          | a person found out                | as above; not captured: given up |
//! | given up ³           | —                                 | voids and refunds                |
//! | any                  | a part that was given up approved | voided or refunded, too          |
//!
//! ¹ AwaitingPayment, and something is left to pay.
//!
//! ² The commit that finds nothing left to pay is the point of no return: before it everything can
//! be given up by itself, after it only by a person's word.
//!
//! ³ PaymentFailed or Expired; Returning, if a part was taken already.

mod outcome;
mod part;

pub use self::outcome::{Reversal, TenderOutcome, TenderStatus};
pub use self::part::{TENDER_PARTS_MAX, TenderPart};
use self::part::{check_parts, sold_at_once_if_alone};
use super::place::Placed;
use super::{Sale, SaleState};
use crate::attempt::{Attempt, AttemptState, Consent, Verb};
use crate::facts::{Facts, Halt};
use crate::ledger::{Account, Posting, PostingKind};
use crate::payment::Method;
use crate::refusal::Code;
use crate::time::Timestamp;

impl Sale {
    /// Whether it is paid in parts.
    #[must_use]
    pub fn is_split(&self) -> bool {
        !self.tenders.is_empty()
    }

    /// Writes down the first part of a new sale, or hands the goods over where nothing is to pay.
    /// What the sale takes must be held by it already.
    ///
    /// # Errors
    /// [`Code::PaymentMethodRequired`] without a part, [`Code::ValidationFailed`] for too many of
    /// them or a cap of nothing, [`Code::PaymentMethodsInsufficient`] for caps that do not cover
    /// the price, [`Code::DuplicatePaymentMethod`]; [`Halt::Missing`].
    pub fn start_split(
        mut self,
        parts: Vec<TenderPart>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Placed, Halt> {
        let due = self.due_by_instrument();
        if due == 0 {
            return self.hand_over_free(facts, now);
        }
        check_parts(&parts, self.money(due))?;
        self.tenders = sold_at_once_if_alone(parts);
        self.method = Some(Method::SavedCard);
        self.ask_next_part(now);
        let next = self.begin_last();
        Ok(Placed { sale: facts.put(self), next, repeated: false })
    }

    /// Minor units that it has taken for goods that are not handed over yet.
    #[must_use]
    pub fn holding(&self) -> i64 {
        let is_collecting = self.is_split() && self.state.holds_places();
        if is_collecting { self.paid() - self.owed_back } else { 0 }
    }

    /// The part that an attempt asks.
    pub(super) fn part_of(&self, attempt: &Attempt) -> Option<&TenderPart> {
        let number = usize::from(attempt.tender.filter(|_| attempt.verb.asks_payer())?);
        self.tenders.get(number.checked_sub(1)?)
    }

    /// A part was reserved or taken.
    pub(super) fn part_approved(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if !self.waits_for(attempt) {
            return self.give_part_back(attempt, facts, now);
        }
        if attempt.verb == Verb::Charge {
            facts.post(self.collected_posting(attempt, now));
        }
        self.go_on_collecting(Code::InsufficientFunds, facts, now)
    }

    /// A part was refused, or nothing came of it.
    pub(super) fn part_failed(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if !self.waits_for(attempt) {
            return Ok(());
        }
        match attempt.failure {
            // Another part would go through the same door, and nobody is to pay for our mistake.
            Some(Code::PaymentMethodNotAvailable) => {
                self.give_up(Code::PaymentMethodNotAvailable, facts, now)
            }
            failure => self.go_on_collecting(failure.unwrap_or(Code::PaymentDeclined), facts, now),
        }
    }

    /// What was reserved has been taken.
    pub(super) fn captured(
        &mut self,
        capture: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if !self.state.holds_places() {
            return self.give_charge_back(capture, facts, now);
        }
        facts.post(self.collected_posting(capture, now));
        if capture.moved < capture.amount {
            return self.give_up(Code::InsufficientFunds, facts, now);
        }
        self.capture_next(facts, now)
    }

    /// A reservation on which the sale counted may not be captured: a person must find out.
    pub(super) fn capture_in_doubt(
        &mut self,
        capture: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.state.holds_places() {
            self.enter(SaleState::UnderReview, now);
        }
        let what = match capture.failure {
            Some(_) => "The gateway refused to take what it had reserved.",
            None => "It is not known whether what was reserved was taken.",
        };
        let taken = self.money(self.holding()).text();
        let reserved: i64 = self.uncaptured().map(|reservation| reservation.moved).sum();
        let rest = self.money(reserved - capture.amount).text();
        let total = self.money(self.total).text();
        let text = format!("{what} Of {total} in all {taken} is taken, {rest} only reserved.");
        self.ask_what_became(&text, capture, facts, now)
    }

    /// A person has found out that a capture did not happen and will not: the sale is not to be.
    pub(super) fn capture_given_up(
        &mut self,
        number: u8,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let capture = self.attempts.iter_mut().find(|attempt| attempt.number == number);
        capture.into_iter().for_each(Attempt::give_up);
        if self.state.holds_places() {
            return self.give_up(Code::GatewayUnavailable, facts, now);
        }
        Ok(())
    }

    /// Whether it is the part that the sale is waiting for; parts are asked one after another.
    fn waits_for(&self, attempt: &Attempt) -> bool {
        let last = self.attempts.iter().rev().find(|attempt| attempt.verb.asks_payer());
        self.state.holds_places() && last.is_some_and(|last| last.number == attempt.number)
    }

    /// Asks for what is left to pay, takes what was reserved when nothing is, or gives up for the
    /// reason that is given when no part is left to ask.
    fn go_on_collecting(
        &mut self,
        why_not: Code,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.remaining() == 0 {
            return self.capture_next(facts, now);
        }
        if self.ask_next_part(now) { Ok(()) } else { self.give_up(why_not, facts, now) }
    }

    /// Minor units that no part has approved yet.
    fn remaining(&self) -> i64 {
        let asked = self.attempts.iter().filter(|attempt| attempt.verb.asks_payer());
        let wanted = asked.filter(|attempt| !self.unwanted.contains(&attempt.key));
        self.due_by_instrument() - wanted.map(|attempt| attempt.moved).sum::<i64>()
    }

    /// False when no part is left.
    fn ask_next_part(&mut self, now: Timestamp) -> bool {
        let number = self.attempts.iter().filter_map(|attempt| attempt.tender).max();
        let number = number.unwrap_or(0) + 1;
        let Some(part) = self.tenders.get(usize::from(number) - 1) else { return false };
        let verb = if part.reserves { Verb::Authorize } else { Verb::Charge };
        let (terms, amount) = (part.terms.clone(), part.share_of(self.remaining()));
        self.wait_again(now);
        let attempt = self.new_attempt(verb, &terms, amount, now);
        // Its token was kept when its owner brought it; a desk cannot show a bank's page.
        let consent = Consent::Earlier;
        self.attempts.push(Attempt { tender: Some(number), consent, ..attempt });
        true
    }

    /// Reservations that are neither taken nor given up, oldest first.
    fn uncaptured(&self) -> impl Iterator<Item = &Attempt> {
        let reserved = self.attempts.iter().filter(|attempt| {
            attempt.verb == Verb::Authorize && attempt.state == AttemptState::Succeeded
        });
        reserved.filter(|reservation| {
            let is_of = |attempt: &&Attempt| {
                attempt.of.as_ref().is_some_and(|of| of.key == reservation.key)
            };
            !self.attempts.iter().filter(is_of).any(|attempt| match attempt.verb {
                Verb::Capture => attempt.state == AttemptState::Succeeded,
                verb => verb == Verb::Void,
            })
        })
    }

    fn capture_next(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let Some(reservation) = self.uncaptured().next().cloned() else {
            self.keep(facts, now)?;
            self.failure = None;
            return self.issue(None, facts, now);
        };
        self.wait_again(now);
        self.add_follow_up(Verb::Capture, &reservation, now);
        Ok(())
    }

    fn add_follow_up(&mut self, verb: Verb, reservation: &Attempt, now: Timestamp) {
        let (terms, amount) = (&reservation.terms, reservation.moved);
        let attempt = self.new_attempt(verb, terms, amount, now);
        let (of, tender) = (Some(reservation.charge_ref()), reservation.tender);
        self.attempts.push(Attempt { of, tender, ..attempt });
    }

    /// Writes down a void; it is begun when the loop comes to it, so several may be.
    fn add_void(&mut self, reservation: &Attempt, now: Timestamp) {
        self.add_follow_up(Verb::Void, reservation, now);
        if let Some(void) = self.attempts.last_mut() {
            void.state = AttemptState::Created;
        }
    }

    /// What a person had to find out is known.
    fn wait_again(&mut self, now: Timestamp) {
        if self.state == SaleState::UnderReview {
            self.enter(SaleState::AwaitingPayment, now);
        }
    }

    /// The sale is not to be: reservations are voided, and what was taken goes back.
    fn give_up(&mut self, why: Code, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let held = self.holding();
        self.release(facts, now)?;
        self.failure = Some(why);
        let reserved: Vec<_> = self.uncaptured().cloned().collect();
        reserved.iter().for_each(|reservation| self.add_void(reservation, now));
        if held == 0 {
            let expired = why == Code::PaymentExpired;
            self.enter(if expired { SaleState::Expired } else { SaleState::PaymentFailed }, now);
            return Ok(());
        }
        self.enter(SaleState::Returning, now);
        let posting = self.posting(0, PostingKind::CollectedReturned, now);
        let [holding, payable] = [Account::OrderHolding(self.id), Account::RefundPayable(self.id)];
        facts.post(posting.debit(holding, held).credit(payable, held));
        self.owed_back += held;
        self.tell_of_refund(held, facts, now)?;
        self.send_back(facts, now)
    }

    /// A part approved that nobody counted on any more.
    fn give_part_back(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if attempt.verb == Verb::Charge {
            return self.give_charge_back(attempt, facts, now);
        }
        self.unwanted.push(attempt.key.clone());
        self.add_void(attempt, now);
        Ok(())
    }

    fn give_charge_back(
        &mut self,
        charge: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if matches!(self.state, SaleState::PaymentFailed | SaleState::Expired) {
            let why = self.failure.unwrap_or(Code::PaymentExpired);
            return self.give_money_back(charge, why, facts, now);
        }
        self.return_charge(charge, facts, now)
    }

    fn collected_posting(&self, charge: &Attempt, now: Timestamp) -> Posting {
        self.posting(charge.number, PostingKind::Collected, now)
            .debit(Account::GatewayClearing(charge.terms.name.clone()), charge.moved)
            .credit(Account::OrderHolding(self.id), charge.moved)
    }
}
