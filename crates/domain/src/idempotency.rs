//! The same request twice is one sale.
//!
//! A row says which sale a mark led to: a caller's key, or the signature of a request. Rows are
//! kept by day, so that what is written today lies together; a row of a past day never changes.

mod use_signature;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Halt, Key};
use crate::ids::{CardId, SaleId, Shard};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::time::{Span, Timestamp};

pub use self::use_signature::UseSignature;

/// How many days a key is remembered (`payments.md` §6.5: at least 30).
pub const IDEMPOTENCY_DAYS: u32 = 31;

/// How far the clocks of two nodes may be apart without a repeat being missed.
const CLOCK_DIFFERENCE_MAX: Span = Span::minutes(5);

/// Who asked for what under which key, and how the body looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// Hash over caller, operation and key, or over a client system and its signature.
    pub hash: u128,
    /// Hash over the normalised request; card fields only as keyed fingerprints.
    pub fingerprint: u128,
}

/// The row: this mark led to that sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Where the mark counts: with one seller, or for signatures with all, in the house.
    pub shard: Shard,
    /// The day it was first seen, in days since 1970.
    pub day: u32,
    /// The mark and the body it came with.
    pub identity: Identity,
    /// Whose sale it led to.
    pub seller: Shard,
    /// What it led to; 0 when it made no sale.
    pub sale: SaleId,
    /// The cards that it gave away instead.
    pub cards: Vec<CardId>,
}

/// By what a request is known when it comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The caller's key. It counts with one seller.
    Key(Shard, Identity),
    /// The signature of a client system. It is good for one request only, whoever sells, so its
    /// row lies in the house (`domain.md` §1.6).
    Signature(Identity),
}

impl Mark {
    fn identity(&self) -> Identity {
        let (Mark::Key(_, identity) | Mark::Signature(identity)) = *self;
        identity
    }

    fn shard(&self) -> Shard {
        match *self {
            Mark::Key(seller, _) => seller,
            Mark::Signature(_) => Shard::HOUSE,
        }
    }

    /// A request around midnight may be repeated on the next day, or where a clock is behind on
    /// the day before; and it may have been read on the day before it is decided. Two days to
    /// look at, and a third in the first and the last minutes of a day.
    pub fn recent_keys(&self, now: Timestamp) -> impl Iterator<Item = Key> + use<> {
        let (shard, hash) = (self.shard(), self.identity().hash);
        let first = now.before(CLOCK_DIFFERENCE_MAX).day().saturating_sub(1);
        let days = first..=now.after(CLOCK_DIFFERENCE_MAX).day();
        days.rev().map(move |day| Key::hashed(shard, Kind::Idempotency, day, hash))
    }

    /// The row of the last days, if there is one.
    ///
    /// # Errors
    /// [`Halt::Missing`] when a day is not in memory.
    pub fn find(&self, facts: &Facts<'_>, now: Timestamp) -> Result<Option<Idempotency>, Halt> {
        let mut known = None;
        for key in self.recent_keys(now) {
            known = known.or(facts.look::<Idempotency>(key)?.cloned());
        }
        Ok(known)
    }

    /// The sale that `row` led to, if it was made by this very request to this seller.
    ///
    /// # Errors
    /// [`Mark::taken`]
    pub fn recognise(&self, row: &Idempotency, seller: Shard) -> Result<SaleId, Refusal> {
        let is_same = row.identity.fingerprint == self.identity().fingerprint;
        if is_same && row.seller == seller { Ok(row.sale) } else { Err(self.taken()) }
    }

    /// [`Code::IdempotencyConflict`] or [`Code::SignatureReplayed`]: it came with another request.
    #[must_use]
    pub fn taken(&self) -> Refusal {
        match self {
            Mark::Key(..) => {
                let message =
                    "This key was used for another order; send a new key for a new order.";
                Refusal::new(Code::IdempotencyConflict, message)
            }
            Mark::Signature(_) => {
                let message = "This signature came with another request; sign each request \
                               anew, with a time of its own.";
                Refusal::new(Code::SignatureReplayed, message)
            }
        }
    }

