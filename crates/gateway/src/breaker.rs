//! A gateway that is watched: charges are not sent to one that has not answered for a while, so
//! that buyers hear so at once and their places are free again (`payments.md` §6).
//!
//! Only what begins something new is ever refused. Questions, fences, captures, voids, refunds and
//! the payment of what is open always pass: the till depends on them to end what has begun, and
//! "not executed" would be a promise that nobody here can give for them.

mod circuit;
mod health;
mod meter;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::agency::{SubscriptionAnswer, SubscriptionCall};
use domain::attempt::{CallResult, GatewayTerms};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::time::Timestamp;

use self::circuit::{Circuit, Pass, Sign};
use self::meter::between_us;
use crate::authentication::{Authentication, ChallengeAnswer};
use crate::callback::Callback;
use crate::clock::Clock;
use crate::dispute::Dispute;
use crate::gateway::{ChargeName, Gateway, PaymentForm, PaymentRequest, SavedCard, TokenUse};
use crate::receipt::Receipt;
use crate::secret::{BuyerSecret, CardToken, Source};
use crate::silence;

pub use health::{GatewayCondition, GatewayCounts, GatewayHealth};
pub use meter::{CallMeter, CallOutcome, CallTimes, GatewayVerb};

/// See the module.
pub struct Guarded {
    inner: Arc<dyn Gateway>,
    clock: Clock,
    refuses: bool,
    state: Mutex<State>,
}

struct State {
    circuit: Circuit,
    meter: CallMeter,
    last_answer_at: Option<Timestamp>,
}

impl Guarded {
    /// Watches `inner`, and refuses charges while it is silent.
    #[must_use]
    pub fn new(inner: Arc<dyn Gateway>, clock: Clock) -> Guarded {
        Guarded { refuses: true, ..Guarded::watching(inner, clock) }
    }

    /// Watches `inner` and refuses nothing: for the sandbox, whose silence is a part of the play.
    #[must_use]
    pub fn watching(inner: Arc<dyn Gateway>, clock: Clock) -> Guarded {
        let (circuit, meter) = (Circuit::Closed { silences: 0 }, CallMeter::default());
        let state = Mutex::new(State { circuit, meter, last_answer_at: None });
        Guarded { inner, clock, refuses: false, state }
    }

    /// A call that must not be refused.
    fn call(&self, verb: GatewayVerb) -> Call<'_> {
        self.begun(verb, Pass::Ordinary, Sign::Silence)
    }

    /// A call for people: whether it is answered says nothing that charges should depend on.
    fn aside(&self, verb: GatewayVerb) -> Call<'_> {
        self.begun(verb, Pass::Ordinary, Sign::Nothing)
    }

    /// A call that begins something new.
    ///
    /// # Errors
    /// What the till is told when it is refused.
    fn admitted(&self, verb: GatewayVerb) -> Result<Call<'_>, String> {
        let now = (self.clock)();
        let mut state = self.state();
        let pass = if self.refuses { state.circuit.admit(now) } else { Some(Pass::Ordinary) };
        let Some(pass) = pass else {
            state.meter.refused(verb);
            let name = &self.inner.terms().name;
            return Err(format!("The gateway {name} is not answering; nothing was charged."));
        };
        drop(state);
        Ok(self.begun(verb, pass, Sign::Silence))
    }

    fn begun(&self, verb: GatewayVerb, pass: Pass, sign: Sign) -> Call<'_> {
        let (begun_at, outcome) = ((self.clock)(), CallOutcome::Unknown);
        Call { guarded: self, verb, begun_at, pass, sign, outcome }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call on its way. When it is dropped before it has ended, its time was over: silence.
struct Call<'a> {
    guarded: &'a Guarded,
    verb: GatewayVerb,
    begun_at: Timestamp,
    pass: Pass,
    sign: Sign,
    outcome: CallOutcome,
}

impl Call<'_> {
    fn ended(mut self, result: CallResult) -> CallResult {
        self.outcome = CallOutcome::of(&result);
        self.sign = if silence::is_silence(&result) { Sign::Silence } else { Sign::Answer };
        result
    }

    fn gave<T>(mut self, result: Result<T, CallResult>) -> Result<T, CallResult> {
        match result {
            Ok(given) => {
                (self.sign, self.outcome) = (Sign::Answer, CallOutcome::Given);
                Ok(given)
            }
            Err(other) => Err(self.ended(other)),
        }
    }

    /// That a bank cannot be asked says nothing about the gateway that tells so.
    fn authenticated(mut self, result: Authentication) -> Authentication {
        (self.sign, self.outcome) = match &result {
            Authentication::Unavailable(_) => (Sign::Nothing, CallOutcome::Unavailable),
            _ => (Sign::Answer, CallOutcome::Given),
        };
        result
    }

    /// What came of a call for people.
    fn told<T>(mut self, outcome: CallOutcome, result: T) -> T {
        self.outcome = outcome;
        result
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let now = (self.guarded.clock)();
        let mut state = self.guarded.state();
        state.circuit.record(self.pass, self.sign, now);
        state.meter.ended(self.verb, self.outcome, between_us(self.begun_at, now));
        if self.sign == Sign::Answer {
            state.last_answer_at = Some(now);
        }
    }
}

