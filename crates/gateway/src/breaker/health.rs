//! How a gateway has been doing, for `/health` and for people.

use domain::time::Timestamp;

use super::meter::{CallMeter, CallOutcome};

/// How a gateway is doing, as far as its calls tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayCondition {
    /// It answered last, or was never asked.
    Up,
    /// So many calls in a row had no readable answer.
    Failing(u32),
    /// Charges are refused at once until then; one of them then tries again.
    OpenUntil(Timestamp),
    /// One charge is trying whether it is back; all others are refused.
    Probing,
}

/// A gateway's figures since the program started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GatewayCounts {
    /// Calls that were made, questions included.
    pub calls: u64,
    /// Approvals, partial ones included.
    pub approved: u64,
    /// Declines.
    pub declined: u64,
    /// Calls without a readable answer.
    pub unknown: u64,
    /// Charges that were refused here and not sent.
    pub refused: u64,
}

impl GatewayCounts {
    /// What `/health` shows of the whole meter.
    pub(super) fn of(meter: &CallMeter) -> GatewayCounts {
        let sum = |outcomes: &[CallOutcome]| outcomes.iter().map(|it| meter.sum(*it)).sum();
        let refused = meter.sum(CallOutcome::Refused);
        GatewayCounts {
            calls: sum(CallOutcome::ALL) - refused,
            approved: sum(&[CallOutcome::Approved, CallOutcome::PartlyApproved]),
            declined: meter.sum(CallOutcome::Declined),
            unknown: sum(&[CallOutcome::Unknown, CallOutcome::Unreachable]),
            refused,
        }
    }
}

/// How a gateway is doing, and its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayHealth {
    /// How it is doing now.
    pub condition: GatewayCondition,
    /// Its figures.
    pub counts: GatewayCounts,
    /// When it last gave a readable answer.
    pub last_answer_at: Option<Timestamp>,
}
