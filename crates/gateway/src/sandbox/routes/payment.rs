//! Open payments and receipts.

use super::{HttpResponse, RouteError, Routes, proof_of, read, written};
use crate::sandbox::line::{Operation, Request};
use crate::sandbox::protocol::{
    PayBody, ReceiptAnswer, SecretAnswer, SubscriptionAnswerBody, SubscriptionBody,
};
use crate::sandbox::token;

impl Routes {
    pub(super) fn buyer_secret(&self, handle: &str) -> Result<HttpResponse, RouteError> {
        let secret = self.engine.buyer_secret(handle).ok_or(RouteError::NotFound)?;
        written(&SecretAnswer { secret })
    }

    /// A browser with a wrong secret hears what it would of a payment that is not there.
    pub(super) async fn pay_open(
        &self,
        handle: &str,
        body: &[u8],
    ) -> Result<HttpResponse, RouteError> {
        let pay = read::<PayBody<'_>>(body)?;
        let right = token::buyer_secret_of(handle);
        if pay.secret.is_some_and(|secret| secret != right) {
            return Err(RouteError::NotFound);
        }
        let request = Request {
            card: pay.card.and_then(|card| self.check(&card)),
            token: pay.token.map(token::hash_of),
            proof: pay.proof.map(proof_of),
            ..Request::new(Operation::PayOpen)
        };
        self.answered(self.engine.pay_open(handle, request).await).await
    }

    pub(super) async fn subscription(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        use Operation::{EndSubscription, Lookup, Renew, Subscribe};
        let asked = read::<SubscriptionBody<'_>>(body)?;
        if !matches!(asked.operation, Subscribe | Lookup | EndSubscription | Renew) {
            return Err(RouteError::BodyUnreadable);
        }
        let charge = asked.charge.map(str::to_owned);
        let request = Request { charge, money: asked.money, ..Request::new(asked.operation) };
        let (decision, told) = self.engine.subscription(asked.key, request).await?;
        let outcome = self.held_back(Ok(decision)).await?.outcome;
        written(&SubscriptionAnswerBody { outcome, told })
    }

    pub(super) fn receipt(&self, key: &str) -> Result<HttpResponse, RouteError> {
        let receipt = self.engine.receipt(key).ok_or(RouteError::NotFound)?;
        let (last_four, brand) = (receipt.last_four, receipt.brand);
        written(&ReceiptAnswer { last_four, brand, answer: receipt.answer })
    }
}
