//! Signed requests (`domain.md` §1.6): which client system sent one, when, and whether it did.
//!
//! A client system is the API key of an app: its `systemId` is the first half of the key's
//! SHA-256, by which keys are found anyway, and its secret is derived from that and the token key,
//! so nothing of it is stored. Withdrawing the key withdraws the system.
//!
//! A wrong secret of a real system, and any of one that is not, cost the same work and get the
//! same answer; who may sign is looked up only after the secret has proved right.

use contract::shared::RequestSignature;
use domain::refusal::{Code, Refusal};
use domain::time::{Span, Timestamp};
use domain::token::is_same_secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use service::types::SecretText;
use sha2::{Digest as _, Sha256};
use store::Fault;
use zeroize::Zeroizing;

use super::{Access, hex, key_id};

/// How far a request's time may be from ours, either way.
pub const REQUEST_WINDOW: Span = Span::minutes(5);

/// The role whose keys are client systems.
pub const APP_ROLE: &str = "MobileApp";

/// A greater time of a request counts milliseconds, not seconds (`domain.md` §1.2).
const SECONDS_MAX: i64 = 100_000_000_000;

/// What the token key signs, with the system's number behind it, to get a system's secret. A new
/// number makes every secret that was given out before worthless.
const SECRET_LABEL: &[u8] = b"guichet: secret of a client system, 1";

/// Digits of a secret: as many as HMAC-SHA256 takes for a key without hashing it first.
const SECRET_LENGTH: usize = 64;

/// Digits of a system's id.
const SYSTEM_ID_LENGTH: usize = 32;

/// What an app needs besides its API key to sign requests.
pub struct ClientSystem {
    /// The `systemId`: public.
    pub id: String,
    /// The `systemSecret`, which signs. Told once, to whoever runs the app.
    pub secret: Zeroizing<String>,
}

impl ClientSystem {
    /// The system of a key; `token_key` is the installation's ([`crate::keys::token_key`]).
    #[must_use]
    pub fn of_key(key: &str, token_key: &Hmac<Sha256>) -> ClientSystem {
        let system = key_id(&Sha256::digest(key.as_bytes()));
        ClientSystem { id: system_id(system), secret: secret(system, token_key) }
    }
}

/// The `systemId` of a key, by the key's own id.
#[must_use]
pub fn system_id(key_id: u128) -> String {
    format!("{key_id:032x}")
}

/// What a request says about where it comes from. It is taken out of the request, so that nothing
/// later can store or show it, and so that a repeat that is signed anew is the same request.
pub(crate) struct Claim {
    signature: RequestSignature,
    timestamp: Option<i64>,
}

/// What is signed beside the system and the time, as the client sent it.
pub(crate) struct SignedParts<'r> {
    /// The name of the operation.
    pub(crate) operation: &'r str,
    pub(crate) device_id: Option<&'r str>,
    pub(crate) phone_verification_number: Option<&'r str>,
}

/// A signature that was right. It may come again only with the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignatureUsed {
    pub(crate) system_id: String,
    pub(crate) signature: String,
}

/// Why a signature does not count.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSigned {
    /// It is wrong, or too old.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Who may sign cannot be looked up now.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Claim {
    /// Takes both members out of a request.
    pub(crate) fn take(
        signature: &mut Option<RequestSignature>,
        timestamp: &mut Option<i64>,
    ) -> Claim {
        Claim { signature: signature.take().unwrap_or_default(), timestamp: timestamp.take() }
    }

    /// Whether the request says nothing; generated clients send the member with nothing in it.
    fn is_absent(&self) -> bool {
        self.system_id().is_empty() && self.signature().is_empty() && self.secret().is_empty()
    }

    fn system_id(&self) -> &str {
        self.signature.system_id.as_deref().unwrap_or_default()
    }

    fn signature(&self) -> &str {
        self.signature.signature.as_deref().unwrap_or_default()
    }

    fn secret(&self) -> &str {
        self.signature.system_secret.as_ref().map(SecretText::expose).unwrap_or_default()
    }

    /// The system that sent the request just now, if there is such a system. The time counts once
    /// it is known who said it.
    fn system(
        &self,
        parts: &SignedParts<'_>,
        token_key: &Hmac<Sha256>,
        now: Timestamp,
    ) -> Result<u128, Refusal> {
        let system = number_of(self.system_id());
        let secret = secret(system.unwrap_or_default(), token_key);
        let is_right = self.is_right(parts, &secret) && parts.are_plain();
        let system = system.filter(|_| is_right).ok_or_else(invalid)?;
        if self.is_fresh(now) { Ok(system) } else { Err(expired()) }
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.timestamp.is_some_and(|timestamp| {
            let microseconds = if timestamp > SECONDS_MAX { 1_000 } else { 1_000_000 };
            let sent_at = Timestamp(timestamp.saturating_mul(microseconds));
            now.before(REQUEST_WINDOW) <= sent_at && sent_at <= now.after(REQUEST_WINDOW)
        })
    }

    /// Whether the signature is right; where there is none, the secret, which is the older form.
    fn is_right(&self, parts: &SignedParts<'_>, secret: &str) -> bool {
        match self.signature() {
            "" => is_same_secret(self.secret().as_bytes(), secret.as_bytes()),
            signature => {
                let right = self.signed(parts, secret);
                is_same_secret(signature.as_bytes(), right.as_bytes())
            }
        }
    }

    fn signed(&self, parts: &SignedParts<'_>, secret: &str) -> String {
        let time = self.timestamp.map(|timestamp| timestamp.to_string()).unwrap_or_default();
        let device_id = parts.device_id.unwrap_or_default();
        let phone = parts.phone_verification_number.unwrap_or_default();
        let text = [self.system_id(), &time, parts.operation, device_id, phone].join("\n");
        let mut key = [0; SECRET_LENGTH];
        key.iter_mut().zip(secret.bytes()).for_each(|(place, byte)| *place = byte);
        let mut signed = Hmac::<Sha256>::new(&key.into());
        signed.update(text.as_bytes());
        hex(&signed.finalize().into_bytes())
    }

    fn used(self) -> Option<SignatureUsed> {
        let RequestSignature { system_id, signature, .. } = self.signature;
        let (system_id, signature) = (system_id.unwrap_or_default(), signature.unwrap_or_default());
        (!signature.is_empty()).then_some(SignatureUsed { system_id, signature })
    }
}

