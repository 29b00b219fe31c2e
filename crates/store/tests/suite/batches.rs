//! What a batch does with commands that miss, refuse, break and contradict.

use domain::facts::{Facts, Halt, Key};
use domain::ids::{QuotaId, SaleId, Shard};
use domain::ledger::{Account, Posting, PostingKind, Source};
use domain::money::Currency;
use domain::quota::Quota;
use domain::record::Kind;
use domain::refusal::Code;
use domain::sale::Sale;
use store::batch::MISS_ROUNDS_MAX;
use store::engine::Engine;
use store::job::{Answer, Job, submission};
use store::testing::{ADULT, CHILD, GROUND, NOON, TERRACE, dump};
use store::{Fault, SubmitError};

use crate::common::{Bed, Rule, SELLER, on_each_engine, rule};

type Outcome<T> = Result<T, SubmitError>;

fn told<T>(mut answer: Answer<T>) -> Outcome<T> {
    answer.try_recv().expect("answered")
}

/// Writes a quota under each of these numbers, looking at each one first.
fn touch(numbers: Vec<u32>) -> Rule<impl Fn(&mut Facts<'_>) -> Result<u32, Halt> + Send> {
    rule(move |facts| {
        let mut sum = 0;
        for number in &numbers {
            let key = Key::number(SELLER, Kind::Quota, *number);
            let held = facts.look::<Quota>(key)?.map_or(0, |quota| quota.held);
            sum += held;
            let mut quota = Quota::new(SELLER, QuotaId(*number), "touched", None);
            quota.held = held + 1;
            facts.put(quota);
        }
        Ok(sum)
    })
}

fn post(sale: u32) -> Rule<impl Fn(&mut Facts<'_>) -> Result<(), Halt> + Send> {
    rule(move |facts| {
        let posting = Posting {
            shard: SELLER,
            source: Source::Sale(SaleId(sale)),
            step: 1,
            kind: PostingKind::Sold,
            at: NOON,
            currency: Currency::ISK,
            legs: Vec::new(),
        };
        let clearing = Account::GatewayClearing("sandbox".into());
        facts.post(posting.debit(clearing, 5).credit(Account::PlatformFeeIncome, 5));
        Ok(())
    })
}

on_each_engine!(
    later_commands_see_earlier_ones,
    refusals_leave_no_trace,
    a_broken_rule_hurts_only_itself,
    a_rule_sees_only_the_sellers_it_names,
    a_contradiction_hurts_only_the_culprit,
    many_misses_are_loaded_in_rounds,
    who_misses_too_often_leads_the_next_batch,
    strangers_leave_no_row,
    extremes_come_back_whole,
);

/// In one batch each command decides on what those before it decided, in order of arrival.
fn later_commands_see_earlier_ones<E: Engine>(mut bed: Bed<E>) {
    let (mut jobs, mut answers) = (Vec::<Box<dyn Job>>::new(), Vec::new());
    for seed in 0..8 {
        let (job, answer) = submission(bed.shop.order(seed, TERRACE, 1));
        jobs.push(job);
        answers.push(answer);
    }
    assert!(bed.core.run(jobs, bed.now).is_empty());
    let told: Vec<_> = answers.into_iter().map(told).collect();
    let ids: Vec<_> = told.iter().flatten().map(|placed| placed.sale.id.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6], "six places, six sales, in order");
    for late in &told[6..] {
        let Err(SubmitError::Refused(refusal)) = late else { panic!("{late:?}") };
        assert_eq!(refusal.code, Code::SoldOut);
    }
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// A batch of refusals writes nothing, not even a sequence.
fn refusals_leave_no_trace<E: Engine>(mut bed: Bed<E>) {
    // Blocks of numbers that a seller has claimed stay its own, whoever asked for them.
    bed.buy(7, ADULT);
    let before = dump(&*bed.reader).unwrap();
    let refused = bed.run(bed.shop.order(1, TERRACE, 7));
    assert!(matches!(refused, Err(SubmitError::Refused(_))), "{refused:?}");
    bed.shop.revision -= 1;
    let stale = bed.order(1, ADULT);
    assert!(matches!(stale, Err(SubmitError::Stale)), "{stale:?}");
    assert_eq!(dump(&*bed.reader).unwrap(), before);
}

/// A command that panics gets a fault; its neighbours in the batch are decided and stored.
fn a_broken_rule_hurts_only_itself<E: Engine>(mut bed: Bed<E>) {
    let (first, first_answer) = submission(bed.shop.order(1, ADULT, 1));
    let (broken, broken_answer) = submission(rule(|facts: &mut Facts<'_>| -> Result<(), Halt> {
        facts.edit::<Quota>(Key::number(SELLER, Kind::Quota, GROUND.0))?;
        panic!("planted by the test")
    }));
    let (last, last_answer) = submission(bed.shop.order(2, ADULT, 1));
    assert!(bed.core.run(vec![first, broken, last], bed.now).is_empty());
    assert_eq!(told(first_answer).unwrap().sale.id, SaleId(1));
    let fault = told(broken_answer);
    assert!(matches!(fault, Err(SubmitError::Fault(Fault::RuleBroken(_)))), "{fault:?}");
    assert_eq!(told(last_answer).unwrap().sale.id, SaleId(2));
    assert_eq!(bed.findings(), Vec::<String>::new());
}

