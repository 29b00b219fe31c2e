//! Ordering season cards (`domain.md` §2): one payment for all of them, all or none.

use std::collections::BTreeMap;

use super::{Buyer, CardPrice, CardTerms, Goods, NewSale, Place, Placed, Sale, Tender};
use crate::books::OwnerBook;
use crate::card::{CardHolder, CardType};
use crate::catalogue::{Organiser, Period};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{CardTypeId, EventId, QuotaId, SaleId, Shard};
use crate::language::Language;
use crate::money::{AMOUNT_MAX, Currency, basis_points_of};
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// The most cards in one order (`domain.md` §1.7).
pub const ORDER_CARDS_MAX: usize = 20;

/// Orders season cards of one club.
#[derive(Clone, Debug)]
pub struct PlaceCards {
    /// The club that sells them.
    pub shard: Shard,
    /// Their kinds, one entry a card; at most [`ORDER_CARDS_MAX`].
    pub card_types: Vec<CardTypeId>,
    /// Who shall hold all of them.
    pub holder: CardHolder,
    /// The language of the receipt for the holder; `None` where no letters are sent.
    pub receipt: Option<Language>,
    /// Who orders.
    pub buyer: Buyer,
    /// What the buyer pays with; credit of other cards buys no cards.
    pub tender: Tender,
    /// 128 random bits for the handle.
    pub secret: Secret,
    /// By what the request is known when it comes again.
    pub marks: Marks,
}

impl Command for PlaceCards {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        match self.marks.signature {
            Some(_) => Shards::Two(Shard::HOUSE, self.shard),
            None => Shards::One(self.shard),
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        let club = Key::number(self.shard, Kind::Organiser, 0);
        keys.extend([Key::seller(self.shard), OwnerBook::key_of(self.shard), club]);
        keys.extend(self.card_types.iter().map(|id| CardType::key_of(self.shard, *id)));
        self.marks.keys(self.shard, now, keys);
        self.tender.keys(self.shard, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(sale) = self.marks.repeat(self.shard, facts, now)? {
            return Ok(Placed::again(sale));
        }
        let kinds = self.kinds(facts)?;
        for kind in &kinds {
            self.check_sale(kind, now)?;
        }
        let currency = one_currency(&kinds)?;
        self.check_holder(&kinds)?;
        let mut sale = self.begin(&kinds, currency, facts, now)?;
        self.tender.check_currency(currency)?;
        sale.use_tender(&self.tender, facts, now)?;
        sale.places = hold_stock(&kinds, self.shard, facts)?;
        self.marks.remember(self.shard, sale.id, facts, now);
        sale.start_payment(&self.tender, facts, now)
    }
}

impl PlaceCards {
    fn kinds(&self, facts: &Facts<'_>) -> Result<Vec<CardType>, Halt> {
        if self.card_types.is_empty() || self.card_types.len() > ORDER_CARDS_MAX {
            let message = format!("An order has 1 to {ORDER_CARDS_MAX} cards.");
            return Err(Refusal::new(Code::NothingToOrder, message).into());
        }
        let kind = |id: &CardTypeId| {
            let kind = facts.look::<CardType>(CardType::key_of(self.shard, *id))?;
            let message = format!("There is no card type {} of this club.", id.0);
            kind.cloned().ok_or_else(|| Refusal::new(Code::CardTypeNotFound, message).into())
        };
        self.card_types.iter().map(kind).collect()
    }

    fn check_sale(&self, kind: &CardType, now: Timestamp) -> Result<(), Refusal> {
        let name = &kind.name;
        if !kind.active {
            let message = format!("{name} is not on sale.");
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        if let Some(Period { from, to }) = kind.sale.filter(|sale| !sale.contains(now)) {
            let message = format!("{name} is on sale from {from} to {to}.");
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        if now >= kind.valid.to {
            let message = format!("{name} was good until {}.", kind.valid.to);
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        if kind.team_only && self.buyer.by_app {
            let message = format!("Only the club itself gives {name} out.");
            return Err(Refusal::new(Code::TeamUseOnly, message));
        }
        Ok(())
    }

    fn check_holder(&self, kinds: &[CardType]) -> Result<(), Refusal> {
        let is_named = self.holder.is_named();
        match kinds.iter().find(|kind| kind.holder_required && !is_named) {
            Some(kind) => {
                let message = format!("{} needs its holder's name and e-mail.", kind.name);
                Err(Refusal::new(Code::HolderInfoRequired, message))
            }
            None => Ok(()),
        }
    }

    fn begin(
        &self,
        kinds: &[CardType],
        currency: Currency,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let new = NewSale {
            shard: self.shard,
            id: SaleId(facts.number(self.shard, SaleId::KIND)?),
            secret: self.secret,
            event: EventId(0),
            currency,
        };
        let sum = kinds.iter().try_fold(0_i64, |sum, kind| sum.checked_add(kind.price));
        let total = sum.filter(|total| *total <= AMOUNT_MAX);
        let total =
            total.ok_or_else(|| Refusal::new(Code::InvalidAmount, "The sum is too large."))?;
        Ok(Sale {
            goods: Goods::Cards {
                types: kinds.iter().map(price).collect(),
                holder: self.holder.clone(),
                receipt: self.receipt,
                cards: Vec::new(),
            },
            total,
            fee: self.fee(kinds, facts)?,
            buyer: self.buyer.clone(),
            ..Sale::new(new, now)
        })
    }

    /// The platform takes its part of what the club earns: credit is still the buyer's own money,
    /// and is charged for when it is spent.
    fn fee(&self, kinds: &[CardType], facts: &Facts<'_>) -> Result<i64, Halt> {
        let club = facts.look::<Organiser>(Key::number(self.shard, Kind::Organiser, 0))?;
        let basis_points = club.map_or(0, |club| club.fee_basis_points);
        Ok(kinds.iter().map(|kind| basis_points_of(price(kind).earned(), basis_points)).sum())
    }
}

fn price(kind: &CardType) -> CardPrice {
    let credit = kind.credit_granted();
    CardPrice { card_type: kind.id, price: kind.price, credit, terms: Some(CardTerms::of(kind)) }
}

fn one_currency(kinds: &[CardType]) -> Result<Currency, Refusal> {
    let first = kinds[0].currency;
    if kinds.iter().all(|kind| kind.currency == first) {
        return Ok(first);
    }
    let message = "The cards are priced in several currencies; order them apart.";
    Err(Refusal::new(Code::CurrencyMismatch, message))
}

fn hold_stock(kinds: &[CardType], shard: Shard, facts: &mut Facts<'_>) -> Result<Vec<Place>, Halt> {
    let mut wanted = BTreeMap::<QuotaId, u32>::new();
    for quota in kinds.iter().filter_map(|kind| kind.quota) {
        *wanted.entry(quota).or_default() += 1;
    }
    for (quota, count) in &wanted {
        let stock = facts.edit::<Quota>(Key::number(shard, Kind::Quota, quota.0))?;
        let stock = stock.ok_or_else(|| {
            Refusal::new(Code::SaleNotActive, "The stock of this card is not set up yet.")
        })?;
        stock.hold(*count)?;
    }
    Ok(wanted.into_iter().map(|(quota, count)| Place { quota, count }).collect())
}
