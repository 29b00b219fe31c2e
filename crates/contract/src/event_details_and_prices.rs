//! Event details and prices (`domain.md §8`): what a buyer's app shows before an order.

use service::Dto;
use service::access::Access;
use service::example::{Example, ExampleSource};
use service::operation::{Operation, Route};
use service::types::Decimal;

use crate::ticket_order::EventDetails;

/// `GET POST /eventDetailsAndPrices/{Id}` and `…/Reference/{ReferenceId}`.
pub static EVENT_DETAILS_AND_PRICES: Operation = Operation {
    routes: &[
        Route::new("GET POST", "/eventDetailsAndPrices/{Id}"),
        Route::new("GET POST", "/eventDetailsAndPrices/Reference/{ReferenceId}"),
    ],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    example: Some(EXAMPLE),
    ..Operation::of::<EventDetailsAndPrices, EventDetailsAndPricesResult>()
};

const EXAMPLE: Example = Example {
    request: r#"{"returnSoldOutTickets":true}"#,
    sources: &[ExampleSource {
        path: "/events?take=1&from={now}",
        values: &[("id", "results.0.id"), ("referenceId", "results.0.externalReference")],
    }],
    note: "The next event.",
};

/// Asks for one event, by its number or by its reference in the federation's system.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventDetailsAndPrices {
    /// Number of the event.
    pub id: Option<i32>,
    /// Its `externalReference`, when the number is not known.
    pub reference_id: Option<String>,
    /// Whether `prices` also has the types that are sold out.
    pub return_sold_out_tickets: bool,
    /// The code that opens a hidden event.
    pub direct_access_code: Option<String>,
    /// Read for the contract's sake: the answer never has cards; a phone's are at `/OwnerCards`.
    pub dont_return_cards: bool,
}

/// One event with what a place costs.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventDetailsAndPricesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The event.
    pub event_details: Option<EventDetails>,
    /// One entry for each ticket type on sale.
    pub prices: Option<Vec<EventTicketPrice>>,
}

/// A ticket type of an event, with its price and what is left of it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventTicketPrice {
    /// The type, when it belongs to the whole series.
    pub event_series_ticket_type: Option<i32>,
    /// The type, when it belongs to one club within the series.
    pub event_series_owner_ticket_type: Option<i32>,
    /// Name of the type.
    pub ticket_name: Option<String>,
    /// Name as it is printed.
    pub ticket_display_string: Option<String>,
    /// Colour of the ticket.
    pub ticket_color: Option<String>,
    /// Price of one admission, in major units of `currency`.
    pub ticket_price: Decimal,
    /// ISO code of the currency.
    pub currency: Option<String>,
    /// Places left of this type; null is unlimited.
    pub available_count: Option<i32>,
    /// None is left.
    pub sold_out: bool,
    /// Most admissions of this type in one order.
    pub max_per_order: i32,
    /// Whether every admission needs a holder.
    pub holder_info_required: bool,
    /// Picture of the type.
    pub ticket_type_image_url: Option<String>,
}
