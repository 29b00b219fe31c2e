//! `POST /sales/contract/sold`: sells a package to a member of a club (`domain.md` §6).

mod intake;
mod presentation;
mod repeat;

use contract::contract_sold::{ContractSoldEndpoint, ContractSoldResponse};
use domain::club::{ClubStore, SellContract};
use domain::idempotency::Marks;
use domain::ids::MemberId;
use domain::sale::Buyer;
use service::matched::Matched;
use service::reply::Reply;

use self::intake::Intake;
pub(super) use self::presentation::contract_sale_id;
use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::stores;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::Failure;

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
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let intake = intake::read(app, call, &by, &mut request)?;
    let store = stores::one(app, &by, request.store_id).await?;
    let member = by.member(request.member_id)?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let marks = repeat::marks(app, call, &by, &request, &intake).await?;
    let command = command(app, &by, (&store, member), &request, intake)?;
    let command = SellContract { marks, ..command };
    let sold = app.till.order(place, command, None).await;
    let sale = sold.map_err(|refused| Failure::from(refused.error))?;
    presentation::response(app, &sale).await
}

/// The sale that is asked for, but for what it takes to know it again.
fn command(
    app: &App,
    by: &ClubCaller,
    (store, member): (&ClubStore, MemberId),
    request: &ContractSoldEndpoint,
    intake: Intake,
) -> Result<SellContract, Failure> {
    let amounts = intake.amounts(store.currency)?;
    let principal = Some(by.caller.id);
    Ok(SellContract {
        shard: by.chain,
        store: store.id,
        member,
        package: intake::package(request),
        plan: intake::plan(request),
        start: intake.start,
        today: stores::today(app, store)?,
        amount_seen: amounts.total,
        promo: intake.promo,
        staff: intake::staff(request),
        methods: amounts.methods,
        end_user_address: intake.end_user_address,
        gateways: app.till.all_terms(),
        buyer: Buyer { principal, ..Buyer::default() },
        secret: app.secret()?,
        marks: Marks::default(),
    })
}
