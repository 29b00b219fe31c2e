//! The number on the front of a card.

use std::fmt;

use domain::refusal::Code;
use zeroize::Zeroizing;

/// The fewest and the most digits of a card number (`payments.md` §5.2.7).
const DIGITS_MIN: usize = 12;
const DIGITS_MAX: usize = 19;

/// The longest text that is looked at: every digit followed by a blank or a dash.
const TEXT_LENGTH_MAX: usize = 2 * DIGITS_MAX;

/// Below this many digits the mask leaves out the first six, which would give too much away.
const DIGITS_FOR_FULL_MASK: usize = 15;

/// A card number: 12 to 19 digits that pass the Luhn check.
pub struct CardNumber(Zeroizing<String>);

impl CardNumber {
    /// Reads digits with optional blanks and dashes (`payments.md` §5.2.7).
    ///
    /// # Errors
    /// [`Code::CardInvalid`] for any other text, a wrong length or a wrong check digit.
    pub fn parse(text: &str) -> Result<CardNumber, Code> {
        let text = text.trim();
        if text.len() > TEXT_LENGTH_MAX {
            return Err(Code::CardInvalid);
        }
        // Reserved at full length: growing would leave copies of the digits behind.
        let mut digits = Zeroizing::new(String::with_capacity(TEXT_LENGTH_MAX));
        digits.extend(text.chars().filter(|character| !matches!(character, ' ' | '-')));
        let genuine = digits.bytes().all(|byte| byte.is_ascii_digit())
            && (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len())
            && luhn_sum_of(digits.bytes().rev()).is_multiple_of(10);
        if genuine { Ok(CardNumber(digits)) } else { Err(Code::CardInvalid) }
    }

    /// First six digits, six stars, last four digits; only the last four of a number shorter
    /// than 15 digits. This is all that may be stored or shown (`payments.md` §5.2.4).
    #[must_use]
    pub fn mask(&self) -> String {
        let (first, last) = (&self.0[..6], &self.0[self.0.len() - 4..]);
        let first = if self.0.len() < DIGITS_FOR_FULL_MASK { "" } else { first };
        format!("{first}******{last}")
    }

    /// Whether the number is one of American Express: its security code has four digits.
    #[must_use]
    pub fn is_amex(&self) -> bool {
        self.0.len() == 15 && (self.0.starts_with("34") || self.0.starts_with("37"))
    }

    /// The digits, for the wire of a gateway and for nothing else.
    pub(crate) fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CardNumber({})", self.mask())
    }
}

/// The Luhn sum of ASCII digits given from the last to the first; a genuine number's is a
/// multiple of ten.
pub(crate) fn luhn_sum_of(digits_from_last: impl Iterator<Item = u8>) -> u32 {
    digits_from_last.enumerate().map(|(index, digit)| luhn_share(index, digit)).sum()
}

/// What the digit at `index`, counted from the last, adds to the sum.
fn luhn_share(index: usize, digit: u8) -> u32 {
    let value = u32::from(digit.wrapping_sub(b'0'));
    match (index % 2, value) {
        (0, value) => value,
        (_, value @ 5..) => value * 2 - 9,
        (_, value) => value * 2,
    }
}
