//! Team passes (`domain.md` §3.2): one admission of one type at every event of a club in a series.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{EventId, PassId, PassTypeId, SaleId, SeriesId, Shard, TicketTypeId};
use crate::money::Currency;
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// A kind of pass that a club sells for a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassType {
    /// The club.
    pub shard: Shard,
    /// Its number.
    pub id: PassTypeId,
    /// The operator's short name, unique within the club.
    pub slug: String,
    /// The name buyers see.
    pub name: String,
    /// The series it is good for.
    pub series: SeriesId,
    /// The ticket type that each event gives, of the series or of the club.
    pub ticket_type: TicketTypeId,
    /// Whether that type is one of the series.
    pub of_series: bool,
    /// What it costs, in minor units.
    pub price: i64,
    /// The currency of the price.
    pub currency: Currency,
    /// On sale.
    pub active: bool,
    /// Only the club itself may give it out.
    pub team_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// One pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// The club.
    pub shard: Shard,
    /// Its number.
    pub id: PassId,
    /// Its kind.
    pub pass_type: PassTypeId,
    /// The order that paid for it.
    pub sale: SaleId,
    /// The series it is good for.
    pub series: SeriesId,
    /// The ticket type it gives.
    pub ticket_type: TicketTypeId,
    /// The phone it belongs to, in international form.
    pub phone: Option<String>,
    /// Whether it may be used.
    pub active: bool,
    /// The events it was used for, with the order that used it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub used: BTreeMap<EventId, SaleId>,
    /// When it came into being.
    pub created_at: Timestamp,
}

impl PassType {
    /// Where a type lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: PassTypeId) -> Key {
        Key::number(shard, Kind::PassType, id.0)
    }
}

impl Pass {
    /// Where a pass lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: PassId) -> Key {
        Key::number(shard, Kind::Pass, id.0)
    }

    /// What it is looked for by: its phone.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        self.phone.iter().map(|phone| word("phone", phone)).collect()
    }

    /// Uses it for an event.
    ///
    /// # Errors
    /// [`Code::TeamPassNotValid`] when it is closed or was used for that event.
    pub fn take(&mut self, event: EventId, sale: SaleId) -> Result<(), Refusal> {
        if !self.active {
            return Err(Refusal::new(Code::TeamPassNotValid, "The pass may not be used any more."));
        }
        if self.used.contains_key(&event) {
            let message = "The pass was used for this event before.";
            return Err(Refusal::new(Code::TeamPassNotValid, message));
        }
        self.used.insert(event, sale);
        Ok(())
    }

    /// Gives its use for an event back.
    pub fn give_back(&mut self, event: EventId) {
        self.used.remove(&event);
    }
}
