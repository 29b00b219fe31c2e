//! The sandbox in a process of its own, as the till sees it.

use std::io::Write as _;
use std::net::SocketAddr;

use async_trait::async_trait;
use domain::agency::{SubscriptionAnswer, SubscriptionCall};
use domain::attempt::{CallResult, GatewayTerms};
use domain::money::{Currency, Money};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::authentication::AuthenticationAnswer;
use super::browser_terms;
use super::connection::Connections;
use super::engine::{UNSENDABLE_KEY, key_is_sendable};
use super::line::Operation;
use super::local::{subscription_answer, subscription_request};
use super::protocol::{
    BalanceQuestion, CardBody, ChallengeBody, ChargeBody, DisableBody, EnrolBody, MovementBody,
    PayBody, ProofBody, ReceiptAnswer, SecretAnswer, SubscriptionAnswerBody, SubscriptionBody,
    TokenAnswer, TokenBody,
};
use crate::authentication::{Authentication, ChallengeAnswer};
use crate::callback::{Callback, CallbackSecret};
use crate::gateway::{ChargeName, Gateway, PaymentForm, PaymentRequest, SavedCard, TokenUse};
use crate::receipt::Receipt;
use crate::secret::{BuyerSecret, Card, CardToken, Proof, SecurityCode, Source, SourceKind};
use crate::silence::{Sending, Silence};

/// Room for any body with a card, so that writing it leaves no copies of the card behind. All
/// of it is wiped after every call, so it is no larger than it must be.
const BODY_CAPACITY: usize = 512;

/// Room for the head of any request: its path holds a key.
const HEAD_CAPACITY: usize = 512;

const UNREADABLE: &str = "The gateway's answer cannot be read.";

/// The statuses that come with a result; see [`super::protocol`].
const STATUS_OK: u16 = 200;
const STATUS_NOT_FOUND: u16 = 404;
const STATUS_CONFLICT: u16 = 409;

/// A gateway that speaks to [`super::serve`].
pub struct SandboxClient {
    terms: GatewayTerms,
    connections: Connections,
    host: String,
    callbacks: Option<CallbackSecret>,
}

impl SandboxClient {
    /// A client of the sandbox at `address`; connects with the first call.
    #[must_use]
    pub fn new(address: SocketAddr, terms: GatewayTerms) -> SandboxClient {
        let host = address.to_string();
        SandboxClient { terms, connections: Connections::new(address), host, callbacks: None }
    }

    /// The same, believing messages that are signed with `secret`.
    #[must_use]
    pub fn with_callbacks(self, secret: CallbackSecret) -> SandboxClient {
        SandboxClient { callbacks: Some(secret), ..self }
    }

    async fn charge(
        &self,
        operation: Operation,
        request: &PaymentRequest<'_>,
        source: &Source,
    ) -> CallResult {
        if !key_is_sendable(request.key) {
            return CallResult::NotExecuted(UNSENDABLE_KEY.into());
        }
        let body = ChargeBody {
            key: request.key,
            operation,
            money: request.money,
            card: source.card().map(card_body),
            token: token_of(source),
            phone: match &source.what {
                SourceKind::Phone(phone) => Some(phone.text()),
                SourceKind::Card(_) | SourceKind::Token(_) | SourceKind::Browser => None,
            },
            browser: matches!(source.what, SourceKind::Browser),
            proof: source.proof.as_ref().map(proof_body),
        };
        self.post("/v1/charges", &body, Sending::Once).await
    }

    async fn move_charge(
        &self,
        verb: &str,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        let body = MovementBody { key: request.key, money: request.money };
        self.post_to_charge(charge.key, verb, &body).await
    }

    async fn post_to_charge<T: Serialize + Sync>(
        &self,
        charge_key: &str,
        verb: &str,
        body: &T,
    ) -> CallResult {
        if !key_is_sendable(charge_key) {
            return CallResult::Unknown(UNSENDABLE_KEY.into());
        }
        self.post(&format!("/v1/charges/{charge_key}/{verb}"), body, Sending::Repeatable).await
    }

