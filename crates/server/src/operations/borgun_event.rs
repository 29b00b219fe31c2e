//! `POST /borgun/events/{Gateway}/{Secret}`: the gateway says that something happened to a payment.
//! The message is a hint that names it; what the gateway then tells of it counts
//! (`payments.md` §1.10). That is how a payment whose answer was lost is settled without a person.

use contract::borgun_event::{BorgunEvent, BorgunEventData, BorgunEventResult};
use gateway::Callback;
use gateway::borgun::{is_transaction_id, sale_of_order_id};
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::gateway_message::{self, Untaken, later};
use crate::app::App;
use crate::till::{Heard, Told};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let event = match matched.bind::<BorgunEvent>() {
        Ok(event) => event,
        Err(error) => return gateway_message::reply(app, matched, "", Err(error.into())),
    };
    let taken = take(app, &event, matched.exchange().body).await;
    let taken = taken.map(|()| matched.reply(&BorgunEventResult { ok: true }, 200));
    gateway_message::reply(app, matched, event.gateway.as_deref().unwrap_or_default(), taken)
}

/// A payment that is in doubt is read before its event is acknowledged: nobody else tells what
/// became of it, and nothing here remembers an event.
async fn take(app: &App, event: &BorgunEvent, body: &[u8]) -> Result<(), Untaken> {
    let name = event.gateway.as_deref().unwrap_or_default();
    let secret = event.secret.as_deref().unwrap_or_default();
    let message = Callback { nonce: "", signature: secret, path: "", body };
    let gateway = gateway_message::sender(app, name, &message)?;
    let Some(told) = event.data.as_ref().and_then(told) else { return Ok(()) };
    let place = gateway_message::place(app)?;
    match app.till.told(place, gateway, told).await {
        Heard::Enough => Ok(()),
        Heard::Nothing => Err(later(&"the payment is as unclear as before")),
    }
}

/// What is told; `None` for a message about nothing of ours.
fn told(data: &BorgunEventData) -> Option<Told> {
    let name = data.order_id.as_deref()?.trim();
    let reference = data.transaction_id.as_deref()?.trim();
    let sale = sale_of_order_id(name).filter(|_| is_transaction_id(reference))?;
    Some(Told { sale, name: name.to_owned(), reference: reference.to_owned() })
}
