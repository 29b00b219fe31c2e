//! `PUT /OwnerCards`: the office says who holds a card, closes it, or opens it again.

use contract::owner_cards::OwnerCardResult;
use contract::owner_cards::change::UpdateOwnerCard;
use domain::audit::AuditEvent;
use domain::card::{CardAddress, CardChange, CardState, ChangeCard};
use service::matched::Matched;
use service::reply::Reply;

use super::intake::{self, Told};
use super::{found, office, presentation};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;

answers!(OwnerCardResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &UpdateOwnerCard,
) -> Result<OwnerCardResult, Failure> {
    let change = read(request)?;
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let card = found::one(app, call, request.id).await?;
    let command = ChangeCard {
        card: CardAddress { shard: card.shard, id: card.id },
        change,
        note: office::audit(call, AuditEvent::CardChanged, &reason),
    };
    let card = app.store.submit(command).await?;
    Ok(OwnerCardResult {
        card: Some(presentation::card(app, &card, None).await?),
        is_blocked: card.state == CardState::Blocked,
        ..ok()
    })
}

fn read(request: &UpdateOwnerCard) -> Result<CardChange, Failure> {
    let told = Told {
        phone: &request.phone_number,
        holder_id: &request.holder_id,
        name: &request.holder_name,
        email: &request.holder_email,
    };
    let mut problems = Vec::new();
    let holder = intake::holder(&told, "", &mut problems);
    if problems.is_empty() {
        Ok(CardChange { holder, blocked: request.is_blocked })
    } else {
        Err(Failure::invalid(problems))
    }
}
