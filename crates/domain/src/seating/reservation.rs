//! A hold of seats for minutes, one state machine.
//!
//! | state   | what happened                               | next state |
//! |---------|---------------------------------------------|------------|
//! | —       | seats found or chosen                       | Held       |
//! | Held    | seats added, exchanged or released in part  | Held       |
//! | Held    | all released, or its time is over           | Ended      |
//! | Held    | an order took its seats, something to pay   | Ordered    |
//! | Held    | an order took its seats, nothing to pay     | Used       |
//! | Ordered | the money came                              | Used       |
//! | Ordered | the money did not come, its time is not over| Held, for five minutes at least |
//! | Ordered | the money did not come, its time is over    | Ended      |
//! | Held, Ended | the money of an order came late, and the seats were still there | Used |
//!
//! Used and Ended are final but for that last line. A hold that an order has taken does not run
//! out: the sale decides (`payments.md` §6.5 rule 5).

use serde::{Deserialize, Serialize};

use super::SeatAddress;
use crate::allowance::{self, Limit};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{EventId, PrincipalId, ReservationId, SaleId, Shard};
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::sale::Buyer;
use crate::time::{Span, Timestamp};
use crate::token::{Secret, Token};

/// How long seats are held (`domain.md` §7.4).
const HOLD: Span = Span::minutes(10);

/// How long they are held at least when an order begins, and after its payment failed.
const ORDER_HOLD: Span = Span::minutes(5);

/// How long a hold may live, however often it is changed: nobody keeps seats from others by
/// asking again and again.
const LIFE: Span = Span::minutes(60);

/// The most holds of one phone or device that live at a time, with one seller.
pub const RESERVATIONS_LIVE_MAX: usize = 4;

/// Where a hold stands; see the table of the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// The buyer has the seats for now.
    #[default]
    Held,
    /// An order has them and waits for its money.
    Ordered,
    /// An order has bought them.
    Used,
    /// It is over.
    Ended,
}

/// Whose hold it is: hashes of phone and device, which tell nothing to whoever reads the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatBuyer {
    /// Who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<PrincipalId>,
    /// The hash of the phone, where it was proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<u128>,
    /// The hash of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<u128>,
}

impl SeatBuyer {
    /// Whoever is behind an order or a request.
    #[must_use]
    pub fn of(buyer: &Buyer) -> SeatBuyer {
        let phone = buyer.phone.as_deref();
        let device = buyer.device_id.as_deref();
        SeatBuyer {
            principal: buyer.principal,
            phone: phone.map(|phone| word("seat_phone", phone)),
            device: device.map(|device| word("seat_device", device)),
        }
    }

    /// Whether what it holds is `other`'s: the same phone, or the same device where one of them
    /// has proved no phone. Seats that were held for neither are their caller's.
    #[must_use]
    pub fn is(&self, other: &SeatBuyer) -> bool {
        match (self.phone, self.device) {
            (None, None) => self.principal == other.principal,
            (Some(phone), _) if other.phone.is_some() => Some(phone) == other.phone,
            (_, device) => device.is_some() && device == other.device,
        }
    }

    /// Under what its live holds are counted; a box office has neither and may have many.
    pub(super) fn counted_by(&self) -> Option<u128> {
        self.phone.or(self.device)
    }
}

/// A hold of seats, for minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// The seller.
    pub shard: Shard,
    /// Its number.
    pub id: ReservationId,
    /// The random part of its handle.
    pub secret: Secret,
    /// The event.
    pub event: EventId,
    /// Whose it is.
    #[serde(default)]
    pub buyer: SeatBuyer,
    /// Where it stands.
    #[serde(default)]
    pub state: ReservationState,
    /// The seats, in the order in which admissions get them.
    pub seats: Vec<SeatAddress>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it ends, unless an order has taken its seats.
    pub until: Timestamp,
    /// The order that has taken its seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<SaleId>,
}

/// What a new hold begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewReservation {
    pub(super) shard: Shard,
    pub(super) event: EventId,
    pub(super) buyer: SeatBuyer,
    pub(super) secret: Secret,
}

