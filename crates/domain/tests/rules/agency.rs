//! Orders of customers: what they cost, what pays them, and what becomes of money that does not fit
//! them any more. The till checks its own laws after every step.

mod subscriptions;

use domain::agency::{
    Agency, ChangeOrder, Customer, CustomerDetails, CustomerNamed, CustomerOrder, OrderChange,
    OrderLine, OrderState, PlaceCustomerOrder, SaveCustomer, Uid,
};
use domain::attempt::{
    AttemptState, CallResult, CallVerb, DeclineReason, GatewayTerms, Next, PushTerms,
};
use domain::catalogue::{CatalogueItem, ChangeCatalogue, Organiser};
use domain::facts::Halt;
use domain::ids::{CustomerId, SaleId, Shard};
use domain::ledger::Account;
use domain::money::Currency;
use domain::payment::Claims;
use domain::refusal::Code;
use domain::sale::refund::{RefundSale, RefundWhat};
use domain::sale::{
    Advance, AdvanceEvent, Advanced, Buyer, OrderMeans, OrderPayment, OrderPaymentKind, PayOrder,
    PayStep, Sale, SaleState,
};
use domain::time::Span;
use domain::token::Secret;

use crate::common::{Club, Till, approved, note, resumable, unknown, wanted};

const AGENCY: Shard = Shard(9);

/// The key under which the card's declines are counted.
const CARD: u128 = 77;

/// An agency with 5 % for the platform.
struct Desk {
    till: Till,
}

/// Opens payments for a browser.
fn opening() -> GatewayTerms {
    GatewayTerms { push: Some(PushTerms { browser: true, ..PushTerms::default() }), ..resumable() }
}

fn with_card() -> OrderMeans {
    let claims = Some(Claims { card: Some(CARD), ..Claims::default() });
    OrderMeans::Gateway { terms: opening(), opens: true, subscribes: true, claims }
}

fn in_browser() -> OrderMeans {
    OrderMeans::Gateway { terms: opening(), opens: true, subscribes: true, claims: None }
}

fn line(quantity: u32, unit_price: i64, tax_basis_points: u32) -> OrderLine {
    let description = "A week in the highlands".to_owned();
    OrderLine { description, quantity, unit_price, tax_basis_points, ..OrderLine::default() }
}

impl Desk {
    fn open() -> Desk {
        let mut till = Till::new();
        let club = Club::new().organiser;
        let organiser = Organiser { shard: AGENCY, fee_basis_points: 500, ..club };
        let agency = Agency {
            shard: AGENCY,
            number: "A-9".into(),
            currency: Currency::ISK,
            tax_jurisdiction: "IS".into(),
        };
        let items = vec![CatalogueItem::Organiser(organiser), CatalogueItem::Agency(agency)];
        let (seller, revision_seen, notes) = (AGENCY, 0, Vec::new());
        till.run(&ChangeCatalogue { seller, revision_seen, items, notes }).unwrap();
        Desk { till }
    }

    /// An order of these lines, and 500 for shipping.
    fn order(&mut self, lines: Vec<OrderLine>) -> Uid {
        let command = PlaceCustomerOrder {
            shard: AGENCY,
            customer: None,
            lines,
            shipping_cost: 500,
            billing: None,
            shipping: None,
            notes: None,
            random: Secret([7; 16]),
        };
        self.till.run(&command).unwrap().uid
    }

    fn pay(&mut self, uid: Uid, means: OrderMeans) -> Result<OrderPayment, Halt> {
        self.pay_for(uid, means, CustomerNamed::default())
    }

    fn pay_for(
        &mut self,
        uid: Uid,
        means: OrderMeans,
        customer: CustomerNamed,
    ) -> Result<OrderPayment, Halt> {
        self.till.run(&PayOrder {
            uid,
            customer,
            means,
            buyer: Buyer::default(),
            secret: Secret([3; 16]),
            seen: None,
            random: Secret([5; 16]),
            node: 0,
        })
    }

    fn event(&mut self, sale: SaleId, event: AdvanceEvent) -> Advanced {
        self.till.run(&Advance { shard: AGENCY, sale, partner: None, event }).unwrap()
    }

    fn answer(&mut self, sale: SaleId, result: CallResult) -> Advanced {
        self.event(sale, AdvanceEvent::Result(1, result))
    }

    /// An opened payment of an order.
    fn opened(&mut self, uid: Uid) -> SaleId {
        let begun = self.pay(uid, in_browser()).unwrap();
        assert_eq!(begun.step, PayStep::Begun);
        let sale = begun.sale.unwrap().id;
        self.answer(sale, CallResult::Pending("pi_1".into()));
        sale
    }

    fn change(&mut self, uid: Uid, change: OrderChange) -> Result<Option<Next>, Code> {
        let changed = self.till.run(&ChangeOrder { uid, change, node: 0 });
        changed.map(|(_, given_up)| given_up.map(|(_, next)| next)).map_err(code)
    }

