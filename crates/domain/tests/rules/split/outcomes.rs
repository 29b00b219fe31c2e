//! What each part became, as the buyer is told (`payments.md` §4.2).

use domain::attempt::DeclineReason;
use domain::refusal::Code;
use domain::sale::{Reversal, TenderOutcome, TenderPart};

use super::model::Mood;
use super::stage::{Stage, gift_card, part, part_of};
use crate::common::plain;

fn told(outcomes: &[TenderOutcome]) -> Vec<(u8, i64, String)> {
    let told = outcomes.iter().map(|it| (it.status.number(), it.approved, it.text()));
    told.collect()
}

#[track_caller]
fn check(parts: &[TenderPart], moods: &[Mood], expected: &[(u8, i64, &str)]) {
    let mut stage = Stage::new(moods);
    stage.sell(300, parts);
    let expected: Vec<_> = expected.iter().map(|row| (row.0, row.1, row.2.to_owned())).collect();
    assert_eq!(told(&stage.sale().tender_outcomes()), expected, "{moods:?}");
}

/// Every published status, and what the row says.
#[test]
fn every_status() {
    let [a, b] = [part("a", None), part("b", None)];
    let both = [a, b];
    let success = (1, 300, "Approved");
    let decline = |reason, number, text| {
        check(&both, &[Mood::Decline(reason)], &[(number, 0, text), success]);
    };
    let hard = "Declined: this account cannot be used";
    check(&both, &[], &[success]);
    check(&both, &[Mood::Lost], &[(0, 0, "The outcome is not known yet")]);
    decline(DeclineReason::Soft, 2, "Declined");
    decline(DeclineReason::InsufficientFunds, 2, "Declined");
    decline(DeclineReason::CvcInvalid, 2, "Declined");
    decline(DeclineReason::HardAccount, 4, hard);
    decline(DeclineReason::CardInvalid, 4, hard);
    decline(DeclineReason::HardExpiry, 5, "Declined: expired");
    check(&both, &[Mood::NotExecuted], &[(3, 0, "Not executed"), success]);
    check(&both, &[Mood::Misconfigured], &[(3, 0, "Not executed")]);
    let partial = (11, 75, "Approved for a part of the amount");
    check(&both, &[Mood::Less(75)], &[partial, (1, 225, "Approved")]);
    let promised = (12, 300, "Accepted, settles later");
    check(&both, &[Mood::Promised], &[promised]);
    check(&[gift_card("g", None)], &[Mood::Promised], &[promised]);
}

/// What was rolled back keeps its status and amount, and says so.
#[test]
fn reversed_rows() {
    let soft = Mood::Decline(DeclineReason::Soft);
    let parts = [part("a", Some(100)), gift_card("g", Some(100)), part("c", None)];
    let [a, g] = [(1, 100, "Approved; reversed"), (1, 100, "Approved; reversed")];
    check(&parts, &[Mood::Answer, Mood::Answer, soft], &[a, g, (2, 0, "Declined")]);
    let partial = (11, 75, "Approved for a part of the amount; reversed");
    let short = [part("a", Some(100)), part("b", Some(200))];
    check(&short, &[Mood::Less(75)], &[partial, (1, 200, "Approved; reversed")]);
    // The refund of the gift card is refused, so a person pays it back.
    let pending = (1, 100, "Approved; reversal pending");
    let moods = [Mood::Answer, Mood::Answer, soft, soft];
    check(&parts, &moods, &[a, pending, (2, 0, "Declined")]);
}

/// A refund of what was sold is no reversal.
#[test]
fn refunds_are_no_reversals() {
    let mut stage = Stage::new(&[]);
    stage.sell(300, &[part("a", None)]);
    let before = stage.sale().tender_outcomes();
    assert_eq!(before[0].reversal, Reversal::No);
    let all = crate::common::wanted(domain::sale::refund::RefundWhat::Whole);
    let refunded = stage.club.refund(super::stage::SALE, all).unwrap();
    stage.drive(refunded.next);
    assert_eq!(stage.gateway.taken(), 0);
    assert_eq!(stage.sale().tender_outcomes(), before);
}

/// The reason is told beside the status, and a part that was not needed has no row.
#[test]
fn reasons_and_rows() {
    let mut stage = Stage::new(&[Mood::Decline(DeclineReason::InsufficientFunds)]);
    let parts = [part("a", None), part_of("b", None, plain()), part("c", None)];
    stage.sell(300, &parts);
    let outcomes = stage.sale().tender_outcomes();
    let reasons: Vec<_> = outcomes.iter().map(|it| (it.part, it.asked, it.failure)).collect();
    assert_eq!(reasons, [(1, 300, Some(Code::InsufficientFunds)), (2, 300, None)]);
}
