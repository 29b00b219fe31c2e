//! One connection, used by one thread: statements are prepared once, sent together and awaited
//! together, and no wait is without limit.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use futures_util::future::{join_all, poll_fn};
use rustc_hash::FxHashMap;
use tokio::runtime::Runtime;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::Severity;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Error, Row, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::{engine_error, is_duplicate, shown};
use super::settings::Settings;
use super::tls;
use crate::engine::EngineError;
use crate::error::OpenError;

/// How long any answer may take. Longer than the server's own limits, so that it is the server
/// who gives up, unless it is frozen or out of reach.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// How long the server works on one statement of a lane; longer than it waits for a lock.
const STATEMENT_TIMEOUT_MS: u32 = 15_000;

/// How long a lane waits for a lock; longer than a silent holder is allowed to keep it.
const LOCK_TIMEOUT_MS: u32 = 7_000;

/// How long the server waits for the next statement of an open transaction. A lane sends it
/// within milliseconds, or it is frozen or gone and must not keep its locks.
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 5_000;

/// How long an ordinary question of a reader may take.
pub(super) const QUESTION_TIMEOUT_MS: u32 = 2_000;

/// How long a question of a check may take; between two of them the reader computes.
pub(super) const PATIENT_TIMEOUT_MS: u32 = 15_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs batches.
    Lane,
    /// Answers questions.
    Reader,
    /// Migrates, and keeps the register of nodes.
    Keeper,
}

impl Role {
    /// What every connection of this role is told before it is used.
    ///
    /// A lane finds every row by its key. It is told to plan so whatever the statistics of a
    /// young or much changed table say, and to plan once.
    fn session(self) -> String {
        let (statement_ms, idle_ms, plans) = match self {
            Role::Lane => {
                (STATEMENT_TIMEOUT_MS, IDLE_IN_TRANSACTION_TIMEOUT_MS, "force_generic_plan")
            }
            Role::Reader => (QUESTION_TIMEOUT_MS, PATIENT_TIMEOUT_MS, "auto"),
            Role::Keeper => (STATEMENT_TIMEOUT_MS, IDLE_IN_TRANSACTION_TIMEOUT_MS, "auto"),
        };
        let scans = if self == Role::Lane { "off" } else { "on" };
        format!(
            "SET default_transaction_isolation = 'read committed';
             SET statement_timeout = {statement_ms};
             SET lock_timeout = {LOCK_TIMEOUT_MS};
             SET idle_in_transaction_session_timeout = {idle_ms};
             SET plan_cache_mode = {plans};
             SET enable_seqscan = {scans};
             SET enable_hashjoin = {scans};
             SET enable_mergejoin = {scans};
             SET jit = off;"
        )
    }
}

/// One value for a statement.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// One statement with its values.
pub(super) struct Call {
    pub(super) sql: &'static str,
    pub(super) params: Vec<Param>,
    /// What its success means.
    pub(super) expected: Expected,
}

/// What must become of a statement.
pub(super) enum Expected {
    /// Anything but an error.
    Anything,
    /// So many rows, or this error.
    Rows(u64, EngineError),
    /// New rows; a duplicate means that somebody else was faster, and the batch runs again.
    FirstComer,
}

impl Call {
    /// A statement whose success is success.
    pub(super) fn new(sql: &'static str, params: Vec<Param>) -> Call {
        Call { sql, params, expected: Expected::Anything }
    }

    /// The same, with an expectation.
    pub(super) fn expecting(self, expected: Expected) -> Call {
        Call { expected, ..self }
    }

    fn judge(&self, result: Result<Answer, Error>) -> Result<Answer, EngineError> {
        match (result, &self.expected) {
            (Err(error), Expected::FirstComer) if is_duplicate(&error) => {
                Err(EngineError::Conflict(shown(&error)))
            }
            (Err(error), _) => Err(engine_error(&error)),
            (Ok(answer), Expected::Rows(count, otherwise)) if answer.affected != *count => {
                Err(otherwise.clone())
            }
            (Ok(answer), _) => Ok(answer),
        }
    }
}

/// What a statement gave.
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}

/// A connection with the loop that drives it, both turned by whoever waits for an answer.
pub(super) struct Connection {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    prepared: FxHashMap<&'static str, Statement>,
    /// Whether the server has warned of anything since this was last looked at.
    warned: Arc<AtomicBool>,
}

