//! A club that sells one thing for parts, the loop driven by hand, and a janitor.

use domain::attempt::{AttemptState, CallVerb, GatewayTerms, Next};
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{LineId, SaleId};
use domain::ledger::Account;
use domain::money::Currency;
use domain::phone::SavedToken;
use domain::quota::Quota;
use domain::record::Kind;
use domain::sale::{
    AdvanceEvent, Advanced, Line, NewSale, Place, Placed, Sale, SaleState, TenderPart, Verdict,
};
use domain::task::{Task, TaskKind};
use domain::time::Timestamp;
use domain::token::Secret;

use super::model::{Model, Mood};
use crate::common::{ADULT, Club, EVENT, GROUND, SHARD, resumable};

/// The sale of every test.
pub(super) const SALE: SaleId = SaleId(1);

/// The most steps of a loop, and the most looks of a janitor.
const STEPS_MAX: usize = 400;

/// Places a sale of one admission that is paid in parts.
struct PlaceSplit {
    total: i64,
    parts: Vec<TenderPart>,
}

impl Command for PlaceSplit {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        Shards::One(SHARD)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(SHARD));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        let id = SaleId(facts.number(SHARD, SaleId::KIND)?);
        let line = LineId(facts.number(SHARD, LineId::KIND)?);
        let ground = facts.edit::<Quota>(Key::number(SHARD, Kind::Quota, GROUND.0))?;
        ground.unwrap().hold(1)?;
        let (shard, event, currency) = (SHARD, EVENT, Currency::parse("EUR").unwrap());
        let sale = Sale {
            total: self.total,
            fee: self.total / 20,
            lines: vec![admission(line, self.total)],
            places: vec![Place { quota: GROUND, count: 1 }],
            ..Sale::new(NewSale { shard, id, secret: Secret([3; 16]), event, currency }, now)
        };
        sale.start_split(self.parts.clone(), facts, now)
    }
}

fn admission(id: LineId, price: i64) -> Line {
    Line {
        id,
        ticket_type: ADULT,
        of_series: false,
        count: 1,
        unit_price: price,
        total: price,
        holders: Vec::new(),
        transferred_from: None,
    }
}

/// A part of a gateway that reserves first; `token` tells the parts apart.
pub(super) fn part(token: &str, cap: Option<i64>) -> TenderPart {
    part_of(token, cap, resumable())
}

pub(super) fn part_of(token: &str, cap: Option<i64>, terms: GatewayTerms) -> TenderPart {
    let (token, shown) = (SavedToken(token.into()), "Visa 4242".into());
    TenderPart { cap, terms, token, profile: None, reserves: true, shown }
}

/// A part of a gateway that can only sell, such as a gift card.
pub(super) fn gift_card(token: &str, cap: Option<i64>) -> TenderPart {
    TenderPart { reserves: false, ..part(token, cap) }
}

/// See the module.
pub(super) struct Stage {
    pub(super) club: Club,
    pub(super) gateway: Model,
    /// What happens to the calls, in order; those after the last are answered.
    moods: Vec<Mood>,
    /// How many calls were made.
    pub(super) made: usize,
    /// How many commits and calls there were.
    steps: usize,
    /// Before these steps the program is killed.
    kills: Vec<usize>,
}

impl Stage {
    pub(super) fn new(moods: &[Mood]) -> Stage {
        Stage::killed(moods, &[])
    }

    pub(super) fn killed(moods: &[Mood], kills: &[usize]) -> Stage {
        let (club, gateway) = (Club::new(), Model::default());
        let (moods, kills) = (moods.to_vec(), kills.to_vec());
        Stage { club, gateway, moods, made: 0, steps: 0, kills }
    }

    pub(super) fn place(&mut self, total: i64, parts: &[TenderPart]) -> Result<Placed, Halt> {
        self.club.till.run(&PlaceSplit { total, parts: parts.to_vec() })
    }

    /// Places the sale and drives it until nothing can be done at once.
    pub(super) fn sell(&mut self, total: i64, parts: &[TenderPart]) {
        let placed = self.place(total, parts).unwrap();
        self.steps += 1;
        self.drive(placed.next);
    }

    /// The loop of the till; a kill drops everything but what is stored and what has left.
    pub(super) fn drive(&mut self, mut next: Next) {
        for _ in 0..STEPS_MAX {
            let event = match next {
                Next::Mark(call) => AdvanceEvent::Marked(call.attempt),
                Next::Call(call) => {
                    if self.dies() {
                        return;
                    }
                    let mood = self.moods.get(self.made).copied().unwrap_or(Mood::Answer);
                    self.made += 1;
                    AdvanceEvent::Result(call.attempt, self.gateway.perform(&call, mood))
                }
                Next::Wait(_) | Next::Done => return,
            };
            if self.dies() {
                return;
            }
            next = self.club.advance(SALE, event).next;
        }
        panic!("calls without a pause: {:?}", self.sale());
    }

