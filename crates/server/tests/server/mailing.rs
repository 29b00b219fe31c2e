//! Tickets by e-mail: what is queued, what arrives, and what a bad mail server does.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::AuditEvent;
use domain::effect::{Effect, MailContent};
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{SaleId, Shard};
use domain::language::Language;
use domain::time::{Span, Timestamp};
use serde_json::{Value, json};
use server::mail::{MailFolder, Mailer, Security, Smtp, SmtpSettings};
use store::Store;

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, paid, unpaid};
use crate::post_office::{Arrived, Mood, PostOffice, settings, way};
use crate::shop::{Shop, until};

const ANNA: &str = "anna@example.org";

async fn bought(shop: &Shop) -> String {
    shop.order(&paid(shop, "match", "adult", 1)).await.token()
}

async fn mail_as(shop: &Shop, key: &str, request: &Value) -> Answer {
    shop.send(&Request::post("/ticketOrder/mail.json").key(key).json(request)).await
}

async fn mail(shop: &Shop, token: &str, to: &str) -> Answer {
    mail_as(shop, &shop.admin, &json!({ "ticketTokenId": token, "email": to })).await
}

async fn open(mood: Mood) -> (Shop, PostOffice) {
    let office = PostOffice::open(mood).await;
    (Shop::mailing(Arc::new(office.way())).await, office)
}

/// The letters that wait in the outbox.
async fn waiting(shop: &Shop) -> usize {
    let owed = shop.store().outbox(1_000).await.unwrap();
    owed.iter().filter(|owed| matches!(owed.effect, Effect::Mail { .. })).count()
}

async fn arrived(office: &PostOffice, count: usize) -> Vec<Arrived> {
    until("letters", async || Some(office.arrived()).filter(|it| it.len() >= count)).await
}

#[tokio::test]
async fn tickets_arrive() {
    // Proves that a letter goes to whom it was asked for, from the operator, with the tickets,
    // once, and that the audit knows of it.
    let (shop, office) = open(Mood::Takes).await;
    let token = bought(&shop).await;
    let answer = mail(&shop, &token, &format!(" {ANNA} ")).await;
    assert_eq!((answer.status, answer.status_code()), (200, 200), "{}", answer.text());
    assert_eq!(answer.json()["success"], true);
    let letter = arrived(&office, 1).await.remove(0);
    assert!(letter.envelope.iter().any(|line| line.starts_with("RCPT TO:<anna@example.org>")));
    assert!(letter.envelope.iter().any(|line| line.starts_with("MAIL FROM:<tickets@example.org>")));
    assert_eq!(letter.headers("To"), [ANNA]);
    assert_eq!(letter.headers("Message-ID").len(), 1);
    for part in ["text/plain", "text/html", "application/pdf", "text/calendar"] {
        assert!(letter.data.contains(&format!("Content-Type: {part}")), "{part}");
    }
    until("an empty outbox", async || (waiting(&shop).await == 0).then_some(())).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(office.arrived().len(), 1);
    let audit = shop.store().audit(Store::audit_start(Timestamp(0))).await.unwrap();
    let told: Vec<_> =
        audit.iter().filter(|it| it.note.event == AuditEvent::TicketsMailed).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].note.by, "a test");
    assert!(told[0].note.detail.ends_with(" to anna@example.org"), "{}", told[0].note.detail);
}

#[tokio::test]
async fn no_card_number_is_printed() {
    // Proves that a card number in a holder's name reaches no letter.
    let (shop, office) = open(Mood::Takes).await;
    let mut order = paid(&shop, "match", "named", 1);
    let name = format!("Anna {GOOD_CARD}");
    let holder = json!({ "name": name, "fullPhoneNumber": "+3545550001", "holderId": "1" });
    order["ticketHolders"] = json!({ "ticketHolders": [holder] });
    let token = shop.order(&order).await.token();
    mail(&shop, &token, ANNA).await;
    let letter = arrived(&office, 1).await.remove(0).data;
    assert!(letter.contains("Anna ") && !letter.contains(GOOD_CARD), "{letter}");
}

