//! `/backOffice/events`: making, publishing, hiding, postponing and changing events.

mod seats;
mod shown;

use contract::back_office::events::{
    EventEntry, ListOfficeEvents, ListOfficeEventsResult, SaveEvent, SaveEventResult,
};
use domain::catalogue::{CatalogueItem, Event, EventRules, Venue, Visitor};
use domain::ids::{EventId, NumberKind};
use domain::money::Currency;
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;

use self::seats::seats;
pub(super) use self::shown::shown;
use super::desk::{Desk, Edit, Wanted, Whose, entry, known_item, save, seller_of, taken, target};
use super::event_prices::{capacity, price_rows};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::catalogue::{TIME_ZONE_DEFAULT, is_zone};
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};
use crate::operations::{Call, office};

/// How long before an event its gates open at most, in minutes: two days.
const GATES_OPEN_MINUTES_MAX: u32 = 2 * 24 * 60;

answers!(ListOfficeEventsResult);
answers!(SaveEventResult);

/// Serves `ListOfficeEvents`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListOfficeEvents,
) -> Result<ListOfficeEventsResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let shard = office::owner(call, request.event_owner_id)?;
    let desk = Desk::open(&app.store, Whose::Seller(shard)).await?;
    let is_wanted = |event: &Event| request.event_id.is_none_or(|id| id == int(event.id.0));
    let all: Vec<_> = desk.own::<Event>().filter(|event| is_wanted(event)).collect();
    let results = Some(page.cut(&all).map(|event| shown(event, &desk)).collect());
    Ok(ListOfficeEventsResult { results, total: total(all.len()), ..ok() })
}

/// Serves `SaveEvent`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveEvent,
) -> Result<SaveEventResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?;
    let shard = seller_of(app, call, NumberKind::Event, known, entry.event_owner_id).await?;
    let wanted = Wanted {
        whose: Whose::Seller(shard),
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let make = |desk: &mut Desk| edit(request, entry, known, desk);
    let (event, _) = save(app, call, wanted, make).await?;
    Ok(SaveEventResult {
        result: Some(shown(&event, &Desk::open(&app.store, Whose::Seller(shard)).await?)),
        ..ok()
    })
}

fn edit(
    request: &SaveEvent,
    entry: &EventEntry,
    known: Option<u32>,
    desk: &mut Desk,
) -> Result<Edit<Event>, Failure> {
    let before = known_item::<Event>(desk, known, |event| event.id.0)?;
    desk.check_seller()?;
    let mut fields = Fields::default();
    let currency = fields.currency(entry.currency.as_ref(), before.as_ref().map(|it| it.currency));
    let mut event = match &before {
        Some(known) => Event::clone(known),
        None => blank(desk, currency, entry, &mut fields),
    };
    fields.slug(entry.slug.as_ref(), known.is_none(), event.id.0, &mut event.slug);
    texts(entry, &mut event, &mut fields);
    times(request, entry, &mut event, &mut fields);
    standing(entry, &mut event, &mut fields);
    place(entry, desk, &mut event, &mut fields);
    let mut items = seats(entry, desk, &mut event, &mut fields);
    items.extend(capacity(entry.capacity, desk, &mut event, &mut fields));
    if let Some(rows) = &entry.prices {
        items.extend(price_rows(rows, desk, &mut event, &mut fields));
    }
    fields.finish()?;
    if desk.own::<Event>().any(|other| other.slug == event.slug && other.id != event.id) {
        return Err(taken());
    }
    items.push(CatalogueItem::Event(Box::new(event.clone())));
    let what = format!("event {}", event.id.0);
    Ok(Edit::of(what, before.as_deref(), &event.clone(), items, event))
}

fn texts(entry: &EventEntry, event: &mut Event, fields: &mut Fields) {
    fields.name("Name", entry.name.as_ref(), &mut event.name);
    fields.text("Description", entry.description.as_ref(), &mut event.description);
    let detailed = entry.detailed_description.as_ref();
    fields.long("DetailedDescription", detailed, &mut event.detailed_description);
    let reference = entry.external_reference.as_ref();
    fields.text("ExternalReference", reference, &mut event.external_reference);
    let reference_type = entry.external_reference_type.as_ref();
    fields.text("ExternalReferenceType", reference_type, &mut event.external_reference_type);
    fields.text(
        "ExternalIdType",
        entry.external_id_type.as_ref(),
        &mut event.rules.external_id_type,
    );
    let cards = entry.federation_cards.as_ref();
    fields.text("FederationCards", cards, &mut event.rules.federation_cards);
    fields.long("DefaultValues", entry.default_values.as_ref(), &mut event.rules.default_values);
    fields.url("ImageUrl", entry.image_url.as_ref(), &mut event.image_url);
    fields.url("ImageUrl2", entry.image_url2.as_ref(), &mut event.image_url2);
    fields.text("AccessCode", entry.access_code.as_ref(), &mut event.access_code);
    event.hidden = event.access_code.is_some();
    let known = event.visitor.take().unwrap_or_default();
    let (mut name, mut external_id) = (Some(known.name), known.external_id);
    fields.text("VisitorName", entry.visitor_name.as_ref(), &mut name);
    fields.text("VisitorExternalId", entry.visitor_external_id.as_ref(), &mut external_id);
    let name = name.filter(|name| !name.is_empty());
    event.visitor = name.map(|name| Visitor { id: known.id, name, external_id });
}

