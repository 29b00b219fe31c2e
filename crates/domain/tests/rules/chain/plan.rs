//! Plan arithmetic: every cent is paid, on the day that the calendar says.

use domain::club::plan::{Payment, Schedule};
use domain::club::{
    Benefit, Date, Fee, FeeKind, InstallmentPlan, Interval, Package, PricedLine, PromoCode,
};
use domain::money::basis_points_of;
use proptest::prelude::*;

use super::shop::{fee, monthly, package, promo};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn schedule(package: &Package, plan: &InstallmentPlan, promo: Option<&PromoCode>) -> Schedule {
    Schedule::of(package, plan, promo, day("2027-01-31"))
}

fn parts(payments: &[Payment]) -> Vec<(i64, i64)> {
    payments.iter().map(|payment| (payment.amount, payment.tax)).collect()
}

/// The day of the month on which a payment must fall due: the start's, or the month's last.
fn expected_day(year: i64, month: i64, start_day: i64) -> i64 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    start_day.min(length)
}

/// Ten years of monthly payments from every day of January fall on the right days, and add up to
/// the cent, whatever the price.
#[test]
fn ten_years_of_months() {
    for (start_day, price) in (1..=31).zip([12_000, 9_999, 1, 0, 100_000_007].into_iter().cycle()) {
        let start = Date::new(2027, 1, start_day).unwrap();
        let (package, plan) = (package(price), monthly(120));
        let schedule = Schedule::of(&package, &plan, None, start);
        assert_eq!(schedule.payments.len(), 120);
        for (payment, months) in schedule.payments.iter().zip(0_i64..) {
            let (year, month) = (2027 + months / 12, months % 12 + 1);
            let expected = (year, month, expected_day(year, month, start_day));
            assert_eq!(payment.due.parts(), expected, "from {start}, month {months}");
            assert_eq!(payment.pay_today, months == 0);
        }
        assert_eq!(schedule.sub_total(), price);
        assert_eq!(schedule.tax(), basis_points_of(price, 2_400));
    }
}

/// The first part takes what is left over, of the price and of its tax, each by itself.
#[test]
fn the_first_part_takes_the_remainder() {
    let check = |price: i64, payments: u16, expected: &[(i64, i64)]| {
        let schedule = schedule(&package(price), &monthly(payments), None);
        assert_eq!(parts(&schedule.payments), expected, "{price} in {payments}");
        assert_eq!(schedule.due_today(), expected[0].0 + expected[0].1);
    };
    check(10_000, 3, &[(3_334, 800), (3_333, 800), (3_333, 800)]);
    check(10_001, 3, &[(3_335, 800), (3_333, 800), (3_333, 800)]);
    check(100, 7, &[(16, 6), (14, 3), (14, 3), (14, 3), (14, 3), (14, 3), (14, 3)]);
    check(2, 3, &[(2, 0), (0, 0), (0, 0)]);
    check(0, 1, &[(0, 0)]);
}

/// A down payment is the first part, with the tax of its own; the rest is split after it.
#[test]
fn a_down_payment_comes_first() {
    let down = |payments| InstallmentPlan { down_payment: Some(5_000), ..monthly(payments) };
    let schedule_of = |price, payments| schedule(&package(price), &down(payments), None);
    assert_eq!(
        parts(&schedule_of(12_000, 4).payments),
        [(5_000, 1_200), (2_334, 560), (2_333, 560), (2_333, 560)]
    );
    assert_eq!(schedule_of(12_000, 4).due_today(), 6_200);
    let half_off = promo(Benefit::Percent(7_500), &[PricedLine::Package]);
    let cheap = schedule(&package(12_000), &down(4), Some(&half_off));
    assert_eq!(parts(&cheap.payments), [(3_000, 720), (0, 0), (0, 0), (0, 0)]);
}

/// What is not paid today falls due on its day and is not asked for now; fees keep their flags.
#[test]
fn what_is_due_today() {
    let later = InstallmentPlan { pay_today: false, ..monthly(2) };
    let fees = vec![
        fee(1, FeeKind::SetUp, 1_000),
        Fee { taxed: false, ..fee(2, FeeKind::Enhancement, 500) },
        Fee { pay_today: false, ..fee(3, FeeKind::Enhancement, 250) },
    ];
    let package = Package { fees, ..package(10_000) };
    let schedule_of = |plan| schedule(&package, &plan, None);
    assert_eq!(schedule_of(monthly(2)).due_today(), 5_000 + 1_200 + 1_240 + 500);
    assert_eq!(schedule_of(monthly(2)).tax_today(), 1_200 + 240);
    assert_eq!(schedule_of(later).due_today(), 1_240 + 500);
    let schedule = schedule_of(monthly(2));
    assert_eq!(schedule.fees_of(&package, FeeKind::SetUp), (1_000, 240));
    assert_eq!(schedule.fees_of(&package, FeeKind::Enhancement), (750, 60));
    assert_eq!(schedule.total(), 12_400 + 1_240 + 500 + 310);
    assert!(schedule.fees.iter().all(|fee| fee.due == day("2027-01-31")));
}

