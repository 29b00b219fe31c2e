//! For commands about seats, too: a batch does what its commands do one by one, with a warm memory
//! and with an empty one, and what is stored in the end holds together.

use std::sync::Arc;

use domain::attempt::{CallResult, DeclineReason};
use domain::facts::Command;
use domain::ids::{EventId, ReservationId, SaleId};
use domain::offer::Offer;
use domain::sale::{Buyer, PlaceOrder, ReservedFor};
use domain::seating::{ExpireReservation, ReleaseSeats, ReserveSeats, SeatBuyer};
use domain::time::Span;
use domain::token::{Secret, Token};
use proptest::prelude::*;
use store::engine::Engine;
use store::job::{Answer, Job, submission};
use store::testing::{ADULT, Dump, Stadium, StadiumSize, answer, approved, dump};

use crate::common::{Bed, SELLER};

const SIZE: StadiumSize = StadiumSize { sections: 2, rows: 1, seats: 6 };

/// The first seats of both sections.
const SEATS: [u32; 4] = [100_500, 100_501, 200_500, 200_501];

/// All holds have it, so that a command can name one that is still to be made.
const SECRET: Secret = Secret([7; 16]);

/// One command, as far as chance decides it.
#[derive(Clone, Debug)]
enum Step {
    Find { buyer: u8, quantity: u16 },
    Choose { buyer: u8, seats: Vec<u32> },
    Release { buyer: u8, hold: u32 },
    Order { buyer: u8, hold: u32, count: i64 },
    Answer { sale: u32, charged: bool },
    Expire { hold: u32 },
}

/// Some steps that arrive together, and how long after the last ones.
type Wave = (Span, Vec<Step>);

fn any_step() -> impl Strategy<Value = Step> {
    let (buyer, hold) = (0..2_u8, 1..6_u32);
    prop_oneof![
        4 => (buyer.clone(), 1..5_u16).prop_map(|(buyer, quantity)| Step::Find { buyer, quantity }),
        3 => (buyer.clone(), prop::sample::subsequence(&SEATS[..], 1..3))
            .prop_map(|(buyer, seats)| Step::Choose { buyer, seats }),
        1 => (buyer.clone(), hold.clone())
            .prop_map(|(buyer, hold)| Step::Release { buyer, hold }),
        6 => (buyer, hold.clone(), 1..4_i64)
            .prop_map(|(buyer, hold, count)| Step::Order { buyer, hold, count }),
        4 => (1..6_u32, any::<bool>()).prop_map(|(sale, charged)| Step::Answer { sale, charged }),
        1 => hold.prop_map(|hold| Step::Expire { hold }),
    ]
}

fn any_waves() -> impl Strategy<Value = Vec<Wave>> {
    let pause = prop::sample::select(vec![Span::ZERO, Span::minutes(6), Span::minutes(11)]);
    prop::collection::vec((pause, prop::collection::vec(any_step(), 1..12)), 1..6)
}

fn hold(number: u32) -> Token {
    Token { shard: SELLER, number, secret: SECRET }
}

fn device(buyer: u8) -> Buyer {
    Buyer { device_id: Some(buyer.to_string()), ..Buyer::default() }
}

struct Window {
    stadium: Stadium,
    offer: Arc<Offer>,
}

type Told = Box<dyn FnOnce() -> String>;

fn submitted<C: Command>(command: C) -> (Box<dyn Job>, Told)
where
    C::Outcome: std::fmt::Debug,
{
    let (job, answer) = submission(command);
    let mut answer: Answer<C::Outcome> = answer;
    (job, Box::new(move || format!("{:?}", answer.try_recv().expect("answered"))))
}

impl Window {
    fn job(&self, step: &Step) -> (Box<dyn Job>, Told) {
        match step {
            Step::Find { buyer, quantity } => {
                let mut find = self.stadium.find(&self.offer, 0, *quantity);
                find.request.secret = SECRET;
                find.request.buyer = SeatBuyer::of(&device(*buyer));
                submitted(find)
            }
            Step::Choose { buyer, seats } => {
                let mut request = self.stadium.find(&self.offer, 0, 1).request;
                request.secret = SECRET;
                request.buyer = SeatBuyer::of(&device(*buyer));
                submitted(ReserveSeats { request, seats: seats.clone() })
            }
            Step::Release { buyer, hold: number } => submitted(ReleaseSeats {
                shard: SELLER,
                event: EventId(1),
                reservation: hold(*number),
                buyer: SeatBuyer::of(&device(*buyer)),
                seats: Vec::new(),
            }),
            Step::Order { buyer, hold, count } => submitted(self.order(*buyer, *hold, *count)),
            Step::Answer { sale, charged } => {
                let declined = CallResult::Declined(DeclineReason::Soft);
                let result = if *charged { approved() } else { declined };
                submitted(answer(SELLER, SaleId(*sale), result))
            }
            Step::Expire { hold } => {
                let reservation = ReservationId(*hold);
                submitted(ExpireReservation { shard: SELLER, reservation })
            }
        }
    }

    fn order(&self, buyer: u8, number: u32, count: i64) -> PlaceOrder {
        let seed = u64::from(number) << 8 | u64::from(buyer);
        let mut order = self.stadium.shop.order_of(Arc::clone(&self.offer), seed, ADULT, count);
        order.marks.key = None;
        order.buyer = device(buyer);
        order.reservation = Some(ReservedFor { token: hold(number), request: seed.into() });
        order
    }
}

/// How the commands are run.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Each wave is a batch.
    Batches,
    /// One by one with what is in memory from before.
    Warm,
    /// One by one, each time with an empty memory.
    Cold,
}

/// What everybody was told, and what is stored in the end.
fn outcome<E: Engine>(mut bed: Bed<E>, waves: &[Wave], way: Way) -> (Vec<String>, Dump) {
    let mut stadium = Stadium::new(SELLER, SIZE);
    bed.run(stadium.draw()).unwrap();
    stadium.shop.revision = bed.shop.revision;
    stadium.shop.revision = bed.run(stadium.publish()).unwrap();
    let window = Window { offer: stadium.offer(), stadium };
    let mut answers = Vec::new();
    for (pause, steps) in waves {
        bed.now = bed.now.after(*pause);
        let mut batch = Vec::new();
        for step in steps {
            let (job, told) = window.job(step);
            answers.push(told);
            batch.push(job);
            if way != Way::Batches {
                run(&mut bed, std::mem::take(&mut batch), way);
            }
        }
        run(&mut bed, batch, way);
    }
    assert_eq!(bed.findings(), Vec::<String>::new());
    let answers = answers.into_iter().map(|told| told()).collect();
    (answers, dump(&*bed.reader).unwrap())
}

fn run<E: Engine>(bed: &mut Bed<E>, mut jobs: Vec<Box<dyn Job>>, way: Way) {
    if way == Way::Cold {
        bed.core.forget_everything();
    }
    while !jobs.is_empty() {
        jobs = bed.core.run(jobs, bed.now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// The law in memory, and after every run the check of seats.
    #[test]
    fn seats_are_the_same_in_batches(waves in any_waves()) {
        let expected = outcome(Bed::memory(), &waves, Way::Cold);
        for way in [Way::Batches, Way::Warm] {
            prop_assert_eq!(&outcome(Bed::memory(), &waves, way), &expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// SQLite tells and stores what memory does.
    #[test]
    fn seats_are_the_same_on_sqlite(waves in any_waves()) {
        let expected = outcome(Bed::memory(), &waves, Way::Cold);
        prop_assert_eq!(&outcome(Bed::sqlite(), &waves, Way::Batches), &expected);
    }
}
