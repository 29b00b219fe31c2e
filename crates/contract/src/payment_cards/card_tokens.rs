//! The tokens of a phone's saved cards.

use service::Dto;
use service::operation::{Operation, Route};

use super::SELLERS;
use crate::shared::RequestSignature;

/// `POST /cardTokens`.
pub static CARD_TOKENS: Operation = Operation {
    routes: &[Route::new("POST", "/cardTokens")],
    access: SELLERS,
    ..Operation::of::<CardTokens, CardTokensResult>()
};

/// Shows the tokens of a verified phone's saved cards, for payments of the type `TokenMulti`. The
/// same cards can be named by `paymentCardId` without any token.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct CardTokens {
    /// The token that a phone verification gave (`domain.md §1.5`).
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// The tokens.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct CardTokensResult {
    /// One entry a saved card, the oldest first.
    pub tokens: Option<Vec<CardTokenInfo>>,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}

/// The token of one card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct CardTokenInfo {
    /// The card's number.
    pub id: i32,
    /// What stands for the card; good with a request of the same phone only.
    pub token: Option<String>,
    /// First six and last four digits.
    pub card_mask: Option<String>,
}
