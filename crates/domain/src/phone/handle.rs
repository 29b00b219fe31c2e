//! What names a request for a code, and later the device that typed it in.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::token::Secret;

/// The phone and the secret, 16 bytes each.
const HANDLE_LENGTH: usize = 32;

/// What the hashes of a request, a code and a verification begin with, so that none of them is
/// ever taken for another.
const REQUEST_LABEL: &[u8] = b"phone request";
const CODE_LABEL: &[u8] = b"phone code";
const VERIFICATION_LABEL: &[u8] = b"phone verification";

/// A published handle: leads to a phone without an index, and opens it with the right secret only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    /// The hash of the phone.
    pub phone: u128,
    /// What the phone must confirm.
    pub secret: Secret,
}

impl Handle {
    /// 43 characters that need no quoting in a URL, JSON or JSV.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = [0; HANDLE_LENGTH];
        bytes[..16].copy_from_slice(&self.phone.to_be_bytes());
        bytes[16..].copy_from_slice(&self.secret.0);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`Handle::text`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Handle> {
        let bytes: [u8; HANDLE_LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let half = |start: usize| std::array::from_fn(|index| bytes[start + index]);
        Some(Handle { phone: u128::from_be_bytes(half(0)), secret: Secret(half(16)) })
    }

    /// What is stored of the handle of a request.
    pub(super) fn request_hash(&self) -> Secret {
        self.hash(REQUEST_LABEL, &[])
    }

    /// What is stored of a code. A million codes are soon tried out, so the secret of the handle,
    /// which is not stored, goes into the hash.
    pub(super) fn code_hash(&self, code: u32) -> Secret {
        self.hash(CODE_LABEL, &code.to_be_bytes())
    }

    /// What is stored of the token of a verification.
    #[must_use]
    pub fn verification_hash(&self) -> Secret {
        self.hash(VERIFICATION_LABEL, &[])
    }

    fn hash(&self, label: &[u8], more: &[u8]) -> Secret {
        let hash = Sha256::new()
            .chain_update(label)
            .chain_update(self.phone.to_be_bytes())
            .chain_update(self.secret.0)
            .chain_update(more)
            .finalize();
        Secret(std::array::from_fn(|index| hash[index]))
    }
}
