//! The crate `servicestack`.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::order::{BUYS, PRINTED};
use crate::stage::{PASSWORD, SELLER, STRANGER, Stage};
use crate::tool::{named_by, succeed};

/// It brings an HTTP client and a TLS library, which are built once.
const BUILD_LIMIT: Duration = Duration::from_secs(9 * 60);
const LIMIT: Duration = Duration::from_secs(60);
const SOURCES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "main.rs"];

#[test]
fn the_types_of_the_server_compile_and_work() {
    // Proves that what is served compiles, and that the stock client signs in, buys, reads
    // decimals, dates and refusals, sends batches and fetches new tokens.
    let Some(crates) = named_by("GUICHET_RUST_CLIENT") else { return };
    let stage = Stage::start();
    let project = crates.join("project");
    write_sources(&project, &stage.types("rust"));
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--locked", "--offline", "--target-dir"]);
    build.arg(crates.join("target")).arg("--manifest-path").arg(project.join("Cargo.toml"));
    succeed(&mut build, stage.folder.path(), BUILD_LIMIT);
    let mut command = Command::new(crates.join("target/debug/order"));
    command.args([&stage.url("/tickets"), SELLER, STRANGER, PASSWORD]);
    // Where there is no path there is no code; each package makes one up from the status line.
    let printed = PRINTED.replace("404 404", "404 Not Found");
    assert_eq!(succeed(&mut command, stage.folder.path(), LIMIT), printed);
    assert_eq!(stage.end_well(), BUYS);
}

/// The project with the types beside its program.
fn write_sources(project: &Path, types: &str) {
    fs::create_dir_all(project).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/rust");
    for name in SOURCES {
        fs::copy(here.join(name), project.join(name)).unwrap();
    }
    fs::write(project.join("dtos.rs"), types).unwrap();
}
