//! A server: its folder, its port and its life.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::programs::Programs;
use crate::settings::{self, Options};
use crate::watcher::Watcher;
use crate::{FixtureError, postmaster, sql, wait};

/// The database every server has, and its user.
const DATABASE: &str = "guichet";
/// The database from which others are made.
const MAINTENANCE: &str = "postgres";
/// Somebody else may take a port between our look and the server's.
const PORT_TRIES: usize = 5;
/// What the log says then.
const PORT_TAKEN: &str = "Address already in use";
const START_LIMIT: Duration = Duration::from_secs(60);
const PROGRAM_LIMIT: Duration = Duration::from_secs(120);
const LOG_LINES: usize = 20;

/// A running PostgreSQL server. Dropping it stops it and removes its folder.
pub struct Server {
    programs: Programs,
    options: Options,
    folder: TempDir,
    port: u16,
    process: Mutex<Option<Child>>,
    watcher: Watcher,
}

impl Server {
    /// Starts a fresh server with an empty database `guichet`. It accepts connections when this
    /// returns. Takes a second or two.
    ///
    /// # Errors
    ///
    /// [`FixtureError::Missing`] when there is no PostgreSQL, and whatever kept it from starting,
    /// with the end of its log.
    pub fn start(options: Options) -> Result<Server, FixtureError> {
        Server::create(options, |_| Ok(()))
    }

    /// As [`Server::start`], with files added to the folder before.
    pub(crate) fn create(
        options: Options,
        prepare: impl FnOnce(&mut Server) -> Result<(), FixtureError>,
    ) -> Result<Server, FixtureError> {
        let mut server = Server::prepared(options)?;
        server.initialise()?;
        prepare(&mut server)?;
        server.add("data/postgresql.conf", &settings::lines(&server.options))?;
        server.launch_somewhere()?;
        server.run(MAINTENANCE, &format!("CREATE DATABASE {DATABASE}"))?;
        Ok(server)
    }

    /// A folder with a watcher, and nothing in it.
    pub(crate) fn prepared(options: Options) -> Result<Server, FixtureError> {
        let programs = Programs::find()?;
        let folder = tempfile::Builder::new().prefix("guichet-postgres-").tempdir();
        let folder = folder.map_err(FixtureError::system("make a temporary folder"))?;
        let watcher = Watcher::start(folder.path())?;
        programs.account().give(folder.path())?;
        Ok(Server { programs, options, folder, port: 0, process: Mutex::default(), watcher })
    }

