//! The books: accounts by name, postings by source.

use domain::ids::{CardId, EventId, SaleId, Shard};
use domain::ledger::{Account, PostingKind};
use domain::sale::SaleState;

use crate::common::{Club, EVENT, approved, partly, plain, resumable};

fn clearing(gateway: &str) -> Account {
    Account::GatewayClearing(gateway.into())
}

/// Every account has one name, which leads back to it.
#[test]
fn accounts_have_one_name() {
    let check = |account: Account, name: &str| {
        assert_eq!(account.to_string(), name);
        assert_eq!(Account::parse(name), Some(account));
    };
    check(clearing("north:ISK"), "gateway_clearing:north:ISK");
    check(Account::OwnerPayable(EventId(7)), "owner_payable:7");
    check(Account::PlatformFeeIncome, "platform_fee_income");
    check(Account::OrderHolding(SaleId(8)), "order_holding:8");
    check(Account::RefundPayable(SaleId(9)), "refund_payable:9");
    check(Account::OwnerReceivable, "owner_receivable");
    check(Account::StoreCredit(CardId(10)), "store_credit:10");
    check(Account::Between(Shard(11)), "between:11");
    check(Account::Bank, "bank");
    let wrong = ["", "vault", "gateway_clearing", "owner_payable", "owner_payable:+7"];
    for wrong in wrong.into_iter().chain(["owner_payable:07", "platform_fee_income:1"]) {
        assert_eq!(Account::parse(wrong), None, "{wrong}");
    }
}

/// A ticket sold by card (`payments.md` §7.2): price to the club, fee to the platform.
#[test]
fn a_sale_is_booked() {
    let mut club = Club::new();
    let sale = club.place_two(resumable()).sale.id;
    assert!(club.till.postings.is_empty(), "nothing is booked before the money came");
    club.answer(sale, 1, approved());
    assert_eq!(club.till.balance(&clearing("resumable")), 10_000);
    assert_eq!(club.till.balance(&Account::OwnerPayable(EVENT)), -9_500);
    assert_eq!(club.till.balance(&Account::PlatformFeeIncome), -500);
    let posting = &club.till.postings[0];
    assert_eq!(
        (posting.source.sale(), posting.step, posting.kind),
        (Some(sale), 1, PostingKind::Sold)
    );
}

/// Without a fee there is no leg for it.
#[test]
fn nothing_is_not_booked() {
    let mut club = Club::new();
    club.organiser.fee_basis_points = 0;
    club.publish();
    let sale = club.place_two(resumable()).sale.id;
    club.answer(sale, 1, approved());
    assert_eq!(club.till.postings[0].legs.len(), 2);
}

/// Money that cannot be used is owed to the buyer until the gateway has taken it back; the club
/// and the platform see none of it.
#[test]
fn unusable_money_passes_through() {
    let mut club = Club::new();
    let sale = club.place_two(plain()).sale.id;
    club.answer(sale, 1, partly(4_000));
    assert_eq!(club.till.balance(&clearing("plain")), 4_000);
    assert_eq!(club.till.balance(&Account::RefundPayable(sale)), -4_000);
    club.answer(sale, 2, approved());
    assert_eq!(club.sale(sale).state, SaleState::Returned);
    let kinds: Vec<_> = club.till.postings.iter().map(|posting| posting.kind).collect();
    assert_eq!(kinds, [PostingKind::TakenForReturn, PostingKind::Returned]);
    for account in [clearing("plain"), Account::RefundPayable(sale), Account::PlatformFeeIncome] {
        assert_eq!(club.till.balance(&account), 0, "{account}");
    }
}

/// The same answer twice is booked once.
#[test]
fn nothing_is_booked_twice() {
    let mut club = Club::new();
    let sale = club.place_two(resumable()).sale.id;
    for result in [approved(), approved(), partly(1), crate::common::not_executed()] {
        club.answer(sale, 1, result);
        assert_eq!(club.till.postings.len(), 1);
    }
}
