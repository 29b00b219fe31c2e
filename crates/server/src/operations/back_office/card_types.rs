//! `/backOffice/cardTypes`: kinds of season cards.

use contract::back_office::card_types::{
    ListOwnerCardTypes, ListOwnerCardTypesResult, OwnerCardTypeEntry, SaveOwnerCardType,
    SaveOwnerCardTypeResult,
};
use domain::card::CardType;
use domain::catalogue::{CatalogueItem, Period};
use domain::ids::{CardTypeId, NumberKind};
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, seller_of, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::catalogue::stock_name;
use crate::money::decimal;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};
use crate::operations::{Call, office};

answers!(ListOwnerCardTypesResult);
answers!(SaveOwnerCardTypeResult);

/// Serves `ListOwnerCardTypes`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListOwnerCardTypes,
) -> Result<ListOwnerCardTypesResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let shard = office::owner(call, request.event_owner_id)?;
    let desk = Desk::open(&app.store, Whose::Seller(shard)).await?;
    let all: Vec<_> = desk.own::<CardType>().collect();
    let limit = |kind: &CardType| desk.known_quota(kind.quota?)?.limit;
    let shown = page.cut(&all).map(|kind| shown(kind, limit(kind), desk.revision()));
    Ok(ListOwnerCardTypesResult { results: Some(shown.collect()), total: total(all.len()), ..ok() })
}

/// Serves `SaveOwnerCardType`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveOwnerCardType,
) -> Result<SaveOwnerCardTypeResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let shard = seller_of(app, call, NumberKind::CardType, known, entry.event_owner_id).await?;
    let wanted = Wanted {
        whose: Whose::Seller(shard),
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let make = |desk: &mut Desk| edit(request, entry, known, desk);
    let ((kind, limit), revision) = save(app, call, wanted, make).await?;
    Ok(SaveOwnerCardTypeResult { result: Some(shown(&kind, limit, revision)), ..ok() })
}

/// A kind of card and how many of it may be sold.
type Limited = (CardType, Option<u32>);

