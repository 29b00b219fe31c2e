//! Refunds of live sales: what ends, what is owed, what the books say (`payments.md` §6.7, §7.2).

use std::collections::BTreeMap;

use domain::attempt::{CallResult, CallVerb, DeclineReason, GatewayTerms, Next, PushTerms};
use domain::card::{Card, CardAddress, CardHolder, CardState, CardType};
use domain::catalogue::Period;
use domain::facts::Key;
use domain::ids::{CardId, CardTypeId, SaleId, Shard, TaskId};
use domain::ledger::{Account, PostingKind};
use domain::money::Currency;
use domain::record::{Aggregate, Kind};
use domain::refusal::Code;
use domain::sale::refund::{CancelSale, RefundRequest, RefundWhat, RetryRefund};
use domain::sale::{PlaceOrder, SaleState, Tender, Verdict};
use domain::task::{FinishTask, Task, TaskKind};
use domain::time::Span;
use domain::transfer::TransferAddress;

use crate::common::{
    ADULT, CHILD, Club, EVENT, GROUND, SHARD, approved, by_card, code, note, paying, resumable,
    wanted,
};

const SALE: SaleId = SaleId(1);
const FEE: Account = Account::PlatformFeeIncome;
const PAYABLE: Account = Account::OwnerPayable(EVENT);
const OWED: Account = Account::RefundPayable(SALE);

fn whole() -> RefundRequest {
    wanted(RefundWhat::Whole)
}

fn admissions(numbers: &[u16]) -> RefundRequest {
    wanted(RefundWhat::Admissions(numbers.to_vec()))
}

fn amount(amount: i64) -> RefundRequest {
    wanted(RefundWhat::Amount(amount))
}

fn gateway(terms: &GatewayTerms) -> Account {
    Account::GatewayClearing(terms.name.clone())
}

/// One ticket of 5 000 with a fee of 250, paid.
fn one_sold() -> Club {
    let mut club = Club::new();
    let order = club.order(&[(ADULT, 1)]);
    club.place(&order).unwrap();
    club.answer(SALE, 1, approved());
    club
}

/// Before a payout the refund takes from what is payable, and the gateway clears it; the table of
/// `payments.md` §7.2.
#[test]
fn a_refund_before_the_payout() {
    let mut club = one_sold();
    let refunded = club.refund(SALE, whole()).unwrap();
    let expected = vec![(FEE, 250), (OWED, -5_000), (PAYABLE, 4_750)];
    assert_eq!(club.booked(PostingKind::RefundOrdered), [expected]);
    let Next::Call(call) = refunded.next else { panic!("no call: {:?}", refunded.next) };
    assert!(matches!(call.verb, CallVerb::Refund { .. }), "{call:?}");
    assert_eq!((call.money.amount, refunded.sale.ticket_status()), (5_000, "RefundRequested"));
    assert_eq!(club.taken(GROUND), (0, 0), "the place is free before the gateway answers");
    let done = club.answer(SALE, 2, approved()).sale;
    let expected = vec![(OWED, 5_000), (gateway(&resumable()), -5_000)];
    assert_eq!(club.booked(PostingKind::Returned), [expected]);
    assert_eq!((done.ticket_status(), done.paid()), ("Refunded", 0));
    assert!(club.till.owed.is_empty(), "what was ordered is no news: {:?}", club.till.owed);
}

/// After a payout the refund is the organiser's debt, and the next payout takes it off.
#[test]
fn a_refund_after_the_payout() {
    let mut club = one_sold();
    let payout = club.pay_out().payout;
    assert_eq!((payout.payable, payout.netted, payout.paid), (4_750, 0, 4_750));
    assert_eq!(club.booked(PostingKind::PaidOut), [[(PAYABLE, 4_750), (Account::Bank, -4_750)]]);
    club.refund(SALE, whole()).unwrap();
    let expected = vec![(FEE, 250), (OWED, -5_000), (Account::OwnerReceivable, 4_750)];
    assert_eq!(club.booked(PostingKind::RefundOrdered), [expected]);
    assert!(club.pay_out().repeated, "an event is paid out once");
    assert_eq!(club.till.balance(&Account::OwnerReceivable), 4_750);
}

