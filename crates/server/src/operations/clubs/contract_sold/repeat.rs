//! By what a sale is known when it comes again (`payments.md` §6.5): the caller's key, or else the
//! `ProfileToken` that it shows, which is good for one use and for the same one again (§4.3).

use contract::contract_sold::{ContractSoldEndpoint, PaymentMethodDto};
use domain::idempotency::Marks;
use domain::profile::MethodAsked;

use super::{Intake, OPERATION};
use crate::app::App;
use crate::idempotency::{Body, is_key};
use crate::operations::Call;
use crate::operations::clubs::caller::ClubCaller;
use crate::operations::family::{Failure, wrong};

/// Writes into the request which profiles its methods name, in place of the tokens that they show:
/// those are never written, and two of them would look alike.
pub(super) fn name_profiles(request: &mut ContractSoldEndpoint, methods: Option<&[MethodAsked]>) {
    let sent = request.payment_methods.iter_mut().flatten();
    for (dto, method) in sent.zip(methods.unwrap_or_default()) {
        let named = [
            method.acct_token.map(|token| format!("account {}", token.id.0)),
            method.profile_token.map(|token| format!("new {}", token.id.0)),
            method.profile.map(|id| id.0.to_string()),
        ];
        let named: Vec<String> = named.into_iter().flatten().collect();
        let payment_profile_id = (!named.is_empty()).then(|| named.join(" and "));
        let (acct_token, profile_token) = (None, None);
        let sent = std::mem::take(dto);
        *dto = PaymentMethodDto { acct_token, profile_token, payment_profile_id, ..sent };
    }
}

/// What tells this request of this caller from others.
pub(super) fn fingerprint(by: &ClubCaller, request: &ContractSoldEndpoint) -> u128 {
    Body::of(request, None).of_caller(by.caller.id.0)
}

/// The marks of a request.
///
/// # Errors
/// A failure naming the header when the caller's key is none; a fault of the store.
pub(super) async fn marks(
    app: &App,
    call: &Call<'_>,
    by: &ClubCaller,
    request: &ContractSoldEndpoint,
    intake: &Intake,
) -> Result<Marks, Failure> {
    let key = call.idempotency_key;
    if key.is_some_and(|key| !is_key(key)) {
        let message = "It must have 1 to 255 printable characters.";
        return Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]));
    }
    let shown = intake.methods.iter().flatten().find_map(|method| method.profile_token);
    // With what the request says, so that another request is another sale, which cannot use it.
    let shown = shown.map(|token| format!("profile token {} {:x}", token.id.0, token.request));
    let Some(key) = key.map(str::to_owned).or(shown) else { return Ok(Marks::default()) };
    let identity = Body::of(request, None).under_key(by.caller.id.0, OPERATION, &key);
    let today = app.clock.now().day();
    let earlier = app.store.idempotency_before(by.chain, identity.hash, today).await?;
    Ok(Marks { key: Some(identity), signature: None, earlier })
}
