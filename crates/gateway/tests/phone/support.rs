//! A gateway that leads to the fake provider.

use std::sync::Arc;

use domain::attempt::{CallResult, GatewayTerms};
use domain::money::{Currency, Money};
use domain::phone::PhoneNumber;
use domain::time::{Span, Timestamp};
use gateway::client::ClientSettings;
use gateway::phone::{Confirmation, PhoneGateway, PhoneSettings};
use gateway::{CallbackSecret, ChargeName, Gateway as _, PaymentRequest, Source, SourceKind};
use zeroize::Zeroizing;

use crate::fake::{APP_KEY, FakeProvider};

/// 2026-11-22T00:00:00Z
pub(crate) const NOW: Timestamp = Timestamp(1_795_305_600_000_000);

pub(crate) const CALLBACK_URL: &str = "https://till.example.org/phonePayment/callback/phone";

pub(crate) const KEY: &str = "att_1_77_1";

pub(crate) fn gateway(provider: &FakeProvider, confirmation: Confirmation) -> PhoneGateway {
    gateway_with(provider, confirmation, vec![provider.secret()])
}

pub(crate) fn gateway_with(
    provider: &FakeProvider,
    confirmation: Confirmation,
    secrets: Vec<CallbackSecret>,
) -> PhoneGateway {
    let base_url = format!("http://{}/api", provider.address);
    let client = ClientSettings { base_url, deadline: Span::seconds(5), root_certificate: None };
    let settings = PhoneSettings {
        terms: GatewayTerms {
            name: "phone".to_owned(),
            resumable: false,
            send_within: Span::seconds(10),
            deadline: Span::seconds(5),
            push: None,
        },
        client,
        app_key: Zeroizing::new(APP_KEY.to_owned()),
        secrets,
        confirmation,
        callback_url: Some(CALLBACK_URL.to_owned()),
        description: Some("Tickets".to_owned()),
        clock: Arc::new(|| NOW),
    };
    PhoneGateway::new(settings).unwrap()
}

pub(crate) fn phone(number: &str) -> Source {
    SourceKind::Phone(PhoneNumber::parse(number).unwrap()).into()
}

/// A request without a handle.
pub(crate) fn request(amount: i64) -> PaymentRequest<'static> {
    PaymentRequest::new(KEY, Money::new(amount, Currency::ISK), Span::seconds(5))
}

/// A request about the first cart.
pub(crate) fn about_cart(amount: i64) -> PaymentRequest<'static> {
    PaymentRequest { handle: Some("cart-1"), ..request(amount) }
}

pub(crate) const CART: ChargeName<'static> = ChargeName { key: KEY, reference: "cart-1" };

/// Puts a cart of 5 000 krónur on a phone.
pub(crate) async fn ask(gateway: &PhoneGateway) -> CallResult {
    gateway.sale(&request(5_000), &phone("+3545550001")).await
}

/// The kind of a result without its texts.
pub(crate) fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Approved(approval) => format!("approved {}", approval.reference),
        CallResult::Declined(reason) => format!("declined {reason:?}"),
        CallResult::Pending(handle) => format!("pending {handle}"),
        CallResult::NotExecuted(_) => "not executed".into(),
        CallResult::Misconfigured(_) => "misconfigured".into(),
        CallResult::NotFound => "not found".into(),
        CallResult::Unknown(_) => "unknown".into(),
        other => format!("{other:?}"),
    }
}
