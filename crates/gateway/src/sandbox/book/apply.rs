//! Doing what was decided, now or when the log is read in again.

use domain::attempt::CallResult;

use super::{Book, Record, Standing, Token, ending, not_executed};
use crate::sandbox::behaviour::Behaviour;
use crate::sandbox::line::{LogLine, Operation, Request};

impl Book {
    /// Does what was decided. Lines that change nothing are passed over.
    pub(in crate::sandbox) fn apply(&mut self, line: LogLine) {
        if !line.handling.changes_book() {
            return;
        }
        self.changes += 1;
        match line.request.operation {
            Operation::Sale | Operation::Authorize => self.apply_charge(line),
            Operation::Capture | Operation::Void | Operation::Refund => self.apply_to_charge(line),
            Operation::Enrol => self.apply_enrolment(line),
            Operation::PassChallenge | Operation::FailChallenge => self.apply_challenge(line),
            Operation::PayerAccepts | Operation::PayerRejects => self.apply_payer(line),
            Operation::PayOpen => self.apply_open_paid(line),
            Operation::Fence => self.apply_fence(line),
            Operation::TokenizeSingle | Operation::TokenizeMulti => self.apply_token(line),
            Operation::Subscribe | Operation::Renew | Operation::EndSubscription => {
                self.apply_subscription(line);
            }
            Operation::DisableToken => self.apply_disabled(&line),
            Operation::SetBalance => {
                self.balances.extend(line.request.money.map(|money| (line.key, money)));
            }
            Operation::Lookup | Operation::Dispute => {}
        }
    }

    fn apply_charge(&mut self, line: LogLine) {
        let moved = line.moved();
        self.spend_token(line.request.token.as_ref());
        self.spend_proof(&line.request);
        self.change_balance(&line.request, -moved);
        let standing = match line.request.handle.clone().filter(|_| is_pending(&line.outcome)) {
            Some(handle) => {
                self.open.insert(handle, line.key.clone());
                Standing::Open
            }
            None => Standing::of_charge(line.request.operation, &line.outcome),
        };
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
        if !matches!(line.outcome, CallResult::Approved(_)) {
            return;
        }
        self.spend_token(line.request.from.as_ref());
        let single = line.request.operation == Operation::TokenizeSingle;
        if let (Some(hash), Some(card)) = (line.request.token, line.request.card) {
            self.tokens.insert(hash, Token { card, single, spent: false });
        }
    }

    /// A token good for one use has had it.
    pub(super) fn spend_token(&mut self, hash: Option<&String>) {
        if let Some(token) = hash.and_then(|hash| self.tokens.get_mut(hash)) {
            token.spent |= token.single;
        }
    }

    fn apply_disabled(&mut self, line: &LogLine) {
        let token = line.request.token.as_ref().and_then(|hash| self.tokens.get_mut(hash));
        if let Some(token) = token {
            token.spent = true;
        }
    }

    pub(super) fn insert(&mut self, line: LogLine, standing: Standing, moved: i64) {
        let LogLine { key, request, outcome, at, .. } = line;
        let record = Record { request, outcome, standing, moved, refunded: 0, begun_at: at };
        self.records.insert(key, Box::new(record));
    }

    pub(super) fn change_balance(&mut self, request: &Request, change: i64) {
        let gift_card = request.card.as_ref().filter(|card| card.behaviour == Behaviour::GiftCard);
        if let Some(balance) = gift_card.and_then(|card| self.balances.get_mut(ending(card))) {
            balance.amount = balance.amount.saturating_add(change);
        }
    }
}

fn is_pending(outcome: &CallResult) -> bool {
    matches!(outcome, CallResult::Pending(_))
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
    pub(super) fn of_charge(operation: Operation, outcome: &CallResult) -> Standing {
        match outcome {
            CallResult::Approved(_) | CallResult::PartiallyApproved(..) => match operation {
                Operation::Authorize => Standing::Reserved,
                _ => Standing::Taken,
            },
            CallResult::Pending(_) => Standing::Asked,
            CallResult::Unknown(_) => Standing::Faulty,
            _ => Standing::Closed,
        }
    }
}
