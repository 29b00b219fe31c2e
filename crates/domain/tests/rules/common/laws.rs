//! What must hold after every command, whatever it was (`payments.md` §6.8, §7.3).

use std::collections::HashSet;

use domain::attempt::{Attempt, AttemptState, Verb};
use domain::card::Card;
use domain::ledger::{Account, Posting};
use domain::quota::Quota;
use domain::record::Record;
use domain::sale::{Goods, Sale, SaleState};
use domain::task::Task;
use serde::{Serialize, de::DeserializeOwned};

use super::rights::check_rights;
use super::till::Till;

/// What one command may do to one aggregate.
pub(crate) fn check_step(before: Option<&Record>, after: &Record) {
    check_body(after);
    match (before, after) {
        (None, Record::Sale(sale)) => check_sale(sale),
        (Some(Record::Sale(before)), Record::Sale(after)) => {
            check_sale(after);
            check_moves(before, after);
        }
        (Some(Record::Quota(before)), Record::Quota(after)) => check_taking(before, after),
        _ => {}
    }
}

/// What is written can be read again, and is the same.
fn check_body(record: &Record) {
    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
    }
    match record {
        Record::Seller(it) => check(&**it),
        Record::Organiser(it) => check(&**it),
        Record::Series(it) => check(&**it),
        Record::Venue(it) => check(&**it),
        Record::Event(it) => check(&**it),
        Record::TicketType(it) => check(&**it),
        Record::Quota(it) => check(&**it),
        Record::Sale(it) => check(&**it),
        Record::Idempotency(it) => check(&**it),
        Record::Principal(it) => check(&**it),
        Record::User(it) => check(&**it),
        Record::UserName(it) => check(&**it),
        Record::AuditRecord(it) => check(&**it),
        Record::SeatMap(it) => check(&**it),
        Record::SeatBlock(it) => check(&**it),
        Record::Reservation(it) => check(&**it),
        Record::Phone(it) => check(&**it),
        Record::Allowance(it) => check(&**it),
        Record::Enrolment(it) => check(&**it),
        Record::OrderReference(it) => check(&**it),
        Record::CardType(it) => check(&**it),
        Record::Card(it) => check(&**it),
        Record::PassType(it) => check(&**it),
        Record::Pass(it) => check(&**it),
        Record::SpecialTicket(it) => check(&**it),
        Record::Transfer(it) => check(&**it),
        Record::EventBook(it) => check(&**it),
        Record::OwnerBook(it) => check(&**it),
        Record::Payout(it) => check(&**it),
        Record::Gate(it) => check(&**it),
        Record::Job(it) => check(&**it),
        Record::Task(it) => check(&**it),
    }
}

fn check_sale(sale: &Sale) {
    let open = |verb: Verb| {
        let of_verb = sale.attempts.iter().filter(move |attempt| attempt.verb == verb);
        of_verb.filter(|attempt| attempt.state.is_open()).count()
    };
    assert!(open(Verb::Charge) <= 1, "two charges are open: {sale:?}");
    assert!(open(Verb::Refund) <= 1, "two refunds are open: {sale:?}");
    let refunds = sale.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
    let uncertain = refunds.filter(|refund| refund.state.may_move()).count();
    assert!(uncertain <= 1, "two refunds may go through: {sale:?}");
    let doubt = sale.attempts.iter().any(|attempt| attempt.state == AttemptState::Review);
    assert!(!doubt || sale.in_doubt().is_some(), "a doubt nobody can settle: {sale:?}");
    assert_eq!(sale.due().is_some(), open(Verb::Charge) + open(Verb::Refund) > 0);
    assert_eq!(sale.due(), Record::Sale(sale.clone().into()).due());
    for attempt in &sale.attempts {
        let moved = attempt.state == AttemptState::Succeeded;
        assert_eq!(moved, attempt.moved > 0, "money moves when it succeeds: {attempt:?}");
        assert!(attempt.moved <= attempt.amount && attempt.amount <= sale.total, "{attempt:?}");
        assert!(attempt.amount > 0, "nothing to move: {attempt:?}");
    }
    match sale.state {
        SaleState::Issued => {
            let kept = sale.paid() - sale.owed_back + sale.credit_used();
            assert_eq!(kept, sale.value(), "issued means paid: {sale:?}");
        }
        SaleState::Cancelled | SaleState::Transferred => {}
        SaleState::Returning => assert!(sale.paid() > 0, "nothing to return: {sale:?}"),
        SaleState::Returned => assert!(sale.paid() <= 0, "not all returned: {sale:?}"),
        _ => assert_eq!(sale.paid(), sale.owed_back, "money came in unnoticed: {sale:?}"),
    }
}

