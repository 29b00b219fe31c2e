//! `GET /sales/packages/{PackageId}/installments/calculate/{InstallmentPlanId}`: what a package
//! costs by a plan, by the same arithmetic as its sale (`payments.md` §4.4).

use std::sync::Arc;

use contract::clubs::plan::{
    CalculateInstallmentPlan, CalculateInstallmentPlanResponse, PlannedPaymentDto,
};
use domain::club::plan::{Payment, Schedule};
use domain::club::sell::{Offered, check_start};
use domain::club::{Chain, FeeKind, InstallmentPlan, Package, PromoCode};
use domain::ids::{PackageId, PlanId};
use domain::money::Money;
use rust_decimal::Decimal;
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::packages::percent;
use super::{PROMO_CODE_LENGTH_MAX, dates, stores};
use crate::app::App;
use crate::money::decimal;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| calculate(app, call, &request).await).await
}

async fn calculate(
    app: &App,
    call: &Call<'_>,
    request: &CalculateInstallmentPlan,
) -> Result<CalculateInstallmentPlanResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "CalculateInstallmentPlan")).await?;
    let store = stores::one(app, &by, request.store_id).await?;
    let id = PackageId(office::number(request.package_id));
    let package = app.store.read::<Package>(Package::key_of(by.chain, id)).await?;
    let chain = app.store.read::<Chain>(Chain::key_of(by.chain)).await?;
    let now = app.clock.now();
    let offered = Offered { chain: chain.as_deref(), store: &store };
    let package = offered.package(package.as_deref(), id, now)?;
    let named = Some(request.installment_plan_id).filter(|number| *number != 0);
    let named = named.map(|number| PlanId(office::number(number)));
    let plan = package.plan_or_default(named)?;
    let today = stores::today(app, &store)?;
    let start = dates::day(request.start_date).unwrap_or(today);
    check_start(start, today)?;
    let promo = promo(app, &by, request.promo_code.as_deref()).await?;
    let schedule = Schedule::of(package, plan, promo.as_deref(), start);
    if let Some(promo) = &promo {
        promo.check(package, now)?;
        promo.check_left()?;
        promo.check_discount(&schedule)?;
    }
    Ok(shown(package, plan, &schedule))
}

async fn promo(
    app: &App,
    by: &ClubCaller,
    code: Option<&str>,
) -> Result<Option<Arc<PromoCode>>, Failure> {
    let code = text::checked_line(code, PROMO_CODE_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("PromoCode", message)]))?;
    let Some(code) = code else { return Ok(None) };
    let key = PromoCode::key_of(by.chain, PromoCode::hash_of(&code));
    let known = app.store.read::<PromoCode>(key).await?;
    Ok(Some(known.ok_or_else(PromoCode::unknown)?))
}

fn shown(
    package: &Package,
    plan: &InstallmentPlan,
    schedule: &Schedule,
) -> CalculateInstallmentPlanResponse {
    let money = |amount: i64| decimal(Money::new(amount, package.currency));
    let (enhancement, enhancement_tax) = schedule.fees_of(package, FeeKind::Enhancement);
    let mut enhancements = package.fees.iter().filter(|fee| fee.kind == FeeKind::Enhancement);
    let rows =
        |payments: &[Payment]| Some(payments.iter().map(|payment| row(package, payment)).collect());
    CalculateInstallmentPlanResponse {
        plan_total: money(schedule.total()),
        sub_total: money(schedule.sub_total()),
        tax_rate: percent(package.tax_basis_points),
        enhancement_fee: money(enhancement),
        enhancement_fee_tax_amount: money(enhancement_tax),
        tax_enh_fee: enhancements.any(|fee| fee.taxed),
        tax: money(schedule.tax()),
        total_due_today: money(schedule.due_today()),
        payments: rows(&schedule.payments),
        fees: rows(&schedule.fees),
        is_evergreen: plan.is_evergreen,
        require_payment_profile: plan.requires_profile(),
    }
}

fn row(package: &Package, payment: &Payment) -> PlannedPaymentDto {
    let money = |amount: i64| decimal(Money::new(amount, package.currency));
    let fee = package.fees.iter().find(|fee| Some(fee.id) == payment.fee);
    let taxed = fee.is_none_or(|fee| fee.taxed) && package.tax_basis_points > 0;
    PlannedPaymentDto {
        pay_today: payment.pay_today,
        amount: money(payment.amount),
        taxed,
        tax_rate: if taxed { percent(package.tax_basis_points) } else { Decimal::ZERO },
        tax_amount: money(payment.tax),
        fee_name: fee.map(|fee| fee.name.clone()),
        due_date: dates::date_time(payment.due),
        total: money(payment.total()),
        setup_fee_id: payment.fee.map(|id| int(id.into())),
    }
}
