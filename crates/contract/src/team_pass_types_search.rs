//! The kinds of team pass that clubs sell (`domain.md §8`).

use service::Dto;
use service::access::Access;
use service::example::Example;
use service::operation::{Operation, Route};

use crate::ticket_order::TeamPassType;

/// `GET POST /teamPassTypes/Search`.
pub static SEARCH_TEAM_PASS_TYPES: Operation = Operation {
    routes: &[Route::new("GET POST", "/teamPassTypes/Search")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    has_secrets: false,
    example: Some(Example {
        request: r#"{"onlyActive":true}"#,
        sources: &[],
        note: "Every team pass that is on sale.",
    }),
    ..Operation::of::<SearchTeamPassTypes, SearchTeamPassTypesResult>()
};

/// Asks for kinds of team pass, by number. Filters narrow each other.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SearchTeamPassTypes {
    /// Only those of this club.
    pub owner_id: Option<i32>,
    /// Only those of this series.
    pub series_id: Option<i32>,
    /// True leaves out those that are not on sale.
    pub only_active: bool,
    /// Kinds to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most kinds to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page of kinds of team pass.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SearchTeamPassTypesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page.
    pub results: Option<Vec<TeamPassType>>,
    /// Kinds that pass the filters, on all pages.
    pub total: i32,
}
