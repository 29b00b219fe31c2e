//! `guichet skip-numbers`: after PostgreSQL was brought back to an earlier moment, never give out
//! a number again that may be in a buyer's hands.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value, json};
use store::engine::Engine;
use store::{Backend, Clock as _, NextNumbers, SystemClock, postgres, skip_numbers, sqlite};

use super::restore::SKIPPED_NUMBERS;
use crate::installation::{Installation, Place};
use crate::release::release;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many published numbers of each kind to leave out: more than were given out since the
    /// moment to which the database was brought back.
    #[arg(long, value_name = "COUNT", default_value_t = SKIPPED_NUMBERS)]
    count: u32,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { count, place } = arguments;
    let next = tokio::task::spawn_blocking(move || skip(&place, count)).await??;
    let next: Map<String, Value> =
        next.iter().map(|(kind, number)| (format!("{kind:?}"), json!(number))).collect();
    println!("{}", json!({ "next_numbers": next }));
    Ok(ExitCode::SUCCESS)
}

fn skip(place: &Place, count: u32) -> anyhow::Result<NextNumbers> {
    if let Some(settings) = place.database.postgres("skip-numbers") {
        return skip_in(postgres::open(settings)?, count);
    }
    let file = Installation::existing(&place.data)?.database_file();
    let (engine, reader) = sqlite::open(sqlite::Settings::of(&file))?;
    skip_in(Backend::single(engine, reader), count)
}

fn skip_in<E: Engine>(mut backend: Backend<E>, count: u32) -> anyhow::Result<NextNumbers> {
    let skipped = skip_numbers(&mut backend, count, SystemClock.now());
    let released = release(backend);
    let next = skipped?;
    released?;
    Ok(next)
}
