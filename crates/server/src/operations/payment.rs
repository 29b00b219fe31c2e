//! What a buyer pays with (`domain.md` §2.1, §2.2): the one reader of instruments, whatever the
//! operation. It finds the instrument, checks it, and takes card data out of the request into the
//! types that cannot be printed.
//!
//! An instrument that cannot be used is carried along as [`Instrument::Unusable`] and counts only
//! if the order turns out to cost something, after everything that may be wrong with the order.

mod apple_pay;
mod authenticated;
mod card;
mod method;
mod phone;
mod saved;

use contract::shared::{
    Borgun3DFinalRequest, BorgunApplePayFinalInfo, PaymentMethodCreditCardInfo,
    PaymentRequestCreditCard,
};
use domain::attempt::GatewayTerms;
use domain::catalogue::Organiser;
use domain::money::Currency;
use domain::payment::{Claims, Instrument, Method};
use domain::refusal::{Code, Refusal};
use gateway::{Source, SourceKind};
use service::types::{Decimal, SecretText};

use super::family::{Failure, payment_message};
use crate::app::App;
use crate::money::{guard, minor_units};

/// The members of a request that say what to pay with.
#[derive(Clone, Copy, Default)]
pub(super) struct Means<'a> {
    pub(super) card_info: Option<&'a PaymentRequestCreditCard>,
    pub(super) apple_pay_info: Option<&'a BorgunApplePayFinalInfo>,
    pub(super) borgun_3d_final_info: Option<&'a Borgun3DFinalRequest>,
    pub(super) payment_phone_number: Option<&'a str>,
    /// 0 means none.
    pub(super) payment_card_id: Option<i32>,
    pub(super) payment_method_id: Option<&'a str>,
}

/// Who is paid, and by whom.
#[derive(Clone, Copy)]
pub(super) struct Parties<'a> {
    /// Who sells; their gateways are used.
    pub(super) organiser: &'a Organiser,
    /// The buyer's proved phone in international form; saved cards are those of this phone.
    pub(super) phone: Option<&'a str>,
    /// A card number goes on to a proof of 3-D Secure, so a club that takes none in orders
    /// ([`domain::catalogue::OrganiserRules::raw_cards_refused`]) does not mind it.
    pub(super) for_proof: bool,
}

/// What a request names to pay with, without the card.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// `None` when it names nothing.
    pub(super) instrument: Option<Instrument>,
    amount: Amount,
    currency: Option<String>,
}

/// The sum the client saw.
#[derive(Clone, Copy, Debug, Default)]
enum Amount {
    /// None was sent.
    #[default]
    Unstated,
    /// Major units; 0 means not stated.
    Guard(Decimal),
    /// Major units; 0 means nothing.
    Exact(Decimal),
}

/// What the client saw, in the terms of the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Guards {
    /// The total, in minor units.
    pub(super) total: Option<i64>,
    /// The currency.
    pub(super) currency: Option<Currency>,
}

impl Named {
    /// Why there is nothing to pay with.
    pub(super) fn refusal(self) -> Refusal {
        match self.instrument {
            Some(Instrument::Unusable(refusal)) => refusal,
            Some(Instrument::Usable { .. }) | None => {
                Refusal::new(Code::PaymentMethodRequired, "Send a card.")
            }
        }
    }

    /// What the declines of the card are counted under; `None` for a phone.
    pub(super) fn card(&self) -> Option<u128> {
        self.instrument.as_ref().and_then(Instrument::claims).and_then(|claims| claims.card)
    }

    /// What the client saw, for an order in `currency`.
    ///
    /// # Errors
    /// [`Code::CurrencyMismatch`] for a text that is no currency, [`Code::InvalidAmount`] for an
    /// amount that `currency` cannot write.
    pub(super) fn guards(&self, currency: Currency) -> Result<Guards, Refusal> {
        let named = self.currency.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let seen = named.map(|text| {
            let message = "The payment's currency is no currency.";
            Currency::parse(text).ok_or_else(|| Refusal::new(Code::CurrencyMismatch, message))
        });
        let total = match self.amount {
            Amount::Unstated => None,
            Amount::Guard(amount) => guard(amount, currency)?,
            Amount::Exact(amount) => Some(minor_units(amount, currency)?),
        };
        Ok(Guards { total, currency: seen.transpose()? })
    }
}

/// A usable instrument on its way through this module.
struct Usable {
    source: Source,
    method: Method,
    gateway: GatewayTerms,
    payer_phone: Option<String>,
    claims: Claims,
}

