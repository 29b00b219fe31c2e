//! The gateway against `localstripe`, somebody else's idea of Stripe, which runs beside the test
//! (`payments.md` §2.9). It shows the happy path, reservations, 3-D Secure and signed messages. It
//! knows no idempotency keys, so that nothing is found again after an answer was lost; and it takes
//! no means of paying with a confirmation, so that all cards here are kept cards.

use std::io::{BufRead as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::attempt::CallResult;
use gateway::client::{Client, ClientSettings, Message};
use gateway::stripe::{Event, Occasion, StripeGateway, WebhookSecret};
use gateway::{Callback, Gateway as _, PaymentRequest, Source, TokenUse};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::support::{DEADLINE, approved, card, charge, kind, krona, settings, token};

const SECRET: &str = "whsec_w1nter";

/// How long the program may take to start, and a message to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest message that is read.
const MESSAGE_LENGTH_MAX: u64 = 64 * 1024;

/// The program and the gateway that leads to it.
struct Place {
    gateway: StripeGateway,
    client: Client,
    url: String,
    /// Ends when its input does, so that it does not outlive the test either way.
    program: Child,
    _folder: TempDir,
}

impl Place {
    /// `None`, and a word about it, where there is no Python with the package.
    async fn open() -> Option<Place> {
        let Some(python) = std::env::var_os("GUICHET_PYTHON") else {
            // Past the capture of a test that passes.
            let reason = "skipped: GUICHET_PYTHON is not set; `cargo xtask test` sets it";
            let _ = writeln!(std::io::stderr(), "{reason}");
            return None;
        };
        let folder = tempfile::tempdir().expect("there is room");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stripe/beside.py");
        let mut program = Command::new(python)
            .arg(script)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let printed = std::io::BufReader::new(program.stdout.take().expect("it prints"));
        let port = tokio::task::spawn_blocking(|| printed.lines().next());
        let port = tokio::time::timeout(PATIENCE, port).await.expect("it starts in time");
        let port = port.expect("it was read").expect("it prints a port").expect("it is text");
        let url = format!("http://127.0.0.1:{port}");
        let mut settings = settings(&url);
        settings.webhook_secrets = vec![WebhookSecret::new(SECRET)];
        settings.clock = std::sync::Arc::new(now);
        let client =
            ClientSettings { base_url: url.clone(), deadline: DEADLINE, root_certificate: None };
        Some(Place {
            gateway: StripeGateway::new(settings).expect("the settings are good"),
            client: Client::new(&client).expect("the address is good"),
            url,
            program,
            _folder: folder,
        })
    }

    /// A card that is kept, because nothing else can be charged here.
    async fn kept(&self, number: &str) -> Result<Source, CallResult> {
        let request = krona("keep_1", 0);
        let kept = self.gateway.tokenize(&request, &card(number), TokenUse::Multi).await?;
        Ok(token(kept.token.expose()))
    }

    /// What the bank's page tells the stand-in.
    async fn authenticate(&self, id: &str, passes: bool) {
        let secret = self.gateway.buyer_secret(id).await.expect("it has one");
        let success = if passes { "true" } else { "false" };
        let path = format!("/v1/payment_intents/{id}/_authenticate");
        let form = [("client_secret", secret.expose()), ("success", success)];
        let message = Message::post(&path).form(&form);
        self.client.send(message.header("authorization", "Bearer sk_test_1")).await.expect("told");
    }

    async fn sale(&self, key: &str, source: &Source) -> CallResult {
        self.gateway.sale(&krona(key, 5_000), source).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It may have ended by itself; whatever is left is this test's own child.
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "the program signs with the time of the machine")]
fn now() -> domain::time::Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.expect("it is after 1970").as_secs();
    domain::time::Timestamp::from_seconds(seconds.try_into().expect("it is not the end of time"))
}

fn about(handle: &str) -> PaymentRequest<'_> {
    PaymentRequest { handle: Some(handle), ..krona("att_1", 5_000) }
}

fn challenge(result: &CallResult) -> String {
    match result {
        CallResult::ChallengeRequired(id) => id.clone(),
        other => panic!("no challenge: {other:?}"),
    }
}

/// Proves that a kept card is charged, read again, and paid back in parts.
#[tokio::test]
async fn a_card_is_charged_and_paid_back() {
    let Some(place) = Place::open().await else { return };
    let source = place.kept("4242424242424242").await.expect("it is kept");
    let reference = approved(&place.sale("att_1", &source).await);
    assert_eq!(approved(&place.gateway.lookup(&about(&reference)).await), reference);
    assert_eq!(approved(&place.gateway.fence(&about(&reference)).await), reference);
    for (key, amount) in [("ref_1", 2_000), ("ref_2", 3_000)] {
        let of = charge("att_1", &reference);
        approved(&place.gateway.refund(&krona(key, amount), &of).await);
    }
    let key = place.gateway.key_of(&reference).await;
    assert_eq!(key, Ok(Some("att_1".to_owned())));
}

