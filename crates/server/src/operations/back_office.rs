//! The back office's operations on the catalogue (`domain.md` §8): one file a kind of item.

mod audit;
mod card_types;
mod create_user;
mod desk;
mod event_prices;
mod events;
mod fields;
mod locations;
mod owners;
mod pass_types;
mod series;
mod special_tickets;
mod ticket_types;

use contract::back_office as published;

use super::handlers::{Handler, handler};

/// The most entries of one page.
const TAKE_MAX: i32 = 100;

/// How many entries a page has where the request does not say.
const TAKE_DEFAULT: i32 = 50;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(published::owners::LIST_EVENT_OWNERS, owners::serve_list),
    handler!(published::owners::SAVE_EVENT_OWNER, owners::serve_save),
    handler!(published::series::LIST_EVENT_SERIES, series::serve_list),
    handler!(published::series::SAVE_EVENT_SERIES, series::serve_save),
    handler!(published::locations::LIST_EVENT_LOCATIONS, locations::serve_list),
    handler!(published::locations::SAVE_EVENT_LOCATION, locations::serve_save),
    handler!(published::ticket_types::LIST_TICKET_TYPES, ticket_types::serve_list),
    handler!(published::ticket_types::SAVE_TICKET_TYPE, ticket_types::serve_save),
    handler!(published::events::LIST_OFFICE_EVENTS, events::serve_list),
    handler!(published::events::SAVE_EVENT, events::serve_save),
    handler!(published::event_prices::SAVE_EVENT_PRICE, event_prices::serve),
    handler!(published::card_types::LIST_OWNER_CARD_TYPES, card_types::serve_list),
    handler!(published::card_types::SAVE_OWNER_CARD_TYPE, card_types::serve_save),
    handler!(published::pass_types::LIST_TEAM_PASS_TYPES, pass_types::serve_list),
    handler!(published::pass_types::SAVE_TEAM_PASS_TYPE, pass_types::serve_save),
    handler!(published::special_tickets::CREATE_SPECIAL_TICKETS, special_tickets::serve_create),
    handler!(published::special_tickets::LIST_SPECIAL_TICKETS, special_tickets::serve_list),
    handler!(published::create_user::CREATE_USER, create_user::serve),
    handler!(published::audit::LIST_AUDIT, audit::serve),
];
