//! `GET /events`: what can be chosen from.

use std::sync::Arc;

use contract::events_listing::{
    EVENTS_TAKE_DEFAULT, EVENTS_TAKE_MAX, EventsListing, EventsListingResult,
};
use domain::offer::Offer;
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::answer::{answer, answers, ok};
use super::event_presentation::{event_details, int};
use super::family::Failure;
use super::page::Page;
use crate::app::App;

answers!(EventsListingResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &EventsListing,
) -> Result<EventsListingResult, Failure> {
    let page = Page::of(request.skip, request.take, EVENTS_TAKE_DEFAULT, EVENTS_TAKE_MAX)?;
    let mut found: Vec<Arc<Offer>> = Vec::new();
    for seller in app.catalogue.sellers().await? {
        let offers = seller.offers.values();
        found.extend(offers.filter(|offer| wanted(offer, request, call)).cloned());
    }
    found.sort_by_key(|offer| (offer.event.starts_at, offer.event.id));
    let now = app.clock.now();
    Ok(EventsListingResult {
        results: Some(page.cut(&found).map(|offer| event_details(offer, now, false)).collect()),
        total: int(u32::try_from(found.len()).unwrap_or(u32::MAX)),
        ..ok()
    })
}

/// Hidden and switched-off events are in no list; a TeamAdmin sees its own clubs only.
fn wanted(offer: &Offer, request: &EventsListing, call: &Call<'_>) -> bool {
    let event = &offer.event;
    let starts = event.starts_at;
    let moment = |date: service::types::DateTime| Timestamp(date.unix_microseconds());
    event.active
        && !event.hidden
        && request.owner_id.is_none_or(|id| id == int(offer.shard().0))
        && request.series_id.is_none_or(|id| event.series.is_some_and(|own| int(own.0) == id))
        && request.from.is_none_or(|from| starts >= moment(from))
        && request.to.is_none_or(|to| starts < moment(to))
        && call.may_act_for(offer.shard())
}