/// An organiser may keep the platform's fee out of refunds; then the whole price is its own.
#[test]
fn the_fee_may_be_kept() {
    let mut club = one_sold();
    club.organiser.rules.fee_kept_on_refund = true;
    club.publish();
    let refund = club.refund(SALE, whole()).unwrap().refund;
    assert_eq!((refund.money, refund.fee), (5_000, 0));
    let expected = vec![(OWED, -5_000), (PAYABLE, 5_000)];
    assert_eq!(club.booked(PostingKind::RefundOrdered), [expected]);
}

/// Admissions end one by one: the others stay good, each gives its place back once, the parts add
/// up to the whole, and the last one ends the sale.
#[test]
fn admissions_are_refunded_one_by_one() {
    let mut club = Club::with_two_sold();
    let first = club.refund(SALE, admissions(&[2, 2])).unwrap();
    assert_eq!((first.refund.money, first.refund.fee), (5_000, 250));
    assert_eq!((first.sale.state, club.taken(GROUND)), (SaleState::Issued, (0, 1)));
    assert!(first.sale.is_good(1) && !first.sale.is_good(2));
    assert_eq!(code(club.refund(SALE, admissions(&[1]))), Code::RefundPending);
    club.answer(SALE, 2, approved());
    assert_eq!(code(club.refund(SALE, admissions(&[2]))), Code::NotRefundable);
    let last = club.refund(SALE, whole()).unwrap();
    assert_eq!((last.refund.money, last.sale.state), (5_000, SaleState::Returning));
    assert_eq!(club.taken(GROUND), (0, 0));
    let done = club.answer(SALE, 3, approved()).sale;
    assert_eq!((done.state, done.paid(), done.refunded()), (SaleState::Returned, 0, 10_000));
    assert_eq!(club.till.balance(&FEE), 0);
}

/// A part of the price goes back once for each name, and leaves the tickets good.
#[test]
fn an_amount_goes_back_once() {
    let mut club = Club::with_two_sold();
    let request = RefundRequest { reference: Some("goodwill-1".into()), ..amount(2_000) };
    let first = club.refund(SALE, request.clone()).unwrap();
    assert_eq!((first.sale.state, first.sale.owed()), (SaleState::Issued, 2_000));
    let again = club.refund(SALE, request).unwrap();
    assert!(again.repeated && again.next == Next::Done && again.refund == first.refund);
    let done = club.answer(SALE, 2, approved()).sale;
    assert_eq!((done.state, done.owed(), done.paid()), (SaleState::Issued, 0, 8_000));
    assert_eq!(code(club.refund(SALE, amount(8_001))), Code::RefundExceedsPaid);
    assert_eq!(club.refund(SALE, whole()).unwrap().refund.money, 8_000);
}

/// A name stands for one refund of one caller: for anything else it is refused.
#[test]
fn a_name_is_for_one_refund() {
    let named =
        |request: RefundRequest| RefundRequest { reference: Some("key-1".into()), ..request };
    let mut club = Club::with_two_sold();
    club.refund(SALE, named(amount(1_000))).unwrap();
    club.answer(SALE, 2, approved());
    let others = [
        whole(),
        amount(1_001),
        admissions(&[1]),
        RefundRequest { by: "somebody else".into(), ..amount(1_000) },
    ];
    for other in others {
        let before = club.sale(SALE).clone();
        assert_eq!(code(club.refund(SALE, named(other))), Code::IdempotencyConflict);
        assert_eq!(*club.sale(SALE), before);
    }
    assert!(club.refund(SALE, named(amount(1_000))).unwrap().repeated);
}

/// Every refusal, and that it changes nothing.
#[test]
fn refusals_change_nothing() {
    let check = |prepare: fn(&mut Club), request: RefundRequest, expected: Code| {
        let mut club = Club::with_two_sold();
        prepare(&mut club);
        let before = (club.till.records.clone(), club.till.postings.clone());
        assert_eq!(code(club.refund(SALE, request.clone())), expected, "{request:?}");
        assert_eq!((club.till.records, club.till.postings), before, "{request:?}");
    };
    let nothing = |_: &mut Club| {};
    check(nothing, admissions(&[]), Code::ValidationFailed);
    check(nothing, admissions(&[3]), Code::ValidationFailed);
    check(nothing, admissions(&[0]), Code::ValidationFailed);
    check(nothing, amount(0), Code::ValidationFailed);
    check(nothing, amount(-1), Code::ValidationFailed);
    check(nothing, amount(10_001), Code::RefundExceedsPaid);
    check(nothing, wanted(RefundWhat::Cards(vec![CardId(1)])), Code::ValidationFailed);
    let refunded = |club: &mut Club| drop(club.refund(SALE, whole()).unwrap());
    check(refunded, whole(), Code::RefundPending);
    let returned = |club: &mut Club| {
        club.refund(SALE, whole()).unwrap();
        club.answer(SALE, 2, approved());
    };
    check(returned, whole(), Code::NotRefundable);
    let cancelled = |club: &mut Club| assert_eq!(cancel(club), SaleState::Cancelled);
    check(cancelled, whole(), Code::NotRefundable);
    let used = |club: &mut Club| drop(club.scan(SALE, 2));
    check(used, whole(), Code::TicketUsed);
    check(used, admissions(&[2]), Code::TicketUsed);
    let locked = |club: &mut Club| {
        let mut sale = club.sale(SALE).clone();
        sale.locked_by = Some(TransferAddress { shard: SHARD, id: Default::default() });
        put(club, sale);
    };
    check(locked, whole(), Code::TransferPending);
}

