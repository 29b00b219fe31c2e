//! Placing an order: what is refused, in which order the checks speak, and what a sale holds.

use domain::attempt::{AttemptState, CallVerb, Next, Verb};
use domain::facts::{Command, Facts, Halt, Key, Known, Overlay};
use domain::idempotency::Marks;
use domain::ids::NumberKind;
use domain::money::Currency;
use domain::payment::Instrument;
use domain::record::Record;
use domain::refusal::{Code, Refusal};
use domain::sale::{Holder, PlaceOrder, SaleState, Tender};
use domain::seller::DrawNumbers;

use crate::common::{
    ADULT, CHILD, Club, DEADLINE, GROUND, SEND_WITHIN, SHARD, TERRACE, TERRACE_ROWS, Till, by_card,
    code, holder, plain, resumable,
};

/// Orders two adults after `spoil`; it is refused with `expected` and leaves no trace.
#[track_caller]
fn check_refused(spoil: impl FnOnce(&mut PlaceOrder), expected: Code) {
    let mut club = Club::new();
    let mut order = club.order(&[(ADULT, 2)]);
    spoil(&mut order);
    check_refused_in(&mut club, &order, expected);
}

#[track_caller]
pub(crate) fn check_refused_in(club: &mut Club, order: &PlaceOrder, expected: Code) {
    let kinds = vec![NumberKind::Sale, NumberKind::Line];
    club.till.run(&DrawNumbers { shard: SHARD, kinds }).unwrap();
    let before = club.till.records.clone();
    assert_eq!(code(club.place(order)), expected);
    assert_eq!(club.till.records, before, "a refused order leaves no trace");
    assert!(club.till.postings.is_empty() && club.till.owed.is_empty());
}

/// Every refusal that the lines of an order can earn.
#[test]
fn lines_are_refused() {
    let lines = |wanted: &'static [_]| {
        move |order: &mut PlaceOrder| order.lines = Club::new().order(wanted).lines
    };
    check_refused(lines(&[]), Code::NothingToOrder);
    check_refused(lines(&[(ADULT, 0)]), Code::NothingToOrder);
    check_refused(lines(&[(ADULT, -1)]), Code::NothingToOrder);
    check_refused(lines(&[(ADULT, i64::MIN)]), Code::NothingToOrder);
    check_refused(lines(&[(ADULT, i64::MAX)]), Code::TooManyTickets);
    check_refused(lines(&[(ADULT, 51)]), Code::TooManyTickets);
    check_refused(lines(&[(ADULT, 11)]), Code::TooManyTickets);
    check_refused(lines(&[(ADULT, 6), (ADULT, 5)]), Code::TooManyTickets);
    check_refused(lines(&[(ADULT, 1); 21]), Code::TooManyTickets);
    check_refused(lines(&[(ADULT, 10), (CHILD, 1)]), Code::SoldOut);
    check_refused(|order| order.lines[0].series_type = Some(CHILD), Code::TicketTypeAmbiguous);
    check_refused(|order| order.lines[0].owner_type = None, Code::TicketTypeRequired);
    check_refused(|order| order.lines[0].owner_type = Some(CHILD), Code::TicketTypeNotAvailable);
    check_refused(
        |order| {
            let line = &mut order.lines[0];
            (line.series_type, line.owner_type) = (line.owner_type, None);
        },
        Code::TicketTypeNotAvailable,
    );
    check_refused(
        |order| order.lines[0].owner_type = Some(domain::ids::TicketTypeId(99)),
        Code::TicketTypeNotAvailable,
    );
}

/// A number 0 names no type, as the published `int` has it.
#[test]
fn type_zero_names_nothing() {
    let zero = Some(domain::ids::TicketTypeId(0));
    check_refused(|order| order.lines[0].owner_type = zero, Code::TicketTypeRequired);
    let mut club = Club::new();
    let mut order = club.order(&[(ADULT, 1)]);
    order.lines[0].series_type = zero;
    assert_eq!(club.place(&order).unwrap().sale.lines[0].ticket_type, ADULT);
}

