//! The algorithm, case by case (`payments.md` §4.1).

use domain::attempt::{CallVerb, DeclineReason};
use domain::ids::SaleId;
use domain::ledger::{Account, PostingKind};
use domain::payment::Method;
use domain::refusal::Code;
use domain::sale::{SaleState, TENDER_PARTS_MAX, TenderPart};
use domain::task::Task;

use super::model::Mood;
use super::stage::{Stage, gift_card, part};
use crate::common::code;

const SOFT: Mood = Mood::Decline(DeclineReason::Soft);

fn ab(a: Option<i64>, b: Option<i64>) -> Vec<TenderPart> {
    vec![part("a", a), part("b", b)]
}

/// Every row of the worked cases: what each means of paying is asked, and whether it sells.
#[test]
fn worked_cases() {
    let check = |parts: &[TenderPart], moods: &[Mood], asked: &[i64], is_sold: bool| {
        let mut stage = Stage::new(moods);
        stage.sell(300, parts);
        let story = format!("{parts:?} {moods:?}");
        assert_eq!(stage.gateway.asked(), asked, "{story}");
        let issued = stage.sale().state == SaleState::Issued;
        assert_eq!(issued, is_sold, "{story}: {:?}", stage.sale());
        let taken = if is_sold { 300 } else { 0 };
        assert_eq!((stage.gateway.taken(), stage.gateway.reserved()), (taken, 0), "{story}");
        stage.check_end(&story);
    };
    use Mood::{Answer, Less};
    check(&ab(Some(100), Some(200)), &[Answer, Answer], &[100, 200], true);
    check(&ab(Some(100), Some(300)), &[Less(75)], &[100, 225], true);
    check(&ab(Some(100), Some(300)), &[SOFT], &[100, 300], true);
    check(&ab(Some(100), None), &[Less(75)], &[100, 225], true);
    check(&ab(Some(100), Some(200)), &[Less(75)], &[100, 200], false);
    check(&ab(None, None), &[Answer], &[300], true);
    check(&[part("a", Some(500))], &[Answer], &[300], true);
    // The gaps that are closed beside them.
    check(&ab(None, None), &[SOFT, SOFT], &[300, 300], false);
    check(&ab(None, None), &[Less(0), Answer], &[300, 300], true);
    check(&ab(None, None), &[Mood::NotExecuted], &[300], true);
    check(&ab(None, None), &[Mood::Misconfigured], &[], false);
    check(&ab(Some(100), None), &[Answer, Mood::Misconfigured], &[100], false);
    let three = [part("a", Some(100)), part("b", None), part("c", None)];
    check(&three, &[Answer, Less(150)], &[100, 200, 50], true);
    check(&three, &[SOFT, SOFT], &[100, 300, 300], true);
}

/// A part that pays alone is sold in one call, and what it approves in part goes back; with a cap
/// above the price, too. Beside another part it reserves.
#[test]
fn a_part_alone_is_sold_at_once() {
    let check = |parts: &[TenderPart], moods: &[Mood], verbs: &[&str], state: SaleState| {
        let mut stage = Stage::new(moods);
        stage.sell(300, parts);
        let verb = |it: &CallVerb| format!("{it:?}").split(' ').next().unwrap().to_owned();
        let seen: Vec<String> = stage.gateway.calls.iter().map(|call| verb(&call.verb)).collect();
        assert_eq!(
            (seen, stage.sale().state),
            (verbs.iter().map(ToString::to_string).collect(), state)
        );
        stage.check_end(&format!("{parts:?} {moods:?}"));
    };
    for cap in [None, Some(500)] {
        let alone = [part("a", cap)];
        check(&alone, &[Mood::Answer], &["Charge"], SaleState::Issued);
        check(&alone, &[SOFT], &["Charge"], SaleState::PaymentFailed);
        check(&alone, &[Mood::Less(75)], &["Charge", "Refund"], SaleState::Returned);
    }
    check(&ab(None, None), &[Mood::Answer], &["Authorize", "Capture"], SaleState::Issued);
}

/// A gateway that only sells is sold at once, in its turn, and refunded if the rest does not come.
#[test]
fn gift_cards_are_sold_and_given_back() {
    let parts = [gift_card("g", Some(100)), part("b", None)];
    let mut stage = Stage::new(&[]);
    stage.sell(300, &parts);
    assert_eq!(stage.sale().state, SaleState::Issued);
    let kinds: Vec<_> = stage.club.till.postings.iter().map(|posting| posting.kind).collect();
    let collected = PostingKind::Collected;
    assert_eq!(kinds, [collected, collected, PostingKind::Sold], "in the order of the money");

    let mut stage = Stage::new(&[Mood::Answer, SOFT]);
    stage.sell(300, &parts);
    stage.check_end("the rest was declined");
    assert_eq!(stage.sale().state, SaleState::Returned);
    assert_eq!(stage.sale().failure, Some(Code::PaymentDeclined));
    let last = stage.gateway.calls.last().unwrap();
    assert!(matches!(last.verb, CallVerb::Refund { .. }), "{last:?}");
}

