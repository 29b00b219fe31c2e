//! Season cards and their credit, when a ticket moves that was paid with them (`domain.md` §4.2).

use std::sync::Arc;

use domain::card::{Card, CardAddress, CardHolder, CardState};
use domain::catalogue::Period;
use domain::ids::{CardId, CardTypeId, SaleId, Shard};
use domain::ledger::Account;
use domain::money::Currency;
use domain::record::Record;
use domain::sale::{FreeFrom, PlaceOrder, Rights, SaleState, Tender};
use domain::time::Span;
use domain::token::Secret;
use domain::transfer::Direction;

use super::stage::{DERBY, OTHER, REMATCH, Stage, types};
use crate::common::{ADULT, EVENT, NOON, SHARD, approved};

const CARD: CardAddress = CardAddress { shard: SHARD, id: CardId(77) };

/// A stage with a card of the first club: two free tickets, 2 000 of credit.
fn with_card() -> Stage {
    let mut stage = Stage::new();
    stage.put(Record::Card(Arc::new(Card {
        shard: SHARD,
        id: CARD.id,
        secret: Secret([3; 16]),
        card_type: CardTypeId(1),
        sale: None,
        state: CardState::Active,
        holder: CardHolder::default(),
        valid: Period { from: NOON, to: NOON.after(Span::hours(24 * 365)) },
        tickets_max: Some(2),
        tickets_used: 0,
        tickets_per_event_max: Some(1),
        used_by_event: std::collections::BTreeMap::new(),
        has_credit: true,
        credit_granted: 2_000,
        credit: 2_000,
        currency: Currency::ISK,
        price: 0,
        price_paid: 0,
        refunded: 0,
        place: None,
        ordered_at: NOON,
        created_at: NOON,
        changed_at: NOON,
    })));
    stage
}

fn card(stage: &Stage) -> &Card {
    stage.club.till.find::<Card>(Card::key_of(CARD)).unwrap()
}

/// One adult, free by the card.
fn buy_free(stage: &mut Stage) -> SaleId {
    let order = stage.club.order(&[(ADULT, 1)]);
    let rights = Rights { free: Some(FreeFrom::OwnerCard(CARD)), ..Rights::default() };
    stage.club.place(&PlaceOrder { rights, ..order }).unwrap().sale.id
}

/// One adult, 2 000 by the card's credit and 3 000 by a bank card.
fn buy_with_credit(stage: &mut Stage) -> SaleId {
    let order = stage.club.order(&[(ADULT, 1)]);
    let tender = Tender { credit: Some(CARD), ..order.tender.clone() };
    let sale = stage.club.place(&PlaceOrder { tender, ..order }).unwrap().sale.id;
    stage.club.answer(sale, 1, approved());
    sale
}

/// A free ticket moves free where its card is good, and the card counts it there.
#[test]
fn a_free_ticket_takes_its_card_along() {
    let mut stage = with_card();
    let sale = buy_free(&mut stage);
    let moved = stage.send(sale, REMATCH, types(SHARD)[0], 0).unwrap();
    let quote = moved.transfer.quote;
    assert_eq!((quote.direction(), quote.target), (Direction::Even, 0));
    assert_eq!(moved.sale.state, SaleState::Issued);
    let card = card(&stage);
    assert_eq!((card.tickets_used, card.used_by_event.get(&REMATCH)), (1, Some(&1)));
    assert_eq!(card.used_by_event.get(&EVENT), None);
}

/// Where its card is not good, it is paid for, and the card has its free ticket back.
#[test]
fn a_free_ticket_is_paid_for_elsewhere() {
    let mut stage = with_card();
    let sale = buy_free(&mut stage);
    let moved = stage.send(sale, DERBY, types(OTHER)[0], 5_000).unwrap();
    assert_eq!(moved.transfer.quote.direction(), Direction::Topup);
    assert_eq!(card(&stage).tickets_used, 1, "the old ticket is still good");
    stage.pay(&moved.transfer, super::stage::gateway()).unwrap();
    stage.answer(moved.transfer.to, 1, approved());
    assert_eq!(card(&stage).tickets_used, 0);
    assert_eq!(stage.ticket(moved.transfer.to).paid(), 5_000);
}

fn booked(stage: &Stage, since: usize, shard: Shard, account: &Account) -> i64 {
    stage.booked(since, shard, account)
}

/// Credit goes along with the ticket, to another club too, and what is too much goes back to the
/// card before anything goes back to the bank.
#[test]
fn credit_goes_back_first() {
    for (event, shard) in [(REMATCH, SHARD), (DERBY, OTHER)] {
        let mut stage = with_card();
        let sale = buy_with_credit(&mut stage);
        assert_eq!(card(&stage).credit, 0);
        let since = stage.club.till.postings.len();
        let moved = stage.send(sale, event, types(shard)[1], -1_500).unwrap();
        assert_eq!((moved.transfer.credit_back, moved.transfer.money_back), (1_500, 0));
        assert_eq!(card(&stage).credit, 1_500);
        let credit = Account::StoreCredit(CARD.id);
        assert_eq!(booked(&stage, since, SHARD, &credit), -1_500);
        let new = stage.ticket(moved.transfer.to);
        assert_eq!((new.credit_used(), new.paid(), new.total), (500, 3_000, 3_500));
        assert_eq!(stage.ticket(moved.transfer.from).owed_back, 0);
    }
}