/// Guards refuse when the client saw something else, and only then.
#[test]
fn guards_are_compared() {
    check_refused(|order| order.lines[0].price_guard = Some(4_999), Code::PriceChanged);
    check_refused(|order| order.lines[0].total_guard = Some(5_000), Code::PriceChanged);
    check_refused(|order| order.tender.total_guard = Some(10_001), Code::PriceChanged);
    check_refused(
        |order| order.tender.currency_guard = Currency::parse("EUR"),
        Code::CurrencyMismatch,
    );
    let mut club = Club::new();
    let mut order = club.order(&[(ADULT, 2)]);
    (order.lines[0].price_guard, order.lines[0].total_guard) = (Some(5_000), Some(10_000));
    (order.tender.total_guard, order.tender.currency_guard) = (Some(10_000), Some(Currency::ISK));
    assert_eq!(club.place(&order).unwrap().sale.total, 10_000);
}

/// The new price is said in the currency's own form.
#[test]
fn a_changed_price_is_named() {
    let mut club = Club::new();
    let mut order = club.order(&[(TERRACE, 1)]);
    order.holders = vec![holder()];
    order.lines[0].price_guard = Some(7_000);
    let Err(Halt::Refused(refusal)) = club.place(&order) else { panic!("not refused") };
    let expected = "PriceChanged: The price of Type 3 is 6000 ISK now; order again at that price.";
    assert_eq!(refusal.to_string(), expected);
}

/// What pays: nothing at all, or something that cannot.
#[test]
fn an_order_needs_an_instrument() {
    check_refused(|order| order.tender.instrument = None, Code::PaymentMethodRequired);
    let unusable = |code| Some(Instrument::Unusable(Refusal::new(code, "no")));
    check_refused(|order| order.tender.instrument = unusable(Code::CardExpired), Code::CardExpired);
}

/// Holders fit their admissions, and are complete where the type asks for them.
#[test]
fn holders_are_checked() {
    let blank = || Holder { name: Some(" ".into()), ..holder() };
    let unnumbered = || Holder { holder_id: None, ..holder() };
    let check = |wanted: &[_], holders: Vec<Holder>, expected: Option<Code>| {
        let mut club = Club::new();
        let order = PlaceOrder { holders, ..club.order(wanted) };
        match expected {
            Some(expected) => check_refused_in(&mut club, &order, expected),
            None => assert_eq!(club.place(&order).unwrap().sale.state, SaleState::AwaitingPayment),
        }
    };
    let (required, mismatch) = (Some(Code::HolderInfoRequired), Some(Code::HolderCountMismatch));
    check(&[(TERRACE, 2)], vec![], required);
    check(&[(TERRACE, 2)], vec![holder()], required);
    check(&[(TERRACE, 2)], vec![holder(), blank()], required);
    check(&[(TERRACE, 2)], vec![unnumbered(), holder()], required);
    check(&[(TERRACE, 2)], vec![holder(); 2], None);
    check(&[(TERRACE, 2)], vec![holder(); 3], mismatch);
    check(&[(ADULT, 1)], vec![holder(); 2], mismatch);
    check(&[(ADULT, 2)], vec![blank()], None);
    check(&[(ADULT, 1), (TERRACE, 1)], vec![holder()], required);
    check(&[(ADULT, 1), (TERRACE, 1)], vec![Holder::default(), holder()], None);
}

/// Holders are handed to their lines in order.
#[test]
fn holders_go_to_their_lines() {
    let mut club = Club::new();
    let named = |name: &str| Holder { name: Some(name.into()), ..holder() };
    let holders = ["a", "b", "c"].map(named).to_vec();
    let order = PlaceOrder { holders, ..club.order(&[(ADULT, 2), (CHILD, 2)]) };
    let sale = club.place(&order).unwrap().sale;
    assert_eq!(sale.lines[0].holders, vec![named("a"), named("b")]);
    assert_eq!(sale.lines[1].holders, vec![named("c")]);
}

