//! Subscriptions of recurring lines: kept once, renewed once a bill, ended with their order.

use domain::agency::{
    Interval, PaidPeriod, Subscription, SubscriptionAnswer, SubscriptionCall, SubscriptionEvent,
    SubscriptionStanding, SubscriptionState, SubscriptionStep, SubscriptionTold, SubscriptionVerb,
};
use domain::attempt::Consent;
use domain::sale::Goods;
use domain::task::{Task, TaskKind};
use domain::time::Timestamp;

use super::*;

fn monthly(unit_price: i64) -> OrderLine {
    OrderLine { recurs: Some(Interval::Month), ..line(1, unit_price, 2_400) }
}

fn told(standing: SubscriptionStanding, paid: &[(&str, i64)]) -> SubscriptionAnswer {
    let period = |(invoice, amount): &(&str, i64)| PaidPeriod {
        invoice: (*invoice).into(),
        payment: format!("pi_{invoice}"),
        amount: *amount,
    };
    let paid = paid.iter().map(period).collect();
    let (reference, customer) = ("sub_1".into(), Some("cus_1".into()));
    Ok(Some(SubscriptionTold { reference, customer, standing, paid }))
}

impl Desk {
    /// A paid order with these lines.
    fn paid(&mut self, lines: Vec<OrderLine>) -> Uid {
        let uid = self.order(lines);
        let sale = self.opened(uid);
        self.answer(sale, approved());
        assert_eq!(self.step(uid, SubscriptionEvent::Look), None, "whoever paid begins");
        self.till.now = self.till.now.after(Span::seconds(5));
        uid
    }

    fn step(&mut self, uid: Uid, event: SubscriptionEvent) -> Option<SubscriptionCall> {
        let order = self.known(uid).id;
        let stepped = self.till.run(&SubscriptionStep { shard: AGENCY, order, event }).unwrap();
        stepped.and_then(|(_, call)| call)
    }

    /// The question that is due, which must be this one.
    fn asked(&mut self, uid: Uid, verb: SubscriptionVerb) -> u32 {
        let call = self.step(uid, SubscriptionEvent::Look).expect("something is due");
        assert_eq!(call.verb, verb);
        call.question
    }

    fn told(&mut self, uid: Uid, question: u32, answer: SubscriptionAnswer) {
        let next = self.step(uid, SubscriptionEvent::Answered(question, answer));
        assert_eq!(next, None, "nothing else is due");
    }

    fn subscription(&self, uid: Uid) -> &Subscription {
        self.known(uid).subscription.as_ref().unwrap()
    }

    fn active(&mut self) -> Uid {
        let uid = self.paid(vec![line(1, 900, 0), monthly(1_000)]);
        let question = self.asked(uid, SubscriptionVerb::Keep);
        self.told(uid, question, told(SubscriptionStanding::Running, &[]));
        uid
    }

    fn tasks(&self) -> usize {
        let doubtful = |task: &&Task| task.kind == TaskKind::SubscriptionInDoubt;
        self.till.all::<Task>().filter(doubtful).count()
    }
}

/// Proves what is asked of the gateway once a recurring order is paid, that nobody asks twice, and
/// that an order without such lines, or paid by hand, has no subscription.
#[test]
fn a_paid_order_wants_its_subscription_once() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 900, 0), monthly(1_000), monthly(500)]);
    let sale = desk.opened(uid);
    assert_eq!(desk.sale(sale).charge().unwrap().consent, Consent::Keep);
    assert_eq!(desk.known(uid).subscription, None, "not before it is paid");
    desk.answer(sale, approved());
    let call = desk.step(uid, SubscriptionEvent::Hinted).unwrap();
    assert_eq!((call.verb, call.money.amount), (SubscriptionVerb::Keep, 1_860));
    assert_eq!(call.key, Subscription::key_of(uid));
    assert_eq!(Subscription::order_of_key(&call.key), Some(uid));
    assert_eq!(desk.step(uid, SubscriptionEvent::Look), None, "the question is out");
    desk.told(uid, call.question, told(SubscriptionStanding::Running, &[]));
    assert!(desk.subscription(uid).runs());

    let once = desk.paid(vec![line(1, 900, 0)]);
    assert_eq!(desk.known(once).subscription, None);
    assert_eq!(desk.step(once, SubscriptionEvent::Hinted), None);
}