impl SignedParts<'_> {
    /// A line break within a part would let two requests have one signed text.
    fn are_plain(&self) -> bool {
        let parts = [self.device_id, self.phone_verification_number];
        !parts.into_iter().flatten().any(|part| part.contains(char::is_control))
    }
}

impl Access {
    /// Checks what a request says about where it comes from. `is_needed` says that it must be
    /// signed; otherwise it may say nothing. `None` when there is no signature that could come
    /// again: the older form with the secret alone is only asked whether it is fresh.
    ///
    /// # Errors
    /// [`Code::RequestExpired`], [`Code::SignatureInvalid`], or a [`Fault`] of the store.
    pub(crate) async fn check_signature(
        &self,
        claim: Claim,
        parts: &SignedParts<'_>,
        is_needed: bool,
    ) -> Result<Option<SignatureUsed>, NotSigned> {
        if claim.is_absent() {
            return if is_needed { Err(invalid().into()) } else { Ok(None) };
        }
        let system = claim.system(parts, &self.token_key, self.clock.now())?;
        if !self.is_client_system(system).await? {
            return Err(invalid().into());
        }
        Ok(claim.used())
    }
}

/// The system's secret in lower-case hexadecimal digits.
fn secret(system: u128, token_key: &Hmac<Sha256>) -> Zeroizing<String> {
    let mut derived = token_key.clone();
    derived.update(SECRET_LABEL);
    derived.update(&system.to_be_bytes());
    Zeroizing::new(hex(&derived.finalize().into_bytes()))
}

/// The number that a `systemId` stands for. There is one way to write it, so that one signature
/// does not come in several spellings.
fn number_of(system_id: &str) -> Option<u128> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_one = system_id.len() == SYSTEM_ID_LENGTH && system_id.bytes().all(is_digit);
    u128::from_str_radix(system_id, 16).ok().filter(|_| is_one)
}

fn invalid() -> Refusal {
    let message = "The request's signature is not that of a registered client system.";
    Refusal::new(Code::SignatureInvalid, message)
}

fn expired() -> Refusal {
    let message = "The request does not say that it was made in the last or next 300 seconds; \
                   check the clock and requestUnixUTCTimeStamp, and sign it again.";
    Refusal::new(Code::RequestExpired, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves the worked example of the manual, whose numbers were made with other programs.
    #[test]
    fn the_manual_is_right() {
        let claim = Claim {
            signature: RequestSignature {
                system_id: Some("f2ca1bb6c7e907d06dafe4687e579fce".to_owned()),
                ..RequestSignature::default()
            },
            timestamp: Some(1_809_172_800),
        };
        let secret = "3b7e0a54c19d28f66d0c4e8b92a7135fe1d6480c7ba952f3048d6ce917b5a23f";
        let parts = SignedParts {
            operation: "TicketOrder",
            device_id: Some("phone-7"),
            phone_verification_number: None,
        };
        let expected = "585ad4897f771a724c6ecfd8bd3ba2915d7eb4e800f79119f27cd4c0ba1e2408";
        assert_eq!(claim.signed(&parts, secret), expected);
    }
}
