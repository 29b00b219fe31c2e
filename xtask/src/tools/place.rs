//! Folders of fetched tools, and whether what is in them is whole and what is wanted now.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cargo::root;

/// Written last, with what was asked for: the versions.
const STAMP: &str = "complete";

/// Where all fetched tools are.
pub(super) fn tools() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR");
    target.map_or_else(|| root().join("target"), PathBuf::from).join("tools")
}

/// One tool's folder.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    wanted: String,
}

impl Place {
    /// The folder for `name`, complete only when it was filled for the same `wanted`.
    pub(super) fn new(name: &str, wanted: impl Into<String>) -> Place {
        Place { folder: tools().join(name), wanted: wanted.into() }
    }

    pub(super) fn is_complete(&self) -> bool {
        fs::read_to_string(self.folder.join(STAMP)).is_ok_and(|stamp| stamp == self.wanted)
    }

    /// Fills the folder anew unless it is complete. A failure leaves nothing that a test could
    /// take for a tool.
    pub(super) fn ensure(&self, fill: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.is_complete() {
            return Ok(());
        }
        self.clear()?;
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make {}", self.folder.display()))?;
        let filled = fill().and_then(|()| {
            fs::write(self.folder.join(STAMP), &self.wanted).context("cannot mark it complete")
        });
        if filled.is_err() {
            self.clear()?;
        }
        filled
    }

    fn clear(&self) -> Result<()> {
        if self.folder.exists() {
            let problem = || format!("cannot remove {}", self.folder.display());
            fs::remove_dir_all(&self.folder).with_context(problem)?;
        }
        Ok(())
    }
}
