//! `POST /sales/paymentprofile/vault`: leaves a card with the gateway of a chain, without charging
//! it. The card comes in the body only and is gone when the gateway has answered (`payments.md`
//! §5.2).

mod source;

use std::sync::Arc;

use contract::clubs::profiles::vault::{VaultPaymentProfile, VaultPaymentProfileResponse};
use domain::attempt::CallResult;
use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::{MemberId, Shard};
use domain::money::{Currency, Money};
use domain::phone::{CardMonth, SavedToken};
use domain::profile::{
    AddProfile, CountVaultDecline, NewProfile, PaymentProfile, ProfileOwner, TryVault,
};
use domain::record::{Kind, word};
use domain::refusal::{Code, Refusal};
use gateway::secret::YearMonth;
use gateway::{Expiry, Gateway, PaymentRequest, SavedCard, Source, TokenUse};
use service::matched::Matched;
use service::reply::Reply;

use super::{asked, check_store};
use crate::access::hex;
use crate::app::App;
use crate::keys::random;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::caller::{ClubCaller, club_caller};
use crate::operations::family::{Failure, payment_message};
use crate::operations::{Call, payment};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| vault(app, call, request).await).await
}

async fn vault(
    app: &App,
    call: &Call<'_>,
    request: VaultPaymentProfile,
) -> Result<VaultPaymentProfileResponse, Failure> {
    let by = club_caller(app, call, &asked!(request, "VaultPaymentProfile")).await?;
    let named = request.member_id.filter(|number| *number != 0);
    let member = match named {
        Some(number) => Some(by.member(number)?),
        None => by.any_member().map(|()| None)?,
    };
    if let Some(member) = member {
        check_store(app, &by, member).await?;
    }
    let (name, gateway, takes_cards) = gateway_of(app, by.chain).await?;
    let source = source::read(&request, takes_cards, app.clock.now())?;
    let temporary = request.is_temp.unwrap_or(false);
    drop(request);
    let profile = Leaving { app, chain: by.chain, member, name, gateway, temporary };
    let profile = profile.leave(&source, tried_by(&by, member)).await?;
    Ok(VaultPaymentProfileResponse {
        acct_token: Some(app.vault.acct_token(&profile)),
        profile_token: Some(app.vault.profile_token(&profile)),
        acct_class: Some(profile.account.class().name().to_owned()),
        acct_type: Some(profile.account.name().to_owned()),
        last4: Some(profile.last_four.clone()),
        is_temp: profile.temporary,
    })
}

/// Whose tries are counted: the member's, or the key's for people who are no members yet.
fn tried_by(by: &ClubCaller, member: Option<MemberId>) -> u128 {
    match member {
        Some(member) => word("cards of member", &member.0.to_string()),
        None => word("cards of key", &by.caller.id.0.to_string()),
    }
}

/// The gateway of the chain, and whether it takes card numbers.
async fn gateway_of(app: &App, chain: Shard) -> Result<(String, Arc<dyn Gateway>, bool), Failure> {
    let key = Key::number(chain, Kind::Organiser, 0);
    let message = "No gateway is set up for this chain; the card was not kept.";
    let missing = || Refusal::new(Code::GatewayUnavailable, message);
    let known = app.store.read::<Organiser>(key).await?.ok_or_else(missing)?;
    let gateway = app.till.gateway(&known.gateway).ok_or_else(missing)?;
    Ok((known.gateway.clone(), gateway, !known.rules.raw_cards_refused))
}

/// A card on its way to a gateway.
struct Leaving<'a> {
    app: &'a App,
    chain: Shard,
    member: Option<MemberId>,
    name: String,
    gateway: Arc<dyn Gateway>,
    temporary: bool,
}

impl Leaving<'_> {
    async fn leave(self, source: &Source, tried_by: u128) -> Result<Arc<PaymentProfile>, Failure> {
        // The fingerprint of a single-use token says nothing about the card behind it.
        let card = source.card().and_then(|_| payment::card_hash(self.app, source));
        let _place = self.app.till.place().ok_or_else(Failure::overloaded)?;
        let (shard, member) = (self.chain, self.member);
        self.app.store.submit(TryVault { shard, member, tried_by, card }).await?;
        let made = self.keep(source, card).await?;
        let month = |YearMonth { year, month }| CardMonth { year, month };
        let last_month = made.expiry.map(Expiry::last_month);
        let new = NewProfile {
            owner: member.map_or(ProfileOwner::Stranger, ProfileOwner::Member),
            gateway: self.name,
            token: SavedToken(made.token.expose().to_owned()),
            mask: made.card_mask,
            last_month: last_month.filter(|last| *last != source::NEVER).map(month),
            fingerprint: card,
            temporary: self.temporary,
            secret: self.app.secret()?,
        };
        Ok(self.app.store.submit(AddProfile { shard, new }).await?)
    }

    /// The gateway keeps the card, or says why not. Its silence leaves a token that nobody knows.
    async fn keep(&self, source: &Source, card: Option<u128>) -> Result<SavedCard, Failure> {
        let key = format!("vault_{}", hex(&random::<16>()?));
        let money = Money::new(0, Currency::ISK);
        let request = PaymentRequest::new(&key, money, self.gateway.terms().deadline);
        let made = self.gateway.tokenize(&request, source, TokenUse::Multi);
        match gateway::within(&*self.gateway, made).await {
            Some(Ok(made)) => Ok(made),
            Some(Err(CallResult::Declined(reason))) => {
                if let Some(card) = card {
                    let shard = self.chain;
                    self.app.store.submit(CountVaultDecline { shard, card }).await?;
                }
                Err(Refusal::new(reason.code(), payment_message(reason.code())).into())
            }
            Some(Err(_)) | None => {
                let message = "The payment service did not keep the card; nothing was charged. \
                               Try again in a minute.";
                Err(Refusal::new(Code::GatewayUnavailable, message).into())
            }
        }
    }
}
