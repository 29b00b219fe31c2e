//! `guichet restore`: an installation made of a backup.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use store::Attachment;
use store::sqlite::Settings;
use store::sqlite::backup::{self, BackupError, Restored};

use super::backup::{copying, described, draw, moment, refuse_postgres};
use crate::installation::{Installation, Place};
use crate::key_files;
use crate::progress::Bar;

/// How many published numbers of each kind are left out unless told otherwise, of 2,147,483,647.
pub(crate) const SKIPPED_NUMBERS: u32 = 1_000_000;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How many published numbers of each kind to leave out, so that none is given out again
    /// that was given out after the backup; more than were sold since.
    #[arg(long, value_name = "COUNT", default_value_t = SKIPPED_NUMBERS)]
    skip_numbers: u32,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    refuse_postgres(&arguments.place)?;
    let bring_back =
        move || bring_back(&arguments.place.data, &arguments.file, arguments.skip_numbers);
    tokio::task::spawn_blocking(bring_back).await?
}

fn bring_back(folder: &Path, file: &Path, skip_numbers: u32) -> anyhow::Result<ExitCode> {
    refuse_full(folder)?;
    let is_new = !folder.exists();
    let installation = Installation::create(folder)?;
    let restored = copy_back(&installation, folder, file, skip_numbers);
    if restored.is_err() && is_new {
        // What is not empty stays, for a person to look at.
        let _ = fs::remove_dir(folder);
    }
    let restored = restored?;
    let mut summary = described(&restored.contents);
    let taken_at = moment(restored.contents.taken_at);
    summary["restored"] = json!(folder);
    summary["keys"] = json!(restored.attachments);
    println!("{summary}");
    eprintln!(
        "What was sold, paid or returned after {taken_at} is not in it. Before you sell again, \
         compare the gateway's list with the sales: see \"After a restore\" in docs/operations.md."
    );
    Ok(ExitCode::SUCCESS)
}

fn copy_back(
    installation: &Installation,
    folder: &Path,
    file: &Path,
    skip_numbers: u32,
) -> Result<Restored, BackupError> {
    let to = Settings::of(&installation.database_file());
    let mut bar = Bar::new();
    let mut progress = |progress| draw(&mut bar, progress);
    let mut copying = copying(&mut progress);
    let unpack = |keys: &[Attachment]| key_files::write(folder, keys);
    let from = Settings::of(file);
    let restored = backup::restore(&from, &to, skip_numbers, &mut copying, unpack)?;
    bar.end();
    Ok(restored)
}

/// Nothing that is there is ever mixed with what comes back.
fn refuse_full(folder: &Path) -> anyhow::Result<()> {
    let mut entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
    };
    anyhow::ensure!(
        entries.next().is_none(),
        "{} is not empty; name an empty folder, or move what is there away",
        folder.display()
    );
    Ok(())
}
