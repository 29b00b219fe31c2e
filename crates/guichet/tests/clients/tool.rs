//! Programs from outside, as `cargo xtask test` hands them to tests.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// The program or folder that a variable names. Where there is none, says so, past the capture of
/// a test that passes.
pub(crate) fn named_by(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {variable} is not set; `cargo xtask test` sets it, \
             and `export $(cargo xtask tools)` by hand"
        );
    }
    path
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: ExitStatus,
}

/// Runs a command in `folder` to its end, which comes within the limit or fails the test.
pub(crate) fn run(command: &mut Command, folder: &Path, limit: Duration) -> Printed {
    let path = |end: &str| folder.join(format!("output.{end}"));
    let file = |end: &str| File::create(path(end)).unwrap();
    command.current_dir(folder).stdin(Stdio::null()).stdout(file("out")).stderr(file("err"));
    // A group of its own, so that what it starts ends with it.
    let mut child = command.process_group(0).spawn().unwrap();
    let status = wait(&mut child, limit);
    let text = |end: &str| String::from_utf8_lossy(&fs::read(path(end)).unwrap()).into_owned();
    let (out, err) = (text("out"), text("err"));
    let Some(status) = status else {
        panic!("{command:?} was not done after {limit:?}:\n{out}\n{err}");
    };
    Printed { out, err, status }
}

/// The same for a command that must succeed; answers what it printed.
pub(crate) fn succeed(command: &mut Command, folder: &Path, limit: Duration) -> String {
    let printed = run(command, folder, limit);
    assert!(printed.status.success(), "{command:?}:\n{}\n{}", printed.out, printed.err);
    printed.out
}

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let looks = limit.as_millis() / LOOK_PAUSE.as_millis();
    for _ in 0..looks {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(LOOK_PAUSE);
    }
    end(child);
    None
}

fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    child.wait().unwrap();
}
