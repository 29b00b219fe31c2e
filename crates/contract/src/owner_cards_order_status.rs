//! What became of an order of owner cards (`domain.md §2.3`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::owner_cards::OwnerCardsOrderResult;
use crate::shared::RequestSignature;

/// `GET POST /OrderOwnerCards/status`.
pub static OWNER_CARDS_ORDER_STATUS: Operation = Operation {
    routes: &[Route::new("GET POST", "/OrderOwnerCards/status")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of::<OwnerCardsOrderStatus, OwnerCardsOrderResult>()
};

/// Asks for an order of owner cards, while its payment is open or later.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardsOrderStatus {
    /// The `orderTokenId` of the order's answer.
    pub order_token_id: Option<String>,
    /// Whether the answer carries `cards`.
    pub return_cards: bool,
    /// From the app the token that the verification of the order's phone gave.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}
