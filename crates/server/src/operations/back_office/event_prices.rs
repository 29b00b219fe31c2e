//! `/backOffice/events/{EventId}/prices`: what an event sells, for how much, and how many.

use contract::back_office::event_prices::{EventPriceEntry, SaveEventPrice, SaveEventPriceResult};
use domain::catalogue::{CatalogueItem, Event, EventPrice, TicketType};
use domain::ids::{NumberKind, QuotaId, SeatBlockId};
use domain::money::Money;
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, missing, save, seller_of, target};
use super::events::shown;
use super::fields::Fields;
use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;

/// The most rows of prices that an event has, withdrawn ones included.
const ROWS_MAX: usize = 100;

answers!(SaveEventPriceResult);

/// Serves `SaveEventPrice`.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveEventPrice,
) -> Result<SaveEventPriceResult, Failure> {
    let row = entry(request.entry.as_ref())?;
    let known = target(Some(request.event_id), request.revision)?;
    let known = Some(known.ok_or_else(|| missing("EventId"))?);
    let shard = seller_of(app, call, NumberKind::Event, known, None).await?;
    let whose = Whose::Seller(shard);
    let wanted = Wanted { whose, revision: request.revision, reason: request.reason.as_deref() };
    let make = |desk: &mut Desk| edit(request, row, known, desk);
    let (event, _) = save(app, call, wanted, make).await?;
    Ok(SaveEventPriceResult {
        result: Some(shown(&event, &Desk::open(&app.store, whose).await?)),
        ..ok()
    })
}

fn edit(
    request: &SaveEventPrice,
    row: &EventPriceEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<Event>, Failure> {
    let before = known_item::<Event>(desk, known, |event| event.id.0)?;
    let before = before.ok_or_else(|| missing("EventId"))?;
    let mut event = Event::clone(&before);
    let mut fields = Fields::default();
    let mut items = Vec::new();
    let is_it = |price: &EventPrice| int(price.ticket_type.0) == row.ticket_type_id;
    if request.remove {
        event.prices.iter_mut().filter(|price| is_it(price)).for_each(|row| row.withdrawn = true);
    } else {
        items.extend(price_row(row, request.clear_price, desk, &mut event, &mut fields));
        if event.prices.len() > ROWS_MAX {
            let message = format!("An event sells {ROWS_MAX} types at most in its time.");
            fields.wrong("TicketTypeId", message);
        }
    }
    fields.finish()?;
    items.push(CatalogueItem::Event(Box::new(event.clone())));
    let limit = row.limit.map(|limit| format!(", limit {limit}")).unwrap_or_default();
    let what = format!("event {}, ticket type {}{limit}", event.id.0, row.ticket_type_id);
    Ok(Edit::of(what, Some(before.as_ref()), &event.clone(), items, event))
}

/// How many may come, all types together, and what is to be written for it.
pub(super) fn capacity(
    sent: Option<i32>,
    desk: &mut Desk,
    event: &mut Event,
    fields: &mut Fields,
) -> Option<CatalogueItem> {
    sent?;
    let mut limit = None;
    fields.limit("Capacity", sent, &mut limit);
    let (quota, item) = desk.quota(&event.slug, limit);
    for price in event.prices.iter_mut().filter(|price| !price.quotas.contains(&quota)) {
        price.quotas.push(quota);
    }
    Some(item)
}

/// Replaces all rows of an event; those left out are withdrawn.
pub(super) fn price_rows(
    rows: &[EventPriceEntry],
    desk: &mut Desk,
    event: &mut Event,
    fields: &mut Fields,
) -> Vec<CatalogueItem> {
    if rows.len() > ROWS_MAX {
        fields.wrong("Prices", format!("An event sells {ROWS_MAX} types at most."));
        return Vec::new();
    }
    let is_twice = |(index, row): (usize, &EventPriceEntry)| {
        rows[..index].iter().any(|before| before.ticket_type_id == row.ticket_type_id)
    };
    if rows.iter().enumerate().any(is_twice) {
        fields.wrong("Prices", "Two rows are of one ticket type; send one row a type.");
        return Vec::new();
    }
    let sent =
        |price: &EventPrice| rows.iter().any(|it| it.ticket_type_id == int(price.ticket_type.0));
    for price in event.prices.iter_mut().filter(|price| !sent(price)) {
        price.withdrawn = true;
    }
    // A row that leaves its own price out has none, because the list is replaced whole.
    rows.iter().filter_map(|row| price_row(row, row.price.is_none(), desk, event, fields)).collect()
}

/// Adds or changes one row, and says what is to be written of its limit.
fn price_row(
    row: &EventPriceEntry,
    clear_price: bool,
    desk: &mut Desk,
    event: &mut Event,
    fields: &mut Fields,
) -> Option<CatalogueItem> {
    let Some(kind) = desk.ticket_type(row.ticket_type_id).cloned() else {
        fields.wrong("TicketTypeId", format!("There is no ticket type {}.", row.ticket_type_id));
        return None;
    };
    if kind.currency != event.currency {
        fields.wrong("TicketTypeId", "It has another currency than the event.");
        return None;
    }
    let name = quota_name(event, &kind);
    let mut limit = desk.quota_named(&name).and_then(|quota| quota.limit);
    fields.limit("Limit", row.limit, &mut limit);
    let all = desk.quota_of(&event.slug);
    let (quota, item) = desk.quota(&name, limit);
    let sections = sections(row, event, fields);
    let price = slot(event, &kind, quota, all);
    if let Some(sections) = sections {
        price.sections = sections;
    }
    if let Some(sent) = row.price {
        let mut amount = 0;
        fields.price("Price", Some(sent), kind.currency, &mut amount);
        price.price = Some(amount);
    }
    if clear_price {
        price.price = None;
    }
    Some(item)
}

/// The row of a type: the one it has, also if it was withdrawn, or a new one.
fn slot<'e>(
    event: &'e mut Event,
    kind: &TicketType,
    quota: QuotaId,
    all: Option<QuotaId>,
) -> &'e mut EventPrice {
    let known = event.prices.iter().position(|price| price.ticket_type == kind.id);
    let index = known.unwrap_or_else(|| {
        let quotas = [quota].into_iter().chain(all).collect();
        event.prices.push(EventPrice {
            ticket_type: kind.id,
            price: None,
            quotas,
            sections: Vec::new(),
            withdrawn: false,
        });
        event.prices.len() - 1
    });
    let row = &mut event.prices[index];
    row.withdrawn = false;
    row
}

