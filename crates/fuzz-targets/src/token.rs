//! Handles that lead to an order.

use domain::token::Token;

/// A text that is read as a handle is the one text of that handle.
pub(crate) fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.text(), text);
        assert!(!format!("{token:?}").contains(&text[11..]), "a secret is printed");
    }
}