fn edit(
    request: &SaveOwnerCardType,
    entry: &OwnerCardTypeEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<Limited>, Failure> {
    let before = known_item::<CardType>(desk, known, |kind| kind.id.0)?;
    desk.check_seller()?;
    let mut fields = Fields::default();
    let currency = fields.currency(entry.currency.as_ref(), before.as_ref().map(|it| it.currency));
    let mut kind = match &before {
        Some(known) => CardType::clone(known),
        None => blank(desk, currency),
    };
    fields.slug(entry.slug.as_ref(), known.is_none(), kind.id.0, &mut kind.slug);
    fill(entry, &mut kind, &mut fields);
    times(request, entry, before.is_none(), &mut kind, &mut fields);
    let mut limit = kind.quota.and_then(|quota| desk.known_quota(quota)?.limit);
    fields.limit("Limit", entry.limit, &mut limit);
    fields.finish()?;
    if desk.own::<CardType>().any(|other| other.slug == kind.slug && other.id != kind.id) {
        return Err(taken());
    }
    let mut items = Vec::new();
    if limit.is_some() || kind.quota.is_some() {
        let (quota, item) = desk.quota(&stock_name(&kind.slug), limit);
        kind.quota = Some(quota);
        items.push(item);
    }
    items.push(CatalogueItem::CardType(kind.clone()));
    let what = format!("card type {}", kind.id.0);
    let what = limit.map_or(what.clone(), |limit| format!("{what}, limit {limit}"));
    Ok(Edit::of(what, before.as_deref(), &kind.clone(), items, (kind, limit)))
}

fn fill(entry: &OwnerCardTypeEntry, kind: &mut CardType, fields: &mut Fields) {
    fields.name("Name", entry.name.as_ref(), &mut kind.name);
    fields.long("Description", entry.description.as_ref(), &mut kind.description);
    Fields::flag(entry.active, &mut kind.active);
    Fields::flag(entry.only_for_team_use, &mut kind.team_only);
    fields.price("Price", entry.price, kind.currency, &mut kind.price);
    if kind.price < 0 {
        fields.wrong("Price", "Say what it costs; 0 is free.");
    }
    fields.limit("MaxTickets", entry.max_tickets, &mut kind.tickets_max);
    let per_event = &mut kind.tickets_per_event_max;
    fields.limit("MaxTicketsPerEvent", entry.max_tickets_per_event, per_event);
    Fields::flag(entry.has_store_credit, &mut kind.has_credit);
    let credit = entry.initial_store_credit;
    fields.price("InitialStoreCredit", credit, kind.currency, &mut kind.credit);
    if kind.credit > 0 && !kind.has_credit {
        fields.wrong("InitialStoreCredit", "It holds no store credit; set hasStoreCredit.");
    }
    Fields::flag(entry.valid_for_connected_owners, &mut kind.valid_for_connected);
    Fields::flag(entry.holder_info_required, &mut kind.holder_required);
    fields.url("ImageUrl", entry.image_url.as_ref(), &mut kind.image_url);
    let background = &mut kind.background_image_url;
    fields.url("BackgroundImageUrl", entry.background_image_url.as_ref(), background);
}

fn times(
    request: &SaveOwnerCardType,
    entry: &OwnerCardTypeEntry,
    is_new: bool,
    kind: &mut CardType,
    fields: &mut Fields,
) {
    let sale = (("SaleFromUTC", entry.sale_from_utc), ("SaleToUTC", entry.sale_to_utc));
    kind.sale = fields.period(sale.0, sale.1, kind.sale);
    if request.clear_sale {
        kind.sale = None;
    }
    let valid = (("ValidFromUTC", entry.valid_from_utc), ("ValidToUTC", entry.valid_to_utc));
    let known = Some(kind.valid).filter(|_| !is_new);
    match fields.period(valid.0, valid.1, known) {
        Some(valid) => kind.valid = valid,
        None if entry.valid_from_utc.is_none() && entry.valid_to_utc.is_none() => {
            fields.wrong("ValidFromUTC", "Say when new cards are good.");
        }
        None => {}
    }
}

/// A new one, whose price and time are still to be told.
fn blank(desk: &mut Desk, currency: Currency) -> CardType {
    CardType {
        shard: desk.seller,
        id: CardTypeId(desk.number(NumberKind::CardType)),
        slug: String::new(),
        name: String::new(),
        description: None,
        active: true,
        team_only: false,
        sale: None,
        valid: Period { from: Timestamp(0), to: Timestamp(0) },
        price: -1,
        currency,
        tickets_max: Some(0),
        tickets_per_event_max: None,
        has_credit: false,
        credit: 0,
        valid_for_connected: false,
        holder_required: false,
        quota: None,
        image_url: None,
        background_image_url: None,
    }
}

fn shown(kind: &CardType, limit: Option<u32>, revision: i64) -> OwnerCardTypeEntry {
    let money = |amount| Some(decimal(Money::new(amount, kind.currency)));
    let or_none = |limit: Option<u32>| Some(limit.map_or(-1, int));
    OwnerCardTypeEntry {
        id: Some(int(kind.id.0)),
        revision: Some(revision),
        event_owner_id: Some(int(kind.shard.0)),
        slug: Some(kind.slug.clone()),
        name: Some(kind.name.clone()),
        description: kind.description.clone(),
        active: Some(kind.active),
        only_for_team_use: Some(kind.team_only),
        sale_from_utc: kind.sale.map(|sale| utc(sale.from)),
        sale_to_utc: kind.sale.map(|sale| utc(sale.to)),
        valid_from_utc: Some(utc(kind.valid.from)),
        valid_to_utc: Some(utc(kind.valid.to)),
        price: money(kind.price),
        currency: Some(kind.currency.code().into()),
        max_tickets: or_none(kind.tickets_max),
        max_tickets_per_event: or_none(kind.tickets_per_event_max),
        has_store_credit: Some(kind.has_credit),
        initial_store_credit: money(kind.credit),
        valid_for_connected_owners: Some(kind.valid_for_connected),
        holder_info_required: Some(kind.holder_required),
        limit: or_none(limit),
        image_url: kind.image_url.clone(),
        background_image_url: kind.background_image_url.clone(),
    }
}
