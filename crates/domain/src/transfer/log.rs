//! What the log tells of a transfer beside its state.

use serde::{Deserialize, Serialize};

use super::Transfer;
use crate::attempt::{AttemptState, Verb};
use crate::sale::Sale;
use crate::time::Timestamp;

/// A payment that was reported as the difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceUsed {
    /// What it is called where it was made.
    pub reference: String,
    /// Minor units.
    pub amount: i64,
    /// When it was reported.
    pub at: Timestamp,
    /// Who reported it.
    pub by: String,
}

/// What became of the money that goes back (`domain.md` §7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundLeg {
    /// Nothing goes back by a gateway.
    None,
    /// It is on its way.
    Started,
    /// It is back.
    Succeeded,
    /// The gateway did not take it; a person is asked.
    Failed,
    /// A person pays it back by other means.
    Manual,
}

impl RefundLeg {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RefundLeg::None => "None",
            RefundLeg::Started => "Started",
            RefundLeg::Succeeded => "Succeeded",
            RefundLeg::Failed => "Failed",
            RefundLeg::Manual => "Manual",
        }
    }
}

impl Transfer {
    /// What became of the money that goes back; `from` is the old ticket as it is now.
    #[must_use]
    pub fn refund_leg(&self, from: &Sale) -> RefundLeg {
        if self.money_back == 0 {
            return RefundLeg::None;
        }
        if from.owed_back <= 0 {
            return RefundLeg::Succeeded;
        }
        let mut refunds = from.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        let is_under_way = |state: AttemptState| state.is_open();
        match refunds.next_back() {
            None => RefundLeg::Manual,
            Some(last) if is_under_way(last.state) => RefundLeg::Started,
            Some(_) => RefundLeg::Failed,
        }
    }
}
