//! A Stripe of our own on loopback: what the real service does and a general stand-in does not
//! show. It keeps every request, remembers keys with what it answered, and breaks when told.

mod behaviour;
mod book;
mod form;
mod renewals;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use self::book::Book;

/// A request as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Method, path and query.
    pub(crate) line: String,
    /// The members of the form, in order, decoded.
    pub(crate) form: Vec<(String, String)>,
    pub(crate) key: Option<String>,
    pub(crate) version: String,
    pub(crate) authorization: String,
}

/// How the next request to a path goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The connection ends, and nothing was done.
    LostBefore,
    /// It is done, and the connection ends before the answer.
    LostAfter,
    /// It is done, and the answer is no JSON.
    Garbled,
    /// This is answered, and nothing was done. A 500 is remembered with the key.
    Answer(u16, Value),
}

#[derive(Default)]
struct State {
    book: Book,
    seen: Vec<Seen>,
    faults: VecDeque<(String, Fault)>,
    /// What was answered to a key, and to which request.
    remembered: HashMap<String, (Seen, u16, Value)>,
}

/// The server; ends when it is dropped.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Fake {
    pub(crate) async fn start() -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let state: Arc<Mutex<State>> = Arc::default();
        let server = tokio::spawn(accept(listener, Arc::clone(&state)));
        Fake { address, state, server }
    }

    /// What the next request whose line contains `part` meets.
    pub(crate) fn breaks(&self, part: &str, fault: Fault) {
        lock(&self.state).faults.push_back((part.to_owned(), fault));
    }

    /// All requests since the last call.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut lock(&self.state).seen)
    }

    /// Forgets what was answered to which key, as Stripe may after a day.
    pub(crate) fn forget_keys(&self) {
        lock(&self.state).remembered.clear();
    }

    /// Looks at or changes what is stored.
    pub(crate) fn book<T>(&self, look: impl FnOnce(&mut Book) -> T) -> T {
        look(&mut lock(&self.state).book)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics while it holds this")
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&state), request));
            // A connection that ends early is what some tests want.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// The connection is cut by an error of the service.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct Cut;

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let seen = seen(request).await;
    let mut state = lock(&state);
    state.seen.push(seen.clone());
    let (status, body) = match state.fault(&seen) {
        Some(Fault::LostBefore) => return Err(Cut),
        Some(Fault::LostAfter) => {
            state.handle(&seen);
            return Err(Cut);
        }
        Some(Fault::Garbled) => (state.handle(&seen).0, json!("<html>")),
        Some(Fault::Answer(status, body)) => {
            if let (500, Some(key)) = (status, &seen.key) {
                let stored = (seen.clone(), status, body.clone());
                state.remembered.insert(key.clone(), stored);
            }
            (status, body)
        }
        None => state.handle(&seen),
    };
    let reply = Response::builder().status(status).body(Full::from(body.to_string()));
    Ok(reply.expect("it is a response"))
}

async fn seen(request: Request<Incoming>) -> Seen {
    let (head, body) = request.into_parts();
    let header = |name| {
        let value = head.headers.get(name).map(|value| value.to_str().expect("it is text"));
        value.map(str::to_owned)
    };
    let body = body.collect().await.expect("the body comes").to_bytes();
    Seen {
        line: format!("{} {}", head.method, head.uri),
        form: form::read(std::str::from_utf8(&body).expect("it is text")),
        key: header("idempotency-key"),
        version: header("stripe-version").unwrap_or_default(),
        authorization: header("authorization").unwrap_or_default(),
    }
}

impl State {
    fn fault(&mut self, seen: &Seen) -> Option<Fault> {
        let place = self.faults.iter().position(|(part, _)| seen.line.contains(part.as_str()))?;
        self.faults.remove(place).map(|(_, fault)| fault)
    }

    /// Answers as before what came before under the same key. A refused form is not remembered.
    fn handle(&mut self, seen: &Seen) -> (u16, Value) {
        if !seen.authorization.starts_with("Bearer sk_test_") {
            return refusal(401, "invalid_request_error", "api_key_invalid", "");
        }
        let Some(key) = &seen.key else { return self.book.handle(seen) };
        if let Some((before, status, body)) = self.remembered.get(key) {
            if before.line != seen.line || before.form != seen.form {
                return refusal(400, "idempotency_error", "", "");
            }
            return (*status, body.clone());
        }
        let (status, body) = self.book.handle(seen);
        if status != 400 {
            self.remembered.insert(key.clone(), (seen.clone(), status, body.clone()));
        }
        (status, body)
    }
}

/// The body of a refusal; an empty text is left out.
pub(crate) fn refusal(status: u16, kind: &str, code: &str, decline_code: &str) -> (u16, Value) {
    let mut error = json!({"type": kind, "message": "The card 4242 4242 4242 4242 is not liked."});
    for (name, text) in [("code", code), ("decline_code", decline_code)] {
        if !text.is_empty() {
            error[name] = json!(text);
        }
    }
    (status, json!({"error": error}))
}
