//! Charging: make the intent, then confirm it with the buyer's means of paying.

use domain::attempt::{CallResult, Consent};

use super::answer::Intent;
use super::intents::{EXPANDED, KEPT, Wanted, path_of};
use super::methods::{Customer, Means};
use super::wire::done;
use super::{NOT_SENDABLE, StripeGateway, is_key};
use crate::gateway::PaymentRequest;
use crate::secret::Source;
use crate::silence::Sending;

/// The payer agreed earlier and cannot be asked now.
const NOBODY_THERE: (&str, &str) = ("off_session", "true");

/// What one confirmation is about.
struct Confirmation<'a> {
    id: &'a str,
    means: &'a Means<'a>,
    /// The buyer wants the card to be kept.
    keeps: bool,
    /// The key it is sent with. A payment that stays open has none for its tries: its buyer may
    /// try the same card again, and an intent takes its money once, however often it is confirmed.
    key: Option<&'a str>,
    sending: Sending,
}

impl StripeGateway {
    /// Takes or reserves money, or opens a payment for a browser.
    pub(super) async fn charge(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        match self.try_charge(request, source).await {
            Ok(result) | Err(result) => result,
        }
    }

    async fn try_charge(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
    ) -> Result<CallResult, CallResult> {
        if !is_key(request.key) {
            return Err(CallResult::NotExecuted(NOT_SENDABLE.into()));
        }
        let means = self.means(source)?;
        let wanted = Wanted::of(request)?;
        let intent: Intent = done(self.create(&wanted).await, Sending::Once)?;
        let Some(means) = means else { return Ok(CallResult::Pending(intent.id)) };
        let key = format!("{}:confirm", request.key);
        let (keeps, sending) = (source.keep.is_some(), Sending::Once);
        let (means, key) = (&means, Some(key.as_str()));
        let confirmation = Confirmation { id: &intent.id, means, keeps, key, sending };
        self.confirm(&confirmation, &wanted).await
    }

    /// Pays an open payment; see [`crate::Gateway::pay_open`].
    pub(super) async fn pay(
        &self,
        request: &PaymentRequest<'_>,
        handle: &str,
        source: &Source,
    ) -> CallResult {
        let paid = async {
            let wanted = Wanted::of(request)?;
            let means = self.means(source)?;
            let Some(means) = means else { return Ok(CallResult::Pending(handle.to_owned())) };
            let (keeps, sending) = (source.keep.is_some(), Sending::Repeatable);
            let confirmation =
                Confirmation { id: handle, means: &means, keeps, key: None, sending };
            self.confirm(&confirmation, &wanted).await
        };
        match paid.await {
            // It can be paid in another way, so that nothing final can be said of it.
            Ok(CallResult::NotFound) => CallResult::Unknown("The payment is still open.".into()),
            Err(CallResult::NotExecuted(reason) | CallResult::Misconfigured(reason)) => {
                CallResult::Unknown(reason)
            }
            Ok(result) | Err(result) => result,
        }
    }

    /// Asks Stripe to take the money of an intent.
    ///
    /// # Errors
    /// What is said of this request alone, not of the intent.
    async fn confirm(
        &self,
        confirmation: &Confirmation<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<CallResult, CallResult> {
        let Confirmation { id, means, keeps, key, sending } = *confirmation;
        let mut form = vec![EXPANDED];
        form.extend(keeps.then_some(KEPT));
        form.extend((wanted.request.consent == Consent::Earlier).then_some(NOBODY_THERE));
        match means.customer {
            Some(customer) => self.attach_to_intent(id, means, customer, sending).await?,
            None => form.extend(means.members.iter().map(|(name, text)| (*name, text.as_str()))),
        }
        let answer = self.wire.post(&path_of(id, "/confirm")?, &form, key).await;
        let answer = answer.map_err(|silence| silence.result(sending))?;
        self.outcome(&answer, id, wanted).await
    }

    /// A card that is kept for a customer can only be charged with the customer named, and a
    /// confirmation cannot name one.
    async fn attach_to_intent(
        &self,
        id: &str,
        means: &Means<'_>,
        customer: Customer<'_>,
        sending: Sending,
    ) -> Result<(), CallResult> {
        let mut form = vec![("customer", customer.0)];
        form.extend(means.members.iter().map(|(name, text)| (*name, text.as_str())));
        let answer = self.wire.post(&path_of(id, "")?, &form, None).await;
        done::<Intent>(answer, sending).map(drop)
    }
}
