//! Texts from outside: trimmed, bounded, without control characters (`domain.md` §1.7).

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

/// Separators of lines and paragraphs, and what changes the direction of writing without being
/// seen: U+2028 to U+202E and U+2066 to U+2069.
const DIRECTIONS: [char; 11] = [
    '\u{2028}', '\u{2029}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}',
];

#[cfg(test)]
mod tests {
    use super::{checked, checked_line};

    /// A name is one line that reads as it is written.
    #[test]
    fn names_are_one_plain_line() {
        assert_eq!(checked_line(Some(" Jón Þór "), 10), Ok(Some("Jón Þór".to_owned())));
        assert_eq!(checked_line(Some("אבג"), 10), Ok(Some("אבג".to_owned())));
        for odd in ["a\nb", "a\tb", "a\u{202e}b", "a\u{2028}b", "a\u{85}b"] {
            assert!(checked_line(Some(odd), 10).is_err(), "{odd:?}");
        }
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
