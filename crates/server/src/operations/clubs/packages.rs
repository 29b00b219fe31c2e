//! `GET /sales/packages`: what a chain sells by contract.

use contract::clubs::packages::{
    InstallmentPlanDto, ListPackages, ListPackagesResponse, PackageDto, PackageFeeDto,
};
use domain::club::{Fee, FeeKind, InstallmentPlan, Interval, Package};
use domain::ids::ClubStoreId;
use domain::money::Money;
use rust_decimal::Decimal;
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::club_caller;
use super::stores;
use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListPackages,
) -> Result<ListPackagesResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "ListPackages")).await?;
    let store = match request.store_id.filter(|number| *number != 0) {
        Some(number) => Some(stores::one(app, &by, Some(number)).await?),
        None => None,
    };
    let now = app.clock.now();
    let is_wanted = |package: &Package| {
        store.as_ref().is_none_or(|store| {
            package.is_on_sale(now)
                && package.is_sold_at(store.id)
                && package.currency == store.currency
        })
    };
    let packages = stores::items::<Package>(app, &by).await?;
    let wanted = packages.iter().filter(|package| is_wanted(package));
    let shown =
        wanted.map(|package| PackageDto { on_sale: package.is_on_sale(now), ..shown(package) });
    Ok(ListPackagesResponse { packages: Some(shown.collect()) })
}

fn shown(package: &Package) -> PackageDto {
    let money = |amount: i64| decimal(Money::new(amount, package.currency));
    let fees = package.fees.iter().map(|fee| fee_shown(fee, money(fee.amount)));
    let plans = package.plans.iter().map(|plan| plan_shown(plan, plan.down_payment.map(money)));
    PackageDto {
        package_id: int(package.id.0),
        name: Some(package.name.clone()),
        price: money(package.price),
        currency: Some(package.currency.code().to_owned()),
        tax_rate: percent(package.tax_basis_points),
        on_sale: false,
        sale_from: package.sale.map(|sale| utc(sale.from)),
        sale_to: package.sale.map(|sale| utc(sale.to)),
        store_ids: Some(store_ids(&package.stores)),
        fees: Some(fees.collect()),
        installment_plans: Some(plans.collect()),
    }
}

/// Published numbers of stores.
pub(super) fn store_ids(stores: &[ClubStoreId]) -> Vec<i32> {
    stores.iter().map(|store| int(store.0)).collect()
}

/// Hundredths of a percent as a percentage: `24`, `11.5`.
pub(super) fn percent(basis_points: u32) -> Decimal {
    Decimal::new(basis_points.into(), 2).normalize()
}

fn fee_shown(fee: &Fee, amount: Decimal) -> PackageFeeDto {
    let kind = match fee.kind {
        FeeKind::SetUp => "SetUp",
        FeeKind::Enhancement => "Enhancement",
    };
    PackageFeeDto {
        setup_fee_id: i32::from(fee.id),
        fee_name: Some(fee.name.clone()),
        kind: Some(kind.to_owned()),
        amount,
        taxed: fee.taxed,
        pay_today: fee.pay_today,
    }
}

fn plan_shown(plan: &InstallmentPlan, down_payment: Option<Decimal>) -> InstallmentPlanDto {
    let (interval, count) = match plan.interval {
        Interval::Months(count) => ("Months", count),
        Interval::Weeks(count) => ("Weeks", count),
        Interval::Days(count) => ("Days", count),
    };
    InstallmentPlanDto {
        installment_plan_id: int(plan.id.0),
        name: Some(plan.name.clone()),
        is_default: plan.is_default,
        payments: plan.payments.into(),
        interval: Some(interval.to_owned()),
        interval_count: count.into(),
        down_payment,
        pay_today: plan.pay_today,
        is_evergreen: plan.is_evergreen,
        require_payment_profile: plan.requires_profile(),
    }
}
