//! What holds under any interleaving: the till checks its laws after every command.

use std::collections::HashMap;

use domain::attempt::{CallResult, DeclineReason, Next, Verb};
use domain::facts::Halt;
use domain::idempotency::{Identity, Marks};
use domain::ids::{SaleId, TicketTypeId};
use domain::refusal::Code;
use domain::sale::refund::{RefundWhat, RetryRefund};
use domain::sale::{AdvanceEvent, FreeFrom, PlaceOrder, Sale, Verdict};
use domain::time::Span;
use proptest::prelude::*;

use crate::common::rights::{FRIEND, PASS, card_of, fan, special};
use crate::common::{
    ADULT, CHILD, Club, GROUND, SHARD, TERRACE, TERRACE_ROWS, approved, by_card, holder,
    not_executed, note, partly, paying, plain, resumable, unknown, wanted,
};

/// The most looks a janitor may need for one sale: a day of pauses, for the charge and a refund.
const LOOKS_MAX: usize = 100;

/// The most calls and marks in one look: twenty refunds that each return a part.
const CALLS_MAX: usize = 50;

/// One thing that may happen at the window.
#[derive(Clone, Debug)]
enum Step {
    Order { ticket_type: TicketTypeId, count: u8, resumable: bool, key: Option<u8>, right: Right },
    Refund { sale: u8, what: u8 },
    Scan { sale: u8, number: u8 },
    PayOut,
    Retry { sale: u8 },
    Answer { sale: u8, attempt: u8, result: CallResult },
    Mark { sale: u8, attempt: u8 },
    Resume { sale: u8 },
    Review { sale: u8, moved: bool },
    Pass { seconds: u32 },
    Limit { terrace: bool, limit: Option<u32> },
    Switch { active: bool },
}

/// What an order claims instead of money.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    None,
    OwnCard,
    FriendsCard,
    Pass,
    Code,
    Credit,
    FriendsCredit,
}

fn any_right() -> impl Strategy<Value = Right> {
    prop_oneof![
        4 => Just(Right::None),
        1 => Just(Right::OwnCard),
        1 => Just(Right::FriendsCard),
        1 => Just(Right::Pass),
        1 => Just(Right::Code),
        1 => Just(Right::Credit),
        1 => Just(Right::FriendsCredit),
    ]
}

impl Right {
    /// Puts it into an order of the fan.
    fn claim(self, order: &mut PlaceOrder) {
        match self {
            Right::None => {}
            Right::OwnCard => order.rights.free = Some(FreeFrom::OwnerCard(card_of(SHARD))),
            Right::FriendsCard => order.rights.free = Some(FreeFrom::OwnerCard(card_of(FRIEND))),
            Right::Pass => order.rights.pass = Some(PASS),
            Right::Code => order.lines[0].special = Some(Some(special().hash)),
            Right::Credit => order.tender.credit = Some(card_of(SHARD)),
            Right::FriendsCredit => order.tender.credit = Some(card_of(FRIEND)),
        }
    }
}

