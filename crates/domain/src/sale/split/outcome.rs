//! What became of each part of a split tender, as the buyer is told (`payments.md` §4.2).

use crate::attempt::{Attempt, AttemptState, Verb};
use crate::ids::PaymentProfileId;
use crate::refusal::Code;
use crate::sale::Sale;

/// What the gateway said of a part (`ResponseStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TenderStatus {
    /// Nobody knows yet.
    Unknown,
    /// Approved for all that was asked.
    Success,
    /// Declined; another try may succeed.
    Decline,
    /// It did not happen.
    Error,
    /// The account is closed, lost, stolen or no account: the means of paying is of no use.
    HardDeclineAccount,
    /// It has expired.
    HardDeclineExpiry,
    /// Approved for less.
    PartialApproval,
    /// Promised; the money comes later.
    PendingSuccess,
}

impl TenderStatus {
    /// The published number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            TenderStatus::Unknown => 0,
            TenderStatus::Success => 1,
            TenderStatus::Decline => 2,
            TenderStatus::Error => 3,
            TenderStatus::HardDeclineAccount => 4,
            TenderStatus::HardDeclineExpiry => 5,
            TenderStatus::PartialApproval => 11,
            TenderStatus::PendingSuccess => 12,
        }
    }

    /// What it means, for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            TenderStatus::Unknown => "The outcome is not known yet",
            TenderStatus::Success => "Approved",
            TenderStatus::Decline => "Declined",
            TenderStatus::Error => "Not executed",
            TenderStatus::HardDeclineAccount => "Declined: this account cannot be used",
            TenderStatus::HardDeclineExpiry => "Declined: expired",
            TenderStatus::PartialApproval => "Approved for a part of the amount",
            TenderStatus::PendingSuccess => "Accepted, settles later",
        }
    }

    fn of(attempt: &Attempt) -> TenderStatus {
        match attempt.state {
            AttemptState::Succeeded if attempt.settles_later => TenderStatus::PendingSuccess,
            AttemptState::Succeeded if attempt.moved < attempt.amount => {
                TenderStatus::PartialApproval
            }
            AttemptState::Succeeded => TenderStatus::Success,
            AttemptState::Declined => match attempt.failure {
                Some(Code::PaymentBlocked | Code::CardInvalid) => TenderStatus::HardDeclineAccount,
                Some(Code::CardExpired) => TenderStatus::HardDeclineExpiry,
                _ => TenderStatus::Decline,
            },
            AttemptState::NotExecuted => TenderStatus::Error,
            AttemptState::Created
            | AttemptState::Sent
            | AttemptState::Unknown
            | AttemptState::Pending
            | AttemptState::Review => TenderStatus::Unknown,
        }
    }
}

/// Whether what a part approved went back, because the sale was not to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reversal {
    /// It was not asked to.
    No,
    /// It is on its way, or a person sees to it.
    Ordered,
    /// The gateway has taken it back.
    Done,
}

/// What became of one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenderOutcome {
    /// Which part, from 1.
    pub part: u8,
    /// The stored means of paying that it is, if it is one.
    pub profile: Option<PaymentProfileId>,
    /// Minor units that were asked for.
    pub asked: i64,
    /// Minor units that were approved, whether or not they went back.
    pub approved: i64,
    /// What the gateway said.
    pub status: TenderStatus,
    /// Why it did not approve, if it did not.
    pub failure: Option<Code>,
    /// Whether it went back.
    pub reversal: Reversal,
}

impl TenderOutcome {
    /// What it means, for people (`ResponseText`).
    #[must_use]
    pub fn text(&self) -> String {
        let ending = match self.reversal {
            Reversal::No => "",
            Reversal::Ordered => "; reversal pending",
            Reversal::Done => "; reversed",
        };
        format!("{}{ending}", self.status.text())
    }
}

impl Sale {
    /// What became of each part that was tried, in order; parts that were not needed have none.
    #[must_use]
    pub fn tender_outcomes(&self) -> Vec<TenderOutcome> {
        let asked = self.attempts.iter().filter(|attempt| attempt.verb.asks_payer());
        let outcomes = asked.filter_map(|attempt| {
            let part = attempt.tender?;
            Some(TenderOutcome {
                part,
                profile: self.part_of(attempt).and_then(|part| part.profile),
                asked: attempt.amount,
                approved: attempt.moved,
                status: TenderStatus::of(attempt),
                failure: attempt.failure,
                reversal: self.reversal_of(attempt),
            })
        });
        outcomes.collect()
    }

    /// What was sold and refunded later was not reversed.
    fn reversal_of(&self, asked: &Attempt) -> Reversal {
        let is_unwanted = self.unwanted.contains(&asked.key);
        let is_over = self.issued_at.is_none() && !self.state.holds_places();
        if asked.moved == 0 || !(is_unwanted || is_over) {
            return Reversal::No;
        }
        let is_of = |attempt: &&Attempt| attempt.of.as_ref().is_some_and(|of| of.key == asked.key);
        let of_it = || self.attempts.iter().filter(is_of);
        let by_hand = self.hand_refunds.iter().filter(|refund| refund.charge == asked.key);
        let back = by_hand.map(|refund| refund.amount).sum::<i64>()
            + of_it().filter(|it| it.verb == Verb::Refund).map(|it| it.moved).sum::<i64>();
        let is_void = of_it().any(|it| it.verb == Verb::Void && it.moved > 0);
        if is_void || back >= asked.moved { Reversal::Done } else { Reversal::Ordered }
    }
}
