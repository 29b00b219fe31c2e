//! Season cards, team passes and single-use codes in a catalogue file: rights to tickets.

use domain::card::CardType;
use domain::catalogue::CatalogueItem;
use domain::ids::{
    CardTypeId, EventId, NumberKind, PassTypeId, QuotaId, SeriesId, Shard, TicketTypeId,
};
use domain::pass::PassType;
use domain::special_ticket::SpecialTicket;
use domain::time::Timestamp;
use serde::Deserialize;

use super::file::{default_currency, default_time_zone, default_true};
use super::known::Known;
use super::plan::{currency, period, price};

/// The fewest characters of a code: one that is guessed is a ticket given away.
const CODE_LENGTH_MIN: usize = 8;

/// The most characters of a code.
const CODE_LENGTH_MAX: usize = 64;

/// `[[card_type]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardTypeEntry {
    /// Short name, unique within the club.
    pub slug: String,
    /// The club that sells it.
    pub organiser: String,
    /// The name buyers see.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// On sale at all.
    #[serde(default = "default_true")]
    pub active: bool,
    /// Only the club itself may give it out.
    #[serde(default)]
    pub team_only: bool,
    /// When its sale begins; with `sale_to`.
    pub sale_from: Option<String>,
    /// When its sale ends.
    pub sale_to: Option<String>,
    /// When new cards are good from.
    pub valid_from: String,
    /// When new cards end.
    pub valid_to: String,
    /// The clock of these times.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// What it costs in major units, as decimal text.
    pub price: String,
    /// The currency of price and credit.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// Free tickets it gives; 0 for none.
    #[serde(default)]
    pub tickets: u32,
    /// As many free tickets as one likes.
    #[serde(default)]
    pub tickets_unlimited: bool,
    /// Free tickets it gives for one event; without it, no limit of its own.
    pub tickets_per_event: Option<u32>,
    /// The store credit it starts with in major units, as decimal text; without it, it has none.
    pub credit: Option<String>,
    /// Good at the clubs connected with its own, too.
    #[serde(default)]
    pub valid_for_connected: bool,
    /// A buyer must say who holds it.
    #[serde(default)]
    pub holder_required: bool,
    /// How many may be sold.
    pub limit: Option<u32>,
    /// A picture.
    pub image_url: Option<String>,
    /// The picture behind it.
    pub background_image_url: Option<String>,
}

/// `[[pass_type]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassTypeEntry {
    /// Short name, unique within the club.
    pub slug: String,
    /// The club that sells it.
    pub organiser: String,
    /// The series it is good for.
    pub series: String,
    /// The ticket type that each event gives: the club's own, or one of the series.
    pub ticket_type: String,
    /// The name buyers see.
    pub name: String,
    /// What it costs in major units, as decimal text.
    pub price: String,
    /// The currency of the price.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// On sale.
    #[serde(default = "default_true")]
    pub active: bool,
    /// Only the club itself may give it out.
    #[serde(default)]
    pub team_only: bool,
}

/// `[[special_ticket]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialTicketEntry {
    /// The club that gives it out.
    pub organiser: String,
    /// What it is for, for people.
    pub campaign: String,
    /// The code, 8 to 64 characters; case and blanks do not matter.
    pub code: String,
    /// The event it is good for; without it, any of the club.
    pub event: Option<String>,
    /// The ticket type it gives; without it, any.
    pub ticket_type: Option<String>,
    /// What an admission costs with it, in major units, as decimal text.
    #[serde(default = "nothing")]
    pub price: String,
    /// The currency of the price.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// Admissions it is good for.
    #[serde(default = "one")]
    pub count: u32,
}

fn nothing() -> String {
    "0".into()
}

fn one() -> u32 {
    1
}

/// The name of the quota that limits a kind of card.
pub(crate) fn stock_name(slug: &str) -> String {
    format!("card/{slug}")
}

fn club(slug: &str, known: &Known) -> Result<Shard, String> {
    known.organiser(slug).ok_or_else(|| format!("no organiser \"{slug}\""))
}

