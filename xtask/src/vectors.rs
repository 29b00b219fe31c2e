//! Known inputs of the wire dialect against their right outputs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo;

/// Runs the conformance program over one file, which may be named from the caller's folder.
pub(crate) fn run(file: &str) -> Result<ExitCode> {
    let path = Path::new(file).canonicalize().with_context(|| format!("cannot find {file}"))?;
    cargo::run(cargo::cargo(&["run", "--quiet", "--package", "conformance", "--"]).arg(path))
}
