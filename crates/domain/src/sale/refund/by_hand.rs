//! Money that a person paid back by other means than a gateway: to a bank account, or over the
//! counter.

use serde::{Deserialize, Serialize};

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
        self.take_by_hand(amount, by, now);
        let step = u8::try_from(self.hand_refunds.len()).unwrap_or(u8::MAX);
        let posting = self.posting(step, PostingKind::Corrected, now);
        let payable = Account::RefundPayable(self.id);
        facts.post(posting.debit(payable, amount).credit(Account::Bank, amount));
        self.owed_back -= amount;
        self.changed_at = now;
        if self.state == SaleState::Returning && self.owed() <= 0 {
            self.enter(SaleState::Returned, now);
        }
        // What is still owed may be another charge's, which its gateway takes back.
        if self.owed() > 0 {
            self.send_back(facts, now)
        } else {
            self.withdraw_refund_task(facts, now)
        }
    }

    /// Charge by charge, those first that no gateway can give back.
    fn take_by_hand(&mut self, mut left: i64, by: &str, now: Timestamp) {
        let (by_phone, others): (Vec<_>, Vec<_>) =
            self.funds().into_iter().partition(|fund| fund.terms.is_refunded_by_hand());
        for fund in by_phone.into_iter().chain(others) {
            let (amount, charge, by) = (fund.amount.min(left), fund.charge.key, by.to_owned());
            if amount > 0 {
                self.hand_refunds.push(HandRefund { at: now, charge, amount, by });
                left -= amount;
            }
        }
    }

    fn check_hand(&self, amount: i64) -> Result<(), Refusal> {
        self.check_no_refund_open()?;
        // More than its charges hold could not be told charge by charge.
        let most = self.funds().iter().map(|fund| fund.amount).sum::<i64>().min(self.owed());
        let fits = amount > 0 && amount <= most;
        if !fits || self.hand_refunds.len() >= HAND_REFUNDS_MAX {
            let owed = self.money(most.max(0)).text();
            let message = format!("{owed} is owed back, and no more can be paid by hand.");
            return Err(Refusal::new(Code::RefundExceedsPaid, message));
        }
        Ok(())
    }
}