/// The seats of the sections that a row names; `None` when it leaves them as they are.
fn sections(row: &EventPriceEntry, event: &Event, fields: &mut Fields) -> Option<Vec<SeatBlockId>> {
    let mut blocks = Vec::new();
    for id in row.section_ids.as_ref()? {
        let number = u32::try_from(*id).ok();
        match number.and_then(|number| event.seat_block(number)) {
            Some(block) => blocks.push(block),
            None => fields.wrong("SectionIds", format!("Its seats have no section {id}.")),
        }
    }
    Some(blocks)
}

/// The limit of a type at an event goes by the name that a catalogue file gives it.
fn quota_name(event: &Event, kind: &TicketType) -> String {
    format!("{}/{}", event.slug, kind.slug)
}

/// The rows that an event sells, with what is sold.
pub(super) fn shown_prices(event: &Event, desk: &Desk) -> Vec<EventPriceEntry> {
    let rows = event.prices_on_sale().map(|price| {
        let quota = price.quotas.first().and_then(|quota| desk.known_quota(*quota));
        let is_one = |block: &SeatBlockId| price.sections.contains(block);
        let sections = event.rules.seat_blocks.iter().filter(|entry| is_one(&entry.block));
        EventPriceEntry {
            ticket_type_id: int(price.ticket_type.0),
            price: price.price.map(|amount| decimal(Money::new(amount, event.currency))),
            limit: Some(quota.and_then(|quota| quota.limit).map_or(-1, int)),
            section_ids: Some(sections.map(|entry| int(entry.section)).collect()),
            sold: quota.map(|quota| int(quota.sold)),
        }
    });
    rows.collect()
}
