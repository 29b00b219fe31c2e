//! `GET|POST /OwnerCards`: the season cards of a phone.

use contract::owner_cards::list::{GetOwnerCards, OwnerCardsResult};
use domain::record::word;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::found;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::family::Failure;
use crate::operations::page::Page;
use crate::operations::signed::{self, signed};

signed!(GetOwnerCards, "GetOwnerCards");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    mut request: GetOwnerCards,
) -> Result<OwnerCardsResult, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let (take_default, take_max) = (found::CARDS_TAKE_DEFAULT, found::CARDS_TAKE_MAX);
    let page = Page::of(request.skip, request.take, take_default, take_max)?;
    let phone = origin.phone_number().ok_or_else(|| {
        Refusal::new(Code::PhoneVerificationRequired, "Say whose cards: send a phone.")
    })?;
    let (mut cards, _) = found::by_word(app, call, word("phone", &phone), request.owner_id).await?;
    if request.only_usable {
        let now = app.clock.now();
        cards.retain(|card| card.check_valid(now).is_ok() && !card.is_exhausted());
    }
    let token = request.phone_verification_number.as_deref().filter(|_| origin.phone.is_some());
    found::page(app, &cards, page, token).await
}
