//! Letters with tickets: for whom, how often, and what is told of it.

use domain::attempt::CallResult;
use domain::audit::{AuditEvent, AuditNote, AuditRecord};
use domain::effect::{Effect, MailContent};
use domain::ids::SaleId;
use domain::language::Language;
use domain::mailing::{MAILS_PER_SALE, MailTickets};
use domain::refusal::Code;
use domain::time::Span;

use crate::common::{Club, SHARD, approved, code, partly, resumable};

const SALE: SaleId = SaleId(1);

fn mail(sale: SaleId, nonce: u64) -> MailTickets {
    let note = AuditNote {
        nonce,
        event: AuditEvent::TicketsMailed,
        subject: None,
        name: String::new(),
        by: "box office".to_owned(),
        address: String::new(),
        detail: "ticket 1".to_owned(),
        count: 1,
    };
    let to = "anna@example.org".to_owned();
    MailTickets { shard: SHARD, sale, to, language: Language::English, note }
}

/// An order of two whose payment was answered so.
fn paid_with(answer: CallResult) -> Club {
    let mut club = Club::new();
    club.place_two(resumable());
    club.answer(SALE, 1, answer);
    club
}

fn owed(club: &Club) -> usize {
    club.till.owed.iter().filter(|owed| matches!(owed.effect, Effect::Mail { .. })).count()
}

/// Proves that a letter is owed with what it is about, when, and a record of who asked for it.
#[test]
fn a_letter_is_owed() {
    let mut club = paid_with(approved());
    let now = club.till.now;
    club.till.run(&mail(SALE, 1)).unwrap();
    let [owed] = &club.till.owed[..] else { panic!("{:?}", club.till.owed) };
    let effect = Effect::Mail {
        to: "anna@example.org".to_owned(),
        language: Language::English,
        queued_at: now,
        content: MailContent::Tickets { sale: SALE },
    };
    assert_eq!((owed.shard, &owed.effect), (SHARD, &effect));
    let told: Vec<_> = club.till.all::<AuditRecord>().collect();
    assert_eq!((told.len(), told[0].note.by.as_str()), (1, "box office"));
}

/// Proves that only live tickets are sent, each state with its code.
#[test]
fn only_live_tickets() {
    let check = |mut club: Club, expected: Code| {
        assert_eq!(code(club.till.run(&mail(SALE, 1))), expected);
        assert_eq!(owed(&club), 0);
    };
    check(Club::new(), Code::TicketNotFound);
    let mut open = Club::new();
    open.place_two(resumable());
    check(open, Code::TicketNotPaid);
    let declined = CallResult::Declined(domain::attempt::DeclineReason::Soft);
    check(paid_with(declined), Code::TicketNotPaid);
    check(paid_with(partly(4_000)), Code::TicketRefunded);
}

/// Proves the limit of an hour, and that refused tries do not count.
#[test]
fn so_many_an_hour() {
    let mut club = paid_with(approved());
    for nonce in 0..5 {
        club.till.run(&mail(SALE, nonce)).unwrap();
    }
    for nonce in 5..8 {
        assert_eq!(code(club.till.run(&mail(SALE, nonce))), Code::TooManyRequests);
    }
    assert_eq!(owed(&club), MAILS_PER_SALE.count);
    club.till.pass(Span::seconds(3_601));
    club.till.run(&mail(SALE, 8)).unwrap();
}
