//! The digits on the back of a card.

use std::fmt;

use domain::refusal::Code;
use zeroize::Zeroizing;

use super::number::CardNumber;

/// A security code. It lives for one request: no standard allows to keep it, not even
/// encrypted, once the bank has answered (`payments.md` §5.1).
pub struct SecurityCode(Zeroizing<String>);

impl SecurityCode {
    /// Reads three digits, or four for a number of American Express.
    ///
    /// # Errors
    /// [`Code::CvcInvalid`] for anything else.
    pub fn parse(text: &str, number: &CardNumber) -> Result<SecurityCode, Code> {
        let text = text.trim();
        let length = if number.is_amex() { 4 } else { 3 };
        if text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(SecurityCode(Zeroizing::new(text.to_owned())))
        } else {
            Err(Code::CvcInvalid)
        }
    }

    /// The digits, for the wire of a gateway and for nothing else.
    pub(crate) fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecurityCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecurityCode(***)")
    }
}
