//! Typing a code in.

use std::sync::Arc;

use super::{DEVICES_MAX, Handle, Phone, SmsCode, VERIFIED_FOR, Verification};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// Takes a code, and makes the device that asked for it speak for the phone.
#[derive(Clone, Debug)]
pub struct ConfirmCode {
    /// The handle of the request.
    pub handle: Handle,
    /// What was typed in; `None` for what cannot be a code, which uses up a try all the same.
    pub code: Option<SmsCode>,
    /// The device that types, by [`super::device_hash`], if it says its name; it must be the one
    /// that asked.
    pub device: Option<u128>,
    /// Ends what other devices had, because the owner asks for it.
    pub revoke_others: bool,
    /// The secret of the new token, from outside.
    pub secret: Secret,
}

/// What came of it. A wrong code is no refusal, because it uses up a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The device speaks for the phone.
    Verified {
        /// The phone as it is now.
        phone: Arc<Phone>,
        /// What the device shows from now on.
        token: Handle,
        /// From when on it does not count.
        expires_at: Timestamp,
    },
    /// It was another code.
    Wrong {
        /// How many more may be typed in.
        tries_left: u8,
    },
}

impl Command for ConfirmCode {
    type Outcome = Confirmed;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Phone::key_of(self.handle.phone));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Confirmed, Halt> {
        let key = Phone::key_of(self.handle.phone);
        let mut phone = facts.look::<Phone>(key)?.cloned().ok_or_else(unknown_request)?;
        let open = phone.request.as_mut().filter(|open| open.is_named_by(&self.handle, now));
        let open = open.ok_or_else(unknown_request)?;
        if open.tries_left == 0 {
            return Err(too_many().into());
        }
        if self.device.is_some() && self.device != open.device {
            return Err(other_device().into());
        }
        if !self.code.is_some_and(|code| open.code_hash.matches(&code.hash(&self.handle))) {
            open.tries_left -= 1;
            let tries_left = open.tries_left;
            facts.put(phone);
            return Ok(Confirmed::Wrong { tries_left });
        }
        let device = open.device;
        Ok(self.verify(facts, phone, device, now))
    }
}

impl ConfirmCode {
    /// One token a device: a device that proves itself anew has lost the earlier one.
    fn verify(
        &self,
        facts: &mut Facts<'_>,
        mut phone: Phone,
        device: Option<u128>,
        now: Timestamp,
    ) -> Confirmed {
        let token = Handle { phone: phone.hash, secret: self.secret };
        let expires_at = now.after(VERIFIED_FOR);
        let keeps = |known: &Verification| {
            known.device != device && now < known.expires_at && !self.revoke_others
        };
        phone.verifications.retain(keeps);
        if phone.verifications.len() >= DEVICES_MAX {
            phone.verifications.remove(0);
        }
        let token_hash = token.verification_hash();
        phone.verifications.push(Verification { token_hash, device, verified_at: now, expires_at });
        phone.request = None;
        Confirmed::Verified { phone: facts.put(phone), token, expires_at }
    }
}

/// The same for a handle that nobody has, one that is used and one that is too old, so that
/// nobody learns from it which phones are known.
#[must_use]
pub fn unknown_request() -> Refusal {
    let message = "No code is waited for under this request, or it is more than ten minutes old; \
                   ask for a new one.";
    Refusal::new(Code::PhoneVerificationInvalid, message)
}

fn too_many() -> Refusal {
    let message = "Too many wrong codes were typed in; ask for a new one.";
    Refusal::new(Code::TooManyRequests, message)
}

fn other_device() -> Refusal {
    let message = "The code was asked for on another device; type it in there, or ask for one on \
                   this device.";
    Refusal::new(Code::PhoneVerificationDeviceMismatch, message)
}
