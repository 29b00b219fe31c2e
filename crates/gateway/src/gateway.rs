//! The verbs of every payment provider, drawn from three protocols (`docs/gateways.md`).

use async_trait::async_trait;
use domain::agency::{SubscriptionAnswer, SubscriptionCall};
use domain::attempt::{CallResult, Consent, GatewayTerms};
use domain::money::{Currency, Money};
use domain::time::Span;

use crate::authentication::{Authentication, ChallengeAnswer};
use crate::breaker::{CallMeter, GatewayHealth};
use crate::callback::Callback;
use crate::dispute::Dispute;
use crate::receipt::Receipt;
use crate::secret::{BuyerSecret, CardToken, Expiry, Source};
use domain::language::Language;

/// How long a payment that the buyer finishes in a browser stays open. It leaves an hour to give it
/// up before its attempt goes to a person, and the keys of providers live no longer than a day.
pub const OPEN_PAYMENT_TIME: Span = Span::hours(23);

/// What every call carries, whatever its verb.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRequest<'a> {
    /// The idempotency key of this one movement, made and stored before the first try.
    pub key: &'a str,
    /// How much, in minor units. A gateway converts to its own unit and exponent itself.
    pub money: Money,
    /// How long the whole call may take. [`crate::perform`] drops the call when it has passed.
    pub deadline: Span,
    /// Whether the charge of this key only reserves. Questions say it too, because some providers
    /// are asked by sending the same charge again.
    pub reserves: bool,
    /// What the payer has agreed to. Questions say it too, for the same reason.
    pub consent: Consent,
    /// What the provider calls the payment, where it answered [`CallResult::Pending`] before.
    pub handle: Option<&'a str>,
}

impl<'a> PaymentRequest<'a> {
    /// A request about a key that takes money at once, with the payer there, and has no handle.
    #[must_use]
    pub fn new(key: &'a str, money: Money, deadline: Span) -> PaymentRequest<'a> {
        let consent = Consent::ThisCharge;
        PaymentRequest { key, money, deadline, reserves: false, consent, handle: None }
    }
}

/// Names an earlier charge or reservation.
#[derive(Clone, Copy, Debug)]
pub struct ChargeName<'a> {
    /// The key it was made with.
    pub key: &'a str,
    /// The gateway's own id of it, from its approval.
    pub reference: &'a str,
}

/// How often a token may be charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// Once, then it is dead.
    Single,
    /// As often as its owner agrees.
    Multi,
}

/// A card kept by the gateway, and what may be shown of it.
#[derive(Debug)]
pub struct SavedCard {
    /// What to charge from now on.
    pub token: CardToken,
    /// First six and last four digits, never more.
    pub card_mask: String,
    /// The card's last month, if told.
    pub expiry: Option<Expiry>,
}

/// What a page of ours shows to a buyer who finishes an open payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentForm {
    /// A form of the page's own, whose card goes on to [`Gateway::pay_open`]: that of the sandbox.
    Own,
    /// What Stripe's script draws with the account's publishable key, which is no secret. The card
    /// goes from the browser to Stripe.
    Stripe {
        /// `pk_…`
        publishable_key: String,
    },
}

