//! The sandbox's book: what has become of every key.
//!
//! [`Book::decide`] looks and says what a request does; [`Book::apply`] does it. The log holds
//! what was decided, so reading it in again leads to the same book.
//!
//! | standing   | capture | void     | refund | challenge passed | failed | fence  |
//! |------------|---------|----------|--------|------------------|--------|--------|
//! | (no key)   | —       | —        | —      | —                | —      | Fenced |
//! | Challenged | —       | —        | —      | Taken, Reserved, Closed | Closed | Fenced |
//! | Reserved   | Taken   | Released | —      | —                | —      | —      |
//! | Taken      | —       | —        | Taken  | —                | —      | —      |
//! | Faulty     | —       | —        | —      | —                | —      | Fenced |
//! | Released   | —       | —        | —      | —                | —      | —      |
//! | Closed     | —       | —        | —      | —                | —      | —      |
//! | Fenced     | —       | —        | —      | —                | —      | —      |
//!
//! "—": nothing changes and no money moves. Every movement has a key of its own, captures,
//! voids and refunds too: the same key with the same request gets the stored outcome again.

use std::collections::HashMap;

use domain::attempt::{Approval, CallResult, DeclineReason};
use domain::money::Money;

use super::behaviour::{Behaviour, Loss, loss_of};
use super::line::{CardFacts, Handling, LogLine, Operation, Request};

/// How many digits at the end of a gift card's number name it.
pub(super) const ENDING_LENGTH: usize = 4;

/// Where a key stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The buyer must pass a challenge first.
    Challenged,
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
            request.card = match &request.token {
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
            Operation::PassChallenge | Operation::FailChallenge => {
                self.finish_challenge(key, request)
            }
            Operation::Sale
            | Operation::Authorize
            | Operation::Capture
            | Operation::Void
            | Operation::Refund => self.movement(key, request),
            Operation::TokenizeSingle
            | Operation::TokenizeMulti
            | Operation::SetBalance
            | Operation::Dispute => applied(self.approval(request.card.as_ref())),
        }
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

    fn finish_challenge(&self, key: &str, request: &Request) -> Decision {
        let Some(known) = self.records.get(key) else { return self.look_up(key) };
        if known.standing != Standing::Challenged {
            return repeated(known);
        }
        let card = known.request.card.as_ref();
        let declines = card.map(|card| card.behaviour) == Some(Behaviour::ChallengeThenDecline);
        applied(if request.operation == Operation::FailChallenge {
            CallResult::Declined(DeclineReason::AuthenticationRequired)
        } else if declines {
            CallResult::Declined(DeclineReason::Soft)
        } else {
            self.approval(card)
        })
    }

    fn movement(&self, key: &str, request: &Request) -> Decision {
        match self.records.get(key) {
            Some(known) if known.standing == Standing::Fenced => repeated(known),
            Some(known) if known.request == *request => repeated(known),
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
        match card.behaviour {
            Behaviour::Approve | Behaviour::Dispute => self.approval(Some(card)),
            Behaviour::Decline(reason) => CallResult::Declined(reason),
            Behaviour::Fault => CallResult::Unknown("The bank answered with error 909.".into()),
            Behaviour::Challenge | Behaviour::ChallengeThenDecline => {
                CallResult::ChallengeRequired("Answer this challenge with ok or fail.".into())
            }
            Behaviour::GiftCard => self.charge_gift_card(card, money),
        }
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
        matches!(self.standing, Standing::Challenged | Standing::Faulty)
    }

    fn currency_is(&self, money: Money) -> bool {
        self.request.money.is_some_and(|own| own.currency == money.currency)
    }
}

