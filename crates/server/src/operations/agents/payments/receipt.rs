//! What a gateway tells of a payment beside whether it came: the buyer's secret, a receipt.

use domain::sale::Sale;
use gateway::{BuyerSecret, ChargeName, Receipt, within};
use tracing::warn;

use crate::app::App;

/// The longest answer of a gateway that is shown, in bytes (`payments.md` §5.2).
const ANSWER_LENGTH_MAX: usize = 8 * 1_024;

/// The secret with which the buyer's browser finishes the open payment; `None` when the gateway
/// does not tell it now.
pub(in crate::operations::agents) async fn buyer_secret(app: &App, sale: &Sale) -> Option<String> {
    let charge = sale.pending_charge()?;
    let gateway = app.till.gateway(&charge.terms.name)?;
    let told = within(&*gateway, gateway.buyer_secret(charge.handle.as_deref()?)).await;
    if !matches!(told, Some(Ok(_))) {
        warn!(sale = sale.id.0, "the gateway does not tell a buyer's secret now");
    }
    told?.ok().map(|secret: BuyerSecret| secret.expose().to_owned())
}

/// What may be shown of a charge; `None` when the gateway tells nothing.
pub(in crate::operations::agents) async fn of(app: &App, sale: &Sale) -> Option<Receipt> {
    let charge = sale.charge()?;
    let reference = &charge.approval.as_ref()?.reference;
    let gateway = app.till.gateway(&charge.terms.name)?;
    let name = ChargeName { key: &charge.key, reference };
    let receipt = within(&*gateway, gateway.receipt(&name)).await.flatten()?;
    Some(Receipt { answer: receipt.answer.map(cut), ..receipt })
}

/// At most [`ANSWER_LENGTH_MAX`] bytes of a text, whole characters only.
fn cut(mut text: String) -> String {
    let end = (0..=ANSWER_LENGTH_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
    text
}
