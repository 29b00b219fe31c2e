//! What must be remembered of an authentication between its steps.
//!
//! The gateway tells its token once, at the beginning, and cannot be asked for it again; yet the
//! holder's browser may come back to another machine, or after a restart. So it is kept inside the
//! handle, sealed: whoever reads the row of the enrolment reads nothing, because the key is made
//! from the gateway's private token, which is in no database. A sealed text that was changed, or
//! made by somebody else, does not open.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What the key is made for.
const KEY_LABEL: &[u8] = b"guichet: authentications with Borgun, first form";

/// The longest handle that is opened, in bytes.
const HANDLE_LENGTH_MAX: usize = 4 * 1024;

/// Room for what is sealed, so that writing it leaves no copies behind.
const CAPACITY: usize = 2 * 1024;

/// Which step an authentication is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Step {
    /// The bank reads the device.
    Method,
    /// The bank asks the holder.
    Challenge,
    /// The holder has passed.
    Passed,
}

/// What is remembered.
#[derive(Serialize, Deserialize)]
pub(super) struct Held {
    /// Where it stands.
    pub(super) step: Step,
    /// The gateway's token, once it has told it.
    pub(super) mpi_token: Option<Zeroizing<String>>,
    /// What the gateway calls the authentication, its first part.
    pub(super) xid: Option<String>,
    /// The second part.
    pub(super) tx_id: Option<String>,
    /// What the bank was given to bring back.
    pub(super) md: String,
    /// Where the holder's browser comes back to.
    pub(super) return_url: String,
}

/// Seals and opens handles.
pub(super) struct Seal(LessSafeKey);

impl Seal {
    /// The seal of whoever has this private token; `None` when it cannot be made.
    pub(super) fn of(private_token: &str) -> Option<Seal> {
        let mut mac = Hmac::<Sha256>::new_from_slice(private_token.as_bytes()).ok()?;
        mac.update(KEY_LABEL);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes()).ok()?;
        Some(Seal(LessSafeKey::new(key)))
    }

    /// The handle; `None` when there are no random numbers.
    pub(super) fn close(&self, held: &Held) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let mut text = Zeroizing::new(Vec::with_capacity(CAPACITY));
        serde_json::to_writer(&mut *text, held).ok()?;
        let sealing = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(sealing, Aad::empty(), &mut *text).ok()?;
        let whole = [&nonce[..], &text[..]].concat();
        Some(URL_SAFE_NO_PAD.encode(whole))
    }

    /// What a handle holds; `None` for one that was not sealed here.
    pub(super) fn open(&self, handle: &str) -> Option<Held> {
        let whole = Some(handle).filter(|handle| handle.len() <= HANDLE_LENGTH_MAX)?;
        let whole = URL_SAFE_NO_PAD.decode(whole).ok()?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let text = self.0.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        serde_json::from_slice(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, Seal, Step};

    fn held() -> Held {
        Held {
            step: Step::Challenge,
            mpi_token: Some("mpi_71ab".to_owned().into()),
            xid: Some("x".into()),
            tx_id: None,
            md: "bWQ=".into(),
            return_url: "https://tickets.example.org/threeDSecure/return/1".into(),
        }
    }

    /// Proves that a handle opens for whoever has the private token, shows nothing, and opens for
    /// nobody else and in no other form.
    #[test]
    fn a_handle_is_sealed() {
        let seal = Seal::of("private").unwrap();
        let handle = seal.close(&held()).unwrap();
        let opened = Seal::of("private").unwrap().open(&handle).unwrap();
        assert_eq!(opened.step, Step::Challenge);
        assert_eq!(opened.mpi_token.as_ref().map(|it| it.as_str()), Some("mpi_71ab"));
        assert!(handle.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it)));
        assert!(!handle.contains("mpi"), "{handle}");
        assert_ne!(handle, seal.close(&held()).unwrap(), "no two are the same");

        assert!(Seal::of("other").unwrap().open(&handle).is_none());
        let mut changed = handle.clone().into_bytes();
        changed[30] = if changed[30] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        for wrong in [changed.as_str(), &handle[1..], "", "AAAA", "þ", &"A".repeat(5_000)] {
            assert!(seal.open(wrong).is_none(), "{wrong}");
        }
    }
}
