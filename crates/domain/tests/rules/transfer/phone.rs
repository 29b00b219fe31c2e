//! Tickets that go to another phone: a new ticket for the same thing, with the same money.

use std::sync::Arc;

use domain::facts::Halt;
use domain::idempotency::{Identity, Marks};
use domain::ids::{PhoneId, SaleId};
use domain::pass::Pass;
use domain::refusal::Code;
use domain::sale::refund::RefundWhat;
use domain::sale::{PlaceOrder, Rights, SaleState, Tender};
use domain::seating::SeatState;
use domain::special_ticket::SpecialTicket;
use domain::time::Span;
use domain::token::Secret;
use domain::transfer::{MoveToPhone, MovedToPhone, SaleAddress, TransferAddress};

use crate::common::rights::{CODE, PASS, fan};
use crate::common::{ADULT, Club, EVENT, GROUND, SHARD, approved, code, note, unknown, wanted};
use crate::seating::stadium::{SECTION_A, Stadium, device, seat};

const SALE: SaleId = SaleId(1);
const FRIEND: &str = "+3545550199";

fn give(club: &Club, sale: SaleId, phone: &str) -> MoveToPhone {
    MoveToPhone {
        from: SaleAddress { shard: SHARD, id: sale },
        offer: Arc::new(club.offer()),
        partner: club.sale(sale).card_seller(),
        phone: phone.into(),
        phone_id: Some(PhoneId(5)),
        secret: Secret([4; 16]),
        marks: Marks::default(),
        note: note(),
    }
}

fn move_to(club: &mut Club, sale: SaleId, phone: &str) -> Result<MovedToPhone, Halt> {
    let command = give(club, sale, phone);
    club.till.run(&command)
}

/// The new ticket has everything but the code; the old one is over, and nobody's balance changes.
#[test]
fn everything_goes_along() {
    let mut club = Club::with_two_sold();
    let new = move_to(&mut club, SALE, FRIEND).unwrap().sale;
    let old = club.sale(SALE);
    assert_eq!(
        (old.state, old.paid(), old.moved_to.unwrap().id),
        (SaleState::Transferred, 0, new.id)
    );
    assert_eq!(
        (new.state, new.paid(), new.total, new.fee),
        (SaleState::Issued, 10_000, 10_000, 500)
    );
    assert_eq!((new.buyer.phone.as_deref(), new.buyer.phone_id), (Some(FRIEND), Some(PhoneId(5))));
    assert_ne!(new.token().secret, old.token().secret);
    assert_eq!(club.taken(GROUND), (0, 2));
    let moved = [domain::ledger::PostingKind::MovedOut, domain::ledger::PostingKind::MovedIn];
    let legs: Vec<_> = moved.into_iter().flat_map(|kind| club.booked(kind)).flatten().collect();
    for (account, _) in &legs {
        let sum: i64 = legs.iter().filter(|(it, _)| it == account).map(|(_, sum)| sum).sum();
        assert_eq!(sum, 0, "{account}");
    }
}

/// However often it is given on, the first buyer's phone is known and the money finds its way back
/// to the card that paid.
#[test]
fn a_ticket_is_given_on_and_refunded() {
    let mut club = Club::new();
    let buyer = fan();
    let first = buyer.phone.clone();
    let order = PlaceOrder { buyer, ..club.order(&[(ADULT, 1)]) };
    let sale = club.place(&order).unwrap().sale.id;
    let charge = club.answer(sale, 1, approved()).sale.attempts[0].key.clone();
    let second = move_to(&mut club, sale, FRIEND).unwrap().sale.id;
    let third = move_to(&mut club, second, "+3545550198").unwrap().sale;
    assert_eq!(third.buyer.original_phone, first);
    let refunded = club.refund(third.id, wanted(RefundWhat::Whole)).unwrap().sale;
    assert_eq!(refunded.attempts[0].of.as_ref().unwrap().key, charge);
    let done = club.answer(third.id, 1, approved()).sale;
    assert_eq!((done.state, done.paid()), (SaleState::Returned, 0));
}

/// A pass and a code are used for the new ticket, and come back when that is refunded.
#[test]
fn rights_go_along() {
    let by_pass = Rights { pass: Some(PASS), ..Rights::default() };
    let mut club = Club::with_rights();
    let (rights, tender, buyer) = (by_pass, Tender::default(), fan());
    let order = PlaceOrder { rights, tender, buyer, ..club.order(&[(ADULT, 1)]) };
    let sale = club.place(&order).unwrap().sale.id;
    let new = move_to(&mut club, sale, FRIEND).unwrap().sale.id;
    let pass =
        |club: &Club| club.till.find::<Pass>(Pass::key_of(SHARD, PASS)).unwrap().used.clone();
    assert_eq!(pass(&club).get(&EVENT), Some(&new));
    club.refund(new, wanted(RefundWhat::Whole)).unwrap();
    assert_eq!(pass(&club).get(&EVENT), None);

    let mut order = club.order(&[(ADULT, 2)]);
    order.lines[0].special = Some(Some(SpecialTicket::hash_of(CODE)));
    let sale = club.place(&order).unwrap().sale.id;
    club.answer(sale, 1, approved());
    let new = move_to(&mut club, sale, FRIEND).unwrap().sale.id;
    let key = SpecialTicket::key_of(SHARD, SpecialTicket::hash_of(CODE));
    assert_eq!(club.till.find::<SpecialTicket>(key).unwrap().used_by, Some(new));
}

