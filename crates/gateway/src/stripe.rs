//! Stripe (`payments.md` §2).
//!
//! ```text
//! sale, authorize ─▶ create the intent (key) ─▶ confirm it (key:confirm)
//! opened payment  ─▶ create the intent (key) ─▶ the browser confirms it with the client secret
//! lookup          ─▶ create it again (key): Stripe tells which it was ─▶ read it
//! fence           ─▶ the same ─▶ cancel it ─▶ search for others of the key
//! ```
//!
//! The body that makes an intent consists of what a sale stores (amount, currency, whether it
//! only reserves, our key), and the means of paying comes with the confirmation. So a process that
//! knows the sale alone finds the intent by making it again, and a charge is never sent again
//! to find out what became of it. That makes the gateway resumable.
//!
//! Stripe remembers a key for a day at least. What is older is looked for by its metadata before
//! anybody says that it never happened.

mod answer;
mod charges;
mod declines;
mod disputes;
mod event;
mod intents;
mod methods;
mod receipts;
mod refunds;
mod reservations;
mod signature;
mod subscriptions;
mod units;
mod wire;

use async_trait::async_trait;
use domain::agency::{SubscriptionAnswer, SubscriptionCall};
use domain::attempt::{CallResult, GatewayTerms, PushTerms};
use domain::time::Span;
use zeroize::Zeroizing;

pub use self::event::{Event, Occasion};
pub use self::signature::{TOLERANCE, WebhookSecret};

use self::answer::Intent;
use self::intents::{Wanted, judge};
use self::wire::{Wire, told};
use crate::callback::Callback;
use crate::client::{Client, ClientError, ClientSettings};
use crate::clock::Clock;
use crate::dispute::Dispute;
use crate::gateway::{ChargeName, Gateway, PaymentForm, PaymentRequest, SavedCard, TokenUse};
use crate::receipt::Receipt;
use crate::secret::{BuyerSecret, CardToken, Source};

/// Where Stripe is.
pub const BASE_URL: &str = "https://api.stripe.com";

/// The metadata of every payment and refund with our key, by which bookkeepers match Stripe's
/// reports with sales.
pub const METADATA_KEY: &str = "guichet_key";

/// The pause between two questions whether a browser has paid; messages of Stripe's come sooner.
const BROWSER_POLL: Span = Span::seconds(30);

/// How long a browser has. Stripe knows a key for a day; this leaves an hour to end the payment
/// by it.
const BROWSER_WITHIN: Span = Span::hours(23);

/// The longest key; what is added to it must fit into the 255 characters of Stripe's header.
const KEY_LENGTH_MAX: usize = 200;

/// The longest name of anything at Stripe, in bytes.
const NAME_LENGTH_MAX: usize = 255;

const NOT_SENDABLE: &str = "The key cannot be sent to Stripe.";

/// How one account of Stripe's is used.
pub struct StripeSettings {
    /// Its name and times. What it promises and asks of browsers is set here.
    pub terms: GatewayTerms,
    /// How it is reached; ordinarily at [`BASE_URL`].
    pub client: ClientSettings,
    /// The secret key of the account (`sk_…`, `rk_…`).
    pub secret_key: Zeroizing<String>,
    /// The secrets of its webhook endpoint; two while one is replaced by the other, none to
    /// believe no message.
    pub webhook_secrets: Vec<WebhookSecret>,
    /// The key that browsers show to Stripe (`pk_…`); without it no page of ours can take payments.
    /// It is no secret.
    pub publishable_key: Option<String>,
    /// Whether card numbers may be sent, and not tokens alone. Stripe allows that to few.
    pub raw_cards: bool,
    /// Tells which messages are too old.
    pub clock: Clock,
}

/// See the module.
pub struct StripeGateway {
    terms: GatewayTerms,
    wire: Wire,
    webhook_secrets: Vec<WebhookSecret>,
    publishable_key: Option<String>,
    raw_cards: bool,
    clock: Clock,
}

impl StripeGateway {
    /// A gateway with these settings; connects with the first call.
    ///
    /// # Errors
    /// [`ClientError`]
    pub fn new(settings: StripeSettings) -> Result<StripeGateway, ClientError> {
        let client = Client::new(&settings.client)?;
        Ok(StripeGateway {
            terms: GatewayTerms { resumable: true, push: None, ..settings.terms },
            wire: Wire::new(client, &settings.secret_key),
            webhook_secrets: settings.webhook_secrets,
            publishable_key: settings.publishable_key,
            raw_cards: settings.raw_cards,
            clock: settings.clock,
        })
    }