/// Proves that a gateway without subscriptions takes no money for an order that recurs, and which
/// lines cannot recur together.
#[test]
fn what_cannot_recur_is_refused() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![monthly(1_000)]);
    let means =
        OrderMeans::Gateway { terms: opening(), opens: true, subscribes: false, claims: None };
    assert_eq!(code(desk.pay(uid, means).unwrap_err()), Code::PaymentMethodNotAvailable);
    assert_eq!(desk.known(uid).state, OrderState::Open);
    let yearly = OrderLine { recurs: Some(Interval::Year), ..line(1, 1_000, 0) };
    for line in [yearly, monthly(0)] {
        let added = desk.change(uid, OrderChange::AddLine(line));
        assert_eq!(added.unwrap_err(), Code::ValidationFailed);
    }
    assert_eq!(desk.known(uid).lines.len(), 1);
    let ended = desk.change(uid, OrderChange::EndSubscription);
    assert_eq!(ended.unwrap_err(), Code::OrderNotOpen);
}

/// Proves that each paid period is booked once, in whatever order and however often it is told of,
/// and that the order itself is paid as before.
#[test]
fn each_period_is_booked_once() {
    let mut desk = Desk::open();
    let uid = desk.active();
    let running = SubscriptionStanding::Running;
    let owed = desk.till.balance(&Account::OwnerPayableOrders);
    let paid_before = desk.known(uid).paid;
    for paid in [
        &[("in_2", 1_240)][..],
        &[("in_1", 1_240), ("in_2", 1_240), ("in_0", 0)],
        &[("in_2", 1_240), ("in_1", 1_240)],
    ] {
        let call = desk.step(uid, SubscriptionEvent::Hinted).expect("a hint is asked about");
        assert_eq!((call.verb, call.reference.as_deref()), (SubscriptionVerb::Read, Some("sub_1")));
        desk.told(uid, call.question, told(running, paid));
    }
    let invoices: Vec<_> =
        desk.subscription(uid).renewals.iter().map(|it| it.invoice.as_str()).collect();
    assert_eq!(invoices, ["in_2", "in_1"]);
    // 1 000 each for the agency, less five percent.
    assert_eq!(desk.till.balance(&Account::OwnerPayableOrders), owed - 2 * 950);
    assert_eq!(desk.known(uid).paid, paid_before);
    let sale = desk.sale(desk.subscription(uid).renewals[0].sale);
    let Goods::Order { tax, renewal, .. } = &sale.goods else { panic!("{:?}", sale.goods) };
    assert_eq!((sale.state, *tax, renewal.as_deref()), (SaleState::Issued, 240, Some("in_2")));
}

/// Proves that more periods than fit into a commit are all booked, one commit after the other.
#[test]
fn many_periods_follow_each_other() {
    let mut desk = Desk::open();
    let uid = desk.active();
    let names: Vec<String> = (0..25).map(|number| format!("in_{number}")).collect();
    let paid: Vec<_> = names.iter().map(|name| (name.as_str(), 1_240)).collect();
    let mut call = desk.step(uid, SubscriptionEvent::Hinted);
    let mut questions = 0;
    while let Some(asked) = call {
        questions += 1;
        let answer = told(SubscriptionStanding::Running, &paid);
        call = desk.step(uid, SubscriptionEvent::Answered(asked.question, answer));
    }
    assert_eq!((questions, desk.subscription(uid).renewals.len()), (3, 25));
}

/// Proves that only the answer to the last question counts, and that a hint which comes while one
/// is out is asked about after it.
#[test]
fn late_answers_and_early_hints_do_no_harm() {
    let mut desk = Desk::open();
    let uid = desk.paid(vec![monthly(1_000)]);
    let first = desk.asked(uid, SubscriptionVerb::Keep);
    assert_eq!(desk.step(uid, SubscriptionEvent::Hinted), None, "the first is out");
    desk.till.now = desk.till.now.after(Span::minutes(6));
    let second = desk.asked(uid, SubscriptionVerb::Keep);
    desk.told(uid, first, Err(CallResult::NotExecuted("late".into())));
    assert_eq!(desk.subscription(uid).state, SubscriptionState::Wanted);
    assert_eq!(desk.step(uid, SubscriptionEvent::Hinted), None);
    let running = SubscriptionEvent::Answered(second, told(SubscriptionStanding::Running, &[]));
    let again = desk.step(uid, running).expect("the hint is asked about");
    assert_eq!(again.verb, SubscriptionVerb::Read);
    desk.told(uid, again.question, told(SubscriptionStanding::PastDue, &[]));
    assert_eq!(desk.subscription(uid).state, SubscriptionState::PastDue);
}

