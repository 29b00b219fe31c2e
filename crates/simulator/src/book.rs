//! The gateway's own book: what each key did. It survives every node, and the judge believes it.

use std::collections::BTreeMap;

use domain::attempt::{Approval, CallResult};
use domain::sale::Verdict;
use domain::time::Timestamp;

use crate::plan::{Bank, Script, Way};

/// What a till asks of the gateway.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    /// Take so much with the card of this order.
    Charge { order: u32, amount: i64 },
    /// Give so much of that charge back.
    Refund { charge_key: String, amount: i64 },
    /// What became of the key?
    Lookup,
    /// Refuse the key from now on.
    Fence,
}

/// What one key did.
#[derive(Debug)]
struct Movement {
    order: u32,
    bank: Bank,
    amount: i64,
    /// The charge that a refund gives back.
    of: Option<String>,
    /// What a person at the gateway moved by hand.
    corrected: Option<i64>,
    at: Timestamp,
    number: usize,
}

/// The gateway's memory.
#[derive(Debug)]
pub(crate) struct Book {
    scripts: BTreeMap<u32, Script>,
    movements: BTreeMap<String, Movement>,
    fenced: Vec<String>,
    /// How many questions about an order, and refunds of it, have come in.
    questions: BTreeMap<u32, usize>,
    refunds: BTreeMap<u32, Vec<String>>,
}

impl Book {
    pub(crate) fn new<'a>(scripts: impl Iterator<Item = (u32, &'a Script)>) -> Book {
        Book {
            scripts: scripts.map(|(card, script)| (card, script.clone())).collect(),
            movements: BTreeMap::new(),
            fenced: Vec::new(),
            questions: BTreeMap::new(),
            refunds: BTreeMap::new(),
        }
    }

    /// How a call travels. `order` is the card's, where the call does not say it.
    pub(crate) fn way(&mut self, key: &str, request: &Request, order: Option<u32>) -> Way {
        let order = match request {
            Request::Charge { order, .. } => Some(*order),
            Request::Refund { charge_key, .. } => self.order_of(charge_key),
            Request::Lookup | Request::Fence => self.order_of(key).or(order),
        };
        let Some(order) = order else { return Way::PLAIN };
        let Some(script) = self.scripts.get(&order) else { return Way::PLAIN };
        let way = match request {
            Request::Charge { .. } => Some(script.charge.1),
            Request::Refund { .. } => {
                let index = refund_index(&mut self.refunds, order, key);
                script.refunds.get(index).map(|(_, way)| *way)
            }
            Request::Lookup | Request::Fence => {
                let asked = self.questions.entry(order).or_default();
                *asked += 1;
                script.questions.get(*asked - 1).copied()
            }
        };
        way.unwrap_or(Way::PLAIN)
    }

    fn order_of(&self, key: &str) -> Option<u32> {
        self.movements.get(key).map(|movement| movement.order)
    }

    /// The gateway does what it is asked, once for each key.
    pub(crate) fn execute(&mut self, key: &str, request: &Request, now: Timestamp) -> CallResult {
        match request {
            Request::Lookup => self.answer(key, now),
            Request::Fence => {
                if !self.movements.contains_key(key) {
                    self.fenced.push(key.to_owned());
                }
                self.answer(key, now)
            }
            Request::Charge { order, amount } => {
                let bank = self.scripts.get(order).map_or(Bank::Approves, |found| found.charge.0);
                self.movement(key, now, || Movement::new(*order, bank, *amount, None, now))
            }
            Request::Refund { charge_key, amount } => {
                let Some(order) = self.order_of(charge_key) else {
                    return CallResult::NotExecuted("There is no such charge.".to_owned());
                };
                let index = refund_index(&mut self.refunds, order, key);
                let refund = self.scripts.get(&order).and_then(|found| found.refunds.get(index));
                let bank = refund.map_or(Bank::Approves, |refund| refund.0);
                let of = Some(charge_key.clone());
                self.movement(key, now, || Movement::new(order, bank, *amount, of, now))
            }
        }
    }

    /// A key that is known, or refused, moves nothing again.
    fn movement(
        &mut self,
        key: &str,
        now: Timestamp,
        new: impl FnOnce() -> Movement,
    ) -> CallResult {
        if !self.is_fenced(key) && !self.movements.contains_key(key) {
            let movement = Movement { number: self.movements.len(), ..new() };
            if movement.bank == Bank::Refuses {
                self.fenced.push(key.to_owned());
            } else {
                self.movements.insert(key.to_owned(), movement);
            }
        }
        self.answer(key, now)
    }

    fn is_fenced(&self, key: &str) -> bool {
        self.fenced.iter().any(|fenced| fenced == key)
    }

    fn answer(&self, key: &str, now: Timestamp) -> CallResult {
        match self.movements.get(key) {
            Some(movement) => movement.answer(now),
            None if self.is_fenced(key) => CallResult::NotExecuted("The key is refused.".into()),
            None => CallResult::NotFound,
        }
    }

    /// Minor units that moved under a key so far.
    pub(crate) fn moved(&self, key: &str, now: Timestamp) -> i64 {
        self.movements.get(key).map_or(0, |movement| movement.moved(now))
    }

    /// A charge of which more was given back than it took, if there is one.
    pub(crate) fn overdrawn(&self, now: Timestamp) -> Option<String> {
        let mut left: BTreeMap<&str, i64> = BTreeMap::new();
        for (key, movement) in &self.movements {
            let (charge, sign) = movement.of.as_deref().map_or((&**key, 1), |of| (of, -1));
            *left.entry(charge).or_default() += sign * movement.moved(now);
        }
        let over = left.into_iter().find(|(_, left)| *left < 0);
        over.map(|(charge, left)| format!("{charge} has {left} left"))
    }

    /// Every key that moved anything.
    pub(crate) fn moving_keys(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let moving = self.movements.iter().filter(move |(_, movement)| movement.moved(now) > 0);
        moving.map(|(key, _)| key.as_str())
    }

    /// A person reads the book, puts half measures right by hand, and says what came of the key.
    pub(crate) fn person_decides(&mut self, key: &str, refund: bool, now: Timestamp) -> Verdict {
        let moved = self.moved(key, now);
        let Some(movement) = self.movements.get_mut(key) else { return Verdict::NotMoved };
        if moved > 0 && moved < movement.amount {
            movement.corrected = Some(if refund { movement.amount } else { 0 });
        }
        if movement.moved(now) > 0 {
            Verdict::Moved(format!("pay_{}", movement.number))
        } else {
            Verdict::NotMoved
        }
    }
}

