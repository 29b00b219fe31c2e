//! Refunds of which nobody knows what became: what is in doubt counts as gone, so that nothing goes
//! back twice, until a person has found out.

use domain::attempt::{Attempt, AttemptState, CallResult, DeclineReason, Next, REVIEW_AFTER};
use domain::ids::SaleId;
use domain::record::Aggregate;
use domain::refusal::Code;
use domain::sale::refund::RefundWhat;
use domain::sale::{Sale, SaleState, Verdict};
use domain::task::{Task, TaskKind};

use crate::common::{Club, approved, code, declined, unknown, wanted};

const SALE: SaleId = SaleId(1);

/// Two tickets of 5 000; attempt 2, a refund of 1 000, was silent for a day.
fn in_doubt() -> Club {
    let mut club = Club::with_two_sold();
    club.refund(SALE, wanted(RefundWhat::Amount(1_000))).unwrap();
    club.till.pass(REVIEW_AFTER);
    club.answer(SALE, 2, unknown());
    assert_eq!(club.sale(SALE).in_doubt().map(|attempt| attempt.number), Some(2));
    club
}

/// The attempts after the charge, as amounts, and what is owed and kept.
fn told(sale: &Sale) -> (Vec<i64>, i64, i64) {
    let amounts = sale.attempts[1..].iter().map(|attempt| attempt.amount).collect();
    (amounts, sale.owed(), sale.paid())
}

/// While it is in doubt whether a refund went through no other one is begun, whatever is asked.
#[test]
fn nothing_goes_back_beside_a_doubt() {
    for what in [RefundWhat::Amount(1_000), RefundWhat::Admissions(vec![1]), RefundWhat::Whole] {
        let mut club = in_doubt();
        let before = club.sale(SALE).clone();
        assert_eq!(code(club.refund(SALE, wanted(what.clone()))), Code::RefundPending, "{what:?}");
        assert_eq!(*club.sale(SALE), before);
        assert_eq!(before.funds()[0].amount, 9_000, "what is in doubt counts as gone");
    }
}

/// Whatever a person finds out, or the gateway says late, the next refund asks for the rest alone.
#[test]
fn a_refund_after_a_doubt_is_the_rest() {
    let check = |settle: fn(&mut Club), expected: (Vec<i64>, i64, i64)| {
        let mut club = in_doubt();
        settle(&mut club);
        club.refund(SALE, wanted(RefundWhat::Amount(2_000))).unwrap();
        assert_eq!(told(club.sale(SALE)), expected);
    };
    let moved = |club: &mut Club| {
        club.review(SALE, Verdict::Moved("by the gateway".into())).unwrap();
    };
    check(moved, (vec![1_000, 2_000], 2_000, 9_000));
    let not_moved = |club: &mut Club| {
        let again = club.review(SALE, Verdict::NotMoved).unwrap();
        assert!(matches!(again.next, Next::Call(_)), "it is still owed: {:?}", again.next);
        club.answer(SALE, 3, approved());
    };
    check(not_moved, (vec![1_000, 1_000, 2_000], 2_000, 9_000));
    let late = |club: &mut Club| drop(club.answer(SALE, 2, approved()));
    check(late, (vec![1_000, 2_000], 2_000, 9_000));
    // What was declined a person pays back, with all that is owed from then on.
    let refused = |club: &mut Club| {
        club.answer(SALE, 2, CallResult::Declined(DeclineReason::Soft));
    };
    check(refused, (vec![1_000], 3_000, 10_000));
}

