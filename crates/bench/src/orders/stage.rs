//! Everything a run needs around the servers: folders, catalogues, keys, a gateway.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::OrdersError;
use super::database::Database;
use super::scenario::Scenario;
use super::seller::Seller;
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
        let beside = own.parent().unwrap_or(Path::new(""));
        // Tests lie a folder below the programs.
        let is_test = beside.ends_with("deps");
        let programs = beside.parent().filter(|_| is_test).unwrap_or(beside).to_owned();
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

    /// Imports a catalogue of so many sellers and makes a key for each.
    pub(crate) fn open_sellers(
        &self,
        data: &Path,
        database: &Database,
        (scenario, sellers): (Scenario, u32),
        sandbox: &Program,
    ) -> Result<Vec<Seller>, OrdersError> {
        let catalogue = data.join("catalogue.toml");
        fs::write(&catalogue, scenario.catalogue(sellers))
            .map_err(|error| file("writing a catalogue", error))?;
        let mut import = self.command("guichet")?;
        import.args(["catalogue", "import"]).arg(catalogue).arg("--data").arg(data);
        let imported = Imported(output_of(import.args(database.arguments()))?);
        let seller = |number| {
            let mut key = self.command("guichet")?;
            key.args(["key", "create", "--name", "bench", "--data"]).arg(data);
            key.args(scenario.key_options(number)).args(database.arguments());
            let key = output_of(&mut key)?;
            let key = key.lines().last().unwrap_or_default().trim();
            scenario.seller((&imported, number), key, sandbox.address())
        };
        (1..=sellers).map(seller).collect()
    }

    /// Looks at the database and the books of a till.
    pub(crate) fn check(&self, data: &Path, database: &Database) -> Result<(), OrdersError> {
        let mut check = self.command("guichet")?;
        check.arg("check").arg("--data").arg(data).args(database.arguments());
        output_of(&mut check).map(drop)
    }
}

/// The lines `KIND SLUG NUMBER` of an import.
pub(crate) struct Imported(String);

impl Imported {
    /// The number of one item.
    pub(crate) fn number(&self, kind: &str, slug: &str) -> Result<u32, OrdersError> {
        let item = format!("{kind} {slug} ");
        let found = self.0.lines().find_map(|line| line.strip_prefix(&item)?.trim().parse().ok());
        let missing = || OrdersError::Preparation(format!("the import told no number of {item}"));
        found.ok_or_else(missing)
    }
}

fn output_of(command: &mut Command) -> Result<String, OrdersError> {
    let output = command.output().map_err(|error| file("starting guichet", error))?;
    if !output.status.success() {
        let said = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        let said = said.concat();
        return Err(OrdersError::Preparation(format!("{command:?} failed: {said}")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn file(doing: &str, error: io::Error) -> OrdersError {
    OrdersError::File { doing: doing.to_owned(), error }
}
