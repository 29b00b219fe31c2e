//! Compilers take what is generated: the published contracts, as clients get them, and the sample
//! model of the generators' own tests, beside a stand-in of the language's client library from
//! `stubs/`. A compiler is named by an environment variable, `GUICHET_JAVAC` and so on, which
//! `cargo xtask test` sets; where it is missing the test says so and passes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod csharp;
mod go;
mod java;
#[path = "../../../service/tests/codegen_languages/model.rs"]
mod model;
mod pages;
mod php;
mod round_trip;
mod ruby;
mod rust;
mod zig;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use service::codegen::{self, Language};
use service::host::Host;
use service::pages::PageRequest;
use service::registry::{Registry, RegistrySettings};
use wire::DateTime;

/// The program that a variable names.
fn program(variable: &str) -> Option<OsString> {
    let program = std::env::var_os(variable).filter(|value| !value.is_empty());
    if program.is_none() {
        println!("skipped: {variable} does not name a program");
    }
    program
}

/// The file of all hosts that have a language in common: the contracts, and the sample model.
fn files(language: Language) -> [(&'static str, String); 3] {
    [
        ("contracts", file(contract::hosts("Agents", "Clubs"), language, &[])),
        ("samples", file(model::hosts().drain(..1).collect(), language, &[])),
        ("attacks", file(model::hosts().drain(1..).collect(), language, &[])),
    ]
}

fn file(hosts: Vec<Host>, language: Language, options: &[(&str, &str)]) -> String {
    let query: Vec<_> =
        options.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
    let registry = Registry::new(hosts, RegistrySettings::default()).unwrap();
    let reply = codegen::respond(&PageRequest {
        registry: &registry,
        host: None,
        path: &["types", language.key()],
        query: &query,
        base_url: "https://example.org",
        now: DateTime::default(),
        names: None,
    });
    String::from_utf8(reply.unwrap().body).unwrap()
}

/// An empty folder for one test's sources and what becomes of them.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file or folder of `stubs/`.
fn stub(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stubs").join(name)
}

/// Runs a compiler to its end.
///
/// # Panics
/// When it refuses, with what it said.
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{command:?}\n{}", said.concat());
}
