//! Placing an order of admissions: price it, take its places, write down its first attempt
//! (`domain.md` §3.6).

use std::sync::Arc;

use super::card_use::CardUser;
use super::entitle::{Entitling, Rights};
use super::{Buyer, Holder, Line, NewSale, Place, Sale, Tender};
use crate::attempt::Next;
use crate::books::EventBook;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{LineId, ReservationId, SaleId, SeatBlockId, Shard};
use crate::money::{Currency, basis_points_of};
use crate::offer::Offer;
use crate::pricing::{LineRequest, PricedLine, guard_lines, price_lines};
use crate::quota::Quota;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::seating::{self, Reservation, SeatsWanted};
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::token::{Secret, Token};

/// Orders admissions to one event.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The event as the catalogue showed it.
    pub offer: Arc<Offer>,
    /// What is ordered.
    pub lines: Vec<LineRequest>,
    /// One entry an admission, in line order.
    pub holders: Vec<Holder>,
    /// For each admission the reserved seat that was chosen for it; may be shorter.
    pub seats: Vec<Option<u32>>,
    /// The hold of the seats, where they are numbered.
    pub reservation: Option<ReservedFor>,
    /// What is claimed instead of paying.
    pub rights: Rights,
    /// Who orders.
    pub buyer: Buyer,
    /// The code for a hidden event.
    pub access_code: Option<String>,
    /// What the buyer pays with.
    pub tender: Tender,
    /// 128 random bits for the handle.
    pub secret: Secret,
    /// By what the request is known when it comes again.
    pub marks: Marks,
}

/// A hold of seats, and the request that orders them: one order a hold (`payments.md` §6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedFor {
    /// The hold's handle.
    pub token: Token,
    /// The hash of caller and body, by which a repeat is recognised.
    pub request: u128,
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

impl Placed {
    /// The sale of an earlier request that was the same.
    #[must_use]
    pub fn again(sale: Arc<Sale>) -> Placed {
        Placed { sale, next: Next::Done, repeated: true }
    }
}

