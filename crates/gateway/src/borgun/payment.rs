//! What the gateway says of a payment, and what that means (`payments.md` §1.4).
//!
//! | status                        | code                     | result                          |
//! |-------------------------------|--------------------------|---------------------------------|
//! | Accepted, Captured            | 000                      | Approved                        |
//! | Uncaptured                    | 000                      | Approved, if it was to reserve  |
//! | Declined                      | 913, 956                 | Unknown: the number is used     |
//! | Declined                      | of the merchant          | Misconfigured                   |
//! | Declined                      | of the request's form    | NotExecuted                     |
//! | Declined                      | any other                | Declined, by the code           |
//! | Cancelled                     | any                      | NotExecuted                     |
//! | Refunded, Error, Unknown, all else | any                 | Unknown ¹                       |
//!
//! ¹ Where the gateway named the payment it is read once more at once.

use domain::attempt::{Approval, CallResult, DeclineReason};

use super::action_code::{Meaning, meaning};
use super::amount::Amount;
use super::document::Document;

/// The longest name of a payment that is taken.
const TRANSACTION_ID_LENGTH_MAX: usize = 64;

/// The longest name of a member that is repeated.
const NAME_LENGTH_MAX: usize = 32;

/// The most digits of a card number that may be shown: the first six and the last four.
const MASK_DIGITS_MAX: usize = 10;

/// Where a payment stands at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The money was taken at once.
    Accepted,
    /// The money is reserved.
    Uncaptured,
    /// What was reserved was taken.
    Captured,
    /// No.
    Declined,
    /// The reservation was given up.
    Cancelled,
    /// The money went back.
    Refunded,
    /// The gateway does not know itself.
    Unclear,
}

impl Status {
    /// Reads the name in any case, or its number in the gateway's own client.
    fn read(text: &str) -> Status {
        match text.to_ascii_lowercase().as_str() {
            "accepted" | "2" => Status::Accepted,
            "uncaptured" | "3" => Status::Uncaptured,
            "captured" | "4" => Status::Captured,
            "declined" | "5" => Status::Declined,
            "cancelled" | "6" => Status::Cancelled,
            "refunded" | "7" => Status::Refunded,
            _ => Status::Unclear,
        }
    }
}

/// A payment as the gateway tells of it.
pub(super) struct Payment {
    /// The gateway's name of it.
    pub(super) transaction_id: Option<String>,
    /// Where it stands.
    pub(super) status: Status,
    /// What was asked for, in the gateway's unit.
    pub(super) units: Option<i64>,
    order_id: Option<String>,
    currency: Option<String>,
    action_code: Option<String>,
    auth_code: Option<String>,
    card_mask: Option<String>,
}

/// What a payment should be.
pub(super) struct Expected<'a> {
    /// Our name of it.
    pub(super) order_id: &'a str,
    /// Its sum.
    pub(super) amount: Amount,
    /// Whether it only reserves.
    pub(super) reserves: bool,
}

impl Payment {
    /// Reads an answer about a payment.
    pub(super) fn read(answer: &Document) -> Payment {
        let method = answer.part("PaymentMethod");
        Payment {
            transaction_id: answer.text("TransactionId").filter(|text| is_transaction_id(text)),
            status: answer
                .text("TransactionStatus")
                .map_or(Status::Unclear, |it| Status::read(&it)),
            units: answer.number("Amount"),
            order_id: answer.text("OrderId"),
            currency: answer.text("Currency"),
            action_code: answer.text("ActionCode"),
            auth_code: answer.text("AuthCode"),
            card_mask: method.and_then(|method| method.text("PAN")).and_then(|it| mask(&it)),
        }
    }

    /// What the charge or reservation that was to be `expected` came to.
    pub(super) fn result(&self, expected: &Expected<'_>) -> CallResult {
        if !self.is(expected) {
            return CallResult::Unknown("The gateway told of another payment.".into());
        }
        let code = self.action_code.as_deref().unwrap_or_default();
        match (self.status, meaning(code)) {
            (Status::Accepted | Status::Captured, Meaning::Accepted) => self.approved(),
            (Status::Uncaptured, Meaning::Accepted) if expected.reserves => self.approved(),
            (Status::Declined, said) => declined(said, code),
            (Status::Cancelled, _) => CallResult::NotExecuted("It was cancelled.".into()),
            (_, said @ Meaning::UsedBefore) => by_code(said, code),
            _ => self.unclear(),
        }
    }

