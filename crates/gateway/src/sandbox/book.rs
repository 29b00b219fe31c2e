//! The sandbox's book: what has become of every key.
//!
//! [`Book::decide`] looks and says what a request does; [`Book::apply`] does it. The log holds
//! what was decided, so reading it in again leads to the same book.
//!
//! | standing   | capture | void     | refund | passed, accepted | failed, rejected | fence  |
//! |------------|---------|----------|--------|------------------|------------------|--------|
//! | (no key)   | —       | —        | —      | —                | —                | Fenced |
//! | Challenged | —       | —        | —      | Proven           | Closed           | —      |
//! | Proven     | —       | —        | —      | —                | —                | —      |
//! | Asked      | —       | —        | —      | Taken            | Closed           | Fenced |
//! | Open       | —       | —        | —      | Taken, Reserved ² | — ²             | Fenced |
//! | Reserved   | Taken   | Released | —      | —                | —                | —      |
//! | Taken      | —       | —        | Taken ¹ | —               | —                | —      |
//! | Faulty     | —       | —        | —      | —                | —                | Fenced |
//! | Released   | —       | —        | —      | —                | —                | —      |
//! | Closed     | —       | —        | —      | —                | —                | —      |
//! | Fenced     | —       | —        | —      | —                | —                | —      |
//!
//! "—": nothing changes and no money moves. Every movement has a key of its own, captures,
//! voids and refunds too: the same key with the same request gets the stored outcome again.
//! Challenged and Proven are authentications; a charge with one of these as its proof closes it.
//! Asked is a charge whose payer is asked on a telephone. ¹ Not what came by telephone. ² Open is
//! a payment that waits for its buyer: paying it with a good card takes or reserves, as it was
//! opened; any other card leaves it open.

mod apply;
mod authentication;
mod open;
mod payer;
mod subscription;

use std::collections::HashMap;

use domain::attempt::{Approval, CallResult, DeclineReason};
use domain::money::{Currency, Money};
use domain::time::Timestamp;

use super::behaviour::{Behaviour, Loss, loss_of};
use super::line::{CardFacts, Handling, Operation, Request};

/// How many digits at the end of a gift card's number name it.
pub(super) const ENDING_LENGTH: usize = 4;

/// Where a key stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The holder has a challenge to pass.
    Challenged,
    /// The holder passed, or had none to pass: one charge may show it.
    Proven,
    /// The payer is asked on the telephone.
    Asked,
    /// It waits for its buyer to pay.
    Open,
    /// The money is reserved.
    Reserved,
    /// The money was taken.
    Taken,
    /// The answer was an error that said nothing about the money.
    Faulty,
    /// The reservation was given up.
    Released,
    /// Nothing more happens with this key.
    Closed,
    /// The key is refused.
    Fenced,
}

/// A key and what became of it.
#[derive(Debug)]
struct Record {
    request: Request,
    outcome: CallResult,
    standing: Standing,
    /// Minor units reserved or taken.
    moved: i64,
    /// Minor units given back.
    refunded: i64,
    /// When it was first asked for.
    begun_at: Timestamp,
}

/// A card kept for later.
#[derive(Debug)]
struct Token {
    card: CardFacts,
    single: bool,
    spent: bool,
}

/// What a request does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) handling: Handling,
    pub(super) outcome: CallResult,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Boxed, because growing the map moves everything that is in it.
    records: HashMap<String, Box<Record>>,
    /// By the hash of the token.
    tokens: HashMap<String, Token>,
    /// The keys of authentications by their handles.
    handles: HashMap<String, String>,
    /// The keys of authentications by the hash of what proves that they were passed.
    proofs: HashMap<String, String>,
    /// The keys of open payments by their handles.
    open: HashMap<String, String>,
    /// By their keys.
    subscriptions: HashMap<String, subscription::Kept>,
    /// Gift cards by their mask's last digits.
    balances: HashMap<String, Money>,
    /// How many lines have changed the book; numbers the next reference.
    changes: u64,
}

impl Book {
    /// Adds to a request what the book knows and the caller left out: the card behind a token,
    /// the card and the money of the charge it is about. So every line of the log tells all.
    pub(super) fn complete(&self, key: &str, request: &mut Request) {
        let known = self.records.get(request.charge.as_deref().unwrap_or(key));
        let known = known.map(|charge| &charge.request);
        if request.money.is_none() {
            request.money = known.and_then(|known| known.money);
        }
        if request.card.is_none() {
            request.card = match request.from.as_ref().or(request.token.as_ref()) {
                Some(hash) => self.tokens.get(hash).map(|token| token.card.clone()),
                None => known.and_then(|known| known.card.clone()),
            };
        }
    }

