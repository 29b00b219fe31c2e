//! The folder that holds one installation: its database, its keys, the sandbox's log.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use domain::time::Span;
use gateway::sandbox::SandboxOptions;
use store::{Clock as _, Options, Store, SystemClock};

const DATABASE_FILE: &str = "guichet.db";

const SANDBOX_LOG_FILE: &str = "sandbox.log";

/// Where everything of one installation lies.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    pub(crate) folder: PathBuf,
}

impl Installation {
    /// The folder, made if it is not there, readable by its owner alone.
    pub(crate) fn create(folder: &Path) -> anyhow::Result<Installation> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok(Installation { folder: folder.to_owned() })
    }

    /// The folder, which must be there.
    pub(crate) fn existing(folder: &Path) -> anyhow::Result<Installation> {
        anyhow::ensure!(
            folder.join(DATABASE_FILE).exists(),
            "there is no installation in {}; `guichet catalogue import` makes one",
            folder.display()
        );
        Ok(Installation { folder: folder.to_owned() })
    }

    /// Opens the database.
    pub(crate) fn open(&self, options: Options) -> anyhow::Result<Store> {
        Ok(Store::sqlite(&self.folder.join(DATABASE_FILE), options)?)
    }

    /// How a sandbox runs that keeps its log here.
    pub(crate) fn sandbox_options(&self, answer_delay: Span) -> SandboxOptions {
        SandboxOptions {
            log: self.folder.join(SANDBOX_LOG_FILE),
            answer_delay,
            clock: Arc::new(|| SystemClock.now()),
        }
    }
}
