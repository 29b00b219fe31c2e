//! How a sale is paid (`domain.md` §2.1).

use serde::{Deserialize, Serialize};

use crate::attempt::GatewayTerms;
use crate::declines;
use crate::enrolment::{self, Enrolment, OrderId, OrderReference, ProofClaim, ProofOwner};
use crate::facts::{Facts, Halt, Key};
use crate::ids::Shard;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// The means of paying, by its published name (`paymentMethodId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A card, typed in or a gateway's single-use token.
    Card,
    /// A card kept by the gateway.
    SavedCard,
    /// A device card with its proof.
    ApplePay,
    /// A card whose holder proved who they are.
    Card3D,
    /// A message to a phone.
    Phone,
    /// Nothing to pay.
    Free,
}

impl Method {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Card => "card",
            Method::SavedCard => "savedCard",
            Method::ApplePay => "applePay",
            Method::Card3D => "card3D",
            Method::Phone => "phone",
            Method::Free => "free",
        }
    }
}

/// What the buyer pays with. The card itself never comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// Something that a gateway can take money from.
    Usable {
        /// Of which kind.
        method: Method,
        /// The gateway it goes through.
        gateway: GatewayTerms,
        /// The payer's phone, for [`Method::Phone`].
        payer_phone: Option<String>,
        /// What it shows that may be used once.
        claims: Claims,
    },
    /// Something that cannot be used, and why: said when the order turns out to cost something,
    /// and after what is wrong with the order itself (`domain.md` §3.6 rule 1).
    Unusable(Refusal),
}

/// What an instrument shows that one order may use and no other, or not too often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The payment reference that the client chose.
    pub reference: Option<OrderId>,
    /// The proof of who the card's holder is.
    pub proof: Option<ProofClaim>,
    /// A keyed hash of the card, under which its declines are counted; it may be used until there
    /// were too many of them. With a proof, the card that was proved counts instead: what is shown
    /// then is a token for one charge, new each time ([`Claims::counted_card`]).
    pub card: Option<u128>,
}

impl Claims {
    /// The rows that [`Claims::use_up`] looks at, to be loaded beforehand.
    pub fn keys(&self, shard: Shard, keys: &mut Vec<Key>) {
        let proof = self.proof.as_ref();
        keys.extend(proof.map(|proof| Enrolment::key_of(shard, proof.order_id.number())));
        let reference = self.reference.as_ref();
        keys.extend(reference.map(|reference| OrderReference::key_of(shard, reference)));
        keys.extend(self.card.map(|card| declines::key(shard, card)));
    }

    /// Uses it up in the commit that writes the payment down. `money` is what the instrument
    /// pays and `owner` who orders.
    ///
    /// # Errors
    /// As [`declines::check`], [`enrolment::consume`] and [`OrderReference::take`].
    pub fn use_up(
        &self,
        facts: &mut Facts<'_>,
        shard: Shard,
        money: Money,
        owner: &ProofOwner,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(proof) = &self.proof {
            enrolment::consume(facts, shard, proof, money, owner, now)?;
        }
        if let Some(card) = self.counted_card(facts, shard)? {
            declines::check(facts, shard, card, now)?;
        }
        match &self.reference {
            Some(reference) => OrderReference::take(facts, shard, reference, now),
            None => Ok(()),
        }
    }

    /// What a decline counts against: the card behind the proof, or else the one that is shown.
    /// The attempt that it pays keeps it ([`crate::attempt::Attempt::card`]).
    ///
    /// # Errors
    /// [`Halt::Missing`] when the row is not in memory.
    pub fn counted_card(&self, facts: &Facts<'_>, shard: Shard) -> Result<Option<u128>, Halt> {
        let Some(proof) = &self.proof else { return Ok(self.card) };
        let key = Enrolment::key_of(shard, proof.order_id.number());
        let enrolment = facts.look::<Enrolment>(key)?;
        Ok(enrolment.map(|enrolment| enrolment.card_hash).or(self.card))
    }
}

impl Instrument {
    /// What it shows that may be used once; nothing for one that cannot be used.
    #[must_use]
    pub fn claims(&self) -> Option<&Claims> {
        match self {
            Instrument::Usable { claims, .. } => Some(claims),
            Instrument::Unusable(_) => None,
        }
    }
}
