//! `guichet reconcile`: what gateways paid out, beside what the till took.

mod import;
mod list;
mod table;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take in a gateway's settlement (see docs/bookkeeping.md). On SQLite the server must be
    /// stopped; while it runs, send the file to `POST /ledger/settlements`.
    Import(import::Arguments),
    /// Tell what gateways have not settled, and what differs, while the till sells or not.
    List(list::Arguments),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(arguments) => import::run(arguments).await,
        Command::List(arguments) => list::run(arguments).await,
    }
}
