//! `GET|POST /ticketOrder/find`: the tickets of a phone, or one by handle or number.

use std::sync::Arc;

use contract::ticket_order::EventTicketWithDetails;
use contract::ticket_order_find::{
    TICKETS_TAKE_DEFAULT, TICKETS_TAKE_MAX, TicketOrderFind, TicketOrderFindResult,
};
use domain::ids::{EventId, NumberKind, SaleId};
use domain::offer::Offer;
use domain::record::{Kind, word};
use domain::refusal::{Code, Refusal};
use domain::sale::{Goods, Sale, SaleState};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::{answer, answers, ok};
use super::event_presentation::int;
use super::family::Failure;
use super::origin::Origin;
use super::page::Page;
use super::signed::{self, signed};
use super::ticket_order::presentation::View;
use super::{Call, by_handle, origin};
use crate::app::App;

signed!(TicketOrderFind, "TicketOrderFind");

/// The most sales of one phone that are looked at.
const SALES_FOUND_MAX: u32 = 1_000;

/// A sale with its event; a team pass has none.
type Found = (Arc<Sale>, Option<Arc<Offer>>);

answers!(TicketOrderFindResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| find(app, call, request).await).await
}

async fn find(
    app: &App,
    call: &Call<'_>,
    mut request: TicketOrderFind,
) -> Result<TicketOrderFindResult, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let (skip, take) = (request.skip, request.take);
    let page = Page::of(skip, take, TICKETS_TAKE_DEFAULT, TICKETS_TAKE_MAX)?;
    let sales = sales(app, call, &request, &origin).await?;
    let found = with_events(app, sales, &request).await?;
    let shown = page.cut(&found).map(|found| show(app, call, &request, found));
    Ok(TicketOrderFindResult {
        results: Some(shown.collect()),
        total: int(u32::try_from(found.len()).unwrap_or(u32::MAX)),
        ..ok()
    })
}

/// The sales that are asked for, newest first, as far as the caller may see them.
async fn sales(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderFind,
    origin: &Origin,
) -> Result<Vec<Arc<Sale>>, Failure> {
    if let Some(handle) = request.ticket_token_id.as_deref().filter(|text| !text.is_empty()) {
        return Ok(vec![by_handle::of_owner(app, call, Some(handle), origin).await?]);
    }
    if let Some(id) = request.ticket_id.filter(|id| *id != 0 && !origin::is_app(call)) {
        return Ok(vec![by_number(app, call, id).await?]);
    }
    let phone = origin.phone_number().ok_or_else(|| {
        let message = "Say whose tickets: send a phone, a handle or a number.";
        Refusal::new(Code::PhoneVerificationRequired, message)
    })?;
    let keys = app.store.find(word("phone", &phone), SALES_FOUND_MAX).await?;
    let keys = keys.into_iter().filter(|key| key.kind == Kind::Sale && call.may_act_for(key.shard));
    let mut sales = app.store.read_all::<Sale>(keys.collect()).await?;
    sales.sort_by_key(|sale| std::cmp::Reverse((sale.placed_at, sale.id)));
    Ok(sales)
}

/// The sale of a published number. One outside the caller's scope looks like none.
async fn by_number(app: &App, call: &Call<'_>, id: i32) -> Result<Arc<Sale>, Failure> {
    let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
    let id = u32::try_from(id).map_err(|_| not_found())?;
    let shard = app.store.shard_of(NumberKind::Sale, id).await?;
    let shard = shard.filter(|shard| call.may_act_for(*shard)).ok_or_else(not_found)?;
    let sale = app.store.read::<Sale>(Sale::key_of(shard, SaleId(id))).await?;
    Ok(sale.ok_or_else(not_found)?)
}

/// Orders of season cards are no tickets; they are found with the cards.
async fn with_events(
    app: &App,
    sales: Vec<Arc<Sale>>,
    request: &TicketOrderFind,
) -> Result<Vec<Found>, Failure> {
    let event = request.event_id.filter(|id| *id != 0);
    let mut found = Vec::new();
    for sale in sales {
        let is_ticket = !matches!(sale.goods, Goods::Cards { .. });
        if !is_ticket || event.is_some_and(|event| event != int(sale.event.0)) {
            continue;
        }
        let offer = match sale.event {
            EventId(0) => None,
            event => app.catalogue.offer(event).await?,
        };
        if !request.only_live || is_live(app, &sale, offer.as_deref()) {
            found.push((sale, offer));
        }
    }
    Ok(found)
}

fn is_live(app: &App, sale: &Sale, offer: Option<&Offer>) -> bool {
    let event = offer.map(|offer| &offer.event);
    let is_over = event.is_some_and(|event| !event.still_to_come(app.clock.now()));
    (sale.state == SaleState::Issued || sale.state.holds_places()) && !is_over
}

/// The ticket as it is now. The app is told its own token, a box office the number.
fn show(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderFind,
    (sale, offer): &Found,
) -> EventTicketWithDetails {
    let phone = match origin::is_app(call) {
        true => request.phone_verification_number.as_deref(),
        false => sale.buyer.phone.as_deref(),
    };
    let now = app.clock.now();
    View { now, phone, ..View::of(app, sale, offer.as_deref()) }.ticket()
}
