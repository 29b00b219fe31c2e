//! Numbered seats: the picture, holds, and seats the organiser keeps (`domain.md` §7.4, §8).

mod block_seats;
mod find_and_reserve;
mod map;
mod release_seats;
mod reserve_seats;

use std::sync::Arc;

use contract::event_seating::{self as seating, EventSeat, EventSeatingResult};
use domain::facts::Command;
use domain::ids::EventId;
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::sale::Buyer;
use domain::seating::{Reservation, SeatBuyer, SeatPlace};
use domain::time::Timestamp;
use domain::token::{Secret, Token};
use store::SubmitError;

use super::answer::{answers, ok};
use super::event_presentation::{int, utc};
use super::family::{Failure, wrong};
use super::handlers::{Handler, handler};
use super::signed::{self, Signed};
use super::{Call, guesses};
use crate::app::App;
use crate::keys;
use crate::text;

/// How often a command is made again because the catalogue changed under it.
const STALE_TRIES_MAX: u32 = 3;

/// The longest text of a member, in characters (`domain.md` §1.7).
const TEXT_LENGTH_MAX: usize = 255;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(seating::find_and_reserve::EVENT_SEATING_FIND_AND_RESERVE, find_and_reserve::serve),
    handler!(seating::reserve_seats::EVENT_SEATING_RESERVE_SEATS, reserve_seats::serve),
    handler!(seating::release_seats::EVENT_SEATING_RELEASE_SEATS, release_seats::serve),
    handler!(seating::map::EVENT_SEATING, map::serve),
    handler!(seating::block_seats::EVENT_SEATING_BLOCK_SEATS, block_seats::serve),
];

/// The event, if there is one and the caller may act for its organiser.
async fn offer(app: &App, call: &Call<'_>, event: i32) -> Result<Arc<Offer>, Failure> {
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let event = u32::try_from(event).map_err(|_| not_found())?;
    let offer = app.catalogue.offer(EventId(event)).await?.ok_or_else(not_found)?;
    if !call.may_act_for(offer.shard()) {
        let message = "This event belongs to an organiser outside your scope.";
        return Err(Refusal::new(Code::OwnerScopeDenied, message).into());
    }
    Ok(offer)
}

/// Who holds seats: a proved phone for the app, whoever it says for a box office. The key of an
/// app is no secret and a device is but a name; holds of those would have no limit.
async fn buyer<R: Signed>(
    app: &App,
    call: &Call<'_>,
    request: &mut R,
) -> Result<SeatBuyer, Failure> {
    let device_id = text::kept_line(request.parts().device_id, TEXT_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("DeviceId", message)]))?;
    let origin = signed::check_once(app, call, request).await?;
    let phone = origin.phone_number();
    let principal = call.principal.as_ref().map(|caller| caller.id);
    Ok(SeatBuyer::of(&Buyer { principal, device_id, phone, ..Buyer::default() }))
}

/// The hold that a request names. A text that is no handle leads nowhere.
fn token(text: Option<&str>) -> Result<Option<Token>, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let read = |text| {
        Token::parse(text)
            .ok_or_else(|| Refusal::new(Code::ReservationNotFound, "There is no such reservation."))
    };
    text.map(read).transpose()
}

fn secret() -> Result<Secret, Failure> {
    Ok(Secret(keys::random()?))
}

/// The code of a hidden event, as a member or beside the contract, if it is the right one.
async fn admitted(
    app: &App,
    call: &Call<'_>,
    offer: &Offer,
    member: Option<&String>,
) -> Result<Option<String>, Failure> {
    let code = member.or(call.access_code.as_ref());
    let admitted = async { Ok(offer.admits(code.map(String::as_str))?) };
    guesses::counted(app, call, code.is_some(), admitted).await?;
    Ok(code.cloned())
}

/// Published numbers of seats; a negative one is the number of none.
fn numbers(seats: Option<&[i32]>) -> Vec<u32> {
    let seats = seats.unwrap_or_default().iter();
    seats.map(|seat| u32::try_from(*seat).unwrap_or(0)).collect()
}

/// Submits what `make` makes of the event, and makes it again when the catalogue has changed.
async fn submit<C: Command>(
    app: &App,
    offer: &mut Arc<Offer>,
    make: impl Fn(Arc<Offer>) -> C,
) -> Result<C::Outcome, Failure> {
    for _ in 0..STALE_TRIES_MAX {
        match app.store.submit(make(Arc::clone(offer))).await {
            Err(SubmitError::Stale) => {}
            answered => return Ok(answered?),
        }
        app.catalogue.reload(offer.shard()).await?;
        let again = app.catalogue.offer(offer.event_id()).await?;
        *offer = again
            .ok_or_else(|| Refusal::new(Code::EventNotFound, "There is no such event any more."))?;
    }
    Err(Failure::overloaded())
}

answers!(EventSeatingResult);

/// A hold as published.
fn result(reservation: &Reservation, offer: &Offer, now: Timestamp) -> EventSeatingResult {
    let is_live = reservation.is_live(now);
    let seats = reservation.seats.iter().filter(|_| is_live);
    let left_ms = Timestamp(reservation.until.0 - now.0).0 / 1_000;
    EventSeatingResult {
        reservation_token_id: is_live.then(|| reservation.token().text()),
        reservation_expires_utc: is_live.then(|| utc(reservation.until)),
        seconds_left: if is_live { i32::try_from(left_ms / 1_000).unwrap_or(0) } else { 0 },
        seats: Some(seats.map(|address| seat(address.seat, offer)).collect()),
        ..ok()
    }
}

fn seat(number: u32, offer: &Offer) -> EventSeat {
    let place = SeatPlace::of(number);
    let section = offer.seat_map.as_ref().and_then(|map| map.section(place.section));
    let row = section.and_then(|section| section.row(place.row));
    EventSeat {
        seat_id: int(number),
        section_id: int(place.section),
        section_name: section.map(|section| section.name.clone()),
        row_name: row.map(|row| row.name.clone()),
        seat_name: row.and_then(|row| row.seat_name(place.index)),
        seat_display_string: offer.seat_display(number),
    }
}
