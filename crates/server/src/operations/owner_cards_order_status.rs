//! `GET|POST /OrderOwnerCards/status`: what a client polls while a payment is open.

use std::sync::Arc;

use contract::owner_cards::OwnerCardsOrderResult;
use contract::owner_cards_order_status::OwnerCardsOrderStatus;
use domain::refusal::{Code, Refusal};
use domain::sale::{Goods, Sale};
use service::matched::Matched;
use service::reply::Reply;

use super::family::Failure;
use super::{Call, owner_cards, ticket_order_status};
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<OwnerCardsOrderStatus>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match answer(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, owner_cards::refused),
    }
}

async fn answer(
    app: &App,
    call: &Call<'_>,
    request: &OwnerCardsOrderStatus,
) -> Result<OwnerCardsOrderResult, Failure> {
    let handle = request.order_token_id.as_deref();
    let sale: Arc<Sale> = ticket_order_status::find(app, call, handle).await?;
    if !matches!(sale.goods, Goods::Cards { .. }) {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such order.").into());
    }
    owner_cards::result(app, &sale, request.return_cards, None).await
}
