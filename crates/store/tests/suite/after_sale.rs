//! What becomes of things after they were sold: moves that wait, passes, cards, gates, the bank;
//! and what a check says when somebody changes one thing of it.

use domain::attempt::{Approval, Attempt, CallResult, ChargeRef, GatewayTerms, Verb};
use domain::books::{OwedFor, owe};
use domain::card::Card;
use domain::facts::{Facts, Halt};
use domain::gate::Gate;
use domain::ids::{CardId, PassId, PassTypeId, PayoutId, SaleId, TransferId};
use domain::ledger::{Account, PostingKind, Source};
use domain::money::Currency;
use domain::pass::Pass;
use domain::payout::{Payout, PayoutFor};
use domain::sale::{CardPrice, Fund, Goods, Origin, Sale, SaleState, Scan};
use domain::time::Span;
use domain::transfer::{SaleAddress, Transfer, TransferAddress, TransferState};
use store::Store;
use store::testing::NOON;

use crate::common::{SELLER, rule};
use crate::window::{self, EVENT, each_is_found, findings_after, sale, sale_set, set};

/// What a bank gave of a difference.
const PART: i64 = 500;

/// A pass (sale 5) and a season card (sale 6) that were sold for nothing.
fn sell_goods(facts: &mut Facts<'_>) -> Result<(), Halt> {
    let mut of_pass = sale(facts, SaleState::Issued, 0)?;
    let pass = PassId(facts.number(SELLER, PassId::KIND)?);
    of_pass.goods = Goods::Pass { pass_type: PassTypeId(1), pass: Some(pass) };
    facts.put(Pass { used: [].into(), ..window::used_pass(pass, of_pass.id) });
    facts.put(of_pass);
    let mut of_card = sale(facts, SaleState::Issued, 0)?;
    let id = CardId(facts.number(SELLER, CardId::KIND)?);
    let card = Card {
        sale: Some(of_card.id),
        tickets_used: 0,
        used_by_event: [].into(),
        credit_granted: 0,
        credit: 0,
        ..window::card(SELLER, id)
    };
    of_card.goods = Goods::Cards {
        types: vec![CardPrice { card_type: card.card_type, price: 0, credit: 0, terms: None }],
        holder: card.holder.clone(),
        receipt: None,
        cards: vec![id],
    };
    facts.put(card);
    facts.put(of_card);
    Ok(())
}

/// A ticket (sale 7) that waits until the dearer one (sale 8) is paid. A bank gave only a part of
/// the difference, which is on its way back.
fn lock(facts: &mut Facts<'_>) -> Result<(), Halt> {
    let mut old = sale(facts, SaleState::Issued, 0)?;
    let mut new = sale(facts, SaleState::AwaitingPayment, 0)?;
    let id = TransferId(facts.number(SELLER, TransferId::KIND)?);
    let [from, to] = [old.id, new.id].map(|id| SaleAddress { shard: SELLER, id });
    let address = TransferAddress { shard: SELLER, id };
    old.locked_by = Some(address);
    new.origin = Some(Origin { from, transfer: Some(address), card_seller: None });
    new.total = 1_500;
    let attempt = |number, verb, amount| {
        Attempt::new(number, verb, format!("key {number}"), &gateway("sandbox"), amount, NOON)
    };
    let mut charge = attempt(1, Verb::Charge, 1_500);
    charge.record(&CallResult::PartiallyApproved(Approval::default(), PART), NOON);
    new.attempts = vec![charge, attempt(2, Verb::Refund, PART)];
    new.owed_back = PART;
    let taken = window::posting(SELLER, Source::Sale(new.id), PostingKind::TakenForReturn)
        .debit(Account::GatewayClearing("sandbox".to_owned()), PART)
        .credit(Account::RefundPayable(new.id), PART);
    facts.post(taken);
    facts.put(old);
    facts.put(new);
    let expires_at = Some(NOON.after(Span::hours(24)));
    let state = TransferState::AwaitingTopup;
    facts.put(Transfer { state, expires_at, ..window::transfer(id, from, to) });
    Ok(())
}

/// A ticket that went in (sale 9), and one that a person was paid for (sale 10).
fn enter_and_pay(facts: &mut Facts<'_>) -> Result<(), Halt> {
    let mut inside = sale(facts, SaleState::Issued, 0)?;
    let (gate, device, told_at) = ("north".to_owned(), None, None);
    inside.scans = vec![Scan { admission: 1, at: NOON, gate, device, told_at, is_invalid: false }];
    facts.put(inside);
    facts.put(Gate {
        shard: SELLER,
        event: EVENT,
        entries: [("north".to_owned(), 1)].into(),
        ..Gate::default()
    });
    let mut paid = sale(facts, SaleState::Issued, 700)?;
    paid.taken_by_hand = vec![by_hand(700)];
    let sold = window::posting(SELLER, Source::Sale(paid.id), PostingKind::Sold);
    let sold = owe(facts, sold.debit(Account::Bank, 700), OwedFor::Event(EVENT), 700)?;
    facts.post(sold);
    facts.put(paid);
    Ok(())
}

