//! Cards that a gateway keeps for a proved phone (`domain.md` §2.2, §3.1 `paymentCardId`).

use std::sync::Arc;

use domain::payment::{Claims, Method};
use domain::phone::{CardMonth, PaymentCard, Phone};
use domain::record::word;
use domain::refusal::{Code, Refusal};
use gateway::secret::YearMonth;
use gateway::{CardToken, SourceKind, TokenUse};

use super::{Parties, Usable, card_gateway, refusal};
use crate::app::App;
use crate::operations::family::Failure;

/// The saved card of this number.
pub(super) async fn read(app: &App, id: i32, parties: &Parties<'_>) -> Result<Usable, Failure> {
    let id = u32::try_from(id).map_err(|_| not_found())?;
    find(app, parties, |card| card.id.0 == id).await
}

/// The saved card with this token.
pub(super) async fn by_token(
    app: &App,
    token: &str,
    parties: &Parties<'_>,
) -> Result<Usable, Failure> {
    let token = token.trim();
    find(app, parties, |card| card.token.0 == token).await
}

/// A card of the buyer's own phone and of the seller's own gateway; all others look as if they
/// were not there.
async fn find(
    app: &App,
    parties: &Parties<'_>,
    is_it: impl Fn(&PaymentCard) -> bool,
) -> Result<Usable, Failure> {
    let gateway = card_gateway(app, parties)?;
    let number = parties.phone.ok_or_else(not_found)?;
    let phone: Option<Arc<Phone>> = app.store.read(Phone::key_of(word("phone", number))).await?;
    let phone = phone.ok_or_else(not_found)?;
    let usable = |card: &&PaymentCard| !card.removed && card.gateway == gateway.name && is_it(card);
    let card = phone.cards.iter().find(usable).ok_or_else(not_found)?;
    let YearMonth { year, month } = YearMonth::of(app.clock.now());
    if card.last_month.is_some_and(|last| last < CardMonth { year, month }) {
        return Err(refusal(Code::CardExpired).into());
    }
    let token = CardToken::parse(TokenUse::Multi, &card.token.0).map_err(|_| not_found())?;
    // A card that was seen is counted as itself: saved once more, it would have another token.
    let claims = Claims { card: card.fingerprint, ..Claims::default() };
    let usable = Usable::card(SourceKind::Token(token), Method::SavedCard, gateway);
    Ok(Usable { claims, ..usable })
}

fn not_found() -> Refusal {
    let message = "There is no such saved card of this phone; list them with /paymentCards.";
    Refusal::new(Code::PaymentCardNotFound, message)
}
