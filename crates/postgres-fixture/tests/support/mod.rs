//! A client, and looks at what a server leaves.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use postgres_fixture::FixtureError;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::{NoTls, SimpleQueryMessage};

const LIMIT: Duration = Duration::from_secs(20);

/// What was started, or `None` with a line on why the test is skipped.
pub(crate) fn started<T>(outcome: Result<T, FixtureError>) -> Option<T> {
    match outcome {
        Err(FixtureError::Missing) => {
            skipped();
            None
        }
        other => Some(other.unwrap()),
    }
}

/// Says that a test proves nothing here.
pub(crate) fn skipped() {
    println!("skipped: {}", FixtureError::Missing);
}

/// One connection of an ordinary driver.
pub(crate) struct Client {
    runtime: Runtime,
    client: tokio_postgres::Client,
}

impl Client {
    pub(crate) fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let connected = runtime
            .block_on(async { timeout(LIMIT, tokio_postgres::connect(url, NoTls)).await.unwrap() });
        let (client, connection) = connected?;
        runtime.spawn(connection);
        Ok(Client { runtime, client })
    }

    /// The first column of the first row.
    pub(crate) fn ask(&mut self, statement: &str) -> Result<String, tokio_postgres::Error> {
        self.ask_within(statement, LIMIT).expect("an answer in time")
    }

    /// `None` if there is no answer in time.
    pub(crate) fn ask_within(
        &mut self,
        statement: &str,
        limit: Duration,
    ) -> Option<Result<String, tokio_postgres::Error>> {
        let asked = async { timeout(limit, self.client.simple_query(statement)).await };
        let answer = self.runtime.block_on(asked).ok()?;
        Some(answer.map(|messages| {
            let mut rows = messages.iter().filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            });
            rows.next().unwrap_or_default().to_owned()
        }))
    }
}

/// The first byte a server says to somebody who asks for TLS.
pub(crate) fn answer_to_tls_request(port: u16) -> u8 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
    let mut answer = [0];
    stream.read_exact(&mut answer).unwrap();
    answer[0]
}

/// The folders of the server with this port: its socket is in there.
pub(crate) fn folders(port: u16) -> Vec<PathBuf> {
    let entries = fs::read_dir(std::env::temp_dir()).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.join(format!(".s.PGSQL.{port}")).exists()).collect()
}

/// Whether neither a listener, nor a folder, nor a process that names it is there.
pub(crate) fn is_gone(port: u16, folder: &Path) -> bool {
    let listens = TcpStream::connect(("127.0.0.1", port)).is_ok();
    let name = folder.file_name().unwrap().to_str().unwrap();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut commands = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let runs = commands.any(|command| String::from_utf8_lossy(&command).contains(name));
    !listens && !folder.exists() && !runs
}

pub(crate) fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    const NAP: Duration = Duration::from_millis(50);
    (0..limit.as_millis() / NAP.as_millis()).any(|_| {
        std::thread::sleep(NAP);
        holds()
    })
}

/// This test program once more, with a shared server, and the server's port.
pub(crate) fn program_with_shared_server() -> Option<(Child, u16)> {
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_program_to_be_killed", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(program.stdout.take().unwrap()).lines().map_while(Result::ok);
    let told = lines.into_iter().find_map(|line| {
        let (_, port) = line.split_once("port=")?;
        port.split_once('.')?.0.parse().ok()
    });
    match told {
        Some(port) if port != 0 => Some((program, port)),
        _ => {
            program.kill().unwrap();
            program.wait().unwrap();
            skipped();
            None
        }
    }
}
