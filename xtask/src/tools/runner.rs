//! Running other programs with a limit of time, and finding them.

use std::env;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::place::tools;

/// What all steps together may take, so that the whole test ends in time on any network.
const ALL_LIMIT: Duration = Duration::from_secs(20 * 60);
/// What one step may take.
const STEP_LIMIT: Duration = Duration::from_secs(5 * 60);
const VERSION_LIMIT: Duration = Duration::from_secs(20);
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Runs the steps, until the time for all of them is used up.
#[derive(Default)]
pub(super) struct Runner {
    used: Duration,
}

impl Runner {
    /// What a command printed, or complained of if it printed nothing; its last complaint if it
    /// failed.
    pub(super) fn output(&mut self, command: &mut Command) -> Result<String> {
        let limit = STEP_LIMIT.min(ALL_LIMIT.saturating_sub(self.used));
        let (outcome, used) = run(command, limit);
        self.used += used;
        outcome
    }
}

/// Runs a command with its output in files, which never fill up as pipes do.
fn run(command: &mut Command, limit: Duration) -> (Result<String>, Duration) {
    let mut used = Duration::ZERO;
    let outcome = try_run(command, limit, &mut used);
    (outcome.with_context(|| shown(command)), used)
}

fn try_run(command: &mut Command, limit: Duration, used: &mut Duration) -> Result<String> {
    let (mut out, mut err) = (scratch()?, scratch()?);
    // A group of its own: what the command starts ends with it.
    command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(err.try_clone()?);
    let mut child = command.process_group(0).spawn().context("cannot be started")?;
    let status = wait(&mut child, limit, used)?;
    if !status.success() {
        let complaint = text(&mut err)?;
        bail!("{}", complaint.trim().lines().last().unwrap_or("it failed and does not say why"));
    }
    let printed = text(&mut out)?;
    if printed.is_empty() { text(&mut err) } else { Ok(printed) }
}

/// A file without a name: it is gone when nobody has it open.
fn scratch() -> Result<File> {
    fs::create_dir_all(tools())?;
    let path = tools().join(format!("output.{:?}", std::thread::current().id()));
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
    fs::remove_file(path)?;
    Ok(file)
}

fn text(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn wait(child: &mut Child, limit: Duration, used: &mut Duration) -> Result<ExitStatus> {
    while *used < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        sleep(LOOK_PAUSE);
        *used += LOOK_PAUSE;
    }
    end(child);
    bail!("it was not done after {} s", limit.as_secs())
}

/// Ends the whole group by the system's own program; the standard library ends one process only.
fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// Short enough for a report: the program and its first argument.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let first = command.get_args().find(|argument| !argument.to_string_lossy().starts_with("--"));
    format!("{} {}", program.display(), first.unwrap_or_default().display())
}

/// What a program says about its version, which shows that it starts; Java warns before it.
pub(super) fn check(program: &Path) -> Result<String> {
    let ask = |flag: &str| run(Command::new(program).arg(flag), VERSION_LIMIT).0;
    // Go's compiler has a command for it, and Kotlin's and Java's know one dash.
    let said = ask("--version").or_else(|_| ask("-version")).or_else(|_| ask("version"))?;
    let line = said.lines().find(|line| !line.contains("warning"));
    Ok(line.unwrap_or("it does not say its version").to_owned())
}

/// The same for a report.
pub(super) fn version(program: &Path) -> String {
    check(program).unwrap_or_else(|error| format!("it does not start: {error:#}"))
}

/// The first of these programs on the path.
pub(super) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    candidates.into_iter().find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Result<String, String> {
        let outcome = run(Command::new("sh").args(["-c", script]), limit).0;
        outcome.map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_step_says_what_it_printed_or_why_it_failed() {
        // Proves that output, however long, is whole, and that a failure names step and reason.
        assert_eq!(shell("echo a; echo b >&2", STEP_LIMIT).unwrap(), "a\n");
        let long = shell("yes | head -c 300000", STEP_LIMIT).unwrap();
        assert_eq!(long.len(), 300_000);
        assert_eq!(
            shell("echo x >&2; echo why >&2; exit 3", STEP_LIMIT).unwrap_err(),
            "sh -c: why"
        );
    }

    #[test]
    fn a_step_that_hangs_is_ended() {
        // Proves that neither a command nor what it started outlives its limit.
        let error = shell("sleep 60 & sleep 60", Duration::from_millis(200)).unwrap_err();
        assert!(error.contains("not done"), "{error}");
    }
}
