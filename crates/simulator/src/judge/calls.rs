//! What the judge makes of calls to the gateway.

use domain::attempt::{Attempt, AttemptState, Verb};
use domain::time::{Span, Timestamp};

use super::Judge;
use crate::book::Request;

/// How far clocks that count may be apart.
const CLOCKS_APART: Span = Span::seconds(4);

/// How long a node waits for an answer.
const ANSWERED_WITHIN: Span = Span::seconds(30);

/// From the moment an attempt is written down until nothing of it can be on its way any more.
const ON_ITS_WAY: Span = Span::seconds(40);

/// The longest time after which a charge may still leave: a node may stand still between its
/// look at the clock and the call, but gives the call up when its deadline is over.
const LEAVES_WITHIN: Span = Span::seconds(40);

impl Judge {
    /// A node turns to the gateway; whether the call leaves is another matter.
    pub(crate) fn hears_begin(&mut self, key: &str, now: Timestamp) {
        if !self.begun.contains_key(key) {
            self.begun.insert(key.to_owned(), now);
        }
    }

    /// A call leaves for the gateway.
    pub(crate) fn hears_call(&mut self, key: &str, request: &Request, now: Timestamp) {
        let Some(attempt) = self.attempt(key).cloned() else {
            return self.blame("a call has an attempt that is stored", || format!("{request:?}"));
        };
        match request {
            Request::Charge { order, amount } => {
                self.payers.insert(key.to_owned(), *order);
                self.hears_charge(&attempt, *amount, now);
            }
            Request::Refund { amount, .. } => {
                if attempt.verb != Verb::Refund || attempt.amount != *amount {
                    self.blame("a call does what its attempt says", || format!("{attempt:?}"));
                }
            }
            Request::Lookup => {
                if self.is_awaited(key, now) && is_early(&attempt, now) {
                    self.blame("nothing is asked before its time", || format!("{attempt:?}"));
                }
            }
            Request::Fence => {
                if attempt.verb == Verb::Charge && is_early(&attempt, now) {
                    self.blame("nothing is fenced before its time", || format!("{attempt:?}"));
                }
            }
        }
    }

    fn hears_charge(&mut self, attempt: &Attempt, amount: i64, now: Timestamp) {
        if attempt.verb != Verb::Charge || attempt.amount != amount {
            self.blame("a call does what its attempt says", || format!("{attempt:?}"));
        }
        if attempt.state == AttemptState::Created {
            self.blame("nothing is sent before it is stored as sent", || format!("{attempt:?}"));
        }
        if now > attempt.created_at.after(LEAVES_WITHIN).after(CLOCKS_APART) {
            self.blame("nothing is sent after its time", || format!("{attempt:?}"));
        }
        if !self.charged.insert(attempt.key.clone()) {
            self.blame("a key is charged once", || format!("{attempt:?}"));
        }
    }

    /// A node has an answer about a key, whatever it says.
    pub(crate) fn hears_answer(&mut self, key: &str) {
        if !self.heard.contains(key) {
            self.heard.insert(key.to_owned());
        }
    }

    /// Whether some node may still wait for an answer to the charge, or is yet to make it.
    fn is_awaited(&self, key: &str, now: Timestamp) -> bool {
        let gives_up = self.begun.get(key).map(|begun_at| begun_at.after(ANSWERED_WITHIN));
        !self.heard.contains(key) && gives_up.is_none_or(|gives_up| now < gives_up)
    }

    fn attempt(&self, key: &str) -> Option<&Attempt> {
        let seen = self.sales.get(self.attempts.get(key)?)?;
        seen.sale.attempts.iter().find(|attempt| attempt.key == key)
    }
}

fn is_early(attempt: &Attempt, now: Timestamp) -> bool {
    now.after(CLOCKS_APART) < attempt.created_at.after(ON_ITS_WAY)
}
