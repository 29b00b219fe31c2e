//! Text that must not be seen: card numbers, security codes, keys.

use std::fmt;
use zeroize::Zeroize;

/// What is shown and written instead of a secret.
const MASK: &str = "***";

/// A .NET `string` whose content leaves only through [`SecretText::expose`].
///
/// It prints as `***`, every sink writes it as `***`, it is wiped when dropped, and it cannot be
/// cloned, so neither can a record that holds one. The one exception is a *placeholder*, which is
/// public from the start: the sample pages fill `String` with it.
#[derive(Default)]
pub struct SecretText {
    text: String,
    is_placeholder: bool,
}

impl SecretText {
    /// Takes a secret in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { text, is_placeholder: false }
    }

    /// A text for sample pages that stands where a secret would.
    #[must_use]
    pub fn placeholder(text: &str) -> Self {
        Self { text: text.to_owned(), is_placeholder: true }
    }

    /// The secret. Whoever calls this answers for what becomes of it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What may be written: the placeholder, or the mask.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.is_placeholder { &self.text } else { MASK }
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(MASK)
    }
}

/// Compares every byte, so that the time taken tells nothing but the length.
impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        let pairs = self.text.bytes().zip(other.text.bytes());
        let difference = pairs.fold(0, |difference, (left, right)| difference | (left ^ right));
        self.text.len() == other.text.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for SecretText {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printing a secret shows nothing of it.
    #[test]
    fn a_secret_prints_as_a_mask() {
        let secret = SecretText::new("4242424242424242".into());
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(secret.shown(), "***");
        assert_eq!(secret.expose(), "4242424242424242");
    }

    /// A placeholder is no secret.
    #[test]
    fn a_placeholder_is_shown() {
        assert_eq!(SecretText::placeholder("String").shown(), "String");
    }

    /// Equality looks at content and length.
    #[test]
    fn secrets_compare_by_content() {
        let secret = |text: &str| SecretText::new(text.into());
        assert_eq!(secret("123"), secret("123"));
        assert_ne!(secret("123"), secret("124"));
        assert_ne!(secret("123"), secret("1234"));
    }
}
