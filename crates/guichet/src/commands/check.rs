//! `guichet check`: the database, the books and what is still open.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use store::{CheckReport, Options};

use crate::installation::Installation;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The installation's folder.
    #[arg(long, value_name = "FOLDER", env = "GUICHET_DATA")]
    data: PathBuf,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let store = Installation::existing(&arguments.data)?.open(Options::default())?;
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
