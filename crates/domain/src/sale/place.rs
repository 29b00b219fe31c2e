//! Placing an order: price it, take its places, write down its first attempt (`domain.md` §3.6).

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{Buyer, Holder, Line, NewSale, Place, Sale};
use crate::attempt::{Attempt, GatewayTerms, Next, Verb};
use crate::enrolment::ProofOwner;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::{Idempotency, Identity, Mark};
use crate::ids::{LineId, SaleId, Shard};
use crate::money::{Currency, Money, basis_points_of};
use crate::offer::Offer;
use crate::payment::{Instrument, Method};
use crate::pricing::{LineRequest, PricedLine, guard_price, guarded_total, price_lines};
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::token::Secret;

/// Orders admissions to one event.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The event as the catalogue showed it.
    pub offer: Arc<Offer>,
    /// What is ordered.
    pub lines: Vec<LineRequest>,
    /// One entry an admission, in line order.
    pub holders: Vec<Holder>,
    /// Who orders.
    pub buyer: Buyer,
    /// The code for a hidden event.
    pub access_code: Option<String>,
    /// What the buyer pays with.
    pub instrument: Option<Instrument>,
    /// The total the client saw, in minor units.
    pub total_guard: Option<i64>,
    /// The currency the client saw.
    pub currency_guard: Option<Currency>,
    /// 128 random bits for the handle.
    pub secret: Secret,
    /// The caller's key, if the request carried one.
    pub identity: Option<Identity>,
    /// The signature of the request, if it carried one.
    pub signed: Option<Identity>,
    /// The row of an earlier day with the same key, which never changes.
    pub earlier: Option<Idempotency>,
}

/// A placed order, now or when it was first asked for.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The sale as it is.
    pub sale: Arc<Sale>,
    /// What it needs next; [`Next::Done`] for a repeat, whose loop runs already.
    pub next: Next,
    /// Whether the same request had been answered or begun before.
    pub repeated: bool,
}

impl Command for PlaceOrder {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        match self.signed {
            Some(_) => Shards::Two(Shard::HOUSE, self.shard()),
            None => Shards::One(self.shard()),
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard()));
        keys.extend(self.marks().flat_map(|mark| mark.recent_keys(now)));
        let claims = self.instrument.as_ref().and_then(Instrument::claims);
        claims.into_iter().for_each(|claims| claims.keys(self.shard(), keys));
        let prices = self.offer.event.prices.iter();
        let asked = prices.filter(|price| {
            let id = Some(price.ticket_type);
            self.lines.iter().any(|line| line.series_type == id || line.owner_type == id)
        });
        keys.extend(
            asked
                .flat_map(|price| &price.quotas)
                .map(|quota| Key::number(self.shard(), Kind::Quota, quota.0)),
        );
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(repeat) = self.repeat(facts, now)? {
            return Ok(repeat);
        }
        self.check_revision(facts)?;
        self.offer.open_for_sale(now)?;
        self.offer.admits(self.access_code.as_deref())?;
        let lines = price_lines(&self.offer, &self.lines)?;
        self.check_holders(&lines)?;
        self.check_seats()?;
        self.check_currency()?;
        let total = self.guarded_total(&lines)?;
        self.check_instrument(total)?;
        self.use_claims(total, facts, now)?;
        let places = take_places(&lines, self.shard(), total == 0, facts)?;
        self.place(&lines, places, total, facts, now)
    }
}

impl PlaceOrder {
    fn shard(&self) -> Shard {
        self.offer.shard()
    }

    /// What the request is known by, in the order in which a wrong one is told.
    fn marks(&self) -> impl Iterator<Item = Mark> {
        let signature = self.signed.map(Mark::Signature);
        let key = self.identity.map(|identity| Mark::Key(self.shard(), identity));
        signature.into_iter().chain(key)
    }

