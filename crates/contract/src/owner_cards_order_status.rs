//! What became of an order of owner cards (`domain.md §2.3`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::owner_cards::OwnerCardsOrderResult;

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
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardsOrderStatus {
    /// The `orderTokenId` of the order's answer.
    pub order_token_id: Option<String>,
    /// Whether the answer carries `cards`.
    pub return_cards: bool,
}
