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
use tokio_postgres::{AsyncMessage, Client, Config, Error, Row, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address;
use super::call::{Answer, Call};
use super::failure::{engine_error, shown};
use super::load::column;
use super::session::{Role, SETTING, VERIFIED};
use super::settings::Settings;
use super::tls;
use crate::engine::EngineError;
use crate::error::OpenError;

/// How long any answer may take. Longer than the server's own limits, so that it is the server
/// who gives up, unless it is frozen or out of reach.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// How long one host may take until it has let us in.
const HOST_WITHIN: Duration = Duration::from_secs(6);

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
    /// Connects to the first host that accepts writes, settles and verifies the session.
    pub(super) fn open(settings: &Settings, role: Role) -> Result<Connection, OpenError> {
        let mut refusals = Vec::new();
        for host in settings.hosts()? {
            match Connection::open_host(settings, &host, role) {
                Err(OpenError::Database(refusal)) => {
                    let name = address::place(std::slice::from_ref(&host));
                    refusals.push(format!("{name}: {refusal}"));
                }
                opened => return opened,
            }
        }
        Err(OpenError::Database(refusals.join("; ")))
    }

    fn open_host(settings: &Settings, host: &Config, role: Role) -> Result<Connection, OpenError> {
        let tls = tls::connector(host.get_ssl_mode(), settings.root_certificate.as_deref())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|source| OpenError::Io { path: "runtime of a connection".into(), source })?;
        let connected =
            runtime.block_on(async { tokio::time::timeout(HOST_WITHIN, connect(host, tls)).await });
        let connected = connected.map_err(|_| OpenError::Database("it says nothing".to_owned()))?;
        let encrypted = host.get_ssl_mode() != SslMode::Disable;
        let refused = |error| OpenError::Database(hinted(&error, encrypted));
        let (client, warned) = connected.map_err(refused)?;
        let prepared = FxHashMap::default();
        let mut connection = Connection { runtime: Some(runtime), client, prepared, warned };
        connection.settle(role)?;
        Ok(connection)
    }

    fn settle(&mut self, role: Role) -> Result<(), OpenError> {
        self.simple(&role.session())?;
        let ask = |(name, _): &(&'static str, _)| Call::new(SETTING, vec![Box::new(*name)]);
        let calls: Vec<Call> = VERIFIED.iter().map(ask).collect();
        for ((name, accepted), answer) in VERIFIED.iter().zip(self.run(None, &calls)?) {
            let value: String =
                answer.rows.first().map_or(Ok(String::new()), |row| column(row, 0))?;
            if !accepted.contains(&value.as_str()) {
                let accepted = accepted.join(" or ");
                let wanted = format!("{name} = {accepted} (it says {value})");
                return Err(OpenError::Setting(wanted));
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

    /// Commits. The only warning there can be in a commit is that it no longer waits for its
    /// copy: it is stored here, and yet lost if this server is.
    ///
    /// # Errors
    /// [`EngineError::Unknown`] after that warning.
    pub(super) fn commit(&mut self) -> Result<(), EngineError> {
        self.take_warning();
        let committed = self.simple("COMMIT");
        if self.take_warning() {
            return Err(EngineError::Unknown(
                "the commit is stored, but no longer waits for its copy on another server; if \
                 this server is lost, so may the commit be"
                    .to_owned(),
            ));
        }
        committed
    }

    /// Whether the server has warned of anything since this was last asked.
    fn take_warning(&mut self) -> bool {
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
    config: &Config,
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
