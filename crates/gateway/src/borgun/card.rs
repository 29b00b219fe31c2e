//! Means of paying as the gateway's requests write them (`payments.md` §1.3, §1.7, §1.9).

use serde::Serialize;

use crate::gateway::TokenUse;
use crate::secret::{
    Card, CardNumber, CardToken, Cryptogram, Proof, SecurityCode, Source, SourceKind, YearMonth,
};

/// The level of a holder who was fully authenticated.
const FULLY_AUTHENTICATED: &str = "2";

/// What is charged.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PaymentMethod<'a> {
    payment_type: &'static str,
    #[serde(flatten)]
    card: Option<CardMembers<'a>>,
    #[serde(rename = "CVC2", skip_serializing_if = "Option::is_none")]
    security_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

/// A card.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CardMembers<'a> {
    #[serde(rename = "PAN")]
    number: &'a str,
    exp_year: String,
    exp_month: String,
}

/// What proves that the holder agrees.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ThreeDSecure<'a> {
    data_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mpi_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_level_ind: Option<&'a str>,
    #[serde(rename = "CAVV", skip_serializing_if = "Option::is_none")]
    cavv: Option<&'a str>,
    #[serde(rename = "UCAF", skip_serializing_if = "Option::is_none")]
    ucaf: Option<&'a str>,
}

impl<'a> PaymentMethod<'a> {
    /// The means of a payment; `None` for one that this gateway cannot charge.
    pub(super) fn of(source: &'a Source) -> Option<PaymentMethod<'a>> {
        let method = PaymentMethod::without_code(source)?;
        let security_code = source.card().and_then(Card::security_code);
        Some(PaymentMethod { security_code: security_code.map(SecurityCode::digits), ..method })
    }

    /// The same without the code on the back, for requests that have no place for it.
    pub(super) fn without_code(source: &'a Source) -> Option<PaymentMethod<'a>> {
        let (payment_type, card, token) = match &source.what {
            SourceKind::Card(card) => ("Card", Some(CardMembers::of(card)), None),
            SourceKind::Token(token) => (payment_type(token), None, Some(token.expose())),
            SourceKind::Phone(_) | SourceKind::Browser => return None,
        };
        Some(PaymentMethod { payment_type, card, security_code: None, token })
    }
}

impl<'a> CardMembers<'a> {
    /// Digits, `YYYY` and `MM`.
    pub(super) fn of(card: &'a Card) -> CardMembers<'a> {
        let YearMonth { year, month } = card.expiry().last_month();
        let number = card.number().digits();
        CardMembers { number, exp_year: format!("{year:04}"), exp_month: format!("{month:02}") }
    }
}

impl<'a> ThreeDSecure<'a> {
    /// What a payment shows of its proof, if it has one.
    pub(super) fn of(source: &'a Source) -> Option<ThreeDSecure<'a>> {
        match source.proof.as_ref()? {
            Proof::ThreeDSecure(token) => Some(ThreeDSecure {
                data_type: "Token",
                mpi_token: Some(token.expose()),
                security_level_ind: None,
                cavv: None,
                ucaf: None,
            }),
            Proof::Cryptogram(cryptogram) => {
                Some(ThreeDSecure::manual(cryptogram, source.card().map(Card::number)))
            }
        }
    }

    /// A wallet's cryptogram stands where the card's scheme looks for it. Of a token the scheme is
    /// not known, so it stays where the wallet put it.
    fn manual(cryptogram: &'a Cryptogram, number: Option<&CardNumber>) -> ThreeDSecure<'a> {
        let (cavv, ucaf) = (cryptogram.cavv(), cryptogram.ucaf());
        let (cavv, ucaf) = match number {
            Some(number) if is_mastercard(number.digits()) => (None, ucaf.or(cavv)),
            Some(_) => (cavv.or(ucaf), None),
            None => (cavv, ucaf),
        };
        let level = Some(cryptogram.level()).filter(|level| !level.is_empty());
        let security_level_ind = level.or(Some(FULLY_AUTHENTICATED));
        ThreeDSecure { data_type: "Manual", mpi_token: None, security_level_ind, cavv, ucaf }
    }
}

/// The gateway's name of a kind of token.
fn payment_type(token: &CardToken) -> &'static str {
    match token.token_use() {
        TokenUse::Single => "TokenSingle",
        TokenUse::Multi => "TokenMulti",
    }
}

/// Whether a number is one of Mastercard: it begins with 51 to 55 or 2221 to 2720.
fn is_mastercard(digits: &str) -> bool {
    let first: u32 = digits.get(..4).and_then(|first| first.parse().ok()).unwrap_or(0);
    (5100..5600).contains(&first) || (2221..=2720).contains(&first)
}