impl Book {
    /// Does what was decided. Lines that change nothing are passed over.
    pub(super) fn apply(&mut self, line: LogLine) {
        if !line.handling.changes_book() {
            return;
        }
        self.changes += 1;
        match line.request.operation {
            Operation::Sale | Operation::Authorize => self.apply_charge(line),
            Operation::Capture | Operation::Void | Operation::Refund => self.apply_to_charge(line),
            Operation::PassChallenge | Operation::FailChallenge => self.apply_challenge(line),
            Operation::Fence => self.apply_fence(line),
            Operation::TokenizeSingle | Operation::TokenizeMulti => self.apply_token(line),
            Operation::SetBalance => {
                self.balances.extend(line.request.money.map(|money| (line.key, money)));
            }
            Operation::Lookup | Operation::Dispute => {}
        }
    }

    fn apply_charge(&mut self, line: LogLine) {
        let moved = line.moved();
        let token = line.request.token.as_ref().and_then(|hash| self.tokens.get_mut(hash));
        if let Some(token) = token {
            token.spent = token.single;
        }
        self.change_balance(&line.request, -moved);
        let standing = Standing::of_charge(line.request.operation, &line.outcome);
        self.insert(line, standing, moved);
    }

    fn apply_to_charge(&mut self, line: LogLine) {
        let moved = line.moved();
        let charge = line.request.charge.as_ref().and_then(|key| self.records.get_mut(key));
        if let Some(charge) = charge.filter(|_| moved > 0) {
            let given_back = charge.change(line.request.operation, moved);
            self.change_balance(&line.request, given_back);
        }
        self.insert(line, Standing::Closed, moved);
    }

    fn apply_challenge(&mut self, line: LogLine) {
        if let Some(charge) = self.records.get_mut(&line.key) {
            charge.moved = line.moved();
            charge.standing = Standing::of_charge(charge.request.operation, &line.outcome);
            charge.outcome = line.outcome;
        }
    }

    fn apply_fence(&mut self, line: LogLine) {
        match self.records.get_mut(&line.key) {
            Some(charge) => {
                charge.standing = Standing::Fenced;
                charge.outcome = line.outcome;
            }
            None => self.insert(line, Standing::Fenced, 0),
        }
    }

    fn apply_token(&mut self, line: LogLine) {
        let single = line.request.operation == Operation::TokenizeSingle;
        if let (Some(hash), Some(card)) = (line.request.token, line.request.card) {
            self.tokens.insert(hash, Token { card, single, spent: false });
        }
    }

    fn insert(&mut self, line: LogLine, standing: Standing, moved: i64) {
        let LogLine { key, request, outcome, .. } = line;
        let record = Record { request, outcome, standing, moved, refunded: 0 };
        self.records.insert(key, Box::new(record));
    }

    fn change_balance(&mut self, request: &Request, change: i64) {
        let gift_card = request.card.as_ref().filter(|card| card.behaviour == Behaviour::GiftCard);
        if let Some(balance) = gift_card.and_then(|card| self.balances.get_mut(ending(card))) {
            balance.amount = balance.amount.saturating_add(change);
        }
    }
}

impl Record {
    /// Captures, voids or refunds `amount`; tells how much of it the buyer has back.
    fn change(&mut self, operation: Operation, amount: i64) -> i64 {
        match operation {
            Operation::Capture => {
                let released = self.moved - amount;
                self.standing = Standing::Taken;
                self.moved = amount;
                released
            }
            Operation::Refund => {
                self.refunded += amount;
                amount
            }
            _ => {
                self.standing = Standing::Released;
                self.outcome = not_executed("The reservation was given up.");
                std::mem::take(&mut self.moved)
            }
        }
    }
}

impl Standing {
    fn of_charge(operation: Operation, outcome: &CallResult) -> Standing {
        match outcome {
            CallResult::Approved(_) | CallResult::PartiallyApproved(..) => match operation {
                Operation::Authorize => Standing::Reserved,
                _ => Standing::Taken,
            },
            CallResult::ChallengeRequired(_) => Standing::Challenged,
            CallResult::Unknown(_) => Standing::Faulty,
            _ => Standing::Closed,
        }
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
