//! Borgun, now Teya: its gateway for payments with cards, "RPG" (`payments.md` §1).
//!
//! A payment is known by the gateway's own id, which comes with the answer. A payment whose answer
//! is lost cannot be asked for: it is not sent again by itself, and ends with a person unless the
//! gateway tells of it in an event.

mod action_code;
mod amount;
mod authenticating;
mod card;
mod document;
mod held;
mod keeping;
mod moving;
mod mpi;
mod order_id;
mod paying;
mod payment;
mod receipt;
mod settings;
mod token;

use async_trait::async_trait;
use domain::attempt::{CallResult, GatewayTerms};
use domain::token::is_same_secret;
use serde::Serialize;
use zeroize::Zeroizing;

pub use self::order_id::{order_id, sale_of_order_id};
pub use self::payment::is_transaction_id;
pub use self::settings::{
    Authorization, BASE_URL, BorgunError, BorgunSettings, EVENT_SECRET_LENGTH_MIN,
};

use self::document::Document;
use self::held::Seal;
use crate::authentication::{Authentication, ChallengeAnswer};
use crate::callback::Callback;
use crate::client::{Client, Message};
use crate::clock::Clock;
use crate::gateway::{ChargeName, Gateway, PaymentRequest, SavedCard, TokenUse};
use crate::receipt::Receipt;
use crate::secret::{CardToken, Source};
use crate::silence::Silence;

/// The statuses that come with an answer to what was asked.
const STATUS_OK: u16 = 200;
const STATUS_CREATED: u16 = 201;
const STATUS_NO_CONTENT: u16 = 204;
const STATUS_BAD_REQUEST: u16 = 400;
const STATUS_UNAUTHORIZED: u16 = 401;
const STATUS_FORBIDDEN: u16 = 403;
const STATUS_NOT_FOUND: u16 = 404;

/// The gateway as the till sees it.
pub struct Borgun {
    terms: GatewayTerms,
    client: Client,
    authorization: Zeroizing<String>,
    seal: Seal,
    event_secrets: Vec<Zeroizing<String>>,
    verify_cards: bool,
    resend_same_order_id: bool,
    clock: Clock,
}

/// What came back.
struct Reply {
    status: u16,
    document: Option<Document>,
}

impl Borgun {
    /// The gateway with these settings; connects with the first call.
    ///
    /// # Errors
    /// [`BorgunError`]
    pub fn new(settings: BorgunSettings) -> Result<Borgun, BorgunError> {
        let authorization = settings.authorization()?;
        settings.check_event_secrets()?;
        let seal = Seal::of(&settings.private_token).ok_or(BorgunError::PrivateTokenEmpty)?;
        Ok(Borgun {
            terms: GatewayTerms { resumable: false, push: None, ..settings.terms },
            client: Client::new(&settings.client)?,
            authorization,
            seal,
            event_secrets: settings.event_secrets,
            verify_cards: settings.verify_cards,
            resend_same_order_id: settings.resend_same_order_id,
            clock: settings.clock,
        })
    }

    async fn get(&self, path: &str) -> Result<Reply, Silence> {
        self.exchange(Message::get(path)).await
    }

    async fn post(&self, path: &str, body: &(impl Serialize + Sync)) -> Result<Reply, Silence> {
        self.exchange(Message::post(path).json(body)).await
    }

    async fn exchange(&self, message: Message) -> Result<Reply, Silence> {
        let message = message.header("authorization", &self.authorization);
        let answer = self.client.send(message.header("accept", "application/json")).await?;
        Ok(Reply { status: answer.status, document: Document::read(answer.body()) })
    }
}

#[async_trait]
impl Gateway for Borgun {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.pay(&PaymentRequest { reserves: true, ..*request }, source).await
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.pay(&PaymentRequest { reserves: false, ..*request }, source).await
    }

    /// Takes the whole reservation: the protocol has no place for a sum.
    async fn capture(&self, _request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.capture_reserved(charge).await
    }

    async fn void(&self, _request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.cancel_reserved(charge).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.give_back(request, charge).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.look_up(request).await
    }

    async fn tokenize(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        self.keep(request, source, token_use).await
    }

    async fn disable_token(
        &self,
        _request: &PaymentRequest<'_>,
        token: &CardToken,
    ) -> Result<(), CallResult> {
        self.disable(token).await
    }

    async fn enrol(
        &self,
        request: &PaymentRequest<'_>,
        source: &Source,
        return_url: &str,
    ) -> Authentication {
        self.ask_bank(request, source, return_url).await
    }

    async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        self.go_on(handle, answer).await
    }

    async fn receipt(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        self.receipt_of(charge).await
    }

    /// Events are not signed: what vouches for one is the secret at the end of the address that it
    /// was sent to (`payments.md` §1.10).
    fn sent(&self, callback: &Callback<'_>) -> bool {
        let told = callback.signature.as_bytes();
        let is_same = |secret: &Zeroizing<String>| is_same_secret(secret.as_bytes(), told);
        self.event_secrets.iter().fold(false, |found, secret| is_same(secret) | found)
    }
}

impl Reply {
    /// Whether it is what was asked for, and not a word on why there is none.
    fn is_answer(&self) -> bool {
        matches!(self.status, STATUS_OK | STATUS_CREATED)
    }

    /// What a status without an answer means for money.
    fn failure(&self) -> CallResult {
        match self.status {
            STATUS_BAD_REQUEST => payment::refused(self.document.as_ref()),
            STATUS_UNAUTHORIZED | STATUS_FORBIDDEN => CallResult::Misconfigured(
                "The gateway does not accept the access token; see docs/gateways.md.".into(),
            ),
            other => CallResult::Unknown(format!("The gateway answered with status {other}.")),
        }
    }
}
