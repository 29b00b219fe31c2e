//! The book and its log behind one door: decide, remember, write, and only then answer.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::agency::SubscriptionTold;
use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use domain::phone::PhoneNumber;
use domain::time::Timestamp;

use super::behaviour::{Behaviour, Payer};
use super::book::{Book, Decision};
use super::line::{CardFacts, Handling, LogLine, Operation, PhoneFacts, Request, WALLET_PROOF};
use super::log::Log;
use super::{Clock, SandboxError, SandboxOptions, token};
use crate::receipt::Receipt;
use crate::secret::{Card, Proof};

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
    fn decide(&self, key: &str, request: Request) -> Result<(Decision, u64), SandboxError> {
        let mut state = lock(&self.state);
        let now = (self.clock)();
        if let Some(answer) = state.book.payer_answer(key, now) {
            state.carry_out(key, answer, now)?;
        }
        let decision = state.carry_out(key, request, now)?;
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

    /// Begins an authentication; tells its name too.
    ///
    /// # Errors
    /// As [`Engine::execute`], and [`SandboxError::NoRandomness`].
    pub(super) async fn enrol(
        &self,
        key: &str,
        request: Request,
    ) -> Result<(Decision, String), SandboxError> {
        let made = token::make_handle()?;
        let request = Request { handle: Some(made.clone()), ..request };
        let decision = self.execute(key, request).await?;
        let known = lock(&self.state).book.handle_of(key).map(str::to_owned);
        Ok((decision, known.unwrap_or(made)))
    }

    /// Ends the authentication of this name, or asks what came of it.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub(super) async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&str>,
    ) -> Result<Decision, SandboxError> {
        let key = lock(&self.state).book.enrolment(handle).map(|(key, _)| key.to_owned());
        let Some(key) = key else {
            let outcome = CallResult::NotFound;
            return Ok(Decision { handling: Handling::Asked, outcome });
        };
        let operation = answer.map_or(Operation::Lookup, Operation::of_challenge_answer);
        self.execute(&key, Request::new(operation)).await
    }

    /// Opens a payment that its buyer finishes.
    ///
    /// # Errors
    /// As [`Engine::execute`], and [`SandboxError::NoRandomness`].
    pub(super) async fn open_payment(
        &self,
        key: &str,
        request: Request,
    ) -> Result<Decision, SandboxError> {
        let handle = Some(token::make_payment_handle()?);
        self.execute(key, Request { handle, ..request }).await
    }

    /// Pays the open payment of this name, whatever amount the request names.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub(super) async fn pay_open(
        &self,
        handle: &str,
        request: Request,
    ) -> Result<Decision, SandboxError> {
        let key = lock(&self.state).book.open_payment(handle).map(str::to_owned);
        let Some(key) = key else {
            let outcome = CallResult::NotExecuted("There is no open payment of this name.".into());
            return Ok(Decision { handling: Handling::Asked, outcome });
        };
        self.execute(&key, Request { money: None, ..request }).await
    }

    /// The secret of the open payment of this name, if there is one.
    pub(super) fn buyer_secret(&self, handle: &str) -> Option<String> {
        lock(&self.state).book.open_payment(handle).map(|_| token::buyer_secret_of(handle))
    }

    /// What is left on the gift card behind the token of this hash.
    pub(super) fn balance(&self, token: &str, currency: Currency) -> Option<Money> {
        lock(&self.state).book.balance(token, currency)
    }

    /// What may be shown of what came with this key.
    pub(super) fn receipt(&self, key: &str) -> Option<Receipt> {
        lock(&self.state).book.receipt(key)
    }

    /// Keeps, reads or ends a subscription, or takes its next period.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub(super) async fn subscription(
        &self,
        key: &str,
        request: Request,
    ) -> Result<(Decision, Option<SubscriptionTold>), SandboxError> {
        let decision = self.execute(key, request).await?;
        Ok((decision, lock(&self.state).book.subscription(key)))
    }

    /// The request that began the authentication of this name.
    pub(super) fn enrolment(&self, handle: &str) -> Option<Request> {
        lock(&self.state).book.enrolment(handle).map(|(_, request)| request.clone())
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
    /// Decides, remembers, and says what was decided.
    fn carry_out(
        &mut self,
        key: &str,
        mut request: Request,
        at: Timestamp,
    ) -> Result<Decision, SandboxError> {
        self.book.complete(key, &mut request);
        let decision = self.book.decide(key, &request);
        let dispute = dispute_of(&request, &decision);
        let (handling, outcome) = (decision.handling, decision.outcome.clone());
        let line = LogLine { at, key: key.to_owned(), request, handling, outcome };
        let dispute = dispute.map(|request| LogLine { request, ..line.clone() });
        for line in std::iter::once(line).chain(dispute) {
            self.remember(line)?;
        }
        Ok(decision)
    }

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
        && matches!(request.operation, Operation::Sale | Operation::PayOpen)
        && decision.handling.changes_book();
    disputed.then(|| Request { operation: Operation::Dispute, ..request.clone() })
}

/// What may be written down of a card.
pub(super) fn facts_of(card: &Card) -> CardFacts {
    CardFacts { mask: card.number().mask(), behaviour: Behaviour::of(card.number()) }
}

/// What may be written down of a telephone.
pub(super) fn phone_facts_of(phone: &PhoneNumber) -> PhoneFacts {
    let text = phone.text();
    PhoneFacts { mask: text[text.len() - 2..].to_owned(), payer: Payer::of(phone) }
}

/// What may be written down of a proof.
pub(super) fn proof_of(proof: &Proof) -> String {
    match proof {
        Proof::ThreeDSecure(token) => token::hash_of(token.expose()),
        Proof::Cryptogram(_) => WALLET_PROOF.to_owned(),
    }
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