    /// Whether the gateway says itself that it has this name. An answer to our own request need
    /// not say it; an answer about a payment that somebody named must.
    pub(super) fn is_named(&self, order_id: &str) -> bool {
        self.order_id.as_deref() == Some(order_id)
    }

    /// Whether it is what was asked for, as far as the answer tells.
    fn is(&self, expected: &Expected<'_>) -> bool {
        let same = |told: &Option<String>, ours: &str| {
            told.as_ref()
                .is_none_or(|told| told.trim_start_matches('0') == ours.trim_start_matches('0'))
        };
        same(&self.order_id, expected.order_id)
            && same(&self.currency, expected.amount.currency)
            && self.units.is_none_or(|units| units == expected.amount.units)
    }

    fn approved(&self) -> CallResult {
        CallResult::Approved(Approval {
            reference: self.transaction_id.clone().unwrap_or_default(),
            auth_code: self.auth_code.clone(),
            card_mask: self.card_mask.clone(),
        })
    }

    fn unclear(&self) -> CallResult {
        let name = self.transaction_id.as_deref().unwrap_or("a payment without a name");
        CallResult::Unknown(format!("The gateway does not say what came of {name}."))
    }
}

fn declined(said: Meaning, code: &str) -> CallResult {
    match said {
        Meaning::Accepted | Meaning::NoAnswer | Meaning::Unlisted => {
            CallResult::Declined(DeclineReason::Soft)
        }
        _ => by_code(said, code),
    }
}

/// What a code says where no status stands beside it.
fn by_code(said: Meaning, code: &str) -> CallResult {
    match said {
        Meaning::Declined(reason) => CallResult::Declined(reason),
        Meaning::NotExecuted(reason) => {
            CallResult::NotExecuted(format!("The gateway says that {reason} (code {code})."))
        }
        Meaning::Misconfigured => CallResult::Misconfigured(format!(
            "The gateway says that the merchant is unknown or not active (code {code})."
        )),
        Meaning::UsedBefore => {
            CallResult::Unknown(format!("The gateway has seen this order id before (code {code})."))
        }
        Meaning::Accepted | Meaning::NoAnswer | Meaning::Unlisted => {
            CallResult::Unknown(format!("The gateway leaves it open (code {code:?})."))
        }
    }
}

/// What a request that the gateway did not take (HTTP 400) came to.
pub(super) fn refused(answer: Option<&Document>) -> CallResult {
    let Some(answer) = answer else {
        return CallResult::Unknown("The gateway refused the request without a reason.".into());
    };
    match answer.text("ActionCode") {
        Some(code) => by_code(meaning(&code), &code),
        None if answer.text("Message").is_some() => {
            let names = wrong_members(answer).join(", ");
            CallResult::NotExecuted(format!("The gateway refused the request: {names}."))
        }
        None => CallResult::Unknown("The gateway refused the request without a reason.".into()),
    }
}

/// The names of the members that the gateway found wrong: `PAN: InvalidFormat; ExpMonth: …`. What
/// it says of them is left out, because it may quote them.
pub(super) fn wrong_members(answer: &Document) -> Vec<String> {
    let message = answer.text("Message").unwrap_or_default();
    let names = message.split(';').filter_map(|problem| problem.split_once(':'));
    let names = names.map(|(name, _)| name.trim().to_owned());
    names.filter(|name| is_name(name)).collect()
}

/// Whether a text looks like the name of a member, and not like something that was sent.
fn is_name(text: &str) -> bool {
    text.len() <= NAME_LENGTH_MAX
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What capture, cancel and refund said of themselves: no status, only a code.
pub(super) fn movement_result(answer: &Document, reference: &str) -> CallResult {
    let code = answer.text("ActionCode").unwrap_or_default();
    match meaning(&code) {
        Meaning::Accepted => {
            let reference = reference.to_owned();
            CallResult::Approved(Approval { reference, ..Approval::default() })
        }
        other => by_code(other, &code),
    }
}

/// Whether a text can name a payment at the gateway: at most 64 letters, digits, `_` and `-`.
#[must_use]
pub fn is_transaction_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (1..=TRANSACTION_ID_LENGTH_MAX).contains(&text.len()) && text.bytes().all(plain)
}

/// A masked number as it is shown: ten digits at most. `None` for one that shows more.
pub(super) fn mask(text: &str) -> Option<String> {
    let is_mask = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    let shown = text.bytes().filter(u8::is_ascii_digit).count();
    (is_mask && shown <= MASK_DIGITS_MAX).then(|| text.to_owned())
}