    fn known(&self, uid: Uid) -> &CustomerOrder {
        self.till.all::<CustomerOrder>().find(|order| order.uid == uid).unwrap()
    }

    fn sale(&self, sale: SaleId) -> &Sale {
        self.till.find::<Sale>(Sale::key_of(AGENCY, sale)).unwrap()
    }
}

fn code(halt: Halt) -> Code {
    match halt {
        Halt::Refused(refusal) => refusal.code,
        halt => panic!("{halt:?}"),
    }
}

/// Proves that tax is rounded on each line and then added up, and what an order costs altogether.
#[test]
fn tax_is_rounded_line_by_line() {
    let mut desk = Desk::open();
    let check = |desk: &mut Desk, lines: &[(u32, i64, u32)], (tax, total): (i64, i64)| {
        let lines = lines.iter().map(|(count, price, tax)| line(*count, *price, *tax)).collect();
        let uid = desk.order(lines);
        let order = desk.known(uid);
        assert_eq!((order.tax(), order.total(), order.due()), (tax, total, total));
    };
    check(&mut desk, &[], (0, 500));
    check(&mut desk, &[(2, 1_000, 2_400)], (480, 2_980));
    check(&mut desk, &[(1, 5, 1_000), (1, 5, 1_000)], (2, 512));
    check(&mut desk, &[(3, 333, 1_100), (1, 0, 2_400)], (110, 1_609));
}

/// Proves that a paid order is paid once, and what is booked: tax to the state, its part to the
/// platform, the rest to the agency; a repeat finds nothing due.
#[test]
fn a_paid_order_is_paid_once() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(2, 1_000, 2_400)]);
    let sale = desk.opened(uid);
    assert_eq!(desk.known(uid).state, OrderState::PaymentPending);
    assert_eq!(desk.pay(uid, with_card()).unwrap().step, PayStep::Confirm(1));
    assert_eq!(desk.pay(uid, with_card()).unwrap().step, PayStep::Waiting, "one at a time");
    desk.event(sale, AdvanceEvent::Tried(1, approved()));
    assert_eq!(desk.known(uid).state, OrderState::Paid);
    assert_eq!(desk.till.balance(&Account::TaxPayable("IS".into())), -480);
    assert_eq!(desk.till.balance(&Account::PlatformFeeIncome), -125);
    assert_eq!(desk.till.balance(&Account::OwnerPayableOrders), -2_375);
    let repeat = desk.pay(uid, with_card()).unwrap();
    assert_eq!((repeat.step, repeat.sale.unwrap().id), (PayStep::NothingDue, sale));
}

/// Proves that a declined card leaves the payment open for the next one, and that too many are
/// refused.
#[test]
fn a_declined_card_leaves_the_payment_open() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 1_000, 0)]);
    let sale = desk.opened(uid);
    for _ in 0..10 {
        assert_eq!(desk.pay(uid, with_card()).unwrap().step, PayStep::Confirm(1));
        let declined = CallResult::Declined(DeclineReason::InsufficientFunds);
        desk.event(sale, AdvanceEvent::Tried(1, declined));
        let known = desk.sale(sale);
        assert_eq!(known.failure, Some(Code::InsufficientFunds));
        assert_eq!(known.charge().unwrap().state, AttemptState::Pending);
    }
    assert_eq!(code(desk.pay(uid, with_card()).unwrap_err()), Code::TooManyRequests);
    desk.answer(sale, approved());
    assert_eq!(desk.known(uid).state, OrderState::Paid, "the browser paid");
}

/// Proves that one payment is no place to try out many cards, each of them once, and that whoever
/// began in a browser may still end there.
#[test]
fn many_cards_are_not_tried_on_one_payment() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 1_000, 0)]);
    let sale = desk.opened(uid);
    let with = |card: u128| {
        let claims = Some(Claims { card: Some(card), ..Claims::default() });
        OrderMeans::Gateway { terms: opening(), opens: true, subscribes: true, claims }
    };
    for card in 1..=20 {
        assert_eq!(desk.pay(uid, with(card)).unwrap().step, PayStep::Confirm(1), "card {card}");
        let declined = CallResult::Declined(DeclineReason::InsufficientFunds);
        desk.event(sale, AdvanceEvent::Tried(1, declined));
    }
    assert_eq!(code(desk.pay(uid, with(21)).unwrap_err()), Code::TooManyRequests);
    assert_eq!(desk.sale(sale).charge().unwrap().state, AttemptState::Pending);
    desk.answer(sale, approved());
    assert_eq!(desk.known(uid).state, OrderState::Paid, "the browser paid");
}

