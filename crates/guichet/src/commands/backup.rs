//! `guichet backup`: a copy of an installation, while it sells.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use store::sqlite::Settings;
use store::sqlite::backup::{self, Contents, Copying, KEEP_FREE_BYTES, Progress};
use store::{LedgerSum, SystemClock};

use crate::installation::{Installation, Place};
use crate::key_files;
use crate::progress::{Bar, megabytes, share};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file to write; it must not be there yet. It holds the keys too: keep it safe.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    refuse_postgres(&arguments.place)?;
    tokio::task::spawn_blocking(move || take(&arguments.place, &arguments.file)).await?
}

/// PostgreSQL brings its own tools, which know more than we could.
pub(crate) fn refuse_postgres(place: &Place) -> anyhow::Result<()> {
    anyhow::ensure!(
        !place.database.is_shared(),
        "this is for a database in the folder; back PostgreSQL up with its own tools, or use \
         `guichet export`"
    );
    Ok(())
}

fn take(place: &Place, file: &Path) -> anyhow::Result<ExitCode> {
    let installation = Installation::existing(&place.data)?;
    let from = Settings::of(&installation.database_file());
    let mut bar = Bar::new();
    let mut progress = |progress| draw(&mut bar, progress);
    let mut copying = copying(&mut progress);
    let keys = || key_files::read(&installation.folder);
    let taken = backup::backup(&from, &Settings::of(file), &mut copying, keys)?;
    let seconds = bar.end();
    let mut summary = described(&taken.contents);
    summary["backup"] = json!(file);
    summary["log_length"] = json!(taken.log_length);
    summary["seconds"] = json!(seconds);
    println!("{summary}");
    Ok(ExitCode::SUCCESS)
}

/// Draws how far a copy is.
pub(crate) fn draw(bar: &mut Bar, progress: Progress) {
    match progress {
        Progress::Copying { done, total } => bar.show(Some(share(done, total)), |_| {
            format!("{} of {}", megabytes(done), megabytes(total))
        }),
        Progress::Checking => bar.show(None, |_| "checking the copy".to_owned()),
    }
}

/// How the commands copy.
pub(crate) fn copying(progress: &mut dyn FnMut(Progress)) -> Copying<'_> {
    Copying { clock: &SystemClock, keep_free_bytes: KEEP_FREE_BYTES, progress }
}

/// What a copy holds, for programs.
pub(crate) fn described(contents: &Contents) -> Value {
    json!({
        "taken_at": moment(contents.taken_at),
        "length": contents.length,
        "sales": contents.check.sales,
        "postings": contents.check.postings,
        "open_payments": contents.check.open_attempts,
        "reviews": contents.check.reviews,
        "sums": sums(&contents.sums),
    })
}

/// What the books add up to, for programs.
pub(crate) fn sums(sums: &[LedgerSum]) -> Vec<Value> {
    let row = |sum: &LedgerSum| {
        let amount = i64::try_from(sum.amount).unwrap_or(i64::MAX);
        json!({ "account": sum.account, "currency": sum.currency, "amount": amount })
    };
    sums.iter().map(row).collect()
}

/// A moment as people write it, in UTC.
pub(crate) fn moment(at: domain::time::Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .map_or_else(|_| at.0.to_string(), |moment| format!("{moment:.0}"))
}
