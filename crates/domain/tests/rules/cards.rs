//! Season cards: their order, what they put into the books, gifts, changes, refunds.

use domain::card::{
    Card, CardAddress, CardChange, CardHolder, CardState, CardType, ChangeCard, GIFTS_MAX,
    GiveCards, GivenCards,
};
use domain::catalogue::{CatalogueItem, Period, QuotaLimit};
use domain::effect::{Effect, MailContent};
use domain::facts::Halt;
use domain::idempotency::{Identity, Marks};
use domain::ids::{CardId, CardTypeId, NumberKind, QuotaId, SaleId};
use domain::language::Language;
use domain::ledger::{Account, PostingKind};
use domain::money::Currency;
use domain::refusal::Code;
use domain::sale::refund::{CancelSale, RefundRequest, RefundWhat};
use domain::sale::{Goods, PlaceCards, PlaceOrder, Placed, SaleState, Tender};
use domain::seller::DrawNumbers;
use domain::task::{Task, TaskKind};
use domain::time::Span;
use domain::token::Secret;

use crate::common::rights::{FAN, card_type, fan};
use crate::common::{
    ADULT, Club, SHARD, approved, by_card, code, declined, note, paying, resumable, wanted,
};

/// 8 000 without credit: five tickets.
const GOLD: CardTypeId = CardTypeId(21);
/// 8 000 for 10 000 of credit.
const PREPAID: CardTypeId = CardTypeId(22);
/// Free of charge, nothing on it.
const SUPPORTER: CardTypeId = CardTypeId(23);

const STOCK: QuotaId = QuotaId(9);
const SALE: SaleId = SaleId(1);
const CARD: CardId = CardId(1);

fn kind(id: CardTypeId, price: i64, credit: i64) -> CardType {
    CardType { id, price, credit, has_credit: credit > 0, ..card_type(SHARD) }
}

fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn club() -> Club {
    let mut club = Club::new();
    for kind in [kind(GOLD, 8_000, 0), kind(PREPAID, 8_000, 10_000), kind(SUPPORTER, 0, 0)] {
        club.put(kind);
    }
    club
}

fn order(types: &[CardTypeId]) -> PlaceCards {
    PlaceCards {
        shard: SHARD,
        card_types: types.to_vec(),
        holder: CardHolder { phone: Some(FAN.into()), ..CardHolder::default() },
        receipt: None,
        buyer: fan(),
        tender: paying(by_card(resumable())),
        secret: Secret([5; 16]),
        marks: Marks::default(),
    }
}

/// A club that sold one order of these kinds.
fn sold(types: &[CardTypeId]) -> Club {
    let mut club = club();
    let placed: Placed = club.till.run(&order(types)).unwrap();
    assert_eq!(placed.sale.state, SaleState::AwaitingPayment);
    assert_eq!(club.till.all::<Card>().count(), 0, "no card before the money");
    assert_eq!(club.answer(SALE, 1, approved()).sale.state, SaleState::Issued);
    club
}

fn card(club: &Club, id: CardId) -> Card {
    let key = Card::key_of(CardAddress { shard: SHARD, id });
    club.till.find::<Card>(key).unwrap().clone()
}

fn change_kind(club: &mut Club, change: fn(&mut CardType)) {
    club.change_by_hand(&kind(GOLD, 0, 0), change);
}

