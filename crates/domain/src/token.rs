//! Handles that cannot be guessed: a shard, a number and 128 random bits that the row confirms.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::Shard;

const TOKEN_LENGTH: usize = 24;

/// The random part of a handle: 128 bits that came in from outside the rules.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Secret(pub [u8; 16]);

impl fmt::Debug for Secret {
    /// Says nothing: whoever reads a log must not be able to open an order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// Compares without telling by its duration where two secrets differ.
    #[must_use]
    pub fn matches(&self, other: &Secret) -> bool {
        is_same_secret(&self.0, &other.0)
    }
}

/// Compares two secrets, or signatures, without telling by its duration where they differ. It may
/// tell whether they are of one length.
#[must_use]
pub fn is_same_secret(one: &[u8], other: &[u8]) -> bool {
    let difference = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && std::hint::black_box(difference) == 0
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
        bytes.try_into().map(Secret).map_err(|_| serde::de::Error::custom("not 16 bytes"))
    }
}

/// A published handle: leads to its aggregate without an index, and opens it only with the
/// right random part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where the aggregate lives.
    pub shard: Shard,
    /// Its number.
    pub number: u32,
    /// What the aggregate must confirm.
    pub secret: Secret,
}

impl Token {
    /// 32 characters that need no quoting in a URL, JSON or JSV.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = [0; TOKEN_LENGTH];
        bytes[..4].copy_from_slice(&self.shard.0.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.number.to_be_bytes());
        bytes[8..].copy_from_slice(&self.secret.0);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Token::text`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Token> {
        let bytes: [u8; TOKEN_LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let number_at = |start: usize| {
            u32::from_be_bytes([bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]])
        };
        let mut secret = Secret::default();
        secret.0.copy_from_slice(&bytes[8..]);
        Some(Token { shard: Shard(number_at(0)), number: number_at(4), secret })
    }
}
