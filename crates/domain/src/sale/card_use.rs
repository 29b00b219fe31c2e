//! Whose season card an order may use, and where (`domain.md` §3.6 rule 3).

use std::sync::Arc;

use super::Buyer;
use crate::card::{Card, CardAddress, CardType};
use crate::catalogue::Organiser;
use crate::facts::{Facts, Halt, Key};
use crate::ids::Shard;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Who wants to use a right that belongs to a phone, and at whose event.
#[derive(Clone, Copy, Debug)]
pub(super) struct CardUser<'a> {
    /// The seller of what is ordered.
    pub(super) seller: Shard,
    /// The buyer's phone, in international form.
    pub(super) phone: Option<&'a str>,
    /// A box office, which sees the card itself and need not prove whose it is.
    pub(super) by_office: bool,
}

impl<'a> CardUser<'a> {
    /// Whoever is behind an order of this seller.
    pub(super) fn of(buyer: &'a Buyer, seller: Shard) -> CardUser<'a> {
        CardUser { seller, phone: buyer.phone.as_deref(), by_office: !buyer.by_app }
    }

    /// Whether what belongs to `phone` is theirs to use.
    pub(super) fn may_use(&self, phone: Option<&str>) -> bool {
        self.by_office || (phone.is_some() && phone == self.phone)
    }

    /// The card, if it is valid now and here. Another person's card and none at all look the same.
    ///
    /// # Errors
    /// [`Code::OwnerCardNotFound`], [`Code::OwnerCardNotValid`]
    pub(super) fn find(
        &self,
        address: CardAddress,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<Arc<Card>, Halt> {
        let card = facts.share::<Card>(Card::key_of(address))?;
        let card = card.filter(|card| self.may_use(card.holder.phone.as_deref()));
        let card = card.ok_or_else(|| {
            Refusal::new(Code::OwnerCardNotFound, "There is no such owner card of this phone.")
        })?;
        card.check_valid(now)?;
        if !card.is_good_at(self.seller, facts)? {
            let message = "The card is not good at events of this club.";
            return Err(Refusal::new(Code::OwnerCardNotValid, message).into());
        }
        Ok(card)
    }
}

impl Card {
    /// Whether it is good at events of `seller`: at its own club, and at those that its club names
    /// if its kind says so (`domain.md` §3.6 rule 3).
    ///
    /// # Errors
    /// [`Halt::Missing`]
    pub(crate) fn is_good_at(&self, seller: Shard, facts: &Facts<'_>) -> Result<bool, Halt> {
        if self.shard == seller {
            return Ok(true);
        }
        let kind = facts.look::<CardType>(CardType::key_of(self.shard, self.card_type))?;
        let club = facts.look::<Organiser>(Key::number(self.shard, Kind::Organiser, 0))?;
        let connected = club.is_some_and(|club| club.rules.connected.contains(&seller));
        Ok(connected && kind.is_some_and(|kind| kind.valid_for_connected))
    }
}
