//! Where the seats of a venue are: sections, rows, and seats with names and a place in a picture.
//!
//! A seat's number leads to its section and row without a table:
//! `section · 100 000 + row · 500 + place in the row`. Sections and rows keep their numbers, found
//! by name, when a map is drawn anew; numbers of what is gone are not given out again.

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{Shard, VenueId};
use crate::record::Kind;

/// How many numbers a section has: its rows lie within.
const SECTION_NUMBERS: u32 = 100_000;

/// How many numbers a row has: its seats lie within.
const ROW_NUMBERS: u32 = 500;

/// The most seats of a row.
pub const ROW_SEATS_MAX: u16 = 500;

/// The highest row number of a section.
pub const SECTION_ROWS_MAX: u16 = 199;

/// The most sections of a venue: one event's seats are set up in one commit.
pub const VENUE_SECTIONS_MAX: usize = 400;

/// The most seats of a venue.
pub const VENUE_SEATS_MAX: u32 = 200_000;

/// The highest section number: published seat numbers are signed 32-bit.
const SECTION_NUMBER_MAX: u32 = 21_000;

/// The section and the row of a seat, and its place in that row, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatPlace {
    /// The section's number in the venue.
    pub section: u32,
    /// The row's number in the section.
    pub row: u16,
    /// Its place in the row, from 0.
    pub index: u16,
}

impl SeatPlace {
    /// Where the seat of this number is.
    #[must_use]
    pub fn of(seat: u32) -> SeatPlace {
        let within = seat % SECTION_NUMBERS;
        let narrow = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
        SeatPlace {
            section: seat / SECTION_NUMBERS,
            row: narrow(within / ROW_NUMBERS),
            index: narrow(within % ROW_NUMBERS),
        }
    }

    /// The published number of the seat.
    #[must_use]
    pub fn seat(self) -> u32 {
        let row = self.section * SECTION_NUMBERS + u32::from(self.row) * ROW_NUMBERS;
        row + u32::from(self.index)
    }
}

/// Where the seats of a venue are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatMap {
    /// Which venue.
    pub venue: VenueId,
    /// The parts of the house, the best first.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// The highest section number that was ever given out.
    #[serde(default)]
    pub section_number_last: u32,
    /// An event is sold by it: its seats keep their names and stay.
    #[serde(default)]
    pub in_use: bool,
}

/// A part of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its published number, unique in the venue.
    pub number: u32,
    /// Its name, unique in the venue: `B`, `North stand`.
    pub name: String,
    /// A picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Its rows, the best first.
    pub rows: Vec<Row>,
    /// The highest row number that was ever given out.
    pub row_number_last: u16,
}

/// Seats beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number in the section, from 1.
    pub number: u16,
    /// Its name, unique in the section: `4`, `AA`.
    pub name: String,
    /// How many seats it has, 1 to [`ROW_SEATS_MAX`].
    pub count: u16,
    /// What its seats are called.
    pub names: SeatNames,
    /// How good it is; rows of a lower rank are sold first.
    pub rank: u32,
    /// After how many seats, counted from its start, there is an aisle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aisles: Vec<u16>,
    /// Where it is in a picture.
    pub place: RowPlace,
}

/// What the seats of a row are called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatNames {
    /// Numbers: the first seat's, and by how much each next one's is higher.
    Numbers {
        /// The first seat's.
        first: u32,
        /// The step, 2 where odd and even seats lie on two sides.
        step: u32,
    },
    /// One name a seat.
    Listed(Vec<String>),
}

/// Where a row is in a picture, in units of the operator's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPlace {
    /// Of the first seat, to the right.
    pub x: i32,
    /// Of the first seat, downwards.
    pub y: i32,
    /// From one seat to the next, to the right.
    pub step_x: i32,
    /// From one seat to the next, downwards.
    pub step_y: i32,
}

impl Row {
    /// What a seat of it is called; `None` when it has no such seat.
    #[must_use]
    pub fn seat_name(&self, index: u16) -> Option<String> {
        if index >= self.count {
            return None;
        }
        match &self.names {
            SeatNames::Numbers { first, step } => {
                let name = first.saturating_add(step.saturating_mul(index.into()));
                Some(name.to_string())
            }
            SeatNames::Listed(names) => names.get(usize::from(index)).cloned(),
        }
    }

    /// Where a seat of it is in a picture, to the right and downwards.
    #[must_use]
    pub fn seat_position(&self, index: u16) -> (i32, i32) {
        let along = |start: i32, step: i32| start.saturating_add(step.saturating_mul(index.into()));
        (along(self.place.x, self.place.step_x), along(self.place.y, self.place.step_y))
    }
}

impl SeatMap {
    /// Where the map of a venue lives.
    #[must_use]
    pub fn key_of(venue: VenueId) -> Key {
        Key::number(Shard::HOUSE, Kind::SeatMap, venue.0)
    }

    /// The section of this number.
    #[must_use]
    pub fn section(&self, number: u32) -> Option<&Section> {
        self.sections.iter().find(|section| section.number == number)
    }

    /// How many seats there are.
    #[must_use]
    pub fn seat_count(&self) -> u32 {
        let rows = self.sections.iter().flat_map(|section| &section.rows);
        rows.map(|row| u32::from(row.count)).fold(0, u32::saturating_add)
    }

