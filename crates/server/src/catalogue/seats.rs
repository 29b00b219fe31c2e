//! Numbered seats in a catalogue file: `[[venue.section]]`, and what an event sells of them.

use domain::catalogue::{CatalogueItem, EventSection};
use domain::ids::{EventId, NumberKind, SeatBlockId, Shard, VenueId};
use domain::seating::{
    ROW_SEATS_MAX, Row, RowPlace, SECTION_ROWS_MAX, SeatMap, SeatNames, Section, SectionSeats,
};
use serde::Deserialize;

use super::known::Known;

/// The longest name of a section, a row or a seat, in bytes.
const NAME_LENGTH_MAX: usize = 50;

/// The farthest place in a picture, in either direction.
const POSITION_MAX: i32 = 1_000_000;

/// How far apart seats and rows are drawn where the file says nothing.
const STEP_DEFAULT: i32 = 10;

/// `[[venue.section]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionEntry {
    /// Its name, unique in the venue.
    pub name: String,
    /// A picture of it.
    pub image_url: Option<String>,
    /// How good its rows are, 1 the best; otherwise its place in the file.
    pub rank: Option<u32>,
    /// So many rows called 1, 2, 3, …; instead of `row`.
    pub rows: Option<u16>,
    /// How many seats each of them has.
    pub seats: Option<u16>,
    /// After how many seats each of them has an aisle.
    #[serde(default)]
    pub aisles: Vec<u16>,
    /// Where the first seat is in a picture, to the right and downwards.
    pub at: Option<(i32, i32)>,
    /// From one seat to the next.
    #[serde(default = "seat_step_default")]
    pub seat_step: (i32, i32),
    /// From one row to the next.
    #[serde(default = "row_step_default")]
    pub row_step: (i32, i32),
    /// Its rows one by one, the best first.
    #[serde(default)]
    pub row: Vec<RowEntry>,
}

/// `[[venue.section.row]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowEntry {
    /// Its name, unique in the section.
    pub name: String,
    /// How many seats it has; otherwise as many as `names`.
    pub seats: Option<u16>,
    /// The first seat's number.
    #[serde(default = "default_one")]
    pub first: u32,
    /// By how much each next seat's number is higher.
    #[serde(default = "default_one")]
    pub step: u32,
    /// What the seats are called, instead of numbers.
    pub names: Option<Vec<String>>,
    /// After how many seats there is an aisle.
    pub aisles: Option<Vec<u16>>,
    /// How good it is; otherwise as its section.
    pub rank: Option<u32>,
    /// Where its first seat is in a picture.
    pub at: Option<(i32, i32)>,
}

fn default_one() -> u32 {
    1
}

fn seat_step_default() -> (i32, i32) {
    (STEP_DEFAULT, 0)
}

fn row_step_default() -> (i32, i32) {
    (0, STEP_DEFAULT)
}

/// The seats of a venue as the file draws them, with numbers as `known` gave them out.
///
/// # Errors
/// In words, what is wrong with them.
pub(crate) fn seat_map(
    venue: VenueId,
    entries: &[SectionEntry],
    known: Option<&SeatMap>,
) -> Result<SeatMap, String> {
    let mut sections = Vec::new();
    let mut below = 0;
    for (index, entry) in entries.iter().enumerate() {
        let rank = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let section = section(entry, rank, below)
            .map_err(|message| format!("section {}: {message}", entry.name))?;
        let lowest = section.rows.iter().map(|row| row.place.y).max().unwrap_or(below);
        below = below.max(lowest.saturating_add(3 * STEP_DEFAULT));
        sections.push(section);
    }
    let map = SeatMap { venue, sections, ..SeatMap::default() };
    map.numbered_like(known)
}

fn section(entry: &SectionEntry, rank: u32, below: i32) -> Result<Section, String> {
    check_name(&entry.name)?;
    let origin = entry.at.unwrap_or((0, below));
    let listed = listed_rows(entry)?;
    let mut rows = Vec::new();
    for (index, row) in listed.iter().enumerate() {
        let away = i32::try_from(index).unwrap_or(i32::MAX);
        let at = row.at.unwrap_or((
            origin.0.saturating_add(entry.row_step.0.saturating_mul(away)),
            origin.1.saturating_add(entry.row_step.1.saturating_mul(away)),
        ));
        let place =
            RowPlace { x: at.0, y: at.1, step_x: entry.seat_step.0, step_y: entry.seat_step.1 };
        let rank = row.rank.or(entry.rank).unwrap_or(rank);
        let built = self::row(entry, row, rank, place);
        rows.push(built.map_err(|message| format!("row {}: {message}", row.name))?);
    }
    Ok(Section {
        number: 0,
        name: entry.name.clone(),
        image_url: entry.image_url.clone(),
        rows,
        row_number_last: 0,
    })
}