/// A sale that is not paid, or was never paid, has nothing that could go back.
#[test]
fn what_is_not_paid_is_not_refunded() {
    let mut club = Club::new();
    club.place_two(resumable());
    assert_eq!(code(club.refund(SALE, whole())), Code::NotRefundable);
    club.answer(SALE, 1, CallResult::Declined(DeclineReason::Soft));
    assert_eq!(code(club.refund(SALE, whole())), Code::NotRefundable);
}

/// Only by force is a used ticket refunded; one admission that was not used needs none.
#[test]
fn used_tickets_need_force() {
    let mut club = Club::with_two_sold();
    club.scan(SALE, 2);
    assert!(club.refund(SALE, admissions(&[1])).is_ok());
    let mut club = Club::with_two_sold();
    club.scan(SALE, 2);
    assert!(club.refund(SALE, RefundRequest { force: true, ..whole() }).is_ok());
}

/// What cost nothing ends as cancelled: nothing goes back.
#[test]
fn free_tickets_are_given_back() {
    let mut club = Club::new();
    let order = PlaceOrder { tender: Tender::default(), ..club.order(&[(CHILD, 2)]) };
    club.place(&order).unwrap();
    let ended = club.refund(SALE, whole()).unwrap();
    assert_eq!((ended.sale.state, &ended.next), (SaleState::Cancelled, &Next::Done));
    assert_eq!((club.taken(GROUND), club.till.postings.len()), ((0, 0), 0));
}

/// A refund that the gateway does not take leaves the money owed, the ticket ended and a task; it
/// can be tried again, but not while it is unknown what became of it.
#[test]
fn a_failed_refund_stays_owed() {
    let mut club = one_sold();
    club.refund(SALE, whole()).unwrap();
    assert_eq!(code(retry(&mut club)), Code::RefundPending);
    let failed = club.answer(SALE, 2, CallResult::Declined(DeclineReason::Soft)).sale;
    assert_eq!((failed.state, failed.owed()), (SaleState::Returning, 5_000));
    assert_eq!(club.till.balance(&OWED), -5_000);
    assert_eq!(tasks(&club), [(TaskKind::RefundFailed, 5_000)]);
    retry(&mut club).unwrap();
    assert_eq!(club.answer(SALE, 3, approved()).sale.state, SaleState::Returned);
    assert_eq!(code(retry(&mut club)), Code::NotRefundable);
}

/// The same for a part, whose sale stays live; a person's word settles one that is in doubt.
#[test]
fn a_failed_part_stays_owed() {
    let mut club = Club::with_two_sold();
    club.refund(SALE, admissions(&[1])).unwrap();
    club.till.pass(Span::hours(25));
    club.answer(SALE, 2, CallResult::Unknown("silence".into()));
    assert_eq!(code(retry(&mut club)), Code::RefundPending);
    let settled = club.review(SALE, Verdict::Moved("by the gateway".into())).unwrap().sale;
    assert_eq!((settled.state, settled.owed(), settled.paid()), (SaleState::Issued, 0, 5_000));
}