    /// Either mark leads to the sale, and once it was found, both do: a client may sign a repeat
    /// anew or lose its key, and a signature on a repeat is used up by it.
    fn repeat(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Option<Placed>, Halt> {
        let (mut found, mut unknown) = (None, Vec::new());
        for mark in self.marks() {
            let Some(row) = self.row(mark, facts, now)? else {
                unknown.push(mark);
                continue;
            };
            let sale = mark.recognise(&row, self.shard())?;
            if found.is_some_and(|other| other != sale) {
                return Err(mark.taken().into());
            }
            found = Some(sale);
        }
        let Some(found) = found else { return Ok(None) };
        let sale = facts.share::<Sale>(Sale::key_of(self.shard(), found))?;
        let Some(sale) = sale else { return Ok(None) };
        unknown.iter().for_each(|mark| mark.remember(self.shard(), found, facts, now));
        Ok(Some(Placed { sale, next: Next::Done, repeated: true }))
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

    fn check_revision(&self, facts: &Facts<'_>) -> Result<(), Halt> {
        let seller = facts.look::<Seller>(Key::seller(self.shard()))?;
        match seller {
            Some(seller) if seller.catalogue_revision == self.offer.revision => Ok(()),
            _ => Err(Halt::Stale),
        }
    }

    fn check_holders(&self, lines: &[PricedLine<'_>]) -> Result<(), Refusal> {
        let admissions: u32 = lines.iter().map(|line| line.count).sum();
        if self.holders.len() > admissions as usize {
            let message = format!("{} holders for {admissions} admissions.", self.holders.len());
            return Err(Refusal::new(Code::HolderCountMismatch, message));
        }
        let mut holders = self.holders.iter();
        for line in lines {
            let named = holders.by_ref().take(line.count as usize);
            let named = named.filter(|holder| holder.is_complete()).count();
            if line.ticket_type.holder_required && named < line.count as usize {
                let message = format!(
                    "Each admission of {} needs its holder's name, phone and id.",
                    line.ticket_type.name
                );
                return Err(Refusal::new(Code::HolderInfoRequired, message));
            }
        }
        Ok(())
    }

    fn check_seats(&self) -> Result<(), Refusal> {
        if self.offer.event.seats_numbered {
            let message = "Seats of this event are numbered; reserve seats first.";
            return Err(Refusal::new(Code::SeatReservationRequired, message));
        }
        Ok(())
    }

    /// A currency is a guard like a price.
    fn check_currency(&self) -> Result<(), Refusal> {
        match self.currency_guard {
            Some(seen) if seen != self.currency() => {
                let message = format!("This order is in {}.", self.currency().code());
                Err(Refusal::new(Code::CurrencyMismatch, message))
            }
            _ => Ok(()),
        }
    }

    /// The sum the client saw comes with its instrument, and is ignored with it when there is
    /// nothing to pay (`domain.md` §2.1).
    fn guarded_total(&self, lines: &[PricedLine<'_>]) -> Result<i64, Refusal> {
        let total = guarded_total(lines, &self.lines, self.currency())?;
        if total > 0 {
            guard_price(self.total_guard, Money::new(total, self.currency()), "the order")?;
        }
        Ok(total)
    }

    /// An instrument beside a total of zero is ignored (`domain.md` §2.1).
    fn check_instrument(&self, total: i64) -> Result<(), Refusal> {
        match &self.instrument {
            _ if total == 0 => Ok(()),
            Some(Instrument::Usable { .. }) => Ok(()),
            Some(Instrument::Unusable(refusal)) => Err(refusal.clone()),
            None => Err(Refusal::new(
                Code::PaymentMethodRequired,
                "This order costs something; send a card to pay it with.",
            )),
        }
    }

    /// What the instrument shows once is used up by the order that it pays.
    fn use_claims(
        &self,
        total: i64,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let claims = self.instrument.as_ref().and_then(Instrument::claims);
        let Some(claims) = claims.filter(|_| total > 0) else { return Ok(()) };
        let money = Money::new(total, self.currency());
        claims.use_up(facts, self.shard(), money, &ProofOwner::from(&self.buyer), now)
    }

    fn currency(&self) -> Currency {
        self.offer.event.currency
    }

    fn place(
        &self,
        lines: &[PricedLine<'_>],
        places: Vec<Place>,
        total: i64,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Placed, Halt> {
        let id = SaleId(facts.number(self.shard(), SaleId::KIND)?);
        let new = NewSale {
            shard: self.shard(),
            id,
            secret: self.secret,
            event: self.offer.event_id(),
            currency: self.currency(),
        };
        let mut sale = Sale {
            total,
            fee: basis_points_of(total, self.offer.organiser.fee_basis_points),
            lines: self.numbered_lines(lines, facts)?,
            places,
            buyer: self.buyer.clone(),
            method: Some(Method::Free),
            ..Sale::new(new, now)
        };
        self.marks().for_each(|mark| mark.remember(self.shard(), id, facts, now));
        match &self.instrument {
            Some(Instrument::Usable { method, gateway, payer_phone, .. }) if total > 0 => {
                sale.method = Some(*method);
                sale.payer_phone.clone_from(payer_phone);
                sale.attempts = vec![self.first_attempt(id, gateway, total, now)];
            }
            _ => {
                sale.issue(None, facts, now)?;
                sale.previous_state = None;
            }
        }
        let next = sale.begin_last();
        Ok(Placed { sale: facts.put(sale), next, repeated: false })
    }

    fn numbered_lines(
        &self,
        lines: &[PricedLine<'_>],
        facts: &mut Facts<'_>,
    ) -> Result<Vec<Line>, Halt> {
        let mut holders = self.holders.iter().cloned();
        let number = |line: &PricedLine<'_>| {
            Ok(Line {
                id: LineId(facts.number(self.shard(), LineId::KIND)?),
                ticket_type: line.ticket_type.id,
                of_series: line.ticket_type.organiser.is_none(),
                count: line.count,
                unit_price: line.unit_price,
                total: line.total,
                holders: holders.by_ref().take(line.count as usize).collect(),
            })
        };
        lines.iter().map(number).collect()
    }

    fn first_attempt(
        &self,
        sale: SaleId,
        gateway: &GatewayTerms,
        total: i64,
        now: Timestamp,
    ) -> Attempt {
        let key = attempt_key(self.shard(), sale, 1, self.secret);
        Attempt::new(1, Verb::Charge, key, gateway, total, now)
    }
}

/// The gateway's key for one attempt: leads a person back to the sale, cannot be guessed, and
/// tells nothing of the secret.
pub(crate) fn attempt_key(shard: Shard, sale: SaleId, attempt: u8, secret: Secret) -> String {
    let hidden = Sha256::digest(secret.0);
    let random = u64::from_be_bytes(std::array::from_fn(|index| hidden[index]));
    format!("att_{:x}_{:x}_{attempt}_{random:016x}", shard.0, sale.0)
}

fn take_places(
    lines: &[PricedLine<'_>],
    shard: Shard,
    sold_at_once: bool,
    facts: &mut Facts<'_>,
) -> Result<Vec<Place>, Halt> {
    let mut places: Vec<Place> = Vec::new();
    for line in lines {
        for id in &line.price_row.quotas {
            let key = Key::number(shard, Kind::Quota, id.0);
            let quota = facts.edit::<Quota>(key)?.ok_or_else(|| {
                Refusal::new(Code::SaleNotActive, "Places for this event are not set up yet.")
            })?;
            let taken = if sold_at_once { quota.sell(line.count) } else { quota.hold(line.count) };
            taken?;
            match places.iter_mut().find(|place| place.quota == *id) {
                Some(place) => place.count += line.count,
                None => places.push(Place { quota: *id, count: line.count }),
            }
        }
    }
    Ok(places)
}
