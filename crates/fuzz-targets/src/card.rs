//! What a buyer types in for a card, and texts that may hold one by mistake.

use gateway::masking::mask_card_numbers;
use gateway::{CardNumber, CardToken, Expiry, SecurityCode, TokenUse};

/// The fewest digits that are masked; shorter numbers are too often something else.
const MASKED_DIGITS_MIN: usize = 13;

/// Lines: number, security code, expiry.
pub(crate) fn card(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let (typed, code) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if let Ok(number) = CardNumber::parse(typed) {
        is_never_shown(&number, typed);
        let _refused = SecurityCode::parse(code, &number);
    }
    let expiry = lines.next().unwrap_or_default();
    let _refused = Expiry::parse_joined(expiry);
    let _refused = Expiry::parse(code, expiry);
    let _refused = CardToken::parse(TokenUse::Single, typed);
    let masked = mask_card_numbers(text);
    let kept =
        |(before, after): (u8, u8)| before == after || (before.is_ascii_digit() && after == b'*');
    assert!(masked.len() == text.len() && text.bytes().zip(masked.bytes()).all(kept), "{masked}");
}

/// Neither printing, nor the mask, nor a log line shows a number.
fn is_never_shown(number: &CardNumber, typed: &str) {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    assert!(!format!("{number:?} {}", number.mask()).contains(&digits), "a number is shown");
    if digits.len() >= MASKED_DIGITS_MIN {
        assert!(mask_card_numbers(typed).contains('*'), "a number is logged");
    }
}
