//! The crash test alone, for as many rounds as wanted.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::cargo::{self, cargo};

const ROUNDS: &str = "30";

/// Runs the crash test with `--rounds N` and `--seed S`, showing what it prints.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let mut command = cargo(&["test", "--package", "guichet", "--test", "crash"]);
    command.args(["--", "--nocapture"]).env("GUICHET_CRASH_ROUNDS", ROUNDS);
    for pair in options.chunks(2) {
        let variable = match pair {
            ["--rounds", _] => "GUICHET_CRASH_ROUNDS",
            ["--seed", _] => "GUICHET_CRASH_SEED",
            _ => bail!("use --rounds N and --seed S"),
        };
        let value: u64 = pair[1].parse().with_context(|| format!("`{}` is no number", pair[1]))?;
        command.env(variable, value.to_string());
    }
    cargo::run(&mut command)
}
