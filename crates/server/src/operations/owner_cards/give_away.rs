//! `POST /eventOwnerGiveAwayCards`: a club gives season cards away.

use contract::owner_cards::OwnerCards;
use contract::owner_cards::give_away::{
    EventOwnerGiveAwayCards, EventOwnerGiveAwayCardsResult, GiveAwayCardHolder,
};
use domain::audit::AuditEvent;
use domain::card::{Card, CardAddress, CardHolder, GIFTS_MAX, GiveCards};
use domain::ids::{CardId, CardTypeId, NumberKind, Shard};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::intake::{self, Told};
use super::{office, presentation};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::marks::Repeatable;

/// The name that a key is good for.
const OPERATION: &str = "EventOwnerGiveAwayCards";

answers!(EventOwnerGiveAwayCardsResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| give(app, call, &request).await).await
}

async fn give(
    app: &App,
    call: &Call<'_>,
    request: &EventOwnerGiveAwayCards,
) -> Result<EventOwnerGiveAwayCardsResult, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let holders = holders(request.holders.as_deref().unwrap_or_default())?;
    let card_type = CardTypeId(office::number(request.owner_card_type_id));
    let shard = club(app, call, card_type).await?;
    let repeatable = Repeatable { app, call, operation: OPERATION, request, source: None };
    let marks = repeatable.marks(None, shard).await?;
    let note = office::audit(call, AuditEvent::CardsGiven, &reason);
    let command = GiveCards { shard, card_type, holders, secret: app.secret()?, marks, note };
    let given = app.store.submit(command).await?;
    let cards = match request.return_cards {
        true => Some(shown(app, shard, &given.cards).await?),
        false => None,
    };
    Ok(EventOwnerGiveAwayCardsResult {
        owner_card_ids: Some(given.cards.iter().map(|card| int(card.0)).collect()),
        already_given: given.repeated,
        cards,
        ..ok()
    })
}

/// The club of a kind of card, if the caller may act for it.
async fn club(app: &App, call: &Call<'_>, card_type: CardTypeId) -> Result<Shard, Failure> {
    let message = format!("There is no card type {}.", card_type.0);
    let not_found = || Refusal::new(Code::CardTypeNotFound, message);
    let shard = app.store.shard_of(NumberKind::CardType, card_type.0).await?;
    let shard = shard.ok_or_else(not_found)?;
    office::scope(call, shard)?;
    Ok(shard)
}

fn holders(told: &[GiveAwayCardHolder]) -> Result<Vec<CardHolder>, Failure> {
    if told.len() > GIFTS_MAX {
        let message = format!("{GIFTS_MAX} cards at most; give the others in another request.");
        return Err(Failure::invalid(vec![wrong("Holders", message)]));
    }
    let (mut holders, mut problems) = (Vec::with_capacity(told.len()), Vec::new());
    for (index, holder) in told.iter().enumerate() {
        let path = format!("Holders[{index}].");
        let told = Told {
            phone: &holder.phone_number,
            holder_id: &holder.holder_id,
            name: &holder.holder_name,
            email: &holder.holder_email,
        };
        let before = problems.len();
        let holder = intake::holder(&told, &path, &mut problems);
        if holder == CardHolder::default() && problems.len() == before {
            problems.push(wrong(&path[..path.len() - 1], "Say who gets this card."));
        }
        holders.push(holder);
    }
    if problems.is_empty() { Ok(holders) } else { Err(Failure::invalid(problems)) }
}

async fn shown(app: &App, shard: Shard, cards: &[CardId]) -> Result<Vec<OwnerCards>, Failure> {
    let key = |id: &CardId| Card::key_of(CardAddress { shard, id: *id });
    let mut cards = app.store.read_all::<Card>(cards.iter().map(key).collect()).await?;
    cards.sort_by_key(|card| card.id);
    let mut shown = Vec::with_capacity(cards.len());
    for card in &cards {
        shown.push(presentation::card(app, card, None).await?);
    }
    Ok(shown)
}
