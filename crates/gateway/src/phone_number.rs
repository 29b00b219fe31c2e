//! A telephone that is asked to pay.

use std::fmt;

use domain::refusal::Code;

/// What a number without a country begins with: seven digits are one of Iceland
/// (`payments.md` §3.2).
const HOME_PREFIX: &str = "+354";

/// How many digits such a number has.
const HOME_DIGITS: usize = 7;

/// The fewest and the most digits of an international number (E.164 allows fifteen).
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;

/// The longest text that is looked at.
const TEXT_LENGTH_MAX: usize = 32;

/// A number in its international form.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads `+` and 7 to 15 digits, or seven digits of Iceland; blanks and dashes are passed
    /// over.
    ///
    /// # Errors
    /// [`Code::ValidationFailed`] for anything else.
    pub fn parse(text: &str) -> Result<PhoneNumber, Code> {
        if text.len() > TEXT_LENGTH_MAX {
            return Err(Code::ValidationFailed);
        }
        let plain: String = text.chars().filter(|it| !matches!(it, ' ' | '-')).collect();
        let digits = plain.strip_prefix('+');
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match digits {
            Some(digits) if all_digits(digits) && is_international(digits) => {
                Ok(PhoneNumber(plain))
            }
            None if all_digits(&plain) && plain.len() == HOME_DIGITS => {
                Ok(PhoneNumber(format!("{HOME_PREFIX}{plain}")))
            }
            _ => Err(Code::ValidationFailed),
        }
    }

    /// The number: `+` and digits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

fn is_international(digits: &str) -> bool {
    (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && !digits.starts_with('0')
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = &self.0[self.0.len() - 2..];
        write!(formatter, "PhoneNumber(***{last})")
    }
}
