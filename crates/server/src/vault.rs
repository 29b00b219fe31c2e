//! The two tokens by which clients of clubs know a means of paying (`payments.md` §4.3): the
//! `AcctToken`, which stays, and the `ProfileToken`, which puts a new one on file.
//!
//! Both are made from the stored profile and a key that lies beside the database, whenever one is
//! asked for, so none is stored; and one that was made up is told without a look at the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::{PaymentProfileId, Shard};
use domain::profile::{AcctToken, PROFILE_TOKEN_FOR, PaymentProfile, ProfileOwner};
use domain::time::Timestamp;
use domain::token::Secret;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::access::jwt::Jwt;

/// What is signed of an `AcctToken`: chain, profile, the profile's secret.
const BODY_LENGTH: usize = 4 + 4 + 16;

/// How much of the signature it shows: 24 of 32 bytes, so that it has 64 characters.
const SIGNATURE_LENGTH: usize = 24;

/// What the key signs first, so that neither token is ever taken for the other.
const ACCT_LABEL: &[u8] = b"acct token";

/// The kind of the web token.
const PROFILE_TOKEN: &str = "ProfileToken";

/// Who makes `ProfileToken`s.
const ISSUER: &str = "guichet-vault";

/// What a `ProfileToken` calls the owner who is no member yet (`payments.md` §4.3).
const STRANGER: &str = "TempStUser";

/// Makes and reads the tokens.
pub(crate) struct Vault {
    key: Hmac<Sha256>,
    jwt: Jwt,
}

/// What a `ProfileToken` says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    /// The profile's number.
    sub: u32,
    /// The chain's number.
    chain: u32,
    /// For clients: `Member` or [`STRANGER`].
    #[serde(rename = "ownerType")]
    owner_type: String,
    /// The profile's secret: a profile has one `ProfileToken`, ever.
    jti: Secret,
    /// When it was made, in seconds since 1970.
    iat: i64,
    /// From when it is no longer taken.
    exp: i64,
}

/// A `ProfileToken` that was signed here.
pub(crate) struct ReadProfileToken {
    pub(crate) chain: Shard,
    pub(crate) id: PaymentProfileId,
    pub(crate) secret: Secret,
    pub(crate) expires_at: Timestamp,
}

impl Vault {
    /// Signs with a key that is keyed already.
    pub(crate) fn new(key: Hmac<Sha256>) -> Vault {
        Vault { jwt: Jwt::new(key.clone()), key }
    }

    /// 64 characters that need no quoting in a URL, JSON or JSV.
    pub(crate) fn acct_token(&self, profile: &PaymentProfile) -> String {
        let mut bytes = [0; BODY_LENGTH + SIGNATURE_LENGTH];
        bytes[..4].copy_from_slice(&profile.shard.0.to_be_bytes());
        bytes[4..8].copy_from_slice(&profile.id.0.to_be_bytes());
        bytes[8..BODY_LENGTH].copy_from_slice(&profile.secret.0);
        let signature = self.signing(&bytes[..BODY_LENGTH]).finalize().into_bytes();
        bytes[BODY_LENGTH..].copy_from_slice(&signature[..SIGNATURE_LENGTH]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What an `AcctToken` names, and of which chain; `None` for one that was not made here.
    pub(crate) fn read_acct_token(&self, text: &str) -> Option<(Shard, AcctToken)> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
        let (body, signature) = bytes.split_at_checked(BODY_LENGTH)?;
        if signature.len() != SIGNATURE_LENGTH {
            return None;
        }
        self.signing(body).verify_truncated_left(signature).ok()?;
        let number = |start: usize| {
            u32::from_be_bytes(std::array::from_fn(|index| body[start + index]))
        };
        let secret = Secret(std::array::from_fn(|index| body[8 + index]));
        Some((Shard(number(0)), AcctToken { id: PaymentProfileId(number(4)), secret }))
    }

    /// The token that puts a new profile on file; good for five minutes from when it was added.
    pub(crate) fn profile_token(&self, profile: &PaymentProfile) -> String {
        let owner_type = match profile.owner {
            ProfileOwner::Member(_) => "Member",
            ProfileOwner::Stranger => STRANGER,
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: profile.id.0,
            chain: profile.shard.0,
            owner_type: owner_type.to_owned(),
            jti: profile.secret,
            iat: profile.added_at.seconds(),
            exp: profile.added_at.after(PROFILE_TOKEN_FOR).seconds(),
        };
        self.jwt.sign(PROFILE_TOKEN, &claims)
    }

    /// What a `ProfileToken` names; `None` for one that was not made here.
    pub(crate) fn read_profile_token(&self, text: &str) -> Option<ReadProfileToken> {
        let claims: Claims = self.jwt.read(text.trim(), PROFILE_TOKEN)?;
        (claims.iss == ISSUER).then_some(ReadProfileToken {
            chain: Shard(claims.chain),
            id: PaymentProfileId(claims.sub),
            secret: claims.jti,
            expires_at: Timestamp::from_seconds(claims.exp),
        })
    }

    fn signing(&self, body: &[u8]) -> Hmac<Sha256> {
        let mut signing = self.key.clone();
        signing.update(ACCT_LABEL);
        signing.update(body);
        signing
    }
}
