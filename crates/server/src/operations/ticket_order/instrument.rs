//! What the buyer pays with (`domain.md` §2.1, §2.2): found, checked, and the card taken out of
//! the request into the type that cannot be printed.

use contract::shared::{PaymentMethodCreditCardInfo, PaymentRequestCreditCard};
use contract::ticket_order::TicketOrder;
use domain::attempt::GatewayTerms;
use domain::catalogue::Event;
use domain::money::Currency;
use domain::payment::{Instrument, Method};
use domain::refusal::{Code, Refusal};
use domain::time::Timestamp;
use gateway::secret::YearMonth;
use gateway::{Card, CardNumber, CardToken, Expiry, SecurityCode, Source, SourceKind, TokenUse};
use service::types::{Decimal, SecretText};

use crate::money::guard;

/// The longest reference a client may give its payment.
const ORDER_ID_LENGTH_MAX: usize = 12;

/// What an order names to pay with, without the card.
#[derive(Clone, Debug)]
pub(super) struct Named {
    instrument: Option<Result<Method, Refusal>>,
    amount: Decimal,
    currency: Option<String>,
}

/// The same in the terms of one event.
pub(super) struct Payment {
    pub(super) instrument: Option<Instrument>,
    /// The total the client saw, in minor units.
    pub(super) total_guard: Option<i64>,
    /// The currency the client saw.
    pub(super) currency_guard: Option<Currency>,
}

impl Named {
    /// Puts it in the terms of `event`.
    pub(super) fn for_order(
        self,
        event: &Event,
        gateway: &GatewayTerms,
    ) -> Result<Payment, Refusal> {
        let named = self.currency.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let currency = named.map(|text| {
            let message = "The card payment's currency is no currency.";
            Currency::parse(text).ok_or_else(|| Refusal::new(Code::CurrencyMismatch, message))
        });
        Ok(Payment {
            instrument: self.instrument.map(|named| match named {
                Ok(method) => {
                    let gateway = gateway.clone();
                    Instrument::Usable { method, gateway, payer_phone: None }
                }
                Err(refusal) => Instrument::Unusable(refusal),
            }),
            total_guard: guard(self.amount, event.currency)?,
            currency_guard: currency.transpose()?,
        })
    }
}

/// Finds the instrument; an unusable one is kept with its refusal, which counts only if the
/// order costs something.
pub(super) fn read(request: &TicketOrder, now: Timestamp) -> (Option<Source>, Named) {
    let card_info = request.card_info.as_ref();
    let amount = card_info.map(|info| info.amount).unwrap_or_default();
    let currency = card_info.and_then(|info| info.currency.clone());
    let (card, instrument) = match usable(request, now) {
        Ok(Some(card)) => (Some(card), Some(Ok(Method::Card))),
        Ok(None) => (None, None),
        Err(refusal) => (None, Some(Err(refusal))),
    };
    (card, Named { instrument, amount, currency })
}

fn usable(request: &TicketOrder, now: Timestamp) -> Result<Option<Source>, Refusal> {
    let order = request.order.as_ref();
    let phone_inside = order.and_then(|order| order.payment_phone_number.as_ref());
    let by_phone = request.payment_phone_number.as_ref().or(phone_inside).is_some();
    let saved_card = request.payment_card_id.unwrap_or(0) != 0;
    let authenticated = request.borgun_3d_final_info.is_some();
    let card = request.card_info.as_ref();
    let named = [card.is_some(), by_phone, saved_card, authenticated];
    if named.iter().filter(|named| **named).count() > 1 {
        let message = "Send one means of paying, not several.";
        return Err(Refusal::new(Code::PaymentMethodAmbiguous, message));
    }
    if saved_card {
        return Err(Refusal::new(Code::PaymentCardNotFound, "There is no such saved card."));
    }
    if by_phone || authenticated || request.apple_pay_info.is_some() {
        let message = "This means of paying is not switched on here; pay with a card.";
        return Err(Refusal::new(Code::PaymentMethodNotAvailable, message));
    }
    let method = order.and_then(|order| order.payment_method_id.as_deref());
    check_method(method, card.is_some())?;
    card.map(|card| source(card, now)).transpose()
}

/// The method's name, if one is given, must fit what was sent (`domain.md` §2.1).
fn check_method(method: Option<&str>, has_card: bool) -> Result<(), Refusal> {
    let named = method.map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
    match (named.as_str(), has_card) {
        ("", _) | ("card", true) | ("free", false) => Ok(()),
        ("card", false) => {
            let message = "The order names card payment and has no card.";
            Err(Refusal::new(Code::PaymentMethodRequired, message))
        }
        _ => {
            let message = "paymentMethodId does not fit the means of paying that was sent.";
            Err(Refusal::new(Code::PaymentMethodMismatch, message))
        }
    }
}

fn source(info: &PaymentRequestCreditCard, now: Timestamp) -> Result<Source, Refusal> {
    if info.save_card_to_token {
        let message = "Cards cannot be saved here; order without saveCardToToken.";
        return Err(Refusal::new(Code::SaveCardNotAllowed, message));
    }
    check_order_id(info.order_id.as_deref().unwrap_or_default())?;
    let Some(method) = &info.payment_method else {
        return Err(Refusal::new(Code::CardInvalid, "cardInfo has no paymentMethod."));
    };
    let kind = method.payment_type.as_deref().map(|text| text.trim().to_ascii_lowercase());
    match kind.as_deref().unwrap_or("card") {
        "" | "card" => card(method, now).map(|card| SourceKind::Card(card).into()),
        "tokensingle" => {
            let token = CardToken::parse(TokenUse::Single, exposed(&method.token));
            token.map(|token| SourceKind::Token(token).into()).map_err(refusal)
        }
        "tokenmulti" => {
            Err(Refusal::new(Code::PaymentCardNotFound, "There is no such saved card."))
        }
        _ => {
            let message = "paymentType must be Card, TokenSingle or TokenMulti.";
            Err(Refusal::new(Code::PaymentMethodMismatch, message))
        }
    }
}

fn check_order_id(order_id: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if order_id.len() <= ORDER_ID_LENGTH_MAX && order_id.bytes().all(allowed) {
        return Ok(());
    }
    let message = "cardInfo.orderId may have 12 characters A-Z and 0-9 at most.";
    Err(Refusal::new(Code::ValidationFailed, message))
}

fn card(method: &PaymentMethodCreditCardInfo, now: Timestamp) -> Result<Card, Refusal> {
    let number = CardNumber::parse(exposed(&method.pan)).map_err(refusal)?;
    let month = exposed(&method.exp_month);
    let expiry = Expiry::parse(month, exposed(&method.exp_year)).map_err(refusal)?;
    let code = SecurityCode::parse(exposed(&method.cvc), &number).map_err(refusal)?;
    Card::new(number, expiry, Some(code), YearMonth::of(now)).map_err(refusal)
}

fn exposed(text: &Option<SecretText>) -> &str {
    text.as_ref().map(SecretText::expose).unwrap_or_default()
}

fn refusal(code: Code) -> Refusal {
    Refusal::new(code, crate::operations::family::payment_message(code))
}
