//! Codes that a gate can check without asking the server and without holding a secret.
//!
//! One Ed25519 signature covers a whole order; a code is the order, an admission number and that
//! signature. Ed25519 signs the same text the same way every time, so nothing need be stored.
//!
//! Layout, 80 bytes in base64url without padding (107 characters):
//! version 1 · key id 1 · shard 4 · sale 4 · event 4 · admissions 1 · admission 1 · signature 64.
//! The signature covers everything before the admission number.

mod signer;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};

use self::signer::Signer;
use crate::ids::{EventId, SaleId, Shard};
use crate::sale::Sale;

const VERSION: u8 = 1;
const SIGNED_LENGTH: usize = 15;
const CODE_LENGTH: usize = SIGNED_LENGTH + 1 + 64;

/// The key that seals orders. The server holds it; gates hold [`SealKey::public`].
pub struct SealKey {
    id: u8,
    signer: Signer,
}

impl SealKey {
    /// The key made of 32 secret bytes; `id` tells gates which public key to use.
    #[must_use]
    pub fn new(id: u8, secret: &[u8; 32]) -> SealKey {
        SealKey { id, signer: Signer::new(secret) }
    }

    /// The id that codes carry, by which a gate finds the public key.
    #[must_use]
    pub fn id(&self) -> u8 {
        self.id
    }

    /// What a gate needs: 32 bytes that are no secret.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.signer.public()
    }

    /// Signs a list for gates that are offline ([`crate::gate::bundle`]). Its text begins with a
    /// letter and a sealed order with a version number, so neither can be shown as the other.
    #[must_use]
    pub fn sign_bundle(&self, text: &str) -> [u8; 64] {
        self.signer.sign(text.as_bytes())
    }

    /// Seals a sale for all its admissions.
    #[must_use]
    pub fn seal(&self, sale: &Sale) -> Seal {
        let mut signed = [0; SIGNED_LENGTH];
        signed[0] = VERSION;
        signed[1] = self.id;
        signed[2..6].copy_from_slice(&sale.shard.0.to_be_bytes());
        signed[6..10].copy_from_slice(&sale.id.0.to_be_bytes());
        signed[10..14].copy_from_slice(&sale.event.0.to_be_bytes());
        signed[14] = u8::try_from(sale.admissions()).unwrap_or(u8::MAX);
        Seal { signed, signature: self.signer.sign(&signed) }
    }
}

/// A sealed order, from which each admission's code is made.
#[derive(Clone, Debug)]
pub struct Seal {
    signed: [u8; SIGNED_LENGTH],
    signature: [u8; 64],
}

impl Seal {
    /// The code of admission `number`, counted from 1.
    #[must_use]
    pub fn code(&self, number: u8) -> String {
        let mut bytes = [0; CODE_LENGTH];
        bytes[..SIGNED_LENGTH].copy_from_slice(&self.signed);
        bytes[SIGNED_LENGTH] = number;
        bytes[SIGNED_LENGTH + 1..].copy_from_slice(&self.signature);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// What a genuine code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whose sale.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// For which event.
    pub event: EventId,
    /// Which of its admissions, from 1.
    pub number: u8,
}

/// Why a code opens no gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Cut off, mistyped, or no code of ours at all.
    #[error("this is not a ticket code")]
    Unreadable,
    /// A newer program made it.
    #[error("this code is of a newer kind; update the scanner")]
    UnknownVersion,
    /// Sealed with a key this gate does not have.
    #[error("this gate does not have the key for this code; load the keys again")]
    UnknownKey,
    /// Not sealed by the holder of the key.
    #[error("this code is not genuine")]
    Forged,
}

/// Whether the holder of the key that belongs to `public_key` signed this list for gates.
#[must_use]
pub fn check_bundle(text: &str, signature: &[u8; 64], public_key: &[u8; 32]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(public_key) else { return false };
    key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
}

/// Checks a code with the public keys a gate holds, by key id.
///
/// # Errors
/// [`ScanError`] when the code is not genuine, and why.
pub fn check_code(
    text: &str,
    public_key: impl Fn(u8) -> Option<[u8; 32]>,
) -> Result<Admission, ScanError> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| ScanError::Unreadable)?;
    let bytes: [u8; CODE_LENGTH] = bytes.try_into().map_err(|_| ScanError::Unreadable)?;
    if bytes[0] != VERSION {
        return Err(ScanError::UnknownVersion);
    }
    let key = public_key(bytes[1]).ok_or(ScanError::UnknownKey)?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| ScanError::UnknownKey)?;
    let mut signature = [0; 64];
    signature.copy_from_slice(&bytes[SIGNED_LENGTH + 1..]);
    key.verify_strict(&bytes[..SIGNED_LENGTH], &Signature::from_bytes(&signature))
        .map_err(|_| ScanError::Forged)?;
    let number_at = |start: usize| {
        u32::from_be_bytes([bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]])
    };
    let (admissions, number) = (bytes[14], bytes[SIGNED_LENGTH]);
    if number == 0 || number > admissions {
        return Err(ScanError::Forged);
    }
    let (shard, sale) = (Shard(number_at(2)), SaleId(number_at(6)));
    Ok(Admission { shard, sale, event: EventId(number_at(10)), number })
}
