//! `guichet export`: everything in an installation, as lines that any engine can take in.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use domain::time::Timestamp;
use serde_json::{Value, json};
use store::cluster::Cluster;
use store::engine::Engine;
use store::snapshot::Reader;
use store::transfer::{self, Progress, Stage, Totals};
use store::{Attachment, Backend, Clock as _, SystemClock, postgres, publish_file, sqlite};

use super::backup::sums;
use crate::installation::{Installation, Place};
use crate::key_files;
use crate::progress::Bar;
use crate::release::leave;

/// In place of a file: standard output or input, so that one engine can feed another.
pub(crate) const STANDARD: &str = "-";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to write, which must not be there yet, or - for standard output. It holds the
    /// keys too: keep it safe.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    tokio::task::spawn_blocking(move || write_out(&arguments.place, &arguments.file)).await?
}

/// Opens the database; one in a file must not be in use, so that nothing is sold behind the
/// export's back.
fn write_out(place: &Place, file: &Path) -> anyhow::Result<ExitCode> {
    let keys = key_files::read(&place.data)
        .with_context(|| format!("the keys in {} cannot be read", place.data.display()))?;
    if let Some(settings) = place.database.postgres("export") {
        return write_from(postgres::open(settings)?, keys, file);
    }
    let database = Installation::existing(&place.data)?.database_file();
    let (engine, reader) = sqlite::open(sqlite::Settings::of(&database))?;
    write_from(Backend::single(engine, reader), keys, file)
}

fn write_from<E: Engine>(
    mut backend: Backend<E>,
    keys: Vec<Attachment>,
    file: &Path,
) -> anyhow::Result<ExitCode> {
    let engine = backend.engines.first_mut().context("the database gave no connection")?;
    let at = engine.last_moment()?.unwrap_or_else(|| SystemClock.now());
    let source = Source { reader: &*backend.reader, cluster: backend.cluster.as_deref(), at, keys };
    let mut bar = Bar::new();
    let totals = if file == Path::new(STANDARD) {
        source.write(&mut io::stdout().lock(), &mut bar)
    } else {
        write_file(&source, file, &mut bar)
    };
    leave(source.cluster);
    let mut summary = described(&totals?);
    summary["exported"] = json!(file);
    summary["seconds"] = json!(bar.end());
    if file == Path::new(STANDARD) {
        eprintln!("{summary}");
    } else {
        println!("{summary}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Under a name of its own first, so that half a file is not taken for a whole one.
fn write_file(source: &Source<'_>, file: &Path, bar: &mut Bar) -> anyhow::Result<Totals> {
    anyhow::ensure!(
        fs::symlink_metadata(file).is_err(),
        "{} is there already and is never replaced; choose another name",
        file.display()
    );
    let mut name = file.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let shown = || format!("{} cannot be written", partial.display());
    let mut options = OpenOptions::new();
    let out = options.write(true).create(true).truncate(true).mode(0o600).open(&partial);
    let out = out.with_context(shown)?;
    let written = source.write(&mut BufWriter::new(&out), bar);
    if written.is_err() {
        fs::remove_file(&partial).with_context(shown)?;
    }
    let totals = written?;
    publish_file(&out, &partial, file)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(totals)
}

/// Where everything comes from.
struct Source<'a> {
    reader: &'a dyn Reader,
    cluster: Option<&'a dyn Cluster>,
    at: Timestamp,
    keys: Vec<Attachment>,
}

impl Source<'_> {
    fn write(&self, out: &mut dyn Write, bar: &mut Bar) -> anyhow::Result<Totals> {
        let mut watch = |progress| draw(bar, progress);
        let from = (self.reader, self.cluster);
        Ok(transfer::export(from, self.at, &self.keys, out, &mut watch)?)
    }
}

/// Draws how far an export or import is.
pub(crate) fn draw(bar: &mut Bar, progress: Progress) {
    bar.show(progress.share, |seconds| {
        let stage = match progress.stage {
            Stage::Moving => "moving",
            Stage::Comparing => "reading back",
            Stage::Checking => return "checking".to_owned(),
        };
        #[expect(clippy::cast_precision_loss, reason = "it is shown to people")]
        let rate = progress.rows as f64 / seconds;
        format!("{stage}: {} rows, {rate:.0} rows/s", progress.rows)
    });
}

/// What went through, for programs.
pub(crate) fn described(totals: &Totals) -> Value {
    let digest: String = totals.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "rows": totals.rows, "sums": sums(&totals.sums), "sha256": digest })
}
