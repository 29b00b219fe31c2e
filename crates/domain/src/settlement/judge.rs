//! What a line means for the payment that it names; the table is in the module above.

use super::{DifferenceKind, LineKind, SettlementLine, brought_in};
use crate::attempt::{Attempt, AttemptState, Verb};
use crate::money::{Currency, Money};
use crate::sale::Sale;

/// What is to be done with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Till and gateway say the same: it is booked.
    Settles,
    /// This very line was booked before.
    Repeats,
    /// A person must look into it; the sentence says what is different and what to do.
    Differs(DifferenceKind, String),
}

/// Compares a line of `gateway` with an attempt of a sale; `None` when the till knows none.
#[must_use]
pub fn judge(line: &SettlementLine, gateway: &str, found: Option<(&Sale, &Attempt)>) -> Judgement {
    let Some((sale, attempt)) = found else {
        return Judgement::Differs(DifferenceKind::UnknownPayment, unknown(line, gateway));
    };
    let settled = sale.settled_of(attempt.number);
    if settled.is_some_and(|settled| settled.line == line.hash(gateway)) {
        return Judgement::Repeats;
    }
    let is_refund = attempt.verb == Verb::Refund;
    let is_reversal = line.kind == LineKind::ChargebackReversal;
    let kind = if is_reversal || (line.kind == LineKind::Chargeback) != attempt.disputed {
        DifferenceKind::ChargedBack
    } else if attempt.state != AttemptState::Succeeded
        || brought_in(attempt.verb, attempt.moved) == 0
    {
        DifferenceKind::NotTaken
    } else if settled.is_some() {
        DifferenceKind::Twice
    } else if (line.kind != LineKind::Charge) != is_refund {
        DifferenceKind::WrongKind
    } else if line.currency != sale.currency {
        DifferenceKind::WrongCurrency
    } else if line.amount != attempt.moved {
        DifferenceKind::WrongAmount
    } else {
        return Judgement::Settles;
    };
    Judgement::Differs(kind, told(kind, line, gateway, sale, attempt))
}

fn text_of(amount: i64, currency: Currency) -> String {
    format!("{} {}", Money::new(amount, currency).text(), currency.code())
}

fn unknown(line: &SettlementLine, gateway: &str) -> String {
    format!(
        "Gateway {gateway} settled {} for a payment that the till does not know: {} (line {}). \
         Nothing was booked. Find out with the gateway whose it is.",
        text_of(line.amount, line.currency),
        line.reference,
        line.identity
    )
}

fn told(
    kind: DifferenceKind,
    line: &SettlementLine,
    gateway: &str,
    sale: &Sale,
    attempt: &Attempt,
) -> String {
    let theirs = text_of(line.amount, line.currency);
    let ours = text_of(attempt.moved, sale.currency);
    let key = &attempt.key;
    let (what, advice) = match kind {
        DifferenceKind::NotTaken => (
            format!(
                "settled {theirs} for payment {key}, of which the till does not know that \
                     its money moved"
            ),
            "If it is in doubt, say Charged at /ticketOrder/review and import the list again",
        ),
        DifferenceKind::Twice => (
            format!("settled {theirs} for payment {key}, which another line has settled before"),
            "Ask the gateway",
        ),
        DifferenceKind::WrongKind => {
            (format!("settled payment {key} the other way round: {theirs}"), "Ask the gateway")
        }
        DifferenceKind::WrongAmount => (
            format!("settled {theirs} for payment {key}, the till says {ours}"),
            "Ask the gateway, or accept its amount at /ledger/settlements/accept",
        ),
        DifferenceKind::ChargedBack => (
            format!("says that {theirs} of payment {key} was disputed"),
            "Answer the dispute with the gateway; if it is lost, the organiser owes it",
        ),
        DifferenceKind::WrongCurrency
        | DifferenceKind::UnknownPayment
        | DifferenceKind::Missing => {
            (format!("settled {theirs} for payment {key}, the till says {ours}"), "Ask the gateway")
        }
    };
    format!("Gateway {gateway} {what} (line {}). Nothing was booked. {advice}.", line.identity)
}
