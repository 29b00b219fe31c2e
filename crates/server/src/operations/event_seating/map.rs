//! `GET /eventSeating/{EventId}`: the picture of an event's seats, read beside the lane.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::event_seating::map::{
    EventSeating, EventSeatingMap, EventSeatingRow, EventSeatingSeat, EventSeatingSection,
};
use domain::catalogue::EventSection;
use domain::ids::SeatBlockId;
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::seating::{Row, SeatBlock, SeatPlace, SeatState, Section};
use service::matched::Matched;
use service::reply::Reply;
use sha2::{Digest as _, Sha256};

use super::{admitted, offer};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answers, ok, refused};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};

/// How long a client may show what it has: a buyer looks at a picture for longer.
const CACHE_CONTROL: &str = "private, max-age=2";

answers!(EventSeatingMap);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<EventSeating>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match picture(app, call, &request).await {
        Ok(map) => tagged(matched.reply(&map, 200)),
        Err(failure) => failure.reply(matched, refused::<EventSeatingMap>),
    }
}

/// Who has the same picture already need not get it again.
fn tagged(reply: Reply) -> Reply {
    let hash = Sha256::digest(&reply.body);
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..16]));
    reply.with_header("ETag", tag).with_header("Cache-Control", CACHE_CONTROL)
}

async fn picture(
    app: &App,
    call: &Call<'_>,
    request: &EventSeating,
) -> Result<EventSeatingMap, Failure> {
    let offer = offer(app, call, request.event_id).await?;
    admitted(app, call, &offer, request.direct_access_code.as_ref()).await?;
    if !offer.event.seats_numbered {
        let message = "Seats of this event have no numbers.";
        return Err(Refusal::new(Code::SeatNotAllowed, message).into());
    }
    let wanted = sections(&offer, request.section_id)?;
    let ids = wanted.iter().map(|entry| entry.block).collect();
    let blocks = app.store.seat_blocks(offer.shard(), ids).await?;
    let blocks: HashMap<SeatBlockId, Arc<SeatBlock>> =
        blocks.into_iter().map(|block| (block.id, block)).collect();
    let with_rows = request.section_id.is_some();
    let shown = wanted.iter().filter_map(|entry| {
        let section = offer.seat_map.as_ref()?.section(entry.section)?;
        Some(shown(section, blocks.get(&entry.block)?, &offer, with_rows))
    });
    Ok(EventSeatingMap {
        event_id: request.event_id,
        seating_image_url: offer.venue.as_ref().and_then(|venue| venue.seating_image_url.clone()),
        sections: Some(shown.collect()),
        ..ok()
    })
}

fn sections(offer: &Offer, wanted: Option<i32>) -> Result<Vec<EventSection>, Failure> {
    let all = &offer.event.rules.seat_blocks;
    let Some(wanted) = wanted else { return Ok(all.clone()) };
    let found = all.iter().find(|entry| int(entry.section) == wanted);
    let found = found.ok_or_else(|| {
        Failure::invalid(vec![wrong("SectionId", "This event has no such section.")])
    })?;
    Ok(vec![*found])
}

fn shown(
    section: &Section,
    block: &SeatBlock,
    offer: &Offer,
    with_rows: bool,
) -> EventSeatingSection {
    let seats: u32 = section.rows.iter().map(|row| u32::from(row.count)).sum();
    let prices = offer.event.prices_on_sale();
    let sold_here = prices.filter(|price| offer.event.blocks_of(price).any(|it| it == block.id));
    EventSeatingSection {
        section_id: int(section.number),
        name: Some(section.name.clone()),
        image_url: section.image_url.clone(),
        seat_count: int(seats),
        available_seats: int(block.free),
        ticket_type_ids: Some(sold_here.map(|price| int(price.ticket_type.0)).collect()),
        rows: with_rows.then(|| rows(section, block)),
    }
}

fn rows(section: &Section, block: &SeatBlock) -> Vec<EventSeatingRow> {
    let states: HashMap<u32, SeatState> = block.seats().collect();
    let seat = |row: &Row, index: u16| {
        let number = SeatPlace { section: section.number, row: row.number, index }.seat();
        let (x, y) = row.seat_position(index);
        let is_available = states.get(&number) == Some(&SeatState::Free);
        let name = row.seat_name(index);
        EventSeatingSeat { seat_id: int(number), name, x, y, is_available }
    };
    let rows = section.rows.iter().map(|row| EventSeatingRow {
        name: Some(row.name.clone()),
        seats: Some((0..row.count).map(|index| seat(row, index)).collect()),
    });
    rows.collect()
}
