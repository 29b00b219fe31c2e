//! The command line of Guichet. It knows no rules: every command opens the installation's folder
//! and hands over to the server, the store or the sandbox.

mod commands;
mod installation;
mod key_files;
mod mail;
mod moments;
mod password;
mod progress;
mod release;
mod sms;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Orders are thousands of small allocations on several threads (`docs/performance.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The till behind a ticket window.
#[derive(Debug, Parser)]
#[command(name = "guichet", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sell: serve the published operations over HTTP.
    Serve(commands::serve::Arguments),
    /// Try it: a folder with clubs, a season and a key, and a server to order from.
    Demo(commands::demo::Arguments),
    /// Work on what is for sale.
    #[command(subcommand)]
    Catalogue(commands::catalogue::Command),
    /// Work on the keys of programs that may call.
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Work on people who sign in.
    #[command(subcommand)]
    User(commands::user::Command),
    /// Tell who signed in, who was turned away and whose rights were changed.
    Audit(commands::audit::Arguments),
    /// Run the sandbox gateway as a process of its own.
    Sandbox(commands::sandbox::Arguments),
    /// Write the books for other programs.
    #[command(subcommand)]
    Ledger(commands::ledger::Command),
    /// Compare what gateways paid out with what the till took.
    #[command(subcommand)]
    Reconcile(commands::reconcile::Command),
    /// Check the database, the books and what is still open.
    Check(commands::check::Arguments),
    /// Bring a database up to date, and spread it over the workers of a cluster.
    Migrate(commands::migrate::Arguments),
    /// Copy the installation into one file, while it sells or not.
    Backup(commands::backup::Arguments),
    /// Make an installation of a backup, in an empty folder.
    Restore(commands::restore::Arguments),
    /// Write everything into a file that any engine can take in.
    Export(commands::export::Arguments),
    /// Fill an empty database from an export.
    Import(commands::import::Arguments),
    /// Give out no number twice after a database was brought back to an earlier moment.
    SkipNumbers(commands::skip_numbers::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guichet: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes in one line, without those that are told already.
fn told(error: &anyhow::Error) -> String {
    error.chain().skip(1).map(ToString::to_string).fold(error.to_string(), |said, cause| {
        if said.contains(&cause) { said } else { format!("{said}: {cause}") }
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve(arguments) => commands::serve::run(arguments).await,
            Command::Demo(arguments) => commands::demo::run(arguments).await,
            Command::Catalogue(command) => commands::catalogue::run(command).await,
            Command::Key(command) => commands::key::run(command).await,
            Command::User(command) => commands::user::run(command).await,
            Command::Audit(arguments) => commands::audit::run(arguments).await,
            Command::Sandbox(arguments) => commands::sandbox::run(arguments).await,
            Command::Ledger(command) => commands::ledger::run(command).await,
            Command::Reconcile(command) => commands::reconcile::run(command).await,
            Command::Migrate(arguments) => commands::migrate::run(arguments).await,
            Command::Check(arguments) => commands::check::run(arguments).await,
            Command::Backup(arguments) => commands::backup::run(arguments).await,
            Command::Restore(arguments) => commands::restore::run(arguments).await,
            Command::Export(arguments) => commands::export::run(arguments).await,
            Command::Import(arguments) => commands::import::run(arguments).await,
            Command::SkipNumbers(arguments) => commands::skip_numbers::run(arguments).await,
        }
    })
}
