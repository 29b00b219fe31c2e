//! `POST /sales/contract/sold/new/user`: sells a package to somebody who becomes a member with it
//! (`payments.md` §4.4), in one commit.

use contract::clubs::members::SaveMember;
use contract::clubs::new_user_sold::{ContractSoldNewUserEndpoint, ContractSoldNewUserResponse};
use domain::audit::AuditEvent;
use domain::club::{ClubStore, ContractWish, Door, Newcomer};
use domain::ids::{MemberId, PackageId};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::contract_sale::intake::{self, Problems};
use super::contract_sale::methods::Methods;
use super::contract_sale::{Asking, check_ready, presentation, repeat};
use super::{dates, members, note, stores};
use crate::app::App;
use crate::idempotency::Body;
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// The name that a caller's key is good for.
const OPERATION: &str = "ContractSoldNewUserEndpoint";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| sell(app, call, request).await).await
}

async fn sell(
    app: &App,
    call: &Call<'_>,
    mut request: ContractSoldNewUserEndpoint,
) -> Result<ContractSoldNewUserResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "ContractSoldNewUserEndpoint")).await?;
    by.any_member()?;
    check_ready(app)?;
    let end_user_address = intake::end_user(call, request.x_forwarded_for.as_deref());
    (request.api_key, request.x_forwarded_for) = (None, None);
    let promo = check(&request)?;
    let mut methods = Methods::read(app, &by, &mut request.payment_methods);
    let body = Body::of(&request, None);
    methods.shown_by(body.of_caller(by.caller.id.0));
    let store = stores::one(app, &by, request.store_id).await?;
    let newcomer = newcomer(app, call, &by, &request).await?;
    let marks = repeat::marks(app, call, &by, (OPERATION, &body), &methods).await?;
    let wish = wish(app, &by, &store, &request)?;
    let asking = Asking {
        wish: ContractWish { promo, ..wish },
        door: Door::NewMember(Box::new(newcomer)),
        amount: request.payment_amount,
        methods,
        end_user_address,
        marks,
    };
    let sale = asking.sell(app, &by, &store).await?;
    let contract = presentation::contract(app, &sale).await?;
    let told = presentation::response(app, &sale).await?;
    Ok(ContractSoldNewUserResponse {
        member_id: int(contract.member.0),
        contract_sale_id: told.contract_sale_id,
        description: told.description,
        success: told.success,
        payment_responses: told.payment_responses,
    })
}

/// Answers with the promo code when the form of the request is right.
fn check(request: &ContractSoldNewUserEndpoint) -> Result<Option<u128>, Failure> {
    let mut problems = Problems::default();
    let promo = problems.promo(request.promo_code.as_deref());
    problems.methods(request.payment_methods.as_deref());
    problems.needs_store(request.store_id);
    problems.needs_amount(request.payment_amount);
    problems.check()?;
    Ok(promo)
}

/// Who is to become a member, read as `POST /members` reads it.
async fn newcomer(
    app: &App,
    call: &Call<'_>,
    by: &ClubCaller,
    request: &ContractSoldNewUserEndpoint,
) -> Result<Newcomer, Failure> {
    let told = SaveMember {
        store_id: request.store_id,
        name: request.name.clone(),
        email: request.email.clone(),
        phone: request.phone.clone(),
        external_id: request.external_id.clone(),
        ..SaveMember::default()
    };
    let details = members::read(by, &told)?;
    let is_known = members::is_known(app, by.chain, details.email.as_deref()).await?;
    let note = note(call, by, AuditEvent::MemberSaved, "joins with a sale");
    Ok(Newcomer { details, is_known, note })
}

/// What is to be sold, but for the promo code. Its member has no number yet.
fn wish(
    app: &App,
    by: &ClubCaller,
    store: &ClubStore,
    request: &ContractSoldNewUserEndpoint,
) -> Result<ContractWish, Failure> {
    Ok(ContractWish {
        shard: by.chain,
        store: store.id,
        member: MemberId(0),
        package: PackageId(office::number(request.package_id)),
        plan: intake::plan(request.installment_id),
        start: dates::day(request.start_date),
        today: stores::today(app, store)?,
        promo: None,
        staff: intake::staff(request.staff_id),
    })
}
