//! `guichet key`: who may call.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::ids::Shard;
use domain::record::Record;
use server::access::keys::{NewKey, create};
use store::Store;

use crate::installation::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a key; it is printed once, on the last line, and stored nowhere.
    Create(Create),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Whose key it is, for your own lists.
    #[arg(long)]
    name: String,
    /// What it is: Admin, TeamAdmin, MobileApp. May be repeated.
    #[arg(long, value_name = "ROLE", required = true)]
    role: Vec<String>,
    /// What it may: ReadData. May be repeated.
    #[arg(long, value_name = "PERMISSION")]
    permission: Vec<String>,
    /// The slug of an organiser a TeamAdmin acts for. May be repeated.
    #[arg(long, value_name = "SLUG")]
    organiser: Vec<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Create(arguments) = command;
    let store = arguments.place.open_or_create("key create").await?;
    let made = make(&store, arguments).await;
    store.close().await?;
    println!("{}", made?);
    Ok(ExitCode::SUCCESS)
}

async fn make(store: &Store, arguments: Create) -> anyhow::Result<String> {
    let mut organisers = Vec::new();
    for slug in &arguments.organiser {
        organisers.push(organiser(store, slug).await?);
    }
    let key = NewKey {
        name: arguments.name,
        roles: arguments.role,
        permissions: arguments.permission,
        organisers,
    };
    Ok(create(store, key).await?)
}

async fn organiser(store: &Store, slug: &str) -> anyhow::Result<Shard> {
    for shard in store.sellers().await? {
        let rows = store.catalogue(shard).await?;
        let found = rows
            .records
            .iter()
            .any(|record| matches!(record, Record::Organiser(organiser) if organiser.slug == slug));
        if found {
            return Ok(shard);
        }
    }
    anyhow::bail!("there is no organiser \"{slug}\"; import a catalogue with it first")
}
