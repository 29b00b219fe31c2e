//! The law of numbered seats: each is with exactly one, and both sides say so.

use std::collections::HashMap;

use domain::ids::{ReservationId, SaleId};
use domain::sale::{Sale, SaleState};
use domain::seating::{Reservation, ReservationState, SeatAddress, SeatBlock, SeatState};

use super::Till;

/// What seats must add up to over the whole till.
pub(crate) fn check(till: &Till) {
    let mut claimed: HashMap<SeatAddress, SeatState> = HashMap::new();
    let mut claim = |address: SeatAddress, state: SeatState| {
        let other = claimed.insert(address, state);
        assert_eq!(other, None, "{address:?} is with {state:?}, too");
    };
    for sale in till.all::<Sale>() {
        let state = of_sale(sale);
        for address in sale.seats_held() {
            state.into_iter().for_each(|state| claim(address, state));
        }
    }
    for reservation in till.all::<Reservation>() {
        check_reservation(till, reservation);
        let live = reservation.state == ReservationState::Held;
        for address in reservation.seats.iter().filter(|_| live) {
            claim(*address, SeatState::Reserved(reservation.id));
        }
    }
    for block in till.all::<SeatBlock>() {
        assert!(block.adds_up(), "{block:?}");
        for (seat, state) in block.seats() {
            let claimed = claimed.remove(&SeatAddress { block: block.id, seat });
            let unclaimed = matches!(state, SeatState::Free | SeatState::Blocked);
            let expected = claimed.or(Some(state).filter(|_| unclaimed));
            assert_eq!(Some(state), expected, "seat {seat} of {:?}", block.id);
        }
    }
    assert!(claimed.is_empty(), "seats that are nowhere: {claimed:?}");
}

fn of_sale(sale: &Sale) -> Option<SeatState> {
    match sale.state {
        SaleState::AwaitingPayment | SaleState::UnderReview => Some(SeatState::Held(sale.id)),
        SaleState::Issued => Some(SeatState::Sold(sale.id)),
        _ => None,
    }
}

fn check_reservation(till: &Till, reservation: &Reservation) {
    let ordered = |id: SaleId| till.find::<Sale>(Sale::key_of(reservation.shard, id)).unwrap();
    let sale = reservation.sale.map(ordered);
    match reservation.state {
        ReservationState::Held | ReservationState::Ended => assert_eq!(sale, None),
        ReservationState::Ordered => assert!(sale.is_some_and(|sale| sale.state.holds_places())),
        ReservationState::Used => assert!(sale.is_some_and(|sale| sale.issued_at.is_some())),
    }
    if let Some(sale) = sale {
        assert_eq!(sale.reservation, Some::<ReservationId>(reservation.id));
    }
}
