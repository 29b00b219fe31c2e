//! The judge: a small model of its own, which is told what was asked, what was answered, what
//! the gateway did and what each commit changed, and finds what must not be
//! (`payments.md` §6.8, §7.3).

mod asked;
mod books;
mod calls;
mod cards;
mod commits;
mod end;
mod places;
mod prices;
mod sales;
mod seats;
mod tickets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::attempt::AttemptState;
use domain::gate::Gate;
use domain::ids::{EventId, SaleId, Shard, TaskId, TransferId};
use domain::refusal::Code;
use domain::sale::{Sale, SaleState};
use domain::task::Task;
use domain::time::Timestamp;
use domain::transfer::Transfer;
use store::Due;

pub(crate) use self::asked::Asked;
use self::books::Books;
use self::cards::Cards;
use self::places::Places;
use self::seats::Seats;
use crate::desk::Answer;
use crate::plan::{Bank, Plan, SellerPlan, What};

/// What must not be, and was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule that was broken; the same for each way to break it.
    pub rule: &'static str,
    /// What was found.
    pub finding: String,
}

/// A sale as the judge has seen it committed.
struct Seen {
    sale: Arc<Sale>,
    /// Every state in which it was committed.
    states: BTreeSet<&'static str>,
    order: u32,
    /// The first ticket of those that replaced each other.
    root: SaleId,
    /// Minor units it must cost, before anything was paid back.
    price: i64,
}

/// What the judge knows.
pub(crate) struct Judge {
    violation: Option<Violation>,
    sellers: Vec<SellerPlan>,
    banks: BTreeMap<u32, Bank>,
    /// Every request, by the secret that only it has.
    asked: BTreeMap<[u8; 16], Asked>,
    /// Requests whose sender was told that nothing was stored.
    sealed: BTreeSet<[u8; 16]>,
    /// Orders that used a key, and the sale it led to.
    keys: BTreeMap<(usize, u32), (BTreeSet<u32>, Option<SaleId>)>,
    sales: BTreeMap<SaleId, Seen>,
    /// The sale of each attempt's key.
    attempts: BTreeMap<String, SaleId>,
    /// When a node first turned to the gateway with each key.
    begun: BTreeMap<String, Timestamp>,
    /// Keys that were charged, and keys of which a node has heard.
    charged: BTreeSet<String>,
    heard: BTreeSet<String>,
    /// The card that each key was charged with.
    payers: BTreeMap<String, u32>,
    /// The random part of each handle that a deed may make.
    moves: BTreeSet<[u8; 16]>,
    /// Sales that were ever live, and what replaced each of them.
    issued: BTreeSet<SaleId>,
    successors: BTreeMap<SaleId, SaleId>,
    transfers: BTreeMap<(Shard, TransferId), Arc<Transfer>>,
    tasks: BTreeMap<(Shard, TaskId), Arc<Task>>,
    gates: BTreeMap<(Shard, EventId), Arc<Gate>>,
    places: Places,
    seats: Seats,
    cards: Cards,
    books: Books,
    due: BTreeSet<Due>,
    owed: BTreeSet<(Shard, u32)>,
}

impl Judge {
    pub(crate) fn new(plan: &Plan) -> Judge {
        Judge {
            violation: None,
            sellers: plan.sellers.clone(),
            banks: plan.scripts().map(|(card, script)| (card, script.charge.0)).collect(),
            asked: BTreeMap::new(),
            sealed: BTreeSet::new(),
            keys: BTreeMap::new(),
            sales: BTreeMap::new(),
            attempts: BTreeMap::new(),
            begun: BTreeMap::new(),
            charged: BTreeSet::new(),
            heard: BTreeSet::new(),
            payers: BTreeMap::new(),
            moves: BTreeSet::new(),
            issued: BTreeSet::new(),
            successors: BTreeMap::new(),
            transfers: BTreeMap::new(),
            tasks: BTreeMap::new(),
            gates: BTreeMap::new(),
            places: Places::default(),
            seats: Seats::default(),
            cards: Cards::default(),
            books: Books::default(),
            due: BTreeSet::new(),
            owed: BTreeSet::new(),
        }
    }

    /// Notes the first violation of the run.
    pub(crate) fn blame(&mut self, rule: &'static str, finding: impl FnOnce() -> String) {
        if self.violation.is_none() {
            self.violation = Some(Violation { rule, finding: finding() });
        }
    }

    /// What was violated first.
    pub(crate) fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// Somebody orders.
    pub(crate) fn hears_order(&mut self, asked: &Asked) {
        self.asked.insert(asked.secret.0, asked.clone());
        if let Some(key) = asked.key {
            self.keys.entry((asked.seller, key)).or_default().0.insert(asked.order);
        }
    }