fn any_result() -> impl Strategy<Value = CallResult> {
    prop_oneof![
        3 => Just(approved()),
        3 => prop::sample::select(vec![-1, 0, 1, 2_500, 30_000]).prop_map(partly),
        2 => Just(CallResult::Declined(DeclineReason::Soft)),
        1 => Just(CallResult::ChallengeRequired("challenge".into())),
        1 => Just(CallResult::Pending("handle".into())),
        2 => Just(not_executed()),
        2 => Just(CallResult::NotFound),
        2 => Just(unknown()),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    // Most steps meet a sale and an attempt that exist.
    let sale = prop_oneof![3 => 1..4_u8, 1 => 4..9_u8];
    let attempt = prop_oneof![3 => Just(1_u8), 3 => Just(2), 1 => 3..6_u8];
    let order = (
        prop::sample::select(vec![ADULT, CHILD, TERRACE]),
        1..5_u8,
        any::<bool>(),
        prop::option::of(0..4_u8),
        any_right(),
    );
    prop_oneof![
        7 => order.prop_map(|(ticket_type, count, resumable, key, right)| {
            Step::Order { ticket_type, count, resumable, key, right }
        }),
        3 => (sale.clone(), 0..7_u8).prop_map(|(sale, what)| Step::Refund { sale, what }),
        1 => (sale.clone(), 1..4_u8).prop_map(|(sale, number)| Step::Scan { sale, number }),
        1 => Just(Step::PayOut),
        1 => sale.clone().prop_map(|sale| Step::Retry { sale }),
        14 => (sale.clone(), attempt.clone(), any_result())
            .prop_map(|(sale, attempt, result)| Step::Answer { sale, attempt, result }),
        2 => (sale.clone(), attempt).prop_map(|(sale, attempt)| Step::Mark { sale, attempt }),
        4 => sale.clone().prop_map(|sale| Step::Resume { sale }),
        2 => (sale, any::<bool>()).prop_map(|(sale, moved)| Step::Review { sale, moved }),
        3 => prop_oneof![Just(1), Just(50), Just(4_000), Just(90_000)]
            .prop_map(|seconds| Step::Pass { seconds }),
        1 => (any::<bool>(), prop::option::of(0..20_u32))
            .prop_map(|(terrace, limit)| Step::Limit { terrace, limit }),
        1 => any::<bool>().prop_map(|active| Step::Switch { active }),
    ]
}

/// A club, and which sale each caller's key led to.
struct Window {
    club: Club,
    led_to: HashMap<u8, SaleId>,
    /// Whether the gateway stands by its word: what it refused to pay back stays unpaid.
    honest: bool,
}

impl Window {
    fn new(honest: bool) -> Window {
        Window { club: Club::with_rights(), led_to: HashMap::new(), honest }
    }

    fn step(&mut self, step: &Step) {
        match step.clone() {
            Step::Order { ticket_type, count, resumable, key, right } => {
                self.order((ticket_type, count), resumable, key, right);
            }
            Step::Refund { sale, what } => self.refund(sale, what),
            Step::Scan { sale, number } => drop(self.club.scan(SaleId(sale.into()), number)),
            Step::PayOut => drop(self.club.till.run(&Club::payout())),
            Step::Retry { sale } => self.retry(sale),
            Step::Answer { sale, attempt, result } => self.answer(sale, attempt, result),
            Step::Mark { sale, attempt } => self.advance(sale, AdvanceEvent::Marked(attempt)),
            Step::Resume { sale } => self.advance(sale, AdvanceEvent::Resume { node: 0 }),
            Step::Review { sale, moved } => self.review(sale, moved),
            Step::Pass { seconds } => self.club.till.pass(Span::seconds(seconds)),
            Step::Limit { terrace, limit } => {
                let quota = if terrace { TERRACE_ROWS } else { GROUND };
                self.club.limit(quota, limit).unwrap();
            }
            Step::Switch { active } => {
                self.club.event.active = active;
                self.club.publish();
            }
        }
    }

    fn order(
        &mut self,
        (ticket_type, count): (TicketTypeId, u8),
        safe: bool,
        key: Option<u8>,
        right: Right,
    ) {
        let fingerprint = u128::from(ticket_type.0) << 64 | u128::from(count);
        let fingerprint = fingerprint << 8 | right as u128;
        let identity = key.map(|key| Identity { hash: key.into(), fingerprint });
        let mut order = PlaceOrder {
            buyer: fan(),
            tender: paying(by_card(if safe { resumable() } else { plain() })),
            holders: vec![holder(); count.into()],
            marks: Marks {
                key: identity,
                // The server reads the rows of all earlier days.
                earlier: identity.and_then(|identity| self.earlier(identity)),
                signature: None,
            },
            ..self.club.order(&[(ticket_type, count.into())])
        };
        right.claim(&mut order);
        match self.club.place(&order) {
            Ok(placed) => {
                let Some(key) = key else { return };
                let first = *self.led_to.entry(key).or_insert(placed.sale.id);
                assert_eq!(placed.sale.id, first, "one key, one sale");
            }
            Err(Halt::Refused(refusal)) => {
                let conflict = refusal.code == Code::IdempotencyConflict;
                let known = key.is_some_and(|key| self.led_to.contains_key(&key));
                assert!(known || !conflict);
            }
            Err(halt) => panic!("{halt:?}"),
        }
    }

    fn earlier(&self, identity: Identity) -> Option<domain::idempotency::Idempotency> {
        let mut rows = self.club.till.all::<domain::idempotency::Idempotency>();
        rows.find(|row| row.identity.hash == identity.hash).cloned()
    }

    fn answer(&mut self, sale: u8, number: u8, result: CallResult) {
        let found = self.find(sale);
        let attempt = found.and_then(|it| it.attempts.iter().find(|it| it.number == number));
        let given_up = attempt.is_some_and(|it| it.verb == Verb::Refund && it.failure.is_some());
        if !(self.honest && given_up) {
            self.advance(sale, AdvanceEvent::Result(number, result));
        }
    }

    fn advance(&mut self, sale: u8, event: AdvanceEvent) {
        if self.find(sale).is_some() {
            self.club.advance(SaleId(sale.into()), event);
        }
    }

    /// Everything, one admission, or an amount, of whatever sale that is.
    fn refund(&mut self, sale: u8, what: u8) {
        let Some(sale) = self.find(sale).map(|sale| sale.id) else { return };
        let request = wanted(match what {
            0 | 1 => RefundWhat::Whole,
            admission @ 2..=5 => RefundWhat::Admissions(vec![u16::from(admission) - 1]),
            _ => RefundWhat::Amount(1_234),
        });
        match self.club.refund(sale, request) {
            Ok(refunded) => assert!(refunded.refund.money >= 0 && refunded.refund.credit >= 0),
            Err(Halt::Refused(_)) => {}
            Err(halt) => panic!("{halt:?}"),
        }
    }

    fn retry(&mut self, sale: u8) {
        let Some(sale) = self.find(sale) else { return };
        let (sale, partner) = (sale.id, sale.card_seller());
        let command = RetryRefund { shard: SHARD, sale, partner, note: note() };
        if let Err(halt) = self.club.till.run(&command) {
            assert!(matches!(halt, Halt::Refused(_)), "{halt:?}");
        }
    }

    fn review(&mut self, sale: u8, moved: bool) {
        let verdict = if moved { Verdict::Moved("pay_9".into()) } else { Verdict::NotMoved };
        match self.club.review(SaleId(sale.into()), verdict) {
            Ok(_) => {}
            Err(Halt::Refused(refusal)) => assert_eq!(refusal.code, Code::NotUnderReview),
            Err(halt) => panic!("{halt:?}"),
        }
    }

    fn find(&self, sale: u8) -> Option<&Sale> {
        self.club.till.all::<Sale>().find(|found| found.id.0 == u32::from(sale))
    }

    /// The janitor alone, against a gateway that always gives `result`, brings everything to an
    /// end or to a person.
    fn finish(&mut self, result: &CallResult) {
        let sales: Vec<SaleId> = self.club.till.all::<Sale>().map(|sale| sale.id).collect();
        for sale in sales {
            for _ in 0..LOOKS_MAX {
                if self.club.sale(sale).due().is_some() {
                    self.look(sale, result);
                }
            }
            assert_eq!(self.club.sale(sale).due(), None, "no end: {:?}", self.club.sale(sale));
        }
    }

    /// One look of the janitor: goes on until there is nothing to do at once.
    fn look(&mut self, sale: SaleId, result: &CallResult) {
        let mut next = self.club.resume_when_due(sale).next;
        for _ in 0..CALLS_MAX {
            next = match next {
                Next::Mark(call) => {
                    self.club.advance(sale, AdvanceEvent::Marked(call.attempt)).next
                }
                Next::Call(call) => self.club.answer(sale, call.attempt, result.clone()).next,
                Next::Wait(_) | Next::Done => return,
            };
        }
        panic!("calls without a pause: {:?}", self.club.sale(sale));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// With a gateway that stands by its word, no sale pays back more than it took, and whatever
    /// has happened, the janitor brings every sale to an end.
    #[test]
    fn laws_hold(
        steps in prop::collection::vec(any_step(), 1..100),
        last in any_result(),
    ) {
        let mut window = Window::new(true);
        for step in &steps {
            window.step(step);
        }
        window.finish(&last);
        for sale in window.club.till.all::<Sale>() {
            prop_assert!(sale.paid() >= 0, "{sale:?}");
        }
    }

    /// Even with one that does not, places and books add up and no state moves backwards.
    #[test]
    fn laws_hold_against_a_liar(
        steps in prop::collection::vec(any_step(), 1..100),
        last in any_result(),
    ) {
        let mut window = Window::new(false);
        for step in &steps {
            window.step(step);
        }
        window.finish(&last);
    }
}
