//! Buyers: they order without pause, send again what was not answered if they may, and keep a
//! journal of all of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::dice::Dice;
use crate::exchange::{Answer, order};
use crate::shop::Shop;

/// How often an unanswered order with a key is sent; a restart takes a fraction of these pauses.
const SENDS_MAX: usize = 100;
const PAUSE: Duration = Duration::from_millis(25);

/// What a buyer orders: a ticket type of the catalogue and a card of the sandbox
/// (`payments.md` §5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taste {
    pub(crate) ticket_type: &'static str,
    pub(crate) price: u32,
    pub(crate) card: &'static str,
}

const PAYS: &str = "4242424242424242";
const DECLINED: &str = "4000000000000002";
const SHORT_OF_FUNDS: &str = "4000000000009995";
const FAULTY: &str = "4000000000000119";

/// Every outcome a gateway has, the usual one most often; `answer-lost` charges and drops the
/// connection, `nothing-done` only drops it, `front` sells out.
const TASTES: [Taste; 12] = [
    taste("adult", 4_000, PAYS),
    taste("adult", 4_000, PAYS),
    taste("adult", 4_000, PAYS),
    taste("adult", 4_000, PAYS),
    taste("front", 9_000, PAYS),
    taste("front", 9_000, DECLINED),
    taste("adult", 4_000, DECLINED),
    taste("adult", 4_000, SHORT_OF_FUNDS),
    taste("adult", 4_000, FAULTY),
    taste("answer-lost", 666, PAYS),
    taste("answer-lost", 666, PAYS),
    taste("nothing-done", 667, PAYS),
];

const fn taste(ticket_type: &'static str, price: u32, card: &'static str) -> Taste {
    Taste { ticket_type, price, card }
}

/// One order that somebody wanted, and everything that was heard about it.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// Kept with the sale, so that the judge finds it without having been answered.
    pub(crate) tag: String,
    /// Without one, the order is sent once and never again.
    pub(crate) repeat_key: Option<String>,
    /// One entry for each time it was sent.
    pub(crate) answers: Vec<Answer>,
}

/// All wishes.
pub(crate) type Journal = Vec<Wish>;

/// One buyer after the other, on one thread.
pub(crate) struct Buyers {
    number: u64,
    dice: Dice,
    shop: Shop,
    /// Which node it goes to; another one after a silence.
    turn: usize,
    stop: Arc<AtomicBool>,
    /// Tickets sold to all buyers.
    answered: Arc<AtomicUsize>,
}

impl Buyers {
    pub(crate) fn new(number: u64, dice: Dice, shop: Shop, stop: Arc<AtomicBool>) -> Buyers {
        Buyers {
            number,
            dice,
            shop,
            turn: usize::try_from(number).unwrap(),
            stop,
            answered: Arc::default(),
        }
    }

    /// Counts tickets sold here, too.
    pub(crate) fn counting(self, answered: Arc<AtomicUsize>) -> Buyers {
        Buyers { answered, ..self }
    }

    pub(crate) fn order_until_stopped(mut self) -> Journal {
        let mut journal = Vec::new();
        while !self.stopped() {
            let wish = self.wish(journal.len());
            journal.push(wish);
        }
        journal
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn wish(&mut self, count: usize) -> Wish {
        let taste = TASTES[usize::try_from(self.dice.below(TASTES.len() as u64)).unwrap()];
        let tag = format!("wish-{}-{count}", self.number);
        let repeat_key = (self.dice.below(2) == 0).then(|| format!("key-of-{tag}"));
        let body = self.shop.order(&taste, &tag);
        let mut wish = Wish { tag, repeat_key, answers: Vec::new() };
        self.send(&mut wish, &body);
        if wish.repeat_key.is_some() {
            self.insist(&mut wish, &body);
        }
        wish
    }

    fn send(&mut self, wish: &mut Wish, body: &str) {
        let answer = match self.shop.address(self.turn) {
            Some(node) => order(node, self.shop.key(), wish.repeat_key.as_deref(), body),
            None => Answer::Silence,
        };
        if answer == Answer::Silence {
            self.turn += 1;
            thread::sleep(PAUSE);
        }
        if matches!(answer, Answer::Told { code: 200, .. }) {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
        wish.answers.push(answer);
    }

    /// Sends again until there is an answer, and sometimes once more although there is one.
    fn insist(&mut self, wish: &mut Wish, body: &str) {
        let heard = |wish: &Wish| wish.answers.last() != Some(&Answer::Silence);
        while !heard(wish) && !self.stopped() && wish.answers.len() < SENDS_MAX {
            self.send(wish, body);
        }
        if heard(wish) && self.dice.below(4) == 0 {
            self.send(wish, body);
        }
    }
}
