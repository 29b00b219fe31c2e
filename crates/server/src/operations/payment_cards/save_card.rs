//! `POST /cardTokens/saveCard`: leaves a card with a gateway, without charging it.

use contract::payment_cards::PaymentCardInfo;
use contract::payment_cards::save_card::{CardTokensSaveCard, CardTokensSaveCardResult};
use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use domain::phone::{
    CardMonth, CountDecline, NewPaymentCard, PaymentCard, SavePaymentCard, SavedToken, TryCard,
};
use domain::record::word;
use domain::refusal::{Code, Refusal};
use gateway::secret::YearMonth;
use gateway::{Gateway, PaymentRequest, SavedCard, Source, TokenUse};
use service::matched::Matched;
use service::reply::Reply;

use super::{gateways, phone, shown};
use crate::access::hex;
use crate::access::phones::VerifiedPhone;
use crate::app::App;
use crate::idempotency::Body;
use crate::keys::random;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, payment_message};
use crate::operations::signed::{self, signed};
use crate::operations::{Call, marks, payment};

signed!(CardTokensSaveCard, "CardTokensSaveCard");
answers!(CardTokensSaveCardResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let card = Some(save(app, call, request).await?);
        Ok(CardTokensSaveCardResult { card, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn save(
    app: &App,
    call: &Call<'_>,
    mut request: CardTokensSaveCard,
) -> Result<PaymentCardInfo, Failure> {
    let method = request.payment_method.take().unwrap_or_default();
    let origin = signed::check(app, call, &mut request).await?;
    let owner = origin.proved()?.clone();
    let name = gateways::of_organiser(app, request.event_owner_id).await?;
    let gateway = app.till.gateway(&name).ok_or_else(gateways::not_set_up)?;
    let source = payment::card_to_keep(app, &method)?;
    let body = Body::of(&request, Some(source.fingerprint(&app.fingerprint_key)));
    marks::use_up(app, call, origin.signature.as_ref(), &body).await?;
    // The fingerprint of a single-use token says nothing about the card behind it.
    let seen = source.card().and_then(|_| payment::card_hash(app, &source));
    let _place = app.till.place().ok_or_else(Failure::overloaded)?;
    let callers = callers(&owner, request.device_id.as_deref());
    app.store.submit(TryCard { card: seen, callers }).await?;
    let made = keep(app, &*gateway, &source, seen).await?;
    let card = stored(app, &owner, new_card(name, made, seen)).await?;
    Ok(shown::info(&card, app.clock.now()))
}

/// Who is counted: the phone, and the device that speaks for it, which may speak for more.
fn callers(owner: &VerifiedPhone, device: Option<&str>) -> Vec<u128> {
    let device = device.map(str::trim).filter(|device| !device.is_empty());
    let device = device.map(|device| word("cards of device", device));
    [Some(word("cards of phone", owner.number.text())), device].into_iter().flatten().collect()
}

/// The gateway keeps the card, or says why not. Its silence leaves a token that nobody knows.
async fn keep(
    app: &App,
    gateway: &dyn Gateway,
    source: &Source,
    seen: Option<u128>,
) -> Result<SavedCard, Failure> {
    let key = format!("keep_{}", hex(&random::<16>()?));
    let (money, deadline) = (Money::new(0, Currency::ISK), gateway.terms().deadline);
    let request = PaymentRequest::new(&key, money, deadline);
    let made = gateway.tokenize(&request, source, TokenUse::Multi);
    match gateway::within(gateway, made).await {
        Some(Ok(made)) => Ok(made),
        Some(Err(CallResult::Declined(reason))) => {
            if let Some(card) = seen {
                app.store.submit(CountDecline { card }).await?;
            }
            Err(Refusal::new(reason.code(), payment_message(reason.code())).into())
        }
        Some(Err(_)) | None => {
            let message = "The payment service did not keep the card; nothing was charged or \
                           saved. Try again in a minute.";
            Err(Refusal::new(Code::GatewayUnavailable, message).into())
        }
    }
}

fn new_card(gateway: String, made: SavedCard, fingerprint: Option<u128>) -> NewPaymentCard {
    let month = |YearMonth { year, month }| CardMonth { year, month };
    NewPaymentCard {
        gateway,
        token: SavedToken(made.token.expose().to_owned()),
        mask: made.card_mask,
        last_month: made.expiry.map(|expiry| month(expiry.last_month())),
        fingerprint,
    }
}

/// A token that finds no place is taken back: the gateway would keep a card that nobody has.
async fn stored(
    app: &App,
    owner: &VerifiedPhone,
    card: NewPaymentCard,
) -> Result<PaymentCard, Failure> {
    let (name, token) = (card.gateway.clone(), card.token.clone());
    let saved = app.store.submit(SavePaymentCard { phone: owner.hash, card }).await;
    if let Err(store::SubmitError::Refused(_)) = &saved {
        gateways::take_back(app, &name, &token).await;
    }
    gateways::tell(app, phone(app, owner).await?.as_deref());
    Ok(saved?)
}
