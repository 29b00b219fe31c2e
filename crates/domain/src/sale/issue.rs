//! Handing the goods over: what is paid for, or costs nothing, comes into being and is booked.

use sha2::{Digest as _, Sha256};

use super::{CardPrice, Entitlement, Goods, Sale, SaleState};
use crate::attempt::Attempt;
use crate::books::{OwedFor, owe};
use crate::card::{Card, CardHolder, CardState, CardType};
use crate::facts::{Facts, Halt};
use crate::ids::{CardId, PassId, PassTypeId};
use crate::ledger::{Account, Posting, PostingKind};
use crate::pass::{Pass, PassType};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;
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
        self.enter(SaleState::Issued, now);
        let step = charge.map_or(0, |charge| charge.number);
        let mut posting = self.posting(step, PostingKind::Sold, now);
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
            Goods::Cards { types, holder, .. } => {
                self.make_cards(types, holder, posting, facts, now)?
            }
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
        types: &[CardPrice],
        holder: &CardHolder,
        mut posting: Posting,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Posting, Halt> {
        let (mut cards, mut bought) = (Vec::new(), 0);
        for (index, entry) in types.iter().enumerate() {
            let kind = facts.share::<CardType>(CardType::key_of(self.shard, entry.card_type))?;
            let kind = kind.ok_or_else(|| {
                Refusal::new(Code::CardTypeNotFound, "There is no such card type any more.")
            })?;
            let id = CardId(facts.number(self.shard, CardId::KIND)?);
            let card = Card {
                secret: derived_secret(self.secret, index),
                sale: Some(self.id),
                price_paid: entry.price,
                ordered_at: self.placed_at,
                ..Card::of_type(&kind, id, holder.clone(), now)
            };
            let own = card.credit.min(entry.price);
            bought += own;
            posting = posting
                .credit(Account::StoreCredit(id), card.credit)
                .debit(Account::StoreCreditPromo, card.credit - own);
            facts.put(card);
            cards.push(id);
        }
        self.goods = Goods::Cards { types: types.to_vec(), holder: holder.clone(), cards };
        let posting = posting.credit(Account::PlatformFeeIncome, self.fee);
        owe(facts, posting, OwedFor::Cards, self.total - bought - self.fee)
    }
}

impl Card {
    /// A card as its kind says, held by `holder` from now on; its handle is still to be set.
    #[must_use]
    pub fn of_type(kind: &CardType, id: CardId, holder: CardHolder, now: Timestamp) -> Card {
        let credit = if kind.has_credit { kind.credit } else { 0 };
        Card {
            shard: kind.shard,
            id,
            secret: Secret::default(),
            card_type: kind.id,
            sale: None,
            state: CardState::Active,
            holder,
            valid: kind.valid,
            tickets_max: kind.tickets_max,
            tickets_used: 0,
            tickets_per_event_max: kind.tickets_per_event_max,
            used_by_event: std::collections::BTreeMap::new(),
            has_credit: kind.has_credit,
            credit_granted: credit,
            credit,
            currency: kind.currency,
            price: kind.price,
            price_paid: 0,
            refunded: 0,
            ordered_at: now,
            created_at: now,
            changed_at: now,
        }
    }
}

/// The random part of the handle of something that a sale makes: as hard to guess as the sale's,
/// and tells nothing of it.
fn derived_secret(secret: Secret, index: usize) -> Secret {
    let mut hasher = Sha256::new();
    hasher.update(b"card");
    hasher.update(secret.0);
    hasher.update(index.to_be_bytes());
    let hash = hasher.finalize();
    Secret(std::array::from_fn(|index| hash[index]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Handles of one order's cards differ from each other and from the order's.
    #[test]
    fn derived_secrets_differ() {
        let secret = Secret([7; 16]);
        let (first, second) = (derived_secret(secret, 0), derived_secret(secret, 1));
        assert!(first != second && first != secret && second != secret);
    }
}
