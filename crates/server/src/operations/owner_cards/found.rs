//! Finding season cards, as far as the caller may see them.

use std::cmp::Reverse;
use std::sync::Arc;

use contract::owner_cards::OwnerCards;
use contract::owner_cards::list::OwnerCardsResult;
use domain::card::{Card, CardAddress, CardState};
use domain::ids::{CardId, NumberKind, Shard};
use domain::record::Kind;
use domain::refusal::{Code, Refusal};

use super::presentation;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::Page;

/// The most rows of the finder that one word may have for its cards to be looked at.
pub(super) const FOUND_MAX: u32 = 1_000;

/// Cards on a page when a request does not say how many.
pub(super) const CARDS_TAKE_DEFAULT: i32 = 20;

/// Most cards on a page.
pub(super) const CARDS_TAKE_MAX: i32 = 100;

/// The cards that have this word, newest first, of one club or of all; and whether these are all,
/// because not too many rows have it.
pub(super) async fn by_word(
    app: &App,
    call: &Call<'_>,
    word: u128,
    owner: Option<i32>,
) -> Result<(Vec<Arc<Card>>, bool), Failure> {
    let keys = app.store.find(word, FOUND_MAX).await?;
    let is_complete = u32::try_from(keys.len()).is_ok_and(|count| count < FOUND_MAX);
    let owner = owner.filter(|owner| *owner != 0);
    let is_wanted = |shard: Shard| owner.is_none_or(|owner| owner == int(shard.0));
    let keys = keys.into_iter().filter(|key| {
        key.kind == Kind::Card && is_wanted(key.shard) && call.may_act_for(key.shard)
    });
    let mut cards = app.store.read_all::<Card>(keys.collect()).await?;
    cards.sort_by_key(|card| Reverse((card.created_at, card.id)));
    Ok((cards, is_complete))
}

/// The card of a published number. One outside the caller's scope looks like none.
pub(super) async fn one(app: &App, call: &Call<'_>, id: i32) -> Result<Arc<Card>, Failure> {
    let not_found = || Refusal::new(Code::OwnerCardNotFound, "There is no such card.");
    let id = u32::try_from(id).map_err(|_| not_found())?;
    let shard = app.store.shard_of(NumberKind::Card, id).await?;
    let shard = shard.filter(|shard| call.may_act_for(*shard)).ok_or_else(not_found)?;
    let address = CardAddress { shard, id: CardId(id) };
    let card = app.store.read::<Card>(Card::key_of(address)).await?;
    Ok(card.ok_or_else(not_found)?)
}

/// One page of cards.
pub(super) async fn page(
    app: &App,
    cards: &[Arc<Card>],
    page: Page,
    token: Option<&str>,
) -> Result<OwnerCardsResult, Failure> {
    let of_page: Vec<_> = page.cut(cards).collect();
    let blocked = of_page.iter().filter(|card| card.state == CardState::Blocked);
    Ok(OwnerCardsResult {
        blocked_ids: Some(blocked.map(|card| int(card.id.0)).collect()),
        results: Some(shown(app, of_page.into_iter(), token).await?),
        total: int(u32::try_from(cards.len()).unwrap_or(u32::MAX)),
        ..ok()
    })
}

answers!(OwnerCardsResult);

async fn shown<'c>(
    app: &App,
    cards: impl Iterator<Item = &'c Arc<Card>>,
    token: Option<&str>,
) -> Result<Vec<OwnerCards>, Failure> {
    let mut shown = Vec::new();
    for card in cards {
        shown.push(presentation::card(app, card, token).await?);
    }
    Ok(shown)
}
