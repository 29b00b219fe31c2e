//! The sandbox inside the till, for `guichet demo`.

use async_trait::async_trait;
use domain::attempt::{CallResult, GatewayTerms};
use domain::money::Money;
use domain::time::Span;

use super::client::not_a_card;
use super::engine::{Engine, facts_of};
use super::line::{Operation, Request};
use super::{SandboxError, SandboxOptions, token};
use crate::gateway::{ChallengeAnswer, ChargeName, Gateway, PaymentRequest, SavedCard, TokenUse};
use crate::perform::duration;
use crate::secret::CardSource;

/// A gateway that keeps its book in this process and its log in a file.
pub struct Sandbox {
    terms: GatewayTerms,
    engine: Engine,
    answer_delay: Span,
}

impl Sandbox {
    /// Opens the log and continues its book.
    ///
    /// # Errors
    /// [`SandboxError`] when the log cannot be used.
    pub fn open(options: &SandboxOptions, terms: GatewayTerms) -> Result<Sandbox, SandboxError> {
        let engine = Engine::open(options)?;
        Ok(Sandbox { terms, engine, answer_delay: options.answer_delay })
    }

    /// Sets what is left on the gift cards whose numbers end with these four digits.
    pub async fn set_balance(&self, ending: &str, money: Money) -> CallResult {
        let request = Request { money: Some(money), ..Request::new(Operation::SetBalance) };
        self.execute(ending, request).await
    }

    async fn execute(&self, key: &str, request: Request) -> CallResult {
        let decision = self.engine.execute(key, request).await;
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
        source: &CardSource,
    ) -> CallResult {
        let (card, token) = match source {
            CardSource::Card(card) => (Some(facts_of(card)), None),
            CardSource::Token(token) => (None, Some(token::hash_of(token.expose()))),
        };
        let money = Some(request.money);
        let request_body = Request { money, card, token, ..Request::new(operation) };
        self.execute(request.key, request_body).await
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

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &CardSource) -> CallResult {
        self.charge(Operation::Authorize, request, source).await
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &CardSource) -> CallResult {
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
        source: &CardSource,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        let CardSource::Card(card) = source else { return Err(not_a_card()) };
        let token =
            token::make(token_use).map_err(|error| CallResult::NotExecuted(error.to_string()))?;
        let facts = facts_of(card);
        let card_mask = facts.mask.clone();
        let keep = token::keep_request(&token, facts);
        match self.execute(request.key, keep).await {
            CallResult::Approved(_) => {
                Ok(SavedCard { token, card_mask, expiry: Some(card.expiry()) })
            }
            other => Err(other),
        }
    }

    async fn start_challenge(
        &self,
        request: &PaymentRequest<'_>,
        source: &CardSource,
    ) -> CallResult {
        self.sale(request, source).await
    }

    async fn finish_challenge(
        &self,
        request: &PaymentRequest<'_>,
        answer: &ChallengeAnswer<'_>,
    ) -> CallResult {
        let operation = Operation::of_challenge_answer(answer.text);
        self.execute(request.key, Request::new(operation)).await
    }
}
