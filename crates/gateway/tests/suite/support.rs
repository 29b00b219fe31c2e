//! What the tests of this folder share: cards, a clock that stands still, and a sandbox in
//! either of its forms.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::attempt::{CallResult, GatewayTerms};
use domain::money::{Currency, Money};
use domain::phone::PhoneNumber;
use domain::time::{Span, Timestamp};
use gateway::sandbox::{
    LogLine, Sandbox, SandboxClient, SandboxError, SandboxOptions, read_log, serve, terms,
};
use gateway::secret::YearMonth;
use gateway::{
    Authentication, Card, CardNumber, ChallengeAnswer, ChargeName, Expiry, Gateway, MpiToken,
    PaymentRequest, Proof, SecurityCode, Source, SourceKind,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const GOOD_CARD: &str = "4242424242424242";
pub(crate) const CHALLENGE_CARD: &str = "4000002760003184";
pub(crate) const GIFT_CARD: &str = "6006491234567891";

/// 2026-11-22T00:00:00Z
pub(crate) const NOW: Timestamp = Timestamp(1_795_305_600_000_000);

/// Where the sandbox runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    InProcess,
    OverHttp,
}

pub(crate) const FORMS: [Form; 2] = [Form::InProcess, Form::OverHttp];

/// A sandbox and the gateway that leads to it.
pub(crate) struct Till {
    pub(crate) gateway: Arc<dyn Gateway>,
    pub(crate) log: PathBuf,
    place: Place,
}

enum Place {
    Here(Arc<Sandbox>),
    Served(SocketAddr, JoinHandle<SandboxError>),
}

impl Till {
    pub(crate) async fn open(form: Form, folder: &TempDir) -> Till {
        Till::open_with(form, &options(folder.path())).await
    }

    pub(crate) async fn open_with(form: Form, options: &SandboxOptions) -> Till {
        let log = options.log.clone();
        match form {
            Form::InProcess => {
                let sandbox = Sandbox::open(options, terms("sandbox")).expect("the log opens");
                let sandbox = Arc::new(sandbox);
                Till { gateway: sandbox.clone(), log, place: Place::Here(sandbox) }
            }
            Form::OverHttp => {
                let (address, server) = start_server(options.clone()).await;
                let gateway = Arc::new(SandboxClient::new(address, terms("sandbox")));
                Till { gateway, log, place: Place::Served(address, server) }
            }
        }
    }

    /// Stops the sandbox, so that its log can be opened again.
    pub(crate) async fn close(self) {
        drop(self.gateway);
        if let Place::Served(_, server) = self.place {
            server.abort();
            let stopped = server.await;
            assert!(stopped.is_err_and(|error| error.is_cancelled()), "the server ran till now");
        }
    }

    pub(crate) fn log_lines(&self) -> Vec<LogLine> {
        read_log(&self.log).expect("the log can be read")
    }

