//! What members of clubs pay with: leaving a card with the gateway, putting it on file, choosing
//! among what is on file (`payments.md §4.3`).

pub mod add;
pub mod balance;
pub mod import;
pub mod list;
pub mod prefer;
pub mod remove;
pub mod vault;

use service::Dto;

use super::CLUBS;

/// The group of these operations in lists.
const TAGS: &[&str] = &["payment profiles"];

/// A means of paying of a member.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PaymentProfileDto {
    /// Its number; sales name it as `PaymentProfileId`.
    pub payment_profile_id: Option<String>,
    /// Its token; sales name it as `AcctToken`. It may change, so do not keep it for long.
    pub acct_token: Option<String>,
    /// `CC` for a card, `GC` for a gift card.
    pub acct_class: Option<String>,
    /// The brand: `Visa`, `MC`, `Amex`, …; `Factor4` for a gift card.
    pub acct_type: Option<String>,
    /// The number of the brand: 1 for Visa, 2 for MC, 42 for a gift card; −1 when not known.
    pub acct_type_id: i32,
    /// Its last four digits.
    pub last4: Option<String>,
    /// The last month in which it is valid, 1 to 12, if known.
    pub exp_month: Option<i32>,
    /// The year of that month, if known.
    pub exp_year: Option<i32>,
    /// It is for one use and gone after a day; gift cards always are.
    pub is_temp: bool,
    /// It pays where a sale names nothing.
    pub is_preferred: bool,
    /// `Usable`; `NeedsExpiry` when a bank said that the card has expired; `Unusable` when it said
    /// that the account is closed.
    pub status: Option<String>,
}

/// One means of paying.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PaymentProfileResponse {
    /// Done.
    pub success: bool,
    /// What was done.
    #[dto(name = "description")]
    pub description: Option<String>,
    /// The means of paying, as it is now.
    pub payment_profile: Option<PaymentProfileDto>,
}
