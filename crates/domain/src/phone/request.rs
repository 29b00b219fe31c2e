//! Asking for a code.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Handle, Phone, PhoneNumber};
use crate::allowance::{Allowance, Limit, take};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NumberKind, PhoneId, Shard};
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::seller::edit_or_create;
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How long a code is good (`domain.md` §1.5).
pub const CODE_WITHIN: Span = Span::minutes(10);

/// How often a wrong code may be typed in.
const TRIES_MAX: u8 = 5;

/// How many codes there are: those of six digits.
const CODES: u64 = 1_000_000;

/// How many messages one number, and one device, may cause.
pub const REQUEST_LIMITS: [Limit; 2] =
    [Limit { count: 1, within: Span::seconds(60) }, Limit { count: 5, within: Span::hours(1) }];

/// Six digits that go to a phone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SmsCode(u32);

impl SmsCode {
    /// A code out of random bits. Their number is so much greater than that of the codes that no
    /// code is noticeably likelier than another.
    #[must_use]
    pub fn of_random(bits: u64) -> SmsCode {
        SmsCode(u32::try_from(bits % CODES).unwrap_or_default())
    }

    /// Reads what a person typed in: six digits, with blanks around them at most.
    #[must_use]
    pub fn parse(text: &str) -> Option<SmsCode> {
        let digits = text.trim();
        let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_code).map(SmsCode)
    }

    /// The digits, for the message and for nothing else.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:06}", self.0)
    }

    pub(super) fn hash(self, handle: &Handle) -> Secret {
        handle.code_hash(self.0)
    }
}

impl fmt::Debug for SmsCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SmsCode(***)")
    }
}

/// A code that was sent and not typed in yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRequest {
    /// What its handle is recognised by.
    pub handle_hash: Secret,
    /// What the code is recognised by, together with the handle.
    pub code_hash: Secret,
    /// The device that will speak for the phone, by [`super::device_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<u128>,
    /// How many wrong codes may still be typed in.
    pub tries_left: u8,
    /// From when on no code counts.
    pub expires_at: Timestamp,
}

impl CodeRequest {
    /// Whether `handle` names it, and it is not too late.
    pub(super) fn is_named_by(&self, handle: &Handle, now: Timestamp) -> bool {
        self.handle_hash.matches(&handle.request_hash()) && now < self.expires_at
    }
}

/// Opens a request for a code, which is sent when this is durable.
#[derive(Clone, Debug)]
pub struct RequestCode {
    /// The phone.
    pub number: PhoneNumber,
    /// The device that asks, by [`super::device_hash`].
    pub device: Option<u128>,
    /// The secret of the request's handle, from outside.
    pub secret: Secret,
    /// The code.
    pub code: SmsCode,
}

impl RequestCode {
    /// The handle under which the code is to be typed in.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { phone: self.number.hash(), secret: self.secret }
    }

    /// The number and the device each have an allowance; a device without a name has none, or all
    /// of them together would share it.
    fn allowances(&self) -> impl Iterator<Item = u128> {
        [Some(word("sms number", self.number.text())), self.device].into_iter().flatten()
    }

    fn phone(&self, facts: &mut Facts<'_>) -> Result<Phone, Halt> {
        let hash = self.number.hash();
        if let Some(phone) = facts.look::<Phone>(Phone::key_of(hash))? {
            return Ok(phone.clone());
        }
        edit_or_create(facts, Shard::HOUSE)?;
        Ok(Phone {
            hash,
            id: PhoneId(facts.number(Shard::HOUSE, NumberKind::Phone)?),
            number: self.number.text().to_owned(),
            request: None,
            verifications: Vec::new(),
            cards: Vec::new(),
        })
    }
}

impl Command for RequestCode {
    type Outcome = Arc<Phone>;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(Shard::HOUSE), Phone::key_of(self.number.hash())]);
        keys.extend(self.allowances().map(Allowance::key_of));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Phone>, Halt> {
        for allowance in self.allowances() {
            if !take(facts, allowance, &REQUEST_LIMITS, now)? {
                return Err(too_many().into());
            }
        }
        let handle = self.handle();
        let request = CodeRequest {
            handle_hash: handle.request_hash(),
            code_hash: self.code.hash(&handle),
            device: self.device,
            tries_left: TRIES_MAX,
            expires_at: now.after(CODE_WITHIN),
        };
        let phone = Phone { request: Some(request), ..self.phone(facts)? };
        Ok(facts.put(phone))
    }
}

fn too_many() -> Refusal {
    let message = "A code is sent once a minute and five times an hour to one number and for one \
                   device; none was sent. Use the last one, or wait a minute and ask again.";
    Refusal::new(Code::TooManyRequests, message)
}
