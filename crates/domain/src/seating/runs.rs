//! How the seats of a block are stored: one text of runs, `12 3s881 x 2r51` for twelve free seats,
//! three sold to sale 881, a blocked one, and two of reservation 51. The letters: `x` blocked,
//! `r` reserved, `h` held, `s` sold; a run of one seat has no count unless it is free.

use std::fmt::Write as _;

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

use super::block::SeatState;
use super::map::{ROW_SEATS_MAX, SECTION_ROWS_MAX};
use crate::ids::{ReservationId, SaleId};

/// The most seats of a block: what a text may become.
const SEATS_MAX: usize = ROW_SEATS_MAX as usize * SECTION_ROWS_MAX as usize;

pub(super) fn serialize<S: Serializer>(
    seats: &[SeatState],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut text = String::new();
    for run in seats.chunk_by(|a, b| a == b) {
        if !text.is_empty() {
            text.push(' ');
        }
        write_run(&mut text, run).map_err(serde::ser::Error::custom)?;
    }
    serializer.serialize_str(&text)
}

fn write_run(text: &mut String, run: &[SeatState]) -> std::fmt::Result {
    let Some(state) = run.first() else { return Ok(()) };
    if run.len() > 1 || *state == SeatState::Free {
        write!(text, "{}", run.len())?;
    }
    match state {
        SeatState::Free => Ok(()),
        SeatState::Blocked => text.write_char('x'),
        SeatState::Reserved(ReservationId(id)) => write!(text, "r{id}"),
        SeatState::Held(SaleId(id)) => write!(text, "h{id}"),
        SeatState::Sold(SaleId(id)) => write!(text, "s{id}"),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<SeatState>, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    let mut seats = Vec::new();
    for word in text.split_ascii_whitespace() {
        let (count, state) =
            read_run(word).ok_or_else(|| D::Error::custom("not a run of seats"))?;
        if count > SEATS_MAX - seats.len() {
            return Err(D::Error::custom("more seats than a section has"));
        }
        seats.resize(seats.len() + count, state);
    }
    Ok(seats)
}

fn read_run(word: &str) -> Option<(usize, SeatState)> {
    let letter = word.find(|letter: char| !letter.is_ascii_digit());
    let (count, rest) = word.split_at(letter.unwrap_or(word.len()));
    let count = if count.is_empty() { 1 } else { count.parse().ok()? };
    let mut letters = rest.chars();
    let kind = letters.next();
    let id = || letters.as_str().parse().ok();
    let state = match kind {
        None => SeatState::Free,
        Some('x') if rest.len() == 1 => SeatState::Blocked,
        Some('r') => SeatState::Reserved(ReservationId(id()?)),
        Some('h') => SeatState::Held(SaleId(id()?)),
        Some('s') => SeatState::Sold(SaleId(id()?)),
        Some(_) => return None,
    };
    Some((count, state))
}
