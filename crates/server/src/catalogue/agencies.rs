//! Agencies in a catalogue file: sellers of orders that they place for customers.

use domain::agency::Agency;
use domain::catalogue::{CatalogueItem, Organiser, OrganiserRules};
use domain::money::Currency;
use serde::Deserialize;

use super::file::{default_currency, default_gateway};
use super::known::Known;
use super::plan::Plan;
use crate::text;

/// The longest public number of an agency, in characters.
const NUMBER_LENGTH_MAX: usize = 30;

/// The longest name of a tax jurisdiction, in characters.
const JURISDICTION_LENGTH_MAX: usize = 20;

/// `[[agency]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyEntry {
    /// Short name, unique among all sellers.
    pub slug: String,
    /// The name customers see.
    pub name: String,
    /// The number that people know it by.
    pub number: String,
    /// The platform's share in hundredths of a percent.
    #[serde(default)]
    pub fee_basis_points: u32,
    /// The gateway its customers pay through.
    #[serde(default = "default_gateway")]
    pub gateway: String,
    /// The currency of its orders.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// To whom the tax in its orders is owed.
    #[serde(default = "default_jurisdiction")]
    pub tax_jurisdiction: String,
    /// Payments may carry card numbers.
    #[serde(default)]
    pub raw_cards_allowed: bool,
}

fn default_jurisdiction() -> String {
    "IS".into()
}

impl Plan {
    pub(super) fn agency(&mut self, entry: &AgencyEntry, known: &Known) -> Result<(), String> {
        let shard = known.organiser(&entry.slug).ok_or("it has no number")?;
        if entry.fee_basis_points > 10_000 {
            return Err("fee_basis_points may be 10000 (100 %) at most".into());
        }
        let line = |name: &str, value: &str, length_max| {
            let text = text::kept_line(Some(value), length_max);
            let text = text.map_err(|error| format!("{name}: {error}"))?;
            text.ok_or_else(|| format!("{name} is empty"))
        };
        let currency = Currency::parse(&entry.currency);
        let agency = Agency {
            shard,
            number: line("number", &entry.number, NUMBER_LENGTH_MAX)?,
            currency: currency.ok_or_else(|| format!("no currency \"{}\"", entry.currency))?,
            tax_jurisdiction: line(
                "tax_jurisdiction",
                &entry.tax_jurisdiction,
                JURISDICTION_LENGTH_MAX,
            )?,
        };
        let organiser = Organiser {
            shard,
            slug: entry.slug.clone(),
            name: entry.name.clone(),
            external_id: None,
            image_url: None,
            image_url2: None,
            fee_basis_points: entry.fee_basis_points,
            gateway: entry.gateway.clone(),
            rules: OrganiserRules {
                raw_cards_refused: !entry.raw_cards_allowed,
                ..OrganiserRules::default()
            },
        };
        self.seller(shard).push(CatalogueItem::Organiser(organiser));
        self.seller(shard).push(CatalogueItem::Agency(agency));
        self.report("agency", &entry.slug, shard.0);
        Ok(())
    }
}