/// Finds the instrument. What may be charged is beside what is named: it cannot be cloned.
///
/// # Errors
/// [`Failure`] when the store cannot be asked. Whatever is wrong with the instrument itself is in
/// [`Named::instrument`].
pub(super) async fn read(
    app: &App,
    means: &Means<'_>,
    parties: &Parties<'_>,
) -> Result<(Option<Source>, Named), Failure> {
    let mut named = means.seen();
    match usable(app, means, parties).await {
        Ok(None) => Ok((None, named)),
        Ok(Some(usable)) => {
            let Usable { source, method, gateway, payer_phone, mut claims } = usable;
            claims.card = claims.card.or_else(|| card_hash(app, &source));
            named.instrument = Some(Instrument::Usable { method, gateway, payer_phone, claims });
            Ok((Some(source), named))
        }
        Err(Failure::Refused(refusal)) => {
            named.instrument = Some(Instrument::Unusable(refusal));
            Ok((None, named))
        }
        Err(failure) => Err(failure),
    }
}

async fn usable(
    app: &App,
    means: &Means<'_>,
    parties: &Parties<'_>,
) -> Result<Option<Usable>, Failure> {
    let Some(kind) = method::kind_of(means)? else { return Ok(None) };
    Ok(Some(match kind {
        method::Kind::Card(info) => card::read(app, info, parties).await?,
        method::Kind::ApplePay(info, apple) => apple_pay::read(app, info, apple, parties)?,
        method::Kind::Authenticated(info) => authenticated::read(app, info, parties).await?,
        method::Kind::Phone(number) => phone::read(app, number, parties)?,
        method::Kind::Saved(id) => saved::read(app, id, parties).await?,
    }))
}

impl Means<'_> {
    /// What the client saw, which comes with the instrument.
    fn seen(&self) -> Named {
        let (amount, currency) = match (self.card_info, self.borgun_3d_final_info) {
            (Some(info), _) => (Amount::Guard(info.amount), info.currency.clone()),
            // The gateway's unit is a hundredth of the major one, whatever the currency.
            (None, Some(info)) => {
                let major = Decimal::from_i128_with_scale(info.amount.into(), 2);
                (Amount::Exact(major), info.currency.clone())
            }
            (None, None) => (Amount::Unstated, None),
        };
        Named { amount, currency, ..Named::default() }
    }
}

/// A card to be kept without being charged: as it was typed in, or a gateway's token of it.
pub(super) fn card_to_keep(
    app: &App,
    method: &PaymentMethodCreditCardInfo,
) -> Result<Source, Refusal> {
    let what = match card::PaymentType::read(method.payment_type.as_deref())? {
        card::PaymentType::Card => {
            SourceKind::Card(card::card(method, card::SecurityCodeIs::Needed, app.clock.now())?)
        }
        card::PaymentType::TokenSingle => card::single_token(exposed(&method.token))?,
        card::PaymentType::TokenMulti => {
            let message = "This card is saved already; send the card or a token for one use.";
            return Err(Refusal::new(Code::SaveCardNotAllowed, message));
        }
    };
    Ok(what.into())
}

/// What the declines of a card are counted under. A phone has none: its payer says no once. What
/// is paid in a browser is seen by the gateway alone.
pub(super) fn card_hash(app: &App, source: &Source) -> Option<u128> {
    let hash = match &source.what {
        SourceKind::Phone(_) | SourceKind::Browser => return None,
        what => what.fingerprint(&app.fingerprint_key),
    };
    Some(u128::from_be_bytes(std::array::from_fn(|index| hash[index])))
}

/// The terms of the gateway that cards of this organiser go through.
fn card_gateway(app: &App, parties: &Parties<'_>) -> Result<GatewayTerms, Refusal> {
    app.till.terms(&parties.organiser.gateway).ok_or_else(|| {
        let message = "No gateway is set up for this organiser; nothing was charged.";
        Refusal::new(Code::GatewayUnavailable, message)
    })
}

impl Usable {
    /// A card or token without anything beside it.
    fn card(what: SourceKind, method: Method, gateway: GatewayTerms) -> Usable {
        Usable {
            source: what.into(),
            method,
            gateway,
            payer_phone: None,
            claims: Claims::default(),
        }
    }
}

fn exposed(text: &Option<SecretText>) -> &str {
    text.as_ref().map(SecretText::expose).unwrap_or_default()
}

/// A refusal in the words a buyer is told.
fn refusal(code: Code) -> Refusal {
    Refusal::new(code, payment_message(code))
}

/// Whether `text` is `constant` or left out; a request's constants are read in any case.
fn is_constant(text: Option<&str>, constant: &str) -> bool {
    let text = text.map(str::trim).unwrap_or_default();
    text.is_empty() || text.eq_ignore_ascii_case(constant)
}
