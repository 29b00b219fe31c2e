//! `/backOffice/ticketTypes`: price classes of an organiser, or of a series.

use contract::back_office::ticket_types::{
    ListTicketTypes, ListTicketTypesResult, SaveTicketType, SaveTicketTypeResult, TicketTypeEntry,
};
use domain::catalogue::{CatalogueItem, TicketType};
use domain::ids::{NumberKind, Shard, TicketTypeId};
use domain::money::{Currency, Money};
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, seller_of, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::money::decimal;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};
use crate::operations::{Call, office};

/// The most admissions of one order (`domain.md` §1.7).
const ORDER_MAX: u32 = 50;

/// The most admissions of one type in an order, where nobody says.
const ORDER_DEFAULT: u32 = 10;

answers!(ListTicketTypesResult);
answers!(SaveTicketTypeResult);

/// Serves `ListTicketTypes`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListTicketTypes,
) -> Result<ListTicketTypesResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let owner = request.event_owner_id.filter(|owner| *owner != 0);
    let owner = owner.map(|owner| office::owner(call, owner)).transpose()?;
    let desk = Desk::open(&app.store, owner.map_or(Whose::House, Whose::Seller)).await?;
    let all: Vec<_> = desk.own::<TicketType>().collect();
    let results = Some(page.cut(&all).map(|kind| shown(kind, desk.revision())).collect());
    Ok(ListTicketTypesResult { results, total: total(all.len()), ..ok() })
}

/// Serves `SaveTicketType`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveTicketType,
) -> Result<SaveTicketTypeResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let kind = NumberKind::TicketType;
    let shard = seller_of(app, call, kind, known, entry.event_owner_id).await?;
    let wanted = Wanted {
        whose: if shard == Shard::HOUSE { Whose::House } else { Whose::Seller(shard) },
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let make = |desk: &mut Desk| edit(entry, known, desk);
    let (ticket_type, revision) = save(app, call, wanted, make).await?;
    Ok(SaveTicketTypeResult { result: Some(shown(&ticket_type, revision)), ..ok() })
}

fn edit(
    entry: &TicketTypeEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<TicketType>, Failure> {
    let before = known_item::<TicketType>(desk, known, |kind| kind.id.0)?;
    let mut fields = Fields::default();
    let currency = fields.currency(entry.currency.as_ref(), before.as_ref().map(|it| it.currency));
    let mut kind = match &before {
        Some(known) => TicketType::clone(known),
        None => blank(desk, currency),
    };
    fields.slug(entry.slug.as_ref(), known.is_none(), kind.id.0, &mut kind.slug);
    fill(entry, &mut kind, &mut fields);
    if let Some(id) = entry.event_series_id {
        kind.series = desk.series(id);
        if kind.series.is_none() && id != 0 {
            fields.wrong("EventSeriesId", "There is no such series.");
        }
    }
    if desk.seller == Shard::HOUSE && kind.series.is_none() {
        fields.wrong("EventSeriesId", "Name an organiser or a series.");
    }
    fields.finish()?;
    if desk.seller != Shard::HOUSE {
        desk.check_seller()?;
    }
    if desk.own::<TicketType>().any(|other| other.slug == kind.slug && other.id != kind.id) {
        return Err(taken());
    }
    let items = vec![CatalogueItem::TicketType(kind.clone())];
    let what = format!("ticket type {}", kind.id.0);
    Ok(Edit::of(what, before.as_deref(), &kind.clone(), items, kind))
}

fn fill(entry: &TicketTypeEntry, kind: &mut TicketType, fields: &mut Fields) {
    fields.name("Name", entry.name.as_ref(), &mut kind.name);
    fields.text("Display", entry.display.as_ref(), &mut kind.display);
    fields.text("Color", entry.color.as_ref(), &mut kind.color);
    fields.price("Price", entry.price, kind.currency, &mut kind.price);
    fields.number("MaxPerOrder", entry.max_per_order, (1, ORDER_MAX), &mut kind.order_max);
    Fields::flag(entry.holder_info_required, &mut kind.holder_required);
    Fields::flag(entry.block_transfer, &mut kind.transfer_blocked);
    Fields::flag(entry.show_used_tickets, &mut kind.shown_when_used);
    fields.url("ImageUrl", entry.image_url.as_ref(), &mut kind.image_url);
    if kind.price < 0 {
        fields.wrong("Price", "Say what it costs; 0 is free.");
    }
}

/// A new one, whose price is still to be told.
fn blank(desk: &mut Desk, currency: Currency) -> TicketType {
    TicketType {
        organiser: Some(desk.seller).filter(|shard| *shard != Shard::HOUSE),
        id: TicketTypeId(desk.number(NumberKind::TicketType)),
        slug: String::new(),
        series: None,
        name: String::new(),
        display: None,
        color: None,
        price: -1,
        currency,
        order_max: ORDER_DEFAULT,
        holder_required: false,
        transfer_blocked: false,
        shown_when_used: false,
        image_url: None,
    }
}

fn shown(kind: &TicketType, revision: i64) -> TicketTypeEntry {
    TicketTypeEntry {
        id: Some(int(kind.id.0)),
        revision: Some(revision),
        event_owner_id: kind.organiser.map(|shard| int(shard.0)),
        slug: Some(kind.slug.clone()),
        name: Some(kind.name.clone()),
        event_series_id: kind.series.map(|series| int(series.0)),
        display: kind.display.clone(),
        color: kind.color.clone(),
        price: Some(decimal(Money::new(kind.price, kind.currency))),
        currency: Some(kind.currency.code().into()),
        max_per_order: Some(int(kind.order_max)),
        holder_info_required: Some(kind.holder_required),
        block_transfer: Some(kind.transfer_blocked),
        show_used_tickets: Some(kind.shown_when_used),
        image_url: kind.image_url.clone(),
    }
}
