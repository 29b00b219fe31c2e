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
use service::matched::Matched;
use service::operation::Operation;
use service::reply::Reply;

use super::Call;
use crate::app::App;

/// The most entries of one page.
const TAKE_MAX: i32 = 100;

/// How many entries a page has where the request does not say.
const TAKE_DEFAULT: i32 = 50;

/// Serves the request, if the operation is one of these.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    Some(if is(&published::owners::LIST_EVENT_OWNERS) {
        owners::serve_list(app, matched, call).await
    } else if is(&published::owners::SAVE_EVENT_OWNER) {
        owners::serve_save(app, matched, call).await
    } else if is(&published::series::LIST_EVENT_SERIES) {
        series::serve_list(app, matched, call).await
    } else if is(&published::series::SAVE_EVENT_SERIES) {
        series::serve_save(app, matched, call).await
    } else if is(&published::locations::LIST_EVENT_LOCATIONS) {
        locations::serve_list(app, matched, call).await
    } else if is(&published::locations::SAVE_EVENT_LOCATION) {
        locations::serve_save(app, matched, call).await
    } else if is(&published::ticket_types::LIST_TICKET_TYPES) {
        ticket_types::serve_list(app, matched, call).await
    } else if is(&published::ticket_types::SAVE_TICKET_TYPE) {
        ticket_types::serve_save(app, matched, call).await
    } else if is(&published::events::LIST_OFFICE_EVENTS) {
        events::serve_list(app, matched, call).await
    } else if is(&published::events::SAVE_EVENT) {
        events::serve_save(app, matched, call).await
    } else if is(&published::event_prices::SAVE_EVENT_PRICE) {
        event_prices::serve(app, matched, call).await
    } else {
        return serve_rights(app, matched, call).await;
    })
}

/// What gives rights: to tickets, and to people.
async fn serve_rights(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    Some(if is(&published::card_types::LIST_OWNER_CARD_TYPES) {
        card_types::serve_list(app, matched, call).await
    } else if is(&published::card_types::SAVE_OWNER_CARD_TYPE) {
        card_types::serve_save(app, matched, call).await
    } else if is(&published::pass_types::LIST_TEAM_PASS_TYPES) {
        pass_types::serve_list(app, matched, call).await
    } else if is(&published::pass_types::SAVE_TEAM_PASS_TYPE) {
        pass_types::serve_save(app, matched, call).await
    } else if is(&published::special_tickets::CREATE_SPECIAL_TICKETS) {
        special_tickets::serve_create(app, matched, call).await
    } else if is(&published::special_tickets::LIST_SPECIAL_TICKETS) {
        special_tickets::serve_list(app, matched, call).await
    } else if is(&published::create_user::CREATE_USER) {
        create_user::serve(app, matched, call).await
    } else if is(&published::audit::LIST_AUDIT) {
        audit::serve(app, matched, call).await
    } else {
        return None;
    })
}
