//! JSON web tokens signed with HMAC-SHA256, which is the only algorithm that is made or taken.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The longest token that is looked at, in bytes; more than the longest names of a user make.
const TOKEN_LENGTH_MAX: usize = 8_192;

const ALGORITHM: &str = "HS256";

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
}

/// Signs tokens with one key, and reads what it signed.
#[derive(Clone)]
pub(crate) struct Jwt {
    key: Hmac<Sha256>,
}

impl Jwt {
    /// Signs with a key that is keyed already.
    pub(crate) fn new(key: Hmac<Sha256>) -> Jwt {
        Jwt { key }
    }

    /// A token of that kind which says `claims`.
    pub(crate) fn sign(&self, kind: &str, claims: &impl Serialize) -> String {
        self.signed(&Header { typ: kind.to_owned(), alg: ALGORITHM.to_owned() }, claims)
    }

    /// What a token of that kind says; `None` for one that was not signed here.
    pub(crate) fn read<C: for<'de> Deserialize<'de>>(&self, text: &str, kind: &str) -> Option<C> {
        if text.len() > TOKEN_LENGTH_MAX {
            return None;
        }
        let (body, signature) = text.rsplit_once('.')?;
        let (header, claims) = body.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.signing(body).verify_slice(&signature).ok()?;
        let header: Header = unpart(header)?;
        (header.alg == ALGORITHM && header.typ == kind).then(|| unpart(claims))?
    }

    /// A token of any header, signed with the key.
    pub(super) fn signed(&self, header: &impl Serialize, claims: &impl Serialize) -> String {
        let body = format!("{}.{}", part(header), part(claims));
        let signature = self.signing(&body).finalize().into_bytes();
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signing(&self, body: &str) -> Hmac<Sha256> {
        let mut signing = self.key.clone();
        signing.update(body.as_bytes());
        signing
    }
}

fn part(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn unpart<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
