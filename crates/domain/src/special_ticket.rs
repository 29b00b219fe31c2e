//! Single-use codes of a campaign: a sponsor's tickets, an accreditation (`domain.md` §3.3).

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{EventId, SaleId, Shard, TicketTypeId};
use crate::record::{Kind, word};

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialTicket {
    /// The seller that gave it out.
    pub shard: Shard,
    /// The code, by [`SpecialTicket::hash_of`].
    pub hash: u128,
    /// What it is for, for people.
    pub campaign: String,
    /// The event it is good for; `None` for any of the seller's.
    pub event: Option<EventId>,
    /// The ticket type it gives; `None` for any.
    pub ticket_type: Option<TicketTypeId>,
    /// Minor units an admission costs with it; 0 for free.
    pub price: i64,
    /// Admissions it is good for, at least 1.
    pub count: u32,
    /// The order that used it.
    pub used_by: Option<SaleId>,
}

impl SpecialTicket {
    /// The hash of a code as people type it: case and spaces do not matter.
    #[must_use]
    pub fn hash_of(code: &str) -> u128 {
        let typed = code.chars().filter(|c| !c.is_whitespace());
        word("special", &typed.flat_map(char::to_uppercase).collect::<String>())
    }

    /// Where the code with this hash lives.
    #[must_use]
    pub fn key_of(shard: Shard, hash: u128) -> Key {
        Key::hashed(shard, Kind::SpecialTicket, 0, hash)
    }

    /// Whether it is good at this event for this ticket type.
    #[must_use]
    pub fn is_for(&self, event: EventId, ticket_type: TicketTypeId) -> bool {
        self.event.is_none_or(|own| own == event)
            && self.ticket_type.is_none_or(|own| own == ticket_type)
    }
}
