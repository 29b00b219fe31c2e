//! `POST /threeDSecure/start`: asks the bank who a card's holder is.

use std::sync::Arc;

use contract::three_d_secure_start::{ThreeDSecureResult, ThreeDSecureStart};
use domain::catalogue::Organiser;
use domain::enrolment::{ProofOwner, STARTS_PER_CALLER, Starter};
use domain::facts::Key;
use domain::ids::{EventId, Shard};
use domain::money::{Currency, Money};
use domain::record::{Kind, word};
use domain::refusal::{Code, Refusal};
use gateway::Source;
use service::matched::Matched;
use service::reply::Reply;

use super::{owner, result, return_url, with_base};
use crate::app::App;
use crate::idempotency::Body;
use crate::money::minor_units;
use crate::operations::answer::answer;
use crate::operations::family::Failure;
use crate::operations::payment::{self, Means, Parties};
use crate::operations::signed::{self, signed};
use crate::operations::{Call, marks, office, origin};
use crate::three_d_secure::{Begin, begin};

signed!(ThreeDSecureStart, "ThreeDSecureStart");

/// Where browsers come back to.
pub(in crate::operations) const RETURN_PATH: &str = "/threeDSecure/return/";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| start(app, call, request, matched.exchange().base_url).await;
    answer(app, matched, call, run).await
}

async fn start(
    app: &App,
    call: &Call<'_>,
    mut request: ThreeDSecureStart,
    base_url: &str,
) -> Result<ThreeDSecureResult, Failure> {
    let origin = signed::check(app, call, &mut request).await?;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let (organiser, currency) = seller(app, &request).await?;
    office::scope(call, organiser.shard)?;
    let owner = owner(call, &origin, request.device_id.as_deref())?;
    let return_url =
        return_url::checked(request.return_url.as_deref(), base_url, &app.http.return_hosts)?;
    let money = money(&request, currency)?;
    let phone = origin.proved_number();
    let parties = Parties { organiser: &organiser, phone, for_proof: true };
    let (source, card_hash) = source(app, &request, &parties).await?;
    let body = Body::of(&request, Some(source.fingerprint(&app.fingerprint_key)));
    marks::use_up(app, call, origin.signature.as_ref(), &body).await?;
    let return_base = &format!("{base_url}{RETURN_PATH}");
    let starters = starters(call, &owner);
    let organiser = &organiser;
    let asked = Begin { organiser, money, owner, card_hash, starters, return_base, return_url };
    let standing = begin(app, asked, source).await?;
    Ok(result(&with_base(standing, base_url)))
}

/// Who sells, and the currency of what is sold if that is known.
async fn seller(
    app: &App,
    request: &ThreeDSecureStart,
) -> Result<(Arc<Organiser>, Option<Currency>), Failure> {
    let number = |id: Option<i32>| id.and_then(|id| u32::try_from(id).ok()).filter(|id| *id != 0);
    if let Some(event) = number(request.event_id) {
        let offer = app.catalogue.offer(EventId(event)).await?;
        let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
        let offer = offer.ok_or_else(not_found)?;
        return Ok((Arc::clone(&offer.organiser), Some(offer.event.currency)));
    }
    let message = "Name the event or the organiser that is ordered from: eventId or ownerId.";
    let unnamed = || Refusal::new(Code::ValidationFailed, message);
    let shard = Shard(number(request.owner_id).ok_or_else(unnamed)?);
    let key = Key::number(shard, Kind::Organiser, 0);
    let organiser = app.store.read::<Organiser>(key).await?.ok_or_else(unnamed)?;
    Ok((organiser, None))
}

/// The app's phone and device; a box office serves many with one device.
fn starters(call: &Call<'_>, owner: &ProofOwner) -> Vec<Starter> {
    if !origin::is_app(call) {
        return Vec::new();
    }
    let named = [("proofs of phone", &owner.phone), ("proofs of device", &owner.device_id)];
    let named = named.into_iter().filter_map(|(what, name)| Some(word(what, name.as_deref()?)));
    named.map(|hash| Starter { hash, limit: STARTS_PER_CALLER }).collect()
}

/// What the order will cost; the bank shows it to the holder.
fn money(request: &ThreeDSecureStart, known: Option<Currency>) -> Result<Money, Refusal> {
    let info = request.card_info.as_ref();
    let text = info.and_then(|info| info.currency.as_deref()).map(str::trim).unwrap_or_default();
    let named = (!text.is_empty()).then(|| Currency::parse(text));
    let currency = match (named, known) {
        (Some(Some(named)), None) => named,
        (Some(Some(named)), Some(known)) if named == known => named,
        (None, Some(known)) => known,
        _ => {
            let message = "cardInfo.currency must be the currency of the order.";
            return Err(Refusal::new(Code::CurrencyMismatch, message));
        }
    };
    let amount = minor_units(info.map(|info| info.amount).unwrap_or_default(), currency)?;
    if amount == 0 {
        let message = "cardInfo.amount must be what the order will cost.";
        return Err(Refusal::new(Code::InvalidAmount, message));
    }
    Ok(Money::new(amount, currency))
}

/// The card or token, and what its declines are counted under.
async fn source(
    app: &App,
    request: &ThreeDSecureStart,
    parties: &Parties<'_>,
) -> Result<(Source, u128), Failure> {
    let saved = request.payment_card_id.filter(|id| *id != 0);
    let means = Means {
        // Beside a saved card, cardInfo says what will be paid and not with what.
        card_info: request.card_info.as_ref().filter(|_| saved.is_none()),
        payment_card_id: saved,
        ..Means::default()
    };
    let (source, named) = payment::read(app, &means, parties).await?;
    let Some(source) = source else { return Err(named.refusal().into()) };
    let needed = "3-D Secure is for cards.";
    let hash = named.card().ok_or_else(|| Refusal::new(Code::PaymentMethodMismatch, needed))?;
    Ok((source, hash))
}
