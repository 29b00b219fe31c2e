//! `/backOffice/passTypes` and `/TeamPassTypes/PassType`: kinds of team passes.

use contract::back_office::pass_types::{
    ListTeamPassTypes, ListTeamPassTypesResult, SaveTeamPassType, SaveTeamPassTypeResult,
    TeamPassTypeEntry,
};
use domain::catalogue::CatalogueItem;
use domain::ids::{NumberKind, PassTypeId, SeriesId, TicketTypeId};
use domain::money::{Currency, Money};
use domain::pass::PassType;
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, seller_of, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::money::decimal;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};
use crate::operations::{Call, office};

answers!(ListTeamPassTypesResult);
answers!(SaveTeamPassTypeResult);

/// Serves `ListTeamPassTypes`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListTeamPassTypes,
) -> Result<ListTeamPassTypesResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let shard = office::owner(call, request.event_owner_id)?;
    let desk = Desk::open(&app.store, Whose::Seller(shard)).await?;
    let all: Vec<_> = desk.own::<PassType>().collect();
    let results = Some(page.cut(&all).map(|kind| shown(kind, desk.revision())).collect());
    Ok(ListTeamPassTypesResult { results, total: total(all.len()), ..ok() })
}

/// Serves `SaveTeamPassType`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveTeamPassType,
) -> Result<SaveTeamPassTypeResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let shard = seller_of(app, call, NumberKind::PassType, known, entry.event_owner_id).await?;
    let wanted = Wanted {
        whose: Whose::Seller(shard),
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let now = app.clock.now();
    let make = |desk: &mut Desk| edit(entry, known, now, desk);
    let (kind, revision) = save(app, call, wanted, make).await?;
    Ok(SaveTeamPassTypeResult { result: Some(shown(&kind, revision)), ..ok() })
}

fn edit(
    entry: &TeamPassTypeEntry,
    known: Option<u32>,
    now: Timestamp,
    desk: &mut Desk,
) -> Result<Edit<PassType>, Failure> {
    let before = known_item::<PassType>(desk, known, |kind| kind.id.0)?;
    desk.check_seller()?;
    let mut fields = Fields::default();
    let currency = fields.currency(entry.currency.as_ref(), before.as_ref().map(|it| it.currency));
    let mut kind = match &before {
        Some(known) => PassType::clone(known),
        None => blank(entry, currency, now, desk, &mut fields),
    };
    let is_same = |sent: Option<i32>, known: u32| sent.is_none_or(|sent| sent == int(known));
    if !is_same(entry.event_series_id, kind.series.0) {
        fields.wrong("EventSeriesId", "There is no such series, or the pass is good for another.");
    }
    if !is_same(entry.ticket_type_id, kind.ticket_type.0) {
        fields.wrong("TicketTypeId", "There is no such ticket type, or the pass gives another.");
    }
    fields.slug(entry.slug.as_ref(), known.is_none(), kind.id.0, &mut kind.slug);
    fields.name("Name", entry.name.as_ref(), &mut kind.name);
    fields.price("Price", entry.price, kind.currency, &mut kind.price);
    if kind.price < 0 {
        fields.wrong("Price", "Say what it costs; 0 is free.");
    }
    Fields::flag(entry.active, &mut kind.active);
    Fields::flag(entry.only_for_team_use, &mut kind.team_only);
    kind.changed_at = now;
    fields.finish()?;
    if desk.own::<PassType>().any(|other| other.slug == kind.slug && other.id != kind.id) {
        return Err(taken());
    }
    let items = vec![CatalogueItem::PassType(kind.clone())];
    let what = format!("team pass type {}", kind.id.0);
    Ok(Edit::of(what, before.as_deref(), &kind.clone(), items, kind))
}

/// A new one, whose price is still to be told.
fn blank(
    entry: &TeamPassTypeEntry,
    currency: Currency,
    now: Timestamp,
    desk: &mut Desk,
    fields: &mut Fields,
) -> PassType {
    let series = entry.event_series_id.and_then(|id| desk.series(id));
    let ticket_type = entry.ticket_type_id.and_then(|id| desk.ticket_type(id)).cloned();
    if entry.event_series_id.is_none() {
        fields.wrong("EventSeriesId", "Name the series it is good for.");
    }
    if entry.ticket_type_id.is_none() {
        fields.wrong("TicketTypeId", "Name the ticket type that each event gives.");
    }
    PassType {
        shard: desk.seller,
        id: PassTypeId(desk.number(NumberKind::PassType)),
        slug: String::new(),
        name: String::new(),
        series: series.unwrap_or(SeriesId(0)),
        ticket_type: ticket_type.as_ref().map_or(TicketTypeId(0), |kind| kind.id),
        of_series: ticket_type.is_some_and(|kind| kind.organiser.is_none()),
        price: -1,
        currency,
        active: true,
        team_only: false,
        created_at: now,
        changed_at: now,
    }
}

fn shown(kind: &PassType, revision: i64) -> TeamPassTypeEntry {
    TeamPassTypeEntry {
        id: Some(int(kind.id.0)),
        revision: Some(revision),
        event_owner_id: Some(int(kind.shard.0)),
        slug: Some(kind.slug.clone()),
        name: Some(kind.name.clone()),
        event_series_id: Some(int(kind.series.0)),
        ticket_type_id: Some(int(kind.ticket_type.0)),
        price: Some(decimal(Money::new(kind.price, kind.currency))),
        currency: Some(kind.currency.code().into()),
        active: Some(kind.active),
        only_for_team_use: Some(kind.team_only),
        created_utc: Some(utc(kind.created_at)),
        changed_utc: Some(utc(kind.changed_at)),
    }
}
