//! The sandbox inside the till, for `guichet demo`.

use std::sync::Arc;

use async_trait::async_trait;
use domain::agency::{SubscriptionAnswer, SubscriptionCall, SubscriptionTold, SubscriptionVerb};
use domain::attempt::{CallResult, GatewayTerms};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::time::Span;

use super::authentication::AuthenticationAnswer;
use super::book::Decision;
use super::engine::{Engine, facts_of, phone_facts_of, proof_of};
use super::line::{Operation, Request};
use super::{SandboxError, SandboxOptions, browser_terms, page, token};
use crate::authentication::{Authentication, ChallengeAnswer};
use crate::callback::{Callback, CallbackSecret};
use crate::gateway::{ChargeName, Gateway, PaymentForm, PaymentRequest, SavedCard, TokenUse};
use crate::perform::duration;
use crate::receipt::Receipt;
use crate::secret::{BuyerSecret, Card, CardToken, Source, SourceKind};

/// A gateway that keeps its book in this process and its log in a file.
pub struct Sandbox {
    terms: GatewayTerms,
    engine: Arc<Engine>,
    answer_delay: Span,
    callbacks: Option<CallbackSecret>,
}

impl Sandbox {
    /// Opens the log and continues its book.
    ///
    /// # Errors
    /// [`SandboxError`] when the log cannot be used.
    pub fn open(options: &SandboxOptions, terms: GatewayTerms) -> Result<Sandbox, SandboxError> {
        let engine = Arc::new(Engine::open(options)?);
        Ok(Sandbox { terms, engine, answer_delay: options.answer_delay, callbacks: None })
    }

    /// The same book as a gateway of other terms: of another name, or for payment by telephone.
    #[must_use]
    pub fn under(&self, terms: GatewayTerms) -> Sandbox {
        let engine = Arc::clone(&self.engine);
        Sandbox { terms, engine, answer_delay: self.answer_delay, callbacks: None }
    }

    /// The same, believing messages that are signed with `secret`.
    #[must_use]
    pub fn with_callbacks(self, secret: CallbackSecret) -> Sandbox {
        Sandbox { callbacks: Some(secret), ..self }
    }

    /// Answers for the payer who is asked about the charge of this key.
    pub async fn answer_for_payer(&self, key: &str, accepts: bool) -> CallResult {
        let operation = if accepts { Operation::PayerAccepts } else { Operation::PayerRejects };
        self.execute(key, Request::new(operation)).await
    }

    /// Takes the next period of the subscription of this key, as a provider does by itself.
    pub async fn renew(&self, key: &str) -> CallResult {
        self.execute(key, Request::new(Operation::Renew)).await
    }

    /// Sets what is left on the gift cards whose numbers end with these four digits.
    pub async fn set_balance(&self, ending: &str, money: Money) -> CallResult {
        let request = Request { money: Some(money), ..Request::new(Operation::SetBalance) };
        self.execute(ending, request).await
    }

    async fn execute(&self, key: &str, request: Request) -> CallResult {
        self.answered(self.engine.execute(key, request).await).await
    }

    /// What the till is told of a decision, and when.
    async fn answered(&self, decision: Result<Decision, SandboxError>) -> CallResult {
        if self.answer_delay > Span::ZERO {
            tokio::time::sleep(duration(self.answer_delay)).await;
        }
        match decision {
            Ok(decision) if decision.handling.drops_connection() => {
                CallResult::Unknown("The gateway did not answer: the connection is gone.".into())
            }
            Ok(decision) => decision.outcome,
            Err(error) => CallResult::Unknown(error.to_string()),
        }
    }

    async fn charge(
        &self,
        operation: Operation,
        request: &PaymentRequest<'_>,
        source: &Source,
    ) -> CallResult {
        let charge = request_with(operation, request, source);
        match source.what {
            SourceKind::Browser => {
                self.answered(self.engine.open_payment(request.key, charge).await).await
            }
            _ => self.execute(request.key, charge).await,
        }
    }

    async fn move_charge(
        &self,
        operation: Operation,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        let (charge, money) = (Some(charge.key.to_owned()), Some(request.money));
        self.execute(request.key, Request { charge, money, ..Request::new(operation) }).await
    }
}

