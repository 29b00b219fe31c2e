//! Season cards (`domain.md` §2): rights to free tickets, store credit, or both.
//!
//! Whether a card can be used is its state and its dates together ([`Card::check_valid`]):
//!
//! | state    | what happened                                | next state |
//! |----------|----------------------------------------------|------------|
//! | —        | its order was paid for, or it was given away | Active     |
//! | Active   | the club closed it                           | Blocked    |
//! | Blocked  | the club opened it again                     | Active     |
//! | either   | it was paid back, wholly or with a part      | Refunded   |
//!
//! Refunded is final. That it is used up or past its time follows from counts and dates and is not
//! stored (`domain.md` §7.2).

mod change;
mod credit;
mod give;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::change::{CardChange, ChangeCard};
pub(crate) use self::credit::return_credit;
pub use self::give::{GIFTS_MAX, GiveCards, GivenCards};
use crate::catalogue::Period;
use crate::facts::Key;
use crate::ids::{CardId, CardTypeId, EventId, QuotaId, SaleId, Shard};
use crate::money::Currency;
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// A kind of card that a club sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardType {
    /// The club.
    pub shard: Shard,
    /// Its number.
    pub id: CardTypeId,
    /// The operator's short name, unique within the club.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// More about it.
    #[serde(default)]
    pub description: Option<String>,
    /// On sale at all.
    pub active: bool,
    /// Only the club itself may give it out.
    #[serde(default)]
    pub team_only: bool,
    /// When it is sold; without it, always.
    #[serde(default)]
    pub sale: Option<Period>,
    /// When new cards are valid.
    pub valid: Period,
    /// What it costs, in minor units.
    pub price: i64,
    /// The currency of price and credit.
    pub currency: Currency,
    /// Free tickets it gives; `None` for as many as one likes, 0 for none.
    pub tickets_max: Option<u32>,
    /// Free tickets it gives for one event; `None` for no limit of its own.
    #[serde(default)]
    pub tickets_per_event_max: Option<u32>,
    /// It holds store credit.
    #[serde(default)]
    pub has_credit: bool,
    /// The credit it starts with, in minor units.
    #[serde(default)]
    pub credit: i64,
    /// Good at the clubs connected with its own, too.
    #[serde(default)]
    pub valid_for_connected: bool,
    /// A buyer must say who holds it.
    #[serde(default)]
    pub holder_required: bool,
    /// How many may be sold; `None` for no limit.
    #[serde(default)]
    pub quota: Option<QuotaId>,
    /// A picture.
    #[serde(default)]
    pub image_url: Option<String>,
    /// The picture behind it.
    #[serde(default)]
    pub background_image_url: Option<String>,
}

/// Names a card wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardAddress {
    /// The club that issued it.
    pub shard: Shard,
    /// Its number.
    pub id: CardId,
}

/// Who holds a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardHolder {
    /// The verified phone it belongs to, in international form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The device it was ordered from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The national id or member number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where receipts go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// The most words of a name under which a card is found.
const NAME_WORDS_MAX: usize = 5;

impl CardHolder {
    /// Whether it says who somebody is and where to write to, as some kinds of cards ask for.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.name.is_some() && self.email.is_some()
    }

    /// What cards of this holder are found by: the phone, the id, and each word of the name.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        let phone = self.phone.iter().map(|phone| word("phone", phone));
        let id = self.holder_id.iter().map(|id| word("holder id", &id_text(id)));
        let name = self.name.as_deref().unwrap_or_default().to_lowercase();
        let name = name.split_whitespace().take(NAME_WORDS_MAX).map(|part| word("name", part));
        let mut words: Vec<u128> = phone.chain(id).chain(name).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// An id without its dashes, which people write or leave out.
fn id_text(id: &str) -> String {
    id.chars().filter(|letter| *letter != '-').flat_map(char::to_lowercase).collect()
}

/// Whether a card can be used; what follows from dates and counts is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// In use.
    Active,
    /// Closed by the club.
    Blocked,
    /// Paid back; it gives nothing any more.
    Refunded,
}

impl CardState {
    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CardState::Active => "active",
            CardState::Blocked => "blocked",
            CardState::Refunded => "refunded",
        }
    }
}

