//! Refunds of what is live: the goods end, the money is promised back, and the books say so, all in
//! one commit (`payments.md` §6.7, `domain.md` §7.1).
//!
//! Store credit goes back to the card it came from, as far as it was used; only the rest goes back
//! by the gateways, charge by charge, last in first out. Whether the gateway takes the refund
//! changes nothing for the goods: a refund that fails stays owed (`refund_payable`) and becomes a
//! task for a person, whose word or new try ends it.
//!
//! What must hold of a sale at all times: `paid() - owed_back + credit_used()` is `total` less what
//! [`Sale::refunded`] says, while it is live; and the balance of its `refund_payable` is what is
//! owed back and has not left.

mod asked;
mod by_hand;
mod command;
mod dispute;
mod goods;

use serde::{Deserialize, Serialize};

pub use self::by_hand::HandRefund;
pub use self::command::{CancelSale, RefundSale, RefundedSale, RetryRefund};
pub(crate) use self::command::{find, refund_one, with_house};
pub use self::dispute::LostDispute;
use self::goods::Ended;
use super::{CardPrice, Entitlement, Goods, Refund, Sale, SaleState};
use crate::attempt::{AttemptState, Verb};
use crate::books::{OwedFor, owe};
use crate::card::return_credit;
use crate::catalogue::Organiser;
use crate::club;
use crate::effect::MailContent;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{CardId, Shard};
use crate::ledger::{Account, Posting, PostingKind};
use crate::mailing::write_to_buyer;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::task::TaskKind;
use crate::time::Timestamp;

/// The most refunds of one sale: more than its admissions and a few kindnesses.
pub const REFUNDS_MAX: usize = 100;

/// What is to be paid back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundWhat {
    /// Everything that is left.
    Whole,
    /// These admissions, from 1; the others stay good.
    Admissions(Vec<u16>),
    /// So many minor units; the goods stay good.
    Amount(i64),
    /// So many minor units of a payment of a contract; `None` for all that is left of it.
    Payment(Option<i64>),
    /// These season cards of the order, unused, at the price that was paid for them.
    Cards(Vec<CardId>),
    /// One season card that was used: it ends, and so many minor units of its price go back.
    PartOfCard {
        /// Which card.
        card: CardId,
        /// Minor units; at most what was paid for it.
        amount: i64,
    },
}

/// That something is to be paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// What.
    pub what: RefundWhat,
    /// Why, for the record.
    pub reason: String,
    /// Who asks for it.
    pub by: String,
    /// Whether the platform gives up its part of the price; without a word the organiser's own
    /// rule decides ([`fee_returned`]).
    pub fee_returned: Option<bool>,
    /// Used tickets, passes and cards, too.
    pub force: bool,
    /// The caller's name for it; the same name again is the same refund.
    pub reference: Option<String>,
}

/// Whether a seller's platform fee goes back with the money: its own setting, by default yes
/// (`payments.md` §7.2).
///
/// # Errors
/// [`Halt::Missing`]
pub fn fee_returned(facts: &Facts<'_>, shard: Shard) -> Result<bool, Halt> {
    let organiser = facts.look::<Organiser>(Key::number(shard, Kind::Organiser, 0))?;
    Ok(!organiser.is_some_and(|organiser| organiser.rules.fee_kept_on_refund))
}

impl Sale {
    /// Ends what is asked for and promises its price back. The tickets are unusable from this
    /// commit on; places, seats and rights are free for others. The gateways are called after it:
    /// `Sale::next_refund_call` says with what.
    ///
    /// # Errors
    /// [`Code::NotRefundable`], [`Code::RefundPending`], [`Code::TransferPending`],
    /// [`Code::TicketUsed`], [`Code::RefundExceedsPaid`], [`Code::ValidationFailed`],
    /// [`Halt::Missing`].
    pub fn order_refund(
        &mut self,
        request: &RefundRequest,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Refund, Halt> {
        if !matches!(request.what, RefundWhat::Payment(_)) {
            self.check_no_contract()?;
        }
        self.check_refundable()?;
        let before = self.refunded();
        let ended = self.end_goods(request, facts, now)?;
        let credit = ended.value.min(self.credit_used());
        let money = ended.value - credit;
        self.check_covered(money)?;
        let returned = request.fee_returned.map_or_else(|| fee_returned(facts, self.shard), Ok)?;
        let fee = if returned { self.fee_of(&ended, before) } else { 0 };
        let refund = Refund {
            number: self.next_refund_number(),
            at: now,
            money,
            credit,
            fee,
            admissions: if ended.all { Vec::new() } else { ended.admissions.clone() },
            reason: request.reason.clone(),
            by: request.by.clone(),
            reference: request.reference.clone(),
            what: request.reference.as_ref().map(|_| request.what.clone()),
        };
        self.book_refund(&refund, &ended, facts, now)?;
        self.refunds.push(refund.clone());
        if ended.all {
            // Credit went back above and is no longer among them.
            self.return_entitlements(facts, now)?;
        }
        self.promise(money, ended.all, facts, now)?;
        // What is set off against money that went back twice does not come.
        self.tell_of_refund(money.min(self.owed()), facts, now)?;
        Ok(refund)
    }

    /// Tells the buyer that so many minor units are on their way back.
    pub(crate) fn tell_of_refund(
        &self,
        amount: i64,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let content = MailContent::RefundStarted { sale: self.id, amount };
        if amount > 0 { write_to_buyer(self, self.shard, content, facts, now) } else { Ok(()) }
    }

    /// Minor units of its price that were promised back, in money and in credit.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.money + refund.credit).sum()
    }

