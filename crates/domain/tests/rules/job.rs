//! Long work: every sale once, whoever works and however often it is interrupted.

use domain::attempt::Next;
use domain::audit::AuditRecord;
use domain::ids::SaleId;
use domain::job::{JOB_LEASE, JOB_PAUSE, Job, JobKind, JobPass, JobState, JobStep};
use domain::job::{LeaveOut, StartJob, Stepped, StopJob};
use domain::refusal::Code;
use domain::sale::SaleState;

use crate::common::{ADULT, Club, EVENT, GROUND, SHARD, approved, code, note};

/// Three orders of an adult each, paid.
fn three_sold() -> Club {
    let mut club = Club::new();
    for number in 1..=3 {
        let order = club.order(&[(ADULT, 1)]);
        club.place(&order).unwrap();
        club.answer(SaleId(number), 1, approved());
    }
    club
}

fn begin(kind: JobKind) -> StartJob {
    StartJob {
        shard: SHARD,
        event: EVENT,
        kind,
        cancel_event: true,
        force: false,
        reason: "storm".into(),
        by: "office".into(),
        note: note(),
    }
}

fn start(club: &mut Club, kind: JobKind) -> Job {
    Job::clone(&*club.till.run(&begin(kind)).unwrap())
}

fn step(
    club: &mut Club,
    job: &Job,
    sale: u32,
    worker: u32,
) -> Result<Stepped, domain::facts::Halt> {
    let step = JobStep { shard: SHARD, job: job.id, sale: SaleId(sale), partner: None, worker };
    club.till.run(&step)
}

fn now(club: &Club, job: &Job) -> Job {
    club.till.find::<Job>(Job::key_of(SHARD, job.id)).unwrap().clone()
}

/// An event that is cancelled sells nothing more; its sales are refunded one by one, and the job
/// says how far it is.
#[test]
fn an_event_is_refunded_sale_by_sale() {
    let mut club = three_sold();
    let job = start(&mut club, JobKind::Refund);
    assert_eq!(start(&mut club, JobKind::Refund), job, "the same again is the same job");
    club.event.rules.cancelled = true;
    let order = club.order(&[(ADULT, 1)]);
    assert_eq!(code(club.place(&order)), Code::EventNotActive);
    for sale in 1..=3 {
        let Ok(Stepped::Done(done, next)) = step(&mut club, &job, sale, 0) else { panic!() };
        assert!(matches!(next, Next::Call(_)));
        assert_eq!((done.state, done.refunds[0].by.as_str()), (SaleState::Returning, "office"));
        let job = now(&club, &job);
        assert_eq!((job.after, job.progress.done), (SaleId(sale), sale));
        assert_eq!(code(step(&mut club, &job, sale, 0)), Code::RefundPending, "once");
    }
    club.till.run(&JobPass { shard: SHARD, job: job.id, worker: 0 }).unwrap();
    let job = now(&club, &job);
    assert_eq!((job.state, job.progress.money), (JobState::Done, 15_000));
    assert_eq!((club.taken(GROUND), job.due()), ((0, 0), None));
    assert!(matches!(step(&mut club, &job, 3, 0), Ok(Stepped::NotOurs)));
}

/// Without refunds the sales end and the money stays.
#[test]
fn an_event_is_cancelled_without_refunds() {
    let mut club = three_sold();
    let job = start(&mut club, JobKind::Cancel);
    let Ok(Stepped::Done(sale, next)) = step(&mut club, &job, 1, 0) else { panic!() };
    assert_eq!((sale.state, next), (SaleState::Cancelled, Next::Done));
    assert_eq!(club.taken(GROUND), (0, 2));
}

