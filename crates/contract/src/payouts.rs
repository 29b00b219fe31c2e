//! Paying organisers out (`domain.md §8`, `payments.md §7`).

pub mod correct;
pub mod create;
pub mod list;
pub mod owed;

use service::Dto;
use service::types::{DateTime, Decimal};

/// Money that an organiser was paid out.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct Payout {
    /// Its number.
    pub payout_id: i32,
    /// The organiser.
    pub event_owner_id: i32,
    /// `Event`, `Cards` or `Passes`.
    pub payout_for: Option<String>,
    /// The event; 0 for season cards and team passes.
    pub event_id: i32,
    /// What was owed for it.
    pub payable: Decimal,
    /// Debt that was taken off; below zero for a claim that was paid with it.
    pub netted: Decimal,
    /// What went to the bank.
    pub paid: Decimal,
    /// Currency of all three.
    pub currency: Option<String>,
    /// When.
    #[dto(name = "PaidUTC")]
    pub paid_utc: DateTime,
    /// Who did it.
    pub by: Option<String>,
    /// What the bank calls it.
    pub reference: Option<String>,
}
