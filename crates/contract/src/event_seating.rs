//! Numbered seats (`domain.md §7.4, §8`): the picture of an event's seats, and holding them.

pub mod block_seats;
pub mod find_and_reserve;
pub mod map;
pub mod release_seats;
pub mod reserve_seats;

use service::Dto;
use service::access::Access;
use service::types::DateTime;

/// Who may look at seats and hold them.
const BUYERS: Access = Access {
    any_role: &["Admin", "TeamAdmin", "MobileApp"],
    any_permission: &["ReadData"],
    ..Access::OPEN
};

/// Most seats of one reservation.
pub const RESERVATION_SEATS_MAX: i32 = 50;

/// A seat that is held for the buyer.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeat {
    /// Number of the seat, unique in the venue.
    pub seat_id: i32,
    /// Number of its section.
    pub section_id: i32,
    /// Name of its section.
    pub section_name: Option<String>,
    /// Name of its row.
    pub row_name: Option<String>,
    /// What is written on the seat.
    pub seat_name: Option<String>,
    /// The seat in words, such as `Section B, row 4, seat 12`.
    pub seat_display_string: Option<String>,
}

/// A hold of seats. An order names it as `seatReservationTokenId` until it ends.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Handle of the reservation; missing when nothing is held any more.
    pub reservation_token_id: Option<String>,
    /// When the seats go back on sale, unless they are ordered before.
    #[dto(name = "ReservationExpiresUTC")]
    pub reservation_expires_utc: Option<DateTime>,
    /// Seconds until then, when this was answered: for clients whose clock is wrong.
    pub seconds_left: i32,
    /// Choices there were, for `skipIndex`; 0 where seats were named.
    pub total_candidates: i32,
    /// All seats that the reservation holds, in the order in which admissions get them.
    pub seats: Option<Vec<EventSeat>>,
    /// Seats that were asked for and cannot be had; then nothing was changed.
    pub not_available_seats: Option<Vec<i32>>,
}