#[async_trait]
impl Gateway for Sandbox {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.charge(Operation::Authorize, request, source).await
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.charge(Operation::Sale, request, source).await
    }

    async fn capture(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.move_charge(Operation::Capture, request, charge).await
    }

    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.move_charge(Operation::Void, request, charge).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.move_charge(Operation::Refund, request, charge).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.execute(request.key, Request::new(Operation::Lookup)).await
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.execute(request.key, Request::new(Operation::Fence)).await
    }

    async fn tokenize(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        let token =
            token::make(token_use).map_err(|error| CallResult::NotExecuted(error.to_string()))?;
        let from = match &source.what {
            SourceKind::Token(from) => Some(token::hash_of(from.expose())),
            SourceKind::Card(_) | SourceKind::Phone(_) | SourceKind::Browser => None,
        };
        let keep = token::keep_request(&token, source.card().map(facts_of), from);
        match self.execute(request.key, keep).await {
            CallResult::Approved(approval) => Ok(SavedCard {
                token,
                card_mask: approval.card_mask.unwrap_or_default(),
                expiry: source.card().map(Card::expiry),
            }),
            other => Err(other),
        }
    }

    async fn disable_token(
        &self,
        request: &PaymentRequest<'_>,
        token: &CardToken,
    ) -> Result<(), CallResult> {
        let token = Some(token::hash_of(token.expose()));
        let disable = Request { token, ..Request::new(Operation::DisableToken) };
        match self.execute(request.key, disable).await {
            CallResult::Approved(_) => Ok(()),
            other => Err(other),
        }
    }

    async fn enrol(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        return_url: &str,
    ) -> Authentication {
        let return_url = Some(return_url.to_owned());
        let enrol = request_with(Operation::Enrol, request, source);
        let answer = self.engine.enrol(request.key, Request { return_url, ..enrol }).await;
        match answer {
            Ok((said, handle)) => told(&said.outcome, &handle),
            Err(error) => Authentication::Unavailable(error.to_string()),
        }
    }

    async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        match self.engine.authenticate(handle, answer.map(|answer| answer.text)).await {
            Ok(said) => told(&said.outcome, handle),
            Err(error) => Authentication::Unavailable(error.to_string()),
        }
    }

    fn browser_terms(&self) -> Option<GatewayTerms> {
        Some(browser_terms(&self.terms))
    }

    fn payment_form(&self) -> Option<PaymentForm> {
        Some(PaymentForm::Own)
    }

    async fn buyer_secret(&self, handle: &str) -> Result<BuyerSecret, CallResult> {
        let secret = self.engine.buyer_secret(handle);
        secret.as_deref().and_then(BuyerSecret::parse).ok_or(CallResult::NotFound)
    }

    async fn pay_open(
        &self,
        request: &PaymentRequest<'_>,
        handle: &str,
        source: &Source,
    ) -> CallResult {
        let payment = request_with(Operation::PayOpen, request, source);
        self.answered(self.engine.pay_open(handle, payment).await).await
    }

    async fn balance(&self, token: &CardToken, currency: Currency) -> Result<Money, CallResult> {
        let left = self.engine.balance(&token::hash_of(token.expose()), currency);
        left.ok_or(CallResult::NotFound)
    }

    async fn receipt(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        self.engine.receipt(charge.key)
    }

    fn subscribes(&self) -> bool {
        true
    }

    async fn subscription(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        let said = self.engine.subscription(&call.key, subscription_request(call)).await;
        let (decision, told) = match said {
            Ok((decision, told)) => (Ok(decision), told),
            Err(error) => (Err(error), None),
        };
        subscription_answer(self.answered(decision).await, told)
    }

    fn sent(&self, callback: &Callback<'_>) -> bool {
        self.callbacks.as_ref().is_some_and(|secret| secret.signed(callback))
    }

    fn challenge_page(&self, handle: &str, language: Language) -> Option<String> {
        let request = self.engine.enrolment(handle)?;
        Some(page::challenge_page(&request, language))
    }
}

/// What is asked about a subscription, as the book wants it. To read one is to ask about a key that
/// no charge has.
pub(super) fn subscription_request(call: &SubscriptionCall) -> Request {
    match call.verb {
        SubscriptionVerb::Read => Request::new(Operation::Lookup),
        SubscriptionVerb::End => Request::new(Operation::EndSubscription),
        SubscriptionVerb::Keep => Request {
            money: Some(call.money),
            charge: Some(call.charge.key.clone()),
            ..Request::new(Operation::Subscribe)
        },
    }
}

/// What the till is told: the subscription, or why there is none.
pub(super) fn subscription_answer(
    outcome: CallResult,
    told: Option<SubscriptionTold>,
) -> SubscriptionAnswer {
    match outcome {
        CallResult::Approved(_) | CallResult::NotFound => Ok(told),
        other => Err(other),
    }
}

/// Where the server shows the pages of this sandbox.
const PAGES_BASE: &str = "/sandbox";

fn told(outcome: &CallResult, handle: &str) -> Authentication {
    AuthenticationAnswer::of(outcome, handle).for_till(PAGES_BASE)
}

/// A request about what `source` pays, as the book wants it.
fn request_with(operation: Operation, request: &PaymentRequest<'_>, source: &Source) -> Request {
    let empty = Request { money: Some(request.money), ..Request::new(operation) };
    let proof = source.proof.as_ref().map(proof_of);
    match &source.what {
        SourceKind::Card(card) => Request { card: Some(facts_of(card)), proof, ..empty },
        SourceKind::Token(token) => {
            Request { token: Some(token::hash_of(token.expose())), proof, ..empty }
        }
        SourceKind::Phone(phone) => Request { phone: Some(phone_facts_of(phone)), ..empty },
        SourceKind::Browser => empty,
    }
}
