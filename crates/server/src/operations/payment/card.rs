//! `cardInfo`: a card typed in, a gateway's token used once, or a token of a saved card.

use contract::shared::{PaymentMethodCreditCardInfo, PaymentRequestCreditCard};
use domain::enrolment::{ORDER_ID_LENGTH, OrderId};
use domain::payment::{Claims, Method};
use domain::record::word;
use domain::refusal::{Code, Refusal};
use domain::time::Timestamp;
use gateway::secret::YearMonth;
use gateway::{Card, CardNumber, CardToken, Expiry, Keep, SecurityCode, SourceKind, TokenUse};

use super::{Parties, Usable, card_gateway, card_hash, exposed, refusal, saved};
use crate::app::App;
use crate::operations::family::Failure;

/// How `paymentType` may be written.
pub(super) enum PaymentType {
    Card,
    TokenSingle,
    TokenMulti,
}

impl PaymentType {
    /// Reads the name in any case; a missing one means a card.
    pub(super) fn read(text: Option<&str>) -> Result<PaymentType, Refusal> {
        let name = text.map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
        match name.as_str() {
            "" | "card" => Ok(PaymentType::Card),
            "tokensingle" => Ok(PaymentType::TokenSingle),
            "tokenmulti" => Ok(PaymentType::TokenMulti),
            _ => {
                let message = "paymentType must be Card, TokenSingle or TokenMulti.";
                Err(Refusal::new(Code::PaymentMethodMismatch, message))
            }
        }
    }
}

/// Reads the instrument.
pub(super) async fn read(
    app: &App,
    info: &PaymentRequestCreditCard,
    parties: &Parties<'_>,
) -> Result<Usable, Failure> {
    let claims = Claims { reference: order_id(info)?, ..Claims::default() };
    let method = method_of(info)?;
    let payment_type = PaymentType::read(method.payment_type.as_deref())?;
    let usable = match payment_type {
        PaymentType::Card => {
            if parties.organiser.rules.raw_cards_refused && !parties.for_proof {
                let message = "This organiser takes no card numbers; send a token or a saved card.";
                return Err(Refusal::new(Code::RawCardNotAllowed, message).into());
            }
            let card = card(method, SecurityCodeIs::Needed, app.clock.now())?;
            let phone = kept_for(info, parties)?;
            let gateway = card_gateway(app, parties)?;
            let mut usable = Usable::card(SourceKind::Card(card), Method::Card, gateway);
            let fingerprint = card_hash(app, &usable.source);
            let keep = phone.zip(fingerprint);
            usable.source.keep = keep.map(|(phone, fingerprint)| Keep { phone, fingerprint });
            usable
        }
        PaymentType::TokenSingle => {
            refuse_saving(info)?;
            let token = single_token(exposed(&method.token))?;
            Usable::card(token, Method::Card, card_gateway(app, parties)?)
        }
        PaymentType::TokenMulti => {
            refuse_saving(info)?;
            saved::by_token(app, exposed(&method.token), parties).await?
        }
    };
    let claims = Claims { card: usable.claims.card, ..claims };
    Ok(Usable { claims, ..usable })
}

/// The hash of the phone that the card is kept for: a proved one, or the card is not kept.
fn kept_for(
    info: &PaymentRequestCreditCard,
    parties: &Parties<'_>,
) -> Result<Option<u128>, Refusal> {
    if !info.save_card_to_token {
        return Ok(None);
    }
    let message = "A card is saved for a verified phone; verify one, or leave out saveCardToToken.";
    let phone = parties.phone.ok_or_else(|| Refusal::new(Code::SaveCardNotAllowed, message))?;
    Ok(Some(word("phone", phone)))
}

/// What is paid with a token is either kept already or, once used, cannot be kept any more.
pub(super) fn refuse_saving(info: &PaymentRequestCreditCard) -> Result<(), Refusal> {
    if info.save_card_to_token {
        let message = "Only a card sent as a card can be saved; leave out saveCardToToken.";
        return Err(Refusal::new(Code::SaveCardNotAllowed, message));
    }
    Ok(())
}

pub(super) fn method_of(
    info: &PaymentRequestCreditCard,
) -> Result<&PaymentMethodCreditCardInfo, Refusal> {
    let missing = || Refusal::new(Code::CardInvalid, "cardInfo has no paymentMethod.");
    info.payment_method.as_ref().ok_or_else(missing)
}

/// A token that may be charged once.
pub(super) fn single_token(text: &str) -> Result<SourceKind, Refusal> {
    CardToken::parse(TokenUse::Single, text).map(SourceKind::Token).map_err(refusal)
}

/// The client's own reference; it counts only if it has the gateway's form
/// (`domain.md` §2.2 `orderId`).
pub(super) fn order_id(info: &PaymentRequestCreditCard) -> Result<Option<OrderId>, Refusal> {
    let text = info.order_id.as_deref().unwrap_or_default();
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if text.len() > ORDER_ID_LENGTH || !text.bytes().all(allowed) {
        let message = "cardInfo.orderId may have 12 characters A-Z and 0-9 at most.";
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    Ok(OrderId::parse(text))
}

/// Whether a card comes with the digits on its back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SecurityCodeIs {
    /// The buyer types them in.
    Needed,
    /// A device's card has none.
    Absent,
}

/// The card itself.
pub(super) fn card(
    method: &PaymentMethodCreditCardInfo,
    security_code: SecurityCodeIs,
    now: Timestamp,
) -> Result<Card, Refusal> {
    let number = CardNumber::parse(exposed(&method.pan)).map_err(refusal)?;
    let month = exposed(&method.exp_month);
    let expiry = Expiry::parse(month, exposed(&method.exp_year)).map_err(refusal)?;
    let text = exposed(&method.cvc);
    let code = match security_code {
        SecurityCodeIs::Needed => Some(SecurityCode::parse(text, &number).map_err(refusal)?),
        SecurityCodeIs::Absent if text.trim().is_empty() => None,
        SecurityCodeIs::Absent => {
            let message = "A device's card has no security code; leave out cvc.";
            return Err(Refusal::new(Code::CvcInvalid, message));
        }
    };
    Card::new(number, expiry, code, YearMonth::of(now)).map_err(refusal)
}
