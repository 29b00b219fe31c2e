//! What a settled attempt means for its sale: places, tickets and books (table in [`super`]).

use super::place::attempt_key;
use super::{Place, Sale, SaleState};
use crate::attempt::{Attempt, AttemptState, Verb};
use crate::catalogue::Event;
use crate::effect::Effect;
use crate::facts::{Facts, Halt, Key};
use crate::ledger::{Account, Posting, PostingKind};
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::Code;
use crate::time::Timestamp;

/// The most tries to move one sale's money; after that a person pays back by other means.
pub(super) const ATTEMPTS_MAX: usize = 20;

impl Sale {
    /// Draws the consequences of an attempt that has just changed its state.
    pub(super) fn settle(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        match (attempt.verb, attempt.state) {
            (Verb::Charge, AttemptState::Succeeded) => self.charged(attempt, facts, now),
            (Verb::Charge, AttemptState::Declined | AttemptState::NotExecuted) => {
                self.not_charged(attempt, facts, now)
            }
            (Verb::Charge, AttemptState::Review) => self.charge_in_doubt(facts, now),
            (Verb::Refund, AttemptState::Succeeded) => self.returned(attempt, facts, now),
            (
                Verb::Refund,
                AttemptState::Declined | AttemptState::NotExecuted | AttemptState::Review,
            ) => self.return_failed(attempt, facts),
            (_, AttemptState::Created | AttemptState::Sent | AttemptState::Unknown) => Ok(()),
        }
    }

    fn charged(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if attempt.moved != self.total {
            if self.state.holds_places() {
                self.change_places(facts, Quota::release)?;
            }
            return self.give_money_back(attempt, Code::InsufficientFunds, facts, now);
        }
        if !self.secure_places(facts, now)? {
            return self.give_money_back(attempt, Code::SoldOut, facts, now);
        }
        self.failure = None;
        self.enter(SaleState::Issued, now);
        facts.post(self.sold_posting(attempt, now));
        Ok(())
    }

    fn not_charged(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if !self.state.holds_places() {
            return Ok(());
        }
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::QuotaKept) {
            self.enter(SaleState::PaymentFailed, now);
            return Ok(());
        }
        self.change_places(facts, Quota::release)?;
        self.failure = attempt.failure;
        let expired = attempt.failure == Some(Code::PaymentExpired);
        self.enter(if expired { SaleState::Expired } else { SaleState::PaymentFailed }, now);
        Ok(())
    }

    fn charge_in_doubt(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.enter(SaleState::UnderReview, now);
        self.ask_person("It is not known whether the card was charged.", facts)
    }

    fn give_money_back(
        &mut self,
        charge: &Attempt,
        why: Code,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        self.failure = Some(why);
        self.enter(SaleState::Returning, now);
        facts.post(self.taken_posting(charge, now));
        self.start_refund(now);
        Ok(())
    }

    /// Writes down a refund of what has not gone back yet; false when that was tried too often.
    pub(super) fn start_refund(&mut self, now: Timestamp) -> bool {
        let Some(terms) = self.charge().map(|charge| charge.terms.clone()) else { return false };
        if self.attempts.len() >= ATTEMPTS_MAX {
            return false;
        }
        let number = u8::try_from(self.attempts.len() + 1).unwrap_or(u8::MAX);
        let key = attempt_key(self.shard, self.id, number, self.secret);
        self.attempts.push(Attempt::new(number, Verb::Refund, key, &terms, self.paid(), now));
        true
    }

    fn returned(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        facts.post(self.returned_posting(attempt, now));
        let left = self.paid();
        if left > 0 {
            return self.return_rest(facts, now);
        }
        if self.state == SaleState::Returning {
            self.enter(SaleState::Returned, now);
            let (sale, amount) = (self.id, self.charge().map_or(0, |charge| charge.moved));
            let currency = self.currency.code().to_owned();
            facts.owe(self.shard, Effect::PaymentReturned { sale, amount, currency })?;
        }
        if left < 0 {
            return self.ask_person("More was paid back than was taken.", facts);
        }
        Ok(())
    }

    /// The gateway gave back less than asked: the rest is still owed.
    fn return_rest(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if self.due().is_some() || self.start_refund(now) {
            return Ok(());
        }
        self.ask_person("A payment that cannot be used came back in part only.", facts)
    }

    fn return_failed(&mut self, attempt: &Attempt, facts: &mut Facts<'_>) -> Result<(), Halt> {
        if self.state == SaleState::Returned && attempt.state != AttemptState::Review {
            return Ok(());
        }
        let reason = "The gateway did not take the refund of a payment that cannot be used.";
        self.ask_person(reason, facts)
    }

    fn ask_person(&self, reason: &str, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let reason = reason.to_owned();
        facts.owe(self.shard, Effect::SaleNeedsReview { sale: self.id, reason })
    }

    fn change_places(
        &self,
        facts: &mut Facts<'_>,
        change: impl Fn(&mut Quota, u32),
    ) -> Result<(), Halt> {
        for Place { quota, count } in &self.places {
            let key = Key::number(self.shard, Kind::Quota, quota.0);
            if let Some(quota) = facts.edit::<Quota>(key)? {
                change(quota, *count);
            }
        }
        Ok(())
    }

    /// Makes held places sold, or finds equal ones for a late approval.
    fn secure_places(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        if self.state.holds_places() {
            self.change_places(facts, Quota::settle)?;
            return Ok(true);
        }
        self.retake_places(facts, now)
    }

    /// Takes equal places for a late approval if all are free and the event is still to come.
    fn retake_places(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        let event = facts.look::<Event>(Key::number(self.shard, Kind::Event, self.event.0))?;
        if !event.is_some_and(|event| event.still_to_come(now)) {
            return Ok(false);
        }
        for Place { quota, count } in &self.places {
            let quota = facts.look::<Quota>(Key::number(self.shard, Kind::Quota, quota.0))?;
            if quota.and_then(Quota::free).is_some_and(|free| free < *count) {
                return Ok(false);
            }
        }
        self.change_places(facts, |quota, count| quota.sold += count)?;
        Ok(true)
    }

    fn sold_posting(&self, attempt: &Attempt, now: Timestamp) -> Posting {
        self.posting(attempt, PostingKind::Sold, now)
            .debit(Account::GatewayClearing(attempt.terms.name.clone()), attempt.moved)
            .credit(Account::OwnerPayable(self.event), attempt.moved - self.fee)
            .credit(Account::PlatformFeeIncome, self.fee)
    }

    fn taken_posting(&self, attempt: &Attempt, now: Timestamp) -> Posting {
        self.posting(attempt, PostingKind::TakenForReturn, now)
            .debit(Account::GatewayClearing(attempt.terms.name.clone()), attempt.moved)
            .credit(Account::RefundPayable(self.id), attempt.moved)
    }

    fn returned_posting(&self, attempt: &Attempt, now: Timestamp) -> Posting {
        self.posting(attempt, PostingKind::Returned, now)
            .debit(Account::RefundPayable(self.id), attempt.moved)
            .credit(Account::GatewayClearing(attempt.terms.name.clone()), attempt.moved)
    }

    fn posting(&self, attempt: &Attempt, kind: PostingKind, at: Timestamp) -> Posting {
        Posting {
            shard: self.shard,
            sale: self.id,
            attempt: attempt.number,
            kind,
            at,
            currency: self.currency,
            legs: Vec::new(),
        }
    }
}
