//! The card of a request, taken into the types that cannot be printed.

use contract::clubs::profiles::vault::VaultPaymentProfile;
use domain::profile::{AccountClass, AccountType};
use domain::refusal::{Code, Refusal};
use domain::time::Timestamp;
use gateway::secret::YearMonth;
use gateway::{Card, CardNumber, CardToken, Expiry, SecurityCode, Source, SourceKind, TokenUse};
use service::types::SecretText;

use crate::operations::family::payment_message;

/// The month and year of a card that has none: the last that can be written.
const NO_MONTH: (&str, &str) = ("12", "2099");

/// The same, as a gateway tells it.
pub(super) const NEVER: YearMonth = YearMonth { year: 2_099, month: 12 };

/// A card, or a gateway's token of one.
///
/// # Errors
/// [`Code::PaymentMethodRequired`], [`Code::PaymentMethodAmbiguous`], [`Code::RawCardNotAllowed`]
/// where the chain `takes_cards` only as tokens, [`Code::CardInvalid`], [`Code::CardExpired`],
/// [`Code::CvcInvalid`].
pub(super) fn read(
    request: &VaultPaymentProfile,
    takes_cards: bool,
    now: Timestamp,
) -> Result<Source, Refusal> {
    let (number, token) = (exposed(&request.card_number), exposed(&request.gateway_token));
    match (number.trim().is_empty(), token.trim().is_empty()) {
        (true, true) => {
            let message = "Send CardNumber with what belongs to it, or GatewayToken.";
            Err(Refusal::new(Code::PaymentMethodRequired, message))
        }
        (false, false) => {
            let message = "Send a card or a token of one, not both.";
            Err(Refusal::new(Code::PaymentMethodAmbiguous, message))
        }
        (true, false) => {
            let token = CardToken::parse(TokenUse::Single, token).map_err(refusal)?;
            Ok(SourceKind::Token(token).into())
        }
        (false, true) if !takes_cards => {
            let message = "This chain takes no card numbers; send a GatewayToken.";
            Err(Refusal::new(Code::RawCardNotAllowed, message))
        }
        (false, true) => {
            let card = card(request, number, YearMonth::of(now)).map_err(refusal)?;
            Ok(SourceKind::Card(card).into())
        }
    }
}

/// A gift card may have neither month nor security code.
fn card(request: &VaultPaymentProfile, number: &str, this_month: YearMonth) -> Result<Card, Code> {
    let number = CardNumber::parse(number)?;
    let is_gift = AccountType::of_mask(&number.mask()).class() == AccountClass::GiftCard;
    let (mut month, mut year) = (exposed(&request.exp_month), exposed(&request.exp_year));
    if is_gift && month.trim().is_empty() && year.trim().is_empty() {
        (month, year) = NO_MONTH;
    }
    let expiry = Expiry::parse(month, year)?;
    let code = exposed(&request.cvc);
    let code = match is_gift && code.trim().is_empty() {
        true => None,
        false => Some(SecurityCode::parse(code, &number)?),
    };
    Card::new(number, expiry, code, this_month)
}

fn exposed(text: &Option<SecretText>) -> &str {
    text.as_ref().map(SecretText::expose).unwrap_or_default()
}

fn refusal(code: Code) -> Refusal {
    Refusal::new(code, payment_message(code))
}
