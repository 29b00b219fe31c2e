//! Events listing (`domain.md §8`): the events a buyer can choose from.

use service::Dto;
use service::access::Access;
use service::example::Example;
use service::operation::{Operation, Route};
use service::types::DateTime;

use crate::ticket_order::EventDetails;

/// Events returned when a request does not say how many.
pub const EVENTS_TAKE_DEFAULT: i32 = 50;

/// Most events one answer holds.
pub const EVENTS_TAKE_MAX: i32 = 100;

/// `GET /events`.
pub static EVENTS_LISTING: Operation = Operation {
    routes: &[Route::new("GET", "/events")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    has_secrets: false,
    example: Some(Example {
        request: r#"{"skip":0,"take":10}"#,
        sources: &[],
        note: "The first ten events.",
    }),
    ..Operation::of::<EventsListing, EventsListingResult>()
};

/// Asks for events, soonest first. Filters narrow each other.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventsListing {
    /// Only events of this club.
    pub owner_id: Option<i32>,
    /// Only events of this series.
    pub series_id: Option<i32>,
    /// Only events that start at this moment or later.
    pub from: Option<DateTime>,
    /// Only events that start before this moment.
    pub to: Option<DateTime>,
    /// Events to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most events to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page of events.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventsListingResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page.
    pub results: Option<Vec<EventDetails>>,
    /// Events that pass the filters, on all pages.
    pub total: i32,
}
