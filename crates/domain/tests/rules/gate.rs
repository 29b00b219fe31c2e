//! The gate: who goes in, online and offline, and what happens when two do not agree.

use domain::catalogue::Event;
use domain::facts::Key;
use domain::gate::bundle::{Bundle, BundleError};
use domain::gate::{Gate, Reason, UndoScan, UploadScan, Uploaded, Verdict};
use domain::ids::{EventId, SaleId};
use domain::quota::Quota;
use domain::record::{Kind, Record};
use domain::refusal::Code;
use domain::sale::refund::RefundWhat;
use domain::sale::{Sale, SaleState};
use domain::scan_code::{Admission, SealKey, check_bundle, check_code};
use domain::task::{Task, TaskKind};
use domain::time::{Span, Timestamp};

use crate::common::{Club, EVENT, GROUND, NOON, SHARD, code, note, wanted};

const SALE: SaleId = SaleId(1);
const LET_IN: Verdict = Verdict::Admitted { again: false };
const AGAIN: Verdict = Verdict::Admitted { again: true };

fn admission(number: u8) -> Admission {
    Admission { shard: SHARD, sale: SALE, event: EVENT, number }
}

fn entries(club: &Club, gate: &str) -> (u32, u32) {
    let counts = club.till.find::<Gate>(Gate::key_of(SHARD, EVENT)).cloned().unwrap_or_default();
    let of =
        |counts: &std::collections::BTreeMap<String, u32>| counts.get(gate).copied().unwrap_or(0);
    (of(&counts.entries), of(&counts.re_entries))
}

/// Each admission goes in once and is counted once; the second one is told when the first went in.
#[test]
fn each_admission_goes_in_once() {
    let mut club = Club::with_two_sold();
    assert_eq!(club.scan(SALE, 1).verdict, LET_IN);
    let first = club.till.now;
    club.till.pass(Span::minutes(5));
    let second = club.scan(SALE, 1);
    assert_eq!(second.verdict, Verdict::Refused(Reason::AlreadyUsed));
    assert_eq!(second.first.map(|scan| (scan.at, scan.gate)), Some((first, "north".into())));
    assert_eq!(club.scan(SALE, 2).verdict, LET_IN);
    assert_eq!(entries(&club, "north"), (2, 0));
    assert_eq!(club.sale(SALE).ticket_status(), "Activated");
}

/// Where the event allows it, who went in goes in again, and counts apart.
#[test]
fn re_entry_is_a_setting() {
    let mut club = Club::with_two_sold();
    club.event.rules.re_entry = true;
    club.publish();
    let verdicts = [(); 3].map(|()| club.scan(SALE, 1).verdict);
    assert_eq!(verdicts, [LET_IN, AGAIN, AGAIN]);
    assert_eq!(entries(&club, "north"), (1, 2));
}

/// Every reason to stay out, and that nobody is counted.
#[test]
fn reasons_to_stay_out() {
    let check = |prepare: fn(&mut Club), number: u8, reason: Reason| {
        let mut club = Club::with_two_sold();
        prepare(&mut club);
        let before = club.till.records.clone();
        assert_eq!(club.scan(SALE, number).verdict, Verdict::Refused(reason));
        assert_eq!(club.till.records, before, "{reason:?}");
    };
    check(|_| {}, 3, Reason::UnknownTicket);
    let whole = |club: &mut Club| drop(club.refund(SALE, wanted(RefundWhat::Whole)).unwrap());
    check(whole, 1, Reason::Refunded);
    let part = |club: &mut Club| {
        club.refund(SALE, wanted(RefundWhat::Admissions(vec![2]))).unwrap();
    };
    check(part, 2, Reason::Refunded);
    check(|club| become_state(club, SaleState::Transferred), 1, Reason::Transferred);
    check(|club| become_state(club, SaleState::Cancelled), 1, Reason::Cancelled);
    check(|club| become_state(club, SaleState::UnderReview), 1, Reason::NotPaid);
    let cancelled = |club: &mut Club| {
        club.event.rules.cancelled = true;
        club.publish();
    };
    check(cancelled, 1, Reason::EventCancelled);
    let early = |club: &mut Club| {
        club.event.rules.gates_open_minutes = Some(90);
        club.publish();
        club.till.now = club.event.starts_at.before(Span::minutes(91));
    };
    check(early, 1, Reason::GatesClosed);
    let late = |club: &mut Club| club.till.now = club.event.over_at().after(Span::hours(6));
    check(late, 1, Reason::EventOver);
}

