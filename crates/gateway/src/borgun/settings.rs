//! How the gateway is set up (`payments.md` §1.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::attempt::GatewayTerms;
use zeroize::Zeroizing;

use crate::client::{ClientError, ClientSettings};
use crate::clock::Clock;

/// The address of the live gateway; `https://test.borgun.is/rpg` is the one for tests.
pub const BASE_URL: &str = "https://ecommerce.borgun.is/rpg";

/// The fewest characters of a secret for events: whoever guesses it can make us ask questions.
pub const EVENT_SECRET_LENGTH_MIN: usize = 16;

/// How the tokens are written into the header. All three are in use, so a merchant whose answers
/// are all 401 can try another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authorization {
    /// The private token as the user, and no password.
    #[default]
    Private,
    /// The private token alone, without the colon.
    Bare,
    /// The public token as the user, the private one as the password.
    Pair,
}

/// What [`super::Borgun`] needs. It cannot be printed, because most of it is secret.
pub struct BorgunSettings {
    /// Name and time limits. It is never taken for resumable: payments cannot be asked for by a
    /// key of ours.
    pub terms: GatewayTerms,
    /// How the gateway is reached.
    pub client: ClientSettings,
    /// The token that may do everything.
    pub private_token: Zeroizing<String>,
    /// The token of the merchant's pages; needed for [`Authorization::Pair`] alone.
    pub public_token: Option<Zeroizing<String>>,
    /// How they are written.
    pub authorization: Authorization,
    /// What stands at the end of the address for events; several while one replaces another, none
    /// to take no events.
    pub event_secrets: Vec<Zeroizing<String>>,
    /// Whether a card that is to be kept is tried first with a reservation of nothing.
    pub verify_cards: bool,
    /// Whether a payment without an answer may be sent once more with its order id. The gateway
    /// promises nothing; it has been seen to refuse the second one.
    pub resend_same_order_id: bool,
    /// Where the time comes from.
    pub clock: Clock,
}

/// Why the gateway cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BorgunError {
    /// It cannot be reached with these settings.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The pair is not complete.
    #[error("the authorization \"pair\" needs the public token too")]
    PublicTokenMissing,
    /// A token is empty.
    #[error("the private token is empty; the gateway's own pages tell it")]
    PrivateTokenEmpty,
    /// A secret is too short, or cannot stand in an address.
    #[error(
        "an event secret needs at least 16 letters, digits, \"-\" or \"_\", because it stands in \
         an address"
    )]
    EventSecret,
}

impl fmt::Debug for BorgunSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BorgunSettings").field("terms", &self.terms).finish_non_exhaustive()
    }
}

impl BorgunSettings {
    /// The value of the header that says who calls.
    ///
    /// # Errors
    /// [`BorgunError`]
    pub(super) fn authorization(&self) -> Result<Zeroizing<String>, BorgunError> {
        let private = self.private_token.as_str();
        if private.is_empty() {
            return Err(BorgunError::PrivateTokenEmpty);
        }
        let user = match self.authorization {
            Authorization::Private => Zeroizing::new(format!("{private}:")),
            Authorization::Bare => Zeroizing::new(private.to_owned()),
            Authorization::Pair => {
                let public = self.public_token.as_ref().ok_or(BorgunError::PublicTokenMissing)?;
                Zeroizing::new(format!("{}:{private}", public.as_str()))
            }
        };
        Ok(Zeroizing::new(format!("Basic {}", STANDARD.encode(user.as_bytes()))))
    }

    /// Checks the secrets for events.
    ///
    /// # Errors
    /// [`BorgunError::EventSecret`]
    pub(super) fn check_event_secrets(&self) -> Result<(), BorgunError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let is_good = |secret: &Zeroizing<String>| {
            secret.len() >= EVENT_SECRET_LENGTH_MIN && secret.bytes().all(plain)
        };
        if self.event_secrets.iter().all(is_good) { Ok(()) } else { Err(BorgunError::EventSecret) }
    }
}
