//! What nobody knows, and what comes late.

use domain::attempt::{AttemptState, CallResult, CallVerb, DeclineReason, PushTerms, Verb};
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{SaleState, TenderPart, Verdict};
use domain::task::Task;

use super::model::Mood;
use super::stage::{SALE, Stage, gift_card, part, part_of};
use crate::common::{approved, code, declined, partly, plain, resumable, unknown};

fn ab() -> [TenderPart; 2] {
    [part("a", Some(100)), part("b", None)]
}

fn states(stage: &Stage) -> Vec<(Verb, AttemptState)> {
    stage.sale().attempts.iter().map(|attempt| (attempt.verb, attempt.state)).collect()
}

/// While one part is unknown nothing else is asked; what it turns out to be decides.
#[test]
fn an_unknown_part_stops_the_rest() {
    let check = |mood, asked: &[i64]| {
        let mut stage = Stage::new(&[mood]);
        stage.sell(300, &ab());
        let sale = stage.sale();
        assert_eq!((sale.state, sale.attempts.len()), (SaleState::AwaitingPayment, 1), "{mood:?}");
        stage.settle();
        let gone = stage.sale().attempts[1].amount;
        assert_eq!([100, gone], *asked, "{mood:?}");
        assert_eq!(stage.sale().state, SaleState::Issued);
        stage.check_end(&format!("{mood:?}"));
    };
    check(Mood::Lost, &[100, 200]);
    check(Mood::Dropped, &[100, 300]);
}

/// A gateway that cannot be asked leaves it to a person, whose word lets the rest go on.
#[test]
fn a_person_settles_a_part() {
    let check = |verdict: Verdict, asked: i64| {
        let mut stage = Stage::new(&[Mood::Lost]);
        stage.sell(300, &[part_of("a", Some(100), plain()), part("b", None)]);
        stage.settle();
        assert_eq!(stage.sale().state, SaleState::UnderReview);
        stage.review(1, verdict);
        assert_eq!(stage.sale().attempts[1].amount, asked);
        assert_eq!(stage.sale().state, SaleState::Issued);
    };
    check(Verdict::Moved("ref".into()), 200);
    check(Verdict::NotMoved, 300);
}

/// A payer who is asked is waited for, and the parts after it as well.
#[test]
fn a_payer_is_waited_for() {
    let phone = domain::attempt::GatewayTerms { push: Some(PushTerms::default()), ..resumable() };
    let mut stage = Stage::new(&[]);
    let parts = [TenderPart { reserves: false, ..part_of("p", Some(100), phone) }, part("b", None)];
    stage.place(300, &parts).unwrap();
    stage.club.answer(SALE, 1, CallResult::Pending("push_1".into()));
    assert_eq!(states(&stage), [(Verb::Charge, AttemptState::Pending)]);
    stage.club.till.pass(PushTerms::default().approval_within);
    let fenced = stage.club.resume_when_due(SALE).next;
    assert!(matches!(&fenced, domain::attempt::Next::Call(call) if call.verb == CallVerb::Fence));
    stage.drive(fenced);
    let second = &stage.sale().attempts[1];
    assert_eq!((second.amount, second.tender), (300, Some(2)), "the payer did not answer");
}

/// A capture is sent again under its key until it is done, and happens once.
#[test]
fn captures_are_repeated() {
    for terms in [resumable(), plain()] {
        for moods in [[Mood::Lost, Mood::Lost], [Mood::Dropped, Mood::NotExecuted]] {
            let mut stage = Stage::new(&[&[Mood::Answer; 2][..], &moods[..]].concat());
            let [a, b] = ["a", "b"].map(|token| part_of(token, Some(150), terms.clone()));
            stage.sell(300, &[a, b]);
            assert_eq!(stage.sale().state, SaleState::AwaitingPayment);
            stage.settle();
            assert_eq!(stage.sale().state, SaleState::Issued, "{moods:?}");
            stage.check_end(&format!("{moods:?}"));
        }
    }
}

/// A capture that is refused waits for a person, who is told every sum; only their word gives the
/// sale up, and then everything goes back.
#[test]
fn a_refused_capture_needs_a_person() {
    let refused = || {
        let mut stage = Stage::new(&[
            Mood::Answer,
            Mood::Answer,
            Mood::Answer,
            Mood::Decline(DeclineReason::HardAccount),
        ]);
        let third = Some(100);
        stage.sell(300, &[gift_card("g", third), part("a", third), part("b", third)]);
        assert_eq!(stage.sale().state, SaleState::UnderReview);
        assert_eq!(states(&stage)[3], (Verb::Capture, AttemptState::Review));
        stage.check_end("the first capture was refused");
        stage
    };
    let stage = refused();
    let task = stage.club.till.all::<Task>().next().unwrap();
    for part in ["refused to take", "3.00", "1.00 is taken", "1.00 only reserved", "key is att_"] {
        assert!(task.text.contains(part), "{part}: {}", task.text);
    }
    let mut stage = refused();
    stage.review(4, Verdict::NotMoved);
    stage.settle();
    assert_eq!(stage.sale().state, SaleState::Returned);
    assert_eq!((stage.gateway.taken(), stage.gateway.reserved()), (0, 0));

    let mut stage = refused();
    stage.club.answer(SALE, 4, declined());
    stage.club.answer(SALE, 4, CallResult::NotExecuted("late".into()));
    assert_eq!(stage.sale().state, SaleState::UnderReview, "no gateway gives a capture up");
    stage.review(4, Verdict::Moved("ref".into()));
    assert_eq!(stage.sale().state, SaleState::Issued);
    assert_eq!(stage.sale().failure, None);
}

