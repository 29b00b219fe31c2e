//! The team passes of a phone (`domain.md §8`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};
use service::types::DateTime;

use crate::shared::RequestSignature;
use crate::ticket_order::TeamPassType;

/// `GET POST /teamPasses`.
pub static TEAM_PASSES: Operation = Operation {
    routes: &[Route::new("GET POST", "/teamPasses")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of::<TeamPasses, TeamPassesResult>()
};

/// Asks for the team passes of a phone: from the app of the one that was verified, from a box
/// office of any, as far as its own clubs sold them.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TeamPasses {
    /// From the app the token that a phone verification gave; from a box office a phone number.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// A phone's team passes.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TeamPassesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The passes, by number; 1,000 at most.
    pub results: Option<Vec<TeamPass>>,
}

/// One team pass. It gives one admission of its type at each event of the club in the series.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TeamPass {
    /// Its number: `order.teamPassId` of an order that uses it.
    pub id: i32,
    /// Its kind.
    pub team_pass_type: Option<TeamPassType>,
    /// The order that paid for it: `eventTicket.id`.
    pub ticket_id: i32,
    /// Whether it may be used.
    pub is_active: bool,
    /// Events it was used for.
    pub used_event_ids: Option<Vec<i32>>,
    /// When it was bought.
    pub timestamp_created: DateTime,
}
