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
        let number =
            |start: usize| u32::from_be_bytes(std::array::from_fn(|index| body[start + index]));
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

#[cfg(test)]
mod tests {
    use domain::ids::MemberId;
    use domain::profile::{AccountType, ProfileState};

    use super::*;
    use crate::keys::keyed;

    const NOON: Timestamp = Timestamp(1_809_172_800_000_000);

    fn vault(key: u8) -> Vault {
        Vault::new(keyed(&[key; 32]))
    }

    fn profile() -> PaymentProfile {
        PaymentProfile {
            shard: Shard(7),
            id: PaymentProfileId(42),
            secret: Secret([9; 16]),
            owner: ProfileOwner::Member(MemberId(1)),
            gateway: "sandbox".into(),
            token: None,
            account: AccountType::Visa,
            last_four: "4242".into(),
            last_month: None,
            fingerprint: None,
            temporary: false,
            state: ProfileState::Usable,
            added_at: NOON,
            imported_by: None,
            drop_at: None,
        }
    }

    /// What a text is read as: an `AcctToken`, a `ProfileToken`.
    fn read(vault: &Vault, text: &str) -> (bool, bool) {
        (vault.read_acct_token(text).is_some(), vault.read_profile_token(text).is_some())
    }

    /// Both tokens lead back to what they were made of, and neither is taken for the other.
    #[test]
    fn tokens_lead_to_their_profile() {
        let (vault, profile) = (vault(1), profile());
        let acct = vault.acct_token(&profile);
        assert_eq!(acct.len(), 64);
        let named = AcctToken { id: profile.id, secret: profile.secret };
        assert_eq!(vault.read_acct_token(&acct), Some((profile.shard, named)));
        let token = vault.profile_token(&profile);
        let known = vault.read_profile_token(&token).unwrap();
        assert_eq!((known.chain, known.id), (profile.shard, profile.id));
        assert_eq!(known.expires_at, NOON.after(PROFILE_TOKEN_FOR));
        assert_eq!((read(&vault, &acct), read(&vault, &token)), ((true, false), (false, true)));
    }

    /// A token with any letter changed, of another key, or cut anywhere is none.
    #[test]
    fn made_up_tokens_are_none() {
        let (vault, profile) = (vault(1), profile());
        for text in [vault.acct_token(&profile), vault.profile_token(&profile)] {
            assert_eq!(read(&super::tests::vault(2), &text), (false, false), "another key");
            for index in 0..text.len() {
                assert_eq!(read(&vault, &text[..index]), (false, false), "cut at {index}");
                let mut changed = text.clone().into_bytes();
                changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(read(&vault, &changed), (false, false), "{index} of {text}");
            }
        }
        for text in ["", ".", "..", "a.b.c", "\u{fe}", &"A".repeat(64), &"A".repeat(100_000)] {
            assert_eq!(read(&vault, text), (false, false), "{}", text.len());
        }
    }
}