    async fn standing(&self, request: &PaymentRequest<'_>) -> Result<CallResult, CallResult> {
        let wanted = asked(request)?;
        let id = self.find(&wanted).await?;
        Ok(judge(&self.read(&id).await?, &wanted))
    }

    async fn end(&self, request: &PaymentRequest<'_>) -> Result<CallResult, CallResult> {
        let wanted = asked(request)?;
        let id = self.find(&wanted).await?;
        let ended = self.give_up(&id, &wanted).await;
        if request.handle.is_some() || !matches!(ended, CallResult::NotExecuted(_)) {
            return Ok(ended);
        }
        for other in self.search(request.key).await? {
            let is_ours = other.id != id && other.key() == Some(request.key);
            let found = if is_ours { self.give_up(&other.id, &wanted).await } else { continue };
            if !matches!(found, CallResult::NotExecuted(_)) {
                return Ok(found);
            }
        }
        Ok(ended)
    }
}

/// What a question is about. A payment that has a handle was opened for a browser, which may try
/// again after a decline.
fn asked<'a>(request: &'a PaymentRequest<'a>) -> Result<Wanted<'a>, CallResult> {
    if !is_key(request.key) {
        return Err(CallResult::Unknown(NOT_SENDABLE.into()));
    }
    Ok(Wanted { open: request.handle.is_some(), ..Wanted::of(request)? })
}

/// Whether a key can stand in a header, in metadata and in a search.
fn is_key(text: &str) -> bool {
    is_plain(text) && text.len() <= KEY_LENGTH_MAX
}

/// Whether a text can stand in a path as it is.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=NAME_LENGTH_MAX).contains(&text.len()) && text.bytes().all(plain)
}

#[async_trait]
impl Gateway for StripeGateway {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    fn browser_terms(&self) -> Option<GatewayTerms> {
        let push = PushTerms { poll: BROWSER_POLL, approval_within: BROWSER_WITHIN, browser: true };
        Some(GatewayTerms { push: Some(push), ..self.terms.clone() })
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.charge(&PaymentRequest { reserves: true, ..*request }, source).await
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.charge(&PaymentRequest { reserves: false, ..*request }, source).await
    }

    async fn capture(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.take(request, charge).await
    }

    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.release(request, charge).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.give_back(request, charge).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.standing(request).await.unwrap_or_else(|result| result)
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.end(request).await.unwrap_or_else(|result| result)
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
        self.forget(token).await
    }

    fn payment_form(&self) -> Option<PaymentForm> {
        let publishable_key = self.publishable_key.clone()?;
        Some(PaymentForm::Stripe { publishable_key })
    }

    async fn buyer_secret(&self, handle: &str) -> Result<BuyerSecret, CallResult> {
        let intent = self.read(handle).await?;
        let secret = intent.client_secret.and_then(|secret| BuyerSecret::parse(&secret.0));
        secret.ok_or_else(wire::unreadable)
    }

    async fn pay_open(
        &self,
        request: &PaymentRequest<'_>,
        handle: &str,
        source: &Source,
    ) -> CallResult {
        self.pay(request, handle, source).await
    }

    async fn receipt(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        let path = intents::path_of(charge.reference, "?expand%5B%5D=latest_charge").ok()?;
        let whole: serde_json::Value = told(self.wire.get(&path).await).ok()?;
        let intent = serde_json::from_value::<Intent>(whole.clone()).ok()?;
        Some(receipts::receipt(&intent, &whole))
    }

    fn subscribes(&self) -> bool {
        true
    }

    async fn subscription(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        self.renew(call).await
    }

    async fn key_of(&self, reference: &str) -> Result<Option<String>, CallResult> {
        let intent = self.read(reference).await?;
        Ok(intent.key().filter(|key| is_key(key)).map(str::to_owned))
    }

    async fn dispute(&self, name: &str) -> Result<Dispute, CallResult> {
        self.dispute_of(name).await
    }

    fn sent(&self, callback: &Callback<'_>) -> bool {
        let now = (self.clock)();
        signature::signed(&self.webhook_secrets, callback.signature, callback.body, now)
    }
}
