//! What must hold after every command, whatever it was (`payments.md` §6.8, §7.3).

use std::collections::HashSet;

use domain::attempt::{Attempt, AttemptState, Verb};
use domain::card::Card;
use domain::ids::SaleId;
use domain::ledger::Account;
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
    macro_rules! check_kinds {
        ($($kind:ident)*) => { match record { $(Record::$kind(it) => check(&**it),)* } };
    }
    check_kinds!(
        Seller Organiser Series Venue Event TicketType Quota Sale Idempotency Principal User
        UserName AuditRecord SeatMap SeatBlock Reservation Phone Allowance Enrolment OrderReference
        CardType Card PassType Pass SpecialTicket Transfer EventBook OwnerBook Payout Gate Job Task
        Chain ClubStore Member Staff Package PromoCode Contract
        Agency Customer CustomerCode CustomerOrder SettlementFile SettlementDifference
        PaymentProfile Wallet
    );
}

fn check_sale(sale: &Sale) {
    let open = |is_of: fn(Verb) -> bool| {
        let of_kind = sale.attempts.iter().filter(move |attempt| is_of(attempt.verb));
        of_kind.filter(|attempt| attempt.state.is_open()).count()
    };
    assert!(open(Verb::asks_payer) <= 1, "two charges are open: {sale:?}");
    assert!(open(|verb| verb == Verb::Capture) <= 1, "two captures are open: {sale:?}");
    assert!(open(|verb| verb == Verb::Refund) <= 1, "two refunds are open: {sale:?}");
    let refunds = sale.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
    let uncertain = refunds.filter(|refund| refund.state.may_move()).count();
    assert!(uncertain <= 1, "two refunds may go through: {sale:?}");
    let doubt = sale.attempts.iter().any(|attempt| attempt.state == AttemptState::Review);
    assert!(!doubt || sale.in_doubt().is_some(), "a doubt nobody can settle: {sale:?}");
    assert_eq!(sale.due().is_some(), open(|_| true) > 0);
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
        _ => {
            let noticed = sale.owed_back + sale.holding();
            assert_eq!(sale.paid(), noticed, "money came in unnoticed: {sale:?}");
            assert!(sale.holding() >= 0, "less than nothing is held: {sale:?}");
        }
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
    // What a holder's bank took back is written down when it has moved already.
    let is_ordered = |attempt: &&Attempt| attempt.verb == Verb::Refund && !attempt.disputed;
    for refund in new.iter().filter(is_ordered) {
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

/// What must add up over the whole till, after a command that has touched these sales.
pub(crate) fn check_sums(till: &Till, sales: &HashSet<SaleId>) {
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
    check_books(till, sales);
    check_rights(till);
}

fn check_books(till: &Till, sales: &HashSet<SaleId>) {
    for sale in till.all::<Sale>().filter(|sale| sales.contains(&sale.id)) {
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
    let legs = || till.legs(sale.id).iter();
    let sum = |counts: fn(&Account) -> bool| -> i64 {
        legs().filter(|leg| counts(&leg.account)).map(|leg| leg.amount).sum()
    };
    let unsettled = sale.attempts.iter().filter(|it| sale.settled_of(it.number).is_none());
    let taken: i64 = unsettled.map(Attempt::money).sum();
    assert_eq!(sum(|account| matches!(account, Account::GatewayClearing(_))), taken);
    let held = till.balance(&Account::OrderHolding(sale.id));
    assert_eq!(held, -sale.holding(), "what is collected for {sale:?}");
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
