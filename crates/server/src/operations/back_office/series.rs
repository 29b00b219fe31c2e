//! `/backOffice/series`: competitions and seasons, which all organisers share.

use contract::back_office::series::{
    EventSeriesEntry, ListEventSeries, ListEventSeriesResult, SaveEventSeries,
    SaveEventSeriesResult,
};
use domain::catalogue::{CatalogueItem, Series};
use domain::ids::{NumberKind, SeriesId};
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};

answers!(ListEventSeriesResult);
answers!(SaveEventSeriesResult);

/// Serves `ListEventSeries`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, &request).await).await
}

async fn list(app: &App, request: &ListEventSeries) -> Result<ListEventSeriesResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let desk = Desk::open(&app.store, Whose::House).await?;
    let all: Vec<_> = desk.own::<Series>().collect();
    let (results, total) = (
        Some(page.cut(&all).map(|series| shown(series, desk.revision())).collect()),
        total(all.len()),
    );
    Ok(ListEventSeriesResult { results, total, ..ok() })
}

/// Serves `SaveEventSeries`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveEventSeries,
) -> Result<SaveEventSeriesResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let wanted = Wanted {
        whose: Whose::House,
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let make = |desk: &mut Desk| edit(request, entry, known, desk);
    let (series, revision) = save(app, call, wanted, make).await?;
    Ok(SaveEventSeriesResult { result: Some(shown(&series, revision)), ..ok() })
}

fn edit(
    request: &SaveEventSeries,
    entry: &EventSeriesEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<Series>, Failure> {
    let before = known_item::<Series>(desk, known, |series| series.id.0)?;
    let mut series = match &before {
        Some(known) => Series::clone(known),
        None => blank(SeriesId(desk.number(NumberKind::Series))),
    };
    let mut fields = Fields::default();
    fields.slug(entry.slug.as_ref(), known.is_none(), series.id.0, &mut series.slug);
    fields.name("Name", entry.name.as_ref(), &mut series.name);
    Fields::flag(entry.active, &mut series.active);
    Fields::flag(entry.show_by_default, &mut series.show_by_default);
    fields.text("ExternalId", entry.external_id.as_ref(), &mut series.external_id);
    fields.text("SportGenderId", entry.sport_gender_id.as_ref(), &mut series.sport_gender_id);
    let from = ("SuspendedFromUTC", entry.suspended_from_utc);
    let to = ("SuspendedToUTC", entry.suspended_to_utc);
    series.suspended = fields.period(from, to, series.suspended);
    if request.clear_suspension {
        series.suspended = None;
    }
    fields.finish()?;
    if desk.own::<Series>().any(|other| other.slug == series.slug && other.id != series.id) {
        return Err(taken());
    }
    let items = vec![CatalogueItem::Series(series.clone())];
    let what = format!("series {}", series.id.0);
    Ok(Edit::of(what, before.as_deref(), &series.clone(), items, series))
}

fn blank(id: SeriesId) -> Series {
    Series {
        id,
        slug: String::new(),
        name: String::new(),
        active: true,
        external_id: None,
        show_by_default: true,
        sport_gender_id: None,
        suspended: None,
    }
}

fn shown(series: &Series, revision: i64) -> EventSeriesEntry {
    EventSeriesEntry {
        id: Some(int(series.id.0)),
        revision: Some(revision),
        slug: Some(series.slug.clone()),
        name: Some(series.name.clone()),
        active: Some(series.active),
        external_id: series.external_id.clone(),
        show_by_default: Some(series.show_by_default),
        sport_gender_id: series.sport_gender_id.clone(),
        suspended_from_utc: series.suspended.map(|span| utc(span.from)),
        suspended_to_utc: series.suspended.map(|span| utc(span.to)),
    }
}
