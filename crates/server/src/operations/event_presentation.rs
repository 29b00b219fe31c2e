//! An event as buyers see it (`domain.md` §3.5).

use contract::ticket_order::EventDetails;
use domain::offer::Offer;
use domain::time::Timestamp;
use service::types::{DateTime, Zone};

use crate::catalogue::local_clock;

/// A moment as a UTC date and time.
pub(super) fn utc(moment: Timestamp) -> DateTime {
    DateTime::from_unix_microseconds(moment.0).unwrap_or(DateTime::MIN)
}

/// A moment as the wall clock at the venue shows it.
pub(super) fn wall_clock(moment: Timestamp, time_zone: &str) -> DateTime {
    let clock = utc(local_clock(moment, time_zone));
    DateTime::from_ticks(clock.ticks(), Zone::Unspecified).unwrap_or(DateTime::MIN)
}

/// A published number as the contracts' `int`; numbers never exceed it.
pub(super) fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The DTO of an event. The access code is shown only to who gave it.
pub(super) fn event_details(offer: &Offer, now: Timestamp, with_code: bool) -> EventDetails {
    let event = &offer.event;
    let zone = event.time_zone.as_str();
    let suspended = offer.series.as_ref().and_then(|series| series.suspended);
    let details = EventDetails {
        id: int(event.id.0),
        name: Some(event.name.clone()),
        description: event.description.clone(),
        detailed_description: event.detailed_description.clone(),
        external_reference: event.external_reference.clone(),
        external_reference_type: event.external_reference_type.clone(),
        time_of_event: wall_clock(event.starts_at, zone),
        time_of_event_utc: Some(utc(event.starts_at)),
        end_of_event: event.ends_at.map(|end| wall_clock(end, zone)),
        end_of_event_utc: event.ends_at.map(utc),
        time_zone: Some(event.time_zone.clone()),
        event_active: event.active,
        postponed_no_date: event.postponed,
        sale_is_active: offer.open_for_sale(now).is_ok(),
        hide_event: event.hidden,
        direct_access_code: event.access_code.clone().filter(|_| with_code),
        image_url: event.image_url.clone(),
        image_url2: event.image_url2.clone(),
        owner_cards_not_allowed: event.owner_cards_not_allowed,
        allowed_ksi_card: event.rules.federation_cards.clone(),
        default_values: event.rules.default_values.clone(),
        external_id_type: event.rules.external_id_type.clone(),
        series_event_sale_suspended: suspended.is_some_and(|span| span.contains(event.starts_at)),
        series_sale_suspension_event_start_date: suspended.map(|span| utc(span.from)),
        series_sale_suspension_event_end_date: suspended.map(|span| utc(span.to)),
        ..EventDetails::default()
    };
    with_parties(with_place(details, offer), offer)
}

fn with_place(details: EventDetails, offer: &Offer) -> EventDetails {
    let Some(venue) = &offer.venue else { return details };
    EventDetails {
        event_location_id: Some(int(venue.id.0)),
        event_location_name: Some(venue.name.clone()),
        latitude: venue.latitude.as_ref().and_then(|text| text.parse().ok()),
        longitude: venue.longitude.as_ref().and_then(|text| text.parse().ok()),
        seating_image_url: venue.seating_image_url.clone(),
        ..details
    }
}

fn with_parties(details: EventDetails, offer: &Offer) -> EventDetails {
    let visitor = offer.event.visitor.clone().unwrap_or_default();
    let series = offer.series.as_deref();
    EventDetails {
        event_owner_id: int(offer.organiser.shard.0),
        event_owner_name: Some(offer.organiser.name.clone()),
        external_owner_id: offer.organiser.external_id.clone(),
        owner_image_url: offer.organiser.image_url.clone(),
        owner_image_url2: offer.organiser.image_url2.clone(),
        team_away_id: visitor.id,
        team_away_name: Some(visitor.name).filter(|name| !name.is_empty()),
        away_team_external_id: visitor.external_id,
        event_series_id: series.map_or(0, |series| int(series.id.0)),
        event_series_name: series.map(|series| series.name.clone()),
        event_series_active: series.is_none_or(|series| series.active),
        series_id: series.and_then(|series| series.external_id.clone()),
        series_show_by_default: series.is_none_or(|series| series.show_by_default),
        sport_gender_id: series.and_then(|series| series.sport_gender_id.clone()),
        ..details
    }
}