/// The first failing check decides, in the order of `domain.md` §3.6 rule 1: an order with
/// every fault at once names the next one each time the one before is cured.
#[test]
fn checks_speak_in_order() {
    let mut club = Club::new();
    club.event.active = false;
    club.event.hidden = true;
    club.event.access_code = Some("open".into());
    club.event.seats_numbered = true;
    let mut order = club.order(&[(TERRACE, 4), (ADULT, 7), (ADULT, 0)]);
    order.holders = vec![Holder::default(); 12];
    order.tender.currency_guard = Currency::parse("EUR");
    order.lines[0].price_guard = Some(1);
    order.tender.total_guard = Some(1);
    order.tender.instrument = None;
    type Cure = fn(&mut Club, &mut PlaceOrder);
    let steps: [(Code, Cure); 9] = [
        (Code::EventNotActive, |club, _| club.event.active = true),
        (Code::AccessCodeRequired, |_, order| order.access_code = Some("open".into())),
        (Code::NothingToOrder, |_, order| order.lines.truncate(2)),
        (Code::HolderCountMismatch, |_, order| order.holders.truncate(4)),
        (Code::HolderInfoRequired, |_, order| order.holders = vec![holder(); 4]),
        (Code::SeatReservationRequired, |club, _| club.event.seats_numbered = false),
        (Code::CurrencyMismatch, |_, order| order.tender.currency_guard = None),
        (Code::PriceChanged, |_, order| order.lines[0].price_guard = None),
        (Code::PriceChanged, |_, order| order.tender.total_guard = None),
    ];
    let mut check = |order: &mut PlaceOrder, expected, cure: Cure| {
        club.publish();
        order.offer = club.offer().into();
        check_refused_in(&mut club, order, expected);
        cure(&mut club, order);
    };
    for (expected, cure) in steps {
        check(&mut order, expected, cure);
    }
    let pay: Cure = |_, order| order.tender.instrument = Some(by_card(resumable()));
    check(&mut order, Code::PaymentMethodRequired, pay);
    check(&mut order, Code::SoldOut, |_, order| order.lines[1].count = 6);
    assert_eq!(club.place(&order).unwrap().sale.total, 4 * 6_000 + 6 * 5_000);
}

/// A sale that must be paid holds its places, counted once for every limit it falls under.
#[test]
fn places_are_held_under_every_limit() {
    let mut club = Club::new();
    let holders = vec![holder(); 6];
    let order = PlaceOrder { holders, ..club.order(&[(TERRACE, 2), (ADULT, 3), (TERRACE, 1)]) };
    let placed = club.place(&order).unwrap();
    assert_eq!((club.taken(GROUND), club.taken(TERRACE_ROWS)), ((6, 0), (3, 0)));
    assert_eq!(placed.sale.places.len(), 2);
    assert_eq!(placed.sale.admissions(), 6);
    assert_eq!(placed.sale.total, 3 * 6_000 + 3 * 5_000);
    assert_eq!(placed.sale.fee, 1_650, "5 % of the total");
}

/// An order of several lines is all or nothing: what its first line took comes back.
#[test]
fn a_limit_stops_the_whole_order() {
    let mut club = Club::new();
    club.limit(TERRACE_ROWS, Some(2)).unwrap();
    let holders = vec![holder(); 8];
    let order = PlaceOrder { holders, ..club.order(&[(ADULT, 5), (TERRACE, 3)]) };
    check_refused_in(&mut club, &order, Code::SoldOut);
    assert_eq!((club.taken(GROUND), club.taken(TERRACE_ROWS)), ((0, 0), (0, 0)));
}

/// Nothing to pay: tickets at once, no attempt, no posting, and any instrument is ignored.
#[test]
fn a_free_order_is_issued_at_once() {
    let unusable = Instrument::Unusable(Refusal::new(Code::CardExpired, "no"));
    for instrument in [None, Some(by_card(resumable())), Some(unusable)] {
        let mut club = Club::new();
        let order = PlaceOrder {
            tender: Tender { instrument, total_guard: Some(5_000), ..Tender::default() },
            ..club.order(&[(CHILD, 3)])
        };
        let placed = club.place(&order).unwrap();
        assert_eq!((placed.sale.state, placed.next), (SaleState::Issued, Next::Done));
        assert_eq!(placed.sale.issued_at, Some(club.till.now));
        assert_eq!(club.taken(GROUND), (0, 3));
        assert!(placed.sale.attempts.is_empty() && club.till.postings.is_empty());
    }
}

