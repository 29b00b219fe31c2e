//! A person's word on a charge in doubt.

use domain::attempt::{AttemptState, Next, REVIEW_AFTER};
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{SaleState, Verdict};

use crate::common::{Club, GROUND, approved, code, not_executed, partly, resumable, unknown};

const SALE: SaleId = SaleId(1);

/// A sale whose charge has been unknown for a day.
fn in_doubt() -> Club {
    let mut club = Club::new();
    club.place_two(resumable());
    club.till.pass(REVIEW_AFTER);
    assert_eq!(club.answer(SALE, 1, unknown()).sale.state, SaleState::UnderReview);
    club
}

/// The verdict decides like an answer of the gateway.
#[test]
fn a_verdict_decides() {
    let check = |verdict, state, places, attempt| {
        let mut club = in_doubt();
        assert!(club.sale(SALE).in_doubt().is_some());
        let reviewed = club.review(SALE, verdict).unwrap();
        assert_eq!((reviewed.sale.state, reviewed.next), (state, Next::Done));
        assert_eq!(reviewed.sale.attempts[0].state, attempt);
        assert_eq!(club.taken(GROUND), places);
        assert_eq!(code(club.review(SALE, Verdict::NotMoved)), Code::NotUnderReview);
    };
    let moved = Verdict::Moved("pay_7".into());
    check(moved, SaleState::Issued, (0, 2), AttemptState::Succeeded);
    check(Verdict::NotMoved, SaleState::PaymentFailed, (0, 0), AttemptState::NotExecuted);
}

/// The person's reference to the payment is kept.
#[test]
fn the_reference_is_kept() {
    let mut club = in_doubt();
    let sale = club.review(SALE, Verdict::Moved("pay_7".into())).unwrap().sale;
    let approval = sale.attempts[0].approval.as_ref();
    assert_eq!(approval.map(|said| said.reference.as_str()), Some("pay_7"));
}

/// The gateway's own late answer is as good as a person's, before and after it.
#[test]
fn the_gateway_may_answer_first() {
    let check = |result, state| {
        let mut club = in_doubt();
        assert_eq!(club.answer(SALE, 1, result).sale.state, state);
    };
    check(approved(), SaleState::Issued);
    check(partly(1), SaleState::Returning);
    check(not_executed(), SaleState::PaymentFailed);
    check(unknown(), SaleState::UnderReview);

    let mut club = in_doubt();
    club.review(SALE, Verdict::NotMoved).unwrap();
    assert_eq!(club.answer(SALE, 1, approved()).sale.state, SaleState::Issued, "money moved");
}

/// Only what is in doubt can be judged.
#[test]
fn other_sales_are_not_judged() {
    let check = |prepare: fn(&mut Club)| {
        let mut club = Club::new();
        club.place_two(resumable());
        prepare(&mut club);
        for verdict in [Verdict::NotMoved, Verdict::Moved("pay_7".into())] {
            assert_eq!(code(club.review(SALE, verdict)), Code::NotUnderReview);
        }
    };
    check(|_| {});
    check(|club| drop(club.answer(SALE, 1, approved())));
    check(|club| drop(club.answer(SALE, 1, not_executed())));
    check(|club| drop(club.answer(SALE, 1, partly(1))));
    assert_eq!(code(Club::new().review(SALE, Verdict::NotMoved)), Code::NotUnderReview);
}
