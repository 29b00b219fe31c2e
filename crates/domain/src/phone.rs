//! Phones that somebody has proved, and the cards saved for them (`domain.md` §1.5).
//!
//! A code goes to the phone, and whoever types it in on a device gets a token: from then on that
//! device speaks for the phone. The state machine of a request for a code:
//!
//! | state | what happened                          | next state                           |
//! |-------|----------------------------------------|--------------------------------------|
//! | —     | a code was asked for, the limits allow | Open, five tries                     |
//! | Open  | a code was asked for, the limits allow | Open anew; the earlier code is void  |
//! | Open  | a wrong code                           | Open, one try less                   |
//! | Open  | the right code, a try was left         | —, the device has a token            |
//! | Open  | any code, no try was left              | Open                                 |
//! | Open  | ten minutes later                      | Expired ¹                            |
//!
//! ¹ Computed from the time, not stored. Only hashes are stored: of the handle that names the
//! request, of the code together with the handle, and of the token.

mod cards;
mod confirm;
mod handle;
mod number;
mod request;
mod revoke;
mod try_card;

use serde::{Deserialize, Serialize};

pub use self::cards::{
    CardMonth, ForgetPaymentCard, NewPaymentCard, PAYMENT_CARDS_MAX, PaymentCard,
    RemovePaymentCard, SavePaymentCard, SavedToken,
};
pub use self::confirm::{ConfirmCode, Confirmed, unknown_request};
pub use self::handle::Handle;
pub use self::number::{PHONE_TEXT_LENGTH_MAX, PhoneNumber};
pub use self::request::{CODE_WITHIN, CodeRequest, REQUEST_LIMITS, RequestCode, SmsCode};
pub use self::revoke::{RevokePhone, Revoked};
pub use self::try_card::{CARDS_TO_KEEP, CountDecline, TryCard};
use crate::facts::Key;
use crate::ids::{PaymentCardId, PhoneId, Shard};
use crate::record::{Kind, word};
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How long a device speaks for a phone (`domain.md` §1.5).
pub const VERIFIED_FOR: Span = Span::hours(180 * 24);

/// How many devices may speak for one phone; one more puts out the one that was proved first.
pub const DEVICES_MAX: usize = 20;

/// One phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number in international form, by [`crate::record::word`].
    pub hash: u128,
    /// Its published number (`phoneVerificationId`).
    pub id: PhoneId,
    /// The number in international form.
    pub number: String,
    /// The code that was sent last, until it was typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<CodeRequest>,
    /// The devices that speak for it, the longest proved first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verifications: Vec<Verification>,
    /// The cards saved for it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<PaymentCard>,
}

/// That a device speaks for a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// What its token is recognised by.
    pub token_hash: Secret,
    /// The device, by [`device_hash`]; `None` for one that has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<u128>,
    /// When it was proved.
    pub verified_at: Timestamp,
    /// From when on it does not count.
    pub expires_at: Timestamp,
}

/// What a device is known by. Its name may be anything, a number of its owner's too, so it is not
/// stored.
#[must_use]
pub fn device_hash(name: &str) -> u128 {
    word("sms device", name)
}

impl Phone {
    /// Where the phone of that hash lives.
    #[must_use]
    pub fn key_of(hash: u128) -> Key {
        Key::hashed(Shard::HOUSE, Kind::Phone, 0, hash)
    }

    /// The verification that `token` stands for and that counts at `now`.
    #[must_use]
    pub fn verification(&self, token: &Handle, now: Timestamp) -> Option<&Verification> {
        let hash = token.verification_hash();
        let mut known = self.verifications.iter();
        known.find(|known| known.token_hash.matches(&hash) && now < known.expires_at)
    }

    /// The saved card of that number, unless it was removed.
    #[must_use]
    pub fn card(&self, id: PaymentCardId) -> Option<&PaymentCard> {
        self.cards.iter().find(|card| card.id == id && !card.removed)
    }
}
