//! Benches, built for release.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::cargo::{self, cargo};

/// Runs one bench with its own options.
pub(crate) fn run(name: &str, options: &[&str]) -> Result<ExitCode> {
    let programs: &[&str] = match name {
        // They start the programs they measure from the folder they lie in.
        "orders" => &["--package", "guichet", "--bin", "guichet", "--bin", "floor"],
        "growth" => &["--package", "guichet", "--bin", "guichet"],
        "formats" | "gate" | "lane" | "seats" => &[],
        _ => bail!("no bench `{name}`; choose orders, growth, formats, gate, lane or seats"),
    };
    let mut build = cargo(&["build", "--release", "--package", "bench", "--bin", name]);
    if cargo::run(build.args(programs))? != ExitCode::SUCCESS {
        bail!("the bench does not build");
    }
    let start = ["run", "--release", "--quiet", "--package", "bench", "--bin", name, "--"];
    cargo::run(cargo(&start).args(options))
}