/// A reversal that fails leaves the amount owed, and a task asks a person to pay it back.
#[test]
fn a_reversal_that_fails_is_owed() {
    let mut stage = Stage::new(&[Mood::Answer, SOFT, SOFT]);
    stage.sell(300, &[gift_card("g", Some(100)), part("b", None)]);
    stage.check_end("the refund was declined");
    let sale = stage.sale();
    assert_eq!((sale.state, sale.owed()), (SaleState::Returning, 100));
    assert_eq!(stage.club.till.balance(&Account::RefundPayable(sale.id)), -100);
}

/// A reversal that fails holds up no other: each part that was taken goes back by its own gateway,
/// and the task asks for what is left.
#[test]
fn a_reversal_that_fails_holds_up_no_other() {
    let parts = [gift_card("g", Some(100)), gift_card("h", Some(50)), part("b", None)];
    let check = |moods: [Mood; 2], owed: i64| {
        let mut stage = Stage::new(&[&[Mood::Answer, Mood::Answer, SOFT][..], &moods].concat());
        stage.sell(300, &parts);
        stage.check_end(&format!("{moods:?}"));
        assert_eq!((stage.sale().owed(), stage.gateway.taken()), (owed, owed), "{moods:?}");
        let open = stage.club.till.all::<Task>().filter(|task| task.done.is_none());
        assert_eq!(open.map(|task| task.amount).collect::<Vec<_>>(), [owed], "{moods:?}");
    };
    check([SOFT, Mood::Answer], 50);
    check([Mood::Answer, SOFT], 100);
    check([SOFT, SOFT], 150);
}

/// Nothing to pay: no part is asked or kept.
#[test]
fn nothing_to_pay() {
    let mut stage = Stage::new(&[]);
    stage.sell(0, &ab(None, None));
    let sale = stage.sale();
    assert_eq!((sale.state, sale.method), (SaleState::Issued, Some(Method::Free)));
    assert!(stage.gateway.calls.is_empty() && sale.tenders.is_empty(), "{sale:?}");
    stage.check_end("nothing to pay");
}

/// What cannot pay is refused before anything is placed or asked.
#[test]
fn parts_that_cannot_pay() {
    let check = |parts: &[TenderPart], expected: Code| {
        let mut stage = Stage::new(&[]);
        assert_eq!(code(stage.place(300, parts)), expected, "{parts:?}");
        assert!(stage.club.till.postings.is_empty());
        let placed = stage.club.till.all::<domain::sale::Sale>().count();
        assert_eq!(placed, 0, "{parts:?}");
    };
    check(&[], Code::PaymentMethodRequired);
    check(&ab(Some(100), Some(199)), Code::PaymentMethodsInsufficient);
    check(&ab(Some(0), None), Code::ValidationFailed);
    check(&ab(Some(-1), None), Code::ValidationFailed);
    check(&[part("a", Some(100)), part("a", None)], Code::DuplicatePaymentMethod);
    let many: Vec<_> = (0..=TENDER_PARTS_MAX).map(|n| part(&n.to_string(), None)).collect();
    check(&many, Code::ValidationFailed);
    let mut stage = Stage::new(&[]);
    stage.sell(300, &ab(Some(i64::MAX), Some(i64::MAX)));
    assert_eq!(stage.sale().id, SaleId(1), "caps that no sum can hold are enough");
}

/// The token is handed out with the first call of its part and with no other.
#[test]
fn tokens_go_with_first_calls() {
    let mut stage = Stage::new(&[Mood::Lost]);
    stage.sell(300, &ab(Some(100), None));
    stage.settle();
    assert_eq!(stage.sale().state, SaleState::Issued);
    let shown = |call: &domain::attempt::GatewayCall| {
        (call.token.as_ref().map(|token| token.0.clone()), call.reserves)
    };
    let shown: Vec<_> = stage.gateway.calls.iter().map(shown).collect();
    let (a, b) = (Some("a".to_owned()), Some("b".to_owned()));
    let expected = [(a, true), (None, true), (b, true), (None, false), (None, false)];
    assert_eq!(shown, expected, "asked, looked up, asked, captured twice");
}
