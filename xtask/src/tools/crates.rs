//! The crates of the Rust client in `crates/guichet/tests/clients/rust`, a workspace of its own,
//! because nothing of the product needs them.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::place::tools;
use super::runner::Runner;
use crate::cargo::{cargo, root};

/// Where the client is built, so that its crates are built once.
pub(super) const VARIABLE: &str = "GUICHET_RUST_CLIENT";

/// Downloads what the lock file names.
pub(super) fn ensure(runner: &mut Runner) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen.into());
    }
    let manifest = root().join("crates/guichet/tests/clients/rust/Cargo.toml");
    runner.output(cargo(&["fetch", "--locked", "--manifest-path"]).arg(manifest))?;
    let folder = tools().join("rust-client");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
