//! Packages that clubs sell in three payments, cut by crashes. The log of the gateway, a process of
//! its own, is the judge.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use domain::ids::SaleId;
use domain::sale::sale_of_key;
use gateway::sandbox::{Handling, LogLine, Operation, read_log};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::exchange::{Answer, send, try_send};
use crate::program::{Program, guichet, until};

const CATALOGUE: &str = r#"
[[chain]]
slug = "fit"
name = "Fit"

[[store]]
slug = "north"
chain = "fit"
name = "North"
currency = "EUR"

[[package]]
slug = "three"
chain = "fit"
name = "Three"
price = "3.00"
currency = "EUR"

[[package.plan]]
slug = "once"
name = "At once"
default = true
"#;

/// What a package costs, in cents.
const PRICE: i64 = 300;

/// How many sales are under way in each wave, and the pause between their beginnings: shorter than
/// a call takes, so that a kill meets each of them at another step.
const SALES_EACH: usize = 16;
const PAUSE: Duration = Duration::from_millis(25);

/// After how many captures of a wave the program is killed: at the first one most sales have not
/// come so far, at the last most are through.
const KILLS_AT: [usize; 3] = [1, 12, 28];

const GIFT_CARD: &str = "6006490000001234";
const CARDS: [&str; 2] = ["4741520000000003", "4242424242424242"];

/// So quick to be asked again that the test is.
const PACE: [&str; 6] =
    ["--gateway-send-within-ms", "1000", "--gateway-deadline-ms", "500", "--job-pause-ms", "100"];

/// An installation, its gateway, and a member with three cards on file.
struct Club {
    folder: TempDir,
    sandbox: Program,
    key: String,
    imported: String,
    /// What each sale sends.
    sale: Value,
    member: u64,
}

impl Club {
    fn open() -> Club {
        let folder = tempfile::tempdir().unwrap();
        let (file, gateway) = (folder.path().join("catalogue.toml"), folder.path().join("gateway"));
        fs::write(&file, CATALOGUE).unwrap();
        let slow = ["sandbox", "--delay-ms", "30"];
        let sandbox = Program::start("sandbox", folder.path(), &gateway, &slow);
        let (key, imported) = (String::new(), String::new());
        let mut club = Club { folder, sandbox, key, imported, sale: Value::Null, member: 0 };
        club.imported = club.run(&["catalogue", "import", file.to_str().unwrap()]);
        let new = ["key", "create", "--name", "till", "--role", "Club", "--chain", "fit"];
        club.key = club.run(&new).lines().last().unwrap().trim().to_owned();
        club
    }