/// Of a ticket of which a part was paid back only the rest goes along: that part's seat is free,
/// and stays so.
#[test]
fn a_refunded_seat_stays_free() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let [free, taken] = [0, 1].map(|index| seat(SECTION_A, 1, index));
    let held = stadium.hold(&buyer, &[free, taken]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 2)]);
    let sale = stadium.place(&order).unwrap().sale.id;
    stadium.club.answer(sale, 1, approved());
    stadium.club.refund(sale, wanted(RefundWhat::Admissions(vec![1]))).unwrap();
    stadium.club.answer(sale, 2, approved());
    let new = move_to(&mut stadium.club, sale, FRIEND).unwrap().sale.id;
    let states = (stadium.state(free), stadium.state(taken));
    assert_eq!(states, (SeatState::Free, SeatState::Sold(new)));
}

/// The fee that a club pays for a part that it paid back goes along, as the sale says it.
#[test]
fn a_kept_fee_goes_along() {
    let mut club = Club::with_two_sold();
    club.organiser.rules.fee_kept_on_refund = true;
    club.publish();
    club.refund(SALE, wanted(RefundWhat::Admissions(vec![1]))).unwrap();
    club.answer(SALE, 2, approved());
    let new = move_to(&mut club, SALE, FRIEND).unwrap().sale;
    let given_up: i64 = new.refunds.iter().map(|refund| refund.fee).sum();
    assert_eq!((new.fee, given_up), (500, 0));
    let fee = |amount| (domain::ledger::Account::PlatformFeeIncome, amount);
    let legs = |kind| club.booked(kind).concat();
    assert!(legs(domain::ledger::PostingKind::MovedOut).contains(&fee(500)));
    assert!(legs(domain::ledger::PostingKind::MovedIn).contains(&fee(-500)));
}

/// What a test does to a club with a sold ticket and to the gift.
type Spoil = fn(&mut Club, &mut MoveToPhone);

/// Every refusal, and that nothing changes.
#[test]
fn gifts_that_are_refused() {
    let check = |spoil: Spoil, expected: Code| {
        let mut club = Club::with_two_sold();
        let mut command = give(&club, SALE, FRIEND);
        spoil(&mut club, &mut command);
        command.offer = Arc::new(club.offer());
        let before = club.till.records.clone();
        assert_eq!(code(club.till.run(&command)), expected);
        assert_eq!(club.till.records, before, "{expected:?}");
    };
    check(|_, command| command.from.id = SaleId(9), Code::TicketNotFound);
    let own: Spoil = |club, _| {
        let sale = club.sale(SALE).clone();
        club.change_by_hand(&sale, |sale| sale.buyer.phone = Some(FRIEND.into()));
    };
    check(own, Code::ValidationFailed);
    check(|club, _| drop(club.scan(SALE, 1)), Code::TicketUsed);
    let locked: Spoil = |club, _| {
        let sale = club.sale(SALE).clone();
        let transfer = TransferAddress { shard: SHARD, id: domain::ids::TransferId(1) };
        club.change_by_hand(&sale, |sale| sale.locked_by = Some(transfer));
    };
    check(locked, Code::TransferPending);
    let part: Spoil = |club, _| drop(club.refund(SALE, wanted(RefundWhat::Amount(100))).unwrap());
    check(part, Code::RefundPending);
    let doubt: Spoil = |club, _| {
        club.refund(SALE, wanted(RefundWhat::Amount(100))).unwrap();
        club.answer(SALE, 2, unknown());
        club.till.pass(Span::hours(25));
        club.answer(SALE, 2, unknown());
    };
    check(doubt, Code::RefundPending);
    let whole: Spoil = |club, _| drop(club.refund(SALE, wanted(RefundWhat::Whole)).unwrap());
    check(whole, Code::TicketRefunded);
    let moved: Spoil = |club, _| drop(move_to(club, SALE, FRIEND).unwrap());
    check(moved, Code::AlreadyTransferred);
    check(|club, _| club.till.pass(Span::hours(24 * 40)), Code::TicketExpired);
    let blocked: Spoil = |club, _| {
        club.types[0].transfer_blocked = true;
        club.publish();
    };
    check(blocked, Code::TransferBlocked);
}

/// A catalogue that has changed since is read again.
#[test]
fn an_old_catalogue_is_stale() {
    let mut club = Club::with_two_sold();
    let command = give(&club, SALE, FRIEND);
    club.publish();
    assert!(matches!(club.till.run(&command), Err(Halt::Stale)));
}

/// The same request again gets the same ticket; another one under its key is refused.
#[test]
fn a_repeat_gives_once() {
    let mut club = Club::with_two_sold();
    let key = Identity { hash: 7, fingerprint: 1 };
    let marks = Marks { key: Some(key), ..Marks::default() };
    let command = MoveToPhone { marks: marks.clone(), ..give(&club, SALE, FRIEND) };
    let first = club.till.run(&command).unwrap();
    let again = club.till.run(&command).unwrap();
    assert!(!first.repeated && again.repeated);
    assert_eq!(first.sale, again.sale);
    let other = Marks { key: Some(Identity { fingerprint: 2, ..key }), ..marks };
    let other = MoveToPhone { marks: other, ..command };
    assert_eq!(code(club.till.run(&other)), Code::IdempotencyConflict);
}
