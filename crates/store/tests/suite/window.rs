//! A ticket window with a bit of everything that sellers, cards, passes and transfers have with
//! each other, all in order; and what a check says when somebody changes one thing of it.

use domain::books::{OwedFor, owe};
use domain::card::{Card, CardAddress, CardHolder, CardState};
use domain::catalogue::Period;
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{
    CardId, CardTypeId, EventId, LineId, PassId, PassTypeId, SaleId, SeriesId, Shard, TaskId,
    TicketTypeId, TransferId,
};
use domain::ledger::{Account, Posting, PostingKind, Source};
use domain::money::Currency;
use domain::pass::Pass;
use domain::sale::{Entitlement, NewSale, Origin, Sale, SaleState};
use domain::special_ticket::SpecialTicket;
use domain::task::{NewTask, TaskKind, ask_person};
use domain::time::{Span, Timestamp};
use domain::token::Secret;
use domain::transfer::{SaleAddress, Transfer, TransferAddress, TransferState};
use rusqlite::Connection;
use store::testing::{NOON, Shop};
use store::{Options, Store};

use crate::common::SELLER;

/// Whose season card is used at the seller's event, too.
pub(crate) const FRIEND: Shard = Shard(9);
/// Where all of it happens.
pub(crate) const EVENT: EventId = EventId(1);
const TYPE: CardTypeId = CardTypeId(1);

/// Number and amounts of what a card gave: credit granted, spent in sales that are done, held by
/// sales under way.
const GRANTED: i64 = 1_000;
const SPENT: i64 = 400;
const HELD: i64 = 100;

pub(crate) fn card(shard: Shard, id: CardId) -> Card {
    Card {
        shard,
        id,
        secret: Secret::default(),
        card_type: TYPE,
        sale: None,
        state: CardState::Active,
        holder: CardHolder { phone: Some("+3545550125".to_owned()), ..CardHolder::default() },
        valid: Period { from: NOON, to: NOON.after(Span::hours(1_000)) },
        tickets_max: Some(10),
        tickets_used: 2,
        tickets_per_event_max: None,
        used_by_event: [(EVENT, 2)].into(),
        has_credit: true,
        credit_granted: GRANTED,
        credit: GRANTED - SPENT - HELD,
        currency: Currency::ISK,
        price: GRANTED,
        price_paid: 0,
        refunded: 0,
        place: None,
        ordered_at: NOON,
        created_at: NOON,
        changed_at: NOON,
    }
}

pub(crate) fn posting(shard: Shard, source: Source, kind: PostingKind) -> Posting {
    Posting { shard, source, step: 0, kind, at: NOON, currency: Currency::ISK, legs: Vec::new() }
}

pub(crate) fn sale(facts: &mut Facts<'_>, state: SaleState, total: i64) -> Result<Sale, Halt> {
    let id = SaleId(facts.number(SELLER, SaleId::KIND)?);
    let secret = Secret([id.0.to_be_bytes()[3]; 16]);
    let new = NewSale { shard: SELLER, id, secret, event: EVENT, currency: Currency::ISK };
    let issued_at = (state == SaleState::Issued).then_some(NOON);
    Ok(Sale { state, issued_at, total, ..Sale::new(new, NOON) })
}

/// Rights of two cards: what a sale of the seller's uses of each club's.
fn rights(cards: [CardAddress; 2], amount: i64) -> Vec<Entitlement> {
    let of_card = |card| {
        [
            Entitlement::FreeTickets { card, card_type: TYPE, count: 1 },
            Entitlement::StoreCredit { card, card_type: TYPE, amount },
        ]
    };
    cards.into_iter().flat_map(of_card).collect()
}

/// Gives two cards away, of the seller and of another club.
fn give_cards(facts: &mut Facts<'_>) -> Result<[CardAddress; 2], Halt> {
    let mut cards = Vec::new();
    for shard in [SELLER, FRIEND] {
        let id = CardId(facts.number(shard, CardId::KIND)?);
        let given = posting(shard, Source::Card(id), PostingKind::CardGiven)
            .debit(Account::StoreCreditPromo, GRANTED)
            .credit(Account::StoreCredit(id), GRANTED);
        facts.post(given);
        facts.put(card(shard, id));
        cards.push(CardAddress { shard, id });
    }
    Ok([cards[0], cards[1]])
}