/// A free line beside a priced one waits for the money of the other.
#[test]
fn a_partly_free_order_is_paid_as_one() {
    let mut club = Club::new();
    let sale = club.place(&club.order(&[(CHILD, 3), (ADULT, 1)])).unwrap().sale;
    assert_eq!((sale.state, sale.total), (SaleState::AwaitingPayment, 5_000));
    assert_eq!(club.taken(GROUND), (4, 0));
}

/// The first attempt: its key, its times, and whether it counts as sent from the start.
#[test]
fn the_first_attempt_is_written_down() {
    let mut club = Club::new();
    let (placed, now) = (club.place_two(crate::common::resumable()), club.till.now);
    let attempt = &placed.sale.attempts[0];
    assert_eq!((attempt.number, attempt.verb, attempt.amount), (1, Verb::Charge, 10_000));
    assert_eq!(attempt.state, AttemptState::Sent);
    assert_eq!(attempt.send_before, now.after(SEND_WITHIN));
    assert_eq!(attempt.ask_at, now.after(SEND_WITHIN).after(DEADLINE));
    let Next::Call(call) = placed.next else { panic!("no call: {:?}", placed.next) };
    assert_eq!((call.verb, call.money.amount), (CallVerb::Charge, 10_000));
    assert_eq!((&call.key, call.send_before), (&attempt.key, attempt.send_before));

    let placed = club.place_two(plain());
    assert_eq!(placed.sale.attempts[0].state, AttemptState::Created);
    assert!(matches!(placed.next, Next::Mark(_)), "{:?}", placed.next);
}

/// Two sales never share a key, and the key shows nothing of the secret.
#[test]
fn gateway_keys_are_distinct() {
    let mut club = Club::new();
    let keys = [0, 1].map(|_| club.place_two(plain()).sale.attempts[0].key.clone());
    assert_ne!(keys[0], keys[1]);
    assert!(!keys[0].contains("090909"), "the secret is made of nines: {}", keys[0]);
}

/// An order made on an older catalogue is read and decided again, unless it is a repeat.
#[test]
fn an_older_catalogue_is_stale() {
    let mut club = Club::new();
    let order = club.order(&[(ADULT, 1)]);
    club.publish();
    assert_eq!(club.place(&order).unwrap_err(), Halt::Stale);
}

/// A limit that is not there stops the sale; it does not mean "no limit".
#[test]
fn a_missing_limit_stops_the_sale() {
    let unknown = domain::ids::QuotaId(99);
    let mut club = Club::new();
    club.event.prices[0].quotas.push(unknown);
    club.publish();
    let order = club.order(&[(ADULT, 1)]);
    check_refused_in(&mut club, &order, Code::SaleNotActive);
}

/// An order looks only at what it announced, so a batch is loaded in one go.
#[test]
fn an_order_announces_its_keys() {
    struct Announced<'a>(&'a Till, Vec<Key>);
    impl Known for Announced<'_> {
        fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
            self.1.contains(key).then(|| self.0.lookup(key)).flatten()
        }
    }
    let mut club = Club::new();
    club.place_two(plain());
    let key = Some(domain::idempotency::Identity { hash: 1, fingerprint: 2 });
    let order = PlaceOrder {
        marks: Marks { key, ..Marks::default() },
        ..club.order(&[(ADULT, 1), (CHILD, 1)])
    };
    let mut keys = Vec::new();
    order.keys(club.till.now, &mut keys);
    let (known, batch) = (Announced(&club.till, keys), Overlay::default());
    let placed = order.decide(&mut Facts::new(&known, &batch), club.till.now).unwrap();
    assert_eq!(placed.sale.shard, SHARD);
}
