//! The programs under test and everything around them.

use std::fs::{self, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, RwLock};

use bench::program::Program;
use domain::ids::SaleId;
use domain::sale::Sale;
use gateway::sandbox::read_log;
use serde_json::json;
use store::{Options, Store};
use tempfile::TempDir;

use crate::buyers::Taste;
use crate::evidence::Evidence;

const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla FC"
fee_basis_points = 500
[[ticket_type]]
slug = "adult"
organiser = "hekla"
name = "Adult"
price = "4000"
[[ticket_type]]
slug = "front"
organiser = "hekla"
name = "Front row"
price = "9000"
[[ticket_type]]
slug = "answer-lost"
organiser = "hekla"
name = "Charged without an answer"
price = "666"
[[ticket_type]]
slug = "nothing-done"
organiser = "hekla"
name = "Neither charged nor answered"
price = "667"
[[event]]
slug = "match"
organiser = "hekla"
name = "Hekla – Esja"
starts = "2037-05-02T19:15:00"
time_zone = "Atlantic/Reykjavik"
currency = "ISK"
capacity = 1000000
  [[event.price]]
  ticket_type = "adult"
  [[event.price]]
  ticket_type = "front"
  limit = 40
  [[event.price]]
  ticket_type = "answer-lost"
  [[event.price]]
  ticket_type = "nothing-done"
"#;

/// The gateway answers this late, so that most kills meet calls under way.
const GATEWAY_DELAY_MS: &str = "15";
/// Longer than the program waits: every charge is made, and found out about later.
const GATEWAY_SLOW_DELAY_MS: &str = "800";
/// Short, so that the janitor may look soon after a kill.
const SEND_WITHIN_MS: &str = "1000";
const DEADLINE_MS: &str = "500";
const JOB_PAUSE_MS: &str = "100";
const PAGE_ROWS: u32 = 500;

/// Where and how to order; shared by all buyers, and up to date after every restart.
#[derive(Clone)]
pub(crate) struct Shop {
    address: Arc<RwLock<SocketAddr>>,
    key: Arc<str>,
    numbers: Arc<str>,
}

impl Shop {
    pub(crate) fn address(&self) -> SocketAddr {
        *self.address.read().unwrap()
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The body of an order of one ticket.
    pub(crate) fn order(&self, taste: &Taste, tag: &str) -> String {
        let ticket_type = self.number(&format!("ticket_type {}", taste.ticket_type));
        json!({
            "order": { "eventId": self.number("event match"), "paymentMethodId": "card" },
            "orderDetails": [{ "eventSeriesOwnerTicketType": ticket_type, "count": 1 }],
            "cardInfo": {
                "paymentMethod": {
                    "paymentType": "Card", "pan": taste.card,
                    "expYear": "2036", "expMonth": "12", "cvc": "123",
                },
                "amount": taste.price,
                "currency": "ISK",
            },
            "appMetaData": tag,
        })
        .to_string()
    }

    /// The number on the line `KIND SLUG NUMBER` of the import.
    fn number(&self, item: &str) -> u32 {
        let number =
            self.numbers.lines().find_map(|line| line.strip_prefix(item)?.trim().parse().ok());
        number.unwrap_or_else(|| panic!("the import told no number of {item}"))
    }
}

/// How soon the gateway answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GatewayPace {
    /// While the program still waits.
    Usual,
    /// When it no longer does.
    Slow,
}

/// A folder, the gateway, and the program that is killed.
pub(crate) struct Stage {
    folder: TempDir,
    sandbox: Option<(GatewayPace, Program)>,
    program: Option<Program>,
    shop: Shop,
}

impl Stage {
    /// Everything but the two programs; nobody answers yet.
    pub(crate) fn open() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let (numbers, key) = prepare(folder.path());
        let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let address = Arc::new(RwLock::new(nobody));
        let shop = Shop { address, key: key.into(), numbers: numbers.into() };
        Stage { folder, sandbox: None, program: None, shop }
    }

    pub(crate) fn shop(&self) -> Shop {
        self.shop.clone()
    }

    pub(crate) fn kill(&mut self) {
        self.program.take().unwrap().kill().unwrap();
    }

    pub(crate) fn start(&mut self, pace: GatewayPace) {
        let gateway = self.gateway(pace);
        let program = start_program(self.folder.path(), gateway);
        *self.shop.address.write().unwrap() = program.address();
        self.program = Some(program);
    }

    /// The gateway at this pace; one of another pace ends first and hands over its book.
    fn gateway(&mut self, pace: GatewayPace) -> SocketAddr {
        if let Some((_, other)) = self.sandbox.take_if(|(current, _)| *current != pace) {
            other.kill().unwrap();
        }
        let folder = self.folder.path();
        let (_, sandbox) = self.sandbox.get_or_insert_with(|| (pace, start_sandbox(folder, pace)));
        sandbox.address()
    }

    /// Ends the program as an operator would.
    pub(crate) fn stop(&mut self) {
        self.program.take().unwrap().stop().unwrap();
    }

    /// What the database and the gateway's log say; the program must have ended.
    pub(crate) fn evidence(&self) -> Evidence {
        let data = self.folder.path().join("data");
        let check = guichet(&["check"]).arg("--data").arg(&data).output().unwrap();
        let log = read_log(&self.folder.path().join("sandbox/sandbox.log")).unwrap();
        let clean = check.status.success();
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        let complaint = (!clean).then(|| said + &String::from_utf8_lossy(&check.stderr));
        Evidence::new(&sales(&data.join("guichet.db")), &log, complaint)
    }

    /// Leaves all files where a person can look at them.
    pub(crate) fn keep(self) -> PathBuf {
        self.folder.keep()
    }
}

fn guichet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(arguments);
    command
}

/// Imports the catalogue and makes a key; answers with the import's lines and the key.
fn prepare(folder: &Path) -> (String, String) {
    let (catalogue, data) = (folder.join("catalogue.toml"), folder.join("data"));
    fs::write(&catalogue, CATALOGUE).unwrap();
    let numbers = output(guichet(&["catalogue", "import"]).arg(catalogue).arg("--data").arg(&data));
    let key = ["key", "create", "--name", "crash test", "--role", "Admin", "--data"];
    let key = output(guichet(&key).arg(&data));
    (numbers, key.lines().last().unwrap().trim().to_owned())
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn start_sandbox(folder: &Path, pace: GatewayPace) -> Program {
    let delay_ms = match pace {
        GatewayPace::Usual => GATEWAY_DELAY_MS,
        GatewayPace::Slow => GATEWAY_SLOW_DELAY_MS,
    };
    let mut command = guichet(&["sandbox", "--listen", "127.0.0.1:0"]);
    command.args(["--delay-ms", delay_ms, "--data"]).arg(folder.join("sandbox"));
    Program::start("guichet sandbox", &mut command).unwrap()
}

fn start_program(folder: &Path, gateway: SocketAddr) -> Program {
    let log = OpenOptions::new().create(true).append(true).open(folder.join("serve.log")).unwrap();
    let mut command = guichet(&["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"]);
    command
        .args(["--gateway-url", &format!("http://{gateway}")])
        .args(["--gateway-send-within-ms", SEND_WITHIN_MS, "--gateway-deadline-ms", DEADLINE_MS])
        .args(["--job-pause-ms", JOB_PAUSE_MS, "--data"])
        .arg(folder.join("data"))
        .stderr(log);
    Program::start("guichet serve", &mut command).unwrap()
}

/// Every sale in the database.
fn sales(database: &Path) -> Vec<Arc<Sale>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = Store::sqlite(database, Options::default()).unwrap();
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
