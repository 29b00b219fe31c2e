//! Programs under test: started, waited for until they are ready, ended by their process id.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use thiserror::Error;

use crate::clock;
use crate::usage::Usage;

/// How long a program may take until it listens.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a program may take to end after it was asked to.
const STOP_WITHIN: Duration = Duration::from_secs(30);
const STOP_LOOK_EVERY: Duration = Duration::from_millis(2);

/// Why a program is not running as it should.
#[derive(Debug, Error)]
pub enum ProgramError {
    /// The operating system refused.
    #[error("{name}: {error}")]
    System {
        /// The program.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// It ended before it was ready; its own message is on the standard error.
    #[error("{0} ended before it was ready; see its messages above")]
    EndedEarly(String),
    /// It printed no ready line in time.
    #[error("{0} was not ready within {READY_WITHIN:?}")]
    NotReady(String),
    /// It ended with a failure, or had to be killed.
    #[error("{name} ended badly: {status}")]
    EndedBadly {
        /// The program.
        name: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// A running program that listens on loopback. Dropping it kills it.
#[derive(Debug)]
pub struct Program {
    name: String,
    child: Child,
    address: SocketAddr,
}

impl Program {
    /// Starts `command` and waits for the line `… listens on http://ADDRESS` on its standard
    /// output.
    ///
    /// # Errors
    /// It cannot be started, ends early, or is not ready in time.
    pub fn start(name: &str, command: &mut Command) -> Result<Program, ProgramError> {
        let system = |error| ProgramError::System { name: name.to_owned(), error };
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(system)?;
        let addresses = child.stdout.take().map(listen_for_address);
        let mut program =
            Program { name: name.to_owned(), child, address: SocketAddr::from(([0; 4], 0)) };
        program.address = match addresses.map(|line| line.recv_timeout(READY_WITHIN)) {
            Some(Ok(address)) => address,
            Some(Err(RecvTimeoutError::Timeout)) => {
                return Err(ProgramError::NotReady(name.to_owned()));
            }
            _ => return Err(ProgramError::EndedEarly(name.to_owned())),
        };
        Ok(program)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has cost so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// It ended with a failure, or did not end in time and was killed.
    pub fn stop(mut self) -> Result<(), ProgramError> {
        let status = self.terminate().map_err(|error| self.system(error))?;
        if status.success() {
            return Ok(());
        }
        Err(ProgramError::EndedBadly { name: self.name.clone(), status })
    }

    /// Ends it in the middle of whatever it does (SIGKILL).
    ///
    /// # Errors
    /// The operating system refused.
    pub fn kill(mut self) -> Result<(), ProgramError> {
        self.end_at_once().map(drop).map_err(|error| self.system(error))
    }

    fn terminate(&mut self) -> io::Result<ExitStatus> {
        if let Some(process) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(process, Signal::TERM)?;
        }
        let give_up_at = clock::now() + STOP_WITHIN;
        while clock::now() < give_up_at {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            thread::sleep(STOP_LOOK_EVERY);
        }
        self.end_at_once()
    }

    fn end_at_once(&mut self) -> io::Result<ExitStatus> {
        self.child.kill()?;
        self.child.wait()
    }

    fn system(&self, error: io::Error) -> ProgramError {
        ProgramError::System { name: self.name.clone(), error }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Killing what has ended already is no error; any other failure has no remedy here.
        let _ = self.end_at_once();
    }
}

/// Reads the standard output to its end, so that the program never blocks on a full pipe, and
/// passes on the address of the ready line.
fn listen_for_address(stdout: ChildStdout) -> Receiver<SocketAddr> {
    let (sender, receiver) = channel();
    thread::spawn(move || pass_on_address(stdout, &sender));
    receiver
}

fn pass_on_address(stdout: ChildStdout, sender: &Sender<SocketAddr>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Some(address) = address_in(&line) {
            // Nobody listens any more when the ready line came too late.
            let _ = sender.send(address);
        }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once(" listens on http://")?;
    address.trim().trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Program, ProgramError> {
        Program::start("a script", Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn a_program_is_ready_when_it_says_so_and_ends_when_asked() {
        // Proves the whole life of a program that behaves.
        let script = "trap 'exit 0' TERM; echo Guichet listens on http://127.0.0.1:81; \
                      while :; do sleep 0.01; done";
        let program = shell(script).unwrap();
        assert_eq!(program.address(), "127.0.0.1:81".parse().unwrap());
        assert!(program.usage().resident > 0);
        program.stop().unwrap();
    }

    #[test]
    fn a_program_that_fails_is_told_apart() {
        // Proves that an early end and a bad end are errors.
        assert!(matches!(shell("exit 3"), Err(ProgramError::EndedEarly(_))));
        let program = shell("echo It listens on http://127.0.0.1:81; exec sleep 30").unwrap();
        assert!(matches!(program.stop(), Err(ProgramError::EndedBadly { .. })));
    }
}