/// Proves what becomes of a subscription by what its gateway answers when it is to keep it.
#[test]
fn what_an_answer_means() {
    use SubscriptionState::{Active, Cancelled, Failed, PastDue, Wanted};
    let unknown = || Err(CallResult::Unknown("lost".into()));
    let declined = || Err(CallResult::Declined(DeclineReason::Soft));
    for (answer, state, tasks) in [
        (told(SubscriptionStanding::Running, &[]), Active, 0),
        (told(SubscriptionStanding::PastDue, &[]), PastDue, 0),
        (told(SubscriptionStanding::Ended, &[]), Cancelled, 0),
        (unknown(), Wanted, 0),
        (Ok(None), Wanted, 0),
        (declined(), Failed, 1),
        (Err(CallResult::NotExecuted("no".into())), Failed, 1),
    ] {
        let mut desk = Desk::open();
        let uid = desk.paid(vec![monthly(1_000)]);
        let question = desk.asked(uid, SubscriptionVerb::Keep);
        desk.told(uid, question, answer);
        assert_eq!((desk.subscription(uid).state, desk.tasks()), (state, tasks), "{state:?}");
    }
}

/// Proves that a doubt is asked about for three days and then becomes one task.
#[test]
fn a_doubt_ends_with_a_person() {
    let mut desk = Desk::open();
    let uid = desk.paid(vec![monthly(1_000)]);
    let mut questions = 0;
    while let Some(at) = desk.subscription(uid).ask_at {
        desk.till.now = desk.till.now.max(at);
        let question = desk.asked(uid, SubscriptionVerb::Keep);
        desk.told(uid, question, Err(CallResult::Unknown("lost".into())));
        questions += 1;
    }
    assert_eq!((desk.subscription(uid).state, desk.tasks()), (SubscriptionState::Failed, 1));
    assert!((70..90).contains(&questions), "{questions}");
    let call = desk.step(uid, SubscriptionEvent::Hinted).expect("a message is worth a look");
    desk.told(uid, call.question, Ok(None));
    assert_eq!((desk.subscription(uid).ask_at, desk.tasks()), (None, 1));
    let call = desk.step(uid, SubscriptionEvent::Hinted).expect("and another one");
    desk.told(uid, call.question, told(SubscriptionStanding::Running, &[]));
    assert!(desk.subscription(uid).runs(), "it was kept after all");
}

/// Proves that a subscription ends when its order is paid back whole, and not by a part; that it is
/// found and ended although nobody knows whether it was kept; and that it ends once.
#[test]
fn a_subscription_ends_with_its_order() {
    let mut desk = Desk::open();
    let uid = desk.paid(vec![monthly(1_000)]);
    desk.asked(uid, SubscriptionVerb::Keep);
    let sale = desk.known(uid).payments[0];
    let refund = |what| RefundSale {
        shard: AGENCY,
        sale,
        partner: None,
        request: wanted(what),
        note: note(),
    };
    desk.till.run(&refund(RefundWhat::Amount(100))).unwrap();
    assert_eq!(desk.subscription(uid).state, SubscriptionState::Wanted);
    desk.event(sale, AdvanceEvent::Result(2, approved()));
    desk.till.run(&refund(RefundWhat::Whole)).unwrap();
    assert_eq!(desk.subscription(uid).state, SubscriptionState::Ending);
    assert_eq!(desk.step(uid, SubscriptionEvent::Look), None, "the first question is out");
    desk.till.now = desk.till.now.after(Span::minutes(6));
    let question = desk.asked(uid, SubscriptionVerb::End);
    desk.told(uid, question, told(SubscriptionStanding::Running, &[]));
    assert_eq!(desk.subscription(uid).state, SubscriptionState::Ending, "not ended yet");
    desk.till.now = desk.till.now.after(Span::minutes(1));
    let question = desk.asked(uid, SubscriptionVerb::End);
    desk.told(uid, question, Ok(None));
    assert_eq!(desk.subscription(uid).state, SubscriptionState::Cancelled);
    assert_eq!(desk.known(uid).ask_at(), None);
    assert_eq!(desk.step(uid, SubscriptionEvent::Hinted), None);
}

/// Proves on which day the second period begins: at noon, and on the last day of a month that does
/// not have the day.
#[test]
fn periods_begin_at_noon() {
    let check = |interval: Interval, paid_at: i64, expected: &str| {
        let begins = interval.second_period(Timestamp::from_seconds(paid_at));
        assert_eq!(begins.to_string(), expected);
    };
    // 2027-01-31 23:59:59, 2028-02-29 00:00:00 and 2026-12-31 08:00:00.
    check(Interval::Month, 1_801_439_999, "2027-02-28 12:00 UTC");
    check(Interval::Year, 1_835_395_200, "2029-02-28 12:00 UTC");
    check(Interval::Month, 1_798_704_000, "2027-01-31 12:00 UTC");
}
