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
use contract::shared::RequestSignature;
use domain::phone::{PaymentCard, Phone};

use super::family::Failure;
use super::handlers::{Handler, handler};
use super::origin::Origin;
use super::{Call, marks, origin};
use crate::access::phones::VerifiedPhone;
use crate::access::signature::{Claim, SignedParts};
use crate::app::App;
use crate::idempotency::Body;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(declared::list::PAYMENT_CARDS, list::serve),
    handler!(declared::card_tokens::CARD_TOKENS, card_tokens::serve),
    handler!(declared::save_card::SAVE_CARD, save_card::serve),
    handler!(declared::remove::PAYMENT_CARDS_DELETE, remove::serve),
];

/// What a request shows to speak for a phone.
struct Shown<'r> {
    operation: &'static str,
    device_id: Option<&'r str>,
    phone_verification_number: Option<&'r str>,
    signature: &'r mut Option<RequestSignature>,
    timestamp: &'r mut Option<i64>,
}

impl Shown<'_> {
    /// Where the request comes from.
    async fn check(self, app: &App, call: &Call<'_>) -> Result<Origin, Failure> {
        let claim = Claim::take(self.signature, self.timestamp);
        let parts = SignedParts {
            operation: self.operation,
            device_id: self.device_id,
            phone_verification_number: self.phone_verification_number,
        };
        origin::check(app, call, claim, &parts).await
    }
}

/// The phone whose owner asks. A box office must prove it as an app must: it does not see what
/// others pay with.
///
/// The signature is good for `body` only.
async fn owner(
    app: &App,
    call: &Call<'_>,
    shown: Shown<'_>,
    body: &Body,
) -> Result<VerifiedPhone, Failure> {
    let origin = shown.check(app, call).await?;
    marks::use_up(app, call, origin.signature.as_ref(), body).await?;
    Ok(origin.proved()?.clone())
}

/// The phone with its cards, as they are now.
async fn phone(app: &App, owner: &VerifiedPhone) -> Result<Option<Arc<Phone>>, Failure> {
    Ok(app.store.read::<Phone>(Phone::key_of(owner.hash)).await?)
}

/// The cards that can be used or could once.
fn cards(phone: Option<&Phone>) -> impl Iterator<Item = &PaymentCard> {
    phone.into_iter().flat_map(|phone| &phone.cards).filter(|card| !card.removed)
}
