//! PostgreSQL, which the fixture of the tests (`crates/postgres-fixture/src/programs.rs`) finds
//! by itself: installed, or last of all in the folder of fetched tools.

use std::env;
use std::fs;

use anyhow::Result;

use super::debian::{Debian, Wanted};
use super::place::Place;
use super::runner::{Runner, on_path};

/// Makes sure that the fixture finds it.
pub(super) fn ensure(runner: &mut Runner, debian: &mut Debian) -> Result<()> {
    let chosen = env::var_os("GUICHET_POSTGRES_BIN").is_some();
    if chosen || on_path(&["initdb"]).is_some() || installed() {
        return Ok(());
    }
    let wanted = Wanted { packages: &["postgresql"], alone: false };
    debian.unpack(&Place::new("postgresql", "postgresql"), &wanted, runner)
}

fn installed() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}
