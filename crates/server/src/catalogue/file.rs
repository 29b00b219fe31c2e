//! The catalogue as an operator writes it: one TOML file (`docs/catalogue.md`).

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::agencies::AgencyEntry;
use super::clubs::{ChainEntry, PackageEntry, PromoCodeEntry, StoreEntry};
use super::rights::{CardTypeEntry, PassTypeEntry, SpecialTicketEntry};

pub use super::seats::{RowEntry, SectionEntry};

/// The most items of one kind in a file.
pub const FILE_ITEMS_MAX: usize = 10_000;

/// How much of a line an error quotes, in characters.
const QUOTED_LENGTH_MAX: usize = 120;

/// A whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// Who sells.
    #[serde(default)]
    pub organiser: Vec<OrganiserEntry>,
    /// Resellers.
    #[serde(default)]
    pub agency: Vec<AgencyEntry>,
    /// Sellers of memberships.
    #[serde(default)]
    pub chain: Vec<ChainEntry>,
    /// The houses of chains.
    #[serde(default)]
    pub store: Vec<StoreEntry>,
    /// What chains sell by contract.
    #[serde(default)]
    pub package: Vec<PackageEntry>,
    /// Promo codes of chains.
    #[serde(default)]
    pub promo_code: Vec<PromoCodeEntry>,
    /// Competitions and seasons.
    #[serde(default)]
    pub series: Vec<SeriesEntry>,
    /// Places.
    #[serde(default)]
    pub venue: Vec<VenueEntry>,
    /// Price classes.
    #[serde(default)]
    pub ticket_type: Vec<TicketTypeEntry>,
    /// Performances.
    #[serde(default)]
    pub event: Vec<EventEntry>,
    /// Kinds of season cards.
    #[serde(default)]
    pub card_type: Vec<CardTypeEntry>,
    /// Kinds of team passes.
    #[serde(default)]
    pub pass_type: Vec<PassTypeEntry>,
    /// Single-use codes.
    #[serde(default)]
    pub special_ticket: Vec<SpecialTicketEntry>,
}

impl CatalogueFile {
    /// The slugs of all that sell.
    pub(super) fn seller_slugs(&self) -> impl Iterator<Item = &str> {
        let organisers = self.organiser.iter().map(|entry| entry.slug.as_str());
        let agencies = self.agency.iter().map(|entry| entry.slug.as_str());
        let chains = self.chain.iter().map(|entry| entry.slug.as_str());
        organisers.chain(agencies).chain(chains)
    }
}

/// `[[organiser]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganiserEntry {
    /// Short name, unique.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// The federation's id.
    pub external_id: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// The platform's share in hundredths of a percent.
    #[serde(default)]
    pub fee_basis_points: u32,
    /// The gateway its cards go through.
    #[serde(default = "default_gateway")]
    pub gateway: String,
    /// The gateway for payments by phone; without it, it takes none.
    pub phone_gateway: Option<String>,
    /// Clubs at whose events its season cards may be good, too.
    #[serde(default)]
    pub connected: Vec<String>,
    /// The club or association above it.
    pub super_owner: Option<String>,
    /// The platform keeps its fee when money goes back.
    #[serde(default)]
    pub fee_kept_on_refund: bool,
    /// It may not owe money after a payout.
    #[serde(default)]
    pub debt_refused: bool,
    /// A transfer must say why.
    #[serde(default)]
    pub transfer_reason_required: bool,
    /// Orders may carry no card numbers.
    #[serde(default)]
    pub raw_cards_refused: bool,
}

/// `[[series]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesEntry {
    /// Short name, unique.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// Switched on.
    #[serde(default = "default_true")]
    pub active: bool,
    /// The federation's competition id.
    pub external_id: Option<String>,
    /// Shown without being asked for.
    #[serde(default = "default_true")]
    pub show_by_default: bool,
    /// Men, women or mixed, as the federation codes it.
    pub sport_gender_id: Option<String>,
    /// No sale of events from this moment …
    pub suspended_from: Option<String>,
    /// … to just before this one.
    pub suspended_to: Option<String>,
}

/// `[[venue]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VenueEntry {
    /// Short name, unique.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// Degrees north.
    #[serde(default, deserialize_with = "decimal_text")]
    pub latitude: Option<String>,
    /// Degrees east.
    #[serde(default, deserialize_with = "decimal_text")]
    pub longitude: Option<String>,
    /// A picture of the seating.
    pub seating_image_url: Option<String>,
    /// Its numbered seats, the best sections first; without any it keeps those it has.
    #[serde(default)]
    pub section: Vec<SectionEntry>,
}