    /// The refund that was asked for under the name of `request`, if there is one.
    ///
    /// # Errors
    /// [`Code::IdempotencyConflict`] when somebody else or something else was meant by that name.
    pub fn refund_named_by(&self, request: &RefundRequest) -> Result<Option<&Refund>, Refusal> {
        let Some(name) = &request.reference else { return Ok(None) };
        let named = self.refunds.iter().find(|refund| refund.reference.as_ref() == Some(name));
        let Some(refund) = named else { return Ok(None) };
        let is_same = refund.what.as_ref().is_none_or(|what| *what == request.what);
        if is_same && refund.by == request.by {
            return Ok(Some(refund));
        }
        let message = "This key was used for another refund of the order; use a new one.";
        Err(Refusal::new(Code::IdempotencyConflict, message))
    }

    /// The other club whose season card was used for it: whoever refunds it locks that, too.
    #[must_use]
    pub fn card_seller(&self) -> Option<Shard> {
        self.card_sellers().find(|seller| *seller != self.shard)
    }

    /// Whether an admission, counted from 1, lets anybody in: the sale is live and this part of it
    /// was not paid back.
    #[must_use]
    pub fn is_good(&self, admission: u16) -> bool {
        let exists = admission >= 1 && u32::from(admission) <= self.admissions();
        exists && self.state == SaleState::Issued && !self.is_paid_back(admission)
    }

    /// The numbered seats it has, without those of admissions that were paid back.
    #[must_use]
    pub fn seats_held(&self) -> Vec<crate::seating::SeatAddress> {
        let numbered = (1_u16..).zip(&self.seats);
        numbered.filter(|(number, _)| !self.is_paid_back(*number)).map(|(_, seat)| *seat).collect()
    }

    fn is_paid_back(&self, admission: u16) -> bool {
        self.refunds.iter().any(|refund| refund.admissions.contains(&admission))
    }

    fn check_no_contract(&self) -> Result<(), Refusal> {
        if !matches!(self.goods, Goods::Contract { .. } | Goods::Instalment { .. }) {
            return Ok(());
        }
        let message = "A payment of a contract is paid back at /sales/contracts.";
        Err(Refusal::new(Code::NotRefundable, message))
    }

    fn check_refundable(&self) -> Result<(), Refusal> {
        let refuse = |code, message: &str| Err(Refusal::new(code, message));
        match self.state {
            SaleState::Issued => {}
            SaleState::Returning => {
                return refuse(Code::RefundPending, "Its money is on its way back already.");
            }
            SaleState::Returned => {
                return refuse(Code::NotRefundable, "It was paid back before.");
            }
            SaleState::Transferred => {
                let message = "The ticket was moved; refund the ticket that replaced it.";
                return refuse(Code::NotRefundable, message);
            }
            SaleState::Cancelled => {
                return refuse(Code::NotRefundable, "It was cancelled without a refund.");
            }
            SaleState::AwaitingPayment | SaleState::UnderReview => {
                return refuse(Code::NotRefundable, "It is not paid yet.");
            }
            SaleState::PaymentFailed | SaleState::Expired => {
                return refuse(Code::NotRefundable, "It was never paid.");
            }
        }
        if self.locked_by.is_some() {
            let message = "A transfer of the ticket waits for its payment; cancel that first.";
            return refuse(Code::TransferPending, message);
        }
        self.check_no_refund_open()?;
        if self.refunds.len() >= REFUNDS_MAX {
            return refuse(
                Code::NotRefundable,
                "It was refunded in too many parts; refund by hand.",
            );
        }
        Ok(())
    }

