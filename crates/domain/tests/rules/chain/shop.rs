//! A chain with one store, one member and one package, all of them changeable.

use domain::club::{
    Benefit, Fee, FeeKind, InstallmentPlan, Interval, Package, PricedLine, PromoCode,
};
use domain::ids::{PackageId, PlanId};
use domain::money::Currency;

use crate::common::SHARD;

pub(super) const GOLD: PackageId = PackageId(41);
pub(super) const MONTHLY: PlanId = PlanId(51);

/// A package in euro cents, 24 % tax, without fees.
pub(super) fn package(price: i64) -> Package {
    Package {
        shard: SHARD,
        id: GOLD,
        slug: "gold".into(),
        name: "Gold".into(),
        active: true,
        sale: None,
        stores: Vec::new(),
        price,
        currency: Currency::parse("EUR").unwrap(),
        tax_basis_points: 2_400,
        fees: Vec::new(),
        plans: vec![monthly(12)],
    }
}

/// So many monthly payments, the first of them today.
pub(super) fn monthly(payments: u16) -> InstallmentPlan {
    InstallmentPlan {
        id: MONTHLY,
        slug: "monthly".into(),
        name: "Monthly".into(),
        is_default: true,
        payments,
        interval: Interval::Months(1),
        down_payment: None,
        pay_today: true,
        is_evergreen: false,
        profile_required: false,
    }
}

pub(super) fn fee(id: u16, kind: FeeKind, amount: i64) -> Fee {
    Fee { id, kind, name: format!("Fee {id}"), amount, taxed: true, pay_today: true }
}

/// A code without limits.
pub(super) fn promo(benefit: Benefit, lines: &[PricedLine]) -> PromoCode {
    PromoCode {
        shard: SHARD,
        hash: PromoCode::hash_of("SUMMER"),
        code: "SUMMER".into(),
        active: true,
        benefit,
        currency: None,
        lines: lines.to_vec(),
        valid: None,
        packages: Vec::new(),
        uses_max: None,
        uses: 0,
        once_per_member: false,
    }
}