/// One card. It exists from the moment it is paid for or given away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The club.
    pub shard: Shard,
    /// Its number.
    pub id: CardId,
    /// The random part of its handle.
    pub secret: Secret,
    /// Its kind.
    pub card_type: CardTypeId,
    /// The order that paid for it; `None` when it was given away.
    pub sale: Option<SaleId>,
    /// Whether it can be used.
    pub state: CardState,
    /// Who holds it.
    pub holder: CardHolder,
    /// When it is good.
    pub valid: Period,
    /// Free tickets granted; `None` for no limit.
    pub tickets_max: Option<u32>,
    /// Free tickets used or held for orders under way.
    pub tickets_used: u32,
    /// Free tickets for one event.
    pub tickets_per_event_max: Option<u32>,
    /// Free tickets used or held, by event.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub used_by_event: BTreeMap<EventId, u32>,
    /// It holds store credit.
    pub has_credit: bool,
    /// The credit it started with, in minor units.
    pub credit_granted: i64,
    /// The credit left; what orders under way hold is taken off already.
    pub credit: i64,
    /// The currency of price and credit.
    pub currency: Currency,
    /// The list price when it was ordered.
    pub price: i64,
    /// What was charged for it.
    pub price_paid: i64,
    /// Minor units of it that were paid back.
    #[serde(default)]
    pub refunded: i64,
    /// The limit of which it has a place of its own, because no order has it: it was given away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<QuotaId>,
    /// The order was accepted.
    pub ordered_at: Timestamp,
    /// The card came into being.
    pub created_at: Timestamp,
    /// It last changed.
    pub changed_at: Timestamp,
}

impl CardType {
    /// Where a type lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: CardTypeId) -> Key {
        Key::number(shard, Kind::CardType, id.0)
    }

    /// Minor units of credit that a new card holds.
    #[must_use]
    pub fn credit_granted(&self) -> i64 {
        if self.has_credit { self.credit } else { 0 }
    }

    /// Whether anybody may buy it now, stock aside.
    #[must_use]
    pub fn on_sale(&self, now: Timestamp) -> bool {
        let in_window = self.sale.is_none_or(|sale| sale.contains(now));
        self.active && !self.team_only && in_window && now < self.valid.to
    }
}

impl Card {
    /// Where a card lives.
    #[must_use]
    pub fn key_of(address: CardAddress) -> Key {
        Key::number(address.shard, Kind::Card, address.id.0)
    }

