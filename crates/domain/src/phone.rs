//! Phones that somebody has proved, and the cards saved for them (`domain.md` §1.5).

use serde::{Deserialize, Serialize};

use crate::ids::PhoneId;

/// One phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The number in international form, by [`crate::record::word`].
    pub hash: u128,
    /// Its published number (`phoneVerificationId`).
    pub id: PhoneId,
    /// The number in international form.
    pub number: String,
}