impl Reservation {
    /// Where a reservation lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: ReservationId) -> Key {
        Key::number(shard, Kind::Reservation, id.0)
    }

    /// Its published handle (`reservationTokenId`, `seatReservationTokenId`).
    #[must_use]
    pub fn token(&self) -> Token {
        Token { shard: self.shard, number: self.id.0, secret: self.secret }
    }

    /// When its seats must be given back.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        (self.state == ReservationState::Held).then_some(self.until)
    }

    /// Whether the buyer still has the seats.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == ReservationState::Held && now < self.until
    }

    /// Whether nothing will happen to it any more, but for a late payment.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, ReservationState::Used | ReservationState::Ended)
    }

    /// A hold without seats, counted among its buyer's.
    pub(super) fn begin(
        new: NewReservation,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Reservation, Halt> {
        if let Some(hash) = new.buyer.counted_by() {
            let limit = Limit { count: RESERVATIONS_LIVE_MAX, within: LIFE };
            if !allowance::take_in(facts, new.shard, hash, &[limit], now)? {
                let message = format!(
                    "You hold seats in {RESERVATIONS_LIVE_MAX} reservations; order or release one."
                );
                return Err(Refusal::new(Code::TooManyRequests, message).into());
            }
        }
        Ok(Reservation {
            shard: new.shard,
            id: ReservationId(facts.number(new.shard, ReservationId::KIND)?),
            secret: new.secret,
            event: new.event,
            buyer: new.buyer,
            state: ReservationState::Held,
            seats: Vec::new(),
            made_at: now,
            until: now.after(HOLD),
            sale: None,
        })
    }

    /// The hold was changed: it lasts as long as a new one, within its life.
    pub(super) fn renew(&mut self, now: Timestamp) {
        self.extend(HOLD, now);
    }

    /// An order begins, or has failed: there is time for another try.
    pub(super) fn keep_for_order(&mut self, now: Timestamp) {
        self.extend(ORDER_HOLD, now);
    }

    fn extend(&mut self, span: Span, now: Timestamp) {
        let latest = self.made_at.after(LIFE);
        self.until = self.until.max(now.after(span).min(latest));
    }

    /// It does not count among its buyer's live ones any more.
    pub(super) fn finish(
        &mut self,
        state: ReservationState,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        self.state = state;
        match self.buyer.counted_by() {
            Some(hash) => allowance::give_back_in(facts, self.shard, hash, self.made_at),
            None => Ok(()),
        }
    }
}

/// The hold behind a handle, if it belongs to the buyer; a wrong handle, another event's and
/// somebody else's look the same.
pub(super) fn find(
    facts: &Facts<'_>,
    token: Token,
    event: EventId,
    shard: Shard,
    buyer: &SeatBuyer,
) -> Result<Reservation, Halt> {
    let not_found = || Refusal::new(Code::ReservationNotFound, "There is no such reservation.");
    if token.shard != shard {
        return Err(not_found().into());
    }
    let key = Reservation::key_of(shard, ReservationId(token.number));
    let found = facts.look::<Reservation>(key)?.filter(|found| {
        found.secret.matches(&token.secret) && found.event == event && found.buyer.is(buyer)
    });
    Ok(found.cloned().ok_or_else(not_found)?)
}

/// Refuses a hold whose seats the buyer does not have any more, or whose order is being paid.
pub(super) fn check_live(reservation: &Reservation, now: Timestamp) -> Result<(), Refusal> {
    let over = |message: &str| Err(Refusal::new(Code::ReservationExpired, message));
    match reservation.state {
        ReservationState::Held if now < reservation.until => Ok(()),
        ReservationState::Ordered => Err(Refusal::new(
            Code::PaymentPending,
            "An order of these seats is being paid; ask for its status.",
        )),
        ReservationState::Used => over("These seats were bought with this reservation."),
        ReservationState::Held | ReservationState::Ended => {
            over("The time to order these seats is over; reserve seats again.")
        }
    }
}