/// The place of a refund's key among those of its order.
fn refund_index(refunds: &mut BTreeMap<u32, Vec<String>>, order: u32, key: &str) -> usize {
    let keys = refunds.entry(order).or_default();
    keys.iter().position(|known| known == key).unwrap_or_else(|| {
        keys.push(key.to_owned());
        keys.len() - 1
    })
}

impl Movement {
    fn new(order: u32, bank: Bank, amount: i64, of: Option<String>, at: Timestamp) -> Movement {
        Movement { order, bank, amount, of, corrected: None, at, number: 0 }
    }

    fn moved(&self, now: Timestamp) -> i64 {
        if let Some(corrected) = self.corrected {
            return corrected;
        }
        match self.bank {
            Bank::Approves | Bank::Fails { moved: true } => self.amount,
            Bank::Part(hundredths) => self.amount * i64::from(hundredths) / 100,
            Bank::Later { approves: true, .. } if self.is_decided(now) => self.amount,
            _ => 0,
        }
    }

    fn is_decided(&self, now: Timestamp) -> bool {
        match self.bank {
            Bank::Later { after_ms, .. } => {
                now.0 - self.at.0 >= i64::try_from(after_ms).unwrap_or(i64::MAX) * 1_000
            }
            _ => true,
        }
    }

    fn answer(&self, now: Timestamp) -> CallResult {
        let approval = || Approval {
            reference: format!("pay_{}", self.number),
            auth_code: None,
            card_mask: None,
        };
        match self.bank {
            Bank::Later { .. } if !self.is_decided(now) => CallResult::Pending("wait".to_owned()),
            Bank::Approves | Bank::Later { approves: true, .. } => CallResult::Approved(approval()),
            Bank::Part(_) => CallResult::PartiallyApproved(approval(), self.moved(now)),
            Bank::Declines(reason) => CallResult::Declined(reason),
            Bank::Later { approves: false, .. } => {
                CallResult::Declined(domain::attempt::DeclineReason::Soft)
            }
            Bank::Challenges => CallResult::ChallengeRequired("prove it".to_owned()),
            Bank::Fails { .. } => CallResult::Unknown("error 909".to_owned()),
            Bank::Refuses => CallResult::NotExecuted("not taken".to_owned()),
        }
    }
}
