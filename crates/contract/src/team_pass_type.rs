//! One kind of team pass (`domain.md §8`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::ticket_order::TeamPassType;

/// `GET /TeamPassTypes/PassType/{Id}`.
pub static GET_TEAM_PASS_TYPE: Operation = Operation {
    routes: &[
        Route::new("GET", "/TeamPassTypes/PassType/{Id}"),
        Route::new("GET", "/TeamPassTypes/PassType")
            .summary("The same, with the number as a parameter"),
    ],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    has_secrets: false,
    ..Operation::of::<GetTeamPassType, GetTeamPassTypeResult>()
};

/// Asks for one kind of team pass.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GetTeamPassType {
    /// Its number.
    pub id: i32,
}

/// One kind of team pass.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GetTeamPassTypeResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// What was asked for.
    pub result: Option<TeamPassType>,
}