    /// What `request` with this key does; changes nothing.
    pub(super) fn decide(&self, key: &str, request: &Request) -> Decision {
        match request.operation {
            Operation::Lookup => self.look_up(key),
            Operation::Fence => self.fence(key),
            Operation::Enrol => self.enrol(key, request),
            Operation::PassChallenge | Operation::FailChallenge => {
                self.finish_challenge(key, request)
            }
            Operation::PayerAccepts | Operation::PayerRejects => self.answer_payer(key, request),
            Operation::PayOpen => self.pay_open(key, request),
            Operation::Sale
            | Operation::Authorize
            | Operation::Capture
            | Operation::Void
            | Operation::Refund => self.movement(key, request),
            Operation::Subscribe | Operation::Renew | Operation::EndSubscription => {
                self.decide_subscription(key, request)
            }
            Operation::TokenizeSingle | Operation::TokenizeMulti => self.keep(request),
            Operation::DisableToken | Operation::SetBalance | Operation::Dispute => {
                applied(self.approval(request.card.as_ref()))
            }
        }
    }

    fn keep(&self, request: &Request) -> Decision {
        let spent = |hash| self.tokens.get(hash).is_some_and(|token| token.spent);
        if request.card.is_none() || request.from.as_ref().is_some_and(spent) {
            return applied(CallResult::Declined(DeclineReason::CardInvalid));
        }
        applied(self.approval(request.card.as_ref()))
    }

    fn look_up(&self, key: &str) -> Decision {
        let outcome =
            self.records.get(key).map_or(CallResult::NotFound, |known| known.outcome.clone());
        Decision { handling: Handling::Asked, outcome }
    }

    fn fence(&self, key: &str) -> Decision {
        match self.records.get(key) {
            Some(known) if !known.may_be_fenced() => repeated(known),
            _ => applied(not_executed("The key was given up and is refused.")),
        }
    }

    fn movement(&self, key: &str, request: &Request) -> Decision {
        match self.records.get(key) {
            Some(known) if known.standing == Standing::Fenced => repeated(known),
            Some(known) if known.is_asked_by(request) => repeated(known),
            Some(_) => conflict(),
            None => self.new_movement(request),
        }
    }

    fn new_movement(&self, request: &Request) -> Decision {
        let Some(money) = request.money.filter(|money| money.amount > 0) else {
            return applied(not_executed("The amount must be more than nothing."));
        };
        let loss = match request.operation {
            Operation::Sale | Operation::Authorize | Operation::Refund => loss_of(money),
            _ => None,
        };
        if loss == Some(Loss::BeforeExecution) {
            let outcome = CallResult::Unknown("The connection was dropped.".into());
            return Decision { handling: Handling::NothingDone, outcome };
        }
        let outcome = match request.operation {
            Operation::Sale if request.phone.is_some() => asked(),
            Operation::Sale | Operation::Authorize if request.handle.is_some() => opened(request),
            Operation::Capture => self.capture(request, money),
            Operation::Void => self.void(request),
            Operation::Refund => self.refund(request, money),
            _ => self.charge(request, money),
        };
        let lost = loss == Some(Loss::AfterExecution);
        Decision { handling: if lost { Handling::AnswerLost } else { Handling::Applied }, outcome }
    }

    fn charge(&self, request: &Request, money: Money) -> CallResult {
        let token = request.token.as_ref().and_then(|hash| self.tokens.get(hash));
        let card = match &request.card {
            Some(card) if !token.is_some_and(|token| token.spent) => card,
            _ => return CallResult::Declined(DeclineReason::CardInvalid),
        };
        let proven = match self.is_proven(request) {
            Ok(proven) => proven,
            Err(reason) => return CallResult::Declined(reason),
        };
        match card.behaviour {
            Behaviour::Challenge | Behaviour::ChallengeThenDecline if !proven => {
                CallResult::Declined(DeclineReason::AuthenticationRequired)
            }
            Behaviour::ChallengeThenDecline => CallResult::Declined(DeclineReason::Soft),
            Behaviour::Approve | Behaviour::Dispute | Behaviour::Challenge => {
                self.approval(Some(card))
            }
            Behaviour::Decline(reason) => CallResult::Declined(reason),
            Behaviour::Fault => CallResult::Unknown("The bank answered with error 909.".into()),
            Behaviour::GiftCard => self.charge_gift_card(card, money),
        }
    }

