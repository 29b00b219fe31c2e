//! One file an operation: reads the request, asks the rules, makes the answer.

mod answer;
mod authentication;
mod back_office;
mod by_handle;
mod event_details_and_prices;
mod event_presentation;
mod event_seating;
mod events_listing;
mod family;
pub(crate) mod gate;
mod marks;
mod office;
mod origin;
mod owner_card_type;
mod owner_cards;
mod owner_cards_order_status;
mod page;
mod payment;
mod payment_cards;
mod payouts;
mod phone_payment_callback;
mod phone_verification;
mod refund;
mod tasks;
mod team_pass_type;
mod team_pass_types_search;
mod team_passes;
mod three_d_secure;
mod ticket_order;
mod ticket_order_document;
mod ticket_order_find;
mod ticket_order_mail;
mod ticket_order_review;
mod ticket_order_status;
mod ticket_transfer;

use std::sync::Arc;

use hyper::header::HeaderMap;
use service::matched::Matched;
use service::operation::Operation;
use service::reply::Reply;

use crate::access::Caller;
use crate::access::users::By;
use crate::app::App;
use crate::http::Client;

/// Who calls, and what the request's head says beside the contract.
pub(crate) struct Call<'a> {
    /// The caller; only operations that are open to everybody have none.
    pub principal: Option<Arc<Caller>>,
    /// The code for a hidden event: the contract has no member for it, so it comes as the query
    /// parameter `directAccessCode`, the name under which such events are shown.
    pub access_code: Option<String>,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<&'a str>,
    /// Who is at the other end.
    pub client: Client,
    /// The head, with its cookies.
    pub headers: &'a HeaderMap,
}

impl Call<'_> {
    /// Whom the audit names for what this call changes.
    fn by(&self) -> By {
        let name = self.principal.as_ref().map(|caller| caller.name.clone()).unwrap_or_default();
        By { name, address: Some(self.client.address) }
    }
}

/// Serves one request whose operation and caller are known and allowed.
pub(crate) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    if let Some(reply) = phone_verification::serve(app, matched, call).await {
        return reply;
    }
    if let Some(reply) = payment_cards::serve(app, matched, call).await {
        return reply;
    }
    if let Some(reply) = office_work(app, matched, call).await {
        return reply;
    }
    if let Some(reply) = owner_cards::serve_existing(app, matched, call).await {
        return reply;
    }
    if let Some(reply) = ticket_transfer::serve(app, matched, call).await {
        return reply;
    }
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    if is(&contract::ticket_order::TICKET_ORDER) {
        ticket_order::serve(app, matched, call).await
    } else if is(&contract::owner_cards::ORDER_OWNER_CARDS) {
        owner_cards::serve(app, matched, call).await
    } else if is(&contract::owner_cards_order_status::OWNER_CARDS_ORDER_STATUS) {
        owner_cards_order_status::serve(app, matched, call).await
    } else if is(&contract::owner_card_type::GET_OWNER_CARD_TYPE) {
        owner_card_type::serve_one(app, matched, call).await
    } else if is(&contract::owner_card_type::OWNER_CARD_TYPES) {
        owner_card_type::serve_list(app, matched, call).await
    } else if is(&contract::ticket_order_status::TICKET_ORDER_STATUS) {
        ticket_order_status::serve(app, matched, call).await
    } else if let Some(reply) = look_for(app, matched, call).await {
        reply
    } else if is(&contract::ticket_order_review::TICKET_ORDER_REVIEW) {
        ticket_order_review::serve(app, matched, call).await
    } else if is(&contract::ticket_order_document::TICKET_ORDER_DOCUMENT) {
        ticket_order_document::serve(app, matched, call).await
    } else if is(&contract::ticket_order_mail::TICKET_ORDER_MAIL) {
        ticket_order_mail::serve(app, matched, call).await
    } else if is(&contract::event_details_and_prices::EVENT_DETAILS_AND_PRICES) {
        event_details_and_prices::serve(app, matched, call).await
    } else if is(&contract::three_d_secure_start::THREE_D_SECURE_START) {
        three_d_secure::start::serve(app, matched, call).await
    } else if is(&contract::three_d_secure_finish::THREE_D_SECURE_FINISH) {
        three_d_secure::finish::serve(app, matched, call).await
    } else if is(&contract::three_d_secure_return::THREE_D_SECURE_RETURN) {
        three_d_secure::returned::serve(app, matched, call).await
    } else if is(&contract::phone_payment_callback::PHONE_PAYMENT_CALLBACK) {
        phone_payment_callback::serve(app, matched).await
    } else if is(&contract::sandbox_challenge::SANDBOX_CHALLENGE) {
        three_d_secure::sandbox_page::serve(app, matched, call)
    } else if is(&contract::events_listing::EVENTS_LISTING) {
        events_listing::serve(app, matched, call).await
    } else if let Some(reply) = event_seating::serve(app, matched, call).await {
        reply
    } else {
        authentication::serve(app, matched, call).await
    }
}

/// The gate and the back office's work on sales that were made.
async fn office_work(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    if let Some(reply) = gate::serve(app, matched, call).await {
        return Some(reply);
    }
    if let Some(reply) = refund::serve(app, matched, call).await {
        return Some(reply);
    }
    if let Some(reply) = payouts::serve(app, matched, call).await {
        return Some(reply);
    }
    if let Some(reply) = tasks::serve(app, matched, call).await {
        return Some(reply);
    }
    back_office::serve(app, matched, call).await
}

/// What looks for tickets and passes.
async fn look_for(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    Some(if is(&contract::ticket_order_find::TICKET_ORDER_FIND) {
        ticket_order_find::serve(app, matched, call).await
    } else if is(&contract::team_pass_type::GET_TEAM_PASS_TYPE) {
        team_pass_type::serve(app, matched, call).await
    } else if is(&contract::team_pass_types_search::SEARCH_TEAM_PASS_TYPES) {
        team_pass_types_search::serve(app, matched, call).await
    } else if is(&contract::team_passes::TEAM_PASSES) {
        team_passes::serve(app, matched, call).await
    } else {
        return None;
    })
}
