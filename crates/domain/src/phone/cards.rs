//! Cards that buyers left with a gateway (`payments.md` §5.2): what stands for one, and what may
//! be shown of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Phone;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NumberKind, PaymentCardId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// How many cards may be saved for one phone, those included that are being removed.
pub const PAYMENT_CARDS_MAX: usize = 20;

/// A gateway's token of a card, good for many charges.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SavedToken(pub String);

impl fmt::Debug for SavedToken {
    /// Says nothing: whoever reads a log must not be able to charge a card.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SavedToken(***)")
    }
}

/// The last month in which a card is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardMonth {
    /// The year, 2000 to 2099.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
}

/// A saved card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCard {
    /// Its published number (`paymentCardId`).
    pub id: PaymentCardId,
    /// The gateway that keeps it; only organisers that use it can charge it.
    pub gateway: String,
    /// What stands for it there.
    pub token: SavedToken,
    /// First six and last four digits, never more.
    pub mask: String,
    /// Its last month, if the gateway told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_month: Option<CardMonth>,
    /// The same for the same card, if the server saw it: a keyed hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<u128>,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// Its owner removed it; it stays until the gateway has been told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// A card that a gateway keeps from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaymentCard {
    /// The gateway.
    pub gateway: String,
    /// What stands for it there.
    pub token: SavedToken,
    /// First six and last four digits, never more.
    pub mask: String,
    /// Its last month, if the gateway told it.
    pub last_month: Option<CardMonth>,
    /// The same for the same card, if the server saw it: a keyed hash.
    pub fingerprint: Option<u128>,
}

impl NewPaymentCard {
    /// Whether `known` is the same card: the gateway gave the same token, or the card was seen.
    fn is(&self, known: &PaymentCard) -> bool {
        let same_card = self.fingerprint.is_some() && self.fingerprint == known.fingerprint;
        !known.removed && self.gateway == known.gateway && (self.token == known.token || same_card)
    }
}

/// Saves a card for a phone. The same card once more keeps its number and gets the new token; the
/// earlier one is then like a card that was removed.
#[derive(Clone, Debug)]
pub struct SavePaymentCard {
    /// The hash of the phone, which somebody has proved.
    pub phone: u128,
    /// The card.
    pub card: NewPaymentCard,
}

impl Command for SavePaymentCard {
    type Outcome = PaymentCard;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(Shard::HOUSE), Phone::key_of(self.phone)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<PaymentCard, Halt> {
        let key = Phone::key_of(self.phone);
        let mut phone = facts.look::<Phone>(key)?.cloned().ok_or_else(not_verified)?;
        let known = phone.cards.iter().position(|known| self.card.is(known));
        if let Some(known) = known.filter(|known| phone.cards[*known].token == self.card.token) {
            return Ok(phone.cards[known].clone());
        }
        if phone.cards.len() >= PAYMENT_CARDS_MAX {
            return Err(too_many().into());
        }
        let id = PaymentCardId(facts.number(Shard::HOUSE, NumberKind::PaymentCard)?);
        let NewPaymentCard { gateway, token, mask, last_month, fingerprint } = self.card.clone();
        let mut card = PaymentCard {
            id,
            gateway,
            token,
            mask,
            last_month,
            fingerprint,
            saved_at: now,
            removed: false,
        };
        if let Some(known) = known.and_then(|known| phone.cards.get_mut(known)) {
            std::mem::swap(&mut known.id, &mut card.id);
            known.removed = true;
        }
        phone.cards.push(card.clone());
        facts.put(phone);
        Ok(card)
    }
}

/// Removes a card: it can be used no more. It is forgotten ([`ForgetPaymentCard`]) when its
/// gateway has been told. A card that is not there is removed already.
#[derive(Clone, Debug)]
pub struct RemovePaymentCard {
    /// The hash of the phone.
    pub phone: u128,
    /// The card.
    pub card: PaymentCardId,
}

impl Command for RemovePaymentCard {
    type Outcome = bool;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Phone::key_of(self.phone));
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<bool, Halt> {
        let Some(phone) = facts.edit::<Phone>(Phone::key_of(self.phone))? else { return Ok(false) };
        let found = phone.cards.iter_mut().find(|card| card.id == self.card && !card.removed);
        Ok(found.map(|card| card.removed = true).is_some())
    }
}

/// Forgets a removed card whose token its gateway refuses from now on.
#[derive(Clone, Debug)]
pub struct ForgetPaymentCard {
    /// The hash of the phone.
    pub phone: u128,
    /// The card.
    pub card: PaymentCardId,
}

impl Command for ForgetPaymentCard {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Phone::key_of(self.phone));
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        if let Some(phone) = facts.edit::<Phone>(Phone::key_of(self.phone))? {
            phone.cards.retain(|card| !(card.removed && card.id == self.card));
        }
        Ok(())
    }
}

fn not_verified() -> Refusal {
    let message = "Nobody has proved this phone; verify it first. The card was not saved.";
    Refusal::new(Code::PhoneVerificationInvalid, message)
}

fn too_many() -> Refusal {
    let message = format!(
        "{PAYMENT_CARDS_MAX} cards are saved for this phone; remove one first. This one was not \
         saved."
    );
    Refusal::new(Code::SaveCardNotAllowed, message)
}
