//! What a ticket says, as plain texts.

use domain::language::Language;
use domain::time::Timestamp;

use crate::texts::{Texts, fill};

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

/// A numbered seat, by the names that stand at the venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its section.
    pub section: String,
    /// Its row.
    pub row: String,
    /// Its name in the row.
    pub number: String,
}

impl Seat {
    /// `section B, row 4, number 12`
    pub(crate) fn text(&self, texts: &Texts) -> String {
        let Seat { section, row, number } = self;
        let names = [("section", section.as_str()), ("row", row), ("number", number)];
        fill(texts.seat_place, &names)
    }
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
    /// Where seats are numbered.
    pub seat: Option<Seat>,
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