/// A worker has a job to itself until it was silent for the time of its lease; then another one
/// goes on after the last sale, and the first one has lost it.
#[test]
fn one_worker_at_a_time() {
    let mut club = three_sold();
    let job = start(&mut club, JobKind::Refund);
    assert!(matches!(step(&mut club, &job, 1, 1), Ok(Stepped::Done(..))));
    assert!(matches!(step(&mut club, &job, 2, 2), Ok(Stepped::NotOurs)));
    club.till.pass(JOB_LEASE);
    assert!(matches!(step(&mut club, &job, 2, 2), Ok(Stepped::Done(..))));
    assert!(matches!(step(&mut club, &job, 3, 1), Ok(Stepped::NotOurs)));
    assert_eq!(now(&club, &job).progress.done, 2);
}

/// What must wait is looked at again later; what cannot be done is counted by its code.
#[test]
fn sales_that_wait_are_looked_at_again() {
    let mut club = three_sold();
    club.scan(SaleId(2), 1);
    let job = start(&mut club, JobKind::Refund);
    assert_eq!(code(step(&mut club, &job, 2, 0)), Code::TicketUsed);
    let leave = |club: &mut Club, sale: u32, code: Code| {
        let (shard, job, sale) = (SHARD, job.id, SaleId(sale));
        assert!(club.till.run(&LeaveOut { shard, job, sale, code, worker: 0 }).unwrap());
    };
    leave(&mut club, 2, Code::TicketUsed);
    leave(&mut club, 3, Code::TicketNotPaid);
    club.till.run(&JobPass { shard: SHARD, job: job.id, worker: 0 }).unwrap();
    let waiting = now(&club, &job);
    assert_eq!((waiting.state, waiting.after), (JobState::Running, SaleId(0)));
    assert_eq!(waiting.due(), Some(club.till.now.after(JOB_PAUSE)));
    leave(&mut club, 2, Code::TicketUsed);
    let left_out = now(&club, &job).progress.left_out;
    assert_eq!(left_out.get("TicketUsed"), Some(&1), "each pass counts anew: {left_out:?}");
    club.till.run(&JobPass { shard: SHARD, job: job.id, worker: 0 }).unwrap();
    assert_eq!(now(&club, &job).state, JobState::Done);
}

/// A job that runs is the answer to the same wish alone. Another one is refused and changes
/// nothing, not even the event; and that a repeat cancels the event stands in the audit.
#[test]
fn a_running_job_answers_its_own_wish_only() {
    let mut club = three_sold();
    let refunds = StartJob { cancel_event: false, ..begin(JobKind::Refund) };
    let job = Job::clone(&*club.till.run(&refunds).unwrap());
    let before = club.till.records.clone();
    for other in [begin(JobKind::Cancel), StartJob { force: true, ..begin(JobKind::Refund) }] {
        assert_eq!(code(club.till.run(&other)), Code::RequestInProgress);
        assert_eq!(club.till.records, before);
    }
    let told = |club: &Club| club.till.all::<AuditRecord>().count();
    assert_eq!(told(&club), 1);
    for _ in 0..2 {
        assert_eq!(start(&mut club, JobKind::Refund), job);
        assert_eq!(told(&club), 2, "the event was cancelled once");
    }
    let stop = StopJob { shard: SHARD, job: job.id, note: note() };
    club.till.run(&stop).unwrap();
    assert_ne!(start(&mut club, JobKind::Cancel).id, job.id);
}

/// A stopped job does nothing more, and the next one is another.
#[test]
fn a_job_is_stopped() {
    let mut club = three_sold();
    let job = start(&mut club, JobKind::Refund);
    step(&mut club, &job, 1, 0).unwrap();
    let stop = StopJob { shard: SHARD, job: job.id, note: note() };
    assert_eq!(club.till.run(&stop).unwrap().state, JobState::Stopped);
    assert!(matches!(step(&mut club, &job, 2, 0), Ok(Stepped::NotOurs)));
    assert_eq!(now(&club, &job).due(), None);
    assert_ne!(start(&mut club, JobKind::Refund).id, job.id);
    let unknown = StopJob { shard: SHARD, job: domain::ids::JobId(99), note: note() };
    assert_eq!(code(club.till.run(&unknown)), Code::JobNotFound);
}
