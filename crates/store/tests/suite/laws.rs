//! A batch does what its commands do one by one on an empty cache, and a warm cache does what a
//! cold one does: whatever the commands, in whatever order, on each engine.

use domain::attempt::{CallResult, DeclineReason};
use domain::ids::{SaleId, TicketTypeId};
use domain::sale::{Advance, AdvanceEvent, ReviewSale, Verdict};
use domain::time::Span;
use proptest::prelude::*;
use store::SubmitError;
use store::engine::Engine;
use store::job::{Answer, Job, submission};
use store::testing::{ADULT, CHILD, Dump, GROUND, TERRACE, TERRACE_ROWS, approved, dump, identity};

use crate::common::{Bed, SELLER};

/// How long a test waits between two batches: to the next question, to midnight, to the review.
const PAUSES: [Span; 5] =
    [Span::ZERO, Span::seconds(1), Span::minutes(2), Span::hours(12), Span::hours(25)];

/// One command, as far as chance decides it.
#[derive(Clone, Debug)]
enum Step {
    Order { ticket_type: TicketTypeId, count: i64, key: u8, signed: Option<u8>, resumable: bool },
    Mark { sale: u32 },
    Answer { sale: u32, attempt: u8, result: CallResult },
    Resume { sale: u32 },
    Review { sale: u32, moved: bool },
    Limit { terrace: bool, limit: Option<u32> },
    Switch { active: bool },
}

/// Some steps that arrive together, and how long after the last ones.
#[derive(Clone, Debug)]
struct Wave {
    pause: Span,
    steps: Vec<Step>,
}

fn any_result() -> impl Strategy<Value = CallResult> {
    prop_oneof![
        4 => Just(approved()),
        1 => Just(CallResult::PartiallyApproved(Default::default(), 3_000)),
        2 => Just(CallResult::Declined(DeclineReason::Soft)),
        1 => Just(CallResult::NotExecuted("refused by the test".into())),
        1 => Just(CallResult::NotFound),
        2 => Just(CallResult::Unknown("silence".into())),
        1 => Just(CallResult::Pending("later".into())),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let ticket_type = prop_oneof![Just(ADULT), Just(CHILD), Just(TERRACE)];
    let sale = 1..12_u32;
    let attempt = prop_oneof![5 => Just(1_u8), 2 => Just(2), 1 => Just(3)];
    prop_oneof![
        6 => (ticket_type, 1..5_i64, 0..12_u8, prop::option::of(0..6_u8), any::<bool>()).prop_map(
            |(ticket_type, count, key, signed, resumable)| {
                Step::Order { ticket_type, count, key, signed, resumable }
            }
        ),
        1 => sale.clone().prop_map(|sale| Step::Mark { sale }),
        8 => (sale.clone(), attempt, any_result())
            .prop_map(|(sale, attempt, result)| Step::Answer { sale, attempt, result }),
        3 => sale.clone().prop_map(|sale| Step::Resume { sale }),
        2 => (sale, any::<bool>()).prop_map(|(sale, moved)| Step::Review { sale, moved }),
        1 => (any::<bool>(), prop::option::of(0..20_u32))
            .prop_map(|(terrace, limit)| Step::Limit { terrace, limit }),
        1 => any::<bool>().prop_map(|active| Step::Switch { active }),
    ]
}

fn any_waves() -> impl Strategy<Value = Vec<Wave>> {
    let pause = prop::sample::select(&PAUSES[..]);
    let steps = prop::collection::vec(any_step(), 1..12);
    prop::collection::vec((pause, steps).prop_map(|(pause, steps)| Wave { pause, steps }), 1..8)
}

/// Waits for an outcome of any type, in words that can be compared.
type Told = Box<dyn FnOnce() -> String>;

fn told<T: std::fmt::Debug + 'static>(mut answer: Answer<T>) -> Told {
    Box::new(move || match answer.try_recv().expect("answered") {
        Ok(outcome) => format!("{outcome:?}"),
        Err(SubmitError::Fault(fault)) => panic!("{fault}"),
        Err(error) => format!("{error:?}"),
    })
}

