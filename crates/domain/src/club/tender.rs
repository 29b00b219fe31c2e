//! A means of paying on file as a part of a sale.

use crate::attempt::GatewayTerms;
use crate::profile::{AccountClass, PaymentProfile};
use crate::refusal::{Code, Refusal};
use crate::sale::TenderPart;

/// What a profile pays, up to `cap` minor units, through one of the gateways that there are.
///
/// # Errors
/// [`Code::PaymentMethodNotAvailable`] where its gateway is not switched on;
/// [`Code::AcctTokenInvalid`] where that keeps it no longer.
pub(super) fn part_of(
    profile: &PaymentProfile,
    cap: Option<i64>,
    gateways: &[GatewayTerms],
) -> Result<TenderPart, Refusal> {
    let terms = gateways.iter().find(|terms| terms.name == profile.gateway);
    let terms = terms.ok_or_else(|| {
        let message = "The gateway that keeps this method of payment is not switched on.";
        Refusal::new(Code::PaymentMethodNotAvailable, message)
    })?;
    let token = profile.token.clone().ok_or_else(|| {
        let message = "The gateway keeps this method of payment no longer; name another.";
        Refusal::new(Code::AcctTokenInvalid, message)
    })?;
    Ok(TenderPart {
        cap,
        terms: terms.clone(),
        token,
        profile: Some(profile.id),
        reserves: profile.account.class() != AccountClass::GiftCard,
        shown: format!("{} {}", profile.account.name(), profile.last_four),
    })
}
