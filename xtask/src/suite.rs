//! The whole test: what a change must pass before it is accepted.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cargo::{cargo, require};
use crate::tally::Tally;
use crate::tools::Fetching;

/// How much of the test is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything, as before a release.
    Whole,
    /// Everything but the long crash test, as before a commit.
    Quick,
}

impl Extent {
    fn crash_rounds(self) -> &'static str {
        match self {
            Extent::Whole => "30",
            Extent::Quick => "3",
        }
    }

    /// How long requests are made up from the published schema.
    fn schema_seconds(self) -> &'static str {
        match self {
            Extent::Whole => "60",
            Extent::Quick => "15",
        }
    }
}

/// Runs every check even when one fails, and prints the sum in its last line.
pub(crate) fn run(extent: Extent) -> Result<ExitCode> {
    require("fmt", "rustfmt")?;
    require("clippy", "clippy")?;
    let fetching = Fetching::start();
    let mut tally = Tally::default();
    tally += check("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    tally += check(
        "lints",
        &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    )?;
    tally += check(
        "documentation",
        cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    let tools = fetching.wait();
    let mut test = cargo(&["test", "--workspace", "--no-fail-fast"]);
    test.env("GUICHET_CRASH_ROUNDS", extent.crash_rounds());
    test.env("GUICHET_SCHEMA_SECONDS", extent.schema_seconds());
    tools.apply(&mut test);
    tally += tests(&mut test)?;
    tools.report();
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A check that passes or fails as a whole counts as one.
fn check(name: &str, command: &mut Command) -> Result<Tally> {
    let start = announce(name);
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    println!("{name}: {} s", start.elapsed().as_secs());
    Ok(Tally::of(status.success()))
}

/// Runs tests and adds up the result line of each test program, passing on all they print.
fn tests(command: &mut Command) -> Result<Tally> {
    let start = announce("tests");
    let start_error = || "cannot start cargo test";
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(start_error)?;
    let mut tally = Tally::default();
    let mut out = std::io::stdout();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.context("cannot read what the tests print")?;
        writeln!(out, "{line}")?;
        tally += Tally::parse(&line).unwrap_or_default();
    }
    let succeeded = child.wait()?.success();
    println!("tests: {} s", start.elapsed().as_secs());
    // A program that does not build, or dies, prints no result line.
    if !succeeded && tally.failed == 0 {
        tally += Tally::of(false);
    }
    Ok(tally)
}

#[expect(clippy::disallowed_methods, reason = "a developer wants to know how long a step took")]
fn announce(name: &str) -> Instant {
    println!("== {name}");
    Instant::now()
}
