//! What a settled attempt means for its sale: places, goods and books (table in [`super`]).

use super::tender::attempt_key;
use super::{Fund, Sale, SaleState};
use crate::agency;
use crate::attempt::{Attempt, AttemptState, GatewayTerms, Verb};
use crate::effect::Effect;
use crate::facts::{Facts, Halt};
use crate::ledger::{Account, Posting, PostingKind, Source};
use crate::refusal::Code;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;
use crate::transfer;

/// The most tries to move one sale's money; after that a person pays back by other means.
const ATTEMPTS_MAX: usize = 20;

/// How many more there may be for each part of a split tender: asked, captured and voided.
const ATTEMPTS_OF_PART_MAX: usize = 3;

impl Sale {
    /// Draws the consequences of an attempt that has just changed its state.
    pub(super) fn settle(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        match (attempt.verb, attempt.state) {
            (Verb::Charge | Verb::Authorize, AttemptState::Succeeded) => {
                self.charged(attempt, facts, now)
            }
            (
                Verb::Charge | Verb::Authorize,
                AttemptState::Declined | AttemptState::NotExecuted,
            ) => self.not_charged(attempt, facts, now),
            (Verb::Charge | Verb::Authorize, AttemptState::Review) => {
                self.charge_in_doubt(attempt, facts, now)
            }
            (Verb::Capture, AttemptState::Succeeded) => self.captured(attempt, facts, now),
            (Verb::Capture, AttemptState::Review) => self.capture_in_doubt(attempt, facts, now),
            (Verb::Void, AttemptState::Declined | AttemptState::Review) => {
                let text = "It is not known whether this reservation is free again; free it at the \
                            gateway.";
                self.ask_what_became(text, attempt, facts, now)
            }
            (Verb::Refund, AttemptState::Succeeded) => self.returned(attempt, facts, now),
            (Verb::Refund, AttemptState::Declined | AttemptState::NotExecuted) => {
                self.return_failed(attempt, facts, now)
            }
            (Verb::Refund, AttemptState::Review) => {
                let text = "It is not known whether this refund went through; pay nothing back.";
                self.ask_what_became(text, attempt, facts, now)
            }
            // The sale was settled when it gave the reservation up; the rest is a person's word.
            (Verb::Void, AttemptState::Succeeded | AttemptState::NotExecuted)
            | (Verb::Capture, AttemptState::Declined | AttemptState::NotExecuted)
            | (
                _,
                AttemptState::Created
                | AttemptState::Sent
                | AttemptState::Unknown
                | AttemptState::Pending,
            ) => Ok(()),
        }
    }

    fn charged(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.is_split() {
            return self.part_approved(attempt, facts, now);
        }
        if self.origin.is_some() {
            return transfer::charged(self, attempt, facts, now);
        }
        if attempt.moved != attempt.amount {
            if self.state.holds_places() {
                self.release(facts, now)?;
            }
            return self.give_money_back(attempt, Code::InsufficientFunds, facts, now);
        }
        if let Some(why) = agency::refuses(self, facts)? {
            return self.give_money_back(attempt, why, facts, now);
        }
        if !self.secure(facts, now)? {
            return self.give_money_back(attempt, Code::SoldOut, facts, now);
        }
        self.failure = None;
        self.issue(Some(attempt), facts, now)
    }

    /// Makes what is held sold, or finds equal things for a late approval.
    fn secure(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        if self.state.holds_places() {
            self.keep(facts, now)?;
            return Ok(true);
        }
        self.retake(facts, now)
    }

