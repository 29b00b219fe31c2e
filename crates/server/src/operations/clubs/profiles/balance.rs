//! `GET /sales/member/{MemberId}/payment/profile/{PaymentProfileId}/balance`: what is left on a
//! gift card. The gateway is asked each time, and nothing is kept of its answer.

use std::sync::Arc;

use contract::clubs::profiles::balance::{PaymentProfileBalance, PaymentProfileBalanceResponse};
use domain::attempt::CallResult;
use domain::club::{ClubStore, Member};
use domain::money::{Currency, Money};
use domain::profile::{AccountClass, PaymentProfile, TryBalance};
use domain::refusal::{Code, Refusal};
use gateway::{CardToken, Gateway, TokenUse};
use service::matched::Matched;
use service::reply::Reply;

use super::{Holder, asked, number};
use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| read(app, call, &request).await).await
}

async fn read(
    app: &App,
    call: &Call<'_>,
    request: &PaymentProfileBalance,
) -> Result<PaymentProfileBalanceResponse, Failure> {
    let asked = asked!(request, "PaymentProfileBalance");
    let holder = Holder::find(app, call, &asked, request.member_id).await?;
    let id = number(request.payment_profile_id.as_deref())?;
    let profile = holder.profile(app, id).await?.profile;
    if profile.account.class() != AccountClass::GiftCard {
        let message = "Only gift cards have a balance; this means of paying is none.";
        return Err(Refusal::new(Code::PaymentMethodMismatch, message).into());
    }
    let currency = currency(app, &holder).await?;
    let (shard, member) = (holder.chain(), holder.member);
    app.store.submit(TryBalance { shard, member }).await?;
    let left = left_on(app, &profile, currency).await?;
    Ok(PaymentProfileBalanceResponse {
        payment_profile_id: Some(id.0.to_string()),
        balance: decimal(left),
        currency: Some(left.currency.code().to_owned()),
    })
}

/// The currency of the member's club, in which the card is spent there.
async fn currency(app: &App, holder: &Holder) -> Result<Currency, Failure> {
    let key = Member::key_of(holder.chain(), holder.member);
    let member = app.store.read::<Member>(key).await?.ok_or_else(Failure::unable)?;
    let key = ClubStore::key_of(holder.chain(), member.store);
    let store = app.store.read::<ClubStore>(key).await?.ok_or_else(Failure::unable)?;
    Ok(store.currency)
}

async fn left_on(
    app: &App,
    profile: &PaymentProfile,
    currency: Currency,
) -> Result<Money, Failure> {
    let gateway: Arc<dyn Gateway> = app.till.gateway(&profile.gateway).ok_or_else(not_asked)?;
    let token = profile.token.as_ref().ok_or_else(gone)?;
    let token = CardToken::parse(TokenUse::Multi, &token.0).map_err(|_| gone())?;
    let answer = gateway::within(&*gateway, gateway.balance(&token, currency)).await;
    match answer {
        Some(Ok(left)) => Ok(left),
        Some(Err(CallResult::NotFound)) => Err(gone().into()),
        Some(Err(_)) | None => Err(not_asked().into()),
    }
}

fn gone() -> Refusal {
    let message = "The gateway keeps this gift card no longer; leave it with the vault again.";
    Refusal::new(Code::AcctTokenInvalid, message)
}

fn not_asked() -> Refusal {
    let message = "The gateway tells no balance of this gift card, or does not answer now. Nothing \
                   was charged; a sale takes what is on it.";
    Refusal::new(Code::GatewayUnavailable, message)
}
