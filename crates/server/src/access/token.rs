//! Bearer tokens: JSON web tokens (`servicestack.md` §7.4). Who holds one need not be looked for,
//! but is looked up: what a user may is asked anew for each request, and the claims repeat it for
//! clients only.

use domain::ids::PrincipalId;
use domain::time::{Span, Timestamp};
use domain::user::User;
use hmac::Hmac;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::jwt::Jwt;

/// How long a bearer token is good: 14 days.
pub const TOKEN_SPAN: Span = Span::hours(14 * 24);

/// How long a refresh token is good: a year.
pub const REFRESH_SPAN: Span = Span::hours(365 * 24);

/// How far the clock of the node that made a token may be ahead of this one's, in seconds.
const CLOCKS_APART_SECONDS: i64 = 60;

const ISSUER: &str = "ssjwt";

/// What a token is for. One kind is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Calls operations.
    Bearer,
    /// Gets bearer tokens.
    Refresh,
}

impl TokenKind {
    fn name(self) -> &'static str {
        match self {
            TokenKind::Bearer => "JWT",
            TokenKind::Refresh => "JWTR",
        }
    }
}

/// What a token says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    iss: String,
    /// The user's number.
    sub: String,
    /// When it was made, in seconds since 1970.
    iat: i64,
    /// From when it is no longer good, in seconds since 1970.
    exp: i64,
    /// The user's epoch when it was made: a new password or a lock ends earlier tokens.
    epoch: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preferred_username: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    perms: Vec<String>,
}

/// Why a token that was signed here is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Its time is over.
    #[error("Token has expired")]
    Expired,
    /// Made in the future, by somebody else, or for a user of whom nothing is good any more.
    #[error("Token is invalid")]
    Invalid,
}

impl Claims {
    fn of(user: &User, kind: TokenKind, now: Timestamp) -> Claims {
        let span = if kind == TokenKind::Bearer { TOKEN_SPAN } else { REFRESH_SPAN };
        let bare = Claims {
            iss: ISSUER.to_owned(),
            sub: user.id.0.to_string(),
            iat: now.seconds(),
            exp: now.after(span).seconds(),
            epoch: user.epoch,
            ..Claims::default()
        };
        if kind == TokenKind::Refresh {
            return bare;
        }
        Claims {
            email: user.email.clone(),
            given_name: user.first_name.clone(),
            family_name: user.last_name.clone(),
            name: user.display_name.clone(),
            preferred_username: Some(user.name.clone()),
            roles: user.rights.roles.clone(),
            perms: user.rights.permissions.clone(),
            ..bare
        }
    }

    /// Whose it is, if its time is now.
    ///
    /// # Errors
    /// [`TokenError`]
    pub fn user(&self, now: Timestamp) -> Result<PrincipalId, TokenError> {
        let now = now.seconds();
        if self.exp <= now {
            return Err(TokenError::Expired);
        }
        if self.iss != ISSUER || self.iat > now + CLOCKS_APART_SECONDS {
            return Err(TokenError::Invalid);
        }
        self.sub.parse().map(PrincipalId).map_err(|_| TokenError::Invalid)
    }

    /// Whether nothing has ended it since.
    #[must_use]
    pub fn is_good_for(&self, user: &User) -> bool {
        user.active && user.epoch == self.epoch
    }
}

/// Makes and reads tokens.
pub struct Tokens {
    jwt: Jwt,
}

impl Tokens {
    /// Signs with a key that is keyed already.
    #[must_use]
    pub fn new(key: Hmac<Sha256>) -> Tokens {
        Tokens { jwt: Jwt::new(key) }
    }

    /// A token of that kind for a user.
    #[must_use]
    pub fn sign(&self, user: &User, kind: TokenKind, now: Timestamp) -> String {
        self.jwt.sign(kind.name(), &Claims::of(user, kind, now))
    }

    /// What a token of that kind says; `None` for one that was not signed here, which is no token.
    #[must_use]
    pub fn read(&self, text: &str, kind: TokenKind) -> Option<Claims> {
        self.jwt.read(text, kind.name())
    }
}

/// Whether a text looks like a token and not like an API key.
#[must_use]
pub fn looks_like_token(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::keyed;

    const NOON: Timestamp = Timestamp(1_809_172_800_000_000);

    fn check(
        what: &str,
        alg: &str,
        change: (&str, i64),
        expected: Option<Result<u32, TokenError>>,
    ) {
        let now = NOON.seconds();
        let header = serde_json::json!({ "typ": "JWT", "alg": alg });
        let mut claims = serde_json::json!({
            "iss": "ssjwt", "sub": "5", "iat": now, "exp": now + 1, "epoch": 0,
        });
        claims[change.0] = match change.0 {
            "iss" | "sub" => change.1.to_string().into(),
            _ => change.1.into(),
        };
        let tokens = Tokens::new(keyed(&[7; 32]));
        let read = tokens.read(&tokens.jwt.signed(&header, &claims), TokenKind::Bearer);
        let user = read.map(|claims| claims.user(NOON).map(|id| id.0));
        assert_eq!(user, expected, "{what}");
    }

    /// Proves that even the right key makes no token of another algorithm, and what claims say.
    #[test]
    fn claims_and_algorithm_are_checked() {
        let now = NOON.seconds();
        check("as made", "HS256", ("exp", now + 1), Some(Ok(5)));
        check("no algorithm", "none", ("exp", now + 1), None);
        check("another algorithm", "HS512", ("exp", now + 1), None);
        check("over", "HS256", ("exp", now), Some(Err(TokenError::Expired)));
        check("another maker", "HS256", ("iss", 0), Some(Err(TokenError::Invalid)));
        check("nobody's", "HS256", ("sub", -1), Some(Err(TokenError::Invalid)));
        check("clocks apart", "HS256", ("iat", now + 60), Some(Ok(5)));
        check("from the future", "HS256", ("iat", now + 61), Some(Err(TokenError::Invalid)));
    }
}
