//! How fast a ticket order and its answer are read and written: every format beside `serde_json`.
//!
//! All rivals take turns in every round, so that a disturbance of the machine hits all alike. The
//! best round is what the code can do, the median what to expect of it.

pub mod documents;
pub mod serde_types;

use contract::ticket_order::{TicketOrder, TicketOrderResult};
use serde::{Serialize, de::DeserializeOwned};
use std::hint::black_box;
use std::rc::Rc;
use wire::{NameStyle, Record, Settings, csv, json, jsonl, jsv, xml};

/// Rounds of all rivals.
pub const ROUNDS: usize = 301;
/// Repetitions of one rival in one round: few, so that a round fits between two disturbances.
pub const REPETITIONS_PER_ROUND: u32 = 25;

/// What was measured of one rival at one task.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// `request` or `response`.
    pub document: &'static str,
    /// `read` or `write`.
    pub task: &'static str,
    /// `json`, `jsv`, `xml`, `csv`, `jsonl` or `serde_json`.
    pub format: &'static str,
    /// Nanoseconds for one document in the best round.
    pub best_ns: f64,
    /// Nanoseconds for one document in the middle round.
    pub median_ns: f64,
    /// Speed of the best round as a multiple of `serde_json`'s at the same task.
    pub speed_ratio: f64,
}

/// One task of one rival.
struct Rival {
    document: &'static str,
    task: &'static str,
    format: &'static str,
    run: Box<dyn FnMut()>,
    rounds_ns: Vec<f64>,
}

/// Why the documents could not be read, which means that the types and documents do not agree.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatsError {
    /// Our own reader refused one.
    #[error("the bench document was refused: {0}")]
    Refused(#[from] wire::Problems),
    /// What one of our own writers wrote was refused by its reader.
    #[error("the bench document written as {0} was refused by its reader")]
    Unreadable(&'static str),
    /// `serde_json` refused one.
    #[error("serde_json refused the bench document: {0}")]
    Serde(#[from] serde_json::Error),
}

/// The settings of the tickets host's writing operations.
fn settings() -> Settings {
    Settings::named(NameStyle::Camel).strictly()
}

/// Measures every rival at every task.
///
/// # Errors
/// If a document cannot be read.
pub fn measure() -> Result<Vec<Figure>, FormatsError> {
    let mut rivals = Vec::new();
    add::<TicketOrder, serde_types::TicketOrder>(&mut rivals, "request", documents::REQUEST)?;
    add::<TicketOrderResult, serde_types::TicketOrderResult>(
        &mut rivals,
        "response",
        documents::RESPONSE,
    )?;
    for _ in 0..ROUNDS {
        for rival in &mut rivals {
            let start = crate::clock::now();
            (0..REPETITIONS_PER_ROUND).for_each(|_| (rival.run)());
            let round_ns = start.elapsed().as_secs_f64() * 1e9;
            rival.rounds_ns.push(round_ns / f64::from(REPETITIONS_PER_ROUND));
        }
    }
    rivals.sort_by_key(|rival| (rival.document, rival.task));
    Ok(figures(rivals))
}

/// A reader of one format; answers whether it could read.
type Read<R> = fn(&[u8], &mut R) -> bool;

/// A writer of one format.
type Write<R> = fn(&R, &mut Vec<u8>);

/// The formats by name, each with its reader and its writer.
fn formats<R: Record>() -> [(&'static str, Read<R>, Write<R>); 5] {
    [
        (
            "json",
            |body, record| json::read(body, record, &settings()).is_ok(),
            |record, out| json::write(record, &settings(), out),
        ),
        (
            "jsv",
            |body, record| jsv::read(body, record, &settings()).is_ok(),
            |record, out| jsv::write(record, &settings(), out),
        ),
        (
            "xml",
            |body, record| xml::read(body, record, &settings()).is_ok(),
            |record, out| xml::write(record, &settings(), out),
        ),
        (
            "csv",
            |body, record| csv::read(body, record, &settings()).is_ok(),
            |record, out| csv::write(record, &settings(), out),
        ),
        (
            "jsonl",
            |body, record| jsonl::read(body, record, &settings()).is_ok(),
            |record, out| jsonl::write(record, &settings(), out),
        ),
    ]
}

/// Adds a reader and a writer of one document for each format and for the judge.
fn add<R, T>(
    rivals: &mut Vec<Rival>,
    document: &'static str,
    text: &'static str,
) -> Result<(), FormatsError>
where
    R: Record + 'static,
    T: DeserializeOwned + Serialize + 'static,
{
    let mut value = R::default();
    json::read(text.as_bytes(), &mut value, &settings())?;
    let (value, twin) = (Rc::new(value), serde_json::from_str::<T>(text)?);
    let mut rival = |task, format, run| {
        rivals.push(Rival { document, task, format, run, rounds_ns: Vec::new() });
    };
    for (format, read, write) in formats::<R>() {
        let mut body = Vec::new();
        write(&value, &mut body);
        if !read(&body, &mut R::default()) {
            return Err(FormatsError::Unreadable(format));
        }
        rival("read", format, reader(read, body));
        rival("write", format, writer(write, value.clone()));
    }
    rival("read", JUDGE, judging_reader::<T>(text));
    rival("write", JUDGE, judging_writer(twin));
    Ok(())
}

/// What the formats are measured against.
const JUDGE: &str = "serde_json";

fn reader<R: Record + 'static>(read: Read<R>, body: Vec<u8>) -> Box<dyn FnMut()> {
    Box::new(move || {
        let mut value = R::default();
        let is_read = read(black_box(&body), &mut value);
        black_box((&value, is_read));
    })
}

fn writer<R: 'static>(write: Write<R>, value: Rc<R>) -> Box<dyn FnMut()> {
    Box::new(move || {
        let mut out = Vec::with_capacity(OUTPUT_CAPACITY);
        write(black_box(&*value), &mut out);
        black_box(&out);
    })
}

fn judging_reader<T: DeserializeOwned + 'static>(text: &'static str) -> Box<dyn FnMut()> {
    Box::new(move || {
        black_box(serde_json::from_slice::<T>(black_box(text.as_bytes())).is_ok());
    })
}