/// A sale that is done and one under way, each paid with credit of both cards, a pass and a code.
fn sell(facts: &mut Facts<'_>, cards: [CardAddress; 2]) -> Result<SaleId, Halt> {
    let mut done = sale(facts, SaleState::Issued, 2 * SPENT)?;
    let pass = PassId(facts.number(SELLER, PassId::KIND)?);
    let line = LineId(1);
    done.entitlements = rights(cards, SPENT);
    done.entitlements.push(Entitlement::Pass { pass, line });
    done.entitlements.push(Entitlement::SpecialTicket { hash: 77, line, campaign: None });
    facts.put(used_pass(pass, done.id));
    facts.put(used_code(done.id));
    let sold = posting(SELLER, Source::Sale(done.id), PostingKind::Sold)
        .debit(Account::StoreCredit(cards[0].id), SPENT)
        .debit(Account::Between(FRIEND), SPENT);
    let sold = owe(facts, sold, OwedFor::Event(EVENT), 2 * SPENT)?;
    facts.post(sold);
    let spent = posting(FRIEND, Source::Sale(done.id), PostingKind::CreditSpent)
        .debit(Account::StoreCredit(cards[1].id), SPENT)
        .credit(Account::Between(SELLER), SPENT);
    facts.post(spent);
    let mut open = sale(facts, SaleState::AwaitingPayment, 2 * HELD)?;
    open.entitlements = rights(cards, HELD);
    facts.put(open);
    let id = done.id;
    facts.put(done);
    Ok(id)
}

pub(crate) fn used_pass(id: PassId, sale: SaleId) -> Pass {
    Pass {
        shard: SELLER,
        id,
        pass_type: PassTypeId(1),
        sale,
        series: SeriesId(1),
        ticket_type: TicketTypeId(1),
        phone: None,
        active: true,
        used: [(EVENT, sale)].into(),
        created_at: NOON,
    }
}

fn used_code(sale: SaleId) -> SpecialTicket {
    SpecialTicket {
        shard: SELLER,
        hash: 77,
        campaign: "sponsor".to_owned(),
        event: None,
        ticket_type: None,
        price: 0,
        count: 1,
        used_by: Some(sale),
    }
}

/// Moves one ticket that cost nothing.
fn move_ticket(facts: &mut Facts<'_>) -> Result<TransferId, Halt> {
    let mut old = sale(facts, SaleState::Transferred, 0)?;
    let mut new = sale(facts, SaleState::Issued, 0)?;
    let id = TransferId(facts.number(SELLER, TransferId::KIND)?);
    let [from, to] = [old.id, new.id].map(|id| SaleAddress { shard: SELLER, id });
    old.moved_to = Some(to);
    let address = TransferAddress { shard: SELLER, id };
    new.origin = Some(Origin { from, transfer: Some(address), card_seller: None });
    facts.put(old);
    facts.put(new);
    facts.put(transfer(id, from, to));
    Ok(id)
}

pub(crate) fn transfer(id: TransferId, from: SaleAddress, to: SaleAddress) -> Transfer {
    serde_json::from_value(serde_json::json!({
        "shard": SELLER, "id": id, "session": Secret::default(),
        "state": TransferState::Completed, "from": from, "to": to,
        "expires_at": null, "requested_at": NOON,
    }))
    .unwrap()
}

fn open_window(facts: &mut Facts<'_>) -> Result<TaskId, Halt> {
    let cards = give_cards(facts)?;
    let sale = sell(facts, cards)?;
    let transfer = move_ticket(facts)?;
    let (kind, text) = (TaskKind::ManualRefund, "Pay it back by hand.".to_owned());
    let task = NewTask { kind, sale: Some(sale), transfer: Some(transfer), money: None, text };
    ask_person(facts, SELLER, task, Timestamp(NOON.0))
}

/// Fills a store with it.
pub(crate) async fn fill(store: &Store) {
    store.submit(Shop::new(SELLER).publish()).await.unwrap();
    store.submit(open_window_of()).await.unwrap();
}

async fn window(store: Store) -> Store {
    fill(&store).await;
    store
}

/// The same as a command.
pub(crate) fn open_window_of() -> impl Command<Outcome = TaskId> {
    Both(open_window)
}

/// A rule over the seller and the other club.
struct Both<F>(F);