fn check_moves(before: &Sale, after: &Sale) {
    use SaleState::{
        AwaitingPayment, Cancelled, Expired, Issued, PaymentFailed, Returned, Returning,
        Transferred, UnderReview,
    };
    let may_become: &[SaleState] = match before.state {
        AwaitingPayment => &[Issued, PaymentFailed, Expired, UnderReview, Returning],
        UnderReview => &[Issued, PaymentFailed, Returning, AwaitingPayment, Expired],
        PaymentFailed | Expired => &[Issued, Returning],
        Returning => &[Returned],
        Issued => &[Returning, Returned, Transferred, Cancelled],
        Returned => &[Returning],
        Transferred | Cancelled => &[],
    };
    if before.state != after.state {
        assert!(may_become.contains(&after.state), "{:?} → {:?}", before.state, after.state);
        assert_eq!(after.previous_state, Some(before.state));
    }
    assert!(after.attempts.len() >= before.attempts.len(), "an attempt was forgotten");
    for (before, after) in before.attempts.iter().zip(&after.attempts) {
        assert!(rank(before) <= rank(after), "backwards: {before:?} → {after:?}");
        assert_eq!((&before.key, before.amount), (&after.key, after.amount));
    }
    let new = &after.attempts[before.attempts.len()..];
    for refund in new.iter().filter(|attempt| attempt.verb == Verb::Refund) {
        assert!(refund.amount <= after.owed(), "more is sent than is owed: {after:?}");
    }
}

fn rank(attempt: &Attempt) -> u8 {
    match attempt.state {
        AttemptState::Created => 0,
        AttemptState::Sent => 1,
        AttemptState::Unknown | AttemptState::Pending => 2,
        AttemptState::Review => 3,
        AttemptState::Declined | AttemptState::NotExecuted => 4,
        AttemptState::Succeeded => 5,
    }
}

/// More may be taken only where it is free.
fn check_taking(before: &Quota, after: &Quota) {
    let (taken_before, taken) = (before.held + before.sold, after.held + after.sold);
    if let Some(limit) = after.limit {
        assert!(taken <= taken_before || taken <= limit, "oversold: {after:?}");
        assert_eq!(after.free(), Some(limit.saturating_sub(taken)));
    }
}

/// What must add up over the whole till.
pub(crate) fn check_sums(till: &Till) {
    for quota in till.all::<Quota>() {
        let places = |counts: fn(&Sale) -> bool| -> u32 {
            let places = till.all::<Sale>().filter(|sale| counts(sale)).flat_map(|it| &it.places);
            places.filter(|place| place.quota == quota.id).map(|place| place.count).sum()
        };
        assert_eq!(quota.held, places(|sale| sale.state.holds_places()), "{quota:?}");
        let given = till.all::<Card>().filter(|card| card.place == Some(quota.id)).count();
        let given = u32::try_from(given).unwrap();
        let sold = places(|sale| sale.state == SaleState::Issued) + given;
        assert_eq!(quota.sold, sold, "{quota:?}");
    }
    check_books(till);
    check_rights(till);
}

fn check_books(till: &Till) {
    let mut names = HashSet::new();
    for posting in &till.postings {
        assert_eq!(posting.sum(), 0);
        assert!(names.insert((posting.source, posting.step, posting.kind)), "{posting:?}");
    }
    for sale in till.all::<Sale>() {
        let actual = till.balance(&Account::RefundPayable(sale.id));
        assert_eq!(actual, -sale.owed(), "what is owed to the buyer of {sale:?}");
        check_sale_books(till, sale);
        let mut tasks = till.all::<Task>().filter(|task| task.sale == Some(sale.id));
        let is_asked = tasks.any(|task| task.kind.is_refund() && task.done.is_none());
        let is_seen_to = sale.owed() <= 0 || sale.has_open_refund() || is_asked;
        assert!(is_seen_to, "nobody sees to what is owed: {sale:?}");
    }
}

/// The postings of one sale say what its attempts say.
fn check_sale_books(till: &Till, sale: &Sale) {
    let of_sale = |posting: &&Posting| posting.source.sale() == Some(sale.id);
    let legs = || till.postings.iter().filter(of_sale).flat_map(|posting| &posting.legs);
    let sum = |counts: fn(&Account) -> bool| -> i64 {
        legs().filter(|leg| counts(&leg.account)).map(|leg| leg.amount).sum()
    };
    let moved = |verb: Verb| -> i64 {
        sale.attempts.iter().filter(|it| it.verb == verb).map(|it| it.moved).sum()
    };
    let taken = moved(Verb::Charge) - moved(Verb::Refund);
    assert_eq!(sum(|account| matches!(account, Account::GatewayClearing(_))), taken);
    if sale.origin.is_some() || sale.moved_to.is_some() || sale.goods != Goods::Admissions {
        return;
    }
    let (fee, total) = if sale.issued_at.is_some() { (sale.fee, sale.total) } else { (0, 0) };
    let fee_back: i64 = sale.refunds.iter().map(|refund| refund.fee).sum();
    assert_eq!(sum(|account| *account == Account::PlatformFeeIncome), fee_back - fee);
    let owner =
        sum(|account| matches!(account, Account::OwnerPayable(_) | Account::OwnerReceivable));
    assert_eq!(owner, (fee - total) + (sale.refunded() - fee_back));
}