/// One payment provider.
///
/// The rules for every implementation:
///
/// - A call that may have reached the provider and has no readable answer is
///   [`CallResult::Unknown`], never [`CallResult::Declined`].
/// - [`CallResult::NotExecuted`] promises that the *key* has moved nothing and never will. A
///   refused connection proves that for `sale` and `authorize`, whose keys are sent once. It
///   proves nothing for a question or for a movement whose key may have been sent before.
/// - Dropping the future stops the call: bytes that have not left never leave.
/// - No error text carries card data.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// What the provider promises, as far as recovery depends on it.
    fn terms(&self) -> &GatewayTerms;

    /// Reserves money on the buyer's card; [`Gateway::capture`] takes it.
    async fn authorize(&self, _request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        not_offered("To reserve money")
    }

    /// Takes money from the buyer at once.
    async fn sale(&self, _request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        not_offered("To charge a card")
    }

    /// Takes what was reserved; less than all of it releases the rest.
    async fn capture(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        not_offered("To capture a reservation")
    }

    /// Gives a reservation up.
    async fn void(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        not_offered("To void a reservation")
    }

    /// Gives back all or a part of what a charge took.
    async fn refund(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        not_offered("To refund")
    }

    /// Tells what became of a key. [`CallResult::NotFound`] means: nothing *yet*.
    ///
    /// The default is "unknown" and not "not executed": a provider that cannot be asked has
    /// not said that nothing happened.
    async fn lookup(&self, _request: &PaymentRequest<'_>) -> CallResult {
        CallResult::Unknown("This gateway cannot be asked about a key.".into())
    }

    /// Makes the provider refuse a key from now on, unless it has already been executed.
    /// Unknown by default, for the reason given at [`Gateway::lookup`].
    async fn fence(&self, _request: &PaymentRequest<'_>) -> CallResult {
        CallResult::Unknown("This gateway cannot be told to refuse a key.".into())
    }

    /// Leaves a card with the provider.
    ///
    /// # Errors
    /// What the provider answered instead; no money has moved in any case.
    async fn tokenize(
        &self,
        _request: &PaymentRequest<'_>,
        _source: &Source,
        _token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        Err(not_offered("To keep a card"))
    }

    /// Makes the provider refuse a token from now on. One that it does not know is as good as
    /// disabled.
    ///
    /// # Errors
    /// What the provider answered instead.
    async fn disable_token(
        &self,
        _request: &PaymentRequest<'_>,
        _token: &CardToken,
    ) -> Result<(), CallResult> {
        Err(not_offered("To disable a token"))
    }

    /// What can be spent of a gift card. It moves nothing, and may be less a moment later.
    ///
    /// # Errors
    /// What the provider answered instead; [`CallResult::NotFound`] for what is no gift card.
    async fn balance(&self, _token: &CardToken, _currency: Currency) -> Result<Money, CallResult> {
        Err(not_offered("To ask for a balance"))
    }

    /// Starts the proof of who the card's holder is, for a later sale of this amount. The
    /// request's key is of the authentication's own. After a challenge the holder's browser goes
    /// on at `return_url`, which has no query.
    async fn enrol(
        &self,
        _request: &PaymentRequest<'_>,
        _source: &Source,
        _return_url: &str,
    ) -> Authentication {
        Authentication::Unavailable("This gateway offers no 3-D Secure.".into())
    }

    /// Ends an authentication with what the holder's browser brought back; without an answer it
    /// only asks what came of it. A passed one gives the same token whenever it is asked.
    async fn authenticate(
        &self,
        _handle: &str,
        _answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        Authentication::Unavailable("This gateway offers no 3-D Secure.".into())
    }

    /// The terms for payments that the buyer finishes in a browser: they stay open for hours.
    /// `None` for a gateway that has none.
    fn browser_terms(&self) -> Option<GatewayTerms> {
        None
    }

    /// What a page of ours shows to the buyer of an open payment. `None` where no page can.
    fn payment_form(&self) -> Option<PaymentForm> {
        None
    }

    /// The secret with which the buyer's browser finishes the open payment of this handle
    /// ([`SourceKind::Browser`](crate::SourceKind::Browser)).
    ///
    /// # Errors
    /// What the provider answered instead; no money has moved because of it.
    async fn buyer_secret(&self, _handle: &str) -> Result<BuyerSecret, CallResult> {
        Err(not_offered("To pay in a browser"))
    }

    /// Pays the open payment of this handle with a card or token that came to the till instead.
    /// `request` is the one that opened it. A buyer whose card is declined, or who must prove who
    /// they are, may try again: the payment stays open until it is fenced.
    async fn pay_open(
        &self,
        _request: &PaymentRequest<'_>,
        _handle: &str,
        _source: &Source,
    ) -> CallResult {
        not_offered("To finish an open payment")
    }

    /// What may be shown of a charge, if the provider tells. It is for people only; nothing is
    /// decided by it.
    async fn receipt(&self, _charge: &ChargeName<'_>) -> Option<Receipt> {
        None
    }

    /// Whether the provider keeps subscriptions: takes the same amount again and again by itself,
    /// with the means of paying of a payment that was made with
    /// [`Consent::Keep`](domain::attempt::Consent::Keep).
    fn subscribes(&self) -> bool {
        false
    }

    /// Keeps, reads or ends the subscription of a key, as the call says. To keep one that is kept
    /// and to end one that has ended is the same as to read it.
    ///
    /// # Errors
    /// What the provider answered instead; [`CallResult::Unknown`] where it may have done what was
    /// asked.
    async fn subscription(&self, _call: &SubscriptionCall) -> SubscriptionAnswer {
        Err(not_offered("To keep a subscription"))
    }

    /// The key of a payment by the provider's own name of it; for messages that tell of a payment
    /// without the key. `None` for a payment that was not made here.
    ///
    /// # Errors
    /// What the provider answered instead.
    async fn key_of(&self, _reference: &str) -> Result<Option<String>, CallResult> {
        Ok(None)
    }

    /// How a dispute about a charge stands, by the provider's name of it.
    ///
    /// # Errors
    /// What the provider answered instead.
    async fn dispute(&self, _name: &str) -> Result<Dispute, CallResult> {
        Err(not_offered("To tell of disputes"))
    }

    /// Whether the provider itself sent this message. `false` for providers that send none.
    fn sent(&self, _callback: &Callback<'_>) -> bool {
        false
    }

    /// How the provider has been doing, where that is watched ([`crate::Guarded`]).
    fn health(&self) -> Option<GatewayHealth> {
        None
    }

    /// What its calls came to and how long they took, where that is measured.
    fn meter(&self) -> Option<CallMeter> {
        None
    }

    /// The page of a challenge that this very process shows, where the gateway has one: the
    /// sandbox's. `None` when it has none of that name.
    fn challenge_page(&self, _handle: &str, _language: Language) -> Option<String> {
        None
    }
}

fn not_offered(verb: &str) -> CallResult {
    CallResult::NotExecuted(format!("{verb} is not offered by this gateway."))
}
