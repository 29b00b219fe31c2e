//! Where one installation lies: a folder with its keys, the sandbox's log and usually its
//! database, or beside the folder a PostgreSQL database that several nodes share.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use clap::builder::RangedI64ValueParser;
use domain::ids::SaleId;
use domain::time::Span;
use gateway::sandbox::SandboxOptions;
use server::keys::{self, KEY_FILES};
use store::snapshot::Snapshot;
use store::sqlite::check::read_beside;
use store::{Clock as _, Fault, OpenError, Options, Store, SystemClock, postgres, sqlite};

const DATABASE_FILE: &str = "guichet.db";

/// The pause between two tries to open a database that does not answer.
const OPEN_PAUSE: Duration = Duration::from_secs(1);

const SANDBOX_LOG_FILE: &str = "sandbox.log";

/// Which database holds what is sold.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DatabaseArguments {
    /// A PostgreSQL database in place of the file in the folder; any number of nodes may share
    /// it. Several hosts may be named: postgres://user@one,two/guichet. A password belongs into
    /// the environment, where others cannot see it.
    #[arg(long, value_name = "URL", env = "GUICHET_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<DatabaseUrl>,
    /// Whom to trust to vouch for PostgreSQL's server, a PEM file; else the usual authorities.
    #[arg(long, value_name = "FILE", env = "GUICHET_DATABASE_ROOT_CERTIFICATE")]
    database_root_certificate: Option<PathBuf>,
    /// How long to look for a database that can be written when the connection is lost.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    database_reconnect_within_s: u16,
    /// Connections that change something, each with a thread of its own.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = connections())]
    database_lanes: u32,
    /// Connections that answer questions, at most.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = connections())]
    database_readers: u32,
}

/// How many connections of a kind there may be.
fn connections() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=64)
}

/// A URL that may hold a password, and so is not printed; not even when it is wrong, which is why
/// whatever was typed is accepted here and judged where it is used.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl From<&str> for DatabaseUrl {
    fn from(text: &str) -> DatabaseUrl {
        DatabaseUrl(text.trim().to_owned())
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DatabaseUrl(..)")
    }
}

impl DatabaseArguments {
    /// Whether the database is one that nodes share; an empty setting counts as none.
    pub(crate) fn is_shared(&self) -> bool {
        self.database.as_ref().is_some_and(|url| !url.0.is_empty())
    }

    /// How to reach PostgreSQL under this name; `None` when the database is the folder's file.
    pub(crate) fn postgres(&self, node_name: &str) -> Option<postgres::Settings> {
        let DatabaseUrl(url) = self.database.as_ref().filter(|url| !url.0.is_empty())?;
        let mut settings = postgres::Settings::of(url, node_name);
        env!("CARGO_PKG_VERSION").clone_into(&mut settings.program_version);
        settings.lanes = self.database_lanes;
        settings.readers_max = self.database_readers;
        settings.root_certificate.clone_from(&self.database_root_certificate);
        settings.reconnect_within = Duration::from_secs(self.database_reconnect_within_s.into());
        Some(settings)
    }
}

/// Which installation a command works on.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// The installation's folder.
    #[arg(long, value_name = "FOLDER", env = "GUICHET_DATA")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

impl Place {
    /// Opens the installation for a command of this name, which makes what is not there.
    pub(crate) async fn open_or_create(&self, command: &str) -> anyhow::Result<Store> {
        let installation = Installation::create(&self.data)?;
        installation.open(&self.database, command, Options::default()).await
    }

    /// Opens the installation for a command of this name; it must be there.
    pub(crate) async fn open_existing(&self, command: &str) -> anyhow::Result<Store> {
        if self.database.is_shared() {
            return self.open_or_create(command).await;
        }
        let installation = Installation::existing(&self.data)?;
        installation.open(&self.database, command, Options::default()).await
    }

