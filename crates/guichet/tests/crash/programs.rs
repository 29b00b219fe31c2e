//! The programs under test: where their facts lie, and how they are started.

use std::fs::{self, OpenOptions};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use bench::program::Program;
use domain::ids::SaleId;
use domain::sale::Sale;
use gateway::sandbox::read_log;
use store::{Options, Store, postgres};

use crate::evidence::Evidence;
use crate::shop::{CATALOGUE, Shop};

/// The gateway answers this late, so that most kills meet calls under way.
const GATEWAY_DELAY_MS: &str = "15";
/// Longer than the program waits: every charge is made, and found out about later.
const GATEWAY_SLOW_DELAY_MS: &str = "800";
/// Short, so that the janitor may look soon after a kill.
const SEND_WITHIN_MS: &str = "1000";
const DEADLINE_MS: &str = "500";
const JOB_PAUSE_MS: &str = "100";
const PAGE_ROWS: u32 = 500;

/// How soon the gateway answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GatewayPace {
    /// While the program still waits.
    Usual,
    /// When it no longer does.
    Slow,
}

/// Where everything lies: a folder, and a PostgreSQL database if it is not in the folder.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) database: Option<String>,
}

impl Place {
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// `guichet` with these arguments, at work here.
    pub(crate) fn guichet(&self, arguments: &[&str]) -> Command {
        let mut command = guichet(arguments);
        command.arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        command
    }

    /// Imports the catalogue and makes a key.
    pub(crate) fn prepare(&self) -> Shop {
        let catalogue = self.folder.join("catalogue.toml");
        fs::write(&catalogue, CATALOGUE).unwrap();
        let numbers = output(self.guichet(&["catalogue", "import"]).arg(catalogue));
        let key = ["key", "create", "--name", "crash test", "--role", "Admin"];
        let key = output(&mut self.guichet(&key));
        Shop::new(numbers, key.lines().last().unwrap().trim().to_owned())
    }

    pub(crate) fn start_sandbox(&self, pace: GatewayPace) -> Program {
        let delay_ms = match pace {
            GatewayPace::Usual => GATEWAY_DELAY_MS,
            GatewayPace::Slow => GATEWAY_SLOW_DELAY_MS,
        };
        let mut command = guichet(&["sandbox", "--listen", "127.0.0.1:0"]);
        command.args(["--delay-ms", delay_ms, "--data"]).arg(self.folder.join("sandbox"));
        Program::start("guichet sandbox", &mut command).unwrap()
    }

    /// Starts a node; `name` matters only to nodes that share a database.
    pub(crate) fn start_node(&self, name: &str, gateway: SocketAddr) -> Program {
        let log = self.folder.join("serve.log");
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let mut command = self.guichet(&["serve", "--listen", "127.0.0.1:0"]);
        command
            .args(["--node-name", name, "--log-level", "warn"])
            .args(["--gateway-url", &format!("http://{gateway}")])
            .args(["--gateway-send-within-ms", SEND_WITHIN_MS])
            .args(["--gateway-deadline-ms", DEADLINE_MS, "--job-pause-ms", JOB_PAUSE_MS])
            .stderr(log);
        Program::start("guichet serve", &mut command).unwrap()
    }

    /// What the database and the gateway's log say; no node may be at work on a folder's file.
    pub(crate) fn evidence(&self) -> Evidence {
        let check = self.guichet(&["check"]).output().unwrap();
        let log = read_log(&self.folder.join("sandbox/sandbox.log")).unwrap();
        let clean = check.status.success();
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        let complaint = (!clean).then(|| said + &String::from_utf8_lossy(&check.stderr));
        Evidence::new(&self.sales(), &log, complaint)
    }

    fn open(&self) -> Store {
        match &self.database {
            Some(url) => {
                Store::postgres(postgres::Settings::of(url, "judge"), Options::default()).unwrap()
            }
            None => Store::sqlite(&self.data().join("guichet.db"), Options::default()).unwrap(),
        }
    }

    /// Every sale in the database.
    fn sales(&self) -> Vec<Arc<Sale>> {
        let store = self.open();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut found: Vec<Arc<Sale>> = Vec::new();
            for shard in store.sellers().await.unwrap() {
                let mut after = SaleId(0);
                loop {
                    let page = store.sales(shard, after, PAGE_ROWS).await.unwrap();
                    let Some(last) = page.last() else { break };
                    after = last.id;
                    found.extend(page);
                }
            }
            store.close().await.unwrap();
            found
        })
    }
}

fn guichet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(arguments);
    command
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
