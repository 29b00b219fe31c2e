//! What is for sale: organisers, series, venues, events and ticket types (`domain.md` §3.2–3.5).
//!
//! The catalogue is reference data: read at intake, carried inside a command ([`crate::offer`]),
//! and changed only by [`ChangeCatalogue`] under the seller's lock.

mod change;

use serde::{Deserialize, Serialize};

pub use self::change::{CATALOGUE_ITEMS_MAX, CatalogueItem, ChangeCatalogue, QuotaLimit};
use crate::api_key::ClubScope;
use crate::ids::{
    EventId, PrincipalId, QuotaId, SeatBlockId, SeriesId, Shard, TicketTypeId, VenueId,
};
use crate::money::Currency;
use crate::time::Timestamp;

/// Who sells and is paid out (`eventOwner…`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organiser {
    /// The seller's shard; also its published number.
    pub shard: Shard,
    /// The operator's own short name for it, unique in the installation.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// The federation's id of the club.
    pub external_id: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// The platform's share of each sale, in hundredths of a percent; 0 to 10 000.
    pub fee_basis_points: u32,
    /// The name of the gateway its cards go through.
    pub gateway: String,
    /// How it does business.
    #[serde(default)]
    pub rules: OrganiserRules,
}

/// How an organiser does business; the defaults are what most want.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganiserRules {
    /// Clubs at whose events its season cards may be good, too.
    pub connected: Vec<Shard>,
    /// The club or association above it, for reports.
    pub super_owner: Option<Shard>,
    /// The gateway for payments by phone; none when it takes none.
    pub phone_gateway: Option<String>,
    /// The platform keeps its fee when money goes back.
    pub fee_kept_on_refund: bool,
    /// It may not owe money after a payout, so tickets of events that were paid out stay.
    pub debt_refused: bool,
    /// A transfer must say why.
    pub transfer_reason_required: bool,
    /// Orders pay with tokens, proofs and wallets; a card number that is sent with one is refused.
    pub raw_cards_refused: bool,
}

/// A span of time, from the first moment to just before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first moment inside.
    pub from: Timestamp,
    /// The first moment after.
    pub to: Timestamp,
}

impl Period {
    /// Whether `moment` lies inside.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.to
    }
}

/// A competition or season that several organisers may take part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its number.
    pub id: SeriesId,
    /// The operator's short name, unique in the installation.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// Switched on at all.
    pub active: bool,
    /// The federation's competition id.
    pub external_id: Option<String>,
    /// Shown without being asked for.
    pub show_by_default: bool,
    /// Men, women or mixed, as the federation codes it.
    pub sport_gender_id: Option<String>,
    /// Events that start in this span are not sold for now.
    pub suspended: Option<Period>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Venue {
    /// Its number.
    pub id: VenueId,
    /// The operator's short name, unique in the installation.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// Degrees north, as decimal text.
    pub latitude: Option<String>,
    /// Degrees east, as decimal text.
    pub longitude: Option<String>,
    /// A picture of the seating.
    pub seating_image_url: Option<String>,
}

/// The visiting side of a match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Its id here, if it sells here too.
    pub id: Option<String>,
    /// The name buyers see.
    pub name: String,
    /// The federation's id.
    pub external_id: Option<String>,
}

/// What one ticket type costs at one event, and which limits it counts against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPrice {
    /// Which type.
    pub ticket_type: TicketTypeId,
    /// A price for this event alone, in minor units; otherwise the type's own.
    pub price: Option<i64>,
    /// Every limit that a sold admission counts against.
    pub quotas: Vec<QuotaId>,
    /// The sections it is sold in, where seats have numbers; empty for all.
    #[serde(default)]
    pub sections: Vec<SeatBlockId>,
    /// It is not sold any more. The row stays, because what was sold of it is shown and moved by
    /// its type's rules.
    #[serde(default)]
    pub withdrawn: bool,
}

/// One performance or match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Who sells it.
    pub organiser: Shard,
    /// Its number.
    pub id: EventId,
    /// The operator's short name, unique within the organiser.
    pub slug: String,
    /// The competition or season it belongs to.
    pub series: Option<SeriesId>,
    /// Where it happens.
    pub venue: Option<VenueId>,
    /// The name buyers see.
    pub name: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// More about it.
    pub detailed_description: Option<String>,
    /// Its id in the federation's match system.
    pub external_reference: Option<String>,
    /// What kind of id that is.
    pub external_reference_type: Option<String>,
    /// The visiting side.
    pub visitor: Option<Visitor>,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends; without it, three hours after the start.
    pub ends_at: Option<Timestamp>,
    /// The IANA zone whose clock hangs at the venue.
    pub time_zone: String,
    /// Switched on at all.
    pub active: bool,
    /// Left out of lists and sold only with the code.
    pub hidden: bool,
    /// The code of a hidden event.
    pub access_code: Option<String>,
    /// Postponed without a new date: not sold, tickets stay valid.
    pub postponed: bool,
    /// When it may be bought; without it, from now until its end.
    pub sale: Option<Period>,
    /// No free tickets from owner cards.
    pub owner_cards_not_allowed: bool,
    /// Seats have numbers, so an order needs a reservation.
    pub seats_numbered: bool,
    /// The currency of all its prices.
    pub currency: Currency,
    /// What is sold.
    pub prices: Vec<EventPrice>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// What else holds for it.
    #[serde(default)]
    pub rules: EventRules,
}