/// Every refusal that an order can earn, each for this alone, and that nothing changed.
#[test]
fn orders_are_refused() {
    type Spoil = fn(&mut Club, &mut PlaceCards);
    let check = |spoil: Spoil, expected| {
        let (mut club, mut order) = (club(), order(&[GOLD]));
        spoil(&mut club, &mut order);
        club.till.run(&DrawNumbers { shard: SHARD, kinds: vec![NumberKind::Sale] }).unwrap();
        let before = club.till.records.clone();
        assert_eq!(code(club.till.run(&order)), expected);
        assert_eq!(club.till.records, before, "a refused order leaves no trace");
    };
    check(|_, order| order.card_types.clear(), Code::NothingToOrder);
    check(|_, order| order.card_types = vec![GOLD; 21], Code::NothingToOrder);
    check(|_, order| order.card_types.push(CardTypeId(99)), Code::CardTypeNotFound);
    check(|club, _| change_kind(club, |kind| kind.active = false), Code::SaleNotActive);
    let ended: Spoil = |club, _| change_kind(club, |kind| kind.valid.to = kind.valid.from);
    check(ended, Code::SaleNotActive);
    check(|club, _| change_kind(club, |kind| kind.team_only = true), Code::TeamUseOnly);
    check(
        |club, _| change_kind(club, |kind| kind.holder_required = true),
        Code::HolderInfoRequired,
    );
    check(|club, _| change_kind(club, |kind| kind.quota = Some(STOCK)), Code::SaleNotActive);
    let other: Spoil = |club, order| {
        club.put(CardType { currency: euro(), ..kind(PREPAID, 1, 0) });
        order.card_types.push(PREPAID);
    };
    check(other, Code::CurrencyMismatch);
    check(|_, order| order.tender = Tender::default(), Code::PaymentMethodRequired);
    check(|_, order| order.tender.total_guard = Some(7_999), Code::PriceChanged);
    check(|_, order| order.tender.currency_guard = Some(euro()), Code::CurrencyMismatch);
    check(
        |club, order| {
            change_kind(club, |kind| kind.price = i64::MAX);
            order.card_types.push(GOLD);
        },
        Code::InvalidAmount,
    );
}

/// The window of the sale is told, its first moment counts and its last does not.
#[test]
fn the_window_is_told() {
    let mut club = club();
    let (now, later) = (club.till.now, club.till.now.after(Span::hours(1)));
    let mut window = |from, to| {
        club.put(CardType { sale: Some(Period { from, to }), ..kind(GOLD, 8_000, 0) });
        club.till.run(&order(&[GOLD]))
    };
    assert!(window(now, later).is_ok());
    let Err(Halt::Refused(refusal)) = window(later, later) else { panic!("too early") };
    assert_eq!(refusal.code, Code::SaleNotActive);
    assert!(refusal.message.contains(&later.to_string()), "{}", refusal.message);
    assert_eq!(code(window(domain::time::Timestamp(0), now)), Code::SaleNotActive);
}

/// `payments.md` §7.2: what each kind of card puts into the books, and on the card.
#[test]
fn cards_are_booked() {
    let gateway = || Account::GatewayClearing("resumable".into());
    let check = |types: &[CardTypeId], expected: &[(Account, i64)]| {
        let club = sold(types);
        let booked = club.booked(PostingKind::Sold).remove(0);
        let mut sums = std::collections::BTreeMap::new();
        for (account, amount) in booked {
            *sums.entry(format!("{account:?}")).or_insert(0) += amount;
        }
        let expected = expected.iter().map(|(account, amount)| (format!("{account:?}"), *amount));
        assert_eq!(sums, expected.collect());
        club
    };
    let fee = Account::PlatformFeeIncome;
    let gold = [(gateway(), 8_000), (Account::OwnerPayableCards, -7_600), (fee.clone(), -400)];
    assert_eq!(card(&check(&[GOLD], &gold), CARD).credit, 0);
    let prepaid = [
        (gateway(), 8_000),
        (Account::StoreCreditPromo, 2_000),
        (Account::StoreCredit(CARD), -10_000),
    ];
    assert_eq!(card(&check(&[PREPAID], &prepaid), CARD).credit, 10_000);
    let all = [
        (gateway(), 16_000),
        (Account::OwnerPayableCards, -7_600),
        (fee, -400),
        (Account::StoreCreditPromo, 2_000),
        (Account::StoreCredit(CardId(2)), -10_000),
    ];
    let club = check(&[GOLD, PREPAID, SUPPORTER], &all);
    let paid = [1, 2, 3].map(|id| card(&club, CardId(id)).price_paid);
    assert_eq!(paid, [8_000, 8_000, 0]);
}