/// A percent is taken off each named line and rounded there; an amount goes from line to line.
#[test]
fn discounts_are_of_lines() {
    use PricedLine::{EnhancementFees, Package as Price, SetUpFees};
    let fees = vec![fee(1, FeeKind::SetUp, 999), fee(2, FeeKind::Enhancement, 501)];
    let package = Package { fees, ..package(10_005) };
    let check = |benefit: Benefit, lines: &[PricedLine], expected: [i64; 3]| {
        let promo = promo(benefit, lines);
        let schedule = schedule(&package, &monthly(1), Some(&promo));
        let amounts: Vec<i64> = schedule.all().map(|payment| payment.amount).collect();
        assert_eq!(amounts, expected, "{benefit:?} of {lines:?}");
        assert_eq!(schedule.discount, 10_005 + 999 + 501 - expected.iter().sum::<i64>());
    };
    check(Benefit::Percent(1_000), &[Price], [9_004, 999, 501]);
    check(Benefit::Percent(5_000), &[SetUpFees, EnhancementFees], [10_005, 499, 250]);
    check(Benefit::Percent(10_000), &[Price, SetUpFees, EnhancementFees], [0, 0, 0]);
    check(Benefit::Fixed(2_000), &[Price], [8_005, 999, 501]);
    check(Benefit::Fixed(1_200), &[SetUpFees, EnhancementFees], [10_005, 0, 300]);
    check(Benefit::Fixed(1_000_000), &[EnhancementFees], [10_005, 999, 0]);
}

/// Weeks and days are counted from the start.
#[test]
fn other_intervals() {
    let check = |interval: Interval, expected: [&str; 3]| {
        let plan = InstallmentPlan { interval, ..monthly(3) };
        let schedule = schedule(&package(300), &plan, None);
        let days: Vec<String> = schedule.payments.iter().map(|it| it.due.to_string()).collect();
        assert_eq!(days, expected);
    };
    check(Interval::Weeks(2), ["2027-01-31", "2027-02-14", "2027-02-28"]);
    check(Interval::Days(10), ["2027-01-31", "2027-02-10", "2027-02-20"]);
    check(Interval::Months(6), ["2027-01-31", "2027-07-31", "2028-01-31"]);
}

prop_compose! {
    fn any_promo()(
        percent in any::<bool>(),
        amount in 1_i64..2_000_000,
        basis_points in 1_u32..=10_000,
        lines in prop::sample::subsequence(
            vec![PricedLine::Package, PricedLine::SetUpFees, PricedLine::EnhancementFees], 1..=3),
    ) -> PromoCode {
        let benefit = match percent {
            true => Benefit::Percent(basis_points),
            false => Benefit::Fixed(amount),
        };
        promo(benefit, &lines)
    }
}

proptest! {
    /// Whatever a package costs and however it is paid: no part is negative, the parts add up to
    /// price, discount and tax to the cent, and the tax of each line was rounded once.
    #[test]
    fn every_cent_is_paid(
        price in 0_i64..1_000_000,
        payments in 1_u16..130,
        down in prop::option::of(1_i64..1_000_000),
        rate in 0_u32..=10_000,
        set_up in 0_i64..50_000,
        taxed in any::<bool>(),
        promo in prop::option::of(any_promo()),
    ) {
        let down_payment = down.filter(|down| payments > 1 && *down <= price);
        let plan = InstallmentPlan { down_payment, ..monthly(payments) };
        let fees = vec![Fee { taxed, ..fee(1, FeeKind::SetUp, set_up) }];
        let package = Package { fees, tax_basis_points: rate, ..package(price) };
        let schedule = schedule(&package, &plan, promo.as_ref());
        prop_assert!(schedule.all().all(|payment| payment.amount >= 0 && payment.tax >= 0));
        prop_assert_eq!(schedule.payments.len(), usize::from(payments));
        let net = schedule.sub_total() + schedule.fees[0].amount;
        prop_assert_eq!(net + schedule.discount, price + set_up);
        let fee_tax = basis_points_of(schedule.fees[0].amount, if taxed { rate } else { 0 });
        prop_assert_eq!(schedule.fees[0].tax, fee_tax);
        prop_assert_eq!(schedule.tax() - fee_tax, basis_points_of(schedule.sub_total(), rate));
        let later = schedule.all().filter(|it| !it.pay_today).map(Payment::total).sum::<i64>();
        prop_assert_eq!(schedule.due_today() + later, schedule.total());
    }
}
