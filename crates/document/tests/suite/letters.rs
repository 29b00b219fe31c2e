//! Letters: what they say, and that nothing in them can become anything else.

use document::{
    Language, Mail, Move, Receipt, ReceiptLine, Refund, Unpaid, card_receipt, event_cancelled,
    instalment_unpaid, payment_link, refund_started, tickets,
};

use crate::sample::{KICK_OFF, anna, occasion, order};

const LANGUAGES: [Language; 2] = [Language::Icelandic, Language::English];

fn link(language: Language, url: &str) -> Mail {
    let offer = Move {
        language,
        from: occasion(),
        to: occasion(),
        amount: "1500 ISK".to_owned(),
        url: url.to_owned(),
        expires_at: KICK_OFF,
    };
    payment_link(anna(), &offer)
}

fn receipt(language: Language, seller: &str) -> Mail {
    let line = ReceiptLine { name: "Árskort".to_owned(), price: "20000 ISK".to_owned() };
    let total = "20000 ISK".to_owned();
    let seller = seller.to_owned();
    card_receipt(anna(), &Receipt { language, seller, number: 9, lines: vec![line], total })
}

fn refund(language: Language, name: &str) -> Mail {
    let [seller, goods] = [name, name].map(str::to_owned);
    let amount = "900 ISK".to_owned();
    refund_started(anna(), &Refund { language, seller, goods, number: 17, amount })
}

fn unpaid(language: Language, name: &str) -> Mail {
    let [seller, goods] = [name, name].map(str::to_owned);
    let amount = "4990 ISK".to_owned();
    instalment_unpaid(anna(), &Unpaid { language, seller, goods, contract: 21, amount })
}

/// All letters, written with a name that tries to be more than a name.
fn all(language: Language, name: &str) -> Vec<Mail> {
    let mut order = order(language);
    order.occasion.name = name.to_owned();
    order.occasion.organiser = name.to_owned();
    order.admissions[0].holder = Some(name.to_owned());
    vec![
        tickets(anna(), &order, "u", KICK_OFF).unwrap(),
        receipt(language, name),
        refund(language, name),
        unpaid(language, name),
        event_cancelled(anna(), &order, true),
        link(language, name),
    ]
}

fn check(mail: &Mail, subject: &str, said: &[&str]) {
    assert_eq!(mail.subject, subject);
    for words in said {
        assert!(mail.text.contains(words), "{words} in {}", mail.text);
        assert!(mail.html.contains(words), "{words} in {}", mail.html);
    }
}

/// Proves what each letter says, in both languages, as text and as HTML.
#[test]
fn letters_say_what_happened() {
    let [is, en] = LANGUAGES.map(order);
    let mail = |order| tickets(anna(), order, "u", KICK_OFF).unwrap();
    let event = "Þór – Ægir, bikarúrslit";
    let facts = ["Anna Gestsdóttir", "12", "8000 ISK", "Laugardalsvöllur, Reykjavík"];
    check(&mail(&is), &format!("Miðarnir þínir: {event}"), &facts);
    check(&mail(&is), &format!("Miðarnir þínir: {event}"), &["sunnudagur 2. maí 2027 kl. 16:00"]);
    check(&mail(&en), &format!("Your tickets: {event}"), &facts);
    check(&mail(&en), &format!("Your tickets: {event}"), &["Sunday 2 May 2027 at 16:00"]);
    check(&mail(&is), &format!("Miðarnir þínir: {event}"), &["hólf Á, röð 12, númer 2"]);
    check(&mail(&en), &format!("Your tickets: {event}"), &["section Á, row 12, number 2"]);
    let [is_refund, en_refund] = LANGUAGES.map(|language| refund(language, event));
    check(&is_refund, &format!("Endurgreiðsla hafin: {event}"), &["900 ISK", "17"]);
    check(&en_refund, &format!("Refund started: {event}"), &["900 ISK for order 17"]);
    let [is_unpaid, en_unpaid] = LANGUAGES.map(|language| unpaid(language, event));
    check(&is_unpaid, &format!("Ógreidd greiðsla: {event}"), &["4990 ISK", "21"]);
    check(&en_unpaid, &format!("Payment overdue: {event}"), &["4990 ISK for your contract 21"]);
    let cancelled = |order, is_paid_back| event_cancelled(anna(), order, is_paid_back);
    check(&cancelled(&is, true), &format!("Aflýst: {event}"), &["8000 ISK", "endurgreitt"]);
    check(&cancelled(&en, true), &format!("Cancelled: {event}"), &["8000 ISK", "goes back"]);
    assert!(!cancelled(&en, false).text.contains("goes back"), "no money is promised");
    let sold = ["Árskort", "20000 ISK", "9"];
    check(&receipt(Language::Icelandic, "KR"), "Kvittun: KR", &sold);
    check(&receipt(Language::English, "KR"), "Receipt from KR", &sold);
    let url = "https://tickets.example.org/pay/abc?x=1";
    let pay = link(Language::English, url);
    check(&pay, &format!("Pay the difference: {event}"), &["1500 ISK", url]);
    assert!(pay.html.contains(&format!("href=\"{url}\"")));
    check(&link(Language::Icelandic, url), &format!("Greiddu mismuninn: {event}"), &[url]);
}

/// Proves that tickets come with the printed tickets and the calendar entry.
#[test]
fn tickets_are_attached() {
    let mail = tickets(anna(), &order(Language::English), "u", KICK_OFF).unwrap();
    let names: Vec<_> = mail.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["tickets-17.pdf", "event-17.ics"]);
    assert!(mail.attachments[0].bytes.starts_with(b"%PDF-"));
    assert!(mail.attachments[1].bytes.starts_with(b"BEGIN:VCALENDAR\r\n"));
}

/// Proves that a name becomes neither markup nor a header nor a paragraph of its own.
#[test]
fn names_stay_names() {
    let name = "<img src=x onerror=alert(1)>\r\nBcc: eve@example.org\u{2028}\"'&{event}";
    for mail in LANGUAGES.into_iter().flat_map(|language| all(language, name)) {
        assert!(!mail.subject.contains(['\r', '\n', '\u{2028}']), "{:?}", mail.subject);
        assert!(!mail.html.contains("<img"), "{}", mail.html);
        assert!(!mail.html.contains("href=\"<"), "{}", mail.html);
        assert!(!mail.text.contains("\nBcc:"), "{}", mail.text);
    }
}

/// Proves that only an address of the web becomes a link.
#[test]
fn links_lead_to_the_web() {
    for url in ["javascript:alert(1)", "data:text/html,x", "\" onclick=\"x"] {
        assert!(!link(Language::English, url).html.contains("<a "), "{url}");
    }
    let quoted = link(Language::English, "https://example.org/\"><script>");
    assert!(quoted.html.contains("href=\"https://example.org/&quot;&gt;&lt;script&gt;\""));
}
