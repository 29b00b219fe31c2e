//! Tokens: a card left with the gateway, for one payment or for many (`payments.md` §1.7).

use domain::attempt::{CallResult, DeclineReason};
use serde::Serialize;

use super::amount::amount;
use super::card::CardMembers;
use super::document::Document;
use super::payment::{movement_result, wrong_members};
use crate::gateway::{PaymentRequest, TokenUse};
use crate::secret::{Card, CardToken, SecurityCode, Source, SourceKind};

/// How long a token for one payment lives, in seconds: an authentication may take fifteen minutes
/// (`domain::enrolment::PROOF_WITHIN`), and the payment comes after it.
const SINGLE_LIFETIME_S: u32 = 20 * 60;

/// Leaves a card for one payment.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SingleToken<'a> {
    #[serde(flatten)]
    card: CardMembers<'a>,
    token_lifetime: u32,
}

/// Leaves a card, or what a token for one payment stands for, for many.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MultiToken<'a> {
    #[serde(flatten)]
    card: Option<CardMembers<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_single: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verify_card: Option<VerifyCard<'a>>,
}

/// Tries the card with a reservation of nothing, which is given up at once.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyCard<'a> {
    check_amount: u32,
    currency: &'static str,
    #[serde(rename = "CVC", skip_serializing_if = "Option::is_none")]
    security_code: Option<&'a str>,
}

/// A request for a token.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum TokenRequest<'a> {
    #[expect(private_interfaces, reason = "only written, member by member")]
    Single(SingleToken<'a>),
    #[expect(private_interfaces, reason = "only written, member by member")]
    Multi(MultiToken<'a>),
}

impl<'a> TokenRequest<'a> {
    /// The request; `None` where the gateway makes no such token of such a means of paying.
    pub(super) fn new(
        request: &PaymentRequest<'_>,
        source: &'a Source,
        token_use: TokenUse,
        verifies: bool,
    ) -> Option<TokenRequest<'a>> {
        let card = source.card();
        if token_use == TokenUse::Single {
            let card = CardMembers::of(card?);
            let token_lifetime = SINGLE_LIFETIME_S;
            return Some(TokenRequest::Single(SingleToken { card, token_lifetime }));
        }
        let token_single = single_token(source);
        if card.is_none() && token_single.is_none() {
            return None;
        }
        let security_code = card.and_then(Card::security_code).map(SecurityCode::digits);
        let currency = amount(request.money).map(|amount| amount.currency);
        let verify_card = currency.filter(|_| verifies).map(|currency| VerifyCard {
            check_amount: 0,
            currency,
            security_code,
        });
        let card = card.map(CardMembers::of);
        Some(TokenRequest::Multi(MultiToken { card, token_single, verify_card }))
    }
}

fn single_token(source: &Source) -> Option<&str> {
    match &source.what {
        SourceKind::Token(token) if token.token_use() == TokenUse::Single => Some(token.expose()),
        SourceKind::Token(_) | SourceKind::Card(_) | SourceKind::Phone(_) | SourceKind::Browser => {
            None
        }
    }
}

/// Where tokens of a kind are made.
pub(super) fn path_of(token_use: TokenUse) -> &'static str {
    match token_use {
        TokenUse::Single => "/api/token/single",
        TokenUse::Multi => "/api/token/multi",
    }
}

/// Where a token is disabled; `None` for one that cannot stand in a path.
pub(super) fn disabling_path(token: &CardToken) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let text = token.expose();
    let folder = path_of(token.token_use());
    text.bytes().all(plain).then(|| format!("{folder}/{text}/disable"))
}

/// Why no token was made of what the gateway found wrong.
pub(super) fn refusal(answer: &Document) -> CallResult {
    let wrong = wrong_members(answer);
    let is_wrong = |name: &str| wrong.iter().any(|wrong| wrong.eq_ignore_ascii_case(name));
    if is_wrong("PAN") {
        CallResult::Declined(DeclineReason::CardInvalid)
    } else if is_wrong("ExpMonth") || is_wrong("ExpYear") {
        CallResult::Declined(DeclineReason::HardExpiry)
    } else if is_wrong("CVC") || is_wrong("CVC2") {
        CallResult::Declined(DeclineReason::CvcInvalid)
    } else {
        let names = if wrong.is_empty() { "no reason given".to_owned() } else { wrong.join(", ") };
        CallResult::NotExecuted(format!("The gateway made no token: {names}."))
    }
}

/// What came of trying the card: a token may be made of a card that its bank refuses.
///
/// # Errors
/// What the bank said.
pub(super) fn verified(answer: &Document) -> Result<(), CallResult> {
    let Some(tried) = answer.part("VerifyCardResult") else {
        return Err(CallResult::NotExecuted("The gateway did not try the card.".into()));
    };
    match movement_result(&tried, "") {
        CallResult::Approved(_) => Ok(()),
        other => Err(other),
    }
}
