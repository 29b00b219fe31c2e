//! The book and its log behind one door: decide, remember, write, and only then answer.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::attempt::CallResult;
use domain::time::Timestamp;

use super::behaviour::Behaviour;
use super::book::{Book, Decision};
use super::line::{CardFacts, Handling, LogLine, Operation, Request};
use super::log::Log;
use super::{Clock, SandboxError, SandboxOptions};
use crate::secret::Card;

/// The longest key that is taken, in bytes.
const KEY_LENGTH_MAX: usize = 255;

/// What is said to a key that is not taken.
pub(super) const UNSENDABLE_KEY: &str =
    "A key has 1 to 255 letters, digits, dots, dashes and underscores.";

/// The book and the lines that are not in the file yet.
#[derive(Default)]
struct State {
    book: Book,
    unwritten: Vec<u8>,
    /// How many requests have left their lines in `unwritten`, ever.
    requests: u64,
}

/// The file, and how far it has come.
struct Writer {
    log: Log,
    /// How many requests' lines are in the file.
    requests: u64,
    /// Takes turns with `State::unwritten`, so that neither is allocated again.
    lines: Vec<u8>,
}

/// See the module.
pub(super) struct Engine {
    state: Mutex<State>,
    writer: Mutex<Writer>,
    clock: Clock,
}

impl Engine {
    /// Opens the log and reads the book from it.
    ///
    /// # Errors
    /// [`SandboxError`] when the log cannot be used.
    pub(super) fn open(options: &SandboxOptions) -> Result<Engine, SandboxError> {
        let mut state = State::default();
        let log = Log::open(&options.log, |line| state.book.apply(line))?;
        let writer = Writer { log, requests: 0, lines: Vec::new() };
        let clock = options.clock.clone();
        Ok(Engine { state: Mutex::new(state), writer: Mutex::new(writer), clock })
    }

    /// Carries `request` out; its line is in the file before this returns.
    ///
    /// # Errors
    /// [`SandboxError::LogUnusable`] when it cannot be written: the request must then stay
    /// without an answer.
    pub(super) async fn execute(
        &self,
        key: &str,
        request: Request,
    ) -> Result<Decision, SandboxError> {
        if !key_is_sendable(key) {
            let outcome = CallResult::NotExecuted(UNSENDABLE_KEY.into());
            return Ok(Decision { handling: Handling::Asked, outcome });
        }
        let (decision, number) = self.decide(key, request)?;
        // Requests that have arrived by now leave their lines too, and one write serves all.
        tokio::task::yield_now().await;
        self.write_through(number)?;
        Ok(decision)
    }

    /// Decides and remembers; tells the number of the request among all.
    fn decide(&self, key: &str, mut request: Request) -> Result<(Decision, u64), SandboxError> {
        let mut state = lock(&self.state);
        state.book.complete(key, &mut request);
        let decision = state.book.decide(key, &request);
        let dispute = dispute_of(&request, &decision);
        let line = LogLine {
            at: (self.clock)(),
            key: key.to_owned(),
            request,
            handling: decision.handling,
            outcome: decision.outcome.clone(),
        };
        let dispute = dispute.map(|request| LogLine { request, ..line.clone() });
        for line in std::iter::once(line).chain(dispute) {
            state.remember(line)?;
        }
        state.requests += 1;
        Ok((decision, state.requests))
    }

    /// Writes every line up to that of request `number`, unless somebody has done so already.
    fn write_through(&self, number: u64) -> Result<(), SandboxError> {
        let mut writer = lock(&self.writer);
        if writer.requests >= number {
            return Ok(());
        }
        let Writer { log, requests, lines } = &mut *writer;
        let written = {
            let mut state = lock(&self.state);
            std::mem::swap(lines, &mut state.unwritten);
            state.requests
        };
        log.write(lines)?;
        lines.clear();
        *requests = written;
        Ok(())
    }

    /// Now, by the clock of the sandbox.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Where the log is.
    pub(super) fn log_path(&self) -> PathBuf {
        lock(&self.writer).log.path().to_owned()
    }
}

impl State {
    fn remember(&mut self, line: LogLine) -> Result<(), SandboxError> {
        serde_json::to_writer(&mut self.unwritten, &line).map_err(SandboxError::LineUnwritable)?;
        self.unwritten.push(b'\n');
        self.book.apply(line);
        Ok(())
    }
}

/// The dispute that follows a charge of the card for it.
fn dispute_of(request: &Request, decision: &Decision) -> Option<Request> {
    let card = request.card.as_ref()?;
    let disputed = card.behaviour == Behaviour::Dispute
        && request.operation == Operation::Sale
        && decision.handling.changes_book();
    disputed.then(|| Request { operation: Operation::Dispute, ..request.clone() })
}

/// What may be written down of a card.
pub(super) fn facts_of(card: &Card) -> CardFacts {
    CardFacts { mask: card.number().mask(), behaviour: Behaviour::of(card.number()) }
}

/// Whether a key can stand in the path of a URL as it is.
pub(super) fn key_is_sendable(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(plain)
}

/// A lock whose holder panicked is taken all the same: lines are remembered one by one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
