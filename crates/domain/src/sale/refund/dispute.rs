//! Money that a holder's bank took back: a dispute that was lost (`payments.md` §7.2).
//!
//! It is a refund that nobody here ordered and that has happened already: what is promised back and
//! what the gateway has taken back are booked in one commit, so that the loss is the seller's and
//! the gateway owes so much less. The platform keeps its fee, because it did what it was paid for.
//!
//! The tickets stay good: a dispute may be about a part, often ends long after the event, and who
//! holds a ticket may be another person than who paid. Ending them is a person's decision, at
//! `/ticketOrder/cancel`.

use crate::agency;
use crate::attempt::{Approval, Attempt, CallResult, Verb};
use crate::books::owe;
use crate::facts::{Facts, Halt};
use crate::ledger::{Account, PostingKind};
use crate::money::Money;
use crate::refusal::{Code, Refusal};
use crate::sale::{Fund, Refund, Sale};
use crate::time::Timestamp;

/// A dispute that the bank has decided for the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostDispute {
    /// The gateway's own name of it.
    pub name: String,
    /// The key of the charge it is about.
    pub charge: String,
    /// What the bank took back.
    pub money: Money,
}

impl Sale {
    /// Whether a dispute about one of its charges was lost.
    #[must_use]
    pub fn is_disputed(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.disputed)
    }

    /// Books that a dispute was lost; nothing when it was booked before.
    ///
    /// # Errors
    /// [`Code::RefundExceedsPaid`] when so much of the charge is not there any more, because it
    /// went back or on with the ticket; [`Code::NotRefundable`], [`Code::RefundPending`] and
    /// [`Code::TransferPending`] where a person must see to it; [`Halt::Missing`].
    pub fn lose_dispute(
        &mut self,
        lost: &LostDispute,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.attempts.iter().any(|attempt| attempt.disputed && attempt.key == lost.name) {
            return Ok(());
        }
        self.check_refundable()?;
        self.check_covered(lost.money.amount)?;
        let fund = self.fund_of(lost)?;
        agency::refunded(self, lost.money.amount, facts, now)?;
        let refund = self.loss(lost, now);
        let posting = self
            .posting(refund.number, PostingKind::RefundOrdered, now)
            .credit(Account::RefundPayable(self.id), lost.money.amount);
        let posting = self.book_tax_back(posting, lost.money.amount, facts)?;
        let owner = posting.sum();
        let posting = owe(facts, posting, self.owed_for(), owner)?;
        facts.post(posting);
        self.refunds.push(refund);
        self.owed_back += lost.money.amount;
        self.changed_at = now;
        let attempt = self.taken_back(lost, fund, now);
        self.attempts.push(attempt.clone());
        self.settle(&attempt, facts, now)
    }

    fn fund_of(&self, lost: &LostDispute) -> Result<Fund, Refusal> {
        let Money { amount, currency } = lost.money;
        let fits = |fund: &Fund| fund.charge.key == lost.charge && fund.amount >= amount;
        let is_right = amount > 0 && currency == self.currency;
        let fund = self.funds().into_iter().find(|fund| is_right && fits(fund));
        fund.ok_or_else(|| {
            let message = "So much of this charge is not with the order any more.";
            Refusal::new(Code::RefundExceedsPaid, message)
        })
    }

    fn loss(&self, lost: &LostDispute, now: Timestamp) -> Refund {
        Refund {
            number: self.next_refund_number(),
            at: now,
            money: lost.money.amount,
            credit: 0,
            fee: 0,
            admissions: Vec::new(),
            reason: format!("dispute {} was lost", lost.name),
            by: String::new(),
            reference: None,
            what: None,
        }
    }

    /// What the bank did, as if it were a refund that the gateway has taken.
    fn taken_back(&self, lost: &LostDispute, fund: Fund, now: Timestamp) -> Attempt {
        let mut attempt = self.new_attempt(Verb::Refund, &fund.terms, lost.money.amount, now);
        let reference = lost.name.clone();
        attempt.key = lost.name.clone();
        attempt.of = Some(fund.charge);
        attempt.disputed = true;
        let taken = Approval { reference, ..Approval::default() };
        attempt.record(&CallResult::Approved(taken), now);
        attempt
    }
}