impl Connection {
    /// Connects to the host that accepts writes, settles and verifies the session.
    pub(super) fn open(settings: &Settings, role: Role) -> Result<Connection, OpenError> {
        let config = settings.config()?;
        let tls = tls::connector(config.get_ssl_mode(), settings.root_certificate.as_deref())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|source| OpenError::Io { path: "runtime of a connection".into(), source })?;
        let hosts = u32::try_from(config.get_hosts().len()).unwrap_or(u32::MAX);
        let within = config.get_connect_timeout().copied().unwrap_or(ANSWER_WITHIN);
        let within = within.saturating_mul(2).saturating_mul(hosts).min(ANSWER_WITHIN);
        let encrypted = config.get_ssl_mode() != SslMode::Disable;
        let connected =
            runtime.block_on(async { tokio::time::timeout(within, connect(&config, tls)).await });
        let (client, warned) = match connected {
            Ok(Ok(connected)) => connected,
            Ok(Err(error)) => return Err(OpenError::Database(hinted(&error, encrypted))),
            Err(_) => return Err(OpenError::Database("it does not answer in time".to_owned())),
        };
        let prepared = FxHashMap::default();
        let mut connection = Connection { runtime: Some(runtime), client, prepared, warned };
        connection.settle(role)?;
        Ok(connection)
    }

    fn settle(&mut self, role: Role) -> Result<(), OpenError> {
        self.simple(&role.session()).map_err(|error| OpenError::Database(error.to_string()))?;
        for (name, accepted) in VERIFIED {
            let sql = "SELECT current_setting($1::text)";
            let answer = self.ask(Call::new(sql, vec![Box::new(*name)]));
            let rows = answer.map_err(|error| OpenError::Database(error.to_string()))?;
            let value: String = rows.first().map_or_else(String::new, |row| row.get(0));
            if !accepted.contains(&value.as_str()) {
                let (wanted, place) = (accepted.join(" or "), "set it for this database");
                return Err(OpenError::Setting(format!(
                    "{name} = {wanted} (it says {value}; {place})"
                )));
            }
        }
        Ok(())
    }

    /// Runs a text of statements without values.
    pub(super) fn simple(&mut self, sql: &str) -> Result<(), EngineError> {
        let runtime = self.runtime.as_ref().ok_or_else(gone)?;
        let done = runtime.block_on(async {
            tokio::time::timeout(ANSWER_WITHIN, self.client.batch_execute(sql)).await
        });
        done.map_err(|_| late())?.map_err(|error| engine_error(&error))
    }

    /// Runs one statement; gives its rows.
    pub(super) fn ask(&mut self, call: Call) -> Result<Vec<Row>, EngineError> {
        let mut answers = self.run(None, &[call])?;
        Ok(answers.pop().map_or_else(Vec::new, |answer| answer.rows))
    }

    /// Sends all statements, `before` first, and then waits for their answers, which come in the
    /// same order. The first that fails decides what is told.
    pub(super) fn run(
        &mut self,
        before: Option<&str>,
        calls: &[Call],
    ) -> Result<Vec<Answer>, EngineError> {
        let Connection { runtime, client, prepared, .. } = self;
        let runtime = runtime.as_ref().ok_or_else(gone)?;
        let work = async {
            prepare(client, prepared, calls).await?;
            let first = async {
                match before {
                    Some(sql) => client.batch_execute(sql).await,
                    None => Ok(()),
                }
            };
            let rest = join_all(calls.iter().map(|call| send(client, &prepared[call.sql], call)));
            let (first, answers) = futures_util::future::join(first, rest).await;
            first.map_err(|error| engine_error(&error))?;
            calls.iter().zip(answers).map(|(call, answer)| call.judge(answer)).collect()
        };
        let answers = runtime.block_on(async { tokio::time::timeout(ANSWER_WITHIN, work).await });
        answers.map_err(|_| late())?
    }

    /// Whether the server has warned of anything since this was last asked.
    pub(super) fn take_warning(&mut self) -> bool {
        self.warned.swap(false, Relaxed)
    }
}

impl Drop for Connection {
    /// In the background: a connection may be dropped where nobody may wait.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What durability and the rules rest on, read back from the server on each connection.
const VERIFIED: &[(&str, &[&str])] = &[
    ("transaction_isolation", &["read committed"]),
    ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
    ("fsync", &["on"]),
];

fn late() -> EngineError {
    EngineError::Lost("the database does not answer in time".to_owned())
}

fn gone() -> EngineError {
    EngineError::Lost("the connection is closed".to_owned())
}

/// Encryption is the commonest reason for a first connection to fail.
fn hinted(error: &Error, encrypted: bool) -> String {
    let text = shown(error);
    let hint = "; if the network is trusted, sslmode=disable in the URL goes without encryption";
    if encrypted && text.contains("TLS") { format!("{text}{hint}") } else { text }
}

async fn connect(
    config: &tokio_postgres::Config,
    tls: MakeRustlsConnect,
) -> Result<(Client, Arc<AtomicBool>), Error> {
    let (client, mut connection): (Client, tokio_postgres::Connection<Socket, _>) =
        config.connect(tls).await?;
    let warned = Arc::<AtomicBool>::default();
    let told = Arc::clone(&warned);
    tokio::spawn(async move {
        // Ends with the connection, whose error every waiting answer gets.
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message
                && notice.parsed_severity() == Some(Severity::Warning)
            {
                tracing::warn!(code = notice.code().code(), "PostgreSQL: {}", notice.message());
                told.store(true, Relaxed);
            }
        }
    });
    Ok((client, warned))
}

async fn prepare(
    client: &Client,
    prepared: &mut FxHashMap<&'static str, Statement>,
    calls: &[Call],
) -> Result<(), EngineError> {
    for call in calls {
        if !prepared.contains_key(call.sql) {
            let statement = client.prepare(call.sql).await;
            let statement = statement.map_err(|error| engine_error(&error))?;
            #[cfg(feature = "testing")]
            super::seen::note(call.sql);
            prepared.insert(call.sql, statement);
        }
    }
    Ok(())
}

async fn send(client: &Client, statement: &Statement, call: &Call) -> Result<Answer, Error> {
    let params = call.params.iter().map(|param| &**param as &(dyn ToSql + Sync));
    let mut stream = pin!(client.query_raw(statement, params).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Answer { rows, affected: stream.rows_affected().unwrap_or(0) })
}
