//! An event as the back office sees it.

use contract::back_office::events::EventEntry;
use domain::catalogue::Event;

use super::super::desk::Desk;
use super::super::event_prices::shown_prices;
use crate::operations::event_presentation::{int, utc};

/// An event with all its members.
pub(in crate::operations::back_office) fn shown(event: &Event, desk: &Desk) -> EventEntry {
    let capacity = desk.quota_named(&event.slug).and_then(|quota| quota.limit);
    let entry = EventEntry {
        id: Some(int(event.id.0)),
        revision: Some(desk.revision()),
        event_owner_id: Some(int(event.organiser.0)),
        slug: Some(event.slug.clone()),
        name: Some(event.name.clone()),
        event_series_id: event.series.map(|series| int(series.0)),
        event_location_id: event.venue.map(|venue| int(venue.0)),
        starts_utc: Some(utc(event.starts_at)),
        ends_utc: event.ends_at.map(utc),
        time_zone: Some(event.time_zone.clone()),
        active: Some(event.active),
        postponed: Some(event.postponed),
        cancelled: Some(event.rules.cancelled),
        sale_from_utc: event.sale.map(|sale| utc(sale.from)),
        sale_to_utc: event.sale.map(|sale| utc(sale.to)),
        owner_cards_not_allowed: Some(event.owner_cards_not_allowed),
        seats_numbered: Some(event.seats_numbered),
        currency: Some(event.currency.code().into()),
        re_entry: Some(event.rules.re_entry),
        gates_open_minutes: Some(event.rules.gates_open_minutes.map_or(-1, int)),
        capacity: Some(capacity.map_or(-1, int)),
        prices: Some(shown_prices(event, desk)),
        ..EventEntry::default()
    };
    with_texts(entry, event)
}

fn with_texts(entry: EventEntry, event: &Event) -> EventEntry {
    let visitor = event.visitor.clone();
    EventEntry {
        description: event.description.clone(),
        detailed_description: event.detailed_description.clone(),
        external_reference: event.external_reference.clone(),
        external_reference_type: event.external_reference_type.clone(),
        external_id_type: event.rules.external_id_type.clone(),
        visitor_name: visitor.as_ref().map(|visitor| visitor.name.clone()),
        visitor_external_id: visitor.and_then(|visitor| visitor.external_id),
        access_code: event.access_code.clone(),
        federation_cards: event.rules.federation_cards.clone(),
        default_values: event.rules.default_values.clone(),
        image_url: event.image_url.clone(),
        image_url2: event.image_url2.clone(),
        ..entry
    }
}
