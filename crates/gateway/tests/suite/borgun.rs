//! Borgun's gateway against a fake that keeps its rules: every table of `payments.md` §1, with the
//! requests that the fake saw.

mod authentication;
mod codes;
mod events;
mod fake;
mod ledger;
mod lost_answers;
mod movements;
mod payments;
mod tokens;

use std::sync::Arc;

use domain::attempt::{CallResult, GatewayTerms};
use domain::time::Span;
use gateway::borgun::{Authorization, Borgun, BorgunSettings};
use gateway::client::ClientSettings;
use gateway::{ChargeName, PaymentRequest};
use serde_json::{Value, json};

use self::fake::FakeRpg;
use crate::support::{NOW, sandbox_terms};

/// A key as the till makes it: of attempt 1 of sale 7.
const KEY: &str = "att_2_7_1_00000000000000ab";

/// A card that the gateway publishes for tests.
const CARD: &str = "4741520000000003";

fn settings(base_url: String) -> BorgunSettings {
    BorgunSettings {
        terms: GatewayTerms { name: "borgun".into(), ..sandbox_terms() },
        client: ClientSettings { base_url, deadline: Span::seconds(5), root_certificate: None },
        private_token: "private-token".to_owned().into(),
        public_token: None,
        authorization: Authorization::Private,
        event_secrets: vec!["a-secret-for-events".to_owned().into()],
        verify_cards: false,
        resend_same_order_id: false,
        clock: Arc::new(|| NOW),
    }
}

/// The fake and a gateway that leads to it.
async fn open() -> (FakeRpg, Borgun) {
    open_with(|_| {}).await
}

async fn open_with(change: impl FnOnce(&mut BorgunSettings)) -> (FakeRpg, Borgun) {
    let fake = FakeRpg::start().await;
    let mut settings = settings(fake.base_url());
    change(&mut settings);
    (fake, Borgun::new(settings).expect("the settings are good"))
}

/// The same request about a payment that the gateway has named.
fn about<'a>(request: PaymentRequest<'a>, handle: &'a str) -> PaymentRequest<'a> {
    PaymentRequest { handle: Some(handle), ..request }
}

fn charge(reference: &str) -> ChargeName<'_> {
    ChargeName { key: KEY, reference }
}

fn reference(result: &CallResult) -> &str {
    match result {
        CallResult::Approved(approval) => &approval.reference,
        other => panic!("not approved: {other:?}"),
    }
}

/// The body of a payment of 5 000 kr. with [`KEY`] and this means.
fn sale_body(method: &Value) -> Value {
    json!({
        "TransactionType": "Sale", "Amount": 500_000, "Currency": "352",
        "TransactionDate": "2026-11-22T00:00:00", "OrderId": gateway::borgun::order_id(KEY),
        "PaymentMethod": method, "Metadata": { "Payload": KEY },
    })
}

fn card_method() -> Value {
    json!({
        "PaymentType": "Card", "PAN": CARD, "ExpYear": "2031", "ExpMonth": "12", "CVC2": "123",
    })
}