/// Another admission of an order that was refunded in part still goes in, and a gate that is for
/// one event lets in no other.
#[test]
fn good_admissions_of_a_part_go_in() {
    let mut club = Club::with_two_sold();
    club.refund(SALE, wanted(RefundWhat::Admissions(vec![2]))).unwrap();
    let scan = domain::gate::ScanTicket {
        admission: admission(1),
        gate: "north".into(),
        event: Some(EventId(99)),
        transfer: None,
    };
    let wrong = club.till.run(&scan).unwrap().verdict;
    assert_eq!(wrong, Verdict::Refused(Reason::WrongEvent));
    assert_eq!(club.scan(SALE, 1).verdict, LET_IN);
}

/// The office takes a scan back, once; the admission goes in again as if for the first time.
#[test]
fn a_scan_is_taken_back() {
    let mut club = Club::with_two_sold();
    club.scan(SALE, 1);
    let undo = |club: &mut Club| club.till.run(&UndoScan { admission: admission(1), note: note() });
    undo(&mut club).unwrap();
    assert_eq!((entries(&club, "north"), club.sale(SALE).ticket_status()), ((0, 0), "Bought"));
    assert_eq!(code(undo(&mut club)), Code::ScanNotFound);
    assert_eq!(club.scan(SALE, 1).verdict, LET_IN);
    let unknown = UndoScan { admission: admission(3), note: note() };
    assert_eq!(code(club.till.run(&unknown)), Code::ScanCodeInvalid);
}

/// As if the sale had become this now, and given its places back.
fn become_state(club: &mut Club, state: SaleState) {
    let (changed_at, places) = (club.till.now, Vec::new());
    let sale = Sale { state, changed_at, places, ..club.sale(SALE).clone() };
    club.till.records.insert(Sale::key_of(SHARD, SALE), Record::Sale(sale.into()));
    let key = Key::number(SHARD, Kind::Quota, GROUND.0);
    let quota = Quota { sold: 0, ..club.till.find::<Quota>(key).unwrap().clone() };
    club.till.records.insert(key, Record::Quota(quota.into()));
}

/// A scan at `seconds` after noon, by a scanner without the network.
fn upload(club: &mut Club, device: &str, seconds: u32) -> Uploaded {
    let scan = UploadScan {
        admission: admission(1),
        device: device.into(),
        gate: device.into(),
        at: NOON.after(Span::seconds(seconds)),
        transfer: None,
    };
    club.till.run(&scan).unwrap()
}

fn tasks(club: &Club) -> Vec<TaskKind> {
    club.till.all::<Task>().map(|task| task.kind).collect()
}

