//! Texts from outside: trimmed, bounded, without control characters (`domain.md` §1.7).

use gateway::masking::mask_card_numbers;

/// The trimmed text; `None` when nothing is left of it.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn checked(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    let Some(text) = value.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > length_max {
        return Err(format!("It may have {length_max} characters at most."));
    }
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err("It has control characters in it.".into());
    }
    Ok(Some(text.to_owned()))
}

/// As [`checked`], for a name: it stands on one line, and nothing in it turns the writing round,
/// so that it cannot make a line of a list or of the audit say something else.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn checked_line(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    let text = checked(value, length_max)?;
    let is_odd = |letter: char| letter.is_control() || DIRECTIONS.contains(&letter);
    if text.as_deref().is_some_and(|text| text.contains(is_odd)) {
        return Err("It has line breaks or control characters in it.".into());
    }
    Ok(text)
}

/// As [`checked`], for what is stored: people type cards into any field, so what looks like a card
/// number is masked (`payments.md` §5.2).
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn kept(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    Ok(checked(value, length_max)?.map(|text| mask_card_numbers(&text).into_owned()))
}

/// As [`kept`], on one line ([`checked_line`]).
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn kept_line(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    Ok(checked_line(value, length_max)?.map(|text| mask_card_numbers(&text).into_owned()))
}

/// As [`checked_line`], for a key by which something is known again. Masking would make one key of
/// two, so what looks like a card number is refused.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn checked_key(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    let key = checked_line(value, length_max)?;
    if key.as_deref().is_some_and(|key| mask_card_numbers(key) != key) {
        return Err("It looks like a card number; make another key, a UUID for example.".into());
    }
    Ok(key)
}

/// As [`checked_line`], for the name of a user or of a key, which stands in the audit, too. A
/// masked one would be another name, so what looks like a card number is refused.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn checked_name(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    let name = checked_line(value, length_max)?;
    if name.as_deref().is_some_and(|name| mask_card_numbers(name) != name) {
        return Err("It looks like a card number; write something else.".into());
    }
    Ok(name)
}

/// Separators of lines and paragraphs, and what changes the direction of writing without being
/// seen: U+2028 to U+202E and U+2066 to U+2069.
const DIRECTIONS: [char; 11] = [
    '\u{2028}', '\u{2029}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}',
];

#[cfg(test)]
mod tests {
    use super::{checked, checked_key, checked_line, checked_name, kept, kept_line};

    /// A name is one line that reads as it is written.
    #[test]
    fn names_are_one_plain_line() {
        assert_eq!(checked_line(Some(" Jón Þór "), 10), Ok(Some("Jón Þór".to_owned())));
        assert_eq!(checked_line(Some("אבג"), 10), Ok(Some("אבג".to_owned())));
        for odd in ["a\nb", "a\tb", "a\u{202e}b", "a\u{2028}b", "a\u{85}b"] {
            assert!(checked_line(Some(odd), 10).is_err(), "{odd:?}");
        }
    }

    /// No card number is stored, and no two keys become one.
    #[test]
    fn card_numbers_are_not_kept() {
        let masked = Ok(Some("card 424242******4242".to_owned()));
        assert_eq!(kept(Some("card 4242424242424242"), 30), masked);
        assert_eq!(kept_line(Some("card 4242424242424242"), 30), masked);
        assert!(kept_line(Some("a\nb"), 10).is_err());
        assert!(checked_key(Some("4242424242424242"), 30).is_err());
        assert!(checked_name(Some("key 4242 4242 4242 4242"), 30).is_err());
        assert_eq!(checked_name(Some("gate 42"), 30), Ok(Some("gate 42".to_owned())));
        assert_eq!(checked_key(Some("kindness-1"), 30), Ok(Some("kindness-1".to_owned())));
    }

    /// Blanks go, nothing becomes nothing, too long and unprintable texts are refused.
    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(checked(Some("  Jón  "), 10), Ok(Some("Jón".to_owned())));
        assert_eq!(checked(Some("   "), 10), Ok(None));
        assert_eq!(checked(None, 10), Ok(None));
        assert!(checked(Some("ááá"), 2).is_err());
        assert!(checked(Some("a\u{0}b"), 10).is_err());
    }
}
