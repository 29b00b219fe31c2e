//! What a buyer may choose from: one event with everything its order needs, at one revision.

use std::sync::Arc;

use crate::catalogue::{Event, EventPrice, Organiser, Series, TicketType, Venue};
use crate::ids::{EventId, Shard, TicketTypeId};
use crate::refusal::{Code, Refusal};
use crate::seating::SeatMap;
use crate::time::Timestamp;

/// One event as the catalogue showed it when the order came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The seller's catalogue revision it was read at.
    pub revision: u64,
    /// Who sells.
    pub organiser: Arc<Organiser>,
    /// The competition or season.
    pub series: Option<Arc<Series>>,
    /// Where.
    pub venue: Option<Arc<Venue>>,
    /// Where its seats are, if those have numbers.
    pub seat_map: Option<Arc<SeatMap>>,
    /// The event itself.
    pub event: Arc<Event>,
    /// The types its prices name.
    pub ticket_types: Vec<Arc<TicketType>>,
}

impl Offer {
    /// Whose shard a sale of it lies in.
    #[must_use]
    pub fn shard(&self) -> Shard {
        self.event.organiser
    }

    /// The event's number.
    #[must_use]
    pub fn event_id(&self) -> EventId {
        self.event.id
    }

    /// The type and its price row, if this event sells it now.
    #[must_use]
    pub fn find_on_sale(&self, id: TicketTypeId) -> Option<(&TicketType, &EventPrice)> {
        self.find(id).filter(|(_, price)| !price.withdrawn)
    }

    /// The type and its price row, if this event sells it or sold it before.
    #[must_use]
    pub fn find(&self, id: TicketTypeId) -> Option<(&TicketType, &EventPrice)> {
        let price = self.event.prices.iter().find(|price| price.ticket_type == id)?;
        let ticket_type = self.ticket_types.iter().find(|candidate| candidate.id == id)?;
        Some((ticket_type, price))
    }

    /// A seat as people find it: `Section B, row 4, seat 12` (`seatDisplayString`).
    #[must_use]
    pub fn seat_display(&self, seat: u32) -> Option<String> {
        self.seat_map.as_ref()?.display(seat)
    }

    /// Whether tickets can be bought now (`domain.md` §3.5, `saleIsActive`, stock aside).
    ///
    /// # Errors
    /// The first of [`Code::EventNotActive`], [`Code::EventPostponed`], [`Code::EventOver`],
    /// [`Code::SaleNotActive`], [`Code::SaleSuspended`] that applies.
    pub fn open_for_sale(&self, now: Timestamp) -> Result<(), Refusal> {
        let event = &self.event;
        let refuse = |code, message: &str| Err(Refusal::new(code, message));
        if !event.active {
            return refuse(Code::EventNotActive, "This event is not available.");
        }
        if event.rules.cancelled {
            return refuse(Code::EventNotActive, "This event has been cancelled.");
        }
        if event.postponed {
            return refuse(Code::EventPostponed, "This event is postponed and has no date yet.");
        }
        if now >= event.over_at() {
            return refuse(Code::EventOver, "This event is over.");
        }
        self.series_open()?;
        match &event.sale {
            Some(sale) if now < sale.from => {
                refuse(Code::SaleNotActive, "The sale has not begun yet.")
            }
            Some(sale) if now >= sale.to => refuse(Code::SaleNotActive, "The sale has ended."),
            _ => Ok(()),
        }
    }

    fn series_open(&self) -> Result<(), Refusal> {
        let Some(series) = &self.series else { return Ok(()) };
        if !series.active {
            return Err(Refusal::new(Code::SaleNotActive, "This series is not on sale."));
        }
        if series.suspended.is_some_and(|span| span.contains(self.event.starts_at)) {
            return Err(Refusal::new(
                Code::SaleSuspended,
                "The sale of this series is suspended for the event's date.",
            ));
        }
        Ok(())
    }

    /// Whether the caller may see and order a hidden event.
    ///
    /// # Errors
    /// [`Code::AccessCodeRequired`] when the event is hidden and `code` is not its code.
    pub fn admits(&self, code: Option<&str>) -> Result<(), Refusal> {
        if !self.event.hidden || (code.is_some() && code == self.event.access_code.as_deref()) {
            return Ok(());
        }
        Err(Refusal::new(Code::AccessCodeRequired, "This event needs an access code."))
    }
}
