//! `POST /EventSeatingReserveSeats`: chosen seats, held, all or none.

use contract::event_seating::EventSeatingResult;
use contract::event_seating::reserve_seats::EventSeatingReserveSeats;
use domain::refusal::{Code, Refusal};
use domain::seating::{RESERVATION_SEATS_MAX, ReserveSeats, SeatRequest};
use service::matched::Matched;
use service::reply::Reply;

use super::{admitted, buyer, numbers, offer, result, secret, submit, token};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, refused};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, told, wrong};
use crate::operations::signed::signed;

signed!(EventSeatingReserveSeats, "EventSeatingReserveSeats");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| reserve(app, call, request).await).await
}

async fn reserve(
    app: &App,
    call: &Call<'_>,
    mut request: EventSeatingReserveSeats,
) -> Result<EventSeatingResult, Failure> {
    let seats = seats(&request)?;
    let buyer = buyer(app, call, &mut request).await?;
    let reservation = token(request.reservation_token_id.as_deref())?;
    let secret = secret()?;
    let mut offer = offer(app, call, request.event_id).await?;
    let access_code = admitted(app, call, &offer, request.direct_access_code.as_ref()).await?;
    let reserved = submit(app, &mut offer, |offer| ReserveSeats {
        request: SeatRequest {
            offer,
            access_code: access_code.clone(),
            reservation,
            buyer,
            secret,
        },
        seats: seats.clone(),
    });
    Ok(match reserved.await? {
        Ok(reserved) => result(&reserved.reservation, &offer, app.clock.now()),
        Err(missing) => not_available(&missing),
    })
}

fn seats(request: &EventSeatingReserveSeats) -> Result<Vec<u32>, Failure> {
    let mut seats = numbers(request.seats_to_reserve.as_deref());
    if seats.is_empty() {
        let message = "Name the seats to reserve.";
        return Err(Failure::invalid(vec![wrong("SeatsToReserve", message)]));
    }
    if seats.len() > RESERVATION_SEATS_MAX {
        let message = format!("One reservation holds {RESERVATION_SEATS_MAX} seats at most.");
        return Err(Refusal::new(Code::TooManyTickets, message).into());
    }
    let mut seen = std::collections::HashSet::new();
    seats.retain(|seat| seen.insert(*seat));
    Ok(seats)
}

fn not_available(missing: &[u32]) -> EventSeatingResult {
    let message = "Some of these seats are not free or do not exist; nothing was reserved.";
    let (status_code, message) = told(Code::SeatTaken, message);
    let missing = missing.iter().map(|seat| int(*seat)).collect();
    EventSeatingResult { not_available_seats: Some(missing), ..refused(status_code, message) }
}
