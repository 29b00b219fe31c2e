//! `POST /sales/contract/sold`: sells a package to a member of a club (`domain.md` §6).

use contract::contract_sold::{ContractSoldEndpoint, ContractSoldResponse};
use domain::club::{ClubStore, ContractWish, Door};
use domain::ids::{MemberId, PackageId};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::contract_sale::intake::{self, Problems};
use super::contract_sale::methods::Methods;
use super::contract_sale::{Asking, check_ready, presentation, repeat};
use super::{dates, profiles, stores};
use crate::app::App;
use crate::idempotency::Body;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// The name that a caller's key is good for.
const OPERATION: &str = "ContractSoldEndpoint";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| sell(app, call, request).await).await
}

async fn sell(
    app: &App,
    call: &Call<'_>,
    mut request: ContractSoldEndpoint,
) -> Result<ContractSoldResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "ContractSoldEndpoint")).await?;
    check_ready(app)?;
    let end_user_address = intake::end_user(call, request.x_forwarded_for.as_deref());
    (request.api_key, request.x_forwarded_for) = (None, None);
    let promo = check(&request)?;
    let mut methods = Methods::read(app, &by, &mut request.payment_methods);
    let body = Body::of(&request, None);
    methods.shown_by(body.of_caller(by.caller.id.0));
    let store = stores::one(app, &by, request.store_id).await?;
    let member = by.member(request.member_id)?;
    if by.any_store().is_err() {
        profiles::check_store(app, &by, member).await?;
    }
    let marks = repeat::marks(app, call, &by, (OPERATION, &body), &methods).await?;
    let wish = wish(app, &by, (&store, member), &request)?;
    let asking = Asking {
        wish: ContractWish { promo, ..wish },
        door: Door::Member,
        amount: request.payment_amount,
        methods,
        end_user_address,
        marks,
    };
    let sale = asking.sell(app, &by, &store).await?;
    presentation::response(app, &sale).await
}

/// Answers with the promo code when the form of the request is right.
fn check(request: &ContractSoldEndpoint) -> Result<Option<u128>, Failure> {
    let mut problems = Problems::default();
    let promo = problems.promo(request.promo_code.as_deref());
    problems.methods(request.payment_methods.as_deref());
    problems.needs_store(request.store_id);
    problems.needs_amount(request.payment_amount);
    problems.check()?;
    Ok(promo)
}

/// What is to be sold, but for the promo code.
fn wish(
    app: &App,
    by: &ClubCaller,
    (store, member): (&ClubStore, MemberId),
    request: &ContractSoldEndpoint,
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
