//! `POST /paymentCards`: what the owner of a phone can pay with.

use contract::owner_cards::OwnerCards;
use contract::payment_cards::list::{PaymentCards, PaymentCardsResult};
use domain::card::Card;
use domain::record::Kind;
use service::matched::Matched;
use service::reply::Reply;
use store::PAGE_ROWS_MAX;

use super::{cards, gateways, owner, phone, shown};
use crate::access::phones::VerifiedPhone;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::owner_cards::{card_type, presentation::card_dto};
use crate::operations::signed::signed;

signed!(PaymentCards, "PaymentCards");
answers!(PaymentCardsResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    mut request: PaymentCards,
) -> Result<PaymentCardsResult, Failure> {
    let token = request.phone_verification_number.clone();
    let owner = owner(app, call, &mut request).await?;
    let phone = phone(app, &owner).await?;
    gateways::tell(app, phone.as_deref());
    let now = app.clock.now();
    Ok(PaymentCardsResult {
        credit_cards: Some(cards(phone.as_deref()).map(|card| shown::info(card, now)).collect()),
        federation_cards: Some(Vec::new()),
        owner_cards: Some(owner_cards(app, &owner, token.as_deref()).await?),
        ..ok()
    })
}

/// The season cards of the phone; the token goes back to the device that has shown it.
async fn owner_cards(
    app: &App,
    owner: &VerifiedPhone,
    token: Option<&str>,
) -> Result<Vec<OwnerCards>, Failure> {
    let found = app.store.find(owner.hash, PAGE_ROWS_MAX).await?;
    let keys = found.into_iter().filter(|key| key.kind == Kind::Card).collect();
    let mut shown = Vec::new();
    for card in app.store.read_all::<Card>(keys).await? {
        let kind = card_type(app, card.shard, card.card_type).await?;
        shown.push(card_dto(&card, kind.as_deref(), None, token));
    }
    Ok(shown)
}
