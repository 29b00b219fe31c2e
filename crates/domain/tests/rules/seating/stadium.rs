//! A club whose event has numbered seats, and buyers who hold them.

use std::sync::Arc;

use domain::audit::{AuditEvent, AuditNote};
use domain::catalogue::{CatalogueItem, EventSection};
use domain::facts::Halt;
use domain::ids::{PrincipalId, ReservationId, SeatBlockId, TicketTypeId, VenueId};
use domain::sale::{Buyer, PlaceOrder, Placed, ReservedFor};
use domain::seating::{
    BlockSeats, ExpireReservation, FindSeats, ReleaseSeats, Reservation, ReserveSeats, Reserved,
    Row, RowPlace, SeatBlock, SeatBuyer, SeatMap, SeatNames, SeatPlace, SeatRequest, SeatState,
    SeatsBlocked, Section, SectionSeats, Wish,
};
use domain::token::{Secret, Token};

use crate::common::{Club, EVENT, SHARD};

pub(crate) const VENUE: VenueId = VenueId(5);
/// Section A: rows of 10 and 10, where everybody may sit.
pub(crate) const SECTION_A: u32 = 1;
/// Section B: one row of 6.
pub(crate) const SECTION_B: u32 = 2;

/// A club with a stadium of 26 seats and no limits beside them.
pub(crate) struct Stadium {
    pub(crate) club: Club,
    drawn: u8,
}

/// A section of rows, each with its name and its number of seats.
pub(crate) fn section(name: &str, rank: u32, rows: &[(&str, u16)]) -> Section {
    let row = |(name, count): &(&str, u16)| Row {
        number: 0,
        name: (*name).into(),
        count: *count,
        names: SeatNames::Numbers { first: 1, step: 1 },
        rank,
        aisles: Vec::new(),
        place: RowPlace::default(),
    };
    let rows = rows.iter().map(row).collect();
    Section { number: 0, name: name.into(), image_url: None, rows, row_number_last: 0 }
}

/// A venue's seats that have no numbers yet.
pub(crate) fn seat_map(sections: Vec<Section>) -> SeatMap {
    SeatMap { venue: VENUE, sections, ..SeatMap::default() }
}

/// A seat of the stadium, its place counted from 0.
pub(crate) fn seat(section: u32, row: u16, index: u16) -> u32 {
    SeatPlace { section, row, index }.seat()
}

/// Whoever holds this device.
pub(crate) fn device(name: &str) -> Buyer {
    Buyer { principal: Some(PrincipalId(1)), device_id: Some(name.into()), ..Buyer::default() }
}

impl Stadium {
    pub(crate) fn new() -> Stadium {
        let mut club = Club::new();
        let map =
            seat_map(vec![section("A", 1, &[("1", 10), ("2", 10)]), section("B", 2, &[("1", 6)])]);
        let sections = [(SECTION_A, SeatBlockId(1)), (SECTION_B, SeatBlockId(2))];
        club.event.seats_numbered = true;
        club.event.venue = Some(VENUE);
        club.event.rules.seat_blocks =
            sections.map(|(section, block)| EventSection { section, block }).to_vec();
        club.event.prices.iter_mut().for_each(|price| price.quotas.clear());
        let mut items = vec![CatalogueItem::SeatMap(map)];
        items.extend(sections.map(|(section, block)| {
            let seats = SectionSeats { block, event: EVENT, venue: VENUE, section };
            CatalogueItem::SectionSeats(seats)
        }));
        club.change(items).unwrap();
        club.publish();
        Stadium { club, drawn: 0 }
    }

    /// Sells a type in section B only.
    pub(crate) fn only_in_b(&mut self, ticket_type: TicketTypeId) {
        let prices = self.club.event.prices.iter_mut();
        for price in prices.filter(|price| price.ticket_type == ticket_type) {
            price.sections = vec![SeatBlockId(2)];
        }
        self.club.publish();
    }

