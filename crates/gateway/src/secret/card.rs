//! A card as the buyer typed it in.

use domain::refusal::Code;

use super::expiry::{Expiry, YearMonth};
use super::fingerprint::{Fingerprint, FingerprintKey};
use super::number::CardNumber;
use super::security_code::SecurityCode;

/// A card that was valid when it was read in.
#[derive(Debug)]
pub struct Card {
    number: CardNumber,
    expiry: Expiry,
    security_code: Option<SecurityCode>,
}

impl Card {
    /// Puts a card together and checks that it is valid in `this_month`. A card of a telephone's
    /// wallet has no security code.
    ///
    /// # Errors
    /// [`Code::CardExpired`] when the card's last month is over.
    pub fn new(
        number: CardNumber,
        expiry: Expiry,
        security_code: Option<SecurityCode>,
        this_month: YearMonth,
    ) -> Result<Card, Code> {
        expiry.check(this_month)?;
        Ok(Card { number, expiry, security_code })
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> &CardNumber {
        &self.number
    }

    /// The last month.
    #[must_use]
    pub fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// The code on the back, if the buyer gave one.
    #[must_use]
    pub fn security_code(&self) -> Option<&SecurityCode> {
        self.security_code.as_ref()
    }

    /// The same for the same number and month under the same key. The security code is left
    /// out: not even a trace of it may be stored.
    #[must_use]
    pub fn fingerprint(&self, key: &FingerprintKey) -> Fingerprint {
        let YearMonth { year, month } = self.expiry.last_month();
        key.fingerprint(&[b"card", self.number.digits().as_bytes(), &year.to_be_bytes(), &[month]])
    }
}
