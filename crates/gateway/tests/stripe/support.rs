//! What the tests of this folder share.

use std::sync::Arc;

use domain::attempt::{CallResult, GatewayTerms};
use domain::money::{Currency, Money};
use domain::time::{Span, Timestamp};
use gateway::client::ClientSettings;
use gateway::secret::YearMonth;
use gateway::stripe::{StripeGateway, StripeSettings};
use gateway::{
    Card, CardNumber, CardToken, ChargeName, Expiry, Gateway, PaymentRequest, SavedCard,
    SecurityCode, Source, SourceKind, TokenUse,
};
use zeroize::Zeroizing;

use crate::fake::{Fake, Seen};

/// 2026-11-22T00:00:00Z
pub(crate) const NOW: Timestamp = Timestamp(1_795_305_600_000_000);

pub(crate) const DEADLINE: Span = Span::seconds(5);

/// A Stripe, and the gateway that leads to it.
pub(crate) struct Till {
    pub(crate) fake: Fake,
    pub(crate) gateway: StripeGateway,
}

impl Till {
    pub(crate) async fn open() -> Till {
        Till::open_with(|_| {}).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(&mut StripeSettings)) -> Till {
        let fake = Fake::start().await;
        let mut settings = settings(&format!("http://{}", fake.address));
        change(&mut settings);
        let gateway = StripeGateway::new(settings).expect("the settings are good");
        Till { fake, gateway }
    }

    /// A sale of 5 000 ISK.
    pub(crate) async fn sale(&self, key: &str, source: &Source) -> CallResult {
        self.gateway.sale(&krona(key, 5_000), source).await
    }

    /// A sale that must be approved; brings its reference.
    pub(crate) async fn sold(&self, key: &str) -> String {
        approved(&self.sale(key, &token("tok_visa")).await)
    }

    pub(crate) async fn reserved(&self, key: &str) -> String {
        approved(&self.gateway.authorize(&krona(key, 5_000), &token("tok_visa")).await)
    }

    /// An open payment of 5 000 ISK for a browser; brings its handle.
    pub(crate) async fn opened(&self, key: &str) -> String {
        match self.sale(key, &SourceKind::Browser.into()).await {
            CallResult::Pending(handle) => handle,
            other => panic!("not open: {other:?}"),
        }
    }

    /// Keeps a card or token.
    pub(crate) async fn kept(
        &self,
        key: &str,
        source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        self.gateway.tokenize(&krona(key, 0), source, token_use).await
    }

    /// Gives money of `att_1` back.
    pub(crate) async fn refund(&self, key: &str, reference: &str, amount: i64) -> CallResult {
        self.gateway.refund(&krona(key, amount), &charge("att_1", reference)).await
    }

    /// Pays the open payment of `att_1` at the till.
    pub(crate) async fn pay_open(&self, handle: &str, source: &Source) -> CallResult {
        self.gateway.pay_open(&krona("att_1", 5_000), handle, source).await
    }

    /// The requests since the last look, shortened: line, key, and the members of the form.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.fake.seen().iter().map(short).collect()
    }

    pub(crate) fn charges(&self) -> usize {
        self.fake.book(|book| book.intents.values().map(|intent| intent.charges).sum())
    }
}

pub(crate) fn settings(base_url: &str) -> StripeSettings {
    StripeSettings {
        terms: GatewayTerms {
            name: "stripe".into(),
            resumable: false,
            send_within: Span::seconds(10),
            deadline: DEADLINE,
            push: None,
        },
        client: ClientSettings {
            base_url: base_url.into(),
            deadline: DEADLINE,
            root_certificate: None,
        },
        secret_key: Zeroizing::new("sk_test_51w1nter".into()),
        webhook_secrets: Vec::new(),
        publishable_key: None,
        raw_cards: true,
        clock: Arc::new(|| NOW),
    }
}

fn short(seen: &Seen) -> String {
    assert_eq!(seen.version, "2024-06-20", "{}", seen.line);
    assert_eq!(seen.authorization, "Bearer sk_test_51w1nter", "{}", seen.line);
    let form: Vec<String> = seen.form.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let key = seen.key.as_ref().map(|key| format!(" [{key}]")).unwrap_or_default();
    let space = if form.is_empty() { "" } else { " " };
    format!("{}{key}{space}{}", seen.line, form.join("&"))
}

pub(crate) fn krona(key: &str, amount: i64) -> PaymentRequest<'_> {
    PaymentRequest::new(key, Money::new(amount, Currency::ISK), DEADLINE)
}

pub(crate) fn request<'a>(key: &'a str, amount: i64, currency: &str) -> PaymentRequest<'a> {
    let currency = Currency::parse(currency).expect("it is a currency");
    PaymentRequest::new(key, Money::new(amount, currency), DEADLINE)
}

pub(crate) fn charge<'a>(key: &'a str, reference: &'a str) -> ChargeName<'a> {
    ChargeName { key, reference }
}

pub(crate) fn token(text: &str) -> Source {
    SourceKind::Token(CardToken::parse(TokenUse::Single, text).expect("it is a token")).into()
}

pub(crate) fn card(number: &str) -> Source {
    let number = CardNumber::parse(number).expect("the number is genuine");
    let code = SecurityCode::parse("123", &number).expect("the code is one");
    let expiry = Expiry::parse("12", "2031").expect("the expiry is a month");
    let this_month = YearMonth { year: 2026, month: 11 };
    let card = Card::new(number, expiry, Some(code), this_month).expect("the card is valid");
    SourceKind::Card(card).into()
}

/// The reference of an approval.
pub(crate) fn approved(result: &CallResult) -> String {
    match result {
        CallResult::Approved(approval) => approval.reference.clone(),
        other => panic!("not approved: {other:?}"),
    }
}

/// The kind of a result without its texts.
pub(crate) fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Approved(_) => "approved".into(),
        CallResult::PartiallyApproved(_, moved) => format!("approved {moved}"),
        CallResult::Declined(reason) => format!("declined {reason:?}"),
        CallResult::Pending(_) => "pending".into(),
        CallResult::ChallengeRequired(_) => "challenge".into(),
        CallResult::NotExecuted(_) => "not executed".into(),
        CallResult::Misconfigured(_) => "misconfigured".into(),
        CallResult::NotFound => "not found".into(),
        CallResult::Unknown(_) => "unknown".into(),
    }
}

/// A gateway to an address where nobody listens.
pub(crate) fn unreachable() -> StripeGateway {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    drop(listener);
    StripeGateway::new(settings(&format!("http://{address}"))).expect("the settings are good")
}
