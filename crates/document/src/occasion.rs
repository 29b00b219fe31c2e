//! What a ticket says, as plain texts.

use domain::language::Language;
use domain::time::Timestamp;

/// An event as it is shown on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Who sells.
    pub organiser: String,
    /// The event's name.
    pub name: String,
    /// Where it is.
    pub venue: Option<String>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, if that is known.
    pub ends_at: Option<Timestamp>,
    /// The IANA time zone whose clock is shown; one that is not known counts as UTC.
    pub time_zone: String,
}

/// One person's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Which of the order's admissions, from 1.
    pub number: u32,
    /// What was bought.
    pub ticket_type: String,
    /// Whose it is, if the order said so.
    pub holder: Option<String>,
    /// Section, row and seat, where seats are numbered.
    pub seat: Option<String>,
    /// What the gate reads.
    pub code: String,
}

/// An order with live tickets, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The language of everything that is written about it.
    pub language: Language,
    /// What it is for.
    pub occasion: Occasion,
    /// The published order number.
    pub number: u32,
    /// What was paid, with its currency.
    pub price: String,
    /// How many admissions the whole order has.
    pub admission_count: u32,
    /// Those that are shown.
    pub admissions: Vec<Admission>,
}
