//! `POST /phonePayment/callback/{Gateway}`: a provider says that a payer has answered. The message
//! only makes the janitor look at once; what the gateway then answers counts (`payments.md` §3.2).

use contract::phone_payment_callback::{
    NONCE_HEADER, PROVIDER_NONCE_HEADER, PROVIDER_SIGNATURE_HEADER, PhonePaymentCallback,
    PhonePaymentCallbackResult, SIGNATURE_HEADER,
};
use domain::sale::sale_of_key;
use gateway::Callback;
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::gateway_message::{self, Untaken};
use crate::app::App;

/// The longest nonce, in bytes.
const NONCE_LENGTH_MAX: usize = 255;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PhonePaymentCallback>() {
        Ok(request) => request,
        Err(error) => return gateway_message::reply(app, matched, "", Err(error.into())),
    };
    let taken = take(app, matched, &request);
    let taken = taken.map(|()| matched.reply(&PhonePaymentCallbackResult { ok: true }, 200));
    gateway_message::reply(app, matched, request.gateway.as_deref().unwrap_or_default(), taken)
}

fn take(
    app: &App,
    matched: &Matched<'_, '_>,
    request: &PhonePaymentCallback,
) -> Result<(), Untaken> {
    let exchange = matched.exchange();
    let header = |ours: &str, theirs: &str| {
        exchange.headers.get(ours).or_else(|| exchange.headers.get(theirs)).unwrap_or_default()
    };
    let nonce = header(NONCE_HEADER, PROVIDER_NONCE_HEADER);
    // A nonce that is too long makes no signature right.
    let nonce = if nonce.len() <= NONCE_LENGTH_MAX { nonce } else { "" };
    let signature = header(SIGNATURE_HEADER, PROVIDER_SIGNATURE_HEADER);
    let (path, body) = (exchange.path, exchange.body);
    let name = request.gateway.as_deref().unwrap_or_default();
    gateway_message::sender(app, name, &Callback { nonce, signature, path, body })?;
    let in_its_words = request.payment_info.as_ref().and_then(|it| it.reference_number.as_deref());
    let key = request.reference.as_deref().or(in_its_words).unwrap_or_default();
    if let Some((shard, sale)) = sale_of_key(key) {
        app.till.hint(gateway_message::place(app)?, shard, sale, key.to_owned());
    }
    Ok(())
}