    /// Whether a refund may still go through, or a person must find out whether it did. Until that
    /// is known no other one is begun: the same money must not go back twice.
    #[must_use]
    pub fn has_open_refund(&self) -> bool {
        let mut attempts = self.attempts.iter();
        attempts.any(|attempt| attempt.verb == Verb::Refund && attempt.state.may_move())
    }

    fn check_no_refund_open(&self) -> Result<(), Refusal> {
        if !self.has_open_refund() {
            return Ok(());
        }
        let mut refunds = self.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        let message = if refunds.any(|refund| refund.state == AttemptState::Review) {
            "It is not known whether an earlier refund went through; ask the gateway and say what \
             it tells, at /ticketOrder/review."
        } else {
            "An earlier refund of it is still under way; try again when it is done."
        };
        Err(Refusal::new(Code::RefundPending, message))
    }

    /// No more may be promised than came in and was not promised before (`payments.md` §6.7).
    fn check_covered(&self, money: i64) -> Result<(), Refusal> {
        let left = self.paid() - self.owed_back;
        if money > left {
            let message = format!("Only {} is left to pay back.", self.money(left.max(0)).text());
            return Err(Refusal::new(Code::RefundExceedsPaid, message));
        }
        Ok(())
    }

    /// The platform's part of what ends, after `before` minor units of the price were given back.
    fn fee_of(&self, ended: &Ended, before: i64) -> i64 {
        if let Goods::Cards { types, cards, .. } = &self.goods {
            let fees = ended.cards.iter().map(|card| self.fee_of_card(card, types, cards));
            return fees.sum();
        }
        share(self.fee, self.total, before, ended.value)
    }

    /// The platform earns on a card's price without its credit, which is the buyer's own money
    /// ([`super::PlaceCards`]); of a card that is paid back in part, that part.
    fn fee_of_card(&self, ended: &EndedCard, types: &[CardPrice], cards: &[CardId]) -> i64 {
        let Some(index) = cards.iter().position(|card| *card == ended.id) else { return 0 };
        let earned = |of: &[CardPrice]| of.iter().map(CardPrice::earned).sum::<i64>();
        let own = earned(&types[index..=index]);
        let fee = share(self.fee, earned(types), earned(&types[..index]), own);
        proportion(fee, ended.value, types[index].price)
    }

    fn book_refund(
        &mut self,
        refund: &Refund,
        ended: &Ended,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let posting = self
            .posting(refund.number, PostingKind::RefundOrdered, now)
            .debit(Account::PlatformFeeIncome, refund.fee)
            .credit(Account::RefundPayable(self.id), refund.money);
        let posting = end_credit(posting, &ended.cards);
        let posting = self.book_tax_back(posting, ended.value, facts)?;
        let posting = self.restore_credit(refund, posting, facts, now)?;
        // Whatever the other legs leave open is the organiser's.
        let owner = posting.sum();
        let posting = owe(facts, posting, self.owed_for(), owner)?;
        facts.post(posting);
        Ok(())
    }

    /// The tax in a price goes back with it, in the same part.
    fn book_tax_back(
        &self,
        posting: Posting,
        value: i64,
        facts: &Facts<'_>,
    ) -> Result<Posting, Halt> {
        let (tax, jurisdiction) = match &self.goods {
            Goods::Order { tax, tax_jurisdiction, .. }
            | Goods::Instalment { tax, tax_jurisdiction, .. } => (*tax, tax_jurisdiction.clone()),
            Goods::Contract { contract } => club::refund::tax_of(self, *contract, facts)?,
            _ => return Ok(posting),
        };
        let part = share(tax, self.total, self.refunded(), value);
        Ok(posting.debit(Account::TaxPayable(jurisdiction), part))
    }

    fn next_refund_number(&self) -> u8 {
        u8::try_from(self.refunds.len() + 1).unwrap_or(u8::MAX)
    }

    /// What was left on cards that end without a refund is the club's.
    fn book_cancelled(
        &self,
        cards: &[EndedCard],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        // No refund comes after it, so the number is free for good.
        let posting = self.posting(self.next_refund_number(), PostingKind::RefundOrdered, now);
        let posting = end_credit(posting, cards);
        let owner = posting.sum();
        let posting = owe(facts, posting, self.owed_for(), owner)?;
        facts.post(posting);
        Ok(())
    }

