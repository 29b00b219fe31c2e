//! A provider of payment by phone on a loopback port: it keeps carts as the real ones do, and
//! writes down every request. What it is to say or to lose next is put into its script.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use gateway::{Callback, CallbackSecret, SigningScheme};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub(crate) const SECRET: &str = "provider's secret";
pub(crate) const APP_KEY: &str = "881E674F";

/// A customer whom nobody knows.
pub(crate) const UNKNOWN_CUSTOMER: &str = "5550009";

/// One request as it came in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) app_key: String,
    pub(crate) nonce: String,
    pub(crate) body: String,
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
    /// The body of the answer is this, and what was asked is done.
    Garble(&'static str),
    /// It is done, and the answer is signed with another secret.
    SignWrongly,
}

/// Where a cart stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Waiting,
    Reserved,
    Confirmed,
    Rejected,
    Cancelled,
}

#[derive(Clone, Debug)]
pub(crate) struct Cart {
    pub(crate) standing: Standing,
    pub(crate) amount: i64,
    reference: String,
    /// 0 when the customer's yes is enough.
    confirmation_type: i64,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) seen: Vec<Seen>,
    pub(crate) script: VecDeque<Turn>,
    pub(crate) carts: BTreeMap<String, Cart>,
}

/// See the module.
pub(crate) struct FakeProvider {
    pub(crate) address: SocketAddr,
    scheme: SigningScheme,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeProvider {
    pub(crate) async fn start(scheme: SigningScheme) -> FakeProvider {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move { serve(stream, address, scheme, &state).await });
            }
        });
        FakeProvider { address, scheme, state, task }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn next(&self, turn: Turn) {
        self.state().script.push_back(turn);
    }

    /// The paths of what came in since the last time.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.state().seen.drain(..).map(|seen| seen.path).collect()
    }

    /// What the customer does with the only cart.
    pub(crate) fn customer(&self, accepts: bool) {
        let mut state = self.state();
        let (_, cart) = state.carts.iter_mut().next().unwrap();
        cart.standing = match (accepts, cart.confirmation_type) {
            (true, 0) => Standing::Confirmed,
            (true, _) => Standing::Reserved,
            (false, _) => Standing::Rejected,
        };
    }

    /// Where the only cart stands.
    pub(crate) fn standing(&self) -> Standing {
        self.state().carts.values().next().unwrap().standing
    }

    pub(crate) fn secret(&self) -> CallbackSecret {
        CallbackSecret::new(SECRET.to_owned()).with_scheme(self.scheme)
    }
}

async fn serve(
    mut stream: TcpStream,
    address: SocketAddr,
    scheme: SigningScheme,
    state: &Mutex<State>,
) {
    while let Some((head, body)) = read(&mut stream).await {
        let header = |name: &str| {
            let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
            line.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value).to_owned()
        };
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let seen = Seen {
            path: path.clone(),
            app_key: header("netgiro_appkey"),
            nonce: header("netgiro_nonce"),
            body: body.clone(),
        };
        let url = format!("http://{address}{path}");
        let secret = CallbackSecret::new(SECRET.to_owned()).with_scheme(scheme);
        let signature = header("netgiro_signature");
        let signed = Callback {
            nonce: &seen.nonce,
            signature: &signature,
            path: &url,
            body: body.as_bytes(),
        };
        let is_known = secret.signed(&signed) && seen.app_key == APP_KEY;
        let answer = answer(&mut state.lock().unwrap(), seen, is_known);
        let Some((status, body, is_signed)) = answer else { return };
        let other = CallbackSecret::new("another".to_owned());
        let signature = if is_signed { secret } else { other }.sign("99", &url, body.as_bytes());
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nnetgiro_nonce: 99\r\n\
             netgiro_signature: {signature}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Status, body, and whether it is signed as it should be; `None` to end the connection.
fn answer(state: &mut State, seen: Seen, is_known: bool) -> Option<(u16, String, bool)> {
    let turn = state.script.pop_front();
    let (path, body) = (seen.path.clone(), seen.body.clone());
    state.seen.push(seen);
    match turn {
        Some(Turn::LoseRequest) => return None,
        Some(Turn::Say(status, value)) => return Some((status, value.to_string(), true)),
        _ if !is_known => return Some((401, String::new(), true)),
        _ => {}
    }
    let done = act(state, &path, &serde_json::from_str(&body).unwrap());
    match turn {
        Some(Turn::LoseAnswer) => None,
        Some(Turn::Garble(text)) => Some((200, text.to_owned(), true)),
        Some(Turn::SignWrongly) => Some((200, done.to_string(), false)),
        _ => Some((200, done.to_string(), true)),
    }
}

fn act(state: &mut State, path: &str, body: &Value) -> Value {
    if path == "/api/InsertCart" {
        return insert(state, body);
    }
    let name = body["transactionId"].as_str().unwrap();
    let Some(cart) = state.carts.get_mut(name) else {
        return json!({ "Success": true, "PaymentSuccessful": false, "ResultCode": 10424 });
    };
    match (path, cart.standing) {
        ("/api/ConfirmCart", Standing::Reserved) => cart.standing = Standing::Confirmed,
        ("/api/CancelCart", Standing::Waiting) => cart.standing = Standing::Cancelled,
        ("/api/CancelCart", Standing::Reserved) => {
            return json!({ "Success": false, "ResultCode": 10203 });
        }
        _ => {}
    }
    let code = match cart.standing {
        Standing::Waiting => 10425,
        Standing::Reserved => 10426,
        Standing::Confirmed => 10200,
        Standing::Rejected => 10302,
        Standing::Cancelled => 10201,
    };
    let info = json!({
        "TransactionId": name, "InvoiceNumber": 4711, "ReferenceNumber": cart.reference,
        "StatusId": if code == 10200 { 2 } else { 1 }, "TotalAmount": cart.amount,
    });
    json!({ "Success": true, "ResultCode": code, "PaymentInfo": info })
}

fn insert(state: &mut State, body: &Value) -> Value {
    if body["customerId"] == UNKNOWN_CUSTOMER {
        return json!({ "Success": false, "ResultCode": 10306 });
    }
    let name = format!("cart-{}", state.carts.len() + 1);
    let cart = Cart {
        standing: Standing::Waiting,
        amount: body["amount"].as_i64().unwrap(),
        reference: body["reference"].as_str().unwrap().to_owned(),
        confirmation_type: body["confirmationType"].as_i64().unwrap(),
    };
    state.carts.insert(name.clone(), cart);
    json!({
        "Success": true, "ResultCode": 200, "TransactionId": name,
        "ProcessCartCheckIntervalMiliseconds": 2000,
    })
}

/// Reads one request: its head and its body.
async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some((head, String::from_utf8(bytes[end + 4..].to_vec()).unwrap()));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
