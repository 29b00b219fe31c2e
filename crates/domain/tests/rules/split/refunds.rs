//! Refunds of what was paid in parts go back part by part, last in first out.

use domain::attempt::{CallVerb, Verb};
use domain::ledger::Account;
use domain::sale::SaleState;
use domain::sale::refund::RefundWhat;

use super::model::Mood;
use super::stage::{SALE, Stage, gift_card, part};
use crate::common::wanted;

fn sold() -> Stage {
    let mut stage = Stage::new(&[]);
    stage.sell(300, &[gift_card("g", Some(100)), part("a", Some(50)), part("b", None)]);
    assert_eq!(stage.sale().state, SaleState::Issued);
    stage
}

/// What each refund gives back, and of which part: captures are named by their reservations.
#[test]
fn part_by_part() {
    let check = |what: RefundWhat, expected: &[(&str, i64)]| {
        let mut stage = sold();
        let refunded = stage.club.refund(SALE, wanted(what)).unwrap();
        stage.drive(refunded.next);
        let refunds = stage.gateway.calls.iter().filter_map(|call| match &call.verb {
            CallVerb::Refund { charge_key, reference } => {
                assert!(!reference.is_empty(), "{call:?}");
                Some((charge_key.clone(), call.money.amount))
            }
            _ => None,
        });
        let keys: Vec<_> = stage.sale().attempts.iter().map(|it| it.key.clone()).collect();
        let named = |name: &str| match name {
            "g" => keys[0].clone(),
            "a" => keys[1].clone(),
            _ => keys[2].clone(),
        };
        let expected: Vec<_> = expected.iter().map(|(name, sum)| (named(name), *sum)).collect();
        assert_eq!(refunds.collect::<Vec<_>>(), expected);
        assert_eq!(stage.sale().owed(), 0);
        stage
    };
    let stage = check(RefundWhat::Whole, &[("b", 150), ("a", 50), ("g", 100)]);
    assert_eq!((stage.sale().state, stage.gateway.taken()), (SaleState::Returned, 0));
    let stage = check(RefundWhat::Amount(160), &[("b", 150), ("a", 10)]);
    assert_eq!((stage.sale().state, stage.gateway.taken()), (SaleState::Issued, 140));
}

/// A refund of one part that got no answer is found by its key, and the next part waits for it.
#[test]
fn a_refund_in_doubt_holds_up_the_rest() {
    let mut stage = Stage::new(&[&[Mood::Answer; 5][..], &[Mood::Lost][..]].concat());
    stage.sell(300, &[gift_card("g", Some(100)), part("a", Some(50)), part("b", None)]);
    let refunded = stage.club.refund(SALE, wanted(RefundWhat::Whole)).unwrap();
    stage.drive(refunded.next);
    let refunds =
        |stage: &Stage| stage.sale().attempts.iter().filter(|it| it.verb == Verb::Refund).count();
    assert_eq!(refunds(&stage), 1);
    stage.settle();
    assert_eq!((refunds(&stage), stage.gateway.taken()), (3, 0));
    assert_eq!(stage.club.till.balance(&Account::RefundPayable(SALE)), 0);
}