fn by_hand(amount: i64) -> Fund {
    let charge = ChargeRef { key: "by hand".to_owned(), reference: "bank 1".to_owned() };
    Fund { charge, terms: gateway("by hand"), amount }
}

fn gateway(name: &str) -> GatewayTerms {
    let (send_within, deadline) = (Span::ZERO, Span::ZERO);
    GatewayTerms { name: name.to_owned(), resumable: false, send_within, deadline, push: None }
}

fn pay_out_nothing(facts: &mut Facts<'_>) -> Result<(), Halt> {
    let id = PayoutId(facts.number(SELLER, PayoutId::KIND)?);
    facts.put(Payout {
        shard: SELLER,
        id,
        what: PayoutFor::Cards,
        event: domain::ids::EventId(0),
        payable: 0,
        netted: 0,
        paid: 0,
        currency: Currency::ISK,
        at: NOON,
        by: "Anna".to_owned(),
        reference: None,
    });
    Ok(())
}

async fn fill(store: Store) -> Store {
    window::fill(&store).await;
    let more = rule(|facts| {
        sell_goods(facts)?;
        lock(facts)?;
        enter_and_pay(facts)?;
        pay_out_nothing(facts)
    });
    store.submit(more).await.unwrap();
    let last = store.read::<Sale>(Sale::key_of(SELLER, SaleId(10))).await.unwrap();
    assert_eq!(last.unwrap().total, 700, "the numbers below are right");
    store
}

/// All of it holds together.
#[tokio::test]
async fn all_is_well() {
    assert_eq!(findings_after(fill, "").await, Vec::<String>::new());
}

/// What is wrong with moves, from either end.
#[tokio::test]
async fn faults_of_moves_are_found() {
    let faults = [
        (
            sale_set(8, "$.state", "'expired'"),
            "Transfer 2 of shard 7 is AwaitingTopup, but its new ticket, sale 8 of shard 7,",
        ),
        (
            "DELETE FROM sale WHERE id & 1023 = 8".to_owned(),
            "Transfer 2 of shard 7 is AwaitingTopup, but its new ticket, sale 8 of shard 7,",
        ),
        (
            sale_set(4, "$.issued_at", "null"),
            "Transfer 1 of shard 7 is Completed, but its new ticket, sale 4 of shard 7,",
        ),
        (
            set("transfer", 7, "$.state", "'expired'"),
            "Transfer 2 of shard 7 is Expired, but its new ticket, sale 8 of shard 7,",
        ),
        (
            "DELETE FROM transfer WHERE id & 1023 = 2".to_owned(),
            "Sale 7 of shard 7 is locked by transfer 2 of shard 7, which does not wait for it.",
        ),
        (sale_set(8, "$.owed_back", "400"), "Sale 8 of shard 7 is awaiting_payment, but 500 of"),
        (
            sale_set(3, "$.moved_to", "null"),
            "Sale 3 of shard 7 was moved, but no ticket says that it came from there.",
        ),
        (
            sale_set(4, "$.origin.from.id", "9"),
            "Sale 3 of shard 7 was moved, but no ticket says that it came from there.",
        ),
    ];
    each_is_found(fill, &faults).await;
}

/// What is wrong with passes and cards that were sold, with gates, and with the bank.
#[tokio::test]
async fn faults_of_goods_gates_and_bank_are_found() {
    let faults = [
        (
            "DELETE FROM pass WHERE id & 1023 = 2".to_owned(),
            "Sale 5 of shard 7 sold pass 2, which is not there.",
        ),
        (
            sale_set(5, "$.state", "'cancelled'"),
            "Sale 5 of shard 7 sold pass 2 and is cancelled, but that still works.",
        ),
        (sale_set(5, "$.goods.pass.pass", "null"), "Sale 5 of shard 7 made no pass."),
        (set("card", 7, "$.sale", "9"), "Sale 6 of shard 7 sold card 2, which is not there."),
        (
            sale_set(6, "$.state", "'cancelled'"),
            "Sale 6 of shard 7 sold card 2 and is cancelled, but that still works.",
        ),
        (
            sale_set(6, "$.goods.cards.cards", "json('[]')"),
            "Sale 6 of shard 7 made 0 of 1 season cards.",
        ),
        (
            set("gate", 7, "$.entries.north", "2"),
            "The gates of event 1 of shard 7 counted 2 entries, its tickets say 1.",
        ),
        (
            sale_set(9, "$.scans[0].is_invalid", "json('true')"),
            "The gates of event 1 of shard 7 counted 1 entries, its tickets say 0.",
        ),
        (
            sale_set(10, "$.taken_by_hand", "json('[]')"),
            "Payouts, settlements and payments by hand of shard 7 moved -700 ISK more",
        ),
        (
            set("payout", 7, "$.paid", "300"),
            "Payouts, settlements and payments by hand of shard 7 moved -300 ISK more",
        ),
    ];
    each_is_found(fill, &faults).await;
}