/// Proves that a try of which nobody knows is asked about at once, and that the turn passes on
/// when its time is over.
#[test]
fn a_lost_answer_gives_the_turn_back() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 1_000, 0)]);
    let sale = desk.opened(uid);
    desk.pay(uid, with_card()).unwrap();
    desk.till.pass(Span::seconds(41));
    assert_eq!(desk.pay(uid, with_card()).unwrap().step, PayStep::Confirm(1), "its time is over");
    desk.event(sale, AdvanceEvent::Tried(1, unknown()));
    let resumed = desk.event(sale, AdvanceEvent::Resume { node: 0 });
    let Next::Call(call) = resumed.next else { panic!("{:?}", resumed.next) };
    assert_eq!(call.verb, CallVerb::Lookup);
}

/// Proves that a change gives an open payment of another amount up, whatever the gateway says to
/// that, and that a new one may then be begun.
#[test]
fn a_changed_order_gives_its_payment_up() {
    let mut desk = Desk::open();
    let fenced = |answer: CallResult, expected: SaleState, desk: &mut Desk| {
        let uid = desk.order(vec![line(1, 1_000, 0)]);
        let sale = desk.opened(uid);
        let next = desk.change(uid, OrderChange::AddLine(line(1, 200, 0))).unwrap();
        let Some(Next::Call(call)) = next else { panic!("{next:?}") };
        assert_eq!(call.verb, CallVerb::Fence);
        desk.answer(sale, answer);
        assert_eq!(desk.sale(sale).state, expected);
        (uid, sale)
    };
    let not_executed = CallResult::NotExecuted("cancelled".into());
    let (uid, _) = fenced(not_executed, SaleState::Expired, &mut desk);
    assert_eq!(desk.known(uid).state, OrderState::Open);
    let again = desk.pay(uid, in_browser()).unwrap();
    assert_eq!((again.step, again.sale.unwrap().total), (PayStep::Begun, 1_700));

    let (uid, sale) = fenced(approved(), SaleState::Returning, &mut desk);
    assert_eq!(desk.sale(sale).failure, Some(Code::OrderChanged));
    assert_eq!((desk.known(uid).state, desk.known(uid).paid), (OrderState::Open, 0));

    let (uid, _) = fenced(unknown(), SaleState::AwaitingPayment, &mut desk);
    assert_eq!(desk.pay(uid, in_browser()).unwrap().step, PayStep::GivingUp, "one at a time");
}

/// Proves that money which comes for a cancelled order goes back, and that nothing else is done
/// with such an order.
#[test]
fn a_cancelled_order_takes_no_money() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 1_000, 0)]);
    let sale = desk.opened(uid);
    desk.change(uid, OrderChange::Cancel).unwrap();
    desk.answer(sale, approved());
    assert_eq!(desk.sale(sale).failure, Some(Code::OrderCancelled));
    assert_eq!(desk.sale(sale).owed(), 1_500);
    assert_eq!(code(desk.pay(uid, in_browser()).unwrap_err()), Code::OrderCancelled);
    let changed = desk.change(uid, OrderChange::AddLine(line(1, 1, 0)));
    assert_eq!(changed, Err(Code::OrderCancelled));
}

/// Proves which changes which states allow.
#[test]
fn states_allow_what_the_table_says() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(1, 1_000, 0), line(1, 10, 0)]);
    let check = |desk: &mut Desk, change: OrderChange, expected: Option<Code>| {
        let result = desk.change(uid, change.clone());
        assert_eq!(result.err(), expected, "{change:?} of {:?}", desk.known(uid).state);
    };
    let not_open = Some(Code::OrderNotOpen);
    check(&mut desk, OrderChange::Fulfil, not_open);
    check(&mut desk, OrderChange::Close, not_open);
    check(&mut desk, OrderChange::RemoveLine(9), Some(Code::OrderLineNotFound));
    check(&mut desk, OrderChange::RemoveLine(2), None);
    assert!(desk.known(uid).recalculate);
    let sale = desk.opened(uid);
    assert!(!desk.known(uid).recalculate);
    desk.answer(sale, approved());
    check(&mut desk, OrderChange::AddLine(line(1, 1, 0)), not_open);
    check(&mut desk, OrderChange::Cancel, not_open);
    check(&mut desk, OrderChange::Fulfil, None);
    check(&mut desk, OrderChange::Fulfil, None);
    check(&mut desk, OrderChange::Close, None);
    check(&mut desk, OrderChange::Fulfil, not_open);
}

/// Proves that an empty order is not paid, and that one which costs nothing is paid without a
/// gateway.
#[test]
fn nothing_is_charged_for_nothing() {
    let mut desk = Desk::open();
    let empty = desk.order(Vec::new());
    assert_eq!(code(desk.pay(empty, in_browser()).unwrap_err()), Code::OrderEmpty);
    let command = PlaceCustomerOrder {
        shard: AGENCY,
        customer: None,
        lines: vec![line(1, 0, 0)],
        shipping_cost: 0,
        billing: None,
        shipping: None,
        notes: None,
        random: Secret([8; 16]),
    };
    let free = desk.till.run(&command).unwrap().uid;
    assert_eq!(desk.pay(free, in_browser()).unwrap().step, PayStep::NothingDue);
    assert_eq!(desk.known(free).state, OrderState::Paid);
}

