//! Plan arithmetic: what a package costs by a plan, payment by payment (`domain.md` §6.3).
//!
//! The price less its discount is the *subtotal*; the tax of it is rounded once, as of any line;
//! then both are split over the plan's payments, so that the parts add up to the cent. Fees come
//! on top, each a line of its own with its own discount and tax. What is flagged "pay today" is
//! the *total due today*, the one figure that a sale compares with what its client saw.

use serde::{Deserialize, Serialize};

use super::{Date, FeeKind, InstallmentPlan, Package, PricedLine, PromoCode};
use crate::money::basis_points_of;

/// One payment of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Minor units before tax.
    pub amount: i64,
    /// The tax on it.
    pub tax: i64,
    /// When it falls due; what is paid with the sale keeps its day, too.
    pub due: Date,
    /// It is paid with the sale.
    pub pay_today: bool,
    /// The number of the fee in its package; `None` for a part of the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<u16>,
}

impl Payment {
    /// Minor units with tax.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.amount + self.tax
    }
}

/// What a package costs by a plan. Of an evergreen plan, the first run of its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The parts of the price, in the order in which they fall due.
    pub payments: Vec<Payment>,
    /// The fees, in the order of the package.
    pub fees: Vec<Payment>,
    /// Minor units that the code takes off, of price and fees.
    pub discount: i64,
}

impl Schedule {
    /// The schedule of `package` by `plan` from `start` on, with the discount of `promo`.
    #[must_use]
    pub fn of(
        package: &Package,
        plan: &InstallmentPlan,
        promo: Option<&PromoCode>,
        start: Date,
    ) -> Schedule {
        let lines = priced_lines(package);
        let discounts = promo.map_or_else(|| vec![0; lines.len()], |code| code.discounts(&lines));
        let fees = package.fees.iter().zip(&discounts[1..]).map(|(fee, discount)| {
            let amount = fee.amount - discount;
            let rate = if fee.taxed { package.tax_basis_points } else { 0 };
            let (tax, pay_today) = (basis_points_of(amount, rate), fee.pay_today);
            Payment { amount, tax, due: start, pay_today, fee: Some(fee.id) }
        });
        Schedule {
            payments: run(package, plan, package.price - discounts[0], start, 0),
            fees: fees.collect(),
            discount: discounts.iter().sum(),
        }
    }

    /// Every payment: of the price, then the fees.
    pub fn all(&self) -> impl Iterator<Item = &Payment> {
        self.payments.iter().chain(&self.fees)
    }

    /// The price less its discount, before tax.
    #[must_use]
    pub fn sub_total(&self) -> i64 {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// All tax.
    #[must_use]
    pub fn tax(&self) -> i64 {
        self.all().map(|payment| payment.tax).sum()
    }

    /// Everything, with tax.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.all().map(Payment::total).sum()
    }

    /// What is paid with the sale, with tax.
    #[must_use]
    pub fn due_today(&self) -> i64 {
        self.all().filter(|payment| payment.pay_today).map(Payment::total).sum()
    }

    /// The tax in what is paid with the sale.
    #[must_use]
    pub fn tax_today(&self) -> i64 {
        self.all().filter(|payment| payment.pay_today).map(|payment| payment.tax).sum()
    }

    /// Amount and tax of the fees of a kind, before and as tax.
    #[must_use]
    pub fn fees_of(&self, package: &Package, kind: FeeKind) -> (i64, i64) {
        let is_of_kind = |payment: &&Payment| {
            package.fees.iter().any(|fee| Some(fee.id) == payment.fee && fee.kind == kind)
        };
        let fees = self.fees.iter().filter(is_of_kind);
        fees.fold((0, 0), |(amount, tax), fee| (amount + fee.amount, tax + fee.tax))
    }
}

/// The payments of an evergreen plan's next run, after `runs` whole ones: at the price without a
/// discount, and none of them today.
#[must_use]
pub fn next_run(package: &Package, plan: &InstallmentPlan, start: Date, runs: u32) -> Vec<Payment> {
    let first = runs.saturating_mul(plan.payments.into());
    let later = |payment: Payment| Payment { pay_today: false, ..payment };
    run(package, plan, package.price, start, first).into_iter().map(later).collect()
}

/// One run of a plan's payments, the first of them `before` intervals after `start`.
fn run(
    package: &Package,
    plan: &InstallmentPlan,
    price: i64,
    start: Date,
    before: u32,
) -> Vec<Payment> {
    let rate = package.tax_basis_points;
    let tax = basis_points_of(price, rate);
    let (amounts, taxes) = match plan.down_payment {
        Some(first) => {
            let first = first.min(price);
            (split_after(price, first, plan.payments), {
                let first_tax = basis_points_of(first, rate).min(tax);
                split_after(tax, first_tax, plan.payments)
            })
        }
        None => (split(price, plan.payments), split(tax, plan.payments)),
    };
    let payments = amounts.into_iter().zip(taxes).zip(before..);
    let payment = |((amount, tax), count): ((i64, i64), u32)| Payment {
        amount,
        tax,
        due: plan.interval.after(start, count),
        pay_today: plan.pay_today && count == 0,
        fee: None,
    };
    payments.map(payment).collect()
}

/// The lines that a code may name, the package first, then its fees.
fn priced_lines(package: &Package) -> Vec<(PricedLine, i64)> {
    let fees = package.fees.iter().map(|fee| match fee.kind {
        FeeKind::SetUp => (PricedLine::SetUpFees, fee.amount),
        FeeKind::Enhancement => (PricedLine::EnhancementFees, fee.amount),
    });
    [(PricedLine::Package, package.price)].into_iter().chain(fees).collect()
}

/// `amount` in so many parts: each the floor, the remainder in the first (`domain.md` §1.1).
fn split(amount: i64, parts: u16) -> Vec<i64> {
    let count = i64::from(parts.max(1));
    let part = amount / count;
    let first = amount - part * (count - 1);
    std::iter::once(first).chain((1..count).map(|_| part)).collect()
}

/// `amount` with `first` as its first part, the rest in equal parts after it.
fn split_after(amount: i64, first: i64, parts: u16) -> Vec<i64> {
    let rest = split(amount - first, parts.saturating_sub(1));
    std::iter::once(first).chain(rest).take(parts.max(1).into()).collect()
}
