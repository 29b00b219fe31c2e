//! How fast a ticket order and its answer are read and written: JSON and JSV beside `serde_json`.
//!
//! All rivals take turns in every round, so that a disturbance of the machine hits all alike. The
//! best round is what the code can do, the median what to expect of it.

pub mod documents;
pub mod serde_types;

use contract::ticket_order::{TicketOrder, TicketOrderResult};
use serde::{Serialize, de::DeserializeOwned};
use service::dto;
use std::hint::black_box;
use wire::{NameStyle, Record, Settings};

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
    /// `json`, `jsv` or `serde_json`.
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
    Ok(figures(rivals))
}

/// Adds three readers and three writers of one document.
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
    dto::read_json(text.as_bytes(), &mut value, &settings())?;
    let twin: T = serde_json::from_str(text)?;
    let mut jsv = Vec::new();
    dto::write_jsv(&value, &settings(), &mut jsv);
    dto::read_jsv(&jsv, &mut R::default(), &settings())?;
    let readers = readers::<R, T>(text, jsv);
    let writers = writers(std::rc::Rc::new(value), twin);
    for (task, runs) in [("read", readers), ("write", writers)] {
        for (format, run) in ["json", "jsv", "serde_json"].into_iter().zip(runs) {
            rivals.push(Rival { document, task, format, run, rounds_ns: Vec::new() });
        }
    }
    Ok(())
}

/// Reading the document as JSON, as JSV, and by the judge.
fn readers<R, T>(text: &'static str, jsv: Vec<u8>) -> [Box<dyn FnMut()>; 3]
where
    R: Record + 'static,
    T: DeserializeOwned + 'static,
{
    [
        Box::new(|| {
            let mut value = R::default();
            let outcome = dto::read_json(black_box(text.as_bytes()), &mut value, &settings());
            black_box((&value, outcome.is_ok()));
        }),
        Box::new(move || {
            let mut value = R::default();
            let outcome = dto::read_jsv(black_box(&jsv), &mut value, &settings());
            black_box((&value, outcome.is_ok()));
        }),
        Box::new(move || {
            black_box(serde_json::from_slice::<T>(black_box(text.as_bytes())).is_ok());
        }),
    ]
}

/// Writing the document as JSON, as JSV, and by the judge.
fn writers<R, T>(value: std::rc::Rc<R>, twin: T) -> [Box<dyn FnMut()>; 3]
where
    R: Record + 'static,
    T: Serialize + 'static,
{
    let jsv_value = value.clone();
    [
        Box::new(move || {
            let mut out = Vec::with_capacity(OUTPUT_CAPACITY);
            dto::write_json(black_box(&*value), &settings(), &mut out);
            black_box(&out);
        }),
        Box::new(move || {
            let mut out = Vec::with_capacity(OUTPUT_CAPACITY);
            dto::write_jsv(black_box(&*jsv_value), &settings(), &mut out);
            black_box(&out);
        }),
        Box::new(move || {
            let mut out = Vec::with_capacity(OUTPUT_CAPACITY);
            let outcome = serde_json::to_writer(&mut out, black_box(&twin));
            black_box((&out, outcome.is_ok()));
        }),
    ]
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
            (other.document, other.task, other.format) == (rival.document, rival.task, "serde_json")
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
