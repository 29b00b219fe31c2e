//! `DELETE|POST /paymentCards/delete`: a card that pays nothing any more.

use contract::payment_cards::remove::{PaymentCardsDelete, PaymentCardsDeleteResult};
use domain::ids::PaymentCardId;
use domain::phone::RemovePaymentCard;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::{gateways, owner, phone};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::signed::signed;

signed!(PaymentCardsDelete, "PaymentCardsDelete");
answers!(PaymentCardsDeleteResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        remove(app, call, request).await?;
        Ok(ok::<PaymentCardsDeleteResult>())
    };
    answer(app, matched, call, run).await
}

async fn remove(
    app: &App,
    call: &Call<'_>,
    mut request: PaymentCardsDelete,
) -> Result<(), Failure> {
    let id = request.payment_card_id.and_then(|id| u32::try_from(id).ok());
    let owner = owner(app, call, &mut request).await?;
    let card = PaymentCardId(id.unwrap_or_default());
    let removed = app.store.submit(RemovePaymentCard { phone: owner.hash, card }).await?;
    gateways::tell(app, phone(app, &owner).await?.as_deref());
    if removed {
        return Ok(());
    }
    let message = "There is no such saved card of this phone.";
    Err(Refusal::new(Code::PaymentCardNotFound, message).into())
}
