//! A gateway's stand-in for a card: no card data, but it can be charged.

use std::fmt;

use domain::refusal::Code;
use zeroize::Zeroizing;

use crate::gateway::TokenUse;

/// The longest token that is taken, in bytes.
pub const TOKEN_LENGTH_MAX: usize = 512;

/// A token (`TokenSingle`, `TokenMulti`).
pub struct CardToken {
    token_use: TokenUse,
    text: Zeroizing<String>,
}

impl CardToken {
    /// Reads a token: 1 to [`TOKEN_LENGTH_MAX`] visible ASCII characters.
    ///
    /// # Errors
    /// [`Code::CardInvalid`] for anything else.
    pub fn parse(token_use: TokenUse, text: &str) -> Result<CardToken, Code> {
        let text = text.trim();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || text.is_empty() || text.len() > TOKEN_LENGTH_MAX {
            return Err(Code::CardInvalid);
        }
        Ok(CardToken { token_use, text: Zeroizing::new(text.to_owned()) })
    }

    /// How often it may be charged.
    #[must_use]
    pub fn token_use(&self) -> TokenUse {
        self.token_use
    }

    /// The text, for the store that keeps a buyer's saved card and for the wire of the gateway
    /// that made it. Never for a log, an error or an answer to anybody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CardToken({:?}, ***)", self.token_use)
    }
}
