//! `POST /eventSeating/{EventId}/blockSeats`: seats the organiser keeps from the sale.

use contract::event_seating::block_seats::{EventSeatingBlockSeats, EventSeatingBlockSeatsResult};
use domain::audit::{AuditEvent, AuditNote};
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::seating::{BLOCK_SEATS_MAX, BlockSeats, SeatPlace};
use service::matched::Matched;
use service::reply::Reply;

use super::{numbers, offer};
use crate::access::audit::note;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::text;

/// The longest `reason`, in characters (`domain.md` §1.7).
const REASON_LENGTH_MAX: usize = 500;

answers!(EventSeatingBlockSeatsResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| block(app, call, &request).await).await
}

async fn block(
    app: &App,
    call: &Call<'_>,
    request: &EventSeatingBlockSeats,
) -> Result<EventSeatingBlockSeatsResult, Failure> {
    let reason = text::kept_line(request.reason.as_deref(), REASON_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("Reason", message)]))?;
    let offer = offer(app, call, request.event_id).await?;
    let seats = seats(request, &offer)?;
    let audit = audit(call, request, seats.len(), reason.as_deref());
    let command = BlockSeats {
        shard: offer.shard(),
        event: offer.event_id(),
        seats,
        blocked: !request.unblock,
        audit,
    };
    let outcome = app.store.submit(command).await?;
    Ok(EventSeatingBlockSeatsResult {
        changed_count: i32::try_from(outcome.changed.len()).unwrap_or(i32::MAX),
        not_available_seats: Some(outcome.not_available.into_iter().map(int).collect()),
        ..ok()
    })
}

fn seats(request: &EventSeatingBlockSeats, offer: &Offer) -> Result<Vec<u32>, Failure> {
    let mut seats = numbers(request.seats.as_deref());
    if let Some(section) = request.section_id {
        let map = offer.seat_map.as_ref();
        let found = map.and_then(|map| map.section(u32::try_from(section).ok()?));
        let found = found.ok_or_else(|| {
            Failure::invalid(vec![wrong("SectionId", "This event has no such section.")])
        })?;
        for row in &found.rows {
            let place = |index| SeatPlace { section: found.number, row: row.number, index };
            seats.extend((0..row.count).map(|index| place(index).seat()));
        }
    }
    if seats.is_empty() {
        return Err(Refusal::new(Code::SeatRequired, "Name seats or a section.").into());
    }
    if seats.len() > BLOCK_SEATS_MAX {
        let message = format!("One request changes {BLOCK_SEATS_MAX} seats at most.");
        return Err(Failure::invalid(vec![wrong("Seats", message)]));
    }
    Ok(seats)
}

fn audit(
    call: &Call<'_>,
    request: &EventSeatingBlockSeats,
    count: usize,
    reason: Option<&str>,
) -> AuditNote {
    let by = call.by();
    let event = if request.unblock { AuditEvent::SeatsUnblocked } else { AuditEvent::SeatsBlocked };
    let reason = reason.unwrap_or("no reason given");
    let detail = format!("{count} seats of event {}: {reason}", request.event_id);
    AuditNote { by: by.name, ..note(event, None, by.address, &detail) }
}