/// Whoever looks at or changes a seller it has not named gets a fault, whoever else is there.
fn a_rule_sees_only_the_sellers_it_names<E: Engine>(mut bed: Bed<E>) {
    let other = Key::number(Shard(8), Kind::Quota, 1);
    let looks = rule(move |facts: &mut Facts<'_>| facts.share::<Quota>(other).map(drop));
    let changes = rule(move |facts: &mut Facts<'_>| {
        facts.put(Quota::new(Shard(8), QuotaId(1), "not mine", None));
        Ok(())
    });
    let (looks, looked) = submission(looks);
    let (changes, changed) = submission(changes);
    assert!(bed.core.run(vec![looks, changes], bed.now).is_empty());
    for answer in [looked, changed] {
        let fault = told(answer);
        assert!(matches!(fault, Err(SubmitError::Fault(Fault::RuleBroken(_)))), "{fault:?}");
    }
}

/// Two commands of a batch write the same posting: the first is stored, the second gets a
/// fault, and so does one that comes later.
fn a_contradiction_hurts_only_the_culprit<E: Engine>(mut bed: Bed<E>) {
    let (first, first_answer) = submission(post(900));
    let (order, order_answer) = submission(bed.shop.order(1, ADULT, 1));
    let (again, again_answer) = submission(post(900));
    assert!(bed.core.run(vec![first, order, again], bed.now).is_empty());
    assert_eq!(told(first_answer), Ok(()));
    assert_eq!(told(order_answer).unwrap().sale.id, SaleId(1));
    for fault in [told(again_answer), bed.run(post(900))] {
        assert!(matches!(fault, Err(SubmitError::Fault(Fault::Constraint(_)))), "{fault:?}");
    }
    assert_eq!(dump(&*bed.reader).unwrap().postings.len(), 1);
    // A sale whose number was given out before contradicts too.
    let sale = bed.order(2, ADULT).unwrap().sale;
    bed.core.forget_everything();
    let fault = bed.run(rule(move |facts: &mut Facts<'_>| {
        facts.put(Sale { id: SaleId(1), ..Sale::clone(&sale) });
        Ok(())
    }));
    assert!(matches!(fault, Err(SubmitError::Fault(Fault::Constraint(_)))), "{fault:?}");
}

/// A command that foresees nothing is decided all the same, however much it looks at.
fn many_misses_are_loaded_in_rounds<E: Engine>(mut bed: Bed<E>) {
    let numbers: Vec<u32> = (100..160).collect();
    assert_eq!(bed.run(touch(numbers.clone())), Ok(0));
    let (first, first_answer) = submission(touch(numbers.clone()));
    let (second, second_answer) = submission(touch(numbers));
    let later = bed.core.run(vec![first, second], bed.now);
    assert!(later.is_empty(), "what was written is in memory");
    assert_eq!((told(first_answer), told(second_answer)), (Ok(60), Ok(120)));
}

/// The commands before it are committed and answered; it and those behind it come next, in
/// their order.
fn who_misses_too_often_leads_the_next_batch<E: Engine>(mut bed: Bed<E>) {
    let count = u32::try_from(MISS_ROUNDS_MAX).unwrap() + 5;
    let (first, first_answer) = submission(bed.shop.order(1, ADULT, 1));
    let (long, mut long_answer) = submission(touch((500..500 + count).collect()));
    let (last, mut last_answer) = submission(touch(vec![500]));
    let later = bed.core.run(vec![first, long, last], bed.now);
    assert_eq!(later.len(), 2);
    assert_eq!(told(first_answer).unwrap().sale.id, SaleId(1));
    assert!(long_answer.try_recv().is_err() && last_answer.try_recv().is_err());
    assert!(bed.core.run(later, bed.now).is_empty());
    assert_eq!((told(long_answer), told(last_answer)), (Ok(0), Ok(1)));
}

/// A handle that somebody made up names a seller that does not exist; locking it stores nothing.
fn strangers_leave_no_row<E: Engine>(mut bed: Bed<E>) {
    let stranger = Rule {
        shard: Shard(4_000_000_000),
        decide: |facts: &mut Facts<'_>| {
            facts.share::<Sale>(Sale::key_of(Shard(4_000_000_000), SaleId(1))).map(drop)
        },
    };
    let (stranger, nothing) = submission(stranger);
    let (order, placed) = submission(bed.shop.order(1, CHILD, 1));
    assert!(bed.core.run(vec![stranger, order], bed.now).is_empty());
    assert_eq!(told(nothing), Ok(()));
    assert!(told(placed).is_ok());
    assert_eq!(dump(&*bed.reader).unwrap().shards, [SELLER]);
}

/// The largest numbers and strangest texts come back as they went in.
fn extremes_come_back_whole<E: Engine>(mut bed: Bed<E>) {
    let name = "\u{0}\"'\\ \u{1F3DF} ß".to_owned();
    let mut quota = Quota::new(SELLER, QuotaId(u32::MAX), name, Some(u32::MAX));
    quota.held = u32::MAX;
    let stored = quota.clone();
    bed.run(rule(move |facts: &mut Facts<'_>| {
        facts.put(stored.clone());
        Ok(())
    }))
    .unwrap();
    let records = dump(&*bed.reader).unwrap().records;
    assert!(records.contains(&domain::record::Record::Quota(quota.into())));
}
