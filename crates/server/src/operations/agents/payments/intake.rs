//! From the members of a payment request to what the rules understand (`domain.md` §5.1). Card data
//! goes into the types that cannot be printed.

use contract::customer_payments::{CustomerPaymentsRequest, PaymentInfo};
use domain::agency::CustomerNamed;
use domain::ids::{CustomerId, Shard};
use domain::refusal::{Code, Refusal};
use domain::sale::OrderPaymentKind;
use gateway::secret::YearMonth;
use gateway::{Card, CardNumber, CardToken, Expiry, SecurityCode, Source, SourceKind, TokenUse};
use service::types::SecretText;

use crate::app::App;
use crate::operations::agents::caller::{self, Agent};
use crate::operations::agents::fields::{Fields, Told};
use crate::operations::family::{Failure, payment_message, wrong};
use crate::operations::{Call, office};

/// How the tokens begin that the contract takes.
const TOKEN_PREFIXES: [&str; 3] = ["tok_", "pm_", "card_"];

/// A payment request.
pub(super) struct Intake {
    pub(super) customer: CustomerNamed,
    pub(super) means: Means,
    /// What pays, where something came.
    pub(super) source: Option<Source>,
}

/// How it is paid.
pub(super) enum Means {
    /// With a card.
    Card,
    /// A person says that it was.
    Hand(OrderPaymentKind),
}

/// Refuses another agent than the order's, wherever it is named.
pub(super) fn check_agents(
    call: &Call<'_>,
    request: &CustomerPaymentsRequest,
    agent: Shard,
) -> Result<(), Refusal> {
    let of_customer = request.customer.as_ref().map_or(0, |customer| customer.agent_id);
    let of_info = request.payment_info.as_ref().map_or(0, |info| info.agent_id);
    let is_other = |named: i32| named != 0 && u32::try_from(named) != Ok(agent.0);
    if !caller::is_administrator(call) && (is_other(of_customer) || is_other(of_info)) {
        return Err(Refusal::new(Code::AgentMismatch, "This is not the agent of the order."));
    }
    Ok(())
}

/// Reads a request.
pub(super) fn read(
    app: &App,
    request: &CustomerPaymentsRequest,
    agent: &Agent,
) -> Result<Intake, Failure> {
    let customer = customer(request)?;
    let info = request.payment_info.as_ref();
    let means = means(info)?;
    let source = info.map(|info| source(app, info, agent)).transpose()?.flatten();
    if source.is_some() && matches!(means, Means::Hand(_)) {
        let message = "A token or a card pays by PaymentType CreditCard.";
        return Err(Refusal::new(Code::PaymentMethodMismatch, message).into());
    }
    Ok(Intake { customer, means, source })
}

fn customer(request: &CustomerPaymentsRequest) -> Result<CustomerNamed, Failure> {
    let Some(told) = &request.customer else { return Ok(CustomerNamed::default()) };
    let mut fields = Fields::default();
    let members = Told {
        code: &told.customer_code,
        business_name: &told.business_name,
        first_name: &told.first_name,
        last_name: &told.last_name,
        email: &told.email,
    };
    let details = fields.customer(&members, "Customer.");
    if told.id < 0 {
        fields.wrong("Customer.ID", "It must be 0 or the number of a customer.");
    }
    fields.done()?;
    let id = CustomerId(office::number(told.id));
    Ok(CustomerNamed { id, uid: caller::uid(told.uid), details })
}

fn means(info: Option<&PaymentInfo>) -> Result<Means, Failure> {
    let text = info.and_then(|info| info.payment_type.as_deref()).map(str::trim);
    Ok(match text.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "stripe" | "creditcard" => Means::Card,
        "invoice" => Means::Hand(OrderPaymentKind::Invoice),
        "cash" => Means::Hand(OrderPaymentKind::Cash),
        "check" => Means::Hand(OrderPaymentKind::Check),
        "none" => Means::Hand(OrderPaymentKind::Unknown),
        _ => {
            let message = "Say Stripe, CreditCard, Invoice, Cash, Check or None.";
            return Err(Failure::invalid(vec![wrong("PaymentInfo.PaymentType", message)]));
        }
    })
}

/// A token goes before a card that was sent beside it.
fn source(app: &App, info: &PaymentInfo, agent: &Agent) -> Result<Option<Source>, Refusal> {
    let token = exposed(&info.stripe_token);
    if !token.is_empty() {
        return Ok(Some(SourceKind::Token(read_token(token)?).into()));
    }
    let raw = [&info.card_number, &info.exp_date, &info.ccv].map(exposed);
    if raw.iter().all(|text| text.is_empty()) {
        return Ok(None);
    }
    if agent.organiser.rules.raw_cards_refused {
        let message = "Card numbers are not taken here; send a StripeToken, or pay with the \
                       ClientSecret.";
        return Err(Refusal::new(Code::RawCardNotAllowed, message));
    }
    let [number, expiry, code] = raw;
    let (month, year) = month_and_year(expiry).ok_or_else(|| refusal(Code::CardExpired))?;
    let number = CardNumber::parse(number).map_err(refusal)?;
    let expiry = Expiry::parse(month, year).map_err(refusal)?;
    let code = SecurityCode::parse(code, &number).map_err(refusal)?;
    let now = YearMonth::of(app.clock.now());
    let card = Card::new(number, expiry, Some(code), now).map_err(refusal)?;
    Ok(Some(SourceKind::Card(card).into()))
}

fn read_token(text: &str) -> Result<CardToken, Refusal> {
    let has_form = TOKEN_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
    let token = CardToken::parse(TokenUse::Single, text).ok().filter(|_| has_form);
    let message = "A token begins with tok_, pm_ or card_.";
    token.ok_or_else(|| Refusal::new(Code::StripeTokenInvalid, message))
}

/// `MMYY`, `MM/YY`, `MMYYYY` or `MM/YYYY` (`payments.md` §5.2).
fn month_and_year(text: &str) -> Option<(&str, &str)> {
    let (month, year) = match text.split_once('/') {
        Some(parts) => parts,
        None => text.split_at_checked(2)?,
    };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = month.len() == 2 && matches!(year.len(), 2 | 4);
    (fits && is_number(month) && is_number(year)).then_some((month, year))
}

fn exposed(text: &Option<SecretText>) -> &str {
    text.as_ref().map(SecretText::expose).unwrap_or_default().trim()
}

/// A refusal in the words a buyer is told.
fn refusal(code: Code) -> Refusal {
    Refusal::new(code, payment_message(code))
}

#[cfg(test)]
mod tests {
    use super::month_and_year;

    /// Proves which forms of an expiry are read.
    #[test]
    fn expiries_have_four_forms() {
        for text in ["1232", "12/32", "122032", "12/2032"] {
            let (month, year) = month_and_year(text).unwrap();
            assert!(month == "12" && year.ends_with("32"), "{text}");
        }
        for text in ["", "1", "123", "12345", "1/32", "12/3", "12-32", "á232", "12//32"] {
            assert_eq!(month_and_year(text), None, "{text}");
        }
    }
}
