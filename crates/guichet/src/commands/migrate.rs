//! `guichet migrate`: bring a database up to date, and spread it over Citus workers.

use std::process::ExitCode;

use clap::Args;
use store::postgres;

use crate::installation::Place;

/// Under which name this command works on a database that nodes share.
const NODE_NAME: &str = "migrate";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Also spread the tables over the workers of a Citus cluster, by seller; what is spread
    /// already stays as it is.
    #[arg(long)]
    distribute: bool,
    /// Only print the statements that --distribute would run.
    #[arg(long, requires = "distribute")]
    print: bool,
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if arguments.print {
        postgres::distribution().iter().for_each(|statement| println!("{statement};"));
        return Ok(ExitCode::SUCCESS);
    }
    arguments.place.open_or_create(NODE_NAME).await?.close().await?;
    println!("the database is up to date");
    if arguments.distribute {
        let settings = arguments.place.database.postgres(NODE_NAME);
        let settings = settings.ok_or_else(|| {
            anyhow::anyhow!(
                "only PostgreSQL with Citus can be distributed; name it with --database"
            )
        })?;
        let tell = |line: &str| println!("{line}");
        tokio::task::spawn_blocking(move || postgres::distribute(&settings, &mut { tell }))
            .await??;
    }
    Ok(ExitCode::SUCCESS)
}