fn judging_writer<T: Serialize + 'static>(twin: T) -> Box<dyn FnMut()> {
    Box::new(move || {
        let mut out = Vec::with_capacity(OUTPUT_CAPACITY);
        let outcome = serde_json::to_writer(&mut out, black_box(&twin));
        black_box((&out, outcome.is_ok()));
    })
}

/// Room for either document, so that growing the buffer is not measured.
const OUTPUT_CAPACITY: usize = 8 * 1024;

fn figures(mut rivals: Vec<Rival>) -> Vec<Figure> {
    for rival in &mut rivals {
        rival.rounds_ns.sort_by(f64::total_cmp);
    }
    let best = |rival: &Rival| rival.rounds_ns.first().copied().unwrap_or(f64::NAN);
    let judge = |rival: &Rival| {
        rivals.iter().find(|other| {
            (other.document, other.task, other.format) == (rival.document, rival.task, JUDGE)
        })
    };
    rivals
        .iter()
        .map(|rival| Figure {
            document: rival.document,
            task: rival.task,
            format: rival.format,
            best_ns: best(rival),
            median_ns: rival.rounds_ns.get(ROUNDS / 2).copied().unwrap_or(f64::NAN),
            speed_ratio: judge(rival).map_or(f64::NAN, best) / best(rival),
        })
        .collect()
}

/// The figures as a table.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let mut out = format!(
        "{:<9} {:<6} {:<11} {:>9} {:>9}  speed\n",
        "document", "task", "format", "best ns", "median ns"
    );
    for figure in figures {
        let Figure { document, task, format, best_ns, median_ns, speed_ratio } = figure;
        let rival = format!("{document:<9} {task:<6} {format:<11}");
        out += &format!("{rival} {best_ns:>9.0} {median_ns:>9.0}  {speed_ratio:.2}\n");
    }
    out
}
