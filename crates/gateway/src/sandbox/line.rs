//! What the log says, line by line.

use domain::attempt::CallResult;
use domain::money::Money;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::behaviour::{Behaviour, Payer};

/// What the sandbox was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Take money at once.
    Sale,
    /// Reserve money.
    Authorize,
    /// Take what was reserved.
    Capture,
    /// Give a reservation up.
    Void,
    /// Give money back.
    Refund,
    /// Ask the bank who the holder is.
    Enrol,
    /// The holder passed the challenge.
    PassChallenge,
    /// The holder failed the challenge.
    FailChallenge,
    /// Not asked by the till: the payer accepts on the telephone.
    PayerAccepts,
    /// Not asked by the till: the payer rejects on the telephone.
    PayerRejects,
    /// Pay an open payment.
    PayOpen,
    /// Tell what became of the key.
    Lookup,
    /// Refuse the key from now on.
    Fence,
    /// Keep the card, to be charged once.
    TokenizeSingle,
    /// Keep the card.
    TokenizeMulti,
    /// Refuse the token from now on.
    DisableToken,
    /// Keep a subscription.
    Subscribe,
    /// Not asked by the till: a period is over, and the next one is taken.
    Renew,
    /// End a subscription.
    EndSubscription,
    /// Set the balance of a gift card.
    SetBalance,
    /// Not asked by anybody: the buyer disputes the charge of this key.
    Dispute,
}

impl Operation {
    /// The challenge is passed by saying `ok` and failed by saying anything else.
    pub(super) fn of_challenge_answer(text: &str) -> Operation {
        if text == "ok" { Operation::PassChallenge } else { Operation::FailChallenge }
    }

    /// Whether what it approves is money reserved, taken or given back.
    fn moves_money(self) -> bool {
        use Operation::{Authorize, Capture, PayOpen, PayerAccepts, Refund, Sale, Void};
        matches!(self, Sale | Authorize | Capture | Void | Refund | PayerAccepts | PayOpen)
    }
}

/// What may be written down of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFacts {
    /// First six and last four digits, never more.
    pub mask: String,
    /// What it does when it is charged.
    pub behaviour: Behaviour,
}

/// What may be written down of a telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneFacts {
    /// Its last two digits.
    pub mask: String,
    /// What its owner does when asked.
    pub payer: Payer,
}

/// A request without its key. Two requests with one key must be equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What to do.
    pub operation: Operation,
    /// The charge it is about, if that has another key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// How much, if it is about money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// The card, if one was sent or a known token was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardFacts>,
    /// The hash of the token that was charged or made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The hash of the token whose card is kept under a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The telephone whose owner is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneFacts>,
    /// The name of an authentication or of an open payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Where the holder's browser goes on after a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// What proved that the holder agrees: the hash of a passed authentication's token, or
    /// [`WALLET_PROOF`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// Stands in the log for the cryptogram of a device's wallet, which is always believed.
pub const WALLET_PROOF: &str = "cryptogram";

impl Request {
    /// A request that is about a key only.
    pub(super) fn new(operation: Operation) -> Request {
        Request {
            operation,
            charge: None,
            money: None,
            card: None,
            token: None,
            from: None,
            phone: None,
            handle: None,
            return_url: None,
            proof: None,
        }
    }
}

/// What was done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// It was carried out, with this outcome, for the first time.
    Applied,
    /// It was carried out and its connection dropped instead of an answer.
    AnswerLost,
    /// The key and the request were known: the stored outcome was given again.
    Repeated,
    /// It only asked.
    Asked,
    /// The key was known with another request: refused.
    Conflict,
    /// Its connection was dropped and nothing was done.
    NothingDone,
}

impl Handling {
    /// Whether the line changes the book.
    #[must_use]
    pub fn changes_book(self) -> bool {
        matches!(self, Handling::Applied | Handling::AnswerLost)
    }

    /// Whether the connection is dropped instead of an answer.
    #[must_use]
    pub fn drops_connection(self) -> bool {
        matches!(self, Handling::AnswerLost | Handling::NothingDone)
    }
}

/// One line of the log: one request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// The key of the request, or the last digits of a gift card.
    pub key: String,
    /// What was asked.
    pub request: Request,
    /// What was done.
    pub handling: Handling,
    /// What was, or would have been, answered.
    pub outcome: CallResult,
}

impl LogLine {
    /// Minor units that this line reserved, took or gave back, as its operation says.
    #[must_use]
    pub fn moved(&self) -> i64 {
        if !self.handling.changes_book() || !self.request.operation.moves_money() {
            return 0;
        }
        match &self.outcome {
            CallResult::Approved(_) => self.request.money.map_or(0, |money| money.amount),
            CallResult::PartiallyApproved(_, moved) => *moved,
            _ => 0,
        }
    }
}