    pub(crate) fn request(&mut self, buyer: &Buyer, hold: Option<Token>) -> SeatRequest {
        self.drawn = self.drawn.wrapping_add(1);
        SeatRequest {
            offer: Arc::new(self.club.offer()),
            access_code: None,
            reservation: hold,
            buyer: SeatBuyer::of(buyer),
            secret: Secret([self.drawn; 16]),
        }
    }

    pub(crate) fn find(&mut self, buyer: &Buyer, quantity: u16) -> Result<Reserved, Halt> {
        self.find_next(buyer, None, quantity, 0)
    }

    pub(crate) fn find_next(
        &mut self,
        buyer: &Buyer,
        hold: Option<Token>,
        quantity: u16,
        skip: u32,
    ) -> Result<Reserved, Halt> {
        let request = self.request(buyer, hold);
        let wish = Wish { quantity, may_split: false, skip };
        self.club.till.run(&FindSeats { request, wish, section: None, ticket_type: None })
    }

    /// Holds chosen seats; the missing ones, when some are.
    pub(crate) fn reserve(
        &mut self,
        buyer: &Buyer,
        hold: Option<Token>,
        seats: &[u32],
    ) -> Result<Result<Reserved, Vec<u32>>, Halt> {
        let request = self.request(buyer, hold);
        self.club.till.run(&ReserveSeats { request, seats: seats.to_vec() })
    }

    /// The same, which must work.
    #[track_caller]
    pub(crate) fn hold(&mut self, buyer: &Buyer, seats: &[u32]) -> Arc<Reservation> {
        self.reserve(buyer, None, seats).unwrap().unwrap().reservation
    }

    pub(crate) fn release(
        &mut self,
        buyer: &Buyer,
        hold: Token,
        seats: &[u32],
    ) -> Result<Arc<Reservation>, Halt> {
        self.club.till.run(&ReleaseSeats {
            shard: SHARD,
            event: EVENT,
            reservation: hold,
            buyer: SeatBuyer::of(buyer),
            seats: seats.to_vec(),
        })
    }

    pub(crate) fn expire(&mut self, reservation: ReservationId) {
        self.club.till.run(&ExpireReservation { shard: SHARD, reservation }).unwrap();
    }

    pub(crate) fn block(&mut self, seats: &[u32], blocked: bool) -> Result<SeatsBlocked, Halt> {
        let audit = AuditNote {
            nonce: u64::from(self.drawn),
            event: AuditEvent::SeatsBlocked,
            subject: None,
            name: String::new(),
            by: "test".into(),
            address: String::new(),
            detail: String::new(),
            count: 1,
        };
        self.drawn = self.drawn.wrapping_add(1);
        let seats = seats.to_vec();
        self.club.till.run(&BlockSeats { shard: SHARD, event: EVENT, seats, blocked, audit })
    }

    /// An order of so many of each type with the seats of a hold.
    pub(crate) fn order(
        &self,
        buyer: &Buyer,
        hold: Option<Token>,
        wanted: &[(TicketTypeId, i64)],
    ) -> PlaceOrder {
        let reservation = hold.map(|token| ReservedFor { token, request: 1 });
        PlaceOrder { buyer: buyer.clone(), reservation, ..self.club.order(wanted) }
    }

    pub(crate) fn place(&mut self, order: &PlaceOrder) -> Result<Placed, Halt> {
        self.club.place(order)
    }

    pub(crate) fn state(&self, seat: u32) -> SeatState {
        let block = match SeatPlace::of(seat).section {
            SECTION_A => SeatBlockId(1),
            _ => SeatBlockId(2),
        };
        let block = self.club.till.find::<SeatBlock>(SeatBlock::key_of(SHARD, block)).unwrap();
        block.state(seat).unwrap()
    }

    pub(crate) fn reservation(&self, id: ReservationId) -> &Reservation {
        self.club.till.find::<Reservation>(Reservation::key_of(SHARD, id)).unwrap()
    }
}
