//! What holds under any interleaving of buyers: the till checks after every command that each seat
//! is with exactly one, and at the end everything that was given back can be sold again.

use domain::attempt::{CallResult, DeclineReason};
use domain::ids::{ReservationId, SaleId};
use domain::sale::{Sale, SaleState};
use domain::seating::{Reservation, ReservationState, SeatBlock};
use domain::time::Span;
use proptest::prelude::*;

use super::stadium::{SECTION_A, SECTION_B, Stadium, device, seat};
use crate::common::{ADULT, CHILD, SHARD, approved, unknown};

/// One thing that may happen at the window.
#[derive(Clone, Debug)]
enum Step {
    Find { buyer: u8, hold: Option<u8>, quantity: u16, skip: u32 },
    Choose { buyer: u8, hold: Option<u8>, seats: Vec<(bool, u16)> },
    Release { buyer: u8, hold: u8, seats: Vec<(bool, u16)> },
    Order { buyer: u8, hold: u8, free: bool, other: bool },
    Answer { sale: u8, result: CallResult },
    Expire { hold: u8 },
    Block { seats: Vec<(bool, u16)>, blocked: bool },
    Pass { seconds: u32 },
}

fn any_seats() -> impl Strategy<Value = Vec<(bool, u16)>> {
    prop::collection::vec((any::<bool>(), 0..7_u16), 1..4)
}

fn any_step() -> impl Strategy<Value = Step> {
    let (buyer, hold) = (0..3_u8, 0..6_u8);
    let answer = prop_oneof![
        3 => Just(approved()),
        3 => Just(CallResult::Declined(DeclineReason::Soft)),
        1 => Just(unknown()),
        1 => Just(CallResult::NotFound),
    ];
    let pair = || (buyer.clone(), prop::option::of(hold.clone()));
    prop_oneof![
        4 => (pair(), 1..8_u16, 0..3_u32).prop_map(|((buyer, hold), quantity, skip)| {
            Step::Find { buyer, hold, quantity, skip }
        }),
        4 => (pair(), any_seats())
            .prop_map(|((buyer, hold), seats)| Step::Choose { buyer, hold, seats }),
        2 => (buyer.clone(), hold.clone(), any_seats())
            .prop_map(|(buyer, hold, seats)| Step::Release { buyer, hold, seats }),
        6 => (buyer, hold.clone(), any::<bool>(), any::<bool>())
            .prop_map(|(buyer, hold, free, other)| Step::Order { buyer, hold, free, other }),
        6 => (0..6_u8, answer).prop_map(|(sale, result)| Step::Answer { sale, result }),
        2 => hold.prop_map(|hold| Step::Expire { hold }),
        1 => (any_seats(), any::<bool>())
            .prop_map(|(seats, blocked)| Step::Block { seats, blocked }),
        2 => prop_oneof![Just(1), Just(290), Just(601)].prop_map(|seconds| Step::Pass { seconds }),
    ]
}

fn numbers(seats: &[(bool, u16)]) -> Vec<u32> {
    let number = |(in_b, index): &(bool, u16)| {
        let section = if *in_b { SECTION_B } else { SECTION_A };
        seat(section, 1, *index)
    };
    seats.iter().map(number).collect()
}

struct Window {
    stadium: Stadium,
}

impl Window {
    fn hold(&self, number: u8) -> Option<&Reservation> {
        let id = ReservationId(u32::from(number) + 1);
        self.stadium.club.till.find::<Reservation>(Reservation::key_of(SHARD, id))
    }

    /// Does it; what is refused leaves no trace, which the laws of the till prove.
    fn step(&mut self, step: &Step) {
        let buyer = |number: &u8| device(&number.to_string());
        match step {
            Step::Find { buyer: who, hold, quantity, skip } => {
                let hold = hold.and_then(|hold| self.hold(hold)).map(Reservation::token);
                let _ = self.stadium.find_next(&buyer(who), hold, *quantity, *skip);
            }
            Step::Choose { buyer: who, hold, seats } => {
                let hold = hold.and_then(|hold| self.hold(hold)).map(Reservation::token);
                let mut seats = numbers(seats);
                seats.sort_unstable();
                seats.dedup();
                let _ = self.stadium.reserve(&buyer(who), hold, &seats);
            }
            Step::Release { buyer: who, hold, seats } => {
                let Some(hold) = self.hold(*hold).map(Reservation::token) else { return };
                let _ = self.stadium.release(&buyer(who), hold, &numbers(seats));
            }
            Step::Order { buyer: who, hold, free, other } => {
                self.order(&buyer(who), *hold, *free, *other);
            }
            Step::Answer { sale, result } => {
                let id = SaleId(u32::from(*sale) + 1);
                if self.stadium.club.till.find::<Sale>(Sale::key_of(SHARD, id)).is_some() {
                    self.stadium.club.answer(id, 1, result.clone());
                }
            }
            Step::Expire { hold } => self.stadium.expire(ReservationId(u32::from(*hold) + 1)),
            Step::Block { seats, blocked } => {
                self.stadium.block(&numbers(seats), *blocked).unwrap();
            }
            Step::Pass { seconds } => self.stadium.club.till.pass(Span::seconds(*seconds)),
        }
    }

    fn order(&mut self, buyer: &domain::sale::Buyer, hold: u8, free: bool, other: bool) {
        let Some(held) = self.hold(hold) else { return };
        let count = i64::try_from(held.seats.len()).unwrap();
        let ticket_type = if free { CHILD } else { ADULT };
        let token = Some(held.token());
        let mut order = self.stadium.order(buyer, token, &[(ticket_type, count)]);
        if let Some(reserved) = order.reservation.as_mut().filter(|_| other) {
            reserved.request = 2;
        }
        let _ = self.stadium.place(&order);
    }

    /// Nobody has anything for minutes any more: what is not sold and not blocked is free.
    fn end(&mut self) {
        let sales: Vec<_> = self.stadium.club.till.all::<Sale>().map(|sale| sale.id).collect();
        for sale in sales {
            if self.stadium.club.sale(sale).state == SaleState::AwaitingPayment {
                self.stadium.club.answer(sale, 1, CallResult::Declined(DeclineReason::Soft));
            }
        }
        self.stadium.club.till.pass(Span::minutes(60));
        let holds: Vec<_> = self.stadium.club.till.all::<Reservation>().map(|it| it.id).collect();
        for hold in &holds {
            self.stadium.expire(*hold);
        }
        for hold in holds {
            let state = self.stadium.reservation(hold).state;
            assert!(matches!(state, ReservationState::Used | ReservationState::Ended), "{state:?}");
        }
        let sold: u32 = self
            .stadium
            .club
            .till
            .all::<Sale>()
            .filter(|sale| sale.state == SaleState::Issued)
            .map(Sale::admissions)
            .sum();
        let blocked = self.stadium.block(&all_seats(), false).unwrap().changed.len();
        let free: u32 = self.stadium.club.till.all::<SeatBlock>().map(|block| block.free).sum();
        assert_eq!(free + sold, 26, "{blocked} were blocked");
    }
}

fn all_seats() -> Vec<u32> {
    let rows = [(SECTION_A, 1, 10), (SECTION_A, 2, 10), (SECTION_B, 1, 6)];
    let seats = rows
        .iter()
        .flat_map(|(section, row, count)| (0..*count).map(|index| seat(*section, *row, index)));
    seats.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Each seat is with exactly one at every moment, and none is lost in the end.
    #[test]
    fn each_seat_is_with_exactly_one(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut window = Window { stadium: Stadium::new() };
        for step in &steps {
            window.step(step);
        }
        window.end();
    }
}
