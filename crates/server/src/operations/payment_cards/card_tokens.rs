//! `POST /cardTokens`: the tokens of the saved cards, for payments of the type `TokenMulti`.

use contract::payment_cards::card_tokens::{CardTokenInfo, CardTokens, CardTokensResult};
use domain::phone::PaymentCard;
use service::matched::Matched;
use service::reply::Reply;

use super::{cards, owner, phone};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::signed::signed;

signed!(CardTokens, "CardTokens");
answers!(CardTokensResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let tokens = Some(tokens(app, call, request).await?);
        Ok(CardTokensResult { tokens, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn tokens(
    app: &App,
    call: &Call<'_>,
    mut request: CardTokens,
) -> Result<Vec<CardTokenInfo>, Failure> {
    let owner = owner(app, call, &mut request).await?;
    let phone = phone(app, &owner).await?;
    Ok(cards(phone.as_deref()).map(token).collect())
}

fn token(card: &PaymentCard) -> CardTokenInfo {
    CardTokenInfo {
        id: int(card.id.0),
        token: Some(card.token.0.clone()),
        card_mask: Some(card.mask.clone()),
    }
}