    /// A seat as people find it: `Section B, row 4, seat 12`.
    #[must_use]
    pub fn display(&self, seat: u32) -> Option<String> {
        let place = SeatPlace::of(seat);
        let section = self.section(place.section)?;
        let row = section.row(place.row)?;
        let name = row.seat_name(place.index)?;
        Some(format!("Section {}, row {}, seat {name}", section.name, row.name))
    }

    /// The same map with the numbers that `known` gave to sections and rows of the same names,
    /// and new ones for what is new. Numbers that this map came with are passed over.
    ///
    /// # Errors
    /// In words, when there are more sections, rows or seats than have numbers, when a name
    /// stands in it twice, or when `known` is in use and this map has not all of its seats under
    /// their names.
    pub fn numbered_like(mut self, known: Option<&SeatMap>) -> Result<SeatMap, String> {
        self.section_number_last = known.map_or(0, |known| known.section_number_last);
        self.in_use = known.is_some_and(|known| known.in_use);
        for section in &mut self.sections {
            let old = known.and_then(|known| {
                known.sections.iter().find(|candidate| candidate.name == section.name)
            });
            section.number = old.map_or(self.section_number_last + 1, |old| old.number);
            self.section_number_last = self.section_number_last.max(section.number);
            section.number_rows_like(old);
        }
        self.check_size()?;
        self.check_names()?;
        match known {
            Some(known) if known.in_use => self.check_keeps(known)?,
            _ => {}
        }
        Ok(self)
    }

    fn check_size(&self) -> Result<(), String> {
        if self.sections.len() > VENUE_SECTIONS_MAX || self.section_number_last > SECTION_NUMBER_MAX
        {
            return Err(format!("a venue may have {VENUE_SECTIONS_MAX} sections at most"));
        }
        if self.seat_count() > VENUE_SEATS_MAX {
            return Err(format!("a venue may have {VENUE_SEATS_MAX} seats at most"));
        }
        let crowded = |section: &&Section| section.row_number_last > SECTION_ROWS_MAX;
        if let Some(section) = self.sections.iter().find(crowded) {
            let name = &section.name;
            return Err(format!("section {name} has had more than {SECTION_ROWS_MAX} rows"));
        }
        let too_long = |row: &&Row| !(1..=ROW_SEATS_MAX).contains(&row.count);
        match self.sections.iter().flat_map(|section| &section.rows).find(too_long) {
            Some(row) => Err(format!("row {} needs 1 to {ROW_SEATS_MAX} seats", row.name)),
            None => Ok(()),
        }
    }

    fn check_names(&self) -> Result<(), String> {
        let mut seen = std::collections::HashSet::new();
        for section in &self.sections {
            if !seen.insert((section.name.as_str(), None)) {
                return Err(format!("section {} stands in it twice", section.name));
            }
            for row in &section.rows {
                if !seen.insert((section.name.as_str(), Some(row.name.as_str()))) {
                    let (section, row) = (&section.name, &row.name);
                    return Err(format!("section {section} has row {row} twice"));
                }
                row.check_names().map_err(|message| {
                    format!("section {}, row {}: {message}", section.name, row.name)
                })?;
            }
        }
        Ok(())
    }

    /// Whoever holds a ticket finds the seat by what is written on it.
    fn check_keeps(&self, known: &SeatMap) -> Result<(), String> {
        for section in &known.sections {
            for row in &section.rows {
                let new = self.section(section.number);
                let new = new.and_then(|section| section.row(row.number));
                let kept = |index| new.and_then(|new| new.seat_name(index)) == row.seat_name(index);
                if let Some(index) = (0..row.count).find(|index| !kept(*index)) {
                    return Err(format!(
                        "section {}, row {}, seat {} is gone or has another name, and an event is \
                         sold by this map; add seats at the ends of rows, or draw a new venue",
                        section.name,
                        row.name,
                        row.seat_name(index).unwrap_or_default(),
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Section {
    /// The row of this number.
    #[must_use]
    pub fn row(&self, number: u16) -> Option<&Row> {
        self.rows.iter().find(|row| row.number == number)
    }

    fn number_rows_like(&mut self, known: Option<&Section>) {
        self.row_number_last = known.map_or(0, |known| known.row_number_last);
        for row in &mut self.rows {
            let old = known
                .and_then(|known| known.rows.iter().find(|candidate| candidate.name == row.name));
            row.number = old.map_or(self.row_number_last.saturating_add(1), |old| old.number);
            self.row_number_last = self.row_number_last.max(row.number);
        }
    }
}

impl Row {
    fn check_names(&self) -> Result<(), String> {
        match &self.names {
            SeatNames::Numbers { step: 0, .. } if self.count > 1 => {
                Err("its seats all have one number; use a step of 1 or 2".into())
            }
            SeatNames::Numbers { .. } => Ok(()),
            SeatNames::Listed(names) if names.len() != usize::from(self.count) => {
                Err("it needs one name a seat".into())
            }
            SeatNames::Listed(names) => {
                let distinct: std::collections::HashSet<_> = names.iter().collect();
                if distinct.len() < names.len() {
                    return Err("two of its seats have one name".into());
                }
                Ok(())
            }
        }
    }
}
