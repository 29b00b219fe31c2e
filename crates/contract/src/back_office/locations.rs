//! Places with their seats, which all organisers share.

use service::Dto;
use service::example::Example;
use service::operation::{Effect, Operation, Route};

use super::{ADMINS, OFFICE, TAGS};

/// `GET /backOffice/locations`.
pub static LIST_EVENT_LOCATIONS: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/locations")],
    access: OFFICE,
    tags: TAGS,
    example: Some(Example {
        request: "{}",
        sources: &[],
        note: "The first fifty, without their seats.",
    }),
    ..Operation::of::<ListEventLocations, ListEventLocationsResult>()
};

/// `POST /backOffice/locations`.
pub static SAVE_EVENT_LOCATION: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/locations")],
    access: ADMINS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveEventLocation, SaveEventLocationResult>()
};

/// Places.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventLocations {
    /// Only this one.
    pub id: Option<i32>,
    /// With their seats.
    pub with_sections: bool,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventLocationsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<EventLocationEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes a place, or changes one. Seats that an event is sold by stay and keep their names; save
/// the event again to sell those that are new.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventLocation {
    /// What is to be.
    pub entry: Option<EventLocationEntry>,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventLocationResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<EventLocationEntry>,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventLocationEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// Degrees north as decimal text.
    pub latitude: Option<String>,
    /// Degrees east as decimal text.
    pub longitude: Option<String>,
    /// A picture of the seating.
    pub seating_image_url: Option<String>,
    /// All its sections with numbered seats, the best first; they are replaced whole.
    pub sections: Option<Vec<EventLocationSection>>,
}

/// A part of the house with numbered seats.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventLocationSection {
    /// Its number, by which prices name it; given by the server.
    pub number: Option<i32>,
    /// Its name, unique in the place, at most 50 bytes; it keeps its number as long as its name.
    pub name: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// So many rows called 1, 2, 3, …; instead of `rows`.
    pub row_count: Option<i32>,
    /// How many seats each of these rows has.
    pub seat_count: Option<i32>,
    /// Its rows one by one, the best first.
    pub rows: Option<Vec<EventLocationRow>>,
}

/// Seats beside each other.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventLocationRow {
    /// Its name, unique in the section.
    pub name: Option<String>,
    /// How many seats it has, 1 to 500; as many as `seatNames` when left out.
    pub seats: Option<i32>,
    /// The first seat's number; 1 when left out.
    pub first_number: Option<i32>,
    /// By how much each next seat's number is higher; 1 when left out.
    pub number_step: Option<i32>,
    /// What the seats are called, instead of numbers.
    pub seat_names: Option<Vec<String>>,
    /// After how many seats there are aisles.
    pub aisles: Option<Vec<i32>>,
    /// How good it is; rows of a lower rank are sold first.
    pub rank: Option<i32>,
    /// Where its first seat is in a picture, to the right.
    pub x: Option<i32>,
    /// Where its first seat is in a picture, downwards.
    pub y: Option<i32>,
}