    fn dies(&mut self) -> bool {
        self.steps += 1;
        self.kills.contains(&self.steps)
    }

    /// How many steps there were.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// The janitor goes on until nothing is due any more.
    pub(super) fn settle(&mut self) {
        for _ in 0..STEPS_MAX {
            if self.sale().due().is_none() {
                return;
            }
            let next = self.club.resume_when_due(SALE).next;
            self.drive(next);
        }
        panic!("no end: {:?}", self.sale());
    }

    /// A person asks the gateway about everything that is in doubt, and tells.
    pub(super) fn find_out(&mut self) {
        for _ in 0..STEPS_MAX {
            let in_review = |sale: &Sale| {
                let mut doubts = sale.attempts.iter();
                doubts.find(|attempt| attempt.state == AttemptState::Review).cloned()
            };
            let Some(attempt) = in_review(self.sale()) else { return };
            let moved = self.gateway.find_out(&attempt.key);
            let verdict = if moved { Verdict::Moved("ref".into()) } else { Verdict::NotMoved };
            let reviewed = self.club.review_of(Some(attempt.number.into()), SALE, verdict);
            self.drive(reviewed.unwrap().next);
            self.settle();
        }
        panic!("always a doubt: {:?}", self.sale());
    }

    pub(super) fn review(&mut self, attempt: usize, verdict: Verdict) {
        let reviewed: Advanced = self.club.review_of(Some(attempt), SALE, verdict).unwrap();
        self.drive(reviewed.next);
    }

    pub(super) fn sale(&self) -> &Sale {
        self.club.sale(SALE)
    }

    /// The captured sum is the price or nothing, or the sale waits for a person who is told every
    /// amount in doubt; nothing was asked for twice, and nothing is left in `order_holding`.
    #[track_caller]
    pub(super) fn check_end(&self, story: &str) {
        let sale = self.sale();
        assert_eq!(sale.due(), None, "{story}: {sale:?}");
        self.check_asked_once(story);
        let doubts = || sale.attempts.iter().filter(|it| it.state == AttemptState::Review);
        for doubt in doubts() {
            let told = |task: &Task| {
                task.kind == TaskKind::PaymentInDoubt
                    && task.done.is_none()
                    && task.amount == doubt.amount
                    && task.text.contains(&doubt.key)
            };
            let mut tasks = self.club.till.all::<Task>();
            assert!(tasks.any(told), "{story}: nobody is told of {doubt:?}");
        }
        let (taken, reserved) = (self.gateway.taken(), self.gateway.reserved());
        match sale.state {
            SaleState::UnderReview => assert!(doubts().count() > 0, "{story}: {sale:?}"),
            SaleState::Issued => {
                assert_eq!((taken, reserved), (sale.total, 0), "{story}: {sale:?}");
                assert_eq!(self.club.taken(GROUND), (0, 1), "{story}");
            }
            SaleState::PaymentFailed | SaleState::Expired | SaleState::Returned => {
                // A void that the gateway refuses is told to a person as well.
                assert!(taken + reserved <= self.told_in_doubt(), "{story}: {sale:?}");
                assert_eq!(self.club.taken(GROUND), (0, 0), "{story}");
            }
            SaleState::Returning => {
                // That somebody sees to it is one of the laws of the till.
                let off_by = (taken - sale.owed()).abs();
                assert!(off_by <= self.told_in_doubt(), "{story}: {sale:?}");
            }
            state => panic!("{story}: {state:?} is no end: {sale:?}"),
        }
        if !sale.state.holds_places() {
            assert_eq!(self.club.till.balance(&Account::OrderHolding(SALE)), 0, "{story}");
        }
    }

    /// Minor units that open tasks ask a person to find out about.
    fn told_in_doubt(&self) -> i64 {
        let tasks = self.club.till.all::<Task>();
        let open = tasks.filter(|it| it.kind == TaskKind::PaymentInDoubt && it.done.is_none());
        open.map(|task| task.amount).sum()
    }

    #[track_caller]
    fn check_asked_once(&self, story: &str) {
        let calls = self.gateway.calls.iter();
        let asks = calls.filter(|it| matches!(it.verb, CallVerb::Charge | CallVerb::Authorize));
        let mut keys: Vec<_> = asks.map(|call| &call.key).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "{story}: a charge was requested twice");
    }
}
