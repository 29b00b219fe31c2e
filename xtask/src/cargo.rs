//! Calling cargo.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

/// The folder of the whole workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A cargo command in the root folder: the same cargo that started this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end and passes on whether it succeeded.
pub(crate) fn run(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes sure that a component of the toolchain is installed.
pub(crate) fn require(subcommand: &str, component: &str) -> Result<()> {
    let found = cargo(&[subcommand, "--version"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        bail!("{component} is missing; install it with `rustup component add {component}`");
    }
    Ok(())
}
