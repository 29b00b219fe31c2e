//! `GET|POST /OrderOwnerCards/status`: what a client polls while a payment is open.

use std::sync::Arc;

use contract::owner_cards::OwnerCardsOrderResult;
use contract::owner_cards_order_status::OwnerCardsOrderStatus;
use domain::refusal::{Code, Refusal};
use domain::sale::{Goods, Sale};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::family::Failure;
use super::signed::{self, signed};
use super::{Call, by_handle, owner_cards};
use crate::app::App;

signed!(OwnerCardsOrderStatus, "OwnerCardsOrderStatus");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| show(app, call, request).await).await
}

async fn show(
    app: &App,
    call: &Call<'_>,
    mut request: OwnerCardsOrderStatus,
) -> Result<OwnerCardsOrderResult, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let handle = request.order_token_id.as_deref();
    let sale: Arc<Sale> = by_handle::of_owner(app, call, handle, &origin).await?;
    if !matches!(sale.goods, Goods::Cards { .. }) {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such order.").into());
    }
    owner_cards::result(app, &sale, request.return_cards, None).await
}
