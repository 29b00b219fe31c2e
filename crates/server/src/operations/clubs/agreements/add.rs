//! `POST /sales/agreement/add`: drafts a contract. Everything is looked at as a sale looks at it,
//! and nothing is taken.

use contract::clubs::agreements::{AddAgreement, AddAgreementResponse};
use domain::club::contract::Contract;
use domain::club::{ClubStore, ContractWish, DraftAgreement};
use domain::ids::{MemberId, PackageId};
use domain::money::Money;
use domain::token::{Secret, Token};
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::money::decimal;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::caller::{ClubCaller, club_caller};
use crate::operations::clubs::contract_sale::check_ready;
use crate::operations::clubs::contract_sale::intake::{self, Problems};
use crate::operations::clubs::contract_sale::presentation::contract_sale_id;
use crate::operations::clubs::{asked, dates, profiles, stores};
use crate::operations::event_presentation::utc;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| add(app, call, &request).await).await
}

async fn add(
    app: &App,
    call: &Call<'_>,
    request: &AddAgreement,
) -> Result<AddAgreementResponse, Failure> {
    let by = club_caller(app, call, &asked!(request, "AddAgreement")).await?;
    check_ready(app)?;
    let mut problems = Problems::default();
    let promo = problems.promo(request.promo_code.as_deref());
    problems.needs_store(request.store_id);
    problems.check()?;
    let store = stores::one(app, &by, request.store_id).await?;
    let member = by.member(request.member_id)?;
    profiles::check_store(app, &by, member).await?;
    let wish = wish(app, &by, (&store, member), request)?;
    let secret = app.secret()?;
    let command = DraftAgreement {
        wish: ContractWish { promo, ..wish },
        secret,
        end_user_address: intake::end_user(call, request.x_forwarded_for.as_deref()),
    };
    let contract = app.store.submit(command).await?;
    Ok(response(&contract, secret))
}

fn wish(
    app: &App,
    by: &ClubCaller,
    (store, member): (&ClubStore, MemberId),
    request: &AddAgreement,
) -> Result<ContractWish, Failure> {
    Ok(ContractWish {
        shard: by.chain,
        store: store.id,
        member,
        package: PackageId(office::number(request.package_id)),
        plan: intake::plan(request.installment_id),
        start: dates::day(request.start_date),
        today: stores::today(app, store)?,
        promo: None,
        staff: intake::staff(request.staff_id),
    })
}

fn response(contract: &Contract, secret: Secret) -> AddAgreementResponse {
    let token = Token { shard: contract.shard, number: contract.id.0, secret };
    let today = contract.instalments.iter().filter(|instalment| instalment.payment.pay_today);
    let due = today.map(|instalment| instalment.payment.total()).sum();
    AddAgreementResponse {
        incomplete_agreement_token: Some(token.text()),
        contract_id: Some(contract_sale_id(contract.id)),
        total_due_today: decimal(Money::new(due, contract.terms.currency)),
        expires_utc: contract.agreement.map(|it| utc(it.expires_at)).unwrap_or_default(),
    }
}
