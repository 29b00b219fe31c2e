//! Which phone a device speaks for (`domain.md` §1.5). A phone that was looked up is remembered
//! for two seconds, as callers are, so that a proved request costs no commit and seldom a look.

use std::sync::Arc;

use domain::ids::PhoneId;
use domain::phone::{Handle, Phone, PhoneNumber, device_hash};
use domain::time::Timestamp;
use store::Fault;

use super::Access;
use super::limits::{Limits, Neighbourhood};
use super::recent::{FRESH, Known, Recent};

/// What is known of phones and of those who ask for codes.
#[derive(Default)]
pub(super) struct Phones {
    recent: Recent<u128, Arc<Phone>>,
    /// Each message costs money, so an address gets so many at once and no more.
    requests: Limits<Neighbourhood>,
}

/// A phone that the device at the other end has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VerifiedPhone {
    /// Where the phone lives.
    pub(crate) hash: u128,
    /// Its published number.
    pub(crate) id: PhoneId,
    /// The number in international form.
    pub(crate) number: PhoneNumber,
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PhoneProof {
    /// This phone.
    Good(VerifiedPhone),
    /// A phone, but another device has to show it.
    OtherDevice,
    /// Nothing: nobody was given it, it is too old, or its owner has ended it.
    Unknown,
}

impl Access {
    /// What `token` stands for when `device` shows it.
    ///
    /// # Errors
    /// [`Fault`] when it must be looked up and cannot.
    pub(crate) async fn phone_proof(
        &self,
        token: &Handle,
        device: Option<&str>,
    ) -> Result<PhoneProof, Fault> {
        let now = self.clock.now();
        let seen = match self.phones.recent.get(&token.phone, FRESH) {
            Known::Fresh(phone) => match proof(&phone, token, device, now) {
                // Another node may have given it out a moment ago.
                PhoneProof::Unknown => None,
                known => return Ok(known),
            },
            Known::Older(_, seen) => Some(seen),
        };
        let found = self.store.read::<Phone>(Phone::key_of(token.phone)).await?;
        let Some(phone) = found else { return Ok(PhoneProof::Unknown) };
        let proof = proof(&phone, token, device, now);
        if let Some(seen) = seen {
            self.phones.recent.put(token.phone, phone, seen);
        }
        Ok(proof)
    }

    /// Forgets a phone that was changed here, so that the change counts at once.
    pub(crate) fn forget_phone(&self, hash: u128) {
        self.phones.recent.forget(&hash);
    }

    /// Takes one of the messages that `address` may cause; false when it has none left.
    pub(crate) fn take_message(&self, address: std::net::IpAddr) -> bool {
        self.phones.requests.take(address).is_ok()
    }
}

fn proof(phone: &Phone, token: &Handle, device: Option<&str>, now: Timestamp) -> PhoneProof {
    let Some(known) = phone.verification(token, now) else { return PhoneProof::Unknown };
    if known.device != device.map(device_hash) {
        return PhoneProof::OtherDevice;
    }
    let Some(number) = PhoneNumber::parse(&phone.number) else { return PhoneProof::Unknown };
    PhoneProof::Good(VerifiedPhone { hash: phone.hash, id: phone.id, number })
}
