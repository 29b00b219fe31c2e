//! `guichet check`: the database, the books and what is still open.

use std::process::ExitCode;

use clap::Args;
use store::CheckReport;

use crate::installation::Place;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("check").await?;
    let report = store.check().await;
    store.close().await?;
    let report = report?;
    let CheckReport { findings, sales, postings, open_attempts, reviews, outbox } = &report;
    println!("{sales} sales and {postings} postings looked at");
    println!("{open_attempts} payments open, {reviews} wait for a person, {outbox} notices owed");
    findings.iter().for_each(|finding| println!("wrong: {finding}"));
    let verdict = if findings.is_empty() { "all is well" } else { "something is wrong" };
    println!("{verdict}");
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