    pub(crate) async fn set_balance(&self, ending: &str, money: Money) {
        match &self.place {
            Place::Here(sandbox) => {
                let result = sandbox.set_balance(ending, money).await;
                assert!(matches!(result, CallResult::Approved(_)), "{result:?}");
            }
            Place::Served(address, _) => {
                let (amount, currency) = (money.amount, money.currency.code());
                let body = format!(
                    r#"{{"ending":"{ending}",
                    "money":{{"amount":{amount},"currency":"{currency}"}}}}"#
                );
                let answer = exchange(*address, "POST", "/v1/gift-cards", &body).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            }
        }
    }

    /// Answers for a payer who is asked on the telephone.
    pub(crate) async fn answer_for_payer(&self, key: &str, accepts: bool) -> CallResult {
        match &self.place {
            Place::Here(sandbox) => sandbox.answer_for_payer(key, accepts).await,
            Place::Served(address, _) => {
                let (path, body) = (format!("/v1/charges/{key}/payer"), accepts);
                let body = format!(r#"{{"accepts":{body}}}"#);
                let answer = exchange(*address, "POST", &path, &body).await;
                let body = answer.split("\r\n\r\n").nth(1).expect("it has a body");
                serde_json::from_str(body).expect("it is a result")
            }
        }
    }

    /// A period of this subscription is over: the next one is taken.
    pub(crate) async fn renew(&self, key: &str) {
        match &self.place {
            Place::Here(sandbox) => drop(sandbox.renew(key).await),
            Place::Served(address, _) => {
                let body = format!(r#"{{"key":"{key}","operation":"renew"}}"#);
                let answer = exchange(*address, "POST", "/v1/subscriptions", &body).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            }
        }
    }

    pub(crate) async fn sale(&self, key: &str, amount: i64, number: &str) -> CallResult {
        self.gateway.sale(&krona(key, amount), &card(number)).await
    }

    pub(crate) async fn refund(&self, key: &str, charge_key: &str, amount: i64) -> CallResult {
        self.gateway.refund(&krona(key, amount), &charge(charge_key)).await
    }

    pub(crate) async fn lookup(&self, key: &str) -> CallResult {
        self.gateway.lookup(&krona(key, 1)).await
    }

    pub(crate) async fn fence(&self, key: &str) -> CallResult {
        self.gateway.fence(&krona(key, 1)).await
    }
}

pub(crate) fn options(folder: &Path) -> SandboxOptions {
    SandboxOptions {
        log: folder.join("sandbox.log"),
        answer_delay: Span::ZERO,
        clock: Arc::new(|| NOW),
    }
}

pub(crate) async fn start_server(
    options: SandboxOptions,
) -> (SocketAddr, JoinHandle<SandboxError>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let server = tokio::spawn(async move {
        match serve(listener, options).await {
            Ok(never) => match never {},
            Err(error) => error,
        }
    });
    let answer = exchange(address, "GET", "/health", "").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    (address, server)
}

/// Sends one request on a connection of its own and brings the whole answer, head included.
pub(crate) async fn exchange(address: SocketAddr, method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(request.as_bytes()).await.expect("it takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    answer
}

pub(crate) fn sandbox_terms() -> GatewayTerms {
    terms("sandbox")
}

pub(crate) fn krona(key: &str, amount: i64) -> PaymentRequest<'_> {
    request(key, amount, Currency::ISK)
}

pub(crate) fn request(key: &str, amount: i64, currency: Currency) -> PaymentRequest<'_> {
    PaymentRequest::new(key, Money::new(amount, currency), Span::seconds(5))
}

pub(crate) fn charge(key: &str) -> ChargeName<'_> {
    ChargeName { key, reference: "" }
}

pub(crate) fn card(number: &str) -> Source {
    card_with_code(number, "123")
}

pub(crate) fn card_with_code(number: &str, code: &str) -> Source {
    let number = CardNumber::parse(number).expect("the number is genuine");
    let code = SecurityCode::parse(code, &number).expect("the code is one");
    let expiry = Expiry::parse("12", "2031").expect("the expiry is a month");
    let this_month = YearMonth { year: 2026, month: 11 };
    let card = Card::new(number, expiry, Some(code), this_month).expect("the card is valid");
    SourceKind::Card(card).into()
}

pub(crate) fn phone(number: &str) -> Source {
    SourceKind::Phone(PhoneNumber::parse(number).expect("the number is one")).into()
}

/// A card whose holder has proved who they are.
pub(crate) fn proven_card(number: &str, token: MpiToken) -> Source {
    Source { proof: Some(Proof::ThreeDSecure(token)), ..card(number) }
}

/// Where a holder's browser goes on.
pub(crate) const RETURN_URL: &str = "https://app.example.org/back";

pub(crate) async fn enrolled(till: &Till, key: &str, amount: i64, number: &str) -> Authentication {
    till.gateway.enrol(&krona(key, amount), &card(number), RETURN_URL).await
}

pub(crate) fn handle_of(authentication: &Authentication) -> &str {
    match authentication {
        Authentication::Challenge(challenge) => &challenge.handle,
        other => panic!("no challenge: {other:?}"),
    }
}

/// Passes a challenge; brings what proves it.
pub(crate) async fn passed(till: &Till, handle: &str) -> MpiToken {
    let answer = ChallengeAnswer { text: "ok" };
    match till.gateway.authenticate(handle, Some(&answer)).await {
        Authentication::Passed(passed) => passed.token,
        other => panic!("not passed: {other:?}"),
    }
}

/// The kind of a result without its texts.
pub(crate) fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Approved(_) => "approved".into(),
        CallResult::PartiallyApproved(_, moved) => format!("approved {moved}"),
        CallResult::Declined(reason) => format!("declined {reason:?}"),
        CallResult::Pending(_) => "pending".into(),
        CallResult::ChallengeRequired(_) => "challenge".into(),
        CallResult::NotExecuted(_) => "not executed".into(),
        CallResult::Misconfigured(_) => "misconfigured".into(),
        CallResult::NotFound => "not found".into(),
        CallResult::Unknown(_) => "unknown".into(),
    }
}