    fn initialise(&self) -> Result<(), FixtureError> {
        let mut initdb = self.programs.command("initdb");
        initdb.args(["--username", "guichet", "--auth", "trust", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--no-locale", "--pgdata"]).arg(self.path("data"));
        self.finish("initdb", &mut initdb)?;
        self.write("data/pg_hba.conf", settings::ACCESS)
    }

    /// Runs a program of PostgreSQL to its end.
    pub(crate) fn finish(
        &self,
        program: &'static str,
        command: &mut Command,
    ) -> Result<(), FixtureError> {
        let mut child = self.spawn(program, command)?;
        self.watcher.tell(Some(child.id()))?;
        let status = wait::end(&mut child, PROGRAM_LIMIT);
        if status.is_none() {
            postmaster::kill(child);
        }
        self.watcher.tell(None)?;
        let succeeded = status.is_some_and(|status| status.success());
        let failed = || FixtureError::Program { program, output: self.log() };
        if succeeded { Ok(()) } else { Err(failed()) }
    }

    /// All programs write to one log; each leads a process group of its own, out of reach of the
    /// keyboard, so that the watcher ends it in order.
    fn spawn(&self, program: &str, command: &mut Command) -> Result<Child, FixtureError> {
        let log = self.opened("log")?;
        let copy = log.try_clone().map_err(FixtureError::system("open the log"))?;
        command.current_dir(self.folder.path()).process_group(0);
        command.stdin(Stdio::null()).stdout(log).stderr(copy);
        command.spawn().map_err(FixtureError::system(format!("start {program}")))
    }

    /// Starts the server on a free port.
    pub(crate) fn launch_somewhere(&mut self) -> Result<(), FixtureError> {
        let mut outcome = Ok(());
        for _ in 0..PORT_TRIES {
            self.port = free_port()?;
            outcome = self.launch();
            match &outcome {
                Err(FixtureError::Start { log }) if log.contains(PORT_TAKEN) => {}
                _ => break,
            }
        }
        outcome
    }

    fn launch(&self) -> Result<(), FixtureError> {
        let mut command = self.programs.command("postgres");
        command.arg("-D").arg(self.path("data")).args(["-p", &self.port.to_string()]);
        command.arg("-k").arg(self.folder.path());
        let mut child = self.spawn("postgres", &mut command)?;
        self.watcher.tell(Some(child.id()))?;
        let accepts = || sql::run(self.port, MAINTENANCE, "SELECT 1").is_ok().then_some(true);
        let died = |child: &mut Child| child.try_wait().ok().flatten().map(|_| false);
        let started = wait::until(START_LIMIT, || died(&mut child).or_else(accepts));
        if started == Some(true) {
            *self.process() = Some(child);
            return Ok(());
        }
        postmaster::kill(child);
        self.watcher.tell(None)?;
        Err(FixtureError::Start { log: self.log() })
    }

    /// Kills every process of the server at once, and nothing is written any more. A server that
    /// is dead already stays dead.
    pub fn kill(&self) {
        if let Some(child) = self.process().take() {
            postmaster::kill(child);
            let _watcher_gone = self.watcher.tell(None);
        }
    }

    /// Stops every process where it is: connections stay open and nothing answers.
    pub fn pause(&self) {
        self.process().iter().for_each(postmaster::pause);
    }

    /// Lets a paused server go on.
    pub fn resume(&self) {
        self.process().iter().for_each(postmaster::resume);
    }

    /// Starts it again with the same data on the same port, killing it first if it still runs.
    ///
    /// # Errors
    ///
    /// Whatever kept it from starting.
    pub fn restart(&self) -> Result<(), FixtureError> {
        self.kill();
        self.launch()
    }

    /// How to connect: `postgres://guichet@127.0.0.1:PORT/guichet`.
    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The port on 127.0.0.1, the same for the server's whole life.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes one more empty database, so that many tests can use one server. Gives its URL.
    ///
    /// # Errors
    ///
    /// [`FixtureError::Name`] unless the name is 1 to 63 small letters, digits and `_`;
    /// [`FixtureError::Statement`] if there is one of that name or the server does not answer.
    pub fn create_database(&self, name: &str) -> Result<String, FixtureError> {
        let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !(1..=63).contains(&name.len()) || !name.bytes().all(fits) {
            return Err(FixtureError::Name(name.to_owned()));
        }
        self.run(MAINTENANCE, &format!("CREATE DATABASE \"{name}\""))?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://guichet@127.0.0.1:{}/{database}", self.port)
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    pub(crate) fn programs(&self) -> &Programs {
        &self.programs
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a statement; gives the first column of its last row.
    pub(crate) fn run(
        &self,
        database: &str,
        statement: &str,
    ) -> Result<Option<String>, FixtureError> {
        sql::run(self.port, database, statement)
    }

    /// Runs a statement in the database `postgres`.
    pub(crate) fn manage(&self, statement: &str) -> Result<Option<String>, FixtureError> {
        self.run(MAINTENANCE, statement)
    }

    /// Writes a file that belongs to the server's account.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), FixtureError> {
        let path = self.path(name);
        fs::write(&path, text).map_err(FixtureError::system(format!("write {name}")))?;
        self.programs.account().give(&path)
    }

    /// Adds lines to a file.
    pub(crate) fn add(&self, name: &str, lines: &str) -> Result<(), FixtureError> {
        let written = self.opened(name)?.write_all(lines.as_bytes());
        written.map_err(FixtureError::system(format!("write {name}")))
    }

    fn opened(&self, name: &str) -> Result<File, FixtureError> {
        let opened = OpenOptions::new().create(true).append(true).open(self.path(name));
        opened.map_err(FixtureError::system(format!("open {name}")))
    }

    /// The last lines of the log.
    fn log(&self) -> String {
        let text = fs::read(self.path("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }

    fn process(&self) -> MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let process = self.process.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.watcher.finish(process.as_mut());
    }
}

fn free_port() -> Result<u16, FixtureError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    Ok(address.map_err(FixtureError::system("find a free port"))?.port())
}
