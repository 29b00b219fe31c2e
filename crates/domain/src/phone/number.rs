//! Telephone numbers in their international form.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::record::word;

/// What a number without a country begins with: seven digits are one of Iceland
/// (`payments.md` §3.2).
const HOME_PREFIX: &str = "+354";

/// How many digits such a number has.
const HOME_DIGITS: usize = 7;

/// What some type for `+`.
const INTERNATIONAL_PREFIX: &str = "00";

/// The fewest and the most digits of an international number (E.164 allows fifteen).
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;

/// The longest text that is looked at, in bytes.
pub const PHONE_TEXT_LENGTH_MAX: usize = 32;

/// A number in its international form: `+` and 7 to 15 digits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it: `+354 555 1234`, `00354-555-1234`, or the seven digits
    /// of an Icelandic one. Blanks and dashes are passed over, and so is a missing `+` of an
    /// Icelandic number: in an address it stands for a blank. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<PhoneNumber> {
        if text.len() > PHONE_TEXT_LENGTH_MAX {
            return None;
        }
        let plain: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
        let abroad = plain.strip_prefix('+').or_else(|| plain.strip_prefix(INTERNATIONAL_PREFIX));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match abroad {
            Some(digits) if all_digits(digits) && is_international(digits) => {
                Some(PhoneNumber(format!("+{digits}")))
            }
            None if all_digits(&plain) => {
                let rest = plain.strip_prefix(&HOME_PREFIX[1..]);
                let digits = rest.filter(|rest| rest.len() == HOME_DIGITS).unwrap_or(&plain);
                let is_at_home = digits.len() == HOME_DIGITS;
                is_at_home.then(|| PhoneNumber(format!("{HOME_PREFIX}{digits}")))
            }
            _ => None,
        }
    }

    /// The number: `+` and digits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What it is looked for by, and where its phone lives.
    #[must_use]
    pub fn hash(&self) -> u128 {
        word("phone", &self.0)
    }

    /// Whether it is one of Iceland.
    #[must_use]
    pub fn is_at_home(&self) -> bool {
        self.0.starts_with(HOME_PREFIX)
    }

    /// The last two digits, for whoever must tell numbers apart and not know them.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("***{}", &self.0[self.0.len() - 2..])
    }
}

fn is_international(digits: &str) -> bool {
    (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && !digits.starts_with('0')
}

impl fmt::Debug for PhoneNumber {
    /// Logs name no numbers.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PhoneNumber({})", self.masked())
    }
}
