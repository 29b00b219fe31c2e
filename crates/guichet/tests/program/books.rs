//! The books for other programs, and settlements of gateways, over the season day of the tour.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use crate::program::{Program, guichet};

/// Minor units by seller, account and currency.
type Balances = BTreeMap<(String, String, String), i64>;

fn said(arguments: &[&str], data: &Path) -> String {
    let output = guichet(arguments, data);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn complaint(arguments: &[&str], data: &Path) -> String {
    let output = guichet(arguments, data);
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn database(data: &Path) -> Connection {
    Connection::open(data.join("guichet.db")).unwrap()
}

/// What is stored.
fn balances(data: &Path) -> Balances {
    let database = database(data);
    let sql = "SELECT shard, account, currency, amount FROM balance WHERE amount <> 0";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let key = (row.get::<_, u32>(0)?.to_string(), row.get(1)?, row.get(2)?);
        Ok((key, row.get(3)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn added(rows: impl Iterator<Item = ((String, String, String), i64)>) -> Balances {
    let mut sums = Balances::new();
    rows.for_each(|(key, amount)| *sums.entry(key).or_default() += amount);
    sums.retain(|_, amount| *amount != 0);
    sums
}

/// What the table adds up to.
fn balances_of_csv(text: &str) -> Balances {
    let cells = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    added(cells.map(|cells| {
        let account = cells[6].trim_matches('"').to_owned();
        ((cells[0].to_owned(), account, cells[8].to_owned()), cells[7].parse().unwrap())
    }))
}

/// `assets:bank:seller 7` and an amount, as the journal and hledger write them.
fn of_account(account: &str, amount: &str) -> ((String, String, String), i64) {
    let (name, seller) = account.rsplit_once(":seller ").unwrap();
    let (amount, currency) = amount.trim().split_once(' ').unwrap();
    let parts: Vec<&str> = name.split(':').collect();
    let number = |text: &str| text.rsplit_once(' ').unwrap().1.to_owned();
    let stored = match parts.as_slice() {
        ["assets", "gateway clearing", gateway] => format!("gateway_clearing:{gateway}"),
        ["assets", "between", other] => format!("between:{}", number(other)),
        ["liabilities", "owner payable", "season cards"] => "owner_payable_cards".to_owned(),
        ["liabilities", "owner payable", "team passes"] => "owner_payable_passes".to_owned(),
        ["liabilities", "owner payable", "orders"] => "owner_payable_orders".to_owned(),
        ["liabilities", "owner payable", "contracts"] => "owner_payable_contracts".to_owned(),
        ["liabilities", "tax payable", jurisdiction] => format!("tax_payable:{jurisdiction}"),
        ["liabilities", kind, of] => format!("{}:{}", kind.replace(' ', "_"), number(of)),
        ["income", "platform fee"] => "platform_fee_income".to_owned(),
        ["expenses", "gateway fee"] => "gateway_fee_expense".to_owned(),
        ["expenses", "store credit promotion"] => "store_credit_promo".to_owned(),
        [_, name] => name.replace(' ', "_"),
        _ => panic!("{account}"),
    };
    ((seller.to_owned(), stored, currency.to_owned()), amount.parse().unwrap())
}

/// What the journal adds up to, by our own reading.
fn balances_of_journal(text: &str) -> Balances {
    let legs = text.lines().filter(|line| line.starts_with("    "));
    added(legs.map(|line| {
        let (account, amount) = line.trim().split_once("  ").unwrap();
        of_account(account, amount)
    }))
}

/// What hledger makes of the journal, if it is there.
fn balances_of_hledger(journal: &Path) -> Option<Balances> {
    let Some(program) = std::env::var_os("GUICHET_HLEDGER") else {
        println!("skipped: hledger is not here; `cargo xtask tools` fetches it");
        return None;
    };
    let ask = |arguments: &[&str]| {
        let output = Command::new(&program).arg("-f").arg(journal).args(arguments).output();
        let output = output.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        text
    };
    ask(&["check", "--strict"]);
    let table = ask(&["balance", "--flat", "--no-total", "-O", "csv"]);
    let rows = table.lines().skip(1).map(|line| {
        let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
        of_account(account, amount)
    });
    Some(added(rows))
}

/// A settlement of the sandbox in the till's own columns: what it took and gave back, as stored.
fn settlement(data: &Path) -> (String, usize) {
    let database = database(data);
    let sql = "SELECT gateway_key, iif(verb = 'refund', -moved, moved) FROM sale_attempt
               WHERE moved > 0 AND verb <> 'authorize' AND gateway = 'sandbox'";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
    let mut text = "line;kind;key;amount;fee;currency;date\r\n".to_owned();
    let mut count = 0;
    for (key, amount) in rows.unwrap().map(Result::unwrap) {
        count += 1;
        let (kind, fee) = if amount < 0 { ("refund", 0) } else { ("charge", 7) };
        text += &format!("{count};{kind};{key};{amount};{fee};ISK;24.11.2026\r\n");
    }
    (text, count)
}

/// Proves that both exports add up to the stored balances, that hledger takes the journal as it is
/// and agrees, that days and sellers narrow them, that a settlement of all payments empties the
/// gateway's account, once, and that the check agrees after each step.
#[test]
fn the_books_leave_and_settlements_come() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    said(&["demo", "--tour", "--listen", "127.0.0.1:0", "--log-level", "error"], &data);
    compare(&data, folder.path());
    let none = ["ledger", "export", "--format", "csv", "--to", "2020-01-01"];
    assert_eq!(said(&none, &data).lines().count(), 1);
    let one = said(&["ledger", "export", "--format", "csv", "--seller", "1"], &data);
    assert!(one.lines().count() > 1 && one.lines().skip(1).all(|line| line.starts_with("1,")));

    let listed = said(&["reconcile", "list"], &data);
    assert!(listed.contains("Gateway") && listed.contains("sandbox"), "{listed}");
    let (text, count) = settlement(&data);
    assert!(count > 5, "{text}");
    let file = folder.path().join("monday.csv");
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let import = ["reconcile", "import", file, "--gateway", "sandbox", "--format", "plain"];
    let before = balances(&data);
    let dry = said(&[&import[..], &["--dry-run"]].concat(), &data);
    assert!(dry.contains("would be taken in") && dry.contains(&format!("{count} lines booked")));
    assert_eq!(balances(&data), before);
    let taken = said(&import, &data);
    assert!(taken.contains("monday.csv of gateway sandbox was taken in\n"), "{taken}");
    assert!(taken.contains(&format!("\n{count} lines booked, 0 booked before")), "{taken}");
    let after = balances(&data);
    assert!(after.keys().all(|(_, account, _)| account != "gateway_clearing:sandbox"));
    let again = said(&[&import[..], &["--json"]].concat(), &data);
    assert!(again.contains("\"alreadyTaken\":true"), "{again}");
    assert_eq!(balances(&data), after);
    assert!(said(&["check"], &data).ends_with("all is well\n"));
    compare(&data, folder.path());
    let left = said(&["reconcile", "list", "--gateway", "sandbox"], &data);
    assert_eq!(left, "everything is settled\n");
    refused(&data, folder.path());
}

fn compare(data: &Path, folder: &Path) {
    let stored = balances(data);
    let table = said(&["ledger", "export", "--format", "csv"], data);
    assert_eq!(balances_of_csv(&table), stored);
    let journal = said(&["ledger", "export", "--format", "hledger"], data);
    assert_eq!(balances_of_journal(&journal), stored);
    let file = folder.join("books.journal");
    fs::write(&file, journal).unwrap();
    if let Some(told) = balances_of_hledger(&file) {
        assert_eq!(told, stored);
    }
}

/// What goes wrong is said, and that nothing was booked; a server keeps an import off, but no look.
fn refused(data: &Path, folder: &Path) {
    let before = balances(data);
    let odd = folder.join("odd.csv");
    fs::write(&odd, "line,kind,key,amount,currency\n1,charge,k,5.5,ISK\n").unwrap();
    let odd = odd.to_str().unwrap();
    let import = |file, gateway| {
        complaint(&["reconcile", "import", file, "--gateway", gateway, "--format", "plain"], data)
    };
    let told = import(odd, "sandbox");
    assert!(told.contains("nothing was booked: line 2: \"5.5\" is no amount of ISK"), "{told}");
    assert!(import("/nowhere/x.csv", "sandbox").contains("/nowhere/x.csv"));
    fs::write(odd, "line,kind,key,amount,currency\n1,charge,k,5,ISK\n").unwrap();
    assert!(import(odd, "sandbux").contains("no payment ever went through"), "wrong gateway");
    let program = Program::start("serve", folder, data, &["serve"]);
    let told = import(odd, "sandbox");
    assert!(told.contains("guichet.db"), "another process works there: {told}");
    said(&["reconcile", "list", "--csv"], data);
    said(&["ledger", "export", "--format", "hledger"], data);
    program.terminate();
    assert!(program.wait().success());
    assert_eq!(balances(data), before);
}
