//! `/paymentCards` and `/cardTokens`: the cards that gateways keep for a proved phone
//! (`domain.md` §8). Nobody sees them but the device that proves the phone.

mod card_tokens;
pub(crate) mod gateways;
mod list;
mod remove;
mod save_card;
mod shown;

use std::sync::Arc;

use contract::payment_cards as declared;
use domain::phone::{PaymentCard, Phone};

use super::Call;
use super::family::Failure;
use super::handlers::{Handler, handler};
use super::signed::{self, Signed};
use crate::access::phones::VerifiedPhone;
use crate::app::App;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(declared::list::PAYMENT_CARDS, list::serve),
    handler!(declared::card_tokens::CARD_TOKENS, card_tokens::serve),
    handler!(declared::save_card::SAVE_CARD, save_card::serve),
    handler!(declared::remove::PAYMENT_CARDS_DELETE, remove::serve),
];

/// The phone whose owner asks. A box office must prove it as an app must: it does not see what
/// others pay with.
async fn owner<R: Signed>(
    app: &App,
    call: &Call<'_>,
    request: &mut R,
) -> Result<VerifiedPhone, Failure> {
    Ok(signed::check_once(app, call, request).await?.proved()?.clone())
}

/// The phone with its cards, as they are now.
async fn phone(app: &App, owner: &VerifiedPhone) -> Result<Option<Arc<Phone>>, Failure> {
    Ok(app.store.read::<Phone>(Phone::key_of(owner.hash)).await?)
}

/// The cards that can be used or could once.
fn cards(phone: Option<&Phone>) -> impl Iterator<Item = &PaymentCard> {
    phone.into_iter().flat_map(|phone| &phone.cards).filter(|card| !card.removed)
}