#[async_trait]
impl Gateway for Guarded {
    fn terms(&self) -> &GatewayTerms {
        self.inner.terms()
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        match self.admitted(GatewayVerb::Authorize) {
            Ok(call) => call.ended(self.inner.authorize(request, source).await),
            Err(refused) => CallResult::NotExecuted(refused),
        }
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        match self.admitted(GatewayVerb::Sale) {
            Ok(call) => call.ended(self.inner.sale(request, source).await),
            Err(refused) => CallResult::NotExecuted(refused),
        }
    }

    async fn capture(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(GatewayVerb::Capture).ended(self.inner.capture(request, charge).await)
    }

    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(GatewayVerb::Void).ended(self.inner.void(request, charge).await)
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(GatewayVerb::Refund).ended(self.inner.refund(request, charge).await)
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.call(GatewayVerb::Lookup).ended(self.inner.lookup(request).await)
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.call(GatewayVerb::Fence).ended(self.inner.fence(request).await)
    }

    async fn tokenize(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        let call = self.admitted(GatewayVerb::Tokenize).map_err(CallResult::NotExecuted)?;
        call.gave(self.inner.tokenize(request, source, token_use).await)
    }

    async fn disable_token(
        &self,
        request: &PaymentRequest<'_>,
        token: &CardToken,
    ) -> Result<(), CallResult> {
        self.call(GatewayVerb::DisableToken).gave(self.inner.disable_token(request, token).await)
    }

    async fn enrol(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        return_url: &str,
    ) -> Authentication {
        match self.admitted(GatewayVerb::Enrol) {
            Ok(call) => call.authenticated(self.inner.enrol(request, source, return_url).await),
            Err(refused) => Authentication::Unavailable(refused),
        }
    }

    async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        self.call(GatewayVerb::Authenticate)
            .authenticated(self.inner.authenticate(handle, answer).await)
    }

    fn browser_terms(&self) -> Option<GatewayTerms> {
        self.inner.browser_terms()
    }

    fn payment_form(&self) -> Option<PaymentForm> {
        self.inner.payment_form()
    }

    async fn buyer_secret(&self, handle: &str) -> Result<BuyerSecret, CallResult> {
        self.call(GatewayVerb::BuyerSecret).gave(self.inner.buyer_secret(handle).await)
    }

    async fn pay_open(
        &self,
        request: &PaymentRequest<'_>,
        handle: &str,
        source: &Source,
    ) -> CallResult {
        self.call(GatewayVerb::PayOpen).ended(self.inner.pay_open(request, handle, source).await)
    }

    /// Receipts are for people: whether one came says nothing that charges should depend on.
    async fn receipt(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        let call = self.aside(GatewayVerb::Receipt);
        let receipt = self.inner.receipt(charge).await;
        let had = receipt.is_some();
        let outcome = if had { CallOutcome::Given } else { CallOutcome::Unavailable };
        call.told(outcome, receipt)
    }

    async fn balance(&self, token: &CardToken, currency: Currency) -> Result<Money, CallResult> {
        let call = self.aside(GatewayVerb::Balance);
        let left = self.inner.balance(token, currency).await;
        let outcome = left.as_ref().map_or_else(CallOutcome::of, |_| CallOutcome::Given);
        call.told(outcome, left)
    }

    fn subscribes(&self) -> bool {
        self.inner.subscribes()
    }

    async fn subscription(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        self.call(GatewayVerb::Subscription).gave(self.inner.subscription(call).await)
    }

    async fn key_of(&self, reference: &str) -> Result<Option<String>, CallResult> {
        let call = self.aside(GatewayVerb::KeyOf);
        let found = self.inner.key_of(reference).await;
        let outcome = found.as_ref().map_or_else(CallOutcome::of, |_| CallOutcome::Given);
        call.told(outcome, found)
    }

    async fn dispute(&self, name: &str) -> Result<Dispute, CallResult> {
        self.call(GatewayVerb::Dispute).gave(self.inner.dispute(name).await)
    }

    fn sent(&self, callback: &Callback<'_>) -> bool {
        self.inner.sent(callback)
    }

    fn challenge_page(&self, handle: &str, language: Language) -> Option<String> {
        self.inner.challenge_page(handle, language)
    }

    fn health(&self) -> Option<GatewayHealth> {
        let state = self.state();
        let condition = match state.circuit {
            Circuit::Closed { silences: 0 } => GatewayCondition::Up,
            Circuit::Closed { silences } => GatewayCondition::Failing(silences),
            Circuit::Open { until, .. } => GatewayCondition::OpenUntil(until),
            Circuit::Probed { .. } => GatewayCondition::Probing,
        };
        let (counts, last_answer_at) = (GatewayCounts::of(&state.meter), state.last_answer_at);
        Some(GatewayHealth { condition, counts, last_answer_at })
    }

    fn meter(&self) -> Option<CallMeter> {
        Some(self.state().meter.clone())
    }
}