    async fn post<T: Serialize + Sync>(
        &self,
        path: &str,
        body: &T,
        sending: Sending,
    ) -> CallResult {
        match self.exchange("POST", path, body).await {
            Ok(answer) => read_result(&answer),
            Err(silence) => silence.result(sending),
        }
    }

    /// Nothing moves money here, so that every kind of silence means the same.
    async fn ask_bank<T: Serialize + Sync>(&self, path: &str, body: &T) -> Authentication {
        let answer = match self.exchange("POST", path, body).await {
            Ok(answer) if answer.head.status == STATUS_OK => answer,
            Ok(_) => return Authentication::Unavailable(UNREADABLE.into()),
            Err(Silence::NotSent(reason) | Silence::NoAnswer(reason)) => {
                return Authentication::Unavailable(reason);
            }
        };
        match serde_json::from_slice::<AuthenticationAnswer>(answer.body()) {
            Ok(answer) => answer.for_till(&format!("http://{}", self.host)),
            Err(_) => Authentication::Unavailable(UNREADABLE.into()),
        }
    }

    /// Reads one thing of a charge or payment; `None` when there is none of this name.
    async fn read<T: DeserializeOwned>(
        &self,
        family: &str,
        name: &str,
        what: &str,
    ) -> Result<Option<T>, CallResult> {
        if !key_is_sendable(name) {
            return Ok(None);
        }
        let answer = self.exchange("GET", &format!("/v1/{family}/{name}/{what}"), &()).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Repeatable))?;
        match answer.head.status {
            STATUS_OK => serde_json::from_slice(answer.body()).map(Some).map_err(|_| unreadable()),
            STATUS_NOT_FOUND => Ok(None),
            _ => Err(unreadable()),
        }
    }

    async fn exchange<T: Serialize + Sync>(
        &self,
        method: &str,
        path: &str,
        body: &T,
    ) -> Result<Answer, Silence> {
        let message = self.message(method, path, body);
        let message = message.map_err(|error| Silence::NotSent(error.to_string()))?;
        self.connections.send(&message).await
    }

    fn message<T: Serialize>(
        &self,
        method: &str,
        path: &str,
        body: &T,
    ) -> std::io::Result<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(BODY_CAPACITY));
        serde_json::to_writer(&mut *bytes, body)?;
        let mut message = Zeroizing::new(Vec::with_capacity(HEAD_CAPACITY + bytes.len()));
        write!(
            message,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            self.host,
            bytes.len()
        )?;
        message.extend_from_slice(&bytes);
        Ok(message)
    }
}