    /// Signs a member up and puts a gift card and two cards on file; the last one is preferred.
    fn sign_up(&mut self, program: &Program) {
        let money = json!({ "amount": 100_000, "currency": "EUR" });
        let gift = json!({ "ending": "1234", "money": money }).to_string();
        let answer = send(self.sandbox.address, "POST", "/v1/gift-cards", &[], gift.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        let store = self.number("store north");
        let new = json!({ "Name": "Anna Gestsdóttir", "StoreId": store });
        let told = self.post(program, "/members", &new).json();
        self.member = told["Member"]["MemberId"].as_u64().unwrap();
        let tokens = [GIFT_CARD, CARDS[0], CARDS[1]].map(|number| self.keep(program, number));
        self.sale = json!({
            "MemberId": self.member, "StoreId": store, "PaymentAmount": 3.00,
            "PackageId": self.number("package three"),
            "PaymentMethods": [
                { "AcctToken": tokens[0], "PaymentAmount": "1.00" },
                { "AcctToken": tokens[1], "PaymentAmount": "1.00" },
                { "UsePreferred": true },
            ],
        });
    }

    /// The `AcctToken` of a card that is put on file.
    fn keep(&self, program: &Program, number: &str) -> Value {
        let card = json!({
            "MemberId": self.member, "CardNumber": number,
            "ExpMonth": "12", "ExpYear": "2036", "Cvc": "123",
        });
        let vaulted = self.post(program, "/sales/paymentprofile/vault", &card).json();
        let import = json!({ "ProfileToken": vaulted["ProfileToken"] });
        let told = self.post(program, "/sales/paymentprofile/import", &import).json();
        told["PaymentProfile"]["AcctToken"].clone()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = guichet(arguments, &self.data());
        let told =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        assert!(output.status.success(), "{told:?}");
        told[0].clone()
    }

    fn serve(&self, name: &str) -> Program {
        let url = format!("http://{}", self.sandbox.address);
        let serve = [&["serve", "--gateway-url", &url][..], &PACE].concat();
        Program::start(name, self.folder.path(), &self.data(), &serve)
    }

    fn number(&self, item: &str) -> u32 {
        let line = self.imported.lines().find_map(|line| line.strip_prefix(item));
        line.unwrap().trim().parse().unwrap()
    }

    fn headers(&self) -> [(&str, &str); 3] {
        let json = "application/json";
        [("X-Api-Key", &self.key), ("Content-Type", json), ("Accept", json)]
    }

    fn post(&self, program: &Program, path: &str, body: &Value) -> Answer {
        let (path, body) = (format!("/clubs{path}"), body.to_string());
        let answer = send(program.address, "POST", &path, &self.headers(), body.as_bytes());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer
    }

    /// How many contracts stand at each status.
    fn contracts(&self, program: &Program) -> BTreeMap<String, usize> {
        let path = format!("/clubs/sales/member/{}/contracts", self.member);
        let told = send(program.address, "GET", &path, &self.headers(), b"").json();
        let mut found = BTreeMap::new();
        for contract in told["Contracts"].as_array().unwrap() {
            *found.entry(contract["Status"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        found
    }

    fn log(&self) -> Vec<LogLine> {
        read_log(&self.folder.path().join("gateway/sandbox.log")).unwrap()
    }

    /// Begins many sales, one after the other, and kills the program under them after so many more
    /// captures. What the clients are told does not count here.
    fn sell_and_kill(&self, program: Program, kill_at: usize) {
        let captures = || self.log().iter().filter(|line| is_capture(line)).count();
        let (address, before) = (program.address, captures());
        let sale = self.sale.to_string();
        thread::scope(|scope| {
            for _ in 0..SALES_EACH {
                let body = sale.as_bytes();
                let path = "/clubs/sales/contract/sold";
                scope.spawn(move || try_send(address, "POST", path, &self.headers(), body));
                thread::sleep(PAUSE);
            }
            until("some captures", || (captures() >= before + kill_at).then_some(()));
            program.kill();
        });
    }
}

fn is_capture(line: &LogLine) -> bool {
    line.request.operation == Operation::Capture && line.moved() > 0
}

/// What a sale took in the end and what it still keeps reserved, in cents.
#[derive(Default)]
struct Taken {
    taken: i64,
    reserved: i64,
}

/// The same for every sale that reached the gateway. Proves that every charge was asked for once.
fn judge(log: &[LogLine]) -> BTreeMap<SaleId, Taken> {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sales: BTreeMap<SaleId, Taken> = BTreeMap::new();
    for line in log {
        let Some((_, sale)) = sale_of_key(&line.key) else { continue };
        let sale = sales.entry(sale).or_default();
        let moved = line.moved();
        match line.request.operation {
            Operation::Sale => sale.taken += moved,
            Operation::Authorize => sale.reserved += moved,
            Operation::Capture => {
                sale.taken += moved;
                sale.reserved -= moved;
            }
            Operation::Void => sale.reserved -= moved,
            Operation::Refund => sale.taken -= moved.abs(),
            _ => continue,
        }
        if matches!(line.request.operation, Operation::Sale | Operation::Authorize) {
            *asked.entry(&line.key).or_default() += 1;
        }
    }
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "asked for more than once: {twice:?}");
    sales
}

#[test]
fn a_crash_in_the_middle_takes_the_price_or_nothing() {
    // Proves that sales in three payments, killed at every step, each end with the whole price and
    // an active contract, or with nothing taken and none; that nothing stays reserved, no charge is
    // asked for twice, and the books add up.
    let mut club = Club::open();
    let mut program = club.serve("first");
    club.sign_up(&program);
    for (wave, kill_at) in KILLS_AT.into_iter().enumerate() {
        club.sell_and_kill(program, kill_at);
        program = club.serve(&format!("after kill {wave}"));
    }
    until("every sale to be settled", || {
        let is_draft = club.contracts(&program).contains_key("Draft");
        let reserved: i64 = judge(&club.log()).values().map(|sale| sale.reserved).sum();
        (!is_draft && reserved == 0).then_some(())
    });
    let contracts = club.contracts(&program);
    program.terminate();
    assert!(program.wait().success());

    let sales = judge(&club.log());
    let whole = sales.values().filter(|sale| sale.taken == PRICE).count();
    assert!(sales.values().all(|sale| sale.taken == PRICE || sale.taken == 0));
    assert_eq!(contracts.get("Active").copied().unwrap_or_default(), whole, "{contracts:?}");
    // Nobody asks about a call whose answer came: these are the ones that the kills met.
    let met = club.log().iter().filter(|line| line.handling == Handling::Asked).count();
    assert!(whole > 0 && met >= KILLS_AT.len(), "{met} were cut in the middle: {contracts:?}");
    let said = club.run(&["check"]);
    assert!(said.contains("0 payments open") && said.ends_with("all is well\n"), "{said}");
}