/// Price, credit, tickets and dates are those of the moment of the order.
#[test]
fn what_was_ordered_is_handed_out() {
    let mut club = club();
    club.till.run(&order(&[PREPAID])).unwrap();
    let before = kind(PREPAID, 9_000, 500);
    let valid = Period { from: before.valid.from, to: before.valid.to.after(Span::hours(1)) };
    let other = Some(1);
    let after = CardType { valid, tickets_max: other, tickets_per_event_max: other, ..before };
    assert!(before.tickets_max != other && before.tickets_per_event_max != other);
    club.put(after);
    club.answer(SALE, 1, approved());
    let card = card(&club, CARD);
    assert_eq!((card.price, card.price_paid, card.credit), (8_000, 8_000, 10_000));
    let given = (card.valid, card.tickets_max, card.tickets_per_event_max);
    assert_eq!(given, (before.valid, before.tickets_max, before.tickets_per_event_max));
}

/// A declined order makes no card and gives its stock back; a free one is there at once.
#[test]
fn stock_follows_the_money() {
    let mut club = club();
    club.limit(STOCK, Some(2)).unwrap();
    change_kind(&mut club, |kind| kind.quota = Some(STOCK));
    club.till.run(&order(&[GOLD, GOLD])).unwrap();
    assert_eq!(club.taken(STOCK), (2, 0));
    assert_eq!(code(club.till.run(&order(&[GOLD]))), Code::SoldOut);
    club.answer(SALE, 1, declined());
    assert_eq!((club.taken(STOCK), club.till.all::<Card>().count()), ((0, 0), 0));
    club.till.run(&order(&[GOLD])).unwrap();
    club.answer(SaleId(2), 1, approved());
    assert_eq!((club.taken(STOCK), club.till.all::<Card>().count()), ((0, 1), 1));
    let free = PlaceCards { tender: Tender::default(), ..order(&[SUPPORTER]) };
    assert_eq!(club.till.run(&free).unwrap().sale.state, SaleState::Issued);
}

/// A receipt is owed once, when the cards are there, to whoever gave an address.
#[test]
fn receipts_are_owed() {
    let receipts = |email: Option<&str>, receipt| {
        let mut club = club();
        let mut order = PlaceCards { receipt, ..order(&[GOLD, PREPAID]) };
        order.holder.email = email.map(str::to_owned);
        club.till.run(&order).unwrap();
        assert_eq!(club.till.owed, []);
        club.answer(SALE, 1, approved());
        let owed = club.till.owed.iter().map(|owed| owed.effect.clone());
        owed.collect::<Vec<_>>()
    };
    let (to, language) = ("anna@example.org".to_owned(), Language::Icelandic);
    let queued_at = crate::common::NOON;
    let content = MailContent::CardReceipt { sale: SALE };
    let letter = Effect::Mail { to, language, queued_at, content };
    assert_eq!(receipts(Some("anna@example.org"), Some(language)), [letter]);
    assert_eq!(receipts(None, Some(language)), []);
    assert_eq!(receipts(Some("anna@example.org"), None), []);
}

fn gift(card_type: CardTypeId, count: usize) -> GiveCards {
    GiveCards {
        shard: SHARD,
        card_type,
        holders: vec![CardHolder { phone: Some(FAN.into()), ..CardHolder::default() }; count],
        secret: Secret([6; 16]),
        marks: Marks::default(),
        note: note(),
    }
}

