//! `guichet check`: the database, the books and what is still open, while it sells or not.

use std::process::ExitCode;

use clap::Args;
use store::CheckReport;
use store::sqlite::Settings;
use store::sqlite::check::check_beside;

use crate::installation::{Installation, Place};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let report = look(&arguments.place).await?;
    let CheckReport { findings, sales, postings, open_attempts, reviews, outbox } = &report;
    println!("{sales} sales and {postings} postings looked at");
    println!("{open_attempts} payments open, {reviews} wait for a person, {outbox} notices owed");
    findings.iter().for_each(|finding| println!("wrong: {finding}"));
    let verdict = if findings.is_empty() { "all is well" } else { "something is wrong" };
    println!("{verdict}");
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(place: &Place) -> anyhow::Result<CheckReport> {
    if place.database.is_shared() {
        let store = place.open_existing("check").await?;
        let report = store.check().await;
        store.close().await?;
        return Ok(report?);
    }
    let settings = Settings::of(&Installation::existing(&place.data)?.database_file());
    Ok(tokio::task::spawn_blocking(move || check_beside(&settings)).await??)
}
