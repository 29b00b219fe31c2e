//! Money that a person paid back by other means than a gateway: to a bank account, or over the
//! counter.

use serde::{Deserialize, Serialize};

use crate::attempt::{AttemptState, Verb};
use crate::facts::{Facts, Halt};
use crate::ledger::{Account, PostingKind};
use crate::refusal::{Code, Refusal};
use crate::sale::{Sale, SaleState};
use crate::time::Timestamp;

/// The most of them in one sale.
const HAND_REFUNDS_MAX: usize = 100;

/// Money of one charge that a person paid back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandRefund {
    /// When it was told.
    pub at: Timestamp,
    /// The key of the charge it belongs to.
    pub charge: String,
    /// Minor units.
    pub amount: i64,
    /// Who did it.
    pub by: String,
}

impl Sale {
    /// Takes a person's word that `amount` minor units of what is owed were paid back by hand.
    ///
    /// # Errors
    /// [`Code::RefundPending`] while a gateway may still pay, [`Code::RefundExceedsPaid`] for more
    /// than is owed.
    pub fn pay_by_hand(
        &mut self,
        amount: i64,
        by: &str,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        self.check_hand(amount)?;
        let mut left = amount;
        let (by_phone, others): (Vec<_>, Vec<_>) =
            self.funds().into_iter().partition(|fund| fund.terms.push.is_some());
        for fund in by_phone.into_iter().chain(others) {
            let (amount, charge, by) = (fund.amount.min(left), fund.charge.key, by.to_owned());
            if amount > 0 {
                self.hand_refunds.push(HandRefund { at: now, charge, amount, by });
                left -= amount;
            }
        }
        let step = u8::try_from(self.hand_refunds.len()).unwrap_or(u8::MAX);
        let posting = self.posting(step, PostingKind::Corrected, now);
        let payable = Account::RefundPayable(self.id);
        facts.post(posting.debit(payable, amount).credit(Account::Bank, amount));
        self.owed_back -= amount;
        self.changed_at = now;
        if self.state == SaleState::Returning && self.owed() <= 0 {
            self.enter(SaleState::Returned, now);
        }
        Ok(())
    }

    fn check_hand(&self, amount: i64) -> Result<(), Refusal> {
        let mut refunds = self.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        let may_pay = refunds.any(|it| it.state.is_open() || it.state == AttemptState::Review);
        if may_pay {
            let message = "A gateway may still pay this back; find out first what became of it.";
            return Err(Refusal::new(Code::RefundPending, message));
        }
        let fits = amount > 0 && amount <= self.owed();
        if !fits || self.hand_refunds.len() >= HAND_REFUNDS_MAX {
            let owed = self.money(self.owed().max(0)).text();
            let message = format!("{owed} is owed back, and no more can be paid by hand.");
            return Err(Refusal::new(Code::RefundExceedsPaid, message));
        }
        Ok(())
    }
}
