//! What each card number, each telephone and each amount does: the table of `payments.md` §5.5.

use domain::attempt::DeclineReason;
use domain::money::Money;
use domain::phone::PhoneNumber;
use domain::time::Span;
use serde::{Deserialize, Serialize};

use crate::secret::CardNumber;

/// What a card does when it is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Pays.
    Approve,
    /// Is declined.
    Decline(DeclineReason),
    /// The answer is an error that says nothing about the money.
    Fault,
    /// Pays; later the buyer disputes it.
    Dispute,
    /// Pays after a challenge.
    Challenge,
    /// Is declined after a challenge.
    ChallengeThenDecline,
    /// Pays as far as its balance goes.
    GiftCard,
}

/// The numbers with a behaviour of their own; every other genuine number pays.
const ROWS: [(&str, Behaviour); 8] = [
    ("4000000000000002", Behaviour::Decline(DeclineReason::Soft)),
    ("4000000000009995", Behaviour::Decline(DeclineReason::InsufficientFunds)),
    ("4000000000000069", Behaviour::Decline(DeclineReason::HardExpiry)),
    ("4000000000009979", Behaviour::Decline(DeclineReason::HardAccount)),
    ("4000000000000119", Behaviour::Fault),
    ("4000000000000259", Behaviour::Dispute),
    ("4000002760003184", Behaviour::Challenge),
    ("4000008400001629", Behaviour::ChallengeThenDecline),
];

/// Numbers that begin like this are gift cards.
const GIFT_CARD_PREFIX: &str = "600649";

impl Behaviour {
    /// The behaviour of a number.
    #[must_use]
    pub fn of(number: &CardNumber) -> Behaviour {
        let digits = number.digits();
        match ROWS.iter().find(|(row, _)| *row == digits) {
            Some((_, behaviour)) => *behaviour,
            None if digits.starts_with(GIFT_CARD_PREFIX) => Behaviour::GiftCard,
            None => Behaviour::Approve,
        }
    }
}

/// What the owner of a telephone does when asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// Accepts a second later.
    Accepts,
    /// Rejects a second later.
    Rejects,
    /// Never answers, unless a test answers for them.
    Silent,
}

/// How long a payer takes to answer.
pub(super) const PAYER_TAKES: Span = Span::seconds(1);

impl Payer {
    /// What the owner of a number does; whoever is not in the table accepts.
    #[must_use]
    pub fn of(number: &PhoneNumber) -> Payer {
        match number.text() {
            "+3545550002" => Payer::Rejects,
            "+3545550003" => Payer::Silent,
            _ => Payer::Accepts,
        }
    }
}

/// How a connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The request is carried out, its answer never comes.
    AfterExecution,
    /// The request is not carried out either.
    BeforeExecution,
}

/// Whether a movement of this amount loses its connection: `.66` and `.67`, or 666 and 667 at
/// the end of an amount without decimals.
pub(super) fn loss_of(money: Money) -> Option<Loss> {
    let exponent = money.currency.exponent();
    let ending = match exponent.checked_sub(2) {
        Some(more_decimals) => {
            let hundredth = 10_i64.pow(more_decimals);
            let part = money.amount % (100 * hundredth);
            if part % hundredth == 0 { part / hundredth } else { 0 }
        }
        None => money.amount % 1_000 - 600,
    };
    match ending {
        66 => Some(Loss::AfterExecution),
        67 => Some(Loss::BeforeExecution),
        _ => None,
    }
}