    /// Somebody is answered: what is said must be stored.
    pub(crate) fn hears_answer_to(&mut self, asked: &Asked, answer: &Answer) {
        match answer {
            Answer::Sale(id, state) => self.hears_sale(asked, *id, *state),
            Answer::InDoubt => {}
            Answer::Refused(code) => {
                self.check_reason(asked, *code);
                self.seal(asked);
            }
            Answer::NotNow => self.seal(asked),
            Answer::Broken(what) => {
                if what.contains("broke its own promise") {
                    self.blame("no rule breaks its own promise", || what.clone());
                }
                self.seal(asked);
            }
        }
    }

    fn hears_sale(&mut self, asked: &Asked, id: SaleId, state: SaleState) {
        let Some(seen) = self.sales.get(&id) else {
            return self.blame("who is answered has it stored", || {
                format!("buyer {} was told of sale {}, which is not stored", asked.order, id.0)
            });
        };
        let stored = seen.states.contains(state.name());
        let own = match asked.key {
            Some(_) => seen.order == asked.order,
            None => seen.sale.secret == asked.secret,
        };
        if !stored {
            self.blame("who is answered has it stored", || {
                format!("sale {} was never stored as {state:?}, as a buyer was told", id.0)
            });
        }
        if !own {
            self.blame("who is answered hears of their own sale", || {
                format!("buyer {} was told of sale {}", asked.order, id.0)
            });
        }
    }

    fn check_reason(&mut self, asked: &Asked, code: Code) {
        let shared = asked.key.and_then(|key| self.keys.get(&(asked.seller, key)));
        let sound = match code {
            Code::IdempotencyConflict => shared.is_some_and(|(orders, _)| orders.len() > 1),
            Code::SoldOut | Code::EventNotActive => true,
            Code::OwnerCardNotValid
            | Code::OwnerCardUsedUp
            | Code::OwnerCardEventLimit
            | Code::InsufficientStoreCredit => asked.card.is_some(),
            // Seats are held for minutes, and a device has but a few holds.
            Code::SeatTaken
            | Code::ReservationExpired
            | Code::PaymentPending
            | Code::TooManyRequests => matches!(asked.what, What::Seats(_)),
            _ => false,
        };
        if !sound {
            let finding = || format!("buyer {} was refused with {code:?}", asked.order);
            self.blame("who is refused is refused for a reason", finding);
        }
    }

    fn seal(&mut self, asked: &Asked) {
        self.sealed.insert(asked.secret.0);
        if self.sales.values().any(|seen| seen.sale.secret == asked.secret) {
            let finding = || format!("buyer {} was told so, and there is a sale", asked.order);
            self.blame("who is told that nothing was stored has nothing stored", finding);
        }
    }

    /// The order whose card an attempt's key was made for.
    pub(crate) fn order_of_key(&self, key: &str) -> Option<u32> {
        let sale = self.attempts.get(key)?;
        self.sales.get(sale).map(|seen| seen.order)
    }

    /// Every attempt that only a person can settle: seller, sale, key, whether it is a refund.
    pub(crate) fn in_doubt(&self) -> Vec<(Shard, SaleId, String, bool)> {
        let doubts = self.sales.values().filter_map(|seen| {
            let attempt = seen.sale.in_doubt().filter(|it| !it.state.is_open())?;
            // Money that no gateway takes back waits for a task to be closed instead.
            if attempt.state == AttemptState::Succeeded {
                return None;
            }
            let refund = attempt.verb == domain::attempt::Verb::Refund;
            Some((seen.sale.shard, seen.sale.id, attempt.key.clone(), refund))
        });
        doubts.collect()
    }

    /// How long until something is due, in milliseconds.
    pub(crate) fn next_due_in_ms(&self, now: Timestamp) -> u64 {
        if !self.owed.is_empty() {
            return 0;
        }
        let next = self.due.iter().map(|due| due.at).min();
        next.map_or(u64::MAX, |at| u64::try_from((at.0 - now.0) / 1_000).unwrap_or(0))
    }

    /// Whether nothing is left to be done by anybody.
    pub(crate) fn is_over(&self) -> bool {
        self.due.is_empty() && self.owed.is_empty() && self.unfinished().next().is_none()
    }

    fn unfinished(&self) -> impl Iterator<Item = &Sale> {
        let sales = self.sales.values().map(|seen| &*seen.sale);
        sales.filter(|sale| {
            !sales::is_final(sale.state) || sale.in_doubt().is_some() || sale.owed() > 0
        })
    }
}
