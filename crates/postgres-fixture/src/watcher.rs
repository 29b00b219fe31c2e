//! Cleaning up after a server, also when the test program is killed.
//!
//! A shell waits at the end of a pipe that only this program can write to. Each line tells it
//! which process there is now; when the pipe closes, on purpose or because we died, it ends that
//! process and removes the folder. (The kernel's own "die with your parent" is bound to the
//! *thread* that started the child, and a test's thread ends with the test.)

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crate::{FixtureError, wait};

/// `$1` is the folder. An immediate shutdown lets the server give back its shared memory; a paused
/// one has to be woken for it. One that was killed left the memory's number in its pid file.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
watched=
while read -r line; do watched=$line; done
if [ -n "$watched" ]; then
    kill -QUIT "$watched"
    kill -CONT "$watched"
    naps=0
    while kill -0 "$watched" && [ "$naps" -lt 120 ]; do sleep 0.05; naps=$((naps + 1)); done
    kill -KILL "$watched"
fi
memory=$(sed -n '7s/.* //p' "$1/data/postmaster.pid") && [ -n "$memory" ] && ipcrm -m "$memory"
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
"#;

/// The script's own limit, and some time for a busy machine.
const LIMIT: Duration = Duration::from_secs(15);

/// The shell that cleans up.
pub(crate) struct Watcher {
    shell: Child,
    pipe: Mutex<Option<ChildStdin>>,
}

impl Watcher {
    /// Watches over a folder in which nothing runs yet. In a process group of its own, so that
    /// ending the test from the keyboard does not end the watcher first.
    pub(crate) fn start(folder: &Path) -> Result<Watcher, FixtureError> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "watcher"])
            .arg(folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(FixtureError::system("start a shell that cleans up"))?;
        let pipe = Mutex::new(shell.stdin.take());
        Ok(Watcher { shell, pipe })
    }

    /// Says which process there is now, if any.
    pub(crate) fn tell(&self, process: Option<u32>) -> Result<(), FixtureError> {
        let line = process.map_or(String::new(), |number| number.to_string()) + "\n";
        let mut pipe = self.pipe.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let told = pipe.as_mut().map_or(Ok(()), |pipe| pipe.write_all(line.as_bytes()));
        told.map_err(FixtureError::system("tell the watcher"))
    }

    /// Lets it clean up now. `server` is ours, so it is only gone once we have taken notice.
    pub(crate) fn finish(&mut self, server: Option<&mut Child>) {
        self.pipe.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(server) = server {
            wait::end(server, LIMIT);
        }
        wait::end(&mut self.shell, LIMIT);
    }
}