fn times(request: &SaveEvent, entry: &EventEntry, event: &mut Event, fields: &mut Fields) {
    if let Some(zone) = &entry.time_zone {
        match is_zone(zone) {
            true => event.time_zone.clone_from(zone),
            false => fields.wrong("TimeZone", "Use an IANA name such as Atlantic/Reykjavik."),
        }
    }
    event.starts_at = fields.moment("StartsUTC", entry.starts_utc).unwrap_or(event.starts_at);
    event.ends_at = fields.moment("EndsUTC", entry.ends_utc).or(event.ends_at);
    if request.clear_end {
        event.ends_at = None;
    }
    if event.ends_at.is_some_and(|end| end <= event.starts_at) {
        fields.wrong("EndsUTC", "It ends before it begins.");
    }
    let sale = (("SaleFromUTC", entry.sale_from_utc), ("SaleToUTC", entry.sale_to_utc));
    event.sale = fields.period(sale.0, sale.1, event.sale);
    if request.clear_sale {
        event.sale = None;
    }
}

fn standing(entry: &EventEntry, event: &mut Event, fields: &mut Fields) {
    Fields::flag(entry.active, &mut event.active);
    Fields::flag(entry.postponed, &mut event.postponed);
    Fields::flag(entry.owner_cards_not_allowed, &mut event.owner_cards_not_allowed);
    Fields::flag(entry.re_entry, &mut event.rules.re_entry);
    let minutes = &mut event.rules.gates_open_minutes;
    fields.limit("GatesOpenMinutes", entry.gates_open_minutes, minutes);
    if minutes.is_some_and(|minutes| minutes > GATES_OPEN_MINUTES_MAX) {
        let message = format!("The gates open {GATES_OPEN_MINUTES_MAX} minutes before at most.");
        fields.wrong("GatesOpenMinutes", message);
    }
    if event.rules.cancelled && entry.cancelled == Some(false) {
        fields.wrong("Cancelled", "It was cancelled and stays so; make a new event.");
    }
    event.rules.cancelled |= entry.cancelled == Some(true);
}

fn place(entry: &EventEntry, desk: &Desk, event: &mut Event, fields: &mut Fields) {
    if let Some(id) = entry.event_series_id {
        event.series = desk.series(id);
        if event.series.is_none() && id != 0 {
            fields.wrong("EventSeriesId", "There is no such series.");
        }
    }
    let Some(id) = entry.event_location_id else { return };
    let is_it = |venue: &Venue| i64::from(venue.id.0) == i64::from(id);
    let venue = desk.shared::<Venue>().find(|venue| is_it(venue)).map(|venue| venue.id);
    if venue.is_none() && id != 0 {
        fields.wrong("EventLocationId", "There is no such location.");
    } else if venue != event.venue && !event.rules.seat_blocks.is_empty() {
        fields.wrong("EventLocationId", "Its seats are set up; make a new event elsewhere.");
    } else {
        event.venue = venue;
    }
}

fn blank(desk: &mut Desk, currency: Currency, entry: &EventEntry, fields: &mut Fields) -> Event {
    if entry.starts_utc.is_none() {
        fields.wrong("StartsUTC", "Say when it begins.");
    }
    Event {
        organiser: desk.seller,
        id: EventId(desk.number(NumberKind::Event)),
        slug: String::new(),
        series: None,
        venue: None,
        name: String::new(),
        description: None,
        detailed_description: None,
        external_reference: None,
        external_reference_type: None,
        visitor: None,
        starts_at: Timestamp(0),
        ends_at: None,
        time_zone: TIME_ZONE_DEFAULT.into(),
        active: true,
        hidden: false,
        access_code: None,
        postponed: false,
        sale: None,
        owner_cards_not_allowed: false,
        seats_numbered: false,
        currency,
        prices: Vec::new(),
        image_url: None,
        image_url2: None,
        rules: EventRules::default(),
    }
}
