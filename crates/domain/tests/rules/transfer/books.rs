//! What moves mean in the books: every row of `payments.md` §7.2 that is about them.

use domain::ids::{EventId, Shard};
use domain::sale::SaleState;

use super::stage::{DERBY, OTHER, PRICES, REMATCH, Stage, gateway, types};
use crate::common::{EVENT, SHARD, approved};

/// Seller, account, debits minus credits.
type Row = (Shard, &'static str, i64);

/// Buys for 5 000, moves to a type of the target by its place in [`PRICES`], pays what is to be
/// paid, and compares what was booked since the sale.
fn check(target: EventId, kind: usize, paid_out: bool, expected: &[Row]) {
    let what = format!("to event {} for {}, paid out {paid_out}", target.0, PRICES[kind]);
    let mut stage = Stage::new();
    let sale = stage.buy();
    if paid_out {
        stage.pay_out(EVENT);
    }
    let since = stage.club.till.postings.len();
    let shard = if target == DERBY { OTHER } else { SHARD };
    let moved = stage.send(sale, target, types(shard)[kind], PRICES[kind] - 5_000).unwrap();
    if moved.transfer.quote.difference() > 0 {
        assert_eq!(stage.accounts(since), [], "{what}: nothing is booked before it is paid");
        stage.pay(&moved.transfer, gateway()).unwrap();
        stage.answer(moved.transfer.to, 1, approved());
    }
    assert_eq!(moved.transfer.quote.paid_out, paid_out, "{what}");
    assert_eq!(stage.ticket(moved.transfer.from).state, SaleState::Transferred, "{what}");
    assert_eq!(stage.ticket(moved.transfer.to).state, SaleState::Issued, "{what}");
    let booked = stage.accounts(since);
    let booked: Vec<_> =
        booked.iter().map(|(shard, account, sum)| (*shard, account.as_str(), *sum)).collect();
    assert_eq!(booked, expected, "{what}");
}

/// Moves within one club, before its payout and after.
#[test]
fn a_club_moves_its_own_money() {
    check(
        REMATCH,
        0,
        false,
        &[(SHARD, "owner_payable:11", 4_750), (SHARD, "owner_payable:12", -4_750)],
    );
    check(
        REMATCH,
        0,
        true,
        &[(SHARD, "owner_payable:12", -4_750), (SHARD, "owner_receivable", 4_750)],
    );
    check(
        REMATCH,
        1,
        false,
        &[
            (SHARD, "owner_payable:11", 4_750),
            (SHARD, "owner_payable:12", -3_325),
            (SHARD, "platform_fee_income", 75),
            (SHARD, "refund_payable:1", -1_500),
        ],
    );
    check(
        REMATCH,
        1,
        true,
        &[
            (SHARD, "owner_payable:12", -3_325),
            (SHARD, "platform_fee_income", 75),
            (SHARD, "refund_payable:1", -1_500),
            (SHARD, "owner_receivable", 4_750),
        ],
    );
    check(
        REMATCH,
        2,
        false,
        &[
            (SHARD, "gateway_clearing:resumable", 1_500),
            (SHARD, "owner_payable:11", 4_750),
            (SHARD, "owner_payable:12", -6_175),
            (SHARD, "platform_fee_income", -75),
        ],
    );
    check(
        REMATCH,
        2,
        true,
        &[
            (SHARD, "gateway_clearing:resumable", 1_500),
            (SHARD, "owner_payable:12", -6_175),
            (SHARD, "platform_fee_income", -75),
            (SHARD, "owner_receivable", 4_750),
        ],
    );
}

/// The same between two clubs: each club's books sum to zero, and what lies between them too.
#[test]
fn two_clubs_owe_each_other() {
    check(
        DERBY,
        0,
        false,
        &[
            (SHARD, "owner_payable:11", 4_750),
            (SHARD, "platform_fee_income", 250),
            (SHARD, "between:8", -5_000),
            (OTHER, "owner_payable:21", -4_750),
            (OTHER, "platform_fee_income", -250),
            (OTHER, "between:7", 5_000),
        ],
    );
    check(
        DERBY,
        0,
        true,
        &[
            (SHARD, "platform_fee_income", 250),
            (SHARD, "owner_receivable", 4_750),
            (SHARD, "between:8", -5_000),
            (OTHER, "owner_payable:21", -4_750),
            (OTHER, "platform_fee_income", -250),
            (OTHER, "between:7", 5_000),
        ],
    );
    check(
        DERBY,
        1,
        false,
        &[
            (SHARD, "owner_payable:11", 4_750),
            (SHARD, "platform_fee_income", 250),
            (SHARD, "refund_payable:1", -1_500),
            (SHARD, "between:8", -3_500),
            (OTHER, "owner_payable:21", -3_325),
            (OTHER, "platform_fee_income", -175),
            (OTHER, "between:7", 3_500),
        ],
    );
    check(
        DERBY,
        2,
        true,
        &[
            (SHARD, "platform_fee_income", 250),
            (SHARD, "owner_receivable", 4_750),
            (SHARD, "between:8", -5_000),
            (OTHER, "gateway_clearing:resumable", 1_500),
            (OTHER, "owner_payable:21", -6_175),
            (OTHER, "platform_fee_income", -325),
            (OTHER, "between:7", 5_000),
        ],
    );
}

/// The difference goes back by the charge that came in last, and its acceptance clears the debt.
#[test]
fn a_refund_of_the_difference_is_cleared() {
    let mut stage = Stage::new();
    let sale = stage.buy();
    let moved = stage.send(sale, REMATCH, types(SHARD)[1], -1_500).unwrap();
    let since = stage.club.till.postings.len();
    let done = stage.answer(moved.transfer.from, 2, approved());
    assert_eq!((done.sale.state, done.sale.owed_back), (SaleState::Transferred, 0));
    assert_eq!(
        stage.accounts(since),
        [
            (SHARD, "gateway_clearing:resumable".to_owned(), -1_500),
            (SHARD, "refund_payable:1".to_owned(), 1_500),
        ]
    );
    let new = stage.ticket(moved.transfer.to);
    assert_eq!((new.paid(), new.carried.len()), (3_500, 1));
}

/// A ticket that was topped up carries both payments on, and a later difference goes back to the
/// one that came in last.
#[test]
fn funds_go_along_in_order() {
    let mut stage = Stage::new();
    let sale = stage.buy();
    let first = stage.send(sale, REMATCH, types(SHARD)[2], 1_500).unwrap();
    stage.pay(&first.transfer, gateway()).unwrap();
    stage.answer(first.transfer.to, 1, approved());
    let second = stage.send(first.transfer.to.id, DERBY, types(OTHER)[1], -3_000).unwrap();
    let old = stage.ticket(second.transfer.from).clone();
    let refund = &old.attempts[1];
    assert_eq!((refund.amount, old.owed_back), (1_500, 3_000), "charge by charge");
    assert_eq!(refund.of.as_ref().unwrap().key, old.attempts[0].key);
    let done = stage.answer(second.transfer.from, 2, approved());
    let refund = &done.sale.attempts[2];
    let first_charge = stage.ticket(first.transfer.from).attempts[0].key.clone();
    assert_eq!((refund.amount, &refund.of.as_ref().unwrap().key), (1_500, &first_charge));
    let done = stage.answer(second.transfer.from, 3, approved());
    assert_eq!((done.sale.owed_back, done.sale.paid()), (0, 0));
    let new = stage.ticket(second.transfer.to);
    assert_eq!((new.carried.len(), new.carried[0].amount), (1, 3_500));
    assert_eq!(new.carried[0].charge.key, first_charge);
}
