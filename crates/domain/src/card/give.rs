//! Giving season cards away (`domain.md` §8): nobody pays, and the credit on them is the club's
//! gift.

use super::{Card, CardHolder, CardType};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{CardId, CardTypeId, Shard};
use crate::ledger::{Account, Posting, PostingKind, Source};
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// The most cards that are given away at once: all are given or none, and a command changes 500
/// records at most, some of which are not cards.
pub const GIFTS_MAX: usize = 400;

/// Gives cards of one kind away. The time in which buyers get them does not count, nor that only
/// the club gives them out: this is the club.
#[derive(Clone, Debug)]
pub struct GiveCards {
    /// The club.
    pub shard: Shard,
    /// Their kind.
    pub card_type: CardTypeId,
    /// Who gets one, one entry a card; at most [`GIFTS_MAX`].
    pub holders: Vec<CardHolder>,
    /// 128 random bits from which the handles are derived.
    pub secret: Secret,
    /// By what the request is known when it comes again; only the key counts.
    pub marks: Marks,
    /// What the audit tells of it; the numbers are added.
    pub note: AuditNote,
}

/// Cards that were given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCards {
    /// Their numbers, in the order of the holders.
    pub cards: Vec<CardId>,
    /// Whether this very request had given them away before.
    pub repeated: bool,
}

impl Command for GiveCards {
    type Outcome = GivenCards;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), CardType::key_of(self.shard, self.card_type)]);
        self.marks.keys(self.shard, now, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<GivenCards, Halt> {
        if let Some(cards) = self.marks.repeat_gift(self.shard, facts, now)? {
            return Ok(GivenCards { cards, repeated: true });
        }
        self.check_count()?;
        let kind = facts.share::<CardType>(CardType::key_of(self.shard, self.card_type))?;
        let kind = kind.ok_or_else(|| {
            Refusal::new(Code::CardTypeNotFound, "There is no such card type of this club.")
        })?;
        self.check_kind(&kind, now)?;
        self.take_stock(&kind, facts)?;
        let mut cards = Vec::with_capacity(self.holders.len());
        for (index, holder) in self.holders.iter().enumerate() {
            cards.push(self.give(&kind, index, holder, facts, now)?);
        }
        self.marks.remember_gift(self.shard, &cards, facts, now);
        self.note_of(&cards).record_of(self.shard, facts, now);
        Ok(GivenCards { cards, repeated: false })
    }
}

impl GiveCards {
    fn check_count(&self) -> Result<(), Refusal> {
        match self.holders.len() {
            0 => Err(Refusal::new(Code::NothingToOrder, "Name who gets the cards.")),
            1..=GIFTS_MAX => Ok(()),
            _ => {
                let message = format!("{GIFTS_MAX} cards are given away at once, at most.");
                Err(Refusal::new(Code::ValidationFailed, message))
            }
        }
    }

    fn check_kind(&self, kind: &CardType, now: Timestamp) -> Result<(), Refusal> {
        let name = &kind.name;
        if !kind.active {
            let message = format!("{name} is not given out.");
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        if now >= kind.valid.to {
            let message = format!("{name} was good until {}.", kind.valid.to);
            return Err(Refusal::new(Code::SaleNotActive, message));
        }
        let is_missing = |holder: &&CardHolder| kind.holder_required && !holder.is_named();
        if self.holders.iter().any(|holder| is_missing(&holder)) {
            let message = format!("{name} needs each holder's name and e-mail.");
            return Err(Refusal::new(Code::HolderInfoRequired, message));
        }
        Ok(())
    }

    fn take_stock(&self, kind: &CardType, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let Some(quota) = kind.quota else { return Ok(()) };
        let stock = facts.edit::<Quota>(Key::number(self.shard, Kind::Quota, quota.0))?;
        let stock = stock.ok_or_else(|| {
            Refusal::new(Code::SaleNotActive, "The stock of this card is not set up yet.")
        })?;
        let count = u32::try_from(self.holders.len()).unwrap_or(u32::MAX);
        Ok(stock.sell(count)?)
    }

    fn give(
        &self,
        kind: &CardType,
        index: usize,
        holder: &CardHolder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<CardId, Halt> {
        let id = CardId(facts.number(self.shard, CardId::KIND)?);
        let secret = Card::derived_secret(self.secret, index);
        let of_kind = Card::of_type(kind, id, holder.clone(), now);
        let card = Card { secret, place: kind.quota, ..of_kind };
        facts.post(gift_posting(&card, now));
        facts.put(card);
        Ok(id)
    }

    fn note_of(&self, cards: &[CardId]) -> AuditNote {
        let (first, count) = (cards.first().map_or(0, |card| card.0), cards.len());
        let detail = format!(
            "{count} cards of type {} of seller {}, from card {first}: {}",
            self.card_type.0, self.shard.0, self.note.detail
        );
        AuditNote { detail, ..self.note.clone() }
    }
}

/// The credit of a card that nobody paid for (`payments.md` §7.1 `store_credit_promo`).
fn gift_posting(card: &Card, at: Timestamp) -> Posting {
    let posting = Posting {
        shard: card.shard,
        source: Source::Card(card.id),
        step: 0,
        kind: PostingKind::CardGiven,
        at,
        currency: card.currency,
        legs: Vec::new(),
    };
    posting
        .debit(Account::StoreCreditPromo, card.credit)
        .credit(Account::StoreCredit(card.id), card.credit)
}
