//! Telling whether two requests carry the same card without keeping the card.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A keyed hash of card data: 32 bytes of HMAC-SHA256. Without the key nobody can try out
/// numbers against it, as everybody could with a plain hash (`payments.md` §5.1).
pub type Fingerprint = [u8; 32];

/// The installation's secret for fingerprints.
pub struct FingerprintKey(Zeroizing<[u8; HASH_BLOCK_LENGTH]>);

/// HMAC-SHA256 fills a shorter key up with zeros to this many bytes.
const HASH_BLOCK_LENGTH: usize = 64;

impl FingerprintKey {
    /// The key made of 32 secret random bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> FingerprintKey {
        let mut block = Zeroizing::new([0; HASH_BLOCK_LENGTH]);
        block[..secret.len()].copy_from_slice(secret);
        FingerprintKey(block)
    }

    /// Hashes `parts`, each led by its length so that no two lists of parts look the same.
    pub(super) fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint {
        let mut hash = Hmac::<Sha256>::new(&(*self.0).into());
        for part in parts {
            hash.update(&part.len().to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into_bytes().into()
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FingerprintKey(***)")
    }
}
