//! Paying an organiser out, event by event, less what it owes back (`payments.md` §7.2).

use serde::{Deserialize, Serialize};

use crate::ids::{EventId, PayoutId, Shard};
use crate::money::Currency;
use crate::time::Timestamp;

/// One payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// To whom.
    pub shard: Shard,
    /// Its number.
    pub id: PayoutId,
    /// For which event.
    pub event: EventId,
    /// Minor units that were payable.
    pub payable: i64,
    /// Minor units of debt that were netted.
    pub netted: i64,
    /// Minor units that went to the bank.
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
