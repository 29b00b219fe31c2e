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
            ) => self.return_failed(facts),
            (_, AttemptState::Created | AttemptState::Sent | AttemptState::Unknown) => Ok(()),
        }
    }

    fn charged(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let in_full = attempt.moved == self.total;
        if self.state.holds_places() {
            let change = if in_full { Quota::settle } else { Quota::release };
            self.change_places(facts, change)?;
        } else if !(in_full && self.retake_places(facts, now)?) {
            return self.give_money_back(attempt, Code::SoldOut, facts, now);
        }
        if !in_full {
            return self.give_money_back(attempt, Code::InsufficientFunds, facts, now);
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
        self.change_places(facts, Quota::release)?;
        self.failure = attempt.failure;
        let expired = attempt.failure == Some(Code::PaymentExpired);
        self.enter(if expired { SaleState::Expired } else { SaleState::PaymentFailed }, now);
        Ok(())
    }

    fn charge_in_doubt(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.enter(SaleState::UnderReview, now);
        let reason = "It is not known whether the card was charged.".to_owned();
        facts.owe(self.shard, Effect::SaleNeedsReview { sale: self.id, reason })
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
        self.start_refund(charge, now);
        facts.post(self.taken_posting(charge, now));
        Ok(())
    }

    /// Writes down a refund of everything `charge` took.
    pub(super) fn start_refund(&mut self, charge: &Attempt, now: Timestamp) {
        let number = u8::try_from(self.attempts.len() + 1).unwrap_or(u8::MAX);
        let key = attempt_key(self.shard, self.id, number, self.secret);
        let refund = Attempt::new(number, Verb::Refund, key, &charge.terms, charge.moved, now);
        self.attempts.push(refund);
    }

    fn returned(
        &mut self,
        attempt: &Attempt,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        self.enter(SaleState::Returned, now);
        facts.post(self.returned_posting(attempt, now));
        facts.owe(
            self.shard,
            Effect::PaymentReturned {
                sale: self.id,
                amount: attempt.moved,
                currency: self.currency.code().to_owned(),
            },
        )
    }

    fn return_failed(&mut self, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let reason = "The gateway did not take the refund of a payment that cannot be used.";
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

    /// Takes equal places for a late approval if all are free and the event is still to come.
    fn retake_places(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        if !matches!(self.state, SaleState::PaymentFailed | SaleState::Expired) {
            return Ok(false);
        }
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
