//! Everything a run needs around the servers: folders, catalogues, keys, a gateway.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::OrdersError;
use super::catalogue;
use super::database::Database;
use super::request::Shop;
use crate::program::Program;

/// A temporary folder and the programs beside this one.
pub(crate) struct Workshop {
    folder: TempDir,
    programs: PathBuf,
}

impl Workshop {
    pub(crate) fn open(in_folder: Option<&Path>) -> Result<Workshop, OrdersError> {
        let in_folder = in_folder.map_or_else(std::env::temp_dir, Path::to_owned);
        let folder = tempfile::Builder::new().prefix("guichet-bench-").tempdir_in(in_folder);
        let folder = folder.map_err(|error| file("making a temporary folder", error))?;
        let own = std::env::current_exe().map_err(|error| file("finding this program", error))?;
        let programs = own.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Workshop { folder, programs })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, program: &str) -> Result<Command, OrdersError> {
        let path = self.programs.join(program);
        if !path.exists() {
            let message = format!("{} is missing; use `cargo xtask bench`", path.display());
            return Err(OrdersError::Preparation(message));
        }
        Ok(Command::new(path))
    }

    pub(crate) fn fresh_folder(&self, name: &str) -> Result<PathBuf, OrdersError> {
        let path = self.folder().join(name);
        fs::create_dir(&path).map_err(|error| file("making a data folder", error))?;
        Ok(path)
    }

    /// A sandbox gateway that answers at once, on one thread: in life it runs elsewhere.
    pub(crate) fn start_sandbox(&self, name: &str) -> Result<Program, OrdersError> {
        let data = self.fresh_folder(name)?;
        let mut command = self.command("guichet")?;
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.env("TOKIO_WORKER_THREADS", "1");
        Ok(Program::start("guichet sandbox", &mut command)?)
    }

    /// Imports a catalogue of so many sellers and makes a key; a shop for each seller.
    pub(crate) fn open_shops(
        &self,
        data: &Path,
        database: &Database,
        sellers: u32,
    ) -> Result<Vec<Shop>, OrdersError> {
        let catalogue = data.join("catalogue.toml");
        fs::write(&catalogue, catalogue::text(sellers))
            .map_err(|error| file("writing a catalogue", error))?;
        let mut import = self.command("guichet")?;
        import.args(["catalogue", "import"]).arg(catalogue).arg("--data").arg(data);
        let numbers = output_of(import.args(database.arguments()))?;
        let mut key = self.command("guichet")?;
        key.args(["key", "create", "--name", "bench", "--role", "Admin", "--data"]).arg(data);
        let key = output_of(key.args(database.arguments()))?;
        let key = key.lines().last().unwrap_or_default().trim();
        (1..=sellers).map(|seller| shop(&numbers, seller, key)).collect()
    }
}

/// One seller's numbers, from the lines `KIND SLUG NUMBER` of an import.
fn shop(lines: &str, seller: u32, key: &str) -> Result<Shop, OrdersError> {
    let number = |kind: &str, name: &str| {
        let item = format!("{kind} {name}-{seller} ");
        let found = lines.lines().find_map(|line| line.strip_prefix(&item)?.trim().parse().ok());
        let missing = || OrdersError::Preparation(format!("the import told no number of {item}"));
        found.ok_or_else(missing)
    };
    Ok(Shop {
        event: number("event", "match")?,
        hot_event: number("event", "hot")?,
        sold_out_event: number("event", "sold-out")?,
        adult: number("ticket_type", "adult")?,
        child: number("ticket_type", "child")?,
        key: key.to_owned(),
    })
}

fn output_of(command: &mut Command) -> Result<String, OrdersError> {
    let output = command.output().map_err(|error| file("starting guichet", error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(OrdersError::Preparation(format!("{command:?} failed: {said}")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn file(doing: &str, error: io::Error) -> OrdersError {
    OrdersError::File { doing: doing.to_owned(), error }
}