/// What holds for an event beside its sale; the defaults are what most want.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventRules {
    /// It will not take place.
    pub cancelled: bool,
    /// Who went in may go in again.
    pub re_entry: bool,
    /// Minutes before the start from which codes are shown and gates open; without it, always.
    pub gates_open_minutes: Option<u32>,
    /// Federation-card types with free entry, separated by commas.
    pub federation_cards: Option<String>,
    /// Opaque hints for presentation.
    pub default_values: Option<String>,
    /// Kind of the external ids.
    pub external_id_type: Option<String>,
    /// The seats of its sections, where seats have numbers, in the order of the map.
    pub seat_blocks: Vec<EventSection>,
}

/// The seats of one section at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSection {
    /// The section's number in the venue.
    pub section: u32,
    /// Its seats.
    pub block: SeatBlockId,
}

impl Event {
    /// The seats of a section; `None` where seats have no numbers, or the section is not sold.
    #[must_use]
    pub fn seat_block(&self, section: u32) -> Option<SeatBlockId> {
        let sections = &self.rules.seat_blocks;
        sections.iter().find(|entry| entry.section == section).map(|entry| entry.block)
    }

    /// The price rows that are sold now.
    pub fn prices_on_sale(&self) -> impl Iterator<Item = &EventPrice> {
        self.prices.iter().filter(|price| !price.withdrawn)
    }

    /// The seats that a price row is sold for, section by section; none where seats have no
    /// numbers.
    pub fn blocks_of(&self, price: &EventPrice) -> impl Iterator<Item = SeatBlockId> {
        let blocks = self.rules.seat_blocks.iter().map(|entry| entry.block);
        blocks.filter(|block| price.sections.is_empty() || price.sections.contains(block))
    }

    /// When it is over (`domain.md` §3.5: without an end, start + 3 h).
    #[must_use]
    pub fn over_at(&self) -> Timestamp {
        let three_hours = crate::time::Span::hours(3);
        self.ends_at.unwrap_or_else(|| self.starts_at.after(three_hours))
    }

    /// Whether the event's tickets can still be used: switched on and not over.
    #[must_use]
    pub fn still_to_come(&self, now: Timestamp) -> bool {
        self.active && !self.rules.cancelled && (self.postponed || now < self.over_at())
    }
}

/// A price class, of one club or of a whole series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketType {
    /// The club whose type it is; `None` for a type of the series.
    pub organiser: Option<Shard>,
    /// Its number.
    pub id: TicketTypeId,
    /// The operator's short name, unique within its owner.
    pub slug: String,
    /// The series it belongs to, if any.
    pub series: Option<SeriesId>,
    /// The name buyers see.
    pub name: String,
    /// A longer text for the ticket.
    pub display: Option<String>,
    /// The colour it is shown in.
    pub color: Option<String>,
    /// The usual price in minor units of `currency`.
    pub price: i64,
    /// The currency of the price; only events in the same one may sell it.
    pub currency: Currency,
    /// The most admissions of it in one order.
    pub order_max: u32,
    /// Each admission must name its holder.
    pub holder_required: bool,
    /// May not be moved to another event.
    pub transfer_blocked: bool,
    /// Apps go on showing its tickets after they were used.
    #[serde(default)]
    pub shown_when_used: bool,
    /// A picture.
    pub image_url: Option<String>,
}

impl TicketType {
    /// Where it lives: with its club, or in the house for a type of the series.
    #[must_use]
    pub fn shard(&self) -> Shard {
        self.organiser.unwrap_or(Shard::HOUSE)
    }
}

/// Somebody who may call, known by an API key of which only the hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Its number.
    pub id: PrincipalId,
    /// What the operator calls it.
    pub name: String,
    /// The SHA-256 of the key, in hex.
    pub key_hash: String,
    /// The first half of that hash: where the row lives.
    pub key_id: u128,
    /// What it is: `Admin`, `TeamAdmin`, `MobileApp`, `Agent`, …
    pub roles: Vec<String>,
    /// What it may: `ReadData`, …
    pub permissions: Vec<String>,
    /// The organisers it may act for; empty means all (only for `Admin` and `MobileApp`).
    pub organisers: Vec<Shard>,
    /// Whether the key opens anything.
    pub active: bool,
    /// How the key begins, so that people can tell it from others; empty for early ones.
    #[serde(default)]
    pub hint: String,
    /// The user whose key it is; such a key has that user's rights and not those above.
    #[serde(default)]
    pub owner: Option<PrincipalId>,
    /// What a key of a club's program may touch; `None` for all other keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub club: Option<ClubScope>,
}
