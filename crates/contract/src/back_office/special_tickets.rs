//! Single-use codes: a sponsor's tickets, an accreditation.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::{OFFICE, TAGS};

/// `POST /backOffice/specialTickets`.
pub static CREATE_SPECIAL_TICKETS: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/specialTickets")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<CreateSpecialTickets, CreateSpecialTicketsResult>()
};

/// `GET /backOffice/specialTickets`.
pub static LIST_SPECIAL_TICKETS: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/specialTickets")],
    access: OFFICE,
    tags: TAGS,
    ..Operation::of::<ListSpecialTickets, ListSpecialTicketsResult>()
};

/// Makes single-use codes of a campaign. They are told in this answer and never again: only what
/// they hash to is kept.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct CreateSpecialTickets {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// What they are for, for people; at most 100 characters. Needed.
    pub campaign: Option<String>,
    /// How many codes, 1 to 400.
    pub quantity: i32,
    /// Number of the event they are good for; any of the organiser's when left out.
    pub event_id: Option<i32>,
    /// Number of the ticket type they give; any when left out.
    pub ticket_type_id: Option<i32>,
    /// What an admission costs with one; free when left out.
    pub price: Option<Decimal>,
    /// Of the price; ISK when left out.
    pub currency: Option<String>,
    /// Admissions each is good for, 1 to 50; 1 when left out.
    pub admissions: Option<i32>,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// New codes.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct CreateSpecialTicketsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The codes, as buyers type them; case and blanks do not matter.
    pub codes: Option<Vec<String>>,
}

/// Campaigns of an organiser, and how many of their codes were used.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListSpecialTickets {
    /// Number of the organiser.
    pub event_owner_id: i32,
}

/// Campaigns, by name.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListSpecialTicketsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The campaigns.
    pub results: Option<Vec<SpecialTicketCampaign>>,
}

/// A campaign.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SpecialTicketCampaign {
    /// What its codes are for.
    pub campaign: Option<String>,
    /// Codes that were used.
    pub used: i32,
    /// Codes that may still be used.
    pub unused: i32,
    /// Numbers of the orders that used one, the oldest first, at most 100.
    pub ticket_ids: Option<Vec<i32>>,
}
