//! Paying for an order that is being placed: store credit first, the rest on one instrument
//! (`domain.md` §3.1), in the same commit.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::card_use::CardUser;
use super::place::Placed;
use super::{Entitlement, Sale};
use crate::attempt::{Attempt, Next, Verb};
use crate::card::{Card, CardAddress};
use crate::enrolment::ProofOwner;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{SaleId, Shard};
use crate::money::{Currency, Money};
use crate::payment::{Instrument, Method};
use crate::pricing::guard_price;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// What the buyer pays with, and what the client saw of it.
#[derive(Clone, Debug, Default)]
pub struct Tender {
    /// What is left after the credit is paid with this; ignored when nothing is left.
    pub instrument: Option<Instrument>,
    /// The season card whose credit is used first.
    pub credit: Option<CardAddress>,
    /// What the client saw as left to pay, in minor units: the sum that its instrument is charged.
    pub total_guard: Option<i64>,
    /// The currency the client saw.
    pub currency_guard: Option<Currency>,
}

impl Tender {
    /// The rows that paying looks at, to be loaded beforehand.
    pub fn keys(&self, seller: Shard, keys: &mut Vec<Key>) {
        if let Some(card) = self.credit {
            keys.push(Card::key_of(card));
        }
        let claims = self.instrument.as_ref().and_then(Instrument::claims);
        claims.into_iter().for_each(|claims| claims.keys(seller, keys));
    }

    /// A currency is a guard like a price.
    ///
    /// # Errors
    /// [`Code::CurrencyMismatch`]
    pub fn check_currency(&self, currency: Currency) -> Result<(), Refusal> {
        match self.currency_guard {
            Some(seen) if seen != currency => {
                let message = format!("This order is in {}.", currency.code());
                Err(Refusal::new(Code::CurrencyMismatch, message))
            }
            _ => Ok(()),
        }
    }
}

impl Sale {
    /// Minor units of its price that store credit does not pay.
    pub(super) fn due_by_instrument(&self) -> i64 {
        self.total - self.credit_used()
    }

    /// Uses the credit of a season card for as much of the price as there is.
    ///
    /// # Errors
    /// [`Code::OwnerCardNotFound`], [`Code::OwnerCardNotValid`], [`Code::CurrencyMismatch`];
    /// [`Code::InsufficientStoreCredit`] for a card without credit, and when something is left to
    /// pay and nothing else to pay it with.
    pub(super) fn use_credit(
        &mut self,
        tender: &Tender,
        user: &CardUser<'_>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let Some(address) = tender.credit else { return Ok(()) };
        let card = user.find(address, facts, now)?;
        if card.currency != self.currency {
            let message = "The credit of the card is in another currency.";
            return Err(Refusal::new(Code::CurrencyMismatch, message).into());
        }
        let amount = self.total.min(card.credit);
        let is_covered = amount == self.total || (amount > 0 && tender.instrument.is_some());
        if !card.has_credit || !is_covered {
            let covered = if card.has_credit { amount } else { 0 };
            let [covered, total] =
                [covered, self.total].map(|amount| Money::new(amount, self.currency).text());
            let message = format!(
                "The card's store credit covers {covered} of {total} {}; pay the rest by other \
                 means.",
                self.currency.code()
            );
            return Err(Refusal::new(Code::InsufficientStoreCredit, message).into());
        }
        if amount == 0 {
            return Ok(());
        }
        if let Some(card) = facts.edit::<Card>(Card::key_of(address))? {
            card.take_credit(amount, now)?;
        }
        let card_type = card.card_type;
        self.entitlements.push(Entitlement::StoreCredit { card: address, card_type, amount });
        Ok(())
    }

    /// Compares what is left to pay with what the client saw, looks whether it can be paid, and
    /// uses up what the instrument shows once.
    ///
    /// The sum the client saw comes with its instrument, and is ignored with it when nothing is
    /// left to pay (`domain.md` §2.1).
    ///
    /// # Errors
    /// [`Code::PriceChanged`], [`Code::PaymentMethodRequired`], and whatever is wrong with the
    /// instrument.
    pub(super) fn use_tender(
        &self,
        tender: &Tender,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let due = self.due_by_instrument();
        if due == 0 {
            return Ok(());
        }
        guard_price(tender.total_guard, self.money(due), "the order")?;
        match &tender.instrument {
            Some(Instrument::Usable { claims, .. }) => {
                let owner = ProofOwner::from(&self.buyer);
                claims.use_up(facts, self.shard, self.money(due), &owner, now)
            }
            Some(Instrument::Unusable(refusal)) => Err(refusal.clone().into()),
            None => {
                let message = "This order costs something; send a card to pay it with.";
                Err(Refusal::new(Code::PaymentMethodRequired, message).into())
            }
        }
    }

    /// Writes down the first attempt, or hands the goods over where nothing is left to pay. What
    /// it takes must be held by it already.
    pub(super) fn start_payment(
        mut self,
        tender: &Tender,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Placed, Halt> {
        let due = self.due_by_instrument();
        match &tender.instrument {
            Some(Instrument::Usable { method, gateway, payer_phone, claims }) if due > 0 => {
                let key = attempt_key(self.shard, self.id, 1, self.secret);
                let mut attempt = Attempt::new(1, Verb::Charge, key, gateway, due, now);
                attempt.card = claims.counted_card(facts, self.shard)?;
                self.attempts = vec![attempt];
                self.method = Some(*method);
                self.payer_phone.clone_from(payer_phone);
            }
            _ => return self.hand_over_free(facts, now),
        }
        let next = self.begin_last();
        let sale: Arc<Sale> = facts.put(self);
        Ok(Placed { sale, next, repeated: false })
    }
}

impl Sale {
    /// Hands the goods over where nothing is to pay.
    pub(super) fn hand_over_free(
        mut self,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Placed, Halt> {
        self.method = Some(Method::Free);
        self.keep(facts, now)?;
        self.issue(None, facts, now)?;
        self.previous_state = None;
        Ok(Placed { sale: facts.put(self), next: Next::Done, repeated: false })
    }
}

/// The gateway's key for one attempt: leads a person back to the sale, cannot be guessed, and
/// tells nothing of the secret.
pub(crate) fn attempt_key(shard: Shard, sale: SaleId, attempt: u8, secret: Secret) -> String {
    let hidden = Sha256::digest(secret.0);
    let random = u64::from_be_bytes(std::array::from_fn(|index| hidden[index]));
    format!("att_{:x}_{:x}_{attempt}_{random:016x}", shard.0, sale.0)
}

/// The sale that an attempt's key leads to; `None` for a text that is no such key. The sale must
/// still be asked whether the key is one of its own.
#[must_use]
pub fn sale_of_key(key: &str) -> Option<(Shard, SaleId)> {
    let mut parts = key.strip_prefix("att_")?.split('_');
    let mut number = || u32::from_str_radix(parts.next()?, 16).ok();
    Some((Shard(number()?), SaleId(number()?)))
}
