//! Bearer tokens: JSON web tokens signed with HMAC-SHA256, which is the only algorithm that is
//! made or taken (`servicestack.md` §7.4). Who holds one need not be looked for, but is looked up:
//! what a user may is asked anew for each request, and the claims repeat it for clients only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::PrincipalId;
use domain::time::{Span, Timestamp};
use domain::user::User;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// How long a bearer token is good: 14 days.
pub const TOKEN_SPAN: Span = Span::hours(14 * 24);

/// How long a refresh token is good: a year.
pub const REFRESH_SPAN: Span = Span::hours(365 * 24);

/// The longest token that is looked at, in bytes; more than the longest names of a user make.
const TOKEN_LENGTH_MAX: usize = 8_192;

/// How far the clock of the node that made a token may be ahead of this one's, in seconds.
const CLOCKS_APART_SECONDS: i64 = 60;

const ISSUER: &str = "ssjwt";

const ALGORITHM: &str = "HS256";

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

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
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
    key: Hmac<Sha256>,
}

impl Tokens {
    /// Signs with a key that is keyed already.
    #[must_use]
    pub fn new(key: Hmac<Sha256>) -> Tokens {
        Tokens { key }
    }

    /// A token of that kind for a user.
    #[must_use]
    pub fn sign(&self, user: &User, kind: TokenKind, now: Timestamp) -> String {
        let header = Header { typ: kind.name().to_owned(), alg: ALGORITHM.to_owned() };
        let body = format!("{}.{}", part(&header), part(&Claims::of(user, kind, now)));
        let signature = self.signed(&body).finalize().into_bytes();
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// What a token of that kind says; `None` for one that was not signed here, which is no token.
    #[must_use]
    pub fn read(&self, text: &str, kind: TokenKind) -> Option<Claims> {
        if text.len() > TOKEN_LENGTH_MAX {
            return None;
        }
        let (body, signature) = text.rsplit_once('.')?;
        let (header, claims) = body.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.signed(body).verify_slice(&signature).ok()?;
        let header: Header = unpart(header)?;
        (header.alg == ALGORITHM && header.typ == kind.name()).then(|| unpart(claims))?
    }

    fn signed(&self, body: &str) -> Hmac<Sha256> {
        let mut signed = self.key.clone();
        signed.update(body.as_bytes());
        signed
    }
}

fn part(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn unpart<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
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

    /// A token signed with the right key, whatever it says.
    fn signed(header: &serde_json::Value, claims: &serde_json::Value) -> String {
        let body = format!("{}.{}", part(header), part(claims));
        let signature = Tokens::new(keyed(&[7; 32])).signed(&body).finalize().into_bytes();
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

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
        let read = Tokens::new(keyed(&[7; 32])).read(&signed(&header, &claims), TokenKind::Bearer);
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
