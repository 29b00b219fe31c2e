//! Cards of a phone (`domain.md §8`): those saved with a gateway, and those of clubs.

pub mod card_tokens;
pub mod list;
pub mod remove;
pub mod save_card;

use service::Dto;
use service::access::Access;
use service::types::DateTime;

/// Whoever sells, for the owner of a phone that was proved.
const SELLERS: Access = Access {
    any_role: &["Admin", "TeamAdmin", "MobileApp"],
    any_permission: &["ReadData"],
    ..Access::OPEN
};

/// A card that a gateway keeps.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentCardInfo {
    /// Its number; orders name it as `paymentCardId`.
    pub id: i32,
    /// First six and last four digits.
    pub card_mask: Option<String>,
    /// `Visa`, `Mastercard`, `Amex`, or absent.
    pub brand: Option<String>,
    /// The last year in which it is valid, if the gateway told it.
    pub exp_year: Option<i32>,
    /// The last month of that year, 1 to 12.
    pub exp_month: Option<i32>,
    /// Whether that month is over.
    pub has_expired: bool,
    /// When it was saved, UTC.
    #[dto(name = "TimeStampCreatedUTC")]
    pub time_stamp_created_utc: DateTime,
}
