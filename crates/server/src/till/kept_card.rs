//! Keeping a card for the next time, after it has paid (`payments.md` §1.7).

use domain::attempt::GatewayCall;
use domain::phone::{CardMonth, NewPaymentCard, SavePaymentCard, SavedToken};
use gateway::secret::YearMonth;
use gateway::{Keep, PaymentRequest, SavedCard, Source, TokenUse};
use tracing::warn;

use super::Till;

/// Leaves the card that `call` charged with its gateway, for the phone of its buyer. The sale
/// stands whatever comes of it: a buyer whose card was not kept types it in again.
pub(super) async fn keep(till: &Till, call: &GatewayCall, source: &Source) {
    let Some(keep) = source.keep else { return };
    let Some(gateway) = till.gateway(&call.gateway) else { return };
    let key = format!("{}_keep", call.key);
    let request = PaymentRequest::new(&key, call.money, call.deadline);
    let made = gateway::within(&*gateway, gateway.tokenize(&request, source, TokenUse::Multi));
    let Some(Ok(made)) = made.await else {
        return warn!(sale = call.sale.0, "a card was not kept: the gateway gave no token");
    };
    let card = new_card(&call.gateway, made, keep);
    if let Err(error) = till.store.submit(SavePaymentCard { phone: keep.phone, card }).await {
        warn!(sale = call.sale.0, ?error, "a card was not kept");
    }
}

fn new_card(gateway: &str, made: SavedCard, keep: Keep) -> NewPaymentCard {
    let month = |YearMonth { year, month }| CardMonth { year, month };
    NewPaymentCard {
        gateway: gateway.to_owned(),
        token: SavedToken(made.token.expose().to_owned()),
        mask: made.card_mask,
        last_month: made.expiry.map(|expiry| month(expiry.last_month())),
        fingerprint: Some(keep.fingerprint),
    }
}