/// The conflict rules: for each sequence of uploads (scanner, seconds) what becomes of the last
/// one, who counts as first, and what a person is asked. Every upload is sent twice, which changes
/// nothing.
#[test]
fn uploads_that_do_not_agree() {
    let check = |scans: &[(&str, u32)], last: Uploaded, first: &str, asked: usize| {
        let mut club = Club::with_two_sold();
        club.till.pass(Span::hours(1));
        let mut became = Uploaded::UnknownTicket;
        for (device, seconds) in scans {
            became = upload(&mut club, device, *seconds);
            let before = club.till.records.clone();
            assert_eq!(upload(&mut club, device, *seconds), Uploaded::Known, "{scans:?}");
            assert_eq!(club.till.records, before);
        }
        assert_eq!(became, last, "{scans:?}");
        let winner = club.sale(SALE).first_scan(1).unwrap().gate.clone();
        assert_eq!((winner.as_str(), tasks(&club).len()), (first, asked), "{scans:?}");
        assert_eq!(entries(&club, first), (1, 0), "{scans:?}");
        let gate = club.till.find::<Gate>(Gate::key_of(SHARD, EVENT)).unwrap();
        assert_eq!(gate.total(), 1, "nobody counts twice: {scans:?}");
        assert!(tasks(&club).iter().all(|kind| *kind == TaskKind::DoubleEntry));
        let told = |task: &Task| task.text.matches(" UTC").count();
        assert!(club.till.all::<Task>().all(|task| told(task) == 2), "both times: {scans:?}");
    };
    check(&[("a", 10)], Uploaded::Counted, "a", 0);
    check(&[("a", 10), ("b", 20)], Uploaded::DoubleEntry, "a", 1);
    check(&[("b", 20), ("a", 10)], Uploaded::DoubleEntry, "a", 1);
    check(&[("a", 10), ("a", 15)], Uploaded::DoubleEntry, "a", 1);
    check(&[("b", 20), ("c", 30), ("a", 10)], Uploaded::DoubleEntry, "a", 2);
}

/// A clock that stands at a time before the ticket was there, or the gates open, wins against
/// nobody, and its scan is known again; right up to that time it does.
#[test]
fn clocks_behind() {
    let check = |opens_minutes: Option<u32>, seconds: u32, first: &str| {
        let mut club = Club::with_two_sold();
        let opened = NOON.after(Span::seconds(30));
        club.event.starts_at = opened.after(Span::minutes(90));
        club.event.rules.gates_open_minutes = opens_minutes;
        club.publish();
        club.till.pass(Span::hours(1));
        assert_eq!(upload(&mut club, "a", 40), Uploaded::Counted);
        club.till.pass(Span::minutes(1));
        assert_eq!(upload(&mut club, "b", seconds), Uploaded::DoubleEntry);
        assert_eq!(upload(&mut club, "b", seconds), Uploaded::Known);
        let winner = club.sale(SALE).first_scan(1).unwrap().gate.clone();
        assert_eq!(winner, first, "{opens_minutes:?} {seconds}");
        assert_eq!((entries(&club, first), tasks(&club).len()), ((1, 0), 1));
    };
    check(None, 0, "b");
    check(Some(90), 30, "b");
    check(Some(90), 29, "a");
    let mut club = Club::with_two_sold();
    club.till.pass(Span::hours(1));
    let scan = UploadScan {
        admission: admission(1),
        device: "a".into(),
        gate: "a".into(),
        at: Timestamp(0),
        transfer: None,
    };
    club.till.run(&scan).unwrap();
    assert_eq!(club.sale(SALE).first_scan(1).unwrap().at, club.till.now);
}

/// A clock that is ahead does not let anybody in tomorrow; where re-entry is allowed the later
/// scan is no conflict.
#[test]
fn clocks_ahead_and_re_entry() {
    let mut club = Club::with_two_sold();
    upload(&mut club, "a", 1_000_000);
    assert_eq!(club.sale(SALE).first_scan(1).unwrap().at, club.till.now);
    let mut club = Club::with_two_sold();
    club.event.rules.re_entry = true;
    club.publish();
    club.till.pass(Span::hours(1));
    upload(&mut club, "a", 10);
    assert_eq!(upload(&mut club, "b", 20), Uploaded::ReEntry);
    assert_eq!((entries(&club, "a"), entries(&club, "b")), ((1, 0), (0, 1)));
    assert!(tasks(&club).is_empty());
}