/// Proves that reservations are taken, taken in part, and given up, and each twice.
#[tokio::test]
async fn reservations_are_taken_and_given_up() {
    let Some(place) = Place::open().await else { return };
    let source = place.kept("4242424242424242").await.expect("it is kept");
    for (key, amount) in [("att_1", 5_000), ("att_2", 3_000)] {
        let reserved = place.gateway.authorize(&krona(key, 5_000), &source).await;
        let reference = approved(&reserved);
        for _ in 0..2 {
            let of = charge(key, &reference);
            let taken = place.gateway.capture(&krona(&format!("{key}_cap"), amount), &of).await;
            approved(&taken);
        }
    }
    let reference = approved(&place.gateway.authorize(&krona("att_3", 5_000), &source).await);
    for _ in 0..2 {
        let of = charge("att_3", &reference);
        approved(&place.gateway.void(&krona("void_3", 5_000), &of).await);
    }
}

/// Proves what a declined card says, when it is kept and when it is charged.
#[tokio::test]
async fn declines_are_told() {
    let Some(place) = Place::open().await else { return };
    let refused = place.kept("4000000000000002").await.expect_err("it is declined");
    assert_eq!(kind(&refused), "declined Soft");
    let source = place.kept("4000000000000341").await.expect("it declines later");
    assert_eq!(kind(&place.sale("att_1", &source).await), "declined Soft");
}

/// Proves that 3-D Secure is told, and what comes of it when the holder passes, fails, or passes
/// and has no money.
#[tokio::test]
async fn challenges_pass_and_fail() {
    let Some(place) = Place::open().await else { return };
    for (number, passes, expected) in [
        ("4000002760003184", true, "approved"),
        ("4000000000003220", true, "approved"),
        ("4000000000003063", true, "approved"),
        ("4000002760003184", false, "pending"),
        ("4000008400001629", true, "pending"),
    ] {
        let source = place.kept(number).await.expect("it is kept");
        let id = challenge(&place.sale("att_1", &source).await);
        place.authenticate(&id, passes).await;
        let told = place.gateway.lookup(&about(&id)).await;
        assert_eq!(kind(&told), expected, "{number} {passes}");
    }
}

/// Proves that an open payment is paid at the till, and shut by a fence.
#[tokio::test]
async fn an_open_payment_is_paid_or_shut() {
    let Some(place) = Place::open().await else { return };
    let source = place.kept("4242424242424242").await.expect("it is kept");
    let open = async || match place.sale("att_1", &gateway::SourceKind::Browser.into()).await {
        CallResult::Pending(handle) => handle,
        other => panic!("not open: {other:?}"),
    };
    let handle = open().await;
    assert_eq!(kind(&place.gateway.lookup(&about(&handle)).await), "pending");
    let paid = place.gateway.pay_open(&krona("att_1", 5_000), &handle, &source).await;
    assert_eq!(approved(&paid), handle);
    let again = place.gateway.pay_open(&krona("att_1", 5_000), &handle, &source).await;
    assert_eq!(kind(&again), "unknown", "the card cannot be attached to a payment that is over");

    let handle = open().await;
    assert_eq!(kind(&place.gateway.fence(&about(&handle)).await), "not executed");
    let late = place.gateway.pay_open(&krona("att_1", 5_000), &handle, &source).await;
    assert_ne!(kind(&late), "approved");
}

/// Proves that a message is believed as the stand-in signs it, by the real scheme, and leads to
/// the payment.
#[tokio::test]
async fn messages_are_believed_as_they_are_signed() {
    let Some(place) = Place::open().await else { return };
    let inbox = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = inbox.local_addr().expect("it has an address");
    let url = format!("http://{address}/stripe/webhook/stripe");
    let form =
        [("url", url.as_str()), ("secret", SECRET), ("events[]", "payment_intent.succeeded")];
    let registered = Message::post("/_config/webhooks/guichet").form(&form);
    let registered = registered.header("authorization", "Bearer sk_test_1");
    let registered = place.client.send(registered).await.expect("it answers");
    assert_eq!(registered.status, 200, "{}", place.url);
    let source = place.kept("4242424242424242").await.expect("it is kept");
    let reference = approved(&place.sale("att_1", &source).await);

    let came = tokio::time::timeout(PATIENCE, receive(&inbox)).await.expect("a message comes");
    let (signature, body) = came;
    let sent = |signature: &str, body: &[u8]| {
        let path = "/stripe/webhook/stripe";
        place.gateway.sent(&Callback { nonce: "", signature, path, body })
    };
    assert!(sent(&signature, &body), "{signature}");
    assert!(!sent(&signature, &body[1..]));
    assert!(!sent(&signature.replace("t=1", "t=2"), &body));
    let event = Event::read(&body).expect("it is an event");
    assert_eq!((event.occasion, event.key.as_deref()), (Occasion::Payment, Some("att_1")));
    assert_eq!(event.payment, Some(reference));
}

/// The signature and the body of the next message.
async fn receive(inbox: &TcpListener) -> (String, Vec<u8>) {
    let (stream, _) = inbox.accept().await.expect("it comes");
    let mut stream = BufReader::new(stream);
    let (mut signature, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.expect("it is text");
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "stripe-signature" => value.clone_into(&mut signature),
            "content-length" => length = value.parse().expect("it is a number"),
            _ => {}
        }
    }
    let mut body = vec![0; usize::try_from(length.min(MESSAGE_LENGTH_MAX)).expect("it fits")];
    stream.read_exact(&mut body).await.expect("the body comes");
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("it listens");
    let _: Value = serde_json::from_slice(&body).expect("it is JSON");
    (signature, body)
}
