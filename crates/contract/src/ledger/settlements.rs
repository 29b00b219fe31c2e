//! What gateways paid out, beside what the till took (`payments.md §7.2`).

pub mod accept;
pub mod import;
pub mod list;

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::types::{DateTime, Decimal};

/// Who takes settlements in: they are about the platform's own money.
const ADMIN: Access = Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN };

/// A settlement file that was taken in.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SettlementFile {
    /// The gateway whose settlement it is.
    pub gateway: Option<String>,
    /// How it is written: `plain`, `stripe`, `borgun` or `phone`.
    pub format: Option<String>,
    /// What it is called.
    pub file_name: Option<String>,
    /// When it was taken in; null on a dry run.
    #[dto(name = "TakenUTC")]
    pub taken_utc: Option<DateTime>,
    /// By whom.
    pub by: Option<String>,
    /// Lines that were booked now.
    pub settled: i32,
    /// Lines that were booked before, by another file.
    pub repeated: i32,
    /// Lines that a person is asked about.
    pub differences: i32,
    /// Lines about no payment, such as transfers to the bank.
    pub others: i32,
    /// What the lines that were booked now add up to, a currency each.
    pub sums: Option<Vec<SettlementSum>>,
}

/// What lines of one currency add up to.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SettlementSum {
    /// The currency.
    pub currency: Option<String>,
    /// Charges.
    pub charges: Decimal,
    /// Refunds.
    pub refunds: Decimal,
    /// What the gateway kept.
    pub fees: Decimal,
    /// What came to the bank.
    pub net: Decimal,
}

/// Something in which a settlement and the till differ.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SettlementDifference {
    /// By what it is named when it is accepted.
    pub difference_id: Option<String>,
    /// `UnknownPayment`, `NotTaken`, `WrongAmount`, `WrongCurrency`, `WrongKind`, `Twice`,
    /// `ChargedBack` or `Missing`.
    pub kind: Option<String>,
    /// The gateway.
    pub gateway: Option<String>,
    /// On which line of the file it is; 0 where no file is told.
    pub line_number: i32,
    /// The gateway's name of the line; null for a payment that is missing.
    pub line: Option<String>,
    /// The gateway's name of the payment.
    pub reference: Option<String>,
    /// What the line says.
    pub amount: Decimal,
    /// What the gateway kept, as the line says.
    pub fee: Decimal,
    /// The currency of both; null for a payment that is missing.
    pub currency: Option<String>,
    /// Whose task it is; 0 for the platform's own.
    pub event_owner_id: i32,
    /// Number of that task; 0 on a dry run.
    pub task_id: i32,
    /// Number of the order; 0 where the till knows no such payment.
    pub ticket_id: i32,
}
