//! `GET|POST /OwnerCards/Search/Owner`: the office looks for season cards.

use std::sync::Arc;

use contract::owner_cards::list::OwnerCardsResult;
use contract::owner_cards::search::SearchOwnerCards;
use domain::card::Card;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::intake::{self, Told};
use super::{found, office};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::operations::page::Page;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| search(app, call, &request).await).await
}

async fn search(
    app: &App,
    call: &Call<'_>,
    request: &SearchOwnerCards,
) -> Result<OwnerCardsResult, Failure> {
    let (take_default, take_max) = (found::CARDS_TAKE_DEFAULT, found::CARDS_TAKE_MAX);
    let page = Page::of(request.skip, request.take, take_default, take_max)?;
    if let Some(owner) = request.owner_id.filter(|owner| *owner != 0) {
        office::owner(call, owner)?;
    }
    let cards = found_by(app, call, request).await?;
    found::page(app, &cards, page, None).await
}

async fn found_by(
    app: &App,
    call: &Call<'_>,
    request: &SearchOwnerCards,
) -> Result<Vec<Arc<Card>>, Failure> {
    let words = words(request)?;
    let has_all = |card: &Arc<Card>| {
        let of_card = card.words();
        words.iter().all(|word| of_card.contains(word))
    };
    let is_owners = |card: &Arc<Card>| {
        let owner = request.owner_id.filter(|owner| *owner != 0);
        owner.is_none_or(|owner| u32::try_from(owner) == Ok(card.shard.0))
    };
    if let Some(id) = request.id.filter(|id| *id != 0) {
        let card = match found::one(app, call, id).await {
            Err(Failure::Refused(_)) => None,
            found => Some(found?),
        };
        return Ok(card.into_iter().filter(has_all).filter(is_owners).collect());
    }
    if words.is_empty() {
        let message = "Say what is known: a number, a phone, an id or a name.";
        return Err(Failure::invalid(vec![wrong("HolderName", message)]));
    }
    for word in &words {
        let (mut cards, is_complete) = found::by_word(app, call, *word, request.owner_id).await?;
        if is_complete {
            cards.retain(has_all);
            return Ok(cards);
        }
    }
    let message = "Too many cards match; say more of their holder.";
    Err(Refusal::new(Code::ValidationFailed, message).into())
}

fn words(request: &SearchOwnerCards) -> Result<Vec<u128>, Failure> {
    let told = Told {
        phone: &request.phone_number,
        holder_id: &request.holder_id,
        name: &request.holder_name,
        email: &None,
    };
    let mut problems = Vec::new();
    let holder = intake::holder(&told, "", &mut problems);
    if problems.is_empty() { Ok(holder.words()) } else { Err(Failure::invalid(problems)) }
}