/// A kind of card with its number; its stock, if it has one, is `quota`.
pub(super) fn card_type(
    entry: &CardTypeEntry,
    quota: Option<QuotaId>,
    known: &mut Known,
) -> Result<CardType, String> {
    let shard = club(&entry.organiser, known)?;
    let id = known.number_or_new(shard, NumberKind::CardType, &entry.slug)?;
    let bounds = (Some(entry.valid_from.as_str()), Some(entry.valid_to.as_str()));
    let valid = period(bounds, &entry.time_zone, "valid")?.ok_or("it has no validity")?;
    let bounds = (entry.sale_from.as_deref(), entry.sale_to.as_deref());
    let credit = entry.credit.as_deref().map(|text| price(text, &entry.currency)).transpose()?;
    Ok(CardType {
        shard,
        id: CardTypeId(id),
        slug: entry.slug.clone(),
        name: entry.name.clone(),
        description: entry.description.clone(),
        active: entry.active,
        team_only: entry.team_only,
        sale: period(bounds, &entry.time_zone, "sale")?,
        valid,
        price: price(&entry.price, &entry.currency)?,
        currency: currency(&entry.currency)?,
        tickets_max: (!entry.tickets_unlimited).then_some(entry.tickets),
        tickets_per_event_max: entry.tickets_per_event,
        has_credit: credit.is_some(),
        credit: credit.unwrap_or(0),
        valid_for_connected: entry.valid_for_connected,
        holder_required: entry.holder_required,
        quota,
        image_url: entry.image_url.clone(),
        background_image_url: entry.background_image_url.clone(),
    })
}

/// A kind of pass with its number.
pub(super) fn pass_type(entry: &PassTypeEntry, known: &mut Known) -> Result<PassType, String> {
    let shard = club(&entry.organiser, known)?;
    let id = known.number_or_new(shard, NumberKind::PassType, &entry.slug)?;
    let series = known.number(Shard::HOUSE, NumberKind::Series, &entry.series);
    let series = series.ok_or_else(|| format!("no series \"{}\"", entry.series))?;
    let (ticket_type, of_series) = ticket_type(shard, &entry.ticket_type, known)?;
    // A file tells no moments; an unchanged kind keeps those it has.
    let now = Timestamp::default();
    let (created_at, changed_at) = known.pass_type_times(PassTypeId(id)).unwrap_or((now, now));
    Ok(PassType {
        shard,
        id: PassTypeId(id),
        slug: entry.slug.clone(),
        name: entry.name.clone(),
        series: SeriesId(series),
        ticket_type,
        of_series,
        price: price(&entry.price, &entry.currency)?,
        currency: currency(&entry.currency)?,
        active: entry.active,
        team_only: entry.team_only,
        created_at,
        changed_at,
    })
}

/// A single-use code and whose it is.
pub(super) fn special_ticket(
    entry: &SpecialTicketEntry,
    known: &Known,
) -> Result<(Shard, CatalogueItem), String> {
    let shard = club(&entry.organiser, known)?;
    let length = entry.code.chars().filter(|letter| !letter.is_whitespace()).count();
    if !(CODE_LENGTH_MIN..=CODE_LENGTH_MAX).contains(&length) {
        return Err(format!("a code has {CODE_LENGTH_MIN} to {CODE_LENGTH_MAX} characters"));
    }
    let event = |slug: &String| {
        let id = known.number(shard, NumberKind::Event, slug);
        id.map(EventId).ok_or_else(|| format!("no event \"{slug}\""))
    };
    let kind = |slug: &String| ticket_type(shard, slug, known).map(|(id, _)| id);
    let special = SpecialTicket {
        shard,
        hash: SpecialTicket::hash_of(&entry.code),
        campaign: entry.campaign.clone(),
        event: entry.event.as_ref().map(event).transpose()?,
        ticket_type: entry.ticket_type.as_ref().map(kind).transpose()?,
        price: price(&entry.price, &entry.currency)?,
        count: entry.count,
        used_by: None,
    };
    Ok((shard, CatalogueItem::SpecialTicket(special)))
}

/// A club's own ticket type of this name, or one of a series.
fn ticket_type(shard: Shard, slug: &str, known: &Known) -> Result<(TicketTypeId, bool), String> {
    let own = known.number(shard, NumberKind::TicketType, slug).map(|id| (id, false));
    let shared = || known.number(Shard::HOUSE, NumberKind::TicketType, slug).map(|id| (id, true));
    let (id, of_series) =
        own.or_else(shared).ok_or_else(|| format!("no ticket_type \"{slug}\""))?;
    Ok((TicketTypeId(id), of_series))
}
