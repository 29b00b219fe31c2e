//! Paying an organiser out, event by event, less what it owes back (`payments.md` §7.2).
//!
//! An event is paid out once, and not while nothing is owed for it. After that nothing is payable
//! for it any more: what is refunded or moved later is the organiser's debt ([`crate::books`]),
//! which the next payout nets. What is sold later is the organiser's claim: the next payout pays it
//! too, of another event or of the same one.

mod correct;
mod create;

use serde::{Deserialize, Serialize};

pub use self::correct::CorrectPayout;
pub use self::create::{CreatePayout, CreatedPayout};
use crate::facts::Key;
use crate::ids::{EventId, PayoutId, Shard};
use crate::money::Currency;
use crate::record::Kind;
use crate::time::Timestamp;

/// For what an organiser is paid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutFor {
    /// One event.
    #[default]
    Event,
    /// Season cards sold since the last time.
    Cards,
    /// Team passes sold since the last time.
    Passes,
    /// Customers' orders paid since the last time.
    Orders,
    /// Contracts: what was paid on those that have begun, since the last time.
    Contracts,
}

impl PayoutFor {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PayoutFor::Event => "Event",
            PayoutFor::Cards => "Cards",
            PayoutFor::Passes => "Passes",
            PayoutFor::Orders => "Orders",
            PayoutFor::Contracts => "Contracts",
        }
    }
}

/// One payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// To whom.
    pub shard: Shard,
    /// Its number.
    pub id: PayoutId,
    /// For what.
    #[serde(default, rename = "for")]
    pub what: PayoutFor,
    /// For which event; 0 when it is not about one.
    pub event: EventId,
    /// Minor units that were payable.
    pub payable: i64,
    /// Minor units of debt that were netted; negative for a claim that was paid with it.
    pub netted: i64,
    /// Minor units that went to the bank: what was payable less what was netted.
    pub paid: i64,
    /// The currency.
    pub currency: Currency,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// What the bank calls it.
    pub reference: Option<String>,
}

impl Payout {
    /// Where a payout lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: PayoutId) -> Key {
        Key::number(shard, Kind::Payout, id.0)
    }
}
