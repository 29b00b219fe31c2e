//! What a payer has agreed to, as banks want to be told.

use serde::{Deserialize, Serialize};

/// What the payer of a charge has agreed to. A bank that asks its customers to prove who they are
/// must know whether anybody is there to be asked (`payments.md` §2.1, `off_session`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// To this charge; the payer is there.
    #[default]
    ThisCharge,
    /// To this charge, and that the means of paying is kept for later ones at which nobody is
    /// there.
    Keep,
    /// Earlier, with a means of paying that was kept then; nobody is there now. A bank that wants
    /// to ask says no, with [`crate::refusal::Code::AuthenticationRequired`]: the payer must act.
    Earlier,
}

impl Consent {
    /// Whether it is to this charge alone.
    #[must_use]
    pub fn is_ordinary(&self) -> bool {
        *self == Consent::ThisCharge
    }
}