    /// What it is looked for by; see [`CardHolder::words`].
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        self.holder.words()
    }

    /// A card as its kind says, held by `holder` from now on; its handle is still to be set.
    #[must_use]
    pub fn of_type(kind: &CardType, id: CardId, holder: CardHolder, now: Timestamp) -> Card {
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
            used_by_event: BTreeMap::new(),
            has_credit: kind.has_credit,
            credit_granted: kind.credit_granted(),
            credit: kind.credit_granted(),
            currency: kind.currency,
            price: kind.price,
            price_paid: 0,
            refunded: 0,
            place: None,
            ordered_at: now,
            created_at: now,
            changed_at: now,
        }
    }

    /// The random part of the handle of one of the cards that come into being together: as hard to
    /// guess as what it is derived from, and tells nothing of it.
    #[must_use]
    pub fn derived_secret(secret: Secret, index: usize) -> Secret {
        let mut hasher = Sha256::new();
        hasher.update(b"card");
        hasher.update(secret.0);
        hasher.update(index.to_be_bytes());
        let hash = hasher.finalize();
        Secret(std::array::from_fn(|index| hash[index]))
    }

    /// Free tickets that are left; `None` for no limit. A card that was paid back has none.
    #[must_use]
    pub fn tickets_left(&self) -> Option<u32> {
        match self.state {
            CardState::Refunded => Some(0),
            _ => self.tickets_max.map(|most| most.saturating_sub(self.tickets_used)),
        }
    }

    /// Whether all that it gave is used (`domain.md` §7.2). A card that never gave tickets or
    /// credit is good for being shown.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        let gave = self.tickets_max != Some(0) || self.credit_granted > 0;
        gave && self.tickets_left() == Some(0) && self.credit == 0
    }

    /// Takes `count` free tickets for `event` (`domain.md` §3.6 rule 3).
    ///
    /// # Errors
    /// [`Code::OwnerCardNotValid`], [`Code::OwnerCardUsedUp`], [`Code::OwnerCardEventLimit`].
    pub fn take_tickets(
        &mut self,
        event: EventId,
        count: u32,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_valid(now)?;
        if self.tickets_max.is_some_and(|most| self.tickets_used + count > most) {
            let left = self.tickets_max.unwrap_or(0).saturating_sub(self.tickets_used);
            let message = format!("The card has {left} free tickets left.");
            return Err(Refusal::new(Code::OwnerCardUsedUp, message));
        }
        let used = self.used_by_event.get(&event).copied().unwrap_or(0);
        if let Some(most) = self.tickets_per_event_max.filter(|most| used + count > *most) {
            let message = format!("The card gives {most} tickets for one event; {used} are used.");
            return Err(Refusal::new(Code::OwnerCardEventLimit, message));
        }
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::FreeTicketsUncounted) {
            return Ok(());
        }
        self.tickets_used += count;
        self.used_by_event.insert(event, used + count);
        self.changed_at = now;
        Ok(())
    }

    /// Gives `count` free tickets for `event` back.
    pub fn return_tickets(&mut self, event: EventId, count: u32, now: Timestamp) {
        let used = self.used_by_event.get(&event).copied().unwrap_or(0);
        assert!(used >= count, "card {}: more free tickets returned than taken", self.id.0);
        self.tickets_used -= count;
        match used - count {
            0 => drop(self.used_by_event.remove(&event)),
            left => drop(self.used_by_event.insert(event, left)),
        }
        self.changed_at = now;
    }

    /// Takes `amount` minor units of its credit.
    ///
    /// # Errors
    /// [`Code::OwnerCardNotValid`], [`Code::InsufficientStoreCredit`].
    pub fn take_credit(&mut self, amount: i64, now: Timestamp) -> Result<(), Refusal> {
        self.check_valid(now)?;
        if !self.has_credit || amount > self.credit {
            let message = "The card has too little store credit.";
            return Err(Refusal::new(Code::InsufficientStoreCredit, message));
        }
        self.credit -= amount;
        self.changed_at = now;
        Ok(())
    }

    /// Gives `amount` minor units of credit back.
    pub fn return_credit(&mut self, amount: i64, now: Timestamp) {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::CreditLost) {
            return;
        }
        self.credit += amount;
        self.changed_at = now;
    }

    /// Whether it can be used now.
    ///
    /// # Errors
    /// [`Code::OwnerCardNotValid`], saying why.
    pub fn check_valid(&self, now: Timestamp) -> Result<(), Refusal> {
        let refuse = |why: &str| Err(Refusal::new(Code::OwnerCardNotValid, why));
        match self.state {
            CardState::Blocked => refuse("The card is blocked; ask the club."),
            CardState::Refunded => refuse("The card was paid back."),
            CardState::Active if now < self.valid.from => refuse("The card is not valid yet."),
            CardState::Active if now >= self.valid.to => refuse("The card has expired."),
            CardState::Active => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Handles of one order's cards differ from each other and from the order's.
    #[test]
    fn derived_secrets_differ() {
        let secret = Secret([7; 16]);
        let (first, second) = (Card::derived_secret(secret, 0), Card::derived_secret(secret, 1));
        assert!(first != second && first != secret && second != secret);
    }

    /// However people write a name or an id, the same words are found.
    #[test]
    fn holders_are_found_by_their_words() {
        let holder = |name: &str, id: &str| CardHolder {
            name: Some(name.into()),
            holder_id: Some(id.into()),
            ..CardHolder::default()
        };
        let anna = holder("Anna  Gestsdóttir", "010130-2989");
        assert_eq!(anna.words(), holder("GESTSDÓTTIR ANNA", "0101302989").words());
        assert_eq!(anna.words().len(), 3);
        assert_ne!(anna.words(), holder("Anna Gestsson", "0101302989").words());
        assert_eq!(holder("a a b", "").words().len(), 3, "a, b and the id");
    }
}
