//! The last line of defence: text that must not carry a card number is masked here before it
//! is written anywhere (`payments.md` §5.2.6).

use std::borrow::Cow;

use crate::secret::luhn_sum_of;

/// The fewest and the most digits that are taken for a card number. Below 13 digits too many
/// ordinary numbers pass the check.
const DIGITS_MIN: usize = 13;
const DIGITS_MAX: usize = 19;

/// How many digits stay readable at either end; the first ones only of a number long enough
/// for the rest to stay secret.
const SHOWN_FIRST: usize = 6;
const SHOWN_LAST: usize = 4;
const DIGITS_FOR_SHOWN_FIRST: usize = 15;

/// A digit of the text.
#[derive(Clone, Copy)]
struct Digit {
    /// Where in the text, in bytes.
    position: usize,
    value: u8,
    /// Whether the character before it is no digit.
    starts_group: bool,
}

/// Replaces the middle digits of everything that may be a card number by stars: 13 to 19 digits
/// that pass the Luhn check, in one piece or in groups with blanks and dashes between them.
///
/// A number may start and end at any group, so a date in front of it does not hide it. Time is
/// linear in the length of the text.
#[must_use]
pub fn mask_card_numbers(text: &str) -> Cow<'_, str> {
    let mut masked: Option<Vec<u8>> = None;
    let mut run = Vec::new();
    let bytes = text.as_bytes();
    for (position, byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let starts_group = position == 0 || !bytes[position - 1].is_ascii_digit();
                run.push(Digit { position, value: *byte, starts_group });
            }
            b' ' | b'-' => {}
            _ => mask_run(&mut run, bytes, &mut masked),
        }
    }
    mask_run(&mut run, bytes, &mut masked);
    match masked.map(String::from_utf8) {
        Some(Ok(masked)) => Cow::Owned(masked),
        // Only ASCII digits were replaced, by ASCII: the text is as valid as it was.
        Some(Err(_)) | None => Cow::Borrowed(text),
    }
}

/// Masks the numbers in one run of digits and separators, and empties it.
fn mask_run(run: &mut Vec<Digit>, text: &[u8], masked: &mut Option<Vec<u8>>) {
    for end in DIGITS_MIN..=run.len() {
        let ends_group = run.get(end).is_none_or(|next| next.starts_group);
        let number = if ends_group { longest_number(&run[..end]) } else { None };
        for digit in number.into_iter().flat_map(hidden_digits) {
            masked.get_or_insert_with(|| text.to_vec())[digit.position] = b'*';
        }
    }
    run.clear();
}

/// The longest card number at the end of `digits` that starts with a group.
fn longest_number(digits: &[Digit]) -> Option<&[Digit]> {
    (DIGITS_MIN..=DIGITS_MAX.min(digits.len())).rev().find_map(|length| {
        let number = &digits[digits.len() - length..];
        let from_last = number.iter().rev().map(|digit| digit.value);
        let genuine = number[0].starts_group && luhn_sum_of(from_last).is_multiple_of(10);
        genuine.then_some(number)
    })
}

fn hidden_digits(number: &[Digit]) -> &[Digit] {
    let shown_first = if number.len() < DIGITS_FOR_SHOWN_FIRST { 0 } else { SHOWN_FIRST };
    &number[shown_first..number.len() - SHOWN_LAST]
}