/// What was paid by phone cannot go back by the gateway: a person pays, says so, and the books
/// know it; saying it twice changes nothing.
#[test]
fn payments_by_phone_go_back_by_hand() {
    let mut club = Club::new();
    let phone = GatewayTerms { push: Some(PushTerms::default()), ..resumable() };
    let tender = paying(by_card(phone));
    let order = PlaceOrder { tender, ..club.order(&[(ADULT, 1)]) };
    club.place(&order).unwrap();
    club.answer(SALE, 1, approved());
    let ordered = club.refund(SALE, whole()).unwrap();
    assert_eq!((ordered.next, ordered.sale.state), (Next::Done, SaleState::Returning));
    assert_eq!(tasks(&club), [(TaskKind::ManualRefund, 5_000)]);
    assert_eq!(code(retry(&mut club)), Code::NotRefundable);
    assert!(!finish(&mut club, true).unwrap());
    let sale = club.sale(SALE);
    assert_eq!((sale.state, sale.owed(), sale.paid()), (SaleState::Returned, 0, 0));
    assert_eq!(club.booked(PostingKind::Corrected), [[(OWED, 5_000), (Account::Bank, -5_000)]]);
    assert!(finish(&mut club, true).unwrap(), "it was done before");
}

/// A task can be closed without money; only tasks about refunds pay, and only what is owed.
#[test]
fn tasks_pay_what_is_owed() {
    let mut club = one_sold();
    assert_eq!(code(finish(&mut club, false)), Code::TaskNotFound);
    club.refund(SALE, whole()).unwrap();
    club.answer(SALE, 2, CallResult::Declined(DeclineReason::Soft));
    retry(&mut club).unwrap();
    assert_eq!(code(finish(&mut club, true)), Code::RefundPending);
    club.answer(SALE, 3, approved());
    assert_eq!(code(finish(&mut club, true)), Code::RefundExceedsPaid);
    assert!(finish(&mut club, false).unwrap(), "nothing is owed, so it was closed");
}

/// Money that a person is asked to pay back goes back once: a new refund raises what is asked for,
/// and no gateway is asked meanwhile, nor after the person has paid.
#[test]
fn one_task_asks_for_all_that_is_owed() {
    let mut club = Club::with_two_sold();
    club.refund(SALE, wanted(RefundWhat::Amount(1_000))).unwrap();
    club.answer(SALE, 2, CallResult::Declined(DeclineReason::Soft));
    assert_eq!(open_tasks(&club), [(TaskId(1), 1_000)]);
    let more = club.refund(SALE, wanted(RefundWhat::Amount(2_000))).unwrap();
    assert_eq!((more.next, open_tasks(&club)), (Next::Done, vec![(TaskId(2), 3_000)]));
    assert_eq!(code(finish(&mut club, true)), Code::ValidationFailed, "the first was replaced");
    finish_task(&mut club, 2, true, true).unwrap();
    let sale = club.sale(SALE);
    assert_eq!((sale.owed(), sale.attempts.len(), sale.paid()), (0, 2, 7_000));
    assert_eq!(open_tasks(&club), []);
}

/// A club may not close what is still owed without its being paid.
#[test]
fn a_club_gives_up_no_debt() {
    let mut club = one_sold();
    club.refund(SALE, whole()).unwrap();
    club.answer(SALE, 2, CallResult::Declined(DeclineReason::Soft));
    assert_eq!(code(finish_task(&mut club, 1, false, false)), Code::Forbidden);
    assert_eq!(open_tasks(&club), [(TaskId(1), 5_000)]);
}

fn open_tasks(club: &Club) -> Vec<(TaskId, i64)> {
    let open = club.till.all::<Task>().filter(|task| task.done.is_none());
    open.map(|task| (task.id, task.amount)).collect()
}

/// Credit goes back to its card first, in the books of the club that keeps it; only the rest goes
/// back by the gateway.
#[test]
fn credit_goes_back_to_its_card() {
    for shard in [SHARD, Shard(8)] {
        let mut club = Club::new();
        let card = CardAddress { shard, id: CardId(5) };
        put(&mut club, card_with(card, 2_000));
        put_type(&mut club, shard);
        let tender = Tender { credit: Some(card), ..paying(by_card(resumable())) };
        let order = PlaceOrder { tender, ..club.order(&[(ADULT, 1)]) };
        club.place(&order).unwrap();
        let partner = (shard != SHARD).then_some(shard);
        club.advance_with(partner, SALE, 1, approved());
        assert_eq!(club.till.find::<Card>(Card::key_of(card)).unwrap().credit, 0);
        let refund = club.refund(SALE, whole()).unwrap().refund;
        assert_eq!((refund.money, refund.credit, refund.fee), (3_000, 2_000, 250));
        assert_eq!(club.till.find::<Card>(Card::key_of(card)).unwrap().credit, 2_000);
        let credit = Account::StoreCredit(card.id);
        assert_eq!(club.till.balance(&credit), 0, "{shard:?}");
        let between = match partner {
            Some(other) => Account::Between(other),
            None => credit,
        };
        let mut expected = vec![(FEE, 250), (OWED, -3_000), (between, -2_000), (PAYABLE, 4_750)];
        let mut booked = club.booked(PostingKind::RefundOrdered).remove(0);
        booked.sort();
        expected.sort();
        assert_eq!(booked, expected);
        assert_eq!(club.till.balance(&Account::Between(Shard(8))), 0);
        assert_eq!(club.till.balance(&Account::Between(SHARD)), 0);
    }
}

