//! `POST /EventSeatingReleaseSeats`: held seats back on sale.

use contract::event_seating::EventSeatingResult;
use contract::event_seating::release_seats::EventSeatingReleaseSeats;
use domain::refusal::{Code, Refusal};
use domain::seating::{RESERVATION_SEATS_MAX, ReleaseSeats};
use service::matched::Matched;
use service::reply::Reply;

use super::{buyer, numbers, offer, result, token};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::operations::signed::signed;

signed!(EventSeatingReleaseSeats, "EventSeatingReleaseSeats");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| release(app, call, request).await).await
}

async fn release(
    app: &App,
    call: &Call<'_>,
    mut request: EventSeatingReleaseSeats,
) -> Result<EventSeatingResult, Failure> {
    let seats = numbers(request.seats_to_release.as_deref());
    if seats.len() > RESERVATION_SEATS_MAX {
        let message = format!("A reservation holds {RESERVATION_SEATS_MAX} seats at most.");
        return Err(Failure::invalid(vec![wrong("SeatsToRelease", message)]));
    }
    if request.seats_to_release.is_some() && seats.is_empty() {
        let message = "Name the seats to release, or leave it out to release all.";
        return Err(Failure::invalid(vec![wrong("SeatsToRelease", message)]));
    }
    let buyer = buyer(app, call, &mut request).await?;
    let reservation = token(request.reservation_token_id.as_deref())?.ok_or_else(|| {
        Refusal::new(Code::ReservationNotFound, "Name the reservation to release seats of.")
    })?;
    let offer = offer(app, call, request.event_id).await?;
    let (shard, event) = (offer.shard(), offer.event_id());
    let command = ReleaseSeats { shard, event, reservation, buyer, seats };
    let left = app.store.submit(command).await?;
    Ok(result(&left, &offer, app.clock.now()))
}
