//! `POST /EventSeatingFindAndReserve`: the best seats that are free, held.

use contract::event_seating::EventSeatingResult;
use contract::event_seating::find_and_reserve::EventSeatingFindAndReserve;
use domain::ids::TicketTypeId;
use domain::refusal::{Code, Refusal};
use domain::seating::{FindSeats, RESERVATION_SEATS_MAX, SeatRequest, Wish};
use service::matched::Matched;
use service::reply::Reply;

use super::{admitted, buyer, offer, result, secret, submit, token};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::signed::signed;

signed!(EventSeatingFindAndReserve, "EventSeatingFindAndReserve");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| find(app, call, request).await).await
}

async fn find(
    app: &App,
    call: &Call<'_>,
    mut request: EventSeatingFindAndReserve,
) -> Result<EventSeatingResult, Failure> {
    let wish = wish(&request)?;
    let ticket_type = ticket_type(&request)?;
    let buyer = buyer(app, call, &mut request).await?;
    let reservation = token(request.reservation_token_id.as_deref())?;
    let secret = secret()?;
    let section = request.section_id.map(|section| u32::try_from(section).unwrap_or(0));
    let mut offer = offer(app, call, request.event_id).await?;
    let access_code = admitted(app, call, &offer, request.direct_access_code.as_ref()).await?;
    let found = submit(app, &mut offer, |offer| FindSeats {
        request: SeatRequest {
            offer,
            access_code: access_code.clone(),
            reservation,
            buyer,
            secret,
        },
        wish,
        section,
        ticket_type,
    });
    let found = found.await?;
    let total_candidates = int(found.candidates);
    let held = result(&found.reservation, &offer, app.clock.now());
    Ok(EventSeatingResult { total_candidates, ..held })
}

fn wish(request: &EventSeatingFindAndReserve) -> Result<Wish, Failure> {
    if request.quantity < 1 {
        let message = "Say how many seats; 1 at least.";
        return Err(Failure::invalid(vec![wrong("Quantity", message)]));
    }
    let quantity = u16::try_from(request.quantity).ok();
    let quantity = quantity.filter(|quantity| usize::from(*quantity) <= RESERVATION_SEATS_MAX);
    let quantity = quantity.ok_or_else(|| {
        let message = format!("One reservation holds {RESERVATION_SEATS_MAX} seats at most.");
        Refusal::new(Code::TooManyTickets, message)
    })?;
    let skip = u32::try_from(request.skip_index.unwrap_or(0))
        .map_err(|_| Failure::invalid(vec![wrong("SkipIndex", "It is 0 or more.")]))?;
    Ok(Wish { quantity, may_split: request.allow_split, skip })
}

fn ticket_type(request: &EventSeatingFindAndReserve) -> Result<Option<TicketTypeId>, Refusal> {
    let named = |id: Option<i32>| id.filter(|id| *id != 0);
    let of_series = named(request.event_series_ticket_type);
    let of_club = named(request.event_series_owner_ticket_type);
    if of_series.is_some() && of_club.is_some() {
        let message = "Name a type of the series or one of the club, not both.";
        return Err(Refusal::new(Code::TicketTypeAmbiguous, message));
    }
    let id = of_series.or(of_club).map(|id| u32::try_from(id).unwrap_or(0));
    Ok(id.map(TicketTypeId))
}