/// Credit on a gift is the club's; the stock, the handle and the audit follow.
#[test]
fn gifts_are_booked() {
    let mut club = club();
    club.limit(STOCK, Some(2)).unwrap();
    club.change_by_hand(&kind(PREPAID, 0, 0), |kind| {
        kind.quota = Some(STOCK);
        kind.team_only = true;
    });
    let GivenCards { cards, repeated } = club.till.run(&gift(PREPAID, 2)).unwrap();
    assert_eq!((cards, repeated), (vec![CardId(1), CardId(2)], false));
    assert_eq!(club.taken(STOCK), (0, 2));
    let booked = club.booked(PostingKind::CardGiven);
    assert_eq!(booked.len(), 2);
    let legs = [(Account::StoreCreditPromo, 10_000), (Account::StoreCredit(CARD), -10_000)];
    assert_eq!(booked[0], legs);
    let (first, second) = (card(&club, CARD), card(&club, CardId(2)));
    assert_eq!((first.sale, first.price_paid, first.credit), (None, 0, 10_000));
    assert_ne!(first.secret, second.secret);
    let audit = club.till.all::<domain::audit::AuditRecord>().next().unwrap();
    assert!(audit.note.detail.starts_with("2 cards of type 22 of seller 7, from card 1"));
    club.till.run(&gift(SUPPORTER, 1)).unwrap();
    assert_eq!(club.booked(PostingKind::CardGiven).len(), 2, "nothing on it, nothing to book");
}

/// Every refusal of a gift, and that nothing is given.
#[test]
fn gifts_are_refused() {
    type Spoil = fn(&mut Club, &mut GiveCards);
    let check = |spoil: Spoil, expected| {
        let (mut club, mut gift) = (club(), gift(GOLD, 2));
        spoil(&mut club, &mut gift);
        let before = club.till.records.clone();
        assert_eq!(code(club.till.run(&gift)), expected);
        assert_eq!(club.till.records, before);
    };
    check(|_, gift| gift.holders.clear(), Code::NothingToOrder);
    check(
        |_, gift| gift.holders = vec![CardHolder::default(); GIFTS_MAX + 1],
        Code::ValidationFailed,
    );
    check(|_, gift| gift.card_type = CardTypeId(99), Code::CardTypeNotFound);
    check(|club, _| change_kind(club, |kind| kind.active = false), Code::SaleNotActive);
    let ended: Spoil = |club, _| change_kind(club, |kind| kind.valid.to = kind.valid.from);
    check(ended, Code::SaleNotActive);
    check(
        |club, _| change_kind(club, |kind| kind.holder_required = true),
        Code::HolderInfoRequired,
    );
    check(
        |club, _| {
            let (id, name, limit) = (STOCK, "gold".into(), Some(1));
            club.change(vec![CatalogueItem::Quota(QuotaLimit { id, name, limit })]).unwrap();
            change_kind(club, |kind| kind.quota = Some(STOCK));
        },
        Code::SoldOut,
    );
}

/// The largest gift fits into one command, and the same key gives once.
#[test]
fn gifts_are_given_once() {
    let mut club = club();
    let identity = |hash, fingerprint| Identity { hash, fingerprint };
    let with = |identity, note| {
        let marks = Marks { key: Some(identity), ..Marks::default() };
        GiveCards { marks, note, ..gift(PREPAID, GIFTS_MAX) }
    };
    let first = club.till.run(&with(identity(1, 1), note())).unwrap();
    let before = club.till.records.clone();
    let again = club.till.run(&with(identity(1, 1), note())).unwrap();
    assert_eq!((again.cards, again.repeated), (first.cards, true));
    assert_eq!(code(club.till.run(&with(identity(1, 2), note()))), Code::IdempotencyConflict);
    assert_eq!(club.till.records, before);
}

fn change(club: &mut Club, change: CardChange) -> Result<Card, Halt> {
    let card = CardAddress { shard: SHARD, id: CARD };
    let changed = club.till.run(&ChangeCard { card, change, note: note() })?;
    Ok(Card::clone(&changed))
}

fn blocked(blocked: bool) -> CardChange {
    CardChange { blocked: Some(blocked), ..CardChange::default() }
}