/// Proves that what a person took is booked to the bank, goes back by a person, and takes the tax
/// and the fee back in the same part.
#[test]
fn a_refund_takes_tax_and_fee_back() {
    let mut desk = Desk::open();
    let uid = desk.order(vec![line(2, 1_000, 2_400)]);
    let means = OrderMeans::Hand { kind: OrderPaymentKind::Cash, note: note() };
    let noted = desk.pay(uid, means).unwrap();
    assert_eq!((noted.step, noted.order.state), (PayStep::Noted, OrderState::Paid));
    let sale = noted.sale.unwrap().id;
    assert_eq!(desk.till.balance(&Account::Bank), 2_980);
    let refund = |desk: &mut Desk, what: RefundWhat| {
        let (shard, partner, note) = (AGENCY, None, note());
        desk.till.run(&RefundSale { shard, sale, partner, request: wanted(what), note })
    };
    refund(&mut desk, RefundWhat::Amount(1_490)).unwrap();
    assert_eq!(desk.known(uid).state, OrderState::PartiallyRefunded);
    assert_eq!(desk.till.balance(&Account::TaxPayable("IS".into())), -240);
    let too_much = refund(&mut desk, RefundWhat::Amount(1_491)).unwrap_err();
    assert_eq!(code(too_much), Code::RefundExceedsPaid);
    refund(&mut desk, RefundWhat::Whole).unwrap();
    assert_eq!((desk.known(uid).state, desk.known(uid).paid), (OrderState::Refunded, 0));
    for account in [Account::OwnerPayableOrders, Account::PlatformFeeIncome] {
        assert_eq!(desk.till.balance(&account), 0, "{account}");
    }
}

/// Proves how a payment finds or makes its customer, what it fills, and what it refuses.
#[test]
fn a_payment_names_its_customer() {
    let mut desk = Desk::open();
    let named = |code: &str, first_name: &str| CustomerDetails {
        code: Some(code.to_owned()).filter(|code| !code.is_empty()),
        first_name: Some(first_name.to_owned()).filter(|name| !name.is_empty()),
        ..CustomerDetails::default()
    };
    let (shard, random) = (AGENCY, Secret([1; 16]));
    let save = SaveCustomer { shard, id: None, details: named("K1", "Anna"), random };
    let anna = desk.till.run(&save).unwrap().customer;
    let taken = desk.till.run(&save).unwrap_err();
    assert_eq!(code(taken), Code::CustomerCodeTaken);

    let by = |details| CustomerNamed { details, ..CustomerNamed::default() };
    let paid_for = |desk: &mut Desk, customer: CustomerNamed| {
        let uid = desk.order(vec![line(1, 1_000, 0)]);
        let paid = desk.pay_for(uid, in_browser(), customer);
        paid.map(|paid| paid.order.customer).map_err(code)
    };
    assert_eq!(paid_for(&mut desk, CustomerNamed::default()), Ok(None));
    let business = CustomerDetails { business_name: Some("Hálendi".into()), ..named("K1", "") };
    assert_eq!(paid_for(&mut desk, by(business)), Ok(Some(anna.id)));
    let known = desk.till.find::<Customer>(Customer::key_of(AGENCY, anna.id)).unwrap();
    assert_eq!(known.details.first_name.as_deref(), Some("Anna"), "nothing is overwritten");
    assert_eq!(known.details.business_name.as_deref(), Some("Hálendi"), "what was empty is filled");
    let by_uid = CustomerNamed { uid: anna.uid, ..CustomerNamed::default() };
    assert_eq!(paid_for(&mut desk, by_uid), Ok(Some(anna.id)));
    assert_eq!(paid_for(&mut desk, by(named("K2", "Jón"))), Ok(Some(CustomerId(2))));
    let other = CustomerNamed { id: CustomerId(99), ..CustomerNamed::default() };
    assert_eq!(paid_for(&mut desk, other), Err(Code::CustomerMismatch));

    let uid = desk.order(vec![line(1, 1_000, 0)]);
    desk.pay_for(uid, in_browser(), by(named("K1", ""))).unwrap();
    for customer in [
        CustomerNamed { id: CustomerId(2), ..CustomerNamed::default() },
        CustomerNamed { uid: Uid(1), ..CustomerNamed::default() },
    ] {
        let refused = desk.pay_for(uid, in_browser(), customer).unwrap_err();
        assert_eq!(code(refused), Code::CustomerMismatch);
    }
}
