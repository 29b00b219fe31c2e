//! `POST /sales/agreement/sale`: sells what was drafted, with its token.

use std::sync::Arc;

use contract::clubs::agreements::SellAgreement;
use contract::contract_sold::ContractSoldResponse;
use domain::club::contract::Contract;
use domain::club::{AgreementUse, ClubStore, ContractWish, Door, agreement};
use domain::ids::ContractId;
use domain::refusal::{Code, Refusal};
use domain::token::Token;
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use crate::app::App;
use crate::idempotency::Body;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::caller::{ClubCaller, club_caller};
use crate::operations::clubs::contract_sale::intake::{self, Problems};
use crate::operations::clubs::contract_sale::methods::Methods;
use crate::operations::clubs::contract_sale::{Asking, check_ready, presentation, repeat};
use crate::operations::clubs::{asked, profiles, stores};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};

/// The name that a caller's key is good for.
const OPERATION: &str = "SellAgreement";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| sell(app, call, request).await).await
}

async fn sell(
    app: &App,
    call: &Call<'_>,
    mut request: SellAgreement,
) -> Result<ContractSoldResponse, Failure> {
    let by = club_caller(app, call, &asked!(request, "SellAgreement")).await?;
    check_ready(app)?;
    let end_user_address = intake::end_user(call, request.x_forwarded_for.as_deref());
    let mut problems = Problems::default();
    problems.methods(request.payment_methods.as_deref());
    problems.check()?;
    let token = token(&by, request.incomplete_agreement_token.take())?;
    let (drafted, store) = drafted(app, &by, &request, &token).await?;
    (request.api_key, request.x_forwarded_for) = (None, None);
    let mut methods = Methods::read(app, &by, &mut request.payment_methods);
    let body = Body::of(&request, None).about(token.number);
    let shown_by = body.of_caller(by.caller.id.0);
    methods.shown_by(shown_by);
    let marks = repeat::marks(app, call, &by, (OPERATION, &body), &methods).await?;
    let asking = Asking {
        wish: ContractWish::of_agreement(&drafted, stores::today(app, &store)?),
        door: Door::Agreement(AgreementUse { token, request: shown_by }),
        amount: request.payment_amount,
        methods,
        end_user_address,
        marks,
    };
    let sale = asking.sell(app, &by, &store).await?;
    presentation::response(app, &sale).await
}

/// The token of the request, if it is one of this chain.
fn token(by: &ClubCaller, shown: Option<SecretText>) -> Result<Token, Failure> {
    let Some(shown) = shown else {
        let message = "Send what drafting the agreement answered.";
        return Err(Failure::invalid(vec![wrong("IncompleteAgreementToken", message)]));
    };
    let token = Token::parse(shown.expose().trim()).filter(|token| token.shard == by.chain);
    Ok(token.ok_or_else(agreement::not_found)?)
}

/// What was drafted, and where, if this caller may sell it.
async fn drafted(
    app: &App,
    by: &ClubCaller,
    request: &SellAgreement,
    token: &Token,
) -> Result<(Arc<Contract>, Arc<ClubStore>), Failure> {
    let key = Contract::key_of(by.chain, ContractId(token.number));
    let contract = app.store.read::<Contract>(key).await?;
    agreement::opened(contract.as_deref(), token)?;
    let contract = contract.ok_or_else(agreement::not_found)?;
    let store = stores::one(app, by, Some(int(contract.store.0))).await?;
    let member = by.member(int(contract.member.0))?;
    profiles::check_store(app, by, member).await?;
    let named = request.member_id.filter(|number| *number != 0);
    if named.is_some_and(|named| named != int(member.0)) {
        let message = "The agreement was drafted for another member.";
        return Err(Refusal::new(Code::MemberNotFound, message).into());
    }
    Ok((contract, store))
}
