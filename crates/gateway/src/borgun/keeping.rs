//! Leaving cards with the gateway and having them forgotten (`payments.md` §1.7).

use domain::attempt::CallResult;

use super::payment::mask;
use super::token::{TokenRequest, disabling_path, path_of, refusal, verified};
use super::{Borgun, Reply, STATUS_BAD_REQUEST, STATUS_NO_CONTENT, STATUS_NOT_FOUND, STATUS_OK};
use crate::client::Message;
use crate::gateway::{PaymentRequest, SavedCard, TokenUse};
use crate::secret::{Card, CardToken, Expiry, Source};
use crate::silence::Sending;

impl Borgun {
    pub(super) async fn keep(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        let verifies = self.verify_cards && token_use == TokenUse::Multi;
        let body = TokenRequest::new(request, source, token_use, verifies);
        let body = body.ok_or_else(|| not_made("of this means of paying"))?;
        let reply = self.post(path_of(token_use), &body).await;
        let reply = reply.map_err(|silence| silence.result(Sending::Once))?;
        let card = reply.saved_card(source, token_use)?;
        let tried = reply.document.as_ref().filter(|_| verifies).map_or(Ok(()), verified);
        if let Err(result) = tried {
            // Nobody will use it; that it may stay is no reason to tell the buyer anything else.
            let _kept = self.disable(&card.token).await;
            return Err(result);
        }
        Ok(card)
    }

    pub(super) async fn disable(&self, token: &CardToken) -> Result<(), CallResult> {
        let Some(path) = disabling_path(token) else { return Ok(()) };
        let reply = self.exchange(Message::put(&path)).await;
        let reply = reply.map_err(|silence| silence.result(Sending::Repeatable))?;
        match reply.status {
            STATUS_OK | STATUS_NO_CONTENT | STATUS_NOT_FOUND => Ok(()),
            _ => Err(reply.failure()),
        }
    }
}

impl Reply {
    fn saved_card(&self, source: &Source, token_use: TokenUse) -> Result<SavedCard, CallResult> {
        let Some(document) = &self.document else { return Err(self.failure()) };
        if self.status == STATUS_BAD_REQUEST {
            return Err(refusal(document));
        }
        if !self.is_answer() {
            return Err(self.failure());
        }
        let token = document.text("Token").ok_or_else(|| not_made("it says so"))?;
        let token =
            CardToken::parse(token_use, &token).map_err(|_| not_made("that can be read"))?;
        let told = || document.text("PAN").and_then(|text| mask(&text));
        let own = source.card().map(|card| card.number().mask());
        let month = || document.text("ExpMonth").zip(document.text("ExpYear"));
        let told_expiry = || month().and_then(|(month, year)| Expiry::parse(&month, &year).ok());
        Ok(SavedCard {
            token,
            card_mask: own.or_else(told).unwrap_or_default(),
            expiry: source.card().map(Card::expiry).or_else(told_expiry),
        })
    }
}

fn not_made(what: &str) -> CallResult {
    CallResult::NotExecuted(format!("The gateway made no token {what}."))
}