/// A capture of less than was reserved breaks a promise: everything goes back.
#[test]
fn a_partial_capture_gives_up() {
    let mut stage = Stage::new(&[]);
    stage.place(300, &ab()).unwrap();
    stage.club.answer(SALE, 1, approved());
    stage.club.answer(SALE, 2, approved());
    stage.club.answer(SALE, 3, partly(99));
    let sale = stage.sale();
    assert_eq!((sale.state, sale.failure), (SaleState::Returning, Some(Code::InsufficientFunds)));
    let sent: Vec<_> = sale.attempts[3..].iter().map(|it| (it.verb, it.amount)).collect();
    assert_eq!(sent, [(Verb::Void, 200), (Verb::Refund, 99)]);
}

/// A day without an answer to a capture ends with a person, and the sale can still be had.
#[test]
fn a_capture_in_doubt_needs_a_person() {
    let mut stage = Stage::new(&[&[Mood::Answer; 2][..], &[Mood::Dropped; 60][..]].concat());
    stage.sell(300, &ab());
    stage.settle();
    assert_eq!(stage.sale().state, SaleState::UnderReview);
    stage.check_end("no capture arrived");
    stage.find_out();
    assert_eq!(stage.sale().state, SaleState::PaymentFailed);
    let late = stage.club.answer(SALE, 3, approved());
    assert_eq!(late.sale.state, SaleState::Returning, "it was captured after all");
    assert_eq!(late.sale.owed(), 100);
}

/// An approval that comes when nobody counts on it any more is given back, whenever that is.
#[test]
fn late_approvals_are_given_back() {
    type Deed = fn(&mut Stage);
    let while_asking: Deed = |_| {};
    let when_sold: Deed = |stage| {
        stage.club.answer(SALE, 2, approved());
        let attempts = u8::try_from(stage.sale().attempts.len()).unwrap();
        for number in 3..=attempts + 1 {
            stage.club.answer(SALE, number, approved());
        }
        assert_eq!(stage.sale().state, SaleState::Issued);
    };
    let when_failed: Deed = |stage| {
        stage.club.answer(SALE, 2, declined());
        assert_eq!(stage.sale().state, SaleState::PaymentFailed);
    };
    for deed in [while_asking, when_sold, when_failed] {
        for (first, expected) in
            [(part("a", Some(100)), Verb::Void), (gift_card("g", Some(100)), Verb::Refund)]
        {
            let mut stage = Stage::new(&[]);
            stage.place(300, &[first, part("b", None)]).unwrap();
            stage.club.answer(SALE, 1, declined());
            deed(&mut stage);
            let before = stage.sale().state;
            let after = stage.club.answer(SALE, 1, approved()).sale;
            let last = after.attempts.last().unwrap();
            assert_eq!((last.verb, last.amount), (expected, 100), "{before:?}");
            let number = last.number;
            stage.club.advance(SALE, domain::sale::AdvanceEvent::Marked(number));
            stage.club.answer(SALE, number, approved());
            let sale = stage.sale();
            assert_eq!(sale.owed(), 0, "{before:?}");
            let is_lost = before == SaleState::PaymentFailed && expected == Verb::Refund;
            assert_eq!(sale.state, if is_lost { SaleState::Returned } else { before });
        }
    }
}

/// A void is sent until it is done; one that is refused is told to a person.
#[test]
fn voids() {
    let soft = Mood::Decline(DeclineReason::Soft);
    let mut stage = Stage::new(&[Mood::Answer, soft, Mood::Lost, Mood::NotExecuted]);
    stage.sell(300, &ab());
    assert_eq!(stage.sale().state, SaleState::PaymentFailed);
    stage.settle();
    assert_eq!(stage.gateway.reserved(), 0);
    stage.check_end("a void got no answer");

    let mut stage = Stage::new(&[Mood::Answer, soft, soft]);
    stage.sell(300, &ab());
    stage.settle();
    let task = stage.club.till.all::<Task>().next().unwrap();
    assert_eq!(task.amount, 100, "{task:?}");
    stage.check_end("a void was refused");
}

/// Nothing is decided about what is not in doubt.
#[test]
fn nothing_to_review() {
    let mut stage = Stage::new(&[Mood::Lost]);
    stage.sell(300, &ab());
    let verdict = stage.club.review(SaleId(1), Verdict::NotMoved);
    assert_eq!(code(verdict), Code::NotUnderReview);
    stage.club.answer(SALE, 1, unknown());
    assert_eq!(stage.sale().attempts.len(), 1);
}
