//! `paymentPhoneNumber`: the payer is asked on a telephone, which need not be the buyer's
//! (`payments.md` §3).

use domain::payment::{Claims, Method};
use domain::phone::PhoneNumber;
use domain::refusal::{Code, Refusal};
use gateway::SourceKind;

use super::{Parties, Usable};
use crate::app::App;

/// Reads the instrument.
pub(super) fn read(app: &App, number: &str, parties: &Parties<'_>) -> Result<Usable, Refusal> {
    let number = PhoneNumber::parse(number).ok_or_else(|| {
        let message = "paymentPhoneNumber is + and 7 to 15 digits, or seven digits of Iceland.";
        Refusal::new(Code::ValidationFailed, message)
    })?;
    let name = parties.organiser.rules.phone_gateway.as_deref();
    let gateway = name.and_then(|name| app.till.terms(name)).ok_or_else(|| {
        let message = "This organiser takes no payments by phone; pay with a card.";
        Refusal::new(Code::PaymentMethodNotAvailable, message)
    })?;
    Ok(Usable {
        payer_phone: Some(number.text().to_owned()),
        source: SourceKind::Phone(number).into(),
        method: Method::Phone,
        gateway,
        claims: Claims::default(),
    })
}