/// A scanner whose clock is ahead tells the same scan again, now or when the time has come: it is
/// known by that clock.
#[test]
fn a_scan_ahead_of_its_time_is_known() {
    let mut club = Club::with_two_sold();
    assert_eq!(upload(&mut club, "a", 600), Uploaded::Counted);
    for _ in 0..2 {
        club.till.pass(Span::minutes(6));
        assert_eq!(upload(&mut club, "a", 600), Uploaded::Known);
    }
    assert_eq!((tasks(&club), entries(&club, "a")), (vec![], (1, 0)));
}

/// To take back an entry that was never counted takes nobody else's from the counts.
#[test]
fn an_invalid_entry_taken_back_counts_nothing() {
    let mut club = Club::with_two_sold();
    club.till.pass(Span::minutes(1));
    let other = Admission { number: 2, ..admission(1) };
    club.scan(SALE, other.number);
    become_state(&mut club, SaleState::Cancelled);
    assert_eq!(upload(&mut club, "north", 10), Uploaded::InvalidEntry);
    assert_eq!(entries(&club, "north"), (1, 0));
    club.till.run(&UndoScan { admission: admission(1), note: note() }).unwrap();
    assert_eq!(entries(&club, "north"), (1, 0));
    club.till.run(&UndoScan { admission: other, note: note() }).unwrap();
    assert_eq!(entries(&club, "north"), (0, 0));
}

/// Two scanners tell of the same admission of a ticket that has moved since: it counts once, at
/// the gate of the first.
#[test]
fn an_entry_before_a_transfer_counts_once() {
    let mut club = Club::with_two_sold();
    club.till.pass(Span::minutes(1));
    become_state(&mut club, SaleState::Transferred);
    assert_eq!(upload(&mut club, "b", 20), Uploaded::TransferAfterScan);
    assert_eq!(upload(&mut club, "a", 10), Uploaded::TransferAfterScan);
    assert_eq!((entries(&club, "a"), entries(&club, "b")), ((1, 0), (0, 0)));
    club.till.run(&UndoScan { admission: admission(1), note: note() }).unwrap();
    assert_eq!(entries(&club, "a"), (0, 0));
}

/// A scan before the ticket was moved wins and the transfer becomes a task; every other scan of a
/// ticket that is not good is reported.
#[test]
fn scans_of_tickets_that_ended() {
    let check = |state: SaleState, seconds: u32, expected: Uploaded, kind: TaskKind| {
        let mut club = Club::with_two_sold();
        club.till.pass(Span::minutes(1));
        become_state(&mut club, state);
        club.till.pass(Span::hours(1));
        assert_eq!(upload(&mut club, "a", seconds), expected, "{state:?} {seconds}");
        assert_eq!(tasks(&club), [kind], "{state:?} {seconds}");
        assert_eq!(upload(&mut club, "a", seconds), Uploaded::Known);
    };
    use SaleState::{Cancelled, Transferred};
    check(Transferred, 59, Uploaded::TransferAfterScan, TaskKind::TransferAfterScan);
    check(Transferred, 60, Uploaded::InvalidEntry, TaskKind::InvalidEntry);
    check(Cancelled, 59, Uploaded::InvalidEntry, TaskKind::InvalidEntry);
    check(Cancelled, 61, Uploaded::InvalidEntry, TaskKind::InvalidEntry);
}

fn bundle(club: &Club, since: Timestamp) -> Bundle {
    let key = Key::number(SHARD, Kind::Event, EVENT.0);
    let event = club.till.find(key).unwrap();
    let mut bundle = Bundle::of(event, since, club.till.now);
    club.till.all::<Sale>().for_each(|sale| bundle.add(sale));
    bundle
}