fn job<E: Engine>(bed: &mut Bed<E>, step: &Step) -> (Box<dyn Job>, Told) {
    fn wrap<C: domain::facts::Command>(command: C) -> (Box<dyn Job>, Told)
    where
        C::Outcome: std::fmt::Debug,
    {
        let (job, answer) = submission(command);
        (job, told(answer))
    }
    let advance =
        |sale: u32, event| Advance { shard: SELLER, sale: SaleId(sale), partner: None, event };
    match step.clone() {
        Step::Order { ticket_type, count, key, signed, resumable } => {
            let mut order = bed.shop.order(key.into(), ticket_type, count);
            // An odd one comes with two bodies.
            order.marks.signature =
                signed.map(|hash| identity(hash.into(), (hash & key & 1).into()));
            order.tender.instrument = Some(store::testing::card(resumable));
            wrap(order)
        }
        Step::Mark { sale } => wrap(advance(sale, AdvanceEvent::Marked(1))),
        Step::Answer { sale, attempt, result } => {
            wrap(advance(sale, AdvanceEvent::Result(attempt, result)))
        }
        Step::Resume { sale } => wrap(advance(sale, AdvanceEvent::Resume { node: 0 })),
        Step::Review { sale, moved } => {
            let verdict = if moved { Verdict::Moved("found".into()) } else { Verdict::NotMoved };
            wrap(ReviewSale {
                shard: SELLER,
                sale: SaleId(sale),
                partner: None,
                payment: None,
                verdict,
                note: None,
            })
        }
        Step::Limit { terrace, limit } => {
            let change = bed.shop.limit(if terrace { TERRACE_ROWS } else { GROUND }, limit);
            bed.shop.revision += 1;
            wrap(change)
        }
        Step::Switch { active } => {
            bed.shop.active = active;
            let change = bed.shop.publish();
            bed.shop.revision += 1;
            wrap(change)
        }
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
    let mut answers = Vec::new();
    for wave in waves {
        bed.now = bed.now.after(wave.pause);
        let mut batch = Vec::new();
        for step in &wave.steps {
            let (job, told) = job(&mut bed, step);
            answers.push(told);
            batch.push(job);
            if way != Way::Batches {
                run(&mut bed, std::mem::take(&mut batch), way);
            }
        }
        run(&mut bed, batch, way);
    }
    let answers = answers.into_iter().map(|told| told()).collect();
    assert_eq!(bed.findings(), Vec::<String>::new());
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

fn compare<E: Engine>(
    waves: &[Wave],
    new: impl Fn() -> Bed<E>,
    ways: &[Way],
    expected: &(Vec<String>, Dump),
) {
    for way in ways {
        let (answers, stored) = outcome(new(), waves, *way);
        assert_eq!(answers, expected.0);
        assert_eq!(stored, expected.1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// The laws in memory, and after every run the sums: places, books, work table.
    #[test]
    fn laws_hold_in_memory(waves in any_waves()) {
        let expected = outcome(Bed::memory(), &waves, Way::Cold);
        compare(&waves, Bed::memory, &[Way::Batches, Way::Warm], &expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// SQLite tells and stores what memory does.
    #[test]
    fn laws_hold_on_sqlite(waves in any_waves()) {
        let expected = outcome(Bed::memory(), &waves, Way::Cold);
        compare(&waves, Bed::sqlite, &[Way::Batches, Way::Cold], &expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// So does PostgreSQL.
    #[test]
    fn laws_hold_on_postgres(waves in any_waves()) {
        if Bed::postgres().is_some() {
            let expected = outcome(Bed::memory(), &waves, Way::Cold);
            let new = || Bed::postgres().expect("it was there a moment ago");
            compare(&waves, new, &[Way::Batches, Way::Cold], &expected);
        }
    }
}
