//! `GET /sales/contracts/{ContractSaleID}` and `GET /sales/member/{MemberId}/contracts`.

use std::cmp::Reverse;
use std::sync::Arc;

use contract::clubs::contracts::{
    ContractDto, FindContracts, FindContractsResponse, InstallmentDto,
};
use domain::club::contract::{Contract, Instalment};
use domain::ids::{ContractId, MemberId};
use domain::money::{Currency, Money};
use domain::record::Kind;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::contract_sale::presentation::contract_sale_id;
use super::dates::date_time;
use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};

/// The most contracts of a member that are shown.
const FOUND_MAX: u32 = 1_000;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| find(app, call, &request).await).await
}

async fn find(
    app: &App,
    call: &Call<'_>,
    request: &FindContracts,
) -> Result<FindContractsResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "FindContracts")).await?;
    let member = request.member_id.filter(|number| *number != 0);
    let member = member.map(|number| by.member(number)).transpose()?;
    let contracts = match (request.contract_sale_id.as_deref(), member) {
        (Some(id), _) => vec![one(app, &by, id, member).await?],
        (None, Some(member)) => of_member(app, &by, member).await?,
        (None, None) => {
            let message = "Name a contract or a member.";
            return Err(Failure::invalid(vec![wrong("ContractSaleID", message)]));
        }
    };
    let contracts = contracts.iter().map(|contract| shown(contract)).collect();
    Ok(FindContractsResponse { contracts: Some(contracts) })
}

/// The contract of a published id. One outside the caller's scope looks like none.
pub(super) async fn one(
    app: &App,
    by: &ClubCaller,
    id: &str,
    member: Option<MemberId>,
) -> Result<Arc<Contract>, Failure> {
    let not_found = || Refusal::new(Code::ContractNotFound, "This chain has no such contract.");
    let number = id.trim().parse().map_err(|_| not_found())?;
    let key = Contract::key_of(by.chain, ContractId(number));
    let contract = app.store.read::<Contract>(key).await?;
    let contract = contract.filter(|contract| may_see(by, contract));
    let contract = contract.filter(|it| member.is_none_or(|member| it.member == member));
    Ok(contract.ok_or_else(not_found)?)
}

async fn of_member(
    app: &App,
    by: &ClubCaller,
    member: MemberId,
) -> Result<Vec<Arc<Contract>>, Failure> {
    let found = app.store.find(Contract::word_of_member(by.chain, member), FOUND_MAX).await?;
    let keys = found.into_iter().filter(|key| key.kind == Kind::Contract && key.shard == by.chain);
    let mut contracts = app.store.read_all::<Contract>(keys.collect()).await?;
    contracts.retain(|contract| contract.member == member && may_see(by, contract));
    contracts.sort_by_key(|contract| Reverse(contract.id));
    Ok(contracts)
}

fn may_see(by: &ClubCaller, contract: &Contract) -> bool {
    by.store(int(contract.store.0)).is_ok() && by.member(int(contract.member.0)).is_ok()
}

pub(super) fn shown(contract: &Contract) -> ContractDto {
    let terms = &contract.terms;
    let life = &contract.life;
    let earlier = life.earlier.unwrap_or_default();
    let instalments = contract.instalments.iter().map(|it| instalment(it, terms.currency));
    ContractDto {
        contract_sale_id: Some(contract_sale_id(contract.id)),
        status: Some(contract.state.name().to_owned()),
        member_id: int(contract.member.0),
        store_id: int(contract.store.0),
        staff_id: contract.staff.map(|staff| int(staff.0)),
        package_id: int(terms.package.0),
        package_name: Some(terms.package_name.clone()),
        installment_id: int(terms.plan.0),
        installment_name: Some(terms.plan_name.clone()),
        start_date: date_time(contract.start),
        sold_date: date_time(contract.sold_on),
        currency: Some(terms.currency.code().to_owned()),
        is_evergreen: terms.is_evergreen,
        frozen_from: life.freeze.map(|freeze| date_time(freeze.from)),
        frozen_until: life.freeze.and_then(|freeze| freeze.until).map(date_time),
        cancelled_from: life.cancelled_from.map(date_time),
        end_date: life.ends_on.map(date_time),
        earlier_installments: int(earlier.count),
        earlier_paid: decimal(Money::new(earlier.paid, terms.currency)),
        installments: Some(instalments.collect()),
    }
}

fn instalment(instalment: &Instalment, currency: Currency) -> InstallmentDto {
    let money = |amount: i64| decimal(Money::new(amount, currency));
    let payment = &instalment.payment;
    InstallmentDto {
        number: instalment.number.into(),
        due_date: date_time(payment.due),
        amount: money(payment.amount),
        tax_amount: money(payment.tax),
        total: money(payment.total()),
        setup_fee_id: payment.fee.map(i32::from),
        status: Some(instalment.state.name().to_owned()),
        tries: instalment.tries.into(),
        next_try_date: instalment.retry_on.map(date_time),
        failure: instalment.failure.map(|code| code.name().to_owned()),
        paid_sale_id: instalment.paid_by.map(|sale| int(sale.0)),
    }
}
