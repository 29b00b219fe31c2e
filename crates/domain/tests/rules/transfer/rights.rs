//! Season cards and their credit, when a ticket moves that was paid with them (`domain.md` §4.2).

use std::sync::Arc;

use domain::card::{Card, CardAddress, CardHolder, CardState};
use domain::catalogue::{Organiser, Period};
use domain::facts::Key;
use domain::ids::{CardId, CardTypeId, SaleId, Shard};
use domain::ledger::Account;
use domain::money::Currency;
use domain::record::{Kind, Record};
use domain::refusal::Code;
use domain::sale::refund::RefundWhat;
use domain::sale::{FreeFrom, PlaceOrder, Rights, SaleState, Tender};
use domain::time::Span;
use domain::token::Secret;
use domain::transfer::{Choice, Direction, QuoteTransfer, Route};

use super::stage::{DERBY, OTHER, REMATCH, Stage, types};
use crate::common::rights as common_rights;
use crate::common::{ADULT, EVENT, NOON, SHARD, approved, wanted};

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

/// A stage on which the fan has a free ticket by the other club's card, which is closed since.
fn free_by_a_friend() -> (Stage, SaleId) {
    let mut stage = Stage::new();
    let key = Key::number(OTHER, Kind::Organiser, 0);
    let other = stage.club.till.find::<Organiser>(key).unwrap().clone();
    stage.club.change_by_hand(&other, |club| club.rules.connected = vec![SHARD]);
    stage.club.put(common_rights::card_type(OTHER));
    stage.club.put(common_rights::card(OTHER));
    let free = Some(FreeFrom::OwnerCard(common_rights::card_of(OTHER)));
    let (rights, buyer) = (Rights { free, ..Rights::default() }, common_rights::fan());
    let order = PlaceOrder { rights, buyer, ..stage.club.order(&[(ADULT, 1)]) };
    let sale = stage.club.place(&order).unwrap().sale.id;
    stage.club.change_by_hand(&common_rights::card(OTHER), |it| it.state = CardState::Blocked);
    (stage, sale)
}

/// A ticket within one club that was free by another club's card: the payment of the difference
/// reaches that club, too, whether a gateway takes it or a person.
#[test]
fn a_third_clubs_card_has_its_free_ticket_back() {
    for by_hand in [false, true] {
        let (mut stage, sale) = free_by_a_friend();
        let card = |stage: &Stage| {
            let key = Card::key_of(common_rights::card_of(OTHER));
            stage.club.till.find::<Card>(key).unwrap().tickets_used
        };
        let moved = stage.send(sale, REMATCH, types(SHARD)[0], 5_000).unwrap();
        assert_eq!((moved.sale.partner(), card(&stage)), (Some(OTHER), 1));
        if by_hand {
            stage.note(&moved.transfer).unwrap();
        } else {
            stage.pay(&moved.transfer, super::stage::gateway()).unwrap();
            stage.answer(moved.transfer.to, 1, approved());
        }
        let state = stage.ticket(moved.transfer.to).state;
        assert_eq!((state, card(&stage)), (SaleState::Issued, 0), "by hand: {by_hand}");
    }
}

/// What a move would cost can be asked of a free ticket that ended, too, and is refused as such.
#[test]
fn a_quote_of_a_refunded_free_ticket_is_refused() {
    let mut stage = with_card();
    let sale = buy_free(&mut stage);
    stage.club.refund(sale, wanted(RefundWhat::Whole)).unwrap();
    assert_eq!(card(&stage).tickets_used, 0);
    let route = stage.route(sale, REMATCH, Choice::default());
    let choice = Choice { owner_type: Some(types(SHARD)[0]), ..Choice::default() };
    let quoted = stage.club.till.run(&QuoteTransfer { route: Route { choice, ..route } }).unwrap();
    assert_eq!(quoted.obstacle.unwrap().code, Code::TicketExpired);
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