    /// Asks the folder's database a question of one moment, while it sells or not. Blocks.
    pub(crate) fn look<T>(
        &self,
        question: impl FnOnce(&dyn Snapshot) -> Result<T, Fault>,
    ) -> anyhow::Result<T> {
        let database = Installation::existing(&self.data)?.database_file();
        Ok(read_beside(&sqlite::Settings::of(&database), question)?)
    }
}

/// Where everything of one installation lies.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    pub(crate) folder: PathBuf,
}

impl Installation {
    /// The folder, made if it is not there, readable by its owner alone.
    pub(crate) fn create(folder: &Path) -> anyhow::Result<Installation> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok(Installation { folder: folder.to_owned() })
    }

    /// The folder, which must be there with a database.
    pub(crate) fn existing(folder: &Path) -> anyhow::Result<Installation> {
        anyhow::ensure!(
            folder.join(DATABASE_FILE).exists(),
            "there is no installation in {}; `guichet catalogue import` makes one",
            folder.display()
        );
        Ok(Installation { folder: folder.to_owned() })
    }

    /// Where the database is, if it is a file.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    /// Opens the database; with PostgreSQL, as a node of this name.
    pub(crate) async fn open(
        &self,
        database: &DatabaseArguments,
        node_name: &str,
        options: Options,
    ) -> anyhow::Result<Store> {
        let file = self.database_file();
        let postgres = database.postgres(node_name);
        let opened = tokio::task::spawn_blocking(move || match postgres {
            Some(settings) => open_shared(&settings, &options),
            None => Store::sqlite(&file, options),
        });
        Ok(opened.await??)
    }

    /// Opens the database to sell from it; with PostgreSQL, as a node of this name, which has the
    /// same keys as the others or is refused.
    pub(crate) async fn open_node(
        &self,
        database: &DatabaseArguments,
        node_name: &str,
        options: Options,
    ) -> anyhow::Result<Store> {
        let Some(mut settings) = database.postgres(node_name) else {
            return self.open(database, node_name, options).await;
        };
        let folder = self.folder.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let others_have_keys = patiently(&settings, || postgres::has_keys(&settings))?;
            settings.keys_identity = Some(keys::identity(&folder, others_have_keys)?);
            anyhow::Ok(open_shared(&settings, &options)?)
        });
        opened.await?
    }

    /// Refuses to make new keys where tickets were sold under others: gates could not read the
    /// new tickets, and a repeated order would look like another one.
    pub(crate) async fn refuse_lost_keys(&self, store: &Store) -> anyhow::Result<()> {
        let missing = KEY_FILES.iter().find(|name| !self.folder.join(name).exists());
        let Some(missing) = missing else { return Ok(()) };
        for seller in store.sellers().await? {
            let sold = !store.sales(seller, SaleId(0), 1).await?.is_empty();
            anyhow::ensure!(
                !sold,
                "{} is missing in {}, and tickets were sold with it; put it back from a backup, \
                 or copy it from another node",
                missing,
                self.folder.display()
            );
        }
        Ok(())
    }

    /// How a sandbox runs that keeps its log here.
    pub(crate) fn sandbox_options(&self, answer_delay: Span) -> SandboxOptions {
        SandboxOptions {
            log: self.folder.join(SANDBOX_LOG_FILE),
            answer_delay,
            clock: Arc::new(|| SystemClock.now()),
        }
    }
}

fn open_shared(settings: &postgres::Settings, options: &Options) -> Result<Store, OpenError> {
    patiently(settings, || Store::postgres(settings.clone(), options.clone()))
}

/// A database that does not answer yet is waited for as long as one that was lost.
fn patiently<T>(
    settings: &postgres::Settings,
    open: impl Fn() -> Result<T, OpenError>,
) -> Result<T, OpenError> {
    let tries = settings.reconnect_within.as_millis() / OPEN_PAUSE.as_millis();
    for _ in 0..tries {
        match open() {
            Err(OpenError::Database(problem)) => {
                tracing::warn!(problem, "the database cannot be opened; trying again");
                std::thread::sleep(OPEN_PAUSE);
            }
            opened => return opened,
        }
    }
    open()
}