/// With the list and the public key alone a scanner decides as the server would: what is sold is
/// good, what was refunded is not, who went in is in; later lists go on from the first.
#[test]
fn a_scanner_decides_with_the_list() {
    let mut club = Club::with_two_sold();
    club.scan(SALE, 1);
    let key = SealKey::new(1, &[7; 32]);
    let text = bundle(&club, Timestamp(0)).text();
    let signature = key.sign_bundle(&text);
    assert!(check_bundle(&text, &signature, &key.public()));
    let forged = text.replace("re-entry no", "re-entry yes");
    assert!(text != forged && !check_bundle(&forged, &signature, &key.public()));
    let mut list: Bundle = text.parse().unwrap();
    let decide = |list: &Bundle, number: u8| {
        let code = key.seal(club.sale(SALE)).code(number);
        let admission = check_code(&code, |_| Some(key.public())).unwrap();
        list.decide(&admission, NOON)
    };
    assert_eq!(decide(&list, 1), Verdict::Refused(Reason::AlreadyUsed));
    assert_eq!(decide(&list, 2), LET_IN);
    list.enter(&admission(2));
    assert_eq!(decide(&list, 2), Verdict::Refused(Reason::AlreadyUsed));

    club.till.pass(Span::minutes(1));
    let undo = UndoScan { admission: admission(1), note: note() };
    club.till.run(&undo).unwrap();
    club.refund(SALE, wanted(RefundWhat::Admissions(vec![2]))).unwrap();
    let later = bundle(&club, list.sequence);
    assert!(list.go_on(later.text().parse().unwrap()));
    let decide = |number: u8| list.decide(&admission(number), NOON);
    assert_eq!((decide(1), decide(2)), (LET_IN, Verdict::Refused(Reason::Cancelled)));
    let gap = Bundle { since: list.sequence.after(Span::seconds(1)), ..later };
    assert!(!list.go_on(gap), "a list that leaves something out is not taken");
}

/// What is no list is refused, line by line.
#[test]
fn nonsense_is_no_list() {
    let club = Club::with_two_sold();
    let text = bundle(&club, Timestamp(0)).text();
    let check = |from: &str, to: &str, expected: BundleError| {
        let changed = text.replacen(from, to, 1);
        assert_eq!(changed.parse::<Bundle>(), Err(expected), "{changed}");
    };
    check("guichet-gate 1", "guichet-gate 2", BundleError::UnknownForm);
    check("seller 7", "seller x", BundleError::Line(2));
    check("re-entry no", "re-entry maybe", BundleError::Line(9));
    for line in ["out 1", "out 1 2,x", "in x 1", "on 1 all", "out 1 all more", ""] {
        let changed = format!("{text}{line}\n");
        assert_eq!(changed.parse::<Bundle>(), Err(BundleError::Line(11)), "{line}");
    }
}

/// The sales of an event are read one page after the other. What changes on a page that was read,
/// while a later one is, is told by the next list; so is what was on its way to the disk.
#[test]
fn what_changes_between_two_pages_is_told() {
    let mut club = Club::with_two_sold();
    let key = Key::number(SHARD, Kind::Event, EVENT.0);
    let event = club.till.find::<Event>(key).unwrap().clone();
    let (read_at, first_page) = (club.till.now, club.sale(SALE).clone());
    club.till.pass(Span::seconds(1));
    club.refund(SALE, wanted(RefundWhat::Admissions(vec![2]))).unwrap();
    club.till.pass(Span::seconds(1));
    let gate_changed_at = Some(club.till.now);
    let second_page = Sale { id: SaleId(600), gate_changed_at, ..first_page.clone() };
    let mut list = Bundle::of(&event, Timestamp(0), read_at);
    list.add(&first_page);
    list.add(&second_page);
    assert_eq!(list.decide(&admission(2), NOON), LET_IN, "nobody has told of the refund");
    club.till.pass(Span::seconds(5));
    let mut later = Bundle::of(&event, list.sequence, club.till.now);
    later.add(club.sale(SALE));
    later.add(&second_page);
    assert!(list.go_on(later));
    assert_eq!(list.decide(&admission(2), NOON), Verdict::Refused(Reason::Cancelled));
    assert!(list.sequence < read_at, "moments before the reading may still come to the disk");
}
