//! `POST /phonePayment/callback/{Gateway}`: a provider says that a payer has answered. The message
//! only makes the janitor look at once; what the gateway then answers counts (`payments.md` §3.2).

use contract::phone_payment_callback::{
    NONCE_HEADER, PROVIDER_NONCE_HEADER, PROVIDER_SIGNATURE_HEADER, PhonePaymentCallback,
    PhonePaymentCallbackResult, SIGNATURE_HEADER,
};
use domain::refusal::Code;
use domain::sale::sale_of_key;
use gateway::Callback;
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::Call;
use crate::app::App;

/// The longest nonce, in bytes.
const NONCE_LENGTH_MAX: usize = 255;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PhonePaymentCallback>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    if !is_genuine(app, matched, request.gateway.as_deref().unwrap_or_default()) {
        let code = Code::SignatureInvalid;
        let message = "The message is not signed by that gateway; nothing was done.";
        return matched.fail(&ServiceError::new(code.status(), code.name(), message));
    }
    let in_its_words = request.payment_info.and_then(|payment| payment.reference_number);
    let key = request.reference.or(in_its_words).unwrap_or_default();
    // The place is the right to have one more sale under way; without one the poll must do.
    if let Some((shard, sale)) = sale_of_key(&key)
        && let Some(place) = app.till.place()
    {
        app.till.hint(place, shard, sale, key);
    }
    matched.reply(&PhonePaymentCallbackResult { ok: true }, 200)
}

fn is_genuine(app: &App, matched: &Matched<'_, '_>, gateway: &str) -> bool {
    let exchange = matched.exchange();
    let header = |ours: &str, theirs: &str| {
        exchange.headers.get(ours).or_else(|| exchange.headers.get(theirs)).unwrap_or_default()
    };
    let nonce = header(NONCE_HEADER, PROVIDER_NONCE_HEADER);
    let signature = header(SIGNATURE_HEADER, PROVIDER_SIGNATURE_HEADER);
    let (path, body) = (exchange.path, exchange.body);
    let gateway = app.till.gateway(gateway).filter(|_| nonce.len() <= NONCE_LENGTH_MAX);
    gateway.is_some_and(|gateway| gateway.sent(&Callback { nonce, signature, path, body }))
}