/// What changes is told with what was before; what does not is not told, and a closed card gives
/// nothing until it is opened.
#[test]
fn cards_are_changed() {
    let mut club = sold(&[PREPAID]);
    let now = club.till.now;
    let holder = CardHolder { name: Some("Anna Gestsdóttir".into()), ..CardHolder::default() };
    let named = CardChange { holder, ..CardChange::default() };
    let changed = change(&mut club, named.clone()).unwrap();
    assert_eq!(changed.holder.phone.as_deref(), Some(FAN), "what is left out stays");
    change(&mut club, named).unwrap();
    let mut shut = change(&mut club, blocked(true)).unwrap();
    assert_eq!(code(shut.take_credit(1, now).map_err(Halt::from)), Code::OwnerCardNotValid);
    assert!(change(&mut club, blocked(false)).unwrap().take_credit(1, now).is_ok());
    let told = club.till.all::<domain::audit::AuditRecord>();
    let mut told: Vec<_> = told.collect();
    told.sort_unstable_by_key(|it| it.note.nonce);
    assert!(told.iter().all(|it| it.sellers == [SHARD]));
    let told = told.iter().map(|it| it.change.as_ref().unwrap());
    let told: Vec<_> = told.map(|it| (it.before.as_deref().unwrap(), it.after.as_str())).collect();
    assert_eq!(
        told,
        [
            (r#"{"name":null}"#, r#"{"name":"Anna Gestsdóttir"}"#),
            (r#"{"state":"active"}"#, r#"{"state":"blocked"}"#),
            (r#"{"state":"blocked"}"#, r#"{"state":"active"}"#),
        ]
    );
}

/// A card that nobody has and one that was paid back are not changed.
#[test]
fn changes_are_refused() {
    assert_eq!(code(change(&mut club(), blocked(true))), Code::OwnerCardNotFound);
    let mut club = sold(&[GOLD]);
    club.refund_whole(SALE);
    assert_eq!(code(change(&mut club, blocked(false))), Code::OwnerCardNotValid);
}

fn one_card(id: u32) -> RefundRequest {
    wanted(RefundWhat::Cards(vec![CardId(id)]))
}

/// `domain.md` §7.2: an unused card goes back at its price, and the books are even.
#[test]
fn unused_cards_are_refunded() {
    for (kind, id) in [(GOLD, 1), (PREPAID, 1)] {
        let mut club = sold(&[kind]);
        let refunded = club.refund(SALE, one_card(id)).unwrap();
        assert_eq!((refunded.refund.money, refunded.sale.state), (8_000, SaleState::Returning));
        club.answer(SALE, 2, approved());
        assert_eq!(card(&club, CARD).state, CardState::Refunded);
        for account in [
            Account::OwnerPayableCards,
            Account::PlatformFeeIncome,
            Account::StoreCredit(CARD),
            Account::StoreCreditPromo,
            Account::RefundPayable(SALE),
            Account::GatewayClearing("resumable".into()),
        ] {
            assert_eq!(club.till.balance(&account), 0, "{account:?}");
        }
        assert_eq!(code(club.refund(SALE, one_card(id))), Code::NotRefundable);
    }
}

/// One card of several goes back, the others stay, and so does the order.
#[test]
fn one_card_of_an_order_is_refunded() {
    let mut club = sold(&[GOLD, PREPAID]);
    let refunded = club.refund(SALE, one_card(2)).unwrap();
    assert_eq!((refunded.refund.money, refunded.sale.state), (8_000, SaleState::Issued));
    assert_eq!(code(club.refund(SALE, one_card(1))), Code::RefundPending);
    club.answer(SALE, 2, approved());
    assert_eq!(card(&club, CARD).state, CardState::Active);
    club.refund(SALE, one_card(1)).unwrap();
    assert_eq!(club.answer(SALE, 3, approved()).sale.state, SaleState::Returned);
    assert_eq!(club.till.balance(&Account::OwnerPayableCards), 0);
    assert!(matches!(&club.sale(SALE).goods, Goods::Cards { cards, .. } if cards.len() == 2));
}

/// The platform earned nothing on a card that is all credit, so it gives nothing up for it; both
/// cards together give the whole fee up.
#[test]
fn each_card_gives_its_own_fee_up() {
    for order in [[1, 2], [2, 1]] {
        let mut club = sold(&[GOLD, PREPAID]);
        assert_eq!(club.sale(SALE).fee, 400);
        for (attempt, id) in (2..).zip(order) {
            let refund = club.refund(SALE, one_card(id)).unwrap().refund;
            assert_eq!(refund.fee, if id == 1 { 400 } else { 0 });
            club.answer(SALE, attempt, approved());
        }
        assert_eq!(club.till.balance(&Account::PlatformFeeIncome), 0);
    }
}

/// Credit that comes back to a card after that was paid back is no use to its holder: a person is
/// asked, once.
#[test]
fn credit_of_an_ended_card_is_a_persons_task() {
    let mut club = sold(&[PREPAID]);
    let address = CardAddress { shard: SHARD, id: CARD };
    let order = PlaceOrder {
        tender: Tender { credit: Some(address), ..paying(by_card(resumable())) },
        buyer: fan(),
        ..club.order(&[(ADULT, 3)])
    };
    let waiting = club.place(&order).unwrap().sale;
    assert_eq!((waiting.credit_used(), waiting.state), (10_000, SaleState::AwaitingPayment));
    club.refund(SALE, wanted(RefundWhat::PartOfCard { card: CARD, amount: 0 })).unwrap();
    assert_eq!(club.till.all::<Task>().count(), 0);
    club.answer(waiting.id, 1, declined());
    let tasks = Vec::from_iter(club.till.all::<Task>());
    assert_eq!((tasks.len(), tasks[0].kind), (1, TaskKind::CreditOfEndedCard));
    assert_eq!(
        (tasks[0].amount, tasks[0].sale, card(&club, CARD).credit),
        (10_000, Some(SALE), 10_000)
    );
}

/// Cards of an order that is cancelled end with it, and what was left on them is the club's.
#[test]
fn cancelled_cards_end() {
    let mut club = sold(&[GOLD, PREPAID]);
    let command = CancelSale { shard: SHARD, sale: SALE, partner: None, note: note() };
    assert_eq!(club.till.run(&command).unwrap().state, SaleState::Cancelled);
    for id in [1, 2] {
        let card = card(&club, CardId(id));
        assert_eq!((card.state, card.credit, card.refunded), (CardState::Refunded, 0, 0));
    }
    let balance = |account| club.till.balance(&account);
    assert_eq!(balance(Account::StoreCredit(CardId(2))), 0);
    assert_eq!(balance(Account::StoreCreditPromo), 0);
    assert_eq!(balance(Account::OwnerPayableCards), -(16_000 - 400));
    assert_eq!(code(club.till.run(&command)), Code::NotRefundable);
}

/// A used card goes back in part only, and never with more than was paid for it.
#[test]
fn used_cards_are_refunded_in_part() {
    let part = |amount| wanted(RefundWhat::PartOfCard { card: CARD, amount });
    let mut club = sold(&[GOLD]);
    let event = crate::common::EVENT;
    let now = club.till.now;
    let mut used = card(&club, CARD);
    used.take_tickets(event, 1, now).unwrap();
    // By hand: no sale says that it used the ticket, which the next command would notice.
    let expected = [(None, Code::NotRefundable), (Some(8_001), Code::RefundExceedsPaid)];
    for (amount, expected) in expected {
        let mut club = sold(&[GOLD]);
        club.put(used.clone());
        let request = amount.map_or_else(|| one_card(1), part);
        assert_eq!(code(club.refund(SALE, request)), expected);
    }
    let refunded = club.refund(SALE, part(3_000)).unwrap();
    assert_eq!((refunded.refund.money, refunded.sale.owed()), (3_000, 3_000));
    assert_eq!(refunded.sale.attempts[1].amount, 3_000, "no more than was promised");
    let done = club.answer(SALE, 2, approved()).sale;
    assert_eq!((done.state, done.paid(), done.owed()), (SaleState::Cancelled, 5_000, 0));
    assert_eq!(code(club.refund(SALE, part(1))), Code::NotRefundable);
    let card = card(&club, CARD);
    assert_eq!((card.state, card.refunded), (CardState::Refunded, 3_000));
    assert_eq!(club.till.balance(&Account::OwnerPayableCards), -(5_000 - 250));
}
