//! A disk that fills up, a clock that was put back, files taken away: the program refuses to
//! sell, says so, loses nothing, and sells again when the trouble is over.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use crate::exchange::send;
use crate::program::{Program, guichet, until};
use crate::till::{Buyer, buyer, demo};

fn ready(address: SocketAddr) -> (u16, String) {
    let answer = send(address, "GET", "/health/ready", &[], b"");
    (answer.status, answer.body)
}

/// Waits until the program is not ready; answers why.
fn why_not_ready(program: &Program) -> String {
    until("the program to notice", || {
        let (status, body) = ready(program.address);
        (status == 503).then_some(body)
    })
}

fn assert_turns_away(program: &Program, buyer: &Buyer) {
    let answer = buyer.order(program.address, "turned away");
    assert_eq!(answer.status, 503, "{}", answer.body);
    let error = &answer.json()["responseStatus"];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains("nothing was charged"), "a sentence: {}", answer.body);
}

fn assert_all_is_well(data: &Path, sales: &str) {
    let check = guichet(&["check"], data);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.starts_with(sales) && said.ends_with("all is well\n"), "{said}");
}

/// Lets the program write no file further than `length`; writing fails then, as on a full disk.
#[cfg(target_os = "linux")]
fn limit_files(program: &Program, length: Option<u64>) {
    use rustix::process::{Resource, Rlimit, prlimit};
    let limit = Rlimit { current: length, maximum: None };
    prlimit(Some(program.process()), Resource::Fsize, limit).unwrap();
}

/// Proves that a full disk turns buyers away with a sentence and the program out of service,
/// that both end by themselves when there is room again, and that nothing is lost or double.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // The signal that comes with the limit would end the program; a full disk sends none.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_guichet")]);
    let program = Program::start_by(command, "demo", folder.path(), &data, &["demo"]);
    let buyer = buyer(&program, &data);
    let before = buyer.buy(program.address, "before");
    limit_files(&program, Some(0));
    assert!(buyer.order(program.address, "during").status >= 500);
    let why = why_not_ready(&program);
    assert!(why.contains("disk") && why.contains("by itself"), "{why}");
    assert_turns_away(&program, &buyer);
    limit_files(&program, None);
    until("the program to sell again", || (ready(program.address).0 == 200).then_some(()));
    buyer.buy(program.address, "during");
    assert_eq!(buyer.buy(program.address, "before"), before);
    program.terminate();
    assert!(program.wait().success());
    assert_all_is_well(&data, "2 sales and 2 postings");
}

/// Proves that a log that somebody deletes takes nothing with it: the program stops selling,
/// says what to do, and after a new start everything is there.
#[test]
fn a_deleted_log_ends_the_sale() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("demo", folder.path(), &data);
    let before = buyer.buy(program.address, "before");
    fs::remove_file(data.join("guichet.db-wal")).unwrap();
    // Whatever becomes of this one, it is told the truth.
    let during = buyer.order(program.address, "during");
    let why = why_not_ready(&program);
    assert!(why.contains("guichet.db-wal") && why.contains("start the program again"), "{why}");
    assert_turns_away(&program, &buyer);
    program.kill();
    let program = Program::start("again", folder.path(), &data, &["serve"]);
    assert_eq!(buyer.buy(program.address, "before"), before);
    let repeated = buyer.order(program.address, "during");
    if during.status == 200 {
        assert_eq!(repeated.body, during.body);
    }
}

/// Proves that a clock that was put back while the program was stopped keeps it from selling
/// until somebody says which time is right.
#[test]
fn a_clock_put_back_is_noticed_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("demo", folder.path(), &data);
    buyer.buy(program.address, "before");
    program.terminate();
    assert!(program.wait().success());
    // As if that sale had been made an hour later.
    let connection = rusqlite::Connection::open(data.join("guichet.db")).unwrap();
    connection.execute_batch("UPDATE lane SET at = at + 3600000000").unwrap();
    drop(connection);
    let program = Program::start("serve", folder.path(), &data, &["serve"]);
    let why = why_not_ready(&program);
    assert!(why.contains("clock") && why.contains("--accept-clock"), "{why}");
    assert_turns_away(&program, &buyer);
    program.kill();
    let program = Program::start("accepted", folder.path(), &data, &["serve", "--accept-clock"]);
    assert_eq!(ready(program.address).0, 200);
    buyer.buy(program.address, "after");
}

/// Proves that a folder that cannot be written is refused at the start, with its name.
#[test]
#[cfg(unix)]
fn a_read_only_folder_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    demo("demo", folder.path(), &data).0.kill();
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for entry in fs::read_dir(&data).unwrap() {
        set(&entry.unwrap().path(), 0o444);
    }
    set(&data, 0o555);
    set(folder.path(), 0o755);
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    // Rights mean nothing to the superuser.
    if rustix::process::getuid().is_root() {
        command.uid(65_534);
    }
    let output = command.args(["audit", "--data"]).arg(&data).output().unwrap();
    set(&data, 0o755);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "it was refused");
    assert!(complaint.contains("guichet.db") && complaint.contains("denied"), "{complaint}");
}

/// Proves that keys under which tickets were sold are not made anew when their files are lost:
/// gates could not read the new tickets, and a repeated order would count as another one.
#[test]
fn lost_keys_are_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("first", folder.path(), &data);
    buyer.buy(program.address, "before");
    program.kill();
    for name in ["scan-code.key", "fingerprint.key"] {
        let (key, kept) = (data.join(name), folder.path().join(name));
        fs::rename(&key, &kept).unwrap();
        let output = guichet(&["serve", "--listen", "127.0.0.1:0"], &data);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(name), "{said}");
        assert!(!key.exists(), "no new key was made");
        fs::rename(&kept, &key).unwrap();
    }
    let (program, buyer) = demo("second", folder.path(), &data);
    buyer.buy(program.address, "after");
    program.kill();
}
