//! Everything a run needs around the server: folders, a catalogue, a key, a gateway.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::request::{Shop, order};
use super::{Options, OrdersError};
use crate::machine::folder_length;
use crate::program::Program;

/// One event with a quota, as events have one, so large that every order of a run is sold.
const CATALOGUE: &str = r#"
[[organiser]]
slug = "bench"
name = "Bench FC"
fee_basis_points = 500
[[ticket_type]]
slug = "adult"
organiser = "bench"
name = "Adult"
price = "4000"
[[event]]
slug = "match"
organiser = "bench"
name = "Bench – Away"
starts = "2037-05-02T19:15:00"
time_zone = "Atlantic/Reykjavik"
currency = "ISK"
capacity = 2000000000
[[event.price]]
ticket_type = "adult"
"#;

/// A temporary folder and the programs beside this one.
pub(super) struct Workshop {
    folder: TempDir,
    programs: PathBuf,
}

impl Workshop {
    pub(super) fn open(options: &Options) -> Result<Workshop, OrdersError> {
        let in_folder = options.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = tempfile::Builder::new().prefix("guichet-bench-").tempdir_in(in_folder);
        let folder = folder.map_err(|error| file("making a temporary folder", error))?;
        let own = std::env::current_exe().map_err(|error| file("finding this program", error))?;
        let programs = own.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Workshop { folder, programs })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, program: &str) -> Result<Command, OrdersError> {
        let path = self.programs.join(program);
        if !path.exists() {
            let message = format!("{} is missing; use `cargo xtask bench orders`", path.display());
            return Err(OrdersError::Preparation(message));
        }
        Ok(Command::new(path))
    }

    fn fresh_folder(&self, name: &str) -> Result<PathBuf, OrdersError> {
        let path = self.folder().join(name);
        fs::create_dir(&path).map_err(|error| file("making a data folder", error))?;
        Ok(path)
    }

    /// A sandbox gateway that answers at once.
    pub(super) fn start_sandbox(&self, name: &str) -> Result<Program, OrdersError> {
        let data = self.fresh_folder(name)?;
        let mut command = self.command("guichet")?;
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        Ok(Program::start("guichet sandbox", &mut command)?)
    }

    /// The product on a fresh database.
    pub(super) fn start_product(
        &self,
        name: &str,
        sandbox: &Program,
        sync_delay_ms: u32,
    ) -> Result<Subject, OrdersError> {
        let data = self.fresh_folder(name)?;
        let shop = self.open_shop(&data)?;
        let mut command = self.command("guichet")?;
        command.args(["serve", "--log-level", "warn"]);
        self.start("guichet serve", command, data, &shop, sandbox, sync_delay_ms)
    }

    /// The floor program on a fresh database.
    pub(super) fn start_floor(
        &self,
        name: &str,
        sandbox: &Program,
        sync_delay_ms: u32,
    ) -> Result<Subject, OrdersError> {
        let data = self.fresh_folder(name)?;
        let shop = Shop { event: 1, ticket_type: 1, key: "of no use here".to_owned() };
        self.start("floor", self.command("floor")?, data, &shop, sandbox, sync_delay_ms)
    }

    fn start(
        &self,
        name: &str,
        mut command: Command,
        data: PathBuf,
        shop: &Shop,
        sandbox: &Program,
        sync_delay_ms: u32,
    ) -> Result<Subject, OrdersError> {
        command.arg("--data").arg(&data).args(["--listen", "127.0.0.1:0"]);
        command.args(["--gateway-url", &format!("http://{}", sandbox.address())]);
        if sync_delay_ms > 0 {
            command.args(["--sync-delay", &format!("{sync_delay_ms}ms")]);
        }
        let program = Program::start(name, &mut command)?;
        let request = order(shop, program.address());
        Ok(Subject { program, data, request })
    }

    fn open_shop(&self, data: &Path) -> Result<Shop, OrdersError> {
        let catalogue = self.folder().join("catalogue.toml");
        fs::write(&catalogue, CATALOGUE).map_err(|error| file("writing a catalogue", error))?;
        let mut import = self.command("guichet")?;
        import.args(["catalogue", "import"]).arg(catalogue).arg("--data").arg(data);
        let numbers = output_of(&mut import)?;
        let mut key = self.command("guichet")?;
        key.args(["key", "create", "--name", "bench", "--role", "Admin", "--data"]).arg(data);
        let key = output_of(&mut key)?;
        Ok(Shop {
            event: number_in(&numbers, "event match")?,
            ticket_type: number_in(&numbers, "ticket_type adult")?,
            key: key.lines().last().unwrap_or_default().trim().to_owned(),
        })
    }
}

/// A server under load.
pub(super) struct Subject {
    pub(super) program: Program,
    data: PathBuf,
    pub(super) request: Vec<u8>,
}

impl Subject {
    /// The bytes its data folder takes now.
    pub(super) fn stored(&self) -> Result<u64, OrdersError> {
        folder_length(&self.data).map_err(|error| file("looking at the data folder", error))
    }
}

fn output_of(command: &mut Command) -> Result<String, OrdersError> {
    let output = command.output().map_err(|error| file("starting guichet", error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(OrdersError::Preparation(format!("{command:?} failed: {said}")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The number on the line `KIND SLUG NUMBER` of an import.
fn number_in(lines: &str, item: &str) -> Result<u32, OrdersError> {
    let number = lines.lines().find_map(|line| line.strip_prefix(item)?.trim().parse().ok());
    number.ok_or_else(|| OrdersError::Preparation(format!("the import told no number of {item}")))
}

fn file(doing: &str, error: io::Error) -> OrdersError {
    OrdersError::File { doing: doing.to_owned(), error }
}
