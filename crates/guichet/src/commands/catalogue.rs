//! `guichet catalogue`: what is for sale.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use server::catalogue::{file, import};

use crate::installation::Place;

/// The largest catalogue file, in bytes.
const FILE_LENGTH_MAX: u64 = 64 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring a TOML file in (see docs/catalogue.md): new items are added, known ones replaced.
    Import {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Import { file: path, place } = command;
    let shown = path.display().to_string();
    let length = fs::metadata(&path).with_context(|| format!("{shown} cannot be read"))?.len();
    anyhow::ensure!(length <= FILE_LENGTH_MAX, "{shown} is larger than {FILE_LENGTH_MAX} bytes");
    let text = fs::read_to_string(&path).with_context(|| format!("{shown} cannot be read"))?;
    let catalogue = file::parse(&text)
        .map_err(|error| anyhow::anyhow!("{shown}: {error}\nnothing was changed"))?;
    let store = place.open_or_create("catalogue import").await?;
    let imported = import::import(&store, &catalogue).await;
    store.close().await?;
    for item in imported.with_context(|| shown)? {
        println!("{} {} {}", item.kind, item.slug, item.id);
    }
    Ok(ExitCode::SUCCESS)
}
