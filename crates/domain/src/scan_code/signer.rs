//! Ed25519 by the fastest means this processor has.
//!
//! A signature is the largest single cost of answering an order. `graviola` makes one in half the
//! time, but stops the program on a processor without the instructions it needs, so it is asked
//! first. RFC 8032 leaves a signer no choice, so both give the same bytes: an order's codes do not
//! depend on the machine that shows them.

use ed25519_dalek::{Signer as _, SigningKey};

/// A key that signs.
pub(super) struct Signer {
    portable: SigningKey,
    /// The same key, where the processor can use it faster.
    fast: Option<fast::Key>,
}

impl Signer {
    /// The key made of 32 secret bytes.
    pub(super) fn new(secret: &[u8; 32]) -> Signer {
        Signer { portable: SigningKey::from_bytes(secret), fast: fast::key(secret) }
    }

    /// The other half of the key, which is no secret.
    pub(super) fn public(&self) -> [u8; 32] {
        self.portable.verifying_key().to_bytes()
    }

    /// The signature of `message`; always the same for the same message.
    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        match &self.fast {
            Some(key) => key.sign(message),
            None => self.portable.sign(message).to_bytes(),
        }
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod fast {
    pub(super) use graviola::signing::eddsa::Ed25519SigningKey as Key;

    /// `None` where the processor lacks an instruction.
    pub(super) fn key(secret: &[u8; 32]) -> Option<Key> {
        if graviola::util::is_cpu_supported() { Key::from_bytes(secret).ok() } else { None }
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod fast {
    /// There is none for this kind of processor.
    pub(super) enum Key {}

    impl Key {
        pub(super) fn sign(&self, _message: &[u8]) -> [u8; 64] {
            match *self {}
        }
    }

    pub(super) fn key(_secret: &[u8; 32]) -> Option<Key> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Signer;

    /// Keys and, for each, messages of every length up to this: several blocks of the hash.
    const KEYS: u8 = 8;
    const LENGTH_MAX: usize = 300;

    /// Bytes that look like nothing in particular and are the same in every run.
    fn bytes(seed: u8, length: usize) -> Vec<u8> {
        let mut state = u32::from(seed) + 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    fn secret(seed: u8) -> [u8; 32] {
        bytes(seed, 32).try_into().unwrap()
    }

    /// Both means give the same signature for every key and message, so a code can be shown again
    /// by another machine. Where the processor has only one of them this compares it to itself.
    #[test]
    fn both_means_give_the_same_bytes() {
        for seed in 0..KEYS {
            let fast = Signer::new(&secret(seed));
            let portable = Signer { fast: None, ..Signer::new(&secret(seed)) };
            for length in 0..LENGTH_MAX {
                let message = bytes(seed ^ 0x55, length);
                assert_eq!(fast.sign(&message), portable.sign(&message), "{seed}, {length}");
            }
        }
    }

    /// The first test of RFC 8032, section 7.1: neither means may differ from the standard.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let secret: [u8; 32] = from_hex(secret).try_into().unwrap();
        let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
                         5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        let fast = Signer::new(&secret);
        let portable = Signer { fast: None, ..Signer::new(&secret) };
        for signer in [fast, portable] {
            assert_eq!(signer.sign(b"").to_vec(), from_hex(signature));
        }
    }

    fn from_hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pair = |pair: &[u8]| std::str::from_utf8(pair).unwrap().to_owned();
        digits.chunks(2).map(|two| u8::from_str_radix(&pair(two), 16).unwrap()).collect()
    }
}
