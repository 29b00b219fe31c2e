//! `guichet import`: an installation made of an export, on any engine.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use store::engine::Engine;
use store::transfer::{self, Imported, Totals};
use store::{Attachment, Backend, postgres, sqlite};

use super::export::{STANDARD, described, draw};
use crate::installation::{Installation, Place};
use crate::key_files;
use crate::progress::Bar;
use crate::release::release;

/// How much of the file is read at a time, in bytes.
const BUFFER_LENGTH: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The export, or - for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    tokio::task::spawn_blocking(move || take_in(&arguments.place, &arguments.file)).await?
}

fn take_in(place: &Place, file: &Path) -> anyhow::Result<ExitCode> {
    let mut bar = Bar::new();
    let imported = if file == Path::new(STANDARD) {
        fill(place, (&mut io::stdin().lock(), None), &mut bar)?
    } else {
        let shown = || format!("{} cannot be read", file.display());
        let lines = File::open(file).with_context(shown)?;
        let length = lines.metadata().with_context(shown)?.len();
        let mut lines = BufReader::with_capacity(BUFFER_LENGTH, lines);
        fill(place, (&mut lines, Some(length)), &mut bar)?
    };
    let seconds = bar.end();
    compare(&imported.sent, &imported.arrived);
    let mut summary = described(&imported.arrived);
    summary["imported"] = json!(place.data);
    summary["seconds"] = json!(seconds);
    println!("{summary}");
    Ok(ExitCode::SUCCESS)
}

/// Lines, and how many bytes they are, if that is known.
type Lines<'a> = (&'a mut dyn BufRead, Option<u64>);

fn fill(place: &Place, lines: Lines<'_>, bar: &mut Bar) -> anyhow::Result<Imported> {
    let installation = Installation::create(&place.data)?;
    if let Some(settings) = place.database.postgres("import") {
        return fill_backend(postgres::open(settings)?, &installation, lines, bar);
    }
    let (engine, reader) = sqlite::open(sqlite::Settings::of(&installation.database_file()))?;
    fill_backend(Backend::single(engine, reader), &installation, lines, bar)
}

fn fill_backend<E: Engine>(
    mut backend: Backend<E>,
    installation: &Installation,
    lines: Lines<'_>,
    bar: &mut Bar,
) -> anyhow::Result<Imported> {
    let unpack = |keys: &[Attachment]| key_files::write(&installation.folder, keys);
    let mut watch = |progress| draw(bar, progress);
    let imported = transfer::import(&mut backend, lines, unpack, &mut watch);
    let released = release(backend);
    let imported = imported?;
    released?;
    Ok(imported)
}

/// Shows people that both sides agree.
fn compare(sent: &Totals, arrived: &Totals) {
    eprintln!("{:<32} {:>20} {:>20}", "", "sent", "arrived");
    for (table, count) in &sent.rows {
        let there = arrived.rows.get(table).copied().unwrap_or(0);
        eprintln!("{table:<32} {count:>20} {there:>20}");
    }
    for (sum, there) in sent.sums.iter().zip(&arrived.sums) {
        let name = format!("{} {}", sum.account, sum.currency);
        eprintln!("{name:<32} {:>20} {:>20}", sum.amount, there.amount);
    }
    eprintln!("both sides agree");
}
