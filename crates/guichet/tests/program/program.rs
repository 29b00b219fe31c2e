//! The program under test, with everything it prints kept in files.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

const LOOK_PAUSE: Duration = Duration::from_millis(10);
/// Together half a minute: longer than anything here may take on a busy machine.
const LOOKS_MAX: u32 = 3_000;

/// Runs a command to its end.
pub(crate) fn guichet(arguments: &[&str], data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guichet"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// A running program; dropping it kills it.
pub(crate) struct Program {
    child: Child,
    output: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts a command that listens, and waits until it does. Standard output and error go to
    /// files in `folder` named after `name`.
    pub(crate) fn start(name: &str, folder: &Path, data: &Path, arguments: &[&str]) -> Program {
        let command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        Program::start_by(command, name, folder, data, arguments)
    }

    /// The same by a command that becomes the program.
    pub(crate) fn start_by(
        mut command: Command,
        name: &str,
        folder: &Path,
        data: &Path,
        arguments: &[&str],
    ) -> Program {
        let output = folder.join(format!("{name}.out"));
        let child = command
            .args(arguments)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(File::create(&output).unwrap())
            .stderr(File::create(folder.join(format!("{name}.err"))).unwrap())
            .spawn()
            .unwrap();
        let mut program = Program { child, output, address: SocketAddr::from(([0; 4], 0)) };
        program.address = until("the program to listen", || program.listens_on());
        program
    }

    fn listens_on(&self) -> Option<SocketAddr> {
        let printed = self.printed();
        let (_, rest) = printed.split_once(" listens on http://")?;
        rest.split_once('\n')?.0.trim().parse().ok()
    }

    /// What it has printed on its standard output so far.
    pub(crate) fn printed(&self) -> String {
        fs::read_to_string(&self.output).unwrap()
    }

    /// The process.
    pub(crate) fn process(&self) -> Pid {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).unwrap()
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        kill_process(self.process(), Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> ExitStatus {
        until("the program to end", || self.child.try_wait().unwrap())
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, which is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks again and again, for as long as a test may take.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..LOOKS_MAX {
        if let Some(found) = look() {
            return found;
        }
        sleep(LOOK_PAUSE);
    }
    panic!("waited too long for {what}");
}