/// Cancelling without a refund gives places back and moves no money.
#[test]
fn a_cancelled_sale_keeps_its_money() {
    let mut club = Club::with_two_sold();
    let before = club.till.postings.len();
    assert_eq!(cancel(&mut club), SaleState::Cancelled);
    assert_eq!((club.taken(GROUND), club.till.postings.len()), ((0, 0), before));
}

fn cancel(club: &mut Club) -> SaleState {
    let partner = None;
    let command = CancelSale { shard: SHARD, sale: SALE, partner, note: note() };
    club.till.run(&command).unwrap().state
}

fn retry(club: &mut Club) -> Result<Next, domain::facts::Halt> {
    let command = RetryRefund { shard: SHARD, sale: SALE, partner: None, note: note() };
    club.till.run(&command).map(|(_, next)| next)
}

/// Closes the first task; whether it was done before.
fn finish(club: &mut Club, paid_by_hand: bool) -> Result<bool, domain::facts::Halt> {
    finish_task(club, 1, paid_by_hand, true)
}

fn finish_task(
    club: &mut Club,
    task: u32,
    paid_by_hand: bool,
    is_admin: bool,
) -> Result<bool, domain::facts::Halt> {
    let command = FinishTask {
        shard: SHARD,
        task: TaskId(task),
        partner: None,
        note: "paid by transfer".into(),
        by: "office".into(),
        paid_by_hand,
        is_admin,
        audit: note(),
    };
    club.till.run(&command).map(|finished| finished.repeated)
}

fn tasks(club: &Club) -> Vec<(TaskKind, i64)> {
    club.till.all::<Task>().map(|task| (task.kind, task.amount)).collect()
}

fn put<A: Aggregate>(club: &mut Club, aggregate: A) {
    let key = aggregate.key();
    club.till.records.insert(key, A::into_record(aggregate.into()));
}

fn always() -> Period {
    Period { from: domain::time::Timestamp(0), to: domain::time::Timestamp(i64::MAX) }
}

fn card_with(address: CardAddress, credit: i64) -> Card {
    Card {
        shard: address.shard,
        id: address.id,
        secret: domain::token::Secret::default(),
        card_type: CardTypeId(1),
        sale: None,
        state: CardState::Active,
        holder: CardHolder::default(),
        valid: always(),
        tickets_max: Some(0),
        tickets_used: 0,
        tickets_per_event_max: None,
        used_by_event: BTreeMap::new(),
        has_credit: true,
        credit_granted: credit,
        credit,
        currency: Currency::ISK,
        price: 0,
        price_paid: 0,
        refunded: 0,
        place: None,
        ordered_at: domain::time::Timestamp(0),
        created_at: domain::time::Timestamp(0),
        changed_at: domain::time::Timestamp(0),
    }
}

/// The kind of those cards, good at the clubs connected with its own.
fn put_type(club: &mut Club, shard: Shard) {
    let kind = CardType {
        shard,
        id: CardTypeId(1),
        slug: "gift".into(),
        name: "Gift card".into(),
        description: None,
        active: true,
        team_only: false,
        sale: None,
        valid: always(),
        price: 0,
        currency: Currency::ISK,
        tickets_max: Some(0),
        tickets_per_event_max: None,
        has_credit: true,
        credit: 0,
        valid_for_connected: true,
        holder_required: false,
        quota: None,
        image_url: None,
        background_image_url: None,
    };
    put(club, kind);
    let organiser = Key::number(shard, Kind::Organiser, 0);
    let mut theirs = club.organiser.clone();
    theirs.shard = shard;
    theirs.rules.connected = vec![SHARD, Shard(8)];
    if shard != SHARD {
        assert_eq!(theirs.key(), organiser);
        put(club, theirs);
    }
    club.organiser.rules.connected = vec![shard];
    club.publish();
}