    fn not_charged(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.is_split() {
            return self.part_failed(attempt, facts, now);
        }
        if self.origin.is_some() {
            return transfer::not_charged(self, attempt, facts, now);
        }
        if !self.state.holds_places() {
            return Ok(());
        }
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::QuotaKept) {
            self.enter(SaleState::PaymentFailed, now);
            return Ok(());
        }
        self.release(facts, now)?;
        agency::failed(self, facts, now)?;
        self.failure = attempt.failure;
        let expired = attempt.failure == Some(Code::PaymentExpired);
        self.enter(if expired { SaleState::Expired } else { SaleState::PaymentFailed }, now);
        Ok(())
    }

    fn charge_in_doubt(
        &mut self,
        charge: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.state.holds_places() {
            self.enter(SaleState::UnderReview, now);
        }
        self.ask_what_became("It is not known whether the payer was charged.", charge, facts, now)
    }

    pub(crate) fn give_money_back(
        &mut self,
        charge: &Attempt,
        why: Code,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        agency::failed(self, facts, now)?;
        self.failure = Some(why);
        self.enter(SaleState::Returning, now);
        facts.post(self.taken_posting(charge, now));
        self.owed_back += charge.moved;
        self.tell_of_refund(charge.moved, facts, now)?;
        self.send_back(facts, now)
    }

    /// Minor units that are promised back and not taken by a gateway yet.
    #[must_use]
    pub fn owed(&self) -> i64 {
        match self.state {
            // Everything it has goes back; orders of the first version kept no count of it.
            SaleState::Returning | SaleState::Returned => self.paid(),
            _ => self.owed_back,
        }
    }

    /// Writes down a refund of what is owed, of one charge; false when nothing is, an earlier one
    /// is open, that was tried too often, or no charge is left that could go back.
    pub(crate) fn start_refund(&mut self, now: Timestamp) -> bool {
        // Payments by phone cannot be taken back; a person does that.
        let (by_phone, mut others): (Vec<_>, Vec<_>) =
            self.funds().into_iter().partition(|fund| fund.terms.is_refunded_by_hand());
        let is_unwanted = |fund: &Fund| self.unwanted.contains(&fund.charge.key);
        let by_hand = by_phone.iter().filter(|fund| is_unwanted(fund)).map(|fund| fund.amount);
        let owed = self.owed() - by_hand.sum::<i64>();
        let may_start = owed > 0 && !self.has_open_refund() && self.may_try_again();
        others.sort_by_key(|fund| !is_unwanted(fund));
        let Some(fund) = others.into_iter().next().filter(|_| may_start) else { return false };
        let amount = owed.min(fund.amount);
        self.add_refund(fund, amount, now);
        true
    }

    fn may_try_again(&self) -> bool {
        self.attempts.len() < ATTEMPTS_MAX + ATTEMPTS_OF_PART_MAX * self.tenders.len()
    }

    /// A sale that may be charged again, or whose money came from elsewhere, says which charge.
    fn add_refund(&mut self, fund: Fund, amount: i64, now: Timestamp) {
        let is_only =
            !self.is_split() && self.charge().is_some_and(|charge| charge.key == fund.charge.key);
        let of = (self.origin.is_some() || !is_only).then_some(fund.charge);
        let refund = self.new_attempt(Verb::Refund, &fund.terms, amount, now);
        self.attempts.push(Attempt { of, ..refund });
    }

    /// Writes down one more try to charge; `card` is the hash under which declines are counted.
    pub(crate) fn add_charge(
        &mut self,
        terms: &GatewayTerms,
        amount: i64,
        card: Option<u128>,
        now: Timestamp,
    ) {
        let charge = self.new_attempt(Verb::Charge, terms, amount, now);
        self.attempts.push(Attempt { card, ..charge });
    }

    pub(super) fn new_attempt(
        &self,
        verb: Verb,
        terms: &GatewayTerms,
        amount: i64,
        now: Timestamp,
    ) -> Attempt {
        let number = u8::try_from(self.attempts.len() + 1).unwrap_or(u8::MAX);
        let key = attempt_key(self.shard, self.id, number, self.secret);
        Attempt::new(number, verb, key, terms, amount, now)
    }

    /// Owes back what a charge took that the sale has no use for; its goods stay as they are.
    pub(crate) fn return_charge(
        &mut self,
        charge: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        facts.post(self.taken_posting(charge, now));
        self.owed_back += charge.moved;
        self.unwanted.push(charge.key.clone());
        self.changed_at = now;
        let amount = charge.moved.min(self.owed());
        if self.state == SaleState::Returned && amount > 0 {
            self.enter(SaleState::Returning, now);
        }
        self.tell_of_refund(amount, facts, now)?;
        let may_start = self.may_try_again() && !self.has_open_refund();
        if may_start && amount > 0 && !charge.terms.is_refunded_by_hand() {
            let terms = charge.terms.clone();
            self.add_refund(Fund { charge: charge.charge_ref(), terms, amount }, amount, now);
            return Ok(());
        }
        self.send_back(facts, now)
    }

    fn returned(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        facts.post(self.returned_posting(attempt, now));
        self.owed_back -= attempt.moved;
        let left = self.owed();
        if left > 0 {
            // The gateway gave back less than asked, or another charge is next.
            return self.send_back(facts, now);
        }
        self.withdraw_refund_task(facts, now)?;
        if self.state == SaleState::Returning {
            self.enter(SaleState::Returned, now);
            let (sale, amount) = (self.id, self.money_back());
            let currency = self.currency.code().to_owned();
            // A refund that was ordered is no news to the operator.
            if self.refunds.is_empty() {
                facts.owe(self.shard, Effect::PaymentReturned { sale, amount, currency })?;
            }
        }
        if left < 0 {
            return self.ask_about_too_much(-left, facts, now);
        }
        Ok(())
    }

    fn return_failed(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        // Another refund may have got through meanwhile, or is under way.
        if self.owed() <= 0 || self.has_open_refund() {
            return Ok(());
        }
        let text = "The gateway did not take a refund; the money is still owed.";
        let amount = attempt.amount.min(self.owed());
        self.ask_to_pay_back(TaskKind::RefundFailed, amount, text, facts, now)?;
        self.refund_others(now);
        Ok(())
    }

    /// A charge that its gateway does not take back holds up no other: writes down a refund of what
    /// is owed beside those that a person sees to. False when nothing is, or that was tried too
    /// often.
    pub(crate) fn refund_others(&mut self, now: Timestamp) -> bool {
        let is_stuck =
            |fund: &Fund| fund.terms.is_refunded_by_hand() || self.is_stuck(&fund.charge);
        let (stuck, others): (Vec<_>, Vec<_>) = self.funds().into_iter().partition(is_stuck);
        let owed = self.owed() - stuck.iter().map(|fund| fund.amount).sum::<i64>();
        let may_start = owed > 0 && self.may_try_again();
        let Some(fund) = others.into_iter().next().filter(|_| may_start) else { return false };
        let amount = owed.min(fund.amount);
        self.add_refund(fund, amount, now);
        true
    }

    fn ask_about_too_much(
        &self,
        amount: i64,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let text = "More was paid back than was owed.".to_owned();
        let (kind, money) = (TaskKind::RefundFailed, Some(self.money(amount)));
        let (sale, transfer, reason) = (Some(self.id), None, text.clone());
        ask_person(facts, self.shard, NewTask { kind, sale, transfer, money, text }, now)?;
        facts.owe(self.shard, Effect::SaleNeedsReview { sale: self.id, reason })
    }

    /// Writes down that a person must find out about a payment, with the key that names it at the
    /// gateway and in the verdict, and a notice for the operator's alerts.
    pub(super) fn ask_what_became(
        &self,
        text: &str,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let (kind, money) = (TaskKind::PaymentInDoubt, Some(self.money(attempt.amount)));
        let (sale, transfer) = (Some(self.id), None);
        let told = format!("{text} The payment's key is {}.", attempt.key);
        ask_person(facts, self.shard, NewTask { kind, sale, transfer, money, text: told }, now)?;
        let reason = text.to_owned();
        facts.owe(self.shard, Effect::SaleNeedsReview { sale: self.id, reason })
    }

    fn taken_posting(&self, attempt: &Attempt, now: Timestamp) -> Posting {
        self.posting(attempt.number, PostingKind::TakenForReturn, now)
            .debit(Account::GatewayClearing(attempt.terms.name.clone()), attempt.moved)
            .credit(Account::RefundPayable(self.id), attempt.moved)
    }

    fn returned_posting(&self, attempt: &Attempt, now: Timestamp) -> Posting {
        self.posting(attempt.number, PostingKind::Returned, now)
            .debit(Account::RefundPayable(self.id), attempt.moved)
            .credit(Account::GatewayClearing(attempt.terms.name.clone()), attempt.moved)
    }

    /// An empty posting about this sale.
    pub(crate) fn posting(&self, step: u8, kind: PostingKind, at: Timestamp) -> Posting {
        Posting {
            shard: self.shard,
            source: Source::Sale(self.id),
            step,
            kind,
            at,
            currency: self.currency,
            legs: Vec::new(),
        }
    }
}