impl Command for PlaceOrder {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        let house = self.marks.signature.map(|_| Shard::HOUSE);
        let partner = self.rights.card().or(self.tender.credit).map(|card| card.shard);
        let partner = partner.filter(|partner| *partner != self.shard());
        match (house, partner) {
            (None, None) => Shards::One(self.shard()),
            (Some(other), None) | (None, Some(other)) => Shards::Two(other, self.shard()),
            (Some(house), Some(partner)) => Shards::Three(house, self.shard(), partner),
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        let shard = self.shard();
        keys.extend([Key::seller(shard), EventBook::key_of(shard, self.offer.event_id())]);
        self.marks.keys(shard, now, keys);
        self.tender.keys(shard, keys);
        self.rights.keys(&self.offer.event, keys);
        let hold = self.reservation.map(|hold| ReservationId(hold.token.number));
        keys.extend(hold.map(|id| Reservation::key_of(shard, id)));
        let prices = self.offer.event.prices.iter();
        let asked = prices.filter(|price| {
            let id = Some(price.ticket_type);
            self.lines.iter().any(|line| line.series_type == id || line.owner_type == id)
        });
        let quotas = asked.flat_map(|price| &price.quotas);
        keys.extend(quotas.map(|quota| Key::number(shard, Kind::Quota, quota.0)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(sale) = self.repeat(facts, now)? {
            return Ok(Placed::again(sale));
        }
        self.check_revision(facts)?;
        self.offer.open_for_sale(now)?;
        self.offer.admits(self.access_code.as_deref())?;
        let lines = price_lines(&self.offer, &self.lines)?;
        self.check_holders(&lines)?;
        let mut sale = self.begin(&lines, facts, now)?;
        self.choose_seats(&lines, facts, now)?;
        self.use_rights(&mut sale, facts, now)?;
        self.tender.check_currency(sale.currency)?;
        guard_lines(&sale.lines, &lines, &self.lines, sale.currency)?;
        sale.use_tender(&self.tender, facts, now)?;
        sale.places = hold_places(&lines, self.shard(), facts)?;
        self.hold_seats(&mut sale, &lines, facts, now)?;
        self.marks.remember(self.shard(), sale.id, facts, now);
        sale.start_payment(&self.tender, facts, now)
    }
}

impl PlaceOrder {
    /// An order that asks for nothing yet.
    #[must_use]
    pub fn new(offer: Arc<Offer>, secret: Secret) -> PlaceOrder {
        PlaceOrder {
            offer,
            lines: Vec::new(),
            holders: Vec::new(),
            seats: Vec::new(),
            reservation: None,
            rights: Rights::default(),
            buyer: Buyer::default(),
            access_code: None,
            tender: Tender::default(),
            secret,
            marks: Marks::default(),
        }
    }

    fn shard(&self) -> Shard {
        self.offer.shard()
    }

    /// The sale that this very request led to before. A hold of seats is an identity, too: while
    /// an order has its seats, the same order is that one, and another one is refused.
    fn repeat(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Option<Arc<Sale>>, Halt> {
        let found = self.marks.repeat(self.shard(), facts, now)?;
        let Some(hold) = self.reservation.filter(|hold| hold.token.shard == self.shard()) else {
            return Ok(found);
        };
        let Some(ordered) = seating::sale_of(facts, hold.token)?.filter(|_| found.is_none()) else {
            return Ok(found);
        };
        let sale = facts.share::<Sale>(Sale::key_of(self.shard(), ordered))?;
        match sale {
            Some(sale) if sale.request == Some(hold.request) => {
                self.marks.remember(self.shard(), sale.id, facts, now);
                Ok(Some(sale))
            }
            Some(sale) if sale.state.holds_places() => {
                let message = "Another order of these seats is being paid; ask for its status.";
                Err(Refusal::new(Code::PaymentPending, message).into())
            }
            _ => {
                let message = "Another order has these seats; reserve others for a new order.";
                Err(Refusal::new(Code::IdempotencyConflict, message).into())
            }
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

    /// The sale with its lines at their list prices; it has taken nothing yet.
    fn begin(
        &self,
        lines: &[PricedLine<'_>],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let new = NewSale {
            shard: self.shard(),
            id: SaleId(facts.number(self.shard(), SaleId::KIND)?),
            secret: self.secret,
            event: self.offer.event_id(),
            currency: self.currency(),
        };
        let lines = self.numbered_lines(lines, facts)?;
        let request = self.reservation.map(|hold| hold.request);
        Ok(Sale { lines, request, buyer: self.buyer.clone(), ..Sale::new(new, now) })
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
                transferred_from: None,
            })
        };
        lines.iter().map(number).collect()
    }

    /// Looks whether there are seats for everybody, where the order needs or names a hold.
    fn choose_seats(
        &self,
        lines: &[PricedLine<'_>],
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.offer.event.seats_numbered || self.reservation.is_some() {
            seating::choose_seats(facts, &self.seats_wanted(&sections_of(lines)), now)?;
        }
        Ok(())
    }

    fn hold_seats(
        &self,
        sale: &mut Sale,
        lines: &[PricedLine<'_>],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(hold) = self.reservation {
            let sections = sections_of(lines);
            let wanted = self.seats_wanted(&sections);
            sale.seats = seating::take_for_sale(facts, &wanted, sale.id, false, now)?;
            sale.reservation = Some(ReservationId(hold.token.number));
        }
        Ok(())
    }

    fn seats_wanted<'a>(&'a self, sections: &'a [&'a [SeatBlockId]]) -> SeatsWanted<'a> {
        SeatsWanted {
            shard: self.shard(),
            event: self.offer.event_id(),
            reservation: self.reservation.map(|hold| hold.token),
            buyer: &self.buyer,
            sections,
            chosen: &self.seats,
        }
    }

    /// Uses the rights that make it cheaper, sets its price, and uses store credit for it.
    fn use_rights(
        &self,
        sale: &mut Sale,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let user = CardUser::of(&self.buyer, self.shard());
        let with = Entitling { event: &self.offer.event, user, now };
        sale.entitle(&self.rights, &self.lines, &with, facts)?;
        sale.total = sale.lines.iter().map(|line| line.total).sum();
        sale.fee = basis_points_of(sale.total, self.offer.organiser.fee_basis_points);
        sale.use_credit(&self.tender, &user, facts, now)
    }

    fn currency(&self) -> Currency {
        self.offer.event.currency
    }
}

/// For each admission the sections in which its type is sold.
fn sections_of<'a>(lines: &[PricedLine<'a>]) -> Vec<&'a [SeatBlockId]> {
    let of_line = |line: &PricedLine<'a>| {
        std::iter::repeat_n(line.price_row.sections.as_slice(), line.count as usize)
    };
    lines.iter().flat_map(of_line).collect()
}

fn hold_places(
    lines: &[PricedLine<'_>],
    shard: Shard,
    facts: &mut Facts<'_>,
) -> Result<Vec<Place>, Halt> {
    let mut places: Vec<Place> = Vec::new();
    for line in lines {
        for id in &line.price_row.quotas {
            let key = Key::number(shard, Kind::Quota, id.0);
            let quota = facts.edit::<Quota>(key)?.ok_or_else(|| {
                Refusal::new(Code::SaleNotActive, "Places for this event are not set up yet.")
            })?;
            quota.hold(line.count)?;
            match places.iter_mut().find(|place| place.quota == *id) {
                Some(place) => place.count += line.count,
                None => places.push(Place { quota: *id, count: line.count }),
            }
        }
    }
    Ok(places)
}
