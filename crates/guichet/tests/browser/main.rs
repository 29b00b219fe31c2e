//! The API explorer and the payment pages in a real browser, against the real program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod order;
mod payment;
#[expect(dead_code, reason = "shared with the tests of the program; some of it is for them")]
#[path = "../program/program.rs"]
mod program;
#[path = "../program/search.rs"]
mod search;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::program::{Program, until};
use crate::search::open_line;

/// What the browser needs; `cargo xtask test` fetches it and sets these.
const NEEDED: [&str; 3] = ["GUICHET_NODE", "GUICHET_NODE_MODULES", "GUICHET_CHROMIUM"];

const LOOK_PAUSE: Duration = Duration::from_millis(50);
/// Together four minutes: longer than a browser may take for everything on a busy machine.
const LOOKS_MAX: u32 = 4_800;

#[test]
fn people_use_the_explorer() {
    // Proves that a person can sign in, find an operation, fill its form, send it and see the
    // answer and the code for it: by mouse, by keyboard alone, on a phone's screen; that nothing is
    // asked of any other server; and that no secret gets into an address.
    if is_missing_something() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let program = Program::start("demo", folder.path(), &data, &["demo"]);
    let (key, order) = until("the printed order", || open_line(&data, &program.printed()));
    let origin = format!("http://{}", program.address);
    let password = std::fs::read_to_string(data.join("demo.password")).unwrap();
    let status =
        run("explorer.mjs", &[&origin, &key, &order.to_string(), "admin", password.trim()]);
    assert!(status.success(), "a scenario failed; it is named above");
}

/// Says what is missing, so that the test is skipped.
fn is_missing_something() -> bool {
    let missing = NEEDED.into_iter().find(|name| env::var_os(name).is_none());
    if let Some(missing) = missing {
        println!("skipped: {missing} is not set; `cargo xtask test` sets it");
    }
    missing.is_some()
}

/// Runs the scenarios of a script; what they print goes where this test's own output goes.
fn run(script: &str, arguments: &[&str]) -> ExitStatus {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let script = folder.join(script);
    let mut child = Command::new(env::var_os("GUICHET_NODE").unwrap())
        .arg(script)
        .args(arguments)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..LOOKS_MAX {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(LOOK_PAUSE);
    }
    end(&mut child);
    panic!("the browser took too long");
}

fn end(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}
