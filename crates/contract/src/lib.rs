//! The published contracts and their siblings, as declarations: types, routes, access. No code here
//! has a body that decides anything.
//!
//! `domain.md` and `payments.md`, which comments cite, describe the meaning of every member.

pub mod authentication;
pub mod contract_sold;
pub mod customer_payments;
pub mod event_details_and_prices;
pub mod events_listing;
pub mod owner_cards;
pub mod payment_cards;
pub mod phone_verification;
pub mod shared;
pub mod ticket_order;
pub mod ticket_order_document;
pub mod ticket_order_mail;
pub mod ticket_order_review;
pub mod ticket_order_status;
pub mod ticket_transfer;

use service::host::{Conventions, Host};
use service::operation::Operation;
use wire::NameStyle;

/// The three hosts with their operations. `agents_title` and `clubs_title` are the operator's own
/// names for those services; the first one's title is published.
pub fn hosts(agents_title: &str, clubs_title: &str) -> Vec<Host> {
    vec![
        Host {
            title: "TicketUserServices".to_owned(),
            base_path: "/tickets",
            names: NameStyle::Camel,
            properties_optional: true,
            conventions: Conventions::default(),
            operations: with_authentication(&[
                &owner_cards::ORDER_OWNER_CARDS,
                &ticket_order::TICKET_ORDER,
                &ticket_transfer::TRANSFER_TICKET_TO_EVENT,
                &ticket_order_status::TICKET_ORDER_STATUS,
                &ticket_order_review::TICKET_ORDER_REVIEW,
                &ticket_order_document::TICKET_ORDER_DOCUMENT,
                &ticket_order_mail::TICKET_ORDER_MAIL,
                &phone_verification::request::PHONE_VERIFICATION_REQUEST,
                &phone_verification::confirm::PHONE_VERIFICATION_CONFIRM,
                &phone_verification::revoke::PHONE_VERIFICATION_REVOKE,
                &phone_verification::outbox::SMS_OUTBOX,
                &payment_cards::list::PAYMENT_CARDS,
                &payment_cards::card_tokens::CARD_TOKENS,
                &payment_cards::save_card::SAVE_CARD,
                &payment_cards::remove::PAYMENT_CARDS_DELETE,
                &event_details_and_prices::EVENT_DETAILS_AND_PRICES,
                &events_listing::EVENTS_LISTING,
            ]),
        },
        Host {
            title: agents_title.to_owned(),
            base_path: "/agents",
            names: NameStyle::Pascal,
            properties_optional: false,
            conventions: Conventions::default(),
            operations: with_authentication(&[&customer_payments::CUSTOMER_PAYMENTS]),
        },
        Host {
            title: clubs_title.to_owned(),
            base_path: "/clubs",
            names: NameStyle::Pascal,
            properties_optional: false,
            conventions: Conventions::default(),
            operations: with_authentication(&[&contract_sold::CONTRACT_SOLD]),
        },
    ]
}

/// A host's own operations and those by which its callers sign in.
fn with_authentication(own: &[&'static Operation]) -> Vec<&'static Operation> {
    own.iter().copied().chain(authentication::OPERATIONS).collect()
}
