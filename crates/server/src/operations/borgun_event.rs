//! `POST /borgun/events/{Gateway}/{Secret}`: the gateway says that something happened to a payment.
//! The message is a hint that names it; what the gateway then tells of it counts
//! (`payments.md` §1.10). That is how a payment whose answer was lost is settled without a person.

use contract::borgun_event::{BorgunEvent, BorgunEventData, BorgunEventResult};
use domain::refusal::Code;
use gateway::Callback;
use gateway::borgun::{is_transaction_id, sale_of_order_id};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::Call;
use crate::app::App;
use crate::till::Told;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let taken = matched.bind().and_then(|event| take(app, &event, matched.exchange().body));
    match taken {
        Ok(()) => matched.reply(&BorgunEventResult { ok: true }, 200),
        Err(error) => matched.fail(&error),
    }
}

fn take(app: &App, event: &BorgunEvent, body: &[u8]) -> Result<(), ServiceError> {
    let name = event.gateway.as_deref().unwrap_or_default();
    let secret = event.secret.as_deref().unwrap_or_default();
    let message = Callback { nonce: "", signature: secret, path: "", body };
    let gateway = app.till.gateway(name).filter(|gateway| gateway.sent(&message));
    let Some(gateway) = gateway else {
        let code = Code::SignatureInvalid;
        let message = "The message does not come from that gateway; nothing was done.";
        return Err(ServiceError::new(code.status(), code.name(), message));
    };
    let Some(told) = event.data.as_ref().and_then(told) else { return Ok(()) };
    // A gateway sends again what was not acknowledged.
    let busy = "Too much is under way; send the event again.";
    let place = app.till.place().ok_or_else(|| ServiceError::new(503, "Overloaded", busy))?;
    app.till.told(place, gateway, told);
    Ok(())
}

/// What is told; `None` for a message about nothing of ours.
fn told(data: &BorgunEventData) -> Option<Told> {
    let name = data.order_id.as_deref()?.trim();
    let reference = data.transaction_id.as_deref()?.trim();
    let sale = sale_of_order_id(name).filter(|_| is_transaction_id(reference))?;
    Some(Told { sale, name: name.to_owned(), reference: reference.to_owned() })
}
