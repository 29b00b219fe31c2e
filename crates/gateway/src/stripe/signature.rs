//! How Stripe signs what it sends (`payments.md` §2.3).

use std::fmt;

use domain::time::{Span, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// How far the time in a signature may be from ours, either way: what is older may be a copy.
pub const TOLERANCE: Span = Span::seconds(300);

/// The longest `Stripe-Signature` that is read, in bytes; with the signatures of several secrets
/// in it.
const HEADER_LENGTH_MAX: usize = 2_048;

/// A key of HMAC-SHA256 fills up to this many bytes.
const HASH_BLOCK_LENGTH: usize = 64;

/// The secret of a webhook endpoint (`whsec_…`), as the key that HMAC makes of it.
pub struct WebhookSecret(Zeroizing<[u8; HASH_BLOCK_LENGTH]>);

impl WebhookSecret {
    /// The secret as Stripe gave it.
    #[must_use]
    pub fn new(secret: &str) -> WebhookSecret {
        let mut block = Zeroizing::new([0; HASH_BLOCK_LENGTH]);
        let secret = secret.trim().as_bytes();
        if secret.len() > HASH_BLOCK_LENGTH {
            let hash = Sha256::digest(secret);
            block[..hash.len()].copy_from_slice(&hash);
        } else {
            block[..secret.len()].copy_from_slice(secret);
        }
        WebhookSecret(block)
    }

    /// The header `Stripe-Signature` of a body that was sent in that second since 1970.
    #[must_use]
    pub fn header(&self, second: i64, body: &[u8]) -> String {
        let code = self.code(second, body).finalize().into_bytes();
        let code: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={second},v1={code}")
    }

    /// HMAC-SHA256 over the second, a dot and the body.
    fn code(&self, second: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut code = Hmac::<Sha256>::new(&(*self.0).into());
        code.update(second.to_string().as_bytes());
        code.update(b".");
        code.update(body);
        code
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("WebhookSecret(***)")
    }
}

/// Whether one of the `secrets` signed `body`, not longer than [`TOLERANCE`] ago. Several are
/// good at once while one is replaced by another. No comparison tells by its duration where two
/// signatures differ.
pub(super) fn signed(secrets: &[WebhookSecret], header: &str, body: &[u8], now: Timestamp) -> bool {
    let Some(signed) = Signed::read(header) else { return false };
    let moment = Timestamp::from_seconds(signed.second);
    if moment < now.before(TOLERANCE) || moment > now.after(TOLERANCE) {
        return false;
    }
    secrets.iter().any(|secret| {
        let code = secret.code(signed.second, body);
        signed.codes.iter().any(|told| code.clone().verify_slice(told).is_ok())
    })
}

/// What the header says.
struct Signed {
    second: i64,
    codes: Vec<[u8; 32]>,
}

impl Signed {
    /// Reads `t=<second>,v1=<hexadecimal>[,v1=…]`. Other schemes are skipped, as Stripe asks.
    fn read(header: &str) -> Option<Signed> {
        if header.len() > HEADER_LENGTH_MAX {
            return None;
        }
        let (mut second, mut codes) = (None, Vec::new());
        for member in header.split(',') {
            match member.trim().split_once('=') {
                Some(("t", text)) => second = Some(text.parse().ok()?),
                Some(("v1", text)) => codes.extend(code_of(text)),
                _ => {}
            }
        }
        Some(Signed { second: second?, codes })
    }
}

/// The 32 bytes that 64 hexadecimal digits write; `None` for anything else.
fn code_of(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    (digits.len() == 64).then(|| bytes.try_into().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;

    use super::{WebhookSecret, signed};

    const NOW: i64 = 1_795_305_600;

    fn check(header: &str, body: &[u8], now: i64, expected: bool) {
        let secrets = [WebhookSecret::new("whsec_new"), WebhookSecret::new("whsec_old")];
        let found = signed(&secrets, header, body, Timestamp::from_seconds(now));
        assert_eq!(found, expected, "{header} at {now}");
    }

    /// Proves that a body counts as it was signed, by any of the secrets, and for five minutes.
    #[test]
    fn a_body_is_believed_as_it_was_signed_and_when() {
        let body = br#"{"id":"evt_1"}"#;
        let header = WebhookSecret::new("whsec_old").header(NOW, body);
        check(&header, body, NOW, true);
        check(&header.to_uppercase().replace("T=", "t=").replace("V1=", "v1="), body, NOW, true);
        check(&header, body, NOW + 300, true);
        check(&header, body, NOW - 300, true);
        check(&header, body, NOW + 301, false);
        check(&header, body, NOW - 301, false);
        check(&header, br#"{"id": "evt_1"}"#, NOW, false);
        check(&WebhookSecret::new("whsec_other").header(NOW, body), body, NOW, false);
        check(&header.replace(&NOW.to_string(), &(NOW + 1).to_string()), body, NOW, false);
        let code = header.split_once("v1=").map(|(_, code)| code.to_owned()).expect("it has one");
        check(&format!("t={NOW},v1={},v1={code}", "0".repeat(64)), body, NOW, true);
        check(&format!("t={NOW},v0={code}"), body, NOW, false);
        check(&format!("t={NOW},v1={}", &code[2..]), body, NOW, false);
        check(&format!("t={NOW},v1={code}00"), body, NOW, false);
        check(&format!("v1={code}"), body, NOW, false);
        check(&format!("t=now,v1={code}"), body, NOW, false);
        check(&format!("t={},v1={code}", i64::MAX), body, NOW, false);
        check(&format!("{header},{}", "x".repeat(3_000)), body, NOW, false);
        check("", body, NOW, false);
    }

    /// Proves the scheme itself against a signature that was made with another program: HMAC of
    /// Python's standard library.
    #[test]
    fn the_scheme_is_stripes() {
        let code = "8259e24d67bbe13809a58a8b2f8c45798ca9fc26caa805a39ffc20ddff80484e";
        let long = "c52298c6d262486b43b3857fdf3a61cf9ec40557d6951fd79130dd8352326d10";
        let body = b"{}";
        let header = |code: &str| format!("t={NOW},v1={code}");
        let now = Timestamp::from_seconds(NOW);
        assert!(signed(&[WebhookSecret::new("whsec_1")], &header(code), body, now));
        let secret = WebhookSecret::new(&"k".repeat(100));
        assert!(signed(&[secret], &header(long), body, now));
    }
}