/// The oldest doubt is asked about first, and each can be settled, also one behind a later try.
#[test]
fn doubts_are_settled_one_by_one() {
    let mut club = Club::with_two_sold();
    club.refund(SALE, wanted(RefundWhat::Amount(1_000))).unwrap();
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    // The first one got through after all, so the second is only fenced; nobody answers.
    club.answer(SALE, 2, approved());
    club.till.pass(REVIEW_AFTER);
    club.answer(SALE, 3, unknown());
    assert_eq!(code(club.refund(SALE, wanted(RefundWhat::Amount(500)))), Code::RefundPending);
    let settled = club.review(SALE, Verdict::NotMoved).unwrap();
    assert_eq!((settled.next, settled.sale.in_doubt()), (Next::Done, None));
    club.refund(SALE, wanted(RefundWhat::Amount(500))).unwrap();
    assert_eq!(told(club.sale(SALE)), (vec![1_000, 1_000, 500], 500, 9_000));
}

/// After too much went back a new refund is set off against it: nothing is sent until more is owed.
#[test]
fn what_went_back_too_often_is_set_off() {
    let mut club = Club::with_two_sold();
    club.refund(SALE, wanted(RefundWhat::Amount(1_000))).unwrap();
    club.answer(SALE, 2, declined());
    club.review(SALE, Verdict::NotMoved).unwrap();
    club.answer(SALE, 3, approved());
    assert_eq!(club.answer(SALE, 2, approved()).sale.owed(), -1_000, "both got through");
    let set_off = club.refund(SALE, wanted(RefundWhat::Amount(500))).unwrap();
    assert_eq!((set_off.next, set_off.sale.owed()), (Next::Done, -500));
    club.refund(SALE, wanted(RefundWhat::Amount(2_000))).unwrap();
    assert_eq!(told(club.sale(SALE)), (vec![1_000, 1_000, 1_500], 1_500, 8_000));
    let done = club.answer(SALE, 4, approved()).sale;
    assert_eq!((done.state, done.owed(), done.paid()), (SaleState::Issued, 0, 6_500));
}

/// Where more than one payment is in doubt a verdict must say which it is about; said again, it
/// changes nothing and does not settle another one.
#[test]
fn a_verdict_names_its_payment() {
    let mut club = two_doubts();
    let nameless = club.review(SALE, Verdict::NotMoved);
    assert_eq!(code(nameless), Code::ValidationFailed);
    let settled = club.review_of(Some(1), SALE, Verdict::NotMoved).unwrap();
    assert_eq!(settled.sale.in_doubt().map(|attempt| attempt.number), Some(2));
    let before = club.till.records.clone();
    let again = club.review_of(Some(1), SALE, Verdict::NotMoved).unwrap();
    assert_eq!((again.next, &club.till.records), (Next::Done, &before));
    let contrary = club.review_of(Some(1), SALE, Verdict::Moved("pay_7".into()));
    assert_eq!((code(contrary), &club.till.records), (Code::NotUnderReview, &before));
    club.review_of(Some(2), SALE, Verdict::Moved("back_7".into())).unwrap();
    assert_eq!((club.sale(SALE).in_doubt(), club.sale(SALE).owed()), (None, 0));
}

/// A sold order of which neither the charge nor a refund of 1 000 is known.
fn two_doubts() -> Club {
    let mut club = in_doubt();
    let mut sale = club.sale(SALE).clone();
    let second = Attempt { number: 3, key: "att_second".into(), ..sale.attempts[0].clone() };
    let unknown =
        Attempt { moved: 0, state: AttemptState::Review, approval: None, ..second.clone() };
    let (number, key) = (1, sale.attempts[0].key.clone());
    sale.attempts[0] = Attempt { number, key, ..unknown };
    sale.attempts.push(second);
    club.till.records.insert(sale.key(), Sale::into_record(sale.into()));
    club
}

/// A refund in doubt asks a person to find out, with its key and its own amount, not to pay.
#[test]
fn a_doubt_is_told_as_one() {
    let club = in_doubt();
    let task = club.till.all::<Task>().next().unwrap();
    assert_eq!((task.kind, task.amount), (TaskKind::PaymentInDoubt, 1_000));
    assert!(task.text.contains(&club.sale(SALE).attempts[1].key), "{}", task.text);
}
