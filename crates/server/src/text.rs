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

#[cfg(test)]
mod tests {
    use super::checked;

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
