//! `/backOffice/locations`: places with their seats, which all organisers share.

use contract::back_office::locations::{
    EventLocationEntry, EventLocationRow, EventLocationSection, ListEventLocations,
    ListEventLocationsResult, SaveEventLocation, SaveEventLocationResult,
};
use domain::catalogue::{CatalogueItem, Venue};
use domain::ids::{NumberKind, VenueId};
use domain::seating::{Row, SeatMap, SeatNames, Section};
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::catalogue::{RowEntry, SectionEntry, seat_map};
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};

answers!(ListEventLocationsResult);
answers!(SaveEventLocationResult);

/// Serves `ListEventLocations`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, &request).await).await
}

async fn list(
    app: &App,
    request: &ListEventLocations,
) -> Result<ListEventLocationsResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let desk = Desk::open(&app.store, Whose::House).await?;
    let is_wanted = |venue: &Venue| request.id.is_none_or(|id| id == int(venue.id.0));
    let all: Vec<_> = desk.own::<Venue>().filter(|venue| is_wanted(venue)).collect();
    let map = |venue: &Venue| desk.own::<SeatMap>().find(|map| map.venue == venue.id);
    let entries = page.cut(&all).map(|venue| {
        let map = map(venue).filter(|_| request.with_sections);
        shown(venue, map.map(AsRef::as_ref), desk.revision())
    });
    Ok(ListEventLocationsResult {
        results: Some(entries.collect()),
        total: total(all.len()),
        ..ok()
    })
}

/// Serves `SaveEventLocation`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveEventLocation,
) -> Result<SaveEventLocationResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let wanted = Wanted {
        whose: Whose::House,
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let make = |desk: &mut Desk| edit(entry, known, desk);
    let ((venue, map), revision) = save(app, call, wanted, make).await?;
    Ok(SaveEventLocationResult { result: Some(shown(&venue, map.as_ref(), revision)), ..ok() })
}

/// A place, and its seats where they were drawn.
type Seated = (Venue, Option<SeatMap>);

fn edit(
    entry: &EventLocationEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<Seated>, Failure> {
    let before = known_item::<Venue>(desk, known, |venue| venue.id.0)?;
    let mut venue = match &before {
        Some(known) => Venue::clone(known),
        None => blank(VenueId(desk.number(NumberKind::Venue))),
    };
    let mut fields = Fields::default();
    fields.slug(entry.slug.as_ref(), known.is_none(), venue.id.0, &mut venue.slug);
    fields.name("Name", entry.name.as_ref(), &mut venue.name);
    fields.text("Latitude", entry.latitude.as_ref(), &mut venue.latitude);
    fields.text("Longitude", entry.longitude.as_ref(), &mut venue.longitude);
    for (field, value, most) in
        [("Latitude", &venue.latitude, 90.0), ("Longitude", &venue.longitude, 180.0)]
    {
        let degrees = value.as_deref().map(str::parse::<f64>);
        if degrees.is_some_and(|degrees| !degrees.is_ok_and(|degrees| degrees.abs() <= most)) {
            fields.wrong(field, format!("Write degrees from -{most} to {most}."));
        }
    }
    fields.url("SeatingImageUrl", entry.seating_image_url.as_ref(), &mut venue.seating_image_url);
    let map = drawn(entry, &venue, desk, &mut fields);
    fields.finish()?;
    if desk.own::<Venue>().any(|other| other.slug == venue.slug && other.id != venue.id) {
        return Err(taken());
    }
    let mut items = vec![CatalogueItem::Venue(venue.clone())];
    let mut what = format!("location {}", venue.id.0);
    if let Some(map) = &map {
        what += &format!(", {} sections, {} seats", map.sections.len(), map.seat_count());
        items.push(CatalogueItem::SeatMap(map.clone()));
    }
    Ok(Edit::of(what, before.as_deref(), &venue.clone(), items, (venue, map)))
}

fn drawn(
    entry: &EventLocationEntry,
    venue: &Venue,
    desk: &Desk,
    fields: &mut Fields,
) -> Option<SeatMap> {
    let sections = entry.sections.as_ref().filter(|sections| !sections.is_empty())?;
    let known = desk.own::<SeatMap>().find(|map| map.venue == venue.id);
    let sections: Result<Vec<_>, _> = sections.iter().map(section).collect();
    let drawn =
        sections.and_then(|sections| seat_map(venue.id, &sections, known.map(AsRef::as_ref)));
    drawn.map_err(|message| fields.wrong("Sections", format!("{message}."))).ok()
}

/// A section as a catalogue file writes it.
fn section(sent: &EventLocationSection) -> Result<SectionEntry, String> {
    let rows = sent.rows.iter().flatten().map(row).collect::<Result<_, _>>()?;
    let mut entry = SectionEntry::named(sent.name.clone().unwrap_or_default());
    entry.image_url = sent.image_url.clone();
    entry.rows = sent.row_count.map(count).transpose()?;
    entry.seats = sent.seat_count.map(count).transpose()?;
    entry.row = rows;
    Ok(entry)
}

fn row(sent: &EventLocationRow) -> Result<RowEntry, String> {
    let one = |number: Option<i32>| number.map_or(Ok(1), number_of);
    let aisles = sent.aisles.as_ref().map(|all| all.iter().map(|it| count(*it)).collect());
    Ok(RowEntry {
        name: sent.name.clone().unwrap_or_default(),
        seats: sent.seats.map(count).transpose()?,
        first: one(sent.first_number)?,
        step: one(sent.number_step)?,
        names: sent.seat_names.clone(),
        aisles: aisles.transpose()?,
        rank: sent.rank.map(number_of).transpose()?,
        at: sent.x.zip(sent.y),
    })
}

fn count(number: i32) -> Result<u16, String> {
    u16::try_from(number).map_err(|_| format!("{number} is no number of seats or rows"))
}

fn number_of(number: i32) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| format!("{number} is less than nothing"))
}

fn blank(id: VenueId) -> Venue {
    Venue {
        id,
        slug: String::new(),
        name: String::new(),
        latitude: None,
        longitude: None,
        seating_image_url: None,
    }
}

fn shown(venue: &Venue, map: Option<&SeatMap>, revision: i64) -> EventLocationEntry {
    EventLocationEntry {
        id: Some(int(venue.id.0)),
        revision: Some(revision),
        slug: Some(venue.slug.clone()),
        name: Some(venue.name.clone()),
        latitude: venue.latitude.clone(),
        longitude: venue.longitude.clone(),
        seating_image_url: venue.seating_image_url.clone(),
        sections: map.map(|map| map.sections.iter().map(shown_section).collect()),
    }
}

fn shown_section(section: &Section) -> EventLocationSection {
    EventLocationSection {
        number: Some(int(section.number)),
        name: Some(section.name.clone()),
        image_url: section.image_url.clone(),
        row_count: None,
        seat_count: None,
        rows: Some(section.rows.iter().map(shown_row).collect()),
    }
}

fn shown_row(row: &Row) -> EventLocationRow {
    let (first, step, names) = match &row.names {
        SeatNames::Numbers { first, step } => (Some(int(*first)), Some(int(*step)), None),
        SeatNames::Listed(names) => (None, None, Some(names.clone())),
    };
    EventLocationRow {
        name: Some(row.name.clone()),
        seats: Some(i32::from(row.count)),
        first_number: first,
        number_step: step,
        seat_names: names,
        aisles: Some(row.aisles.iter().map(|after| i32::from(*after)).collect()),
        rank: Some(int(row.rank)),
        x: Some(row.place.x),
        y: Some(row.place.y),
    }
}