#[async_trait]
impl Gateway for SandboxClient {
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
        self.move_charge("capture", request, charge).await
    }

    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.move_charge("void", request, charge).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.move_charge("refunds", request, charge).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        if !key_is_sendable(request.key) {
            return CallResult::Unknown(UNSENDABLE_KEY.into());
        }
        let path = format!("/v1/charges/{}", request.key);
        match self.exchange("GET", &path, &()).await {
            Ok(answer) => read_result(&answer),
            Err(silence) => silence.result(Sending::Repeatable),
        }
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.post_to_charge(request.key, "fence", &()).await
    }

    async fn tokenize(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        let single = token_use == TokenUse::Single;
        let card = source.card().map(card_body);
        let body = TokenBody { key: request.key, single, card, from: token_of(source) };
        let answer = self.exchange("POST", "/v1/tokens", &body).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Once))?;
        let made: TokenAnswer =
            serde_json::from_slice(answer.body()).map_err(|_| read_result(&answer))?;
        let token = CardToken::parse(token_use, &made.token).map_err(|_| unreadable())?;
        Ok(SavedCard { token, card_mask: made.card_mask, expiry: source.card().map(Card::expiry) })
    }

    async fn disable_token(
        &self,
        request: &PaymentRequest<'_>,
        token: &CardToken,
    ) -> Result<(), CallResult> {
        let body = DisableBody { key: request.key, token: token.expose() };
        match self.post("/v1/tokens/disable", &body, Sending::Repeatable).await {
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
        let body = EnrolBody {
            key: request.key,
            money: request.money,
            card: source.card().map(card_body),
            token: token_of(source),
            return_url: return_url.into(),
        };
        self.ask_bank("/v1/authentications", &body).await
    }

    async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        if !key_is_sendable(handle) {
            return Authentication::Failed;
        }
        let body = ChallengeBody { answer: answer.map(|answer| answer.text) };
        self.ask_bank(&format!("/v1/authentications/{handle}"), &body).await
    }

    fn browser_terms(&self) -> Option<GatewayTerms> {
        Some(browser_terms(&self.terms))
    }

    fn payment_form(&self) -> Option<PaymentForm> {
        Some(PaymentForm::Own)
    }

    async fn buyer_secret(&self, handle: &str) -> Result<BuyerSecret, CallResult> {
        let answer = self.read("payments", handle, "secret").await?;
        let answer: SecretAnswer = answer.ok_or(CallResult::NotFound)?;
        BuyerSecret::parse(&answer.secret).ok_or_else(unreadable)
    }

    /// The payment may have been paid by an earlier call, or by a browser.
    async fn pay_open(
        &self,
        _request: &PaymentRequest<'_>,
        handle: &str,
        source: &Source,
    ) -> CallResult {
        if !key_is_sendable(handle) {
            return CallResult::Unknown(UNSENDABLE_KEY.into());
        }
        let body = PayBody {
            secret: None,
            card: source.card().map(card_body),
            token: token_of(source),
            proof: source.proof.as_ref().map(proof_body),
        };
        self.post(&format!("/v1/payments/{handle}/pay"), &body, Sending::Repeatable).await
    }

    async fn balance(&self, token: &CardToken, currency: Currency) -> Result<Money, CallResult> {
        let question = BalanceQuestion { token: token.expose(), currency };
        let answer = self.exchange("POST", "/v1/gift-cards/balance", &question).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Repeatable))?;
        match answer.head.status {
            STATUS_OK => serde_json::from_slice(answer.body()).map_err(|_| unreadable()),
            STATUS_NOT_FOUND => Err(CallResult::NotFound),
            _ => Err(unreadable()),
        }
    }

    async fn receipt(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        let answer = self.read::<ReceiptAnswer>("charges", charge.key, "receipt").await;
        let ReceiptAnswer { last_four, brand, answer } = answer.ok()??;
        Some(Receipt { url: None, last_four, brand, answer })
    }

    fn subscribes(&self) -> bool {
        true
    }

    async fn subscription(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        let request = subscription_request(call);
        let (operation, charge) = (request.operation, request.charge.as_deref());
        let body = SubscriptionBody { key: &call.key, operation, charge, money: request.money };
        let answer = self.exchange("POST", "/v1/subscriptions", &body).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Repeatable))?;
        let told: SubscriptionAnswerBody =
            serde_json::from_slice(answer.body()).map_err(|_| unreadable())?;
        subscription_answer(told.outcome, told.told)
    }

    fn sent(&self, callback: &Callback<'_>) -> bool {
        self.callbacks.as_ref().is_some_and(|secret| secret.signed(callback))
    }
}

fn token_of(source: &Source) -> Option<&str> {
    match &source.what {
        SourceKind::Token(token) => Some(token.expose()),
        SourceKind::Card(_) | SourceKind::Phone(_) | SourceKind::Browser => None,
    }
}

fn proof_body(proof: &Proof) -> ProofBody<'_> {
    match proof {
        Proof::ThreeDSecure(token) => ProofBody::ThreeDSecure(token.expose()),
        Proof::Cryptogram(_) => ProofBody::Cryptogram,
    }
}

fn card_body(card: &Card) -> CardBody<'_> {
    let expiry = card.expiry().last_month();
    CardBody {
        number: card.number().digits(),
        expiry_month: expiry.month,
        expiry_year: expiry.year,
        security_code: card.security_code().map(SecurityCode::digits),
    }
}

/// Reads an answer; whatever is not one of ours leaves the outcome unknown.
fn read_result(answer: &Answer) -> CallResult {
    match answer.head.status {
        STATUS_OK | STATUS_CONFLICT => {
            serde_json::from_slice(answer.body()).unwrap_or_else(|_| unreadable())
        }
        other => CallResult::Unknown(format!("The gateway answered with status {other}.")),
    }
}

fn unreadable() -> CallResult {
    CallResult::Unknown(UNREADABLE.into())
}
