//! `guichet ledger`: the books for other programs.

mod accounts;
mod csv;
mod hledger;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use domain::ids::Shard;
use domain::ledger::Posting;
use domain::time::{Span, Timestamp};
use store::snapshot::{PostingPlace, Snapshot};
use store::{PAGE_ROWS_MAX, Store};

use crate::installation::Place;
use crate::moments;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write what was booked to standard output, while the till sells or not.
    Export(Arguments),
}

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to write it.
    #[arg(long, value_enum)]
    format: Format,
    /// The first day, in UTC; without it from the beginning.
    #[arg(long, value_name = "DAY", value_parser = moments::day)]
    from: Option<Timestamp>,
    /// The last day, in UTC; without it to the end.
    #[arg(long, value_name = "DAY", value_parser = moments::day)]
    to: Option<Timestamp>,
    /// Only the books of this organiser, agency or chain, by its number.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    seller: Option<u32>,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line for each side of each entry.
    Csv,
    /// A journal that hledger reads.
    Hledger,
}

/// Which postings are written.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    from: Option<Timestamp>,
    /// The first moment that is too late.
    before: Option<Timestamp>,
    seller: Option<Shard>,
}

/// What becomes of the postings.
trait Journal {
    fn posting(&mut self, posting: &Posting, out: &mut dyn Write) -> io::Result<()>;

    /// What comes before the first one.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()>;

    /// What comes after the last one.
    fn end(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Export(arguments) = command;
    let wanted = Wanted {
        from: arguments.from,
        before: arguments.to.map(|day| day.after(Span::hours(24))),
        seller: arguments.seller.map(Shard),
    };
    let mut journal: Box<dyn Journal + Send> = match arguments.format {
        Format::Csv => Box::new(csv::Csv),
        Format::Hledger => Box::new(hledger::Hledger::default()),
    };
    if arguments.place.database.is_shared() {
        let store = arguments.place.open_existing("ledger export").await?;
        let written = write_from(&store, wanted, &mut *journal).await;
        store.close().await?;
        written?;
    } else {
        let place = arguments.place;
        let write = move || {
            place.look(|view| {
                let mut out = BufWriter::new(io::stdout().lock());
                Ok(write_view(view, wanted, &mut *journal, &mut out))
            })
        };
        tokio::task::spawn_blocking(write).await???;
    }
    Ok(ExitCode::SUCCESS)
}

impl Wanted {
    fn sellers(self, all: Vec<Shard>) -> Vec<Shard> {
        all.into_iter().filter(|shard| self.seller.is_none_or(|seller| seller == *shard)).collect()
    }

    fn includes(self, posting: &Posting) -> bool {
        self.from.is_none_or(|from| posting.at >= from)
            && self.before.is_none_or(|before| posting.at < before)
    }
}

/// Everything as of one moment.
fn write_view(
    view: &dyn Snapshot,
    wanted: Wanted,
    journal: &mut dyn Journal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    journal.begin(out)?;
    for shard in wanted.sellers(view.shards()?) {
        let mut after = PostingPlace::default();
        loop {
            let page = view.postings_after(shard, after, PAGE_ROWS_MAX)?;
            let Some(last) = page.last() else { break };
            after = PostingPlace::of(last);
            write_page(&page, wanted, journal, out)?;
        }
    }
    journal.end(out)?;
    Ok(out.flush()?)
}

/// The same page by page, for a database that other nodes go on with.
async fn write_from(
    store: &Store,
    wanted: Wanted,
    journal: &mut (dyn Journal + Send),
) -> anyhow::Result<()> {
    journal.begin(&mut io::stdout())?;
    for shard in wanted.sellers(store.sellers().await?) {
        let mut after = PostingPlace::default();
        loop {
            let page = store.postings(shard, after, PAGE_ROWS_MAX).await?;
            let Some(last) = page.last() else { break };
            after = PostingPlace::of(last);
            let mut out = BufWriter::new(io::stdout().lock());
            write_page(&page, wanted, journal, &mut out)?;
            out.flush()?;
        }
    }
    Ok(journal.end(&mut io::stdout())?)
}

fn write_page(
    page: &[Posting],
    wanted: Wanted,
    journal: &mut dyn Journal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut shown = page.iter().filter(|posting| wanted.includes(posting));
    shown.try_for_each(|posting| journal.posting(posting, out))
}

/// What happened, as it is published.
fn kind_of(posting: &Posting) -> String {
    let kind = serde_json::to_value(posting.kind).unwrap_or_default();
    kind.as_str().unwrap_or_default().to_owned()
}

/// What caused it.
fn source_of(posting: &Posting) -> &'static str {
    use domain::ledger::Source;
    match posting.source {
        Source::Sale(_) => "sale",
        Source::Payout(_) => "payout",
        Source::Card(_) => "card",
    }
}
