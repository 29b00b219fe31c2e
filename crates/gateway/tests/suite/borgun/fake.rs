//! A gateway like Borgun's on a loopback port: it keeps what the real one keeps, refuses what the
//! real one refuses, and writes down every request. What it is to say or to lose next is put into
//! its script.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::ledger;

/// `Basic base64("private-token:")`.
pub(crate) const AUTHORIZATION: &str = "Basic cHJpdmF0ZS10b2tlbjo=";

/// One request as it came in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) authorization: String,
    pub(crate) body: Value,
}

/// What happens to the next request instead of the usual.
#[derive(Clone, Debug)]
pub(crate) enum Turn {
    /// The connection ends; nothing was done.
    LoseRequest,
    /// It is done, and the connection ends.
    LoseAnswer,
    /// This is answered; nothing was done.
    Say(u16, Value),
    /// The payment is made with this status and code.
    Pay(&'static str, &'static str),
    /// These bytes are the body of a 200; what was asked is done.
    Garble(&'static str),
    /// Nothing unusual; the turn after this one is for the request after this one.
    Usual,
}

/// See the module.
pub(crate) struct FakeRpg {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

/// What the gateway keeps.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) seen: Vec<Seen>,
    pub(crate) script: VecDeque<Turn>,
    pub(crate) payments: BTreeMap<String, ledger::Payment>,
    pub(crate) order_ids: HashSet<String>,
    pub(crate) tokens: BTreeMap<String, ledger::Token>,
    /// Proofs that were told and not used.
    pub(crate) proofs: HashSet<String>,
    /// What the bank says next; it says 1 when there is nothing.
    pub(crate) bank: VecDeque<Value>,
    /// Seconds since the gateway began.
    pub(crate) now_s: u64,
}

impl Drop for FakeRpg {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeRpg {
    pub(crate) async fn start() -> FakeRpg {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        FakeRpg { address, state, task }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/rpg", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody has panicked with it")
    }

    /// Puts what happens next at the end of the script.
    pub(crate) fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        self.state().script.extend(turns);
    }

    /// Puts what the bank says next at the end of its answers.
    pub(crate) fn bank_says(&self, answers: impl IntoIterator<Item = Value>) {
        self.state().bank.extend(answers);
    }

    /// Everything that came in since the last time.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().seen)
    }

    /// Method and path of everything that came in since the last time.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Lets time pass.
    pub(crate) fn wait_s(&self, seconds: u64) {
        self.state().now_s += seconds;
    }

    /// The sums that were taken and not given back, payment by payment.
    pub(crate) fn kept(&self) -> Vec<i64> {
        let state = self.state();
        let taken = state.payments.values().filter(|it| it.is_taken());
        taken.map(|it| it.amount - it.refunded).filter(|kept| *kept != 0).collect()
    }
}

/// Reads one request, does it, and answers; a connection carries one.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some(seen) = read_request(&mut stream).await else { return };
    let turn = {
        let mut state = state.lock().expect("nobody has panicked with it");
        state.seen.push(seen.clone());
        state.script.pop_front().unwrap_or(Turn::Usual)
    };
    let done = |set: Option<(&str, &str)>| {
        ledger::answer(&mut state.lock().expect("nobody has panicked with it"), &seen, set)
    };
    let (status, body) = match turn {
        Turn::LoseRequest => return,
        Turn::LoseAnswer => return drop(done(None)),
        Turn::Say(status, body) => (status, body.to_string()),
        Turn::Pay(status, code) => written(done(Some((status, code)))),
        Turn::Garble(body) => {
            drop(done(None));
            (200, body.to_owned())
        }
        Turn::Usual => written(done(None)),
    };
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let _gone = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

fn written((status, body): (u16, Value)) -> (u16, String) {
    (status, if body.is_null() { String::new() } else { body.to_string() })
}

async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let header = |name: &str| {
        let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let length = header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    let line = head.lines().next()?.strip_suffix(" HTTP/1.1")?.to_owned();
    let body = if body.is_empty() { json!(null) } else { serde_json::from_slice(&body).ok()? };
    Some(Seen { line, authorization: header("authorization").unwrap_or_default(), body })
}
