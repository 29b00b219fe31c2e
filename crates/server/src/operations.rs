//! One file an operation: reads the request, asks the rules, makes the answer.

mod agents;
mod answer;
mod authentication;
mod back_office;
mod borgun_event;
mod by_handle;
mod clubs;
mod event_details_and_prices;
mod event_presentation;
mod event_seating;
mod events_listing;
mod family;
pub(crate) mod gate;
mod gateway_message;
mod guesses;
mod handlers;
mod ledger;
mod marks;
mod office;
mod office_lists;
mod origin;
mod owner_card_type;
mod owner_cards;
mod owner_cards_order_status;
mod page;
mod payment;
pub(crate) mod payment_cards;
mod payouts;
mod phone_payment_callback;
mod phone_verification;
mod refund;
mod signed;
mod stripe_webhook;
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

use domain::ids::Shard;
use hyper::header::HeaderMap;
use service::matched::Matched;
use service::reply::Reply;

use crate::access::users::By;
use crate::access::{Caller, may_act_for};
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

    /// Whether the caller may act for a seller.
    fn may_act_for(&self, seller: Shard) -> bool {
        self.principal.as_deref().is_some_and(|caller| may_act_for(caller, seller))
    }
}

/// Serves one request whose operation and caller are known and allowed.
pub(crate) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    match handlers::of(matched.operation) {
        Some(handler) => (handler.serve)(app, matched, call).await,
        None => authentication::not_served(matched),
    }
}
