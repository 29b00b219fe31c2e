//! The simulator, for as many runs as wanted.

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::{self, cargo};

/// Builds it with optimisation and passes the options on.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let mut command = cargo(&["run", "--quiet", "--release", "--package", "simulator", "--"]);
    cargo::run(command.args(options))
}
