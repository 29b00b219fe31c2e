//! What proves that a card's holder agrees to a charge (`payments.md` §1.8, §1.9).

use std::fmt;

use domain::refusal::Code;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::fingerprint::{Fingerprint, FingerprintKey};

/// The longest token of an authentication that is taken, in bytes.
pub const MPI_TOKEN_LENGTH_MAX: usize = 512;

/// The longest cryptogram that is taken, in characters (`domain.md` §2.2).
pub const CRYPTOGRAM_LENGTH_MAX: usize = 64;

/// The longest security level indicator, in characters.
const LEVEL_LENGTH_MAX: usize = 2;

/// Proves that the holder agrees.
#[derive(Debug)]
pub enum Proof {
    /// The holder passed 3-D Secure with the gateway that is charged.
    ThreeDSecure(MpiToken),
    /// A device's wallet signed the payment.
    Cryptogram(Cryptogram),
}

impl Proof {
    pub(super) fn fingerprint(&self, key: &FingerprintKey) -> Fingerprint {
        match self {
            Proof::ThreeDSecure(token) => key.fingerprint(&[b"mpi", token.expose().as_bytes()]),
            Proof::Cryptogram(cryptogram) => key.fingerprint(&[
                b"cryptogram",
                cryptogram.level.as_bytes(),
                cryptogram.cavv.as_deref().map(String::as_bytes).unwrap_or_default(),
                cryptogram.ucaf.as_deref().map(String::as_bytes).unwrap_or_default(),
            ]),
        }
    }
}

/// What a gateway gives for a passed authentication. Good for one charge; never stored as it is.
pub struct MpiToken(Zeroizing<String>);

impl MpiToken {
    /// Reads a token: 1 to [`MPI_TOKEN_LENGTH_MAX`] visible ASCII characters.
    ///
    /// # Errors
    /// [`Code::AuthenticationInvalid`] for anything else.
    pub fn parse(text: &str) -> Result<MpiToken, Code> {
        let text = text.trim();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || text.is_empty() || text.len() > MPI_TOKEN_LENGTH_MAX {
            return Err(Code::AuthenticationInvalid);
        }
        Ok(MpiToken(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the buyer's own app and for the gateway that made it. Never for a row, a
    /// log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be stored of it: its SHA-256. The token is random, so that nobody can try texts
    /// out against the hash.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for MpiToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MpiToken(***)")
    }
}

/// What a device's wallet made for one payment.
pub struct Cryptogram {
    level: String,
    cavv: Option<Zeroizing<String>>,
    ucaf: Option<Zeroizing<String>>,
}

impl Cryptogram {
    /// Reads the security level indicator (at most two letters or digits; may be empty) and the
    /// cryptogram of one card scheme or the other, each base64 of at most
    /// [`CRYPTOGRAM_LENGTH_MAX`] characters (`domain.md` §2.2).
    ///
    /// # Errors
    /// [`Code::ApplePayCryptogramMissing`] when there is neither, [`Code::ValidationFailed`] when
    /// a text is not of its form.
    pub fn parse(level: &str, cavv: &str, ucaf: &str) -> Result<Cryptogram, Code> {
        let level = level.trim();
        let plain = level.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || level.len() > LEVEL_LENGTH_MAX {
            return Err(Code::ValidationFailed);
        }
        let (cavv, ucaf) = (base64(cavv)?, base64(ucaf)?);
        if cavv.is_none() && ucaf.is_none() {
            return Err(Code::ApplePayCryptogramMissing);
        }
        Ok(Cryptogram { level: level.to_owned(), cavv, ucaf })
    }

    /// The security level indicator; may be empty.
    pub(crate) fn level(&self) -> &str {
        &self.level
    }

    /// The cryptogram in Visa's form, for the wire of a gateway and for nothing else.
    pub(crate) fn cavv(&self) -> Option<&str> {
        self.cavv.as_ref().map(|text| text.as_str())
    }

    /// The cryptogram in Mastercard's form, for the wire of a gateway and for nothing else.
    pub(crate) fn ucaf(&self) -> Option<&str> {
        self.ucaf.as_ref().map(|text| text.as_str())
    }
}

impl fmt::Debug for Cryptogram {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cryptogram(***)")
    }
}

/// A text of base64 letters; `None` when there is none.
fn base64(text: &str) -> Result<Option<Zeroizing<String>>, Code> {
    let text = text.trim();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    if text.len() > CRYPTOGRAM_LENGTH_MAX || !text.bytes().all(is_letter) {
        return Err(Code::ValidationFailed);
    }
    Ok((!text.is_empty()).then(|| Zeroizing::new(text.to_owned())))
}
