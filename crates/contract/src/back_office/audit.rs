//! What was changed, by whom.

use service::Dto;
use service::example::Example;
use service::operation::{Operation, Route};
use service::types::DateTime;

use super::{OFFICE, TAGS};

/// `GET /audit`.
pub static LIST_AUDIT: Operation = Operation {
    routes: &[Route::new("GET", "/audit")],
    access: OFFICE,
    tags: TAGS,
    example: Some(Example { request: "{}", sources: &[], note: "The first hundred records." }),
    ..Operation::of::<ListAudit, ListAuditResult>()
};

/// Records of the audit, the oldest first. An Admin reads all of them; an organiser's own people
/// read what was done with what is their organisers': catalogue, seats, cards, tickets, money.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListAudit {
    /// Only what was written at this moment or later.
    #[dto(name = "SinceUTC")]
    pub since_utc: Option<DateTime>,
    /// Only what comes after this record: `next` of the page before.
    pub after: Option<String>,
    /// Only what was done with what is this organiser's; 0 for what all share.
    pub event_owner_id: Option<i32>,
    /// Most records to return, 1 to 1000; 100 when left out.
    pub take: Option<i32>,
}

/// One page of the audit.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListAuditResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The records.
    pub results: Option<Vec<AuditEntry>>,
    /// What to send as `after` for the next page; null when there is none now.
    pub next: Option<String>,
}

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct AuditEntry {
    /// When it was written.
    #[dto(name = "AtUTC")]
    pub at_utc: DateTime,
    /// What happened, such as `catalogue_changed`.
    pub event: Option<String>,
    /// The user or key it is about.
    pub name: Option<String>,
    /// Who did it.
    pub by: Option<String>,
    /// The address it came from.
    pub address: Option<String>,
    /// What it was about, in words.
    pub detail: Option<String>,
    /// How often it happened before it was written.
    pub count: i32,
    /// Whose it is; 0 for what all share, null for sign-ins and rights. A ticket that goes from one
    /// organiser to another is the target's here, and both read of it.
    pub event_owner_id: Option<i32>,
    /// The members that are different now as they were, in JSON.
    pub before: Option<String>,
    /// The same members as they are now, in JSON.
    pub after: Option<String>,
}