    /// Writes down what it led to.
    pub fn remember(&self, seller: Shard, sale: SaleId, facts: &mut Facts<'_>, now: Timestamp) {
        let (shard, identity) = (self.shard(), self.identity());
        facts.put(Idempotency { shard, day: now.day(), identity, seller, sale, cards: Vec::new() });
    }
}

/// Everything by which one order is known when it comes again.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The caller's key, if the request carried one.
    pub key: Option<Identity>,
    /// The signature of the request, if it carried one.
    pub signature: Option<Identity>,
    /// The row of an earlier day with the same key, which never changes.
    pub earlier: Option<Idempotency>,
}

impl Marks {
    /// In the order in which a wrong one is told.
    fn all(&self, seller: Shard) -> impl Iterator<Item = Mark> + use<> {
        let signature = self.signature.map(Mark::Signature);
        let key = self.key.map(|identity| Mark::Key(seller, identity));
        signature.into_iter().chain(key)
    }

    /// The rows that [`Marks::repeat`] looks at, to be loaded beforehand.
    pub fn keys(&self, seller: Shard, now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend(self.all(seller).flat_map(|mark| mark.recent_keys(now)));
    }

    /// The sale that this very request led to before, if it did.
    ///
    /// Either mark leads to the sale, and once it was found, both do: a client may sign a repeat
    /// anew or lose its key, and a signature on a repeat is used up by it.
    ///
    /// # Errors
    /// [`Mark::taken`]; [`Halt::Missing`] when a row is not in memory.
    pub fn repeat(
        &self,
        seller: Shard,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<Arc<Sale>>, Halt> {
        let (mut found, mut unknown) = (None, Vec::new());
        for mark in self.all(seller) {
            let Some(row) = self.row(mark, facts, now)? else {
                unknown.push(mark);
                continue;
            };
            let sale = mark.recognise(&row, seller)?;
            if found.is_some_and(|other| other != sale) {
                return Err(mark.taken().into());
            }
            found = Some(sale);
        }
        let Some(found) = found else { return Ok(None) };
        let sale = facts.share::<Sale>(Sale::key_of(seller, found))?;
        if sale.is_some() {
            unknown.iter().for_each(|mark| mark.remember(seller, found, facts, now));
        }
        Ok(sale)
    }

    fn row(
        &self,
        mark: Mark,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<Idempotency>, Halt> {
        let earlier = self.earlier.as_ref().filter(|_| matches!(mark, Mark::Key(..)));
        match earlier {
            Some(earlier) => Ok(Some(earlier.clone())),
            None => mark.find(facts, now),
        }
    }

    /// The cards that this very request gave away before, if it did.
    ///
    /// # Errors
    /// [`Mark::taken`]; [`Halt::Missing`] when a row is not in memory.
    pub fn repeat_gift(
        &self,
        seller: Shard,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<Vec<CardId>>, Halt> {
        let Some(identity) = self.key else { return Ok(None) };
        let mark = Mark::Key(seller, identity);
        let Some(row) = self.row(mark, facts, now)? else { return Ok(None) };
        mark.recognise(&row, seller)?;
        Ok(Some(row.cards))
    }

    /// Writes down which cards the request gave away.
    pub fn remember_gift(
        &self,
        seller: Shard,
        cards: &[CardId],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) {
        let Some(identity) = self.key else { return };
        let (day, sale, cards) = (now.day(), SaleId(0), cards.to_vec());
        facts.put(Idempotency { shard: seller, day, identity, seller, sale, cards });
    }

    /// Writes down what the request led to.
    pub fn remember(&self, seller: Shard, sale: SaleId, facts: &mut Facts<'_>, now: Timestamp) {
        self.all(seller).for_each(|mark| mark.remember(seller, sale, facts, now));
    }
}