impl<F> Command for Both<F>
where
    F: Fn(&mut Facts<'_>) -> Result<TaskId, Halt> + Send + 'static,
{
    type Outcome = TaskId;

    fn shards(&self) -> Shards {
        Shards::Two(SELLER, FRIEND)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<TaskId, Halt> {
        (self.0)(facts)
    }
}

/// What a check finds in a store that was filled, after `sql` changed it.
pub(crate) async fn findings_after(
    fill: impl AsyncFnOnce(Store) -> Store,
    sql: &str,
) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guichet.db");
    let store = fill(Store::sqlite(&path, Options::default()).unwrap()).await;
    store.close().await.unwrap();
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let store = Store::sqlite(&path, Options::default()).unwrap();
    let report = store.check().await.unwrap();
    store.close().await.unwrap();
    report.findings
}

/// All of it holds together, over two sellers.
#[tokio::test]
async fn all_is_well() {
    assert_eq!(findings_after(window, "").await, Vec::<String>::new());
}

/// Changes one member of the bodies of a table.
pub(crate) fn set(table: &str, shard: u32, path: &str, value: &str) -> String {
    format!("UPDATE {table} SET body = json_set(body, '{path}', {value}) WHERE id >> 32 = {shard}")
}

/// Changes one member of one sale.
pub(crate) fn sale_set(number: u32, path: &str, value: &str) -> String {
    let set = format!("UPDATE sale SET body = json_set(body, '{path}', {value})");
    format!("{set} WHERE id & 1023 = {number}")
}

/// Each of these statements leads to a finding that says this.
pub(crate) async fn each_is_found(fill: impl AsyncFn(Store) -> Store, faults: &[(String, &str)]) {
    for (sql, finding) in faults {
        let findings = findings_after(&fill, sql).await;
        let found = findings.iter().any(|sentence| sentence.contains(finding));
        assert!(found, "{sql}: looked for {finding:?} in {findings:#?}");
    }
}

/// What is wrong with cards, passes, codes and what sellers owe each other.
#[tokio::test]
async fn faults_of_rights_are_found() {
    each_is_found(window, &[
        (
            set("card", 7, "$.credit", "501"),
            "The books owe card 1 of shard 7 -1 more than is on it and held by open sales.",
        ),
        (
            set("card", 9, "$.credit", "499"),
            "The books owe card 1024 of shard 9 1 more than is on it",
        ),
        (set("card", 9, "$.credit", "-5"), "Card 1024 of shard 9 has a credit of -5"),
        (
            set("card", 9, "$.used_by_event", "json('{\"1\":3}')"),
            "Card 1024 of shard 9 says 1 more free tickets were used for event 1 than sales say.",
        ),
        (
            set("card", 7, "$.tickets_used", "3"),
            "Card 1 of shard 7 says 3 free tickets were used, its events say 2.",
        ),
        (set("card", 7, "$.tickets_max", "1"), "gave more free tickets than it has"),
        (
            set("pass", 7, "$.used", "json('{}')"),
            "Sale 1 of shard 7 uses Pass 1 for event 1, which does not say so.",
        ),
        (
            "UPDATE special_ticket SET body = json_set(body, '$.used_by', 2)".to_owned(),
            "says that sale 2 uses it, the sale does not",
        ),
        (
            sale_set(1, "$.entitlements[0].free_tickets.count", "2"),
            "Card 1 of shard 7 says -1 more free tickets",
        ),
        (
            sale_set(1, "$.entitlements[1].store_credit.amount", "401"),
            "Sale 1 of shard 7 is issued",
        ),
        (
            "UPDATE balance SET account = 'between:8' WHERE account = 'between:7'".to_owned(),
            "What shards 7 and 9 owe each other differs by 400 ISK.",
        ),
    ])
    .await;
}

/// What is wrong with books, moves, tasks and what is derived.
#[tokio::test]
async fn faults_of_books_and_links_are_found() {
    each_is_found(window, &[
        (
            set("event_book", 7, "$.payable", "801"),
            "The book of event 1 of shard 7 differs from its balance by -1.",
        ),
        (
            set("event_book", 7, "$.paid_out", "json('{\"at\":1,\"payout\":1}')"),
            "Event 1 of shard 7 was paid out, but its balance is -800.",
        ),
        (
            "INSERT INTO owner_book VALUES (7 << 32, 1,
                 '{\"shard\":7,\"receivable\":{\"ISK\":5}}')"
                .to_owned(),
            "The owner's book of shard 7 differs from the balance of owner_receivable by 5 ISK.",
        ),
        (sale_set(1, "$.owed_back", "5"), "the books say 0 for refunds, the sale says -5"),
        (sale_set(1, "$.fee", "5"), "the books say 0 for fees, the sale says -5"),
        (sale_set(3, "$.owed_back", "5"), "Sale 3 of shard 7 is transferred, but 0 of 0 is paid."),
        (
            sale_set(3, "$.owed_back", "5"),
            "Sale 3 of shard 7 owes 5 back, but no refund is under way and no open task asks",
        ),
        (
            sale_set(3, "$.moved_to.id", "2"),
            "Sale 4 of shard 7 replaced sale 3 of shard 7, which did not move there.",
        ),
        (sale_set(3, "$.moved_out", "5"), "Sale 4 of shard 7 brought 0 from sale 3 of shard 7"),
        (
            set("transfer", 7, "$.state", "'awaiting_topup'"),
            "Transfer 1 of shard 7 is AwaitingTopup, but its ticket",
        ),
        (set("task", 7, "$.sale", "99"), "Task 1 of shard 7 is about sale 99"),
        (
            "DELETE FROM transfer".to_owned(),
            "Task 1 of shard 7 is about transfer 1, which is not there.",
        ),
        ("DELETE FROM found".to_owned(), "Card 1 of shard 7 is not found by one of its words."),
        (
            "INSERT INTO found VALUES (7, x'000102030405060708090a0b0c0d0e0f', 8, 1)".to_owned(),
            "The finder leads to Sale 1 of shard 7 by a word that it does not have.",
        ),
        (
            "UPDATE posting SET kind = 3 WHERE shard = 7 AND kind = 8".to_owned(),
            "Sale 1 of shard 7: the books say 200 for the organiser, the sale says -800.",
        ),
    ])
    .await;
}