/// `[[ticket_type]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketTypeEntry {
    /// Short name, unique within its owner.
    pub slug: String,
    /// The club it belongs to; without one it is a type of the whole series.
    pub organiser: Option<String>,
    /// The series it belongs to.
    pub series: Option<String>,
    /// The name buyers see.
    pub name: String,
    /// A longer text for the ticket.
    pub display: Option<String>,
    /// The colour it is shown in.
    pub color: Option<String>,
    /// The usual price in major units, as decimal text.
    pub price: String,
    /// The currency of the price.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// The most admissions in one order.
    #[serde(default = "default_order_max")]
    pub order_max: u32,
    /// Each admission must name its holder.
    #[serde(default)]
    pub holder_required: bool,
    /// May not be moved to another event.
    #[serde(default)]
    pub transfer_blocked: bool,
    /// Apps go on showing its tickets after they were used.
    #[serde(default)]
    pub shown_when_used: bool,
    /// A picture.
    pub image_url: Option<String>,
}

/// `[[event]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventEntry {
    /// Short name, unique within the organiser.
    pub slug: String,
    /// Who sells it.
    pub organiser: String,
    /// The series it belongs to.
    pub series: Option<String>,
    /// Where it happens.
    pub venue: Option<String>,
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
    /// The visiting side's name.
    pub visitor: Option<String>,
    /// The visiting side's id in the federation.
    pub visitor_external_id: Option<String>,
    /// When it starts, on the venue's clock.
    pub starts: String,
    /// When it ends, on the venue's clock.
    pub ends: Option<String>,
    /// The venue's clock.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// Switched on.
    #[serde(default = "default_true")]
    pub active: bool,
    /// The code of a hidden event; its presence hides it.
    pub access_code: Option<String>,
    /// Postponed without a new date.
    #[serde(default)]
    pub postponed: bool,
    /// When the sale begins, on the venue's clock.
    pub sale_from: Option<String>,
    /// When the sale ends, on the venue's clock.
    pub sale_to: Option<String>,
    /// No free tickets from owner cards.
    #[serde(default)]
    pub owner_cards_not_allowed: bool,
    /// Its seats have numbers, as its venue draws them.
    #[serde(default)]
    pub seats_numbered: bool,
    /// Who went in may go in again.
    #[serde(default)]
    pub re_entry: bool,
    /// Minutes before the start from which codes are shown and gates open.
    pub gates_open_minutes: Option<u32>,
    /// Federation-card types with free entry, separated by commas.
    pub federation_cards: Option<String>,
    /// Opaque hints for presentation.
    pub default_values: Option<String>,
    /// Kind of the external ids.
    pub external_id_type: Option<String>,
    /// The currency of all prices.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// How many may come, all types together.
    pub capacity: Option<u32>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// What is sold.
    #[serde(default)]
    pub price: Vec<PriceEntry>,
}

/// `[[event.price]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceEntry {
    /// The type's short name: the club's own, or one of the series.
    pub ticket_type: String,
    /// A price for this event alone, in major units, as decimal text.
    pub price: Option<String>,
    /// How many of this type may be sold.
    pub limit: Option<u32>,
    /// The sections it is sold in, where seats have numbers; otherwise all.
    #[serde(default)]
    pub sections: Vec<String>,
}

pub(super) fn default_gateway() -> String {
    "sandbox".into()
}

pub(super) fn default_true() -> bool {
    true
}

pub(super) fn default_currency() -> String {
    "ISK".into()
}

fn default_order_max() -> u32 {
    10
}

pub(super) fn default_time_zone() -> String {
    super::time::TIME_ZONE_DEFAULT.into()
}

/// A coordinate may be written as a number or as text; it is kept as the text of a decimal.
fn decimal_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(f64),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Text(text) => text,
        Written::Number(number) => number.to_string(),
    };
    match text.parse::<rust_decimal::Decimal>() {
        Ok(_) => Ok(Some(text)),
        Err(_) => Err(D::Error::custom("expected degrees such as 64.1436")),
    }
}

/// Reads a file's text.
///
/// # Errors
/// What is wrong, with line and column.
pub fn parse(text: &str) -> Result<CatalogueFile, String> {
    let file: CatalogueFile = toml::from_str(text).map_err(|error| shown(&error))?;
    let longest = [
        file.organiser.len(),
        file.agency.len(),
        file.chain.len(),
        file.store.len(),
        file.package.len(),
        file.promo_code.len(),
        file.series.len(),
        file.venue.len(),
        file.ticket_type.len(),
        file.event.len(),
        file.card_type.len(),
        file.pass_type.len(),
        file.special_ticket.len(),
    ];
    if longest.iter().any(|length| *length > FILE_ITEMS_MAX) {
        return Err(format!("the file has more than {FILE_ITEMS_MAX} items of one kind"));
    }
    Ok(file)
}

/// The parser quotes the whole line that is wrong, which may be the whole of a wrong file.
fn shown(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(|line| match line.char_indices().nth(QUOTED_LENGTH_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that a file that is none is not printed whole, and that the place of a slip is.
    #[test]
    fn errors_quote_little() {
        let error = parse(&format!("{{{}", "é".repeat(5_000))).unwrap_err();
        assert!(error.contains("line 1, column 1"), "{error}");
        assert!(error.chars().count() < 500, "{error}");
    }
}
