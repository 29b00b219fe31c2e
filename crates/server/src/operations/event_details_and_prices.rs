//! `GET|POST /eventDetailsAndPrices/{Id}`: one event, its prices and what is left.

use std::collections::HashMap;
use std::sync::Arc;

use contract::event_details_and_prices::{
    EventDetailsAndPrices, EventDetailsAndPricesResult, EventTicketPrice,
};
use domain::catalogue::{Event, EventPrice};
use domain::ids::{EventId, QuotaId, SeatBlockId};
use domain::money::Money;
use domain::offer::Offer;
use domain::quota::Quota;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::{answer, answers, ok};
use super::event_presentation::{event_details, int};
use super::family::Failure;
use super::{Call, guesses};
use crate::app::App;
use crate::money::decimal;

answers!(EventDetailsAndPricesResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| show(app, call, &request).await).await
}

async fn show(
    app: &App,
    call: &Call<'_>,
    request: &EventDetailsAndPrices,
) -> Result<EventDetailsAndPricesResult, Failure> {
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let offer = find(app, request).await?.ok_or_else(not_found)?;
    if !call.may_act_for(offer.shard()) {
        return Err(not_found().into());
    }
    let code = request.direct_access_code.as_deref();
    let admitted = async { Ok(offer.admits(code)?) };
    guesses::counted(app, call, code.is_some(), admitted).await?;
    let stock = Stock::read(app, &offer).await?;
    let on_sale = || offer.event.prices_on_sale();
    let prices = on_sale().filter_map(|row| price(&offer, row, stock.free(&offer.event, row)));
    let shown: Vec<_> =
        prices.filter(|price| request.return_sold_out_tickets || !price.sold_out).collect();
    let mut details = event_details(&offer, app.clock.now(), code.is_some());
    details.sale_is_active &= on_sale().any(|row| stock.free(&offer.event, row) != Some(0));
    Ok(EventDetailsAndPricesResult { event_details: Some(details), prices: Some(shown), ..ok() })
}

async fn find(app: &App, request: &EventDetailsAndPrices) -> Result<Option<Arc<Offer>>, Failure> {
    if let Some(id) = request.id {
        let Ok(id) = u32::try_from(id) else { return Ok(None) };
        return Ok(app.catalogue.offer(EventId(id)).await?);
    }
    let Some(reference) = &request.reference_id else { return Ok(None) };
    for seller in app.catalogue.sellers().await? {
        let found = seller
            .offers
            .values()
            .find(|offer| offer.event.external_reference.as_ref() == Some(reference));
        if let Some(offer) = found {
            return Ok(Some(Arc::clone(offer)));
        }
    }
    Ok(None)
}

/// What is left of everything that a price counts against.
struct Stock {
    quotas: HashMap<QuotaId, Arc<Quota>>,
    /// Free seats of each section, where they have numbers.
    seats: Option<HashMap<SeatBlockId, u32>>,
}

impl Stock {
    async fn read(app: &App, offer: &Offer) -> Result<Stock, Failure> {
        let quotas = app.store.quotas(offer.shard()).await?;
        let quotas = quotas.into_iter().map(|quota| (quota.id, quota)).collect();
        if !offer.event.seats_numbered {
            return Ok(Stock { quotas, seats: None });
        }
        let ids = offer.event.rules.seat_blocks.iter().map(|entry| entry.block).collect();
        let blocks = app.store.seat_blocks(offer.shard(), ids).await?;
        let seats = blocks.iter().map(|block| (block.id, block.free)).collect();
        Ok(Stock { quotas, seats: Some(seats) })
    }

    /// The places left of a price: the tightest of its quotas and its seats; `None` without any
    /// limit.
    fn free(&self, event: &Event, row: &EventPrice) -> Option<u32> {
        let of_quotas = row.quotas.iter().filter_map(|id| self.quotas.get(id)?.free());
        let of_seats = self
            .seats
            .as_ref()
            .map(|seats| event.blocks_of(row).filter_map(|block| seats.get(&block)).sum::<u32>());
        of_quotas.chain(of_seats).min()
    }
}

fn price(offer: &Offer, row: &EventPrice, left: Option<u32>) -> Option<EventTicketPrice> {
    let (ticket_type, _) = offer.find(row.ticket_type)?;
    let id = Some(int(ticket_type.id.0));
    let of_series = ticket_type.organiser.is_none();
    let unit_price = row.price.unwrap_or(ticket_type.price);
    Some(EventTicketPrice {
        event_series_ticket_type: id.filter(|_| of_series),
        event_series_owner_ticket_type: id.filter(|_| !of_series),
        ticket_name: Some(ticket_type.name.clone()),
        ticket_display_string: ticket_type.display.clone(),
        ticket_color: ticket_type.color.clone(),
        ticket_price: decimal(Money::new(unit_price, offer.event.currency)),
        currency: Some(offer.event.currency.code().into()),
        available_count: left.map(int),
        sold_out: left == Some(0),
        max_per_order: int(ticket_type.order_max),
        holder_info_required: ticket_type.holder_required,
        ticket_type_image_url: ticket_type.image_url.clone(),
    })
}