#[tokio::test]
async fn what_is_refused() {
    // Proves every refusal of the operation, and that none queues a letter; an address with a line
    // break in it cannot add a header.
    let (shop, office) = open(Mood::Takes).await;
    let token = bought(&shop).await;
    let addresses = [
        "",
        "anna",
        "anna@example.org\r\nBcc: eve@example.org",
        "anna@example.org,eve@example.org",
        "<anna@example.org>",
        "4242424242424242@example.org",
        &format!("{}@example.org", "a".repeat(250)),
    ];
    for address in addresses {
        let answer = mail(&shop, &token, address).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["Email".to_owned()]), "{address}");
    }
    let request = json!({ "ticketTokenId": token, "email": ANNA, "language": "tlh" });
    let answer = mail_as(&shop, &shop.admin, &request).await;
    assert_eq!((answer.status, answer.fields()), (400, vec!["Language".to_owned()]));
    assert_eq!(mail(&shop, "nonsense", ANNA).await.code(), "TicketNotFound");
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let request = json!({ "ticketTokenId": token, "email": ANNA });
    assert_eq!(mail_as(&shop, &other, &request).await.code(), "OwnerScopeDenied");
    let agent = shop.key(&["Agent"], &["hekla"]).await;
    assert_eq!(mail_as(&shop, &agent, &request).await.status, 403);
    assert_eq!(waiting(&shop).await, 0);
    assert_eq!(office.connections(), 0);
}

#[tokio::test]
async fn five_an_hour() {
    // Proves the limit under 64 callers at once, and that an hour later there is room again.
    let (shop, office) = open(Mood::Takes).await;
    let token = bought(&shop).await;
    let shop = Arc::new(shop);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (shop, token) = (Arc::clone(&shop), token.clone());
        callers.spawn(async move { mail(&shop, &token, ANNA).await });
    }
    let answers = callers.join_all().await;
    let queued = answers.iter().filter(|answer| answer.status_code() == 200).count();
    let refused = answers.iter().filter(|answer| answer.code() == "TooManyRequests").count();
    assert_eq!((queued, refused), (5, 59));
    arrived(&office, 5).await;
    shop.clock.advance(Span::seconds(3_601));
    assert_eq!(mail(&shop, &token, ANNA).await.status_code(), 200);
    assert_eq!(arrived(&office, 6).await.len(), 6);
}

#[tokio::test]
async fn without_a_mail_server() {
    // Proves that a till without a mail server says so at once, and owes nothing.
    let shop = Shop::open().await;
    let token = bought(&shop).await;
    let answer = mail(&shop, &token, ANNA).await;
    assert_eq!((answer.status_code(), answer.code().as_str()), (409, "MailNotAvailable"));
    assert_eq!(waiting(&shop).await, 0);
}

