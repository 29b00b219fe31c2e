//! What a sale has taken, given back and still holds.

use super::{Entitlement, Fund, Sale};
use crate::attempt::{Attempt, AttemptState, ChargeRef, Verb};

impl Sale {
    /// Minor units of money it holds: what came in, by its own charges and with the ticket, and
    /// neither went back nor on.
    #[must_use]
    pub fn paid(&self) -> i64 {
        self.money_in() - self.money_back() - self.money_out()
    }

    /// Minor units that its own charges and persons took and that came with the ticket.
    #[must_use]
    pub fn money_in(&self) -> i64 {
        let others = self.carried.iter().chain(&self.taken_by_hand);
        let own = self.attempts.iter().filter(|attempt| attempt.verb.takes_money());
        let own = own.map(Attempt::money).sum::<i64>();
        own + others.map(|fund| fund.amount).sum::<i64>()
    }

    /// Minor units that gateways and people gave back.
    #[must_use]
    pub fn money_back(&self) -> i64 {
        let by_hand: i64 = self.hand_refunds.iter().map(|refund| refund.amount).sum();
        let refunds = self.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        by_hand - refunds.map(Attempt::money).sum::<i64>()
    }

    /// Minor units that went on with the ticket, without store credit.
    #[must_use]
    pub fn money_out(&self) -> i64 {
        self.moved_out
    }

    /// Minor units of store credit it was paid with.
    #[must_use]
    pub fn credit_used(&self) -> i64 {
        let amounts = self.entitlements.iter().filter_map(|entitlement| match entitlement {
            Entitlement::StoreCredit { amount, .. } => Some(*amount),
            _ => None,
        });
        amounts.sum()
    }

    /// Where its money is, last in first: what can still go back, charge by charge.
    #[must_use]
    pub fn funds(&self) -> Vec<Fund> {
        let succeeded = |attempt: &&Attempt| {
            attempt.verb.takes_money() && attempt.state == AttemptState::Succeeded
        };
        let own = self.attempts.iter().rev().filter(succeeded).map(|attempt| Fund {
            charge: attempt.charge_ref(),
            terms: attempt.terms.clone(),
            amount: attempt.moved,
        });
        let carried = self.carried.iter().chain(&self.taken_by_hand).rev().cloned();
        let left = own.chain(carried).map(|mut fund| {
            fund.amount -= self.refunded_of(&fund.charge);
            fund
        });
        without_oldest(left.filter(|fund| fund.amount > 0).collect(), self.moved_out)
    }

    /// Minor units of its price that were not paid back or promised back, store credit included.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.total - self.refunded()
    }

    /// Whether a gateway did not take a refund of this charge, so that a person sees to it.
    pub(super) fn is_stuck(&self, charge: &ChargeRef) -> bool {
        use AttemptState::{Declined, NotExecuted};
        self.refunds_of(charge).any(|refund| matches!(refund.state, Declined | NotExecuted))
    }

    /// Minor units of one charge that went back or are on their way.
    fn refunded_of(&self, charge: &ChargeRef) -> i64 {
        let by_gateway: i64 = self
            .refunds_of(charge)
            .map(|refund| if refund.state.may_move() { refund.amount } else { refund.moved })
            .sum();
        let by_hand = self.hand_refunds.iter().filter(|refund| refund.charge == charge.key);
        by_gateway + by_hand.map(|refund| refund.amount).sum::<i64>()
    }

    fn refunds_of(&self, charge: &ChargeRef) -> impl Iterator<Item = &Attempt> {
        let own = self.charge().map(Attempt::charge_ref);
        let refunds = self.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        refunds.filter(move |refund| {
            refund.of.as_ref().or(own.as_ref()).is_some_and(|of| of.key == charge.key)
        })
    }
}

/// Funds, the last one in first, without the `moved` minor units that went on with the ticket:
/// those were the ones that had come in first.
fn without_oldest(funds: Vec<Fund>, moved: i64) -> Vec<Fund> {
    let mut staying = funds.iter().map(|fund| fund.amount).sum::<i64>() - moved;
    let mut left = Vec::new();
    for mut fund in funds {
        fund.amount = fund.amount.min(staying);
        staying -= fund.amount;
        if fund.amount > 0 {
            left.push(fund);
        }
    }
    left
}