/// The rows one by one, wherever the file says it in short.
fn listed_rows(entry: &SectionEntry) -> Result<Vec<RowEntry>, String> {
    match (entry.rows, entry.seats, entry.row.is_empty()) {
        (Some(rows), Some(seats), true) if (1..=SECTION_ROWS_MAX).contains(&rows) => {
            Ok((1..=rows).map(|number| RowEntry::plain(number, seats)).collect())
        }
        (None, None, false) => Ok(entry.row.clone()),
        (Some(_), Some(_), true) => Err(format!("it may have 1 to {SECTION_ROWS_MAX} rows")),
        _ => Err("write rows and seats, or each row as [[venue.section.row]]".into()),
    }
}

impl SectionEntry {
    /// A section without rows, drawn as the file draws one that says nothing of it.
    pub(crate) fn named(name: String) -> SectionEntry {
        SectionEntry {
            name,
            image_url: None,
            rank: None,
            rows: None,
            seats: None,
            aisles: Vec::new(),
            at: None,
            seat_step: seat_step_default(),
            row_step: row_step_default(),
            row: Vec::new(),
        }
    }
}

impl RowEntry {
    fn plain(number: u16, seats: u16) -> RowEntry {
        RowEntry {
            name: number.to_string(),
            seats: Some(seats),
            first: 1,
            step: 1,
            names: None,
            aisles: None,
            rank: None,
            at: None,
        }
    }
}

fn row(
    section: &SectionEntry,
    entry: &RowEntry,
    rank: u32,
    place: RowPlace,
) -> Result<Row, String> {
    check_name(&entry.name)?;
    let names = match &entry.names {
        Some(names) => {
            names.iter().try_for_each(|name| check_name(name))?;
            SeatNames::Listed(names.clone())
        }
        None => SeatNames::Numbers { first: entry.first, step: entry.step },
    };
    let listed = entry.names.as_ref().map(|names| u16::try_from(names.len()).unwrap_or(u16::MAX));
    let count = entry.seats.or(listed).filter(|count| (1..=ROW_SEATS_MAX).contains(count));
    let count = count.ok_or_else(|| format!("it may have 1 to {ROW_SEATS_MAX} seats"))?;
    let mut aisles = entry.aisles.clone().unwrap_or_else(|| section.aisles.clone());
    aisles.retain(|after| (1..count).contains(after));
    aisles.sort_unstable();
    aisles.dedup();
    let row = Row { number: 0, name: entry.name.clone(), count, names, rank, aisles, place };
    let (x, y) = row.seat_position(count);
    if [place.x, place.y, x, y].iter().any(|at| at.saturating_abs() > POSITION_MAX) {
        return Err(format!("it lies farther than {POSITION_MAX} from the picture's corner"));
    }
    Ok(row)
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = name.trim() == name && !name.chars().any(char::is_control);
    if plain && (1..=NAME_LENGTH_MAX).contains(&name.len()) {
        return Ok(());
    }
    Err(format!("a name has 1 to {NAME_LENGTH_MAX} bytes and no blanks around it"))
}

/// Under which name the number of an event's section is drawn.
pub(super) fn block_name(event: &str, section: &str) -> String {
    format!("{event}/{section}")
}

/// The items that set up an event's seats, and where the event finds them.
///
/// # Errors
/// In words, when the venue has no seats.
pub(super) fn event_sections(
    (shard, event, slug): (Shard, EventId, &str),
    venue: Option<VenueId>,
    known: &mut Known,
) -> Result<(Vec<CatalogueItem>, Vec<EventSection>), String> {
    let map = venue.and_then(|venue| known.seat_map(venue).cloned());
    let map = map.filter(|map| !map.sections.is_empty());
    let map = map.ok_or("its seats have numbers, but its venue has no sections")?;
    let (mut items, mut sections) = (Vec::new(), Vec::new());
    for section in &map.sections {
        let name = block_name(slug, &section.name);
        let number = known.number_or_new(shard, NumberKind::SeatBlock, &name)?;
        let block = SeatBlockId(number);
        let seats = SectionSeats { block, event, venue: map.venue, section: section.number };
        items.push(CatalogueItem::SectionSeats(seats));
        sections.push(EventSection { section: section.number, block });
    }
    Ok((items, sections))
}

/// The blocks of the sections that a price names; empty for all.
///
/// # Errors
/// In words, when the event has no such section.
pub(super) fn price_sections(
    names: &[String],
    venue: Option<VenueId>,
    sections: &[EventSection],
    known: &Known,
) -> Result<Vec<SeatBlockId>, String> {
    let map = venue.and_then(|venue| known.seat_map(venue));
    let block = |name: &String| {
        let section = map?.sections.iter().find(|section| section.name == *name)?;
        sections.iter().find(|entry| entry.section == section.number).map(|entry| entry.block)
    };
    let found = names
        .iter()
        .map(|name| block(name).ok_or_else(|| format!("its seats have no section \"{name}\"")));
    found.collect()
}
