//! Handing the goods over: what is paid for, or costs nothing, comes into being and is booked.

use super::{CardPrice, CardTerms, Entitlement, Goods, Sale, SaleState};
use crate::agency;
use crate::attempt::Attempt;
use crate::books::{OwedFor, owe};
use crate::card::{Card, CardHolder, CardType};
use crate::club::{contract, overdue};
use crate::effect::{Effect, MailContent};
use crate::facts::{Facts, Halt};
use crate::ids::{CardId, PassId, PassTypeId};
use crate::language::Language;
use crate::ledger::{Account, Posting, PostingKind};
use crate::pass::{Pass, PassType};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::transfer;

impl Sale {
    /// Makes the sale live. What it takes must be sold to it already; `charge` is the payment, if
    /// there was one.
    pub(crate) fn issue(
        &mut self,
        charge: Option<&Attempt>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.origin.is_some() {
            return transfer::arrive(self, charge, facts, now);
        }
        let collected = self.holding();
        self.enter(SaleState::Issued, now);
        let step = charge.map_or(0, |charge| charge.number);
        let mut posting = self.posting(step, PostingKind::Sold, now);
        posting = posting.debit(Account::OrderHolding(self.id), collected);
        if let Some(charge) = charge {
            let gateway = Account::GatewayClearing(charge.terms.name.clone());
            posting = posting.debit(gateway, charge.moved);
        }
        posting = self.book_credit_used(posting, facts, now);
        let goods = self.goods.clone();
        posting = match &goods {
            Goods::Admissions => self.book_owner(posting, OwedFor::Event(self.event), facts)?,
            Goods::Pass { pass_type, .. } => {
                self.make_pass(*pass_type, facts, now)?;
                self.book_owner(posting, OwedFor::Passes, facts)?
            }
            Goods::Cards { .. } => self.make_cards(posting, facts, now)?,
            Goods::Order { tax, tax_jurisdiction, .. } => {
                agency::paid(self, facts, now)?;
                self.book_order(posting, *tax, tax_jurisdiction, facts)?
            }
            Goods::Contract { contract: id } => contract::sold(self, *id, posting, facts, now)?,
            Goods::Instalment { .. } => overdue::paid(self, posting, facts, now)?,
        };
        facts.post(posting);
        Ok(())
    }

    fn book_owner(
        &self,
        posting: Posting,
        what: OwedFor,
        facts: &mut Facts<'_>,
    ) -> Result<Posting, Halt> {
        let posting = posting.credit(Account::PlatformFeeIncome, self.fee);
        owe(facts, posting, what, self.total - self.fee)
    }

    /// Tax is nobody's income; the rest of an order is the agency's, less the fee.
    fn book_order(
        &self,
        posting: Posting,
        tax: i64,
        tax_jurisdiction: &str,
        facts: &mut Facts<'_>,
    ) -> Result<Posting, Halt> {
        let by_hand = self.taken_by_hand.iter().map(|fund| fund.amount).sum();
        let posting = posting
            .debit(Account::Bank, by_hand)
            .credit(Account::TaxPayable(tax_jurisdiction.to_owned()), tax)
            .credit(Account::PlatformFeeIncome, self.fee);
        owe(facts, posting, OwedFor::Orders, self.total - self.fee - tax)
    }

    /// Store credit is spent where the card's club keeps it; between two clubs it becomes a debt.
    fn book_credit_used(
        &self,
        mut posting: Posting,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Posting {
        for entitlement in &self.entitlements {
            let Entitlement::StoreCredit { card, amount, .. } = entitlement else { continue };
            if card.shard == self.shard {
                posting = posting.debit(Account::StoreCredit(card.id), *amount);
                continue;
            }
            posting = posting.debit(Account::Between(card.shard), *amount);
            let mut spent = self.posting(0, PostingKind::CreditSpent, now);
            spent.shard = card.shard;
            facts.post(
                spent
                    .debit(Account::StoreCredit(card.id), *amount)
                    .credit(Account::Between(self.shard), *amount),
            );
        }
        posting
    }

    fn make_pass(
        &mut self,
        pass_type: PassTypeId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let kind = facts.share::<PassType>(PassType::key_of(self.shard, pass_type))?;
        let kind = kind.ok_or_else(|| {
            Refusal::new(Code::TeamPassNotValid, "There is no such team pass any more.")
        })?;
        let id = PassId(facts.number(self.shard, PassId::KIND)?);
        facts.put(Pass {
            shard: self.shard,
            id,
            pass_type,
            sale: self.id,
            series: kind.series,
            ticket_type: kind.ticket_type,
            phone: self.buyer.phone.clone(),
            active: true,
            used: std::collections::BTreeMap::new(),
            created_at: now,
        });
        self.goods = Goods::Pass { pass_type, pass: Some(id) };
        Ok(())
    }

    /// Makes the cards, and books their credit (`payments.md` §7.2): credit up to the price is the
    /// buyer's own money, credit above it the club's gift; only what is not credit is owed to the
    /// club, less the fee.
    fn make_cards(
        &mut self,
        mut posting: Posting,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Posting, Halt> {
        let Goods::Cards { types, holder, receipt, .. } = self.goods.clone() else {
            return Ok(posting);
        };
        let (mut cards, mut bought) = (Vec::new(), 0);
        for (index, entry) in types.iter().enumerate() {
            let card = self.card(index, entry, &holder, facts, now)?;
            let own = card.credit.min(entry.price);
            bought += own;
            posting = posting
                .credit(Account::StoreCredit(card.id), card.credit)
                .debit(Account::StoreCreditPromo, card.credit - own);
            cards.push(card.id);
            facts.put(card);
        }
        self.owe_receipt(&holder, receipt, facts, now)?;
        self.goods = Goods::Cards { types, holder, receipt, cards };
        let posting = posting.credit(Account::PlatformFeeIncome, self.fee);
        owe(facts, posting, OwedFor::Cards, self.total - bought - self.fee)
    }

    /// Price and what it gives are those that the buyer saw, whatever the club has changed since.
    fn card(
        &self,
        index: usize,
        entry: &CardPrice,
        holder: &CardHolder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Card, Halt> {
        let kind = facts.share::<CardType>(CardType::key_of(self.shard, entry.card_type))?;
        let kind = kind.ok_or_else(|| {
            Refusal::new(Code::CardTypeNotFound, "There is no such card type any more.")
        })?;
        let id = CardId(facts.number(self.shard, CardId::KIND)?);
        let terms = entry.terms.unwrap_or_else(|| CardTerms::of(&kind));
        Ok(Card {
            valid: terms.valid,
            tickets_max: terms.tickets_max,
            tickets_per_event_max: terms.tickets_per_event_max,
            secret: Card::derived_secret(self.secret, index),
            sale: Some(self.id),
            price: entry.price,
            price_paid: entry.price,
            has_credit: kind.has_credit || entry.credit > 0,
            credit_granted: entry.credit,
            credit: entry.credit,
            ordered_at: self.placed_at,
            ..Card::of_type(&kind, id, holder.clone(), now)
        })
    }

    /// A receipt goes to the holder's address, if there is one (`domain.md` §2.4).
    fn owe_receipt(
        &self,
        holder: &CardHolder,
        receipt: Option<Language>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let (Some(to), Some(language)) = (holder.email.clone(), receipt) else { return Ok(()) };
        let content = MailContent::CardReceipt { sale: self.id };
        facts.owe(self.shard, Effect::Mail { to, language, queued_at: now, content })
    }
}
