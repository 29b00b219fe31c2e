//! `guichet export`: everything in an installation, as lines that any engine can take in.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::time::Timestamp;
use serde_json::{Value, json};
use store::engine::Engine as _;
use store::snapshot::Reader;
use store::transfer::{self, Progress, Stage, Totals, TransferError};
use store::{Attachment, Clock as _, SystemClock, postgres, publish_file, sqlite};

use super::backup::sums;
use crate::installation::{Installation, Place};
use crate::key_files;
use crate::progress::Bar;

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

fn write_out(place: &Place, file: &Path) -> anyhow::Result<ExitCode> {
    let source = Source::open(place)?;
    let mut bar = Bar::new();
    let totals = if file == Path::new(STANDARD) {
        source.write(&mut io::stdout().lock(), &mut bar)?
    } else {
        write_file(&source, file, &mut bar)?
    };
    let seconds = bar.end();
    let mut summary = described(&totals);
    summary["exported"] = json!(file);
    summary["seconds"] = json!(seconds);
    if file == Path::new(STANDARD) {
        eprintln!("{summary}");
    } else {
        println!("{summary}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Under a name of its own first, so that half a file is not taken for a whole one.
fn write_file(source: &Source, file: &Path, bar: &mut Bar) -> anyhow::Result<Totals> {
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
struct Source {
    reader: Arc<dyn Reader>,
    at: Timestamp,
    keys: Vec<Attachment>,
    /// What must live as long as the reader, such as the lock on the file.
    _held: Box<dyn std::any::Any>,
}

impl Source {
    /// Opens the database; one in a file must not be in use, so that nothing is sold behind the
    /// export's back.
    fn open(place: &Place) -> anyhow::Result<Source> {
        let keys = key_files::read(&place.data)
            .with_context(|| format!("the keys in {} cannot be read", place.data.display()))?;
        if let Some(settings) = place.database.postgres("export") {
            let backend = postgres::open(settings)?;
            let reader = Arc::clone(&backend.reader);
            return Ok(Source { reader, at: SystemClock.now(), keys, _held: Box::new(backend) });
        }
        let file = Installation::existing(&place.data)?.database_file();
        let (mut engine, reader) = sqlite::open(sqlite::Settings::of(&file))?;
        let at = engine.last_moment()?.unwrap_or_else(|| SystemClock.now());
        Ok(Source { reader, at, keys, _held: Box::new(engine) })
    }

    fn write(&self, out: &mut dyn Write, bar: &mut Bar) -> anyhow::Result<Totals> {
        let mut watch = |progress| draw(bar, progress);
        let mut totals = Err(TransferError::Unfinished);
        self.reader.read(&mut |view| {
            totals = transfer::export(view, self.at, &self.keys, out, &mut watch);
        })?;
        Ok(totals?)
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
