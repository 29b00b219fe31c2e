//! What a holder's bank decides about a charge that its holder disputes.

use domain::money::Money;

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeState {
    /// Nothing is decided.
    Open,
    /// The money stays with the seller.
    Won,
    /// The money is the holder's again.
    Lost,
    /// It ended and moved nothing.
    Closed,
}

/// A dispute as its provider tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// How much of the charge it is about.
    pub money: Money,
    /// Where it stands.
    pub state: DisputeState,
}