    /// What is left on the gift card behind a token; `None` when there is none behind it.
    pub(super) fn balance(&self, token: &str, currency: Currency) -> Option<Money> {
        let card = self.tokens.get(token).filter(|token| !token.spent).map(|token| &token.card)?;
        let own = self.balances.get(ending(card)).filter(|own| own.currency == currency);
        let left = own.copied().unwrap_or(Money::new(0, currency));
        (card.behaviour == Behaviour::GiftCard).then_some(left)
    }

    fn charge_gift_card(&self, card: &CardFacts, money: Money) -> CallResult {
        let balance = self.balances.get(ending(card));
        let balance = balance.filter(|balance| balance.currency == money.currency);
        match balance.map_or(0, |balance| balance.amount) {
            ..=0 => CallResult::Declined(DeclineReason::InsufficientFunds),
            part if part < money.amount => match self.approval(Some(card)) {
                CallResult::Approved(approval) => CallResult::PartiallyApproved(approval, part),
                other => other,
            },
            _ => self.approval(Some(card)),
        }
    }

    fn capture(&self, request: &Request, money: Money) -> CallResult {
        match self.charge_of(request) {
            Some(charge)
                if charge.standing == Standing::Reserved
                    && charge.currency_is(money)
                    && money.amount <= charge.moved =>
            {
                self.approval(charge.request.card.as_ref())
            }
            _ => not_executed("Nothing of this amount is reserved under that key."),
        }
    }

    fn void(&self, request: &Request) -> CallResult {
        match self.charge_of(request) {
            Some(charge) if charge.standing == Standing::Reserved => {
                self.approval(charge.request.card.as_ref())
            }
            _ => not_executed("Nothing is reserved under that key."),
        }
    }

    fn refund(&self, request: &Request, money: Money) -> CallResult {
        match self.charge_of(request) {
            Some(charge)
                if charge.standing == Standing::Taken
                    && charge.request.phone.is_none()
                    && charge.currency_is(money)
                    && money.amount <= charge.moved - charge.refunded =>
            {
                self.approval(charge.request.card.as_ref())
            }
            _ => not_executed("Less than this amount is left of the charge."),
        }
    }

    fn charge_of(&self, request: &Request) -> Option<&Record> {
        self.records.get(request.charge.as_ref()?).map(Box::as_ref)
    }

    fn approval(&self, card: Option<&CardFacts>) -> CallResult {
        let number = self.changes + 1;
        CallResult::Approved(Approval {
            reference: format!("sandbox_{number}"),
            auth_code: Some(format!("{:06}", number % 1_000_000)),
            card_mask: card.map(|card| card.mask.clone()),
        })
    }
}

impl Record {
    fn may_be_fenced(&self) -> bool {
        matches!(self.standing, Standing::Asked | Standing::Faulty | Standing::Open)
    }

    /// Whether this is the request that it was made with. The name of an open payment was made up
    /// for the first one, and does not count.
    fn is_asked_by(&self, request: &Request) -> bool {
        match (&self.request.handle, &request.handle) {
            (Some(handle), Some(_)) => {
                self.request == Request { handle: Some(handle.clone()), ..request.clone() }
            }
            _ => self.request == *request,
        }
    }

    fn currency_is(&self, money: Money) -> bool {
        self.request.money.is_some_and(|own| own.currency == money.currency)
    }
}

/// The digits by which a gift card's balance is set.
fn ending(card: &CardFacts) -> &str {
    &card.mask[card.mask.len().saturating_sub(ENDING_LENGTH)..]
}

fn applied(outcome: CallResult) -> Decision {
    Decision { handling: Handling::Applied, outcome }
}

fn repeated(known: &Record) -> Decision {
    Decision { handling: Handling::Repeated, outcome: known.outcome.clone() }
}

fn conflict() -> Decision {
    let reason = "This key was used for another request; look it up to see what became of it.";
    Decision { handling: Handling::Conflict, outcome: CallResult::Unknown(reason.into()) }
}

fn not_executed(reason: &str) -> CallResult {
    CallResult::NotExecuted(reason.into())
}

fn opened(request: &Request) -> CallResult {
    CallResult::Pending(request.handle.clone().unwrap_or_default())
}

fn asked() -> CallResult {
    CallResult::Pending("The payer is asked on the telephone.".into())
}