    fn owed_for(&self) -> OwedFor {
        match self.goods {
            Goods::Admissions => OwedFor::Event(self.event),
            Goods::Pass { .. } => OwedFor::Passes,
            Goods::Cards { .. } => OwedFor::Cards,
            Goods::Order { .. } => OwedFor::Orders,
            Goods::Contract { contract } | Goods::Instalment { contract, .. } => {
                OwedFor::Contract(contract)
            }
        }
    }

    /// Gives store credit back to the cards it came from. It was spent where the card's club keeps
    /// it, so the credit of another club's card is restored in that club's books.
    fn restore_credit(
        &mut self,
        refund: &Refund,
        mut posting: Posting,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Posting, Halt> {
        let mut left = refund.credit;
        let mut foreign: Option<Posting> = None;
        let mut entitlements = std::mem::take(&mut self.entitlements);
        for entitlement in &mut entitlements {
            let Entitlement::StoreCredit { card, amount, .. } = entitlement else { continue };
            let part = left.min(*amount);
            *amount -= part;
            left -= part;
            return_credit(facts, *card, part, now)?;
            let (account, theirs) = (Account::StoreCredit(card.id), card.shard);
            if theirs == self.shard {
                posting = posting.credit(account, part);
                continue;
            }
            posting = posting.credit(Account::Between(theirs), part);
            let mut restored = foreign
                .take()
                .unwrap_or_else(|| self.posting(refund.number, PostingKind::CreditRestored, now));
            restored.shard = theirs;
            foreign =
                Some(restored.debit(Account::Between(self.shard), part).credit(account, part));
        }
        entitlements.retain(|it| !matches!(it, Entitlement::StoreCredit { amount: 0, .. }));
        self.entitlements = entitlements;
        foreign.into_iter().for_each(|posting| facts.post(posting));
        Ok(posting)
    }

    /// The sale's next state, and the first try to send the money.
    fn promise(
        &mut self,
        money: i64,
        all: bool,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        self.owed_back += money;
        self.changed_at = now;
        if all {
            let state = match self.refunded() {
                // What is not promised back stays with the club.
                _ if self.paid() > self.owed_back => SaleState::Cancelled,
                _ if self.owed_back > 0 => SaleState::Returning,
                0 => SaleState::Cancelled,
                _ => SaleState::Returned,
            };
            self.enter(state, now);
        }
        self.send_back(facts, now)
    }

    /// Writes the next refund down; where no gateway can take it, or a person sees to it already, a
    /// task for a person. Nothing is done while nothing is owed or an earlier refund is open, whose
    /// end leads here again.
    pub(crate) fn send_back(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if self.owed() <= 0 || self.has_open_refund() {
            return Ok(());
        }
        let is_started = match self.refund_task {
            None => self.start_refund(now),
            Some(_) => self.refund_others(now),
        };
        if is_started {
            return Ok(());
        }
        let by_hand = self.funds().iter().any(|fund| fund.terms.is_refunded_by_hand());
        let (kind, text) = if by_hand {
            (TaskKind::ManualRefund, "The payer's phone takes no refunds; pay back by hand.")
        } else {
            (TaskKind::RefundFailed, "No gateway takes this refund any more; pay back by hand.")
        };
        self.ask_to_pay_back(kind, self.owed(), text, facts, now)
    }
}

/// What was left on cards that end is nobody's credit any more.
fn end_credit(posting: Posting, cards: &[EndedCard]) -> Posting {
    cards.iter().fold(posting, |posting, card| {
        posting
            .debit(Account::StoreCredit(card.id), card.credit_left)
            .credit(Account::StoreCreditPromo, card.gift_left)
    })
}

/// The part of `whole` that falls on the next `value` of `of`, after `before`: all parts together
/// are the whole, and no minor unit is lost.
fn share(whole: i64, of: i64, before: i64, value: i64) -> i64 {
    proportion(whole, before + value, of) - proportion(whole, before, of)
}

/// `whole` × `part` / `of`, half away from zero; 0 of nothing.
pub(crate) fn proportion(whole: i64, part: i64, of: i64) -> i64 {
    if of == 0 {
        return 0;
    }
    let (whole, part, of) = (i128::from(whole), i128::from(part), i128::from(of));
    i64::try_from((whole * part * 2 + of) / (of * 2)).unwrap_or(i64::MAX)
}

/// What is wanted back must be one of the parts that a rule knows.
fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::ValidationFailed, message)
}

/// That a season card ends with a refund, and what was left on it.
#[derive(Clone, Copy, Debug)]
struct EndedCard {
    /// Which.
    id: CardId,
    /// Minor units of its price that go back.
    value: i64,
    /// Minor units of credit that were left.
    credit_left: i64,
    /// Minor units of them that nobody had paid for.
    gift_left: i64,
}
