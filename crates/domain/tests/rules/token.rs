//! Handles of sales.

use domain::ids::Shard;
use domain::token::{Secret, Token};
use proptest::prelude::*;

proptest! {
    /// What is written is read again, needs no quoting, and has 32 characters.
    #[test]
    fn tokens_survive(shard: u32, number: u32, secret: [u8; 16]) {
        let token = Token { shard: Shard(shard), number, secret: Secret(secret) };
        let text = token.text();
        prop_assert_eq!(text.len(), 32);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        prop_assert!(text.bytes().all(plain));
        prop_assert_eq!(Token::parse(&text), Some(token));
    }

    /// Anything at all is read or not read, without a panic, and never in two spellings.
    #[test]
    fn nonsense_is_no_token(text in ".{0,40}") {
        if let Some(token) = Token::parse(&text) {
            prop_assert_eq!(token.text(), text);
        }
    }
}

/// Lengths and signs that are not a token's.
#[test]
fn wrong_texts_are_no_tokens() {
    let text = Token { shard: Shard(1), number: 2, secret: Secret([3; 16]) }.text();
    for wrong in ["", &text[1..], &format!("{text}A"), &format!("{text}="), &text.replace('A', "+")]
    {
        assert_eq!(Token::parse(wrong), None, "{wrong:?}");
    }
}

/// Secrets differ when any byte does, and do not show themselves.
#[test]
fn secrets_are_compared_whole() {
    let secret = Secret([7; 16]);
    assert!(secret.matches(&Secret([7; 16])));
    for index in 0..16 {
        let mut other = secret;
        other.0[index] ^= 1;
        assert!(!secret.matches(&other), "byte {index}");
    }
    assert!(!format!("{secret:?}").contains('7'));
}