#[tokio::test]
async fn a_refused_letter_keeps_nobody_waiting() {
    // Proves that a letter that is refused stays and that those behind it go out meanwhile.
    let (shop, office) = open(Mood::Refuses("nobody")).await;
    let token = bought(&shop).await;
    mail(&shop, &token, "nobody@example.org").await;
    for _ in 0..3 {
        mail(&shop, &token, ANNA).await;
    }
    let letters = arrived(&office, 3).await;
    assert!(letters.iter().all(|letter| letter.headers("To") == [ANNA]));
    until("one letter left", async || (waiting(&shop).await == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_mail_server_slows_no_sale() {
    // Proves that letters wait while nobody takes them, that few tries are made, and that orders
    // are served as quickly as without letters; then that the letters arrive.
    let (shop, office) = open(Mood::Busy).await;
    let quick = time_of_orders(&shop).await;
    office.set(Mood::Silent);
    for _ in 0..8 {
        let token = bought(&shop).await;
        mail(&shop, &token, ANNA).await;
    }
    let slow = time_of_orders(&shop).await;
    assert_eq!(waiting(&shop).await, 8);
    assert!(office.connections() <= 8, "{}", office.connections());
    println!("20 orders: {quick:?} without letters, {slow:?} while the mail server is silent");
    assert!(slow < quick * 3 + Duration::from_millis(200), "{quick:?}, then {slow:?}");
}

async fn time_of_orders(shop: &Shop) -> Duration {
    let start = tokio::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(shop.order(&unpaid(shop, "match", "child", 1)).await.status_code(), 200);
    }
    start.elapsed()
}

#[tokio::test]
async fn letters_are_given_up_after_three_days() {
    // Proves that a letter that nobody takes for three days leaves the outbox, and no sooner.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let shop = Shop::mailing(Arc::new(way(nobody))).await;
    let token = bought(&shop).await;
    mail(&shop, &token, ANNA).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(waiting(&shop).await, 1);
    shop.clock.advance(Span::hours(73));
    until("an empty outbox", async || (waiting(&shop).await == 0).then_some(())).await;
}

#[tokio::test]
async fn letters_into_a_folder() {
    // Proves that a demo's letters are files that hold what a mail server would get.
    let folder = tempfile::tempdir().unwrap();
    let mailer: Arc<dyn Mailer> = Arc::new(MailFolder::open(&folder.path().join("mail")).unwrap());
    let shop = Shop::mailing(mailer).await;
    let token = bought(&shop).await;
    let english = json!({ "ticketTokenId": token, "email": ANNA, "language": "en-GB" });
    mail_as(&shop, &shop.admin, &english).await;
    let letter = until("a file", async || {
        let mut files = std::fs::read_dir(folder.path().join("mail")).unwrap();
        let path = files.next()?.unwrap().path();
        (path.extension()? == "eml").then(|| std::fs::read_to_string(path).unwrap())
    });
    let letter = letter.await;
    assert!(letter.contains("Subject: Your tickets: "), "{letter}");
    assert!(letter.contains("To: anna@example.org\r\n"));
}

/// Owes a letter, as the rules do that give a reason for one.
struct Owe {
    shard: Shard,
    content: MailContent,
}

impl Command for Owe {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let (to, language, content) = (ANNA.to_owned(), Language::English, self.content);
        facts.owe(self.shard, Effect::Mail { to, language, queued_at: now, content })
    }
}

#[tokio::test]
async fn every_reason_has_its_letter() {
    // Proves that each reason becomes its letter, and that one about nothing leaves the outbox.
    let (shop, office) = open(Mood::Takes).await;
    bought(&shop).await;
    let (shard, sale) = {
        let sale = shop.sales("hekla").await.remove(0);
        (sale.shard, sale.id)
    };
    let owe = async |content| shop.store().submit(Owe { shard, content }).await.unwrap();
    owe(MailContent::CardReceipt { sale }).await;
    owe(MailContent::Tickets { sale: SaleId(sale.0 + 1) }).await;
    owe(MailContent::RefundStarted { sale, amount: 1_000 }).await;
    arrived(&office, 1).await;
    owe(MailContent::EventCancelled { sale }).await;
    let subjects: Vec<_> =
        arrived(&office, 2).await.iter().map(|letter| letter.headers("Subject")).collect();
    assert!(subjects[0][0].starts_with("Refund started: "), "{subjects:?}");
    assert!(subjects[1][0].starts_with("Cancelled: "), "{subjects:?}");
    until("an empty outbox", async || (waiting(&shop).await == 0).then_some(())).await;
}

#[tokio::test]
async fn nothing_is_said_in_clear() {
    // Proves that a server that does not offer TLS hears no password and gets no letter.
    let office = PostOffice::open(Mood::Takes).await;
    let settings = SmtpSettings {
        security: Security::StartTls,
        user: Some("guichet".to_owned()),
        password: Some("hidden".to_owned().into()),
        ..settings(office.address)
    };
    assert!(!format!("{settings:?}").contains("hidden"));
    let shop = Shop::mailing(Arc::new(Smtp::new(&settings).unwrap())).await;
    let token = bought(&shop).await;
    mail(&shop, &token, ANNA).await;
    until("a try", async || (office.connections() > 0).then_some(())).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!((waiting(&shop).await, office.arrived().len()), (1, 0));
    assert!(office.said().iter().all(|line| line.starts_with("EHLO") || line == "QUIT"));
}

#[test]
fn settings_are_checked() {
    // Proves which settings are refused before any letter, and with which words.
    let check = |settings: SmtpSettings, words: &str| {
        let error = Smtp::new(&settings).err().unwrap().to_string();
        assert!(error.contains(words), "{error}");
    };
    let address = "127.0.0.1:25".parse().unwrap();
    check(SmtpSettings { sender: "nobody".to_owned(), ..settings(address) }, "the sender");
    let (user, password) = (Some("guichet".to_owned()), Some("hidden".to_owned().into()));
    check(SmtpSettings { user: user.clone(), ..settings(address) }, "one of them is missing");
    check(SmtpSettings { user, password, ..settings(address) }, "without TLS");
    let root_certificate = Some(b"-----BEGIN CERTIFICATE-----\n!".to_vec());
    let tls = SmtpSettings { security: Security::Tls, root_certificate, ..settings(address) };
    check(tls, "TLS to the mail server");
}

#[tokio::test]
async fn nothing_secret_waits() {
    // Proves that the outbox holds numbers and the address only: no handle, no code.
    let (shop, _office) = open(Mood::Busy).await;
    let token = bought(&shop).await;
    mail(&shop, &token, ANNA).await;
    let owed = shop.store().outbox(10).await.unwrap();
    let sale = shop.sales("hekla").await[0].id;
    let [row] = &owed[..] else { panic!("{owed:?}") };
    let Effect::Mail { to, content, .. } = &row.effect else { panic!("{row:?}") };
    assert_eq!((to.as_str(), *content), (ANNA, MailContent::Tickets { sale }));
    assert!(!serde_json::to_string(&row.effect).unwrap().contains(&token));
}
