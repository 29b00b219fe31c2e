//! What is put under load: the product, on one node or several, or the floor program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database::Database;
use super::request::Shop;
use super::scenario::Scenario;
use super::seller::Seller;
use super::stage::{Workshop, file};
use super::{Options, OrdersError};
use crate::clock;
use crate::health::{Counts, wait_until_healthy};
use crate::load::Target;
use crate::machine::folder_length;
use crate::program::Program;
use crate::usage::Usage;

/// Request by request instead of in batches, as the product would be written otherwise.
const ONE_BY_ONE: [&str; 4] = ["--batch-max", "1", "--database-lanes", "16"];

/// What differs between the products of one bench.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) sync_delay_ms: u32,
    pub(crate) one_by_one: bool,
}

/// The product as it comes.
pub(crate) const PLAIN: Setting = Setting { name: "product", sync_delay_ms: 0, one_by_one: false };

/// One or more servers over one database, and what is sent to them.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) targets: Vec<Target>,
    /// Who sells; nothing that matters for the floor, which reads no request.
    sellers: Vec<Seller>,
    quick: bool,
    scenario: Scenario,
    is_product: bool,
    programs: Vec<Program>,
    /// The program and the arguments of each server.
    starts: Vec<(&'static str, Vec<OsString>)>,
    pub(crate) data: PathBuf,
    /// Dropped last, so that the servers end before their database.
    database: Database,
}

impl Subject {
    /// The product at work on a fresh database.
    pub(crate) fn product(
        workshop: &Workshop,
        options: &Options,
        setting: Setting,
        folder: &str,
        sandbox: &Program,
    ) -> Result<Subject, OrdersError> {
        let mut subject = Subject::prepare(workshop, options, setting, folder, sandbox)?;
        subject.open(workshop)?;
        Ok(subject)
    }

    /// A fresh database with a catalogue, and no server yet.
    pub(crate) fn prepare(
        workshop: &Workshop,
        options: &Options,
        setting: Setting,
        folder: &str,
        sandbox: &Program,
    ) -> Result<Subject, OrdersError> {
        let database = Database::start(options.engine)?;
        let data = workshop.fresh_folder(folder)?;
        let asked = (options.scenario, options.sellers);
        let sellers = workshop.open_sellers(&data, &database, asked, sandbox)?;
        let mut arguments = common_arguments(&data, sandbox, setting.sync_delay_ms);
        arguments.extend(["--log-level", "warn"].map(OsString::from));
        arguments.extend(database.arguments().into_iter().map(OsString::from));
        if setting.one_by_one {
            arguments.extend(ONE_BY_ONE.map(OsString::from));
        }
        let starts = (1..=options.nodes).map(|node| ("guichet", serve(&arguments, options, node)));
        Ok(Subject {
            name: setting.name,
            targets: Vec::new(),
            sellers,
            quick: options.quick,
            scenario: options.scenario,
            is_product: true,
            programs: Vec::new(),
            starts: starts.collect(),
            data,
            database,
        })
    }

    /// The floor program at work on a fresh database.
    pub(crate) fn floor(
        workshop: &Workshop,
        folder: &str,
        sync_delay_ms: u32,
        sandbox: &Program,
    ) -> Result<Subject, OrdersError> {
        let data = workshop.fresh_folder(folder)?;
        let mut subject = Subject {
            name: "floor",
            targets: Vec::new(),
            sellers: vec![Seller::Tickets(Shop {
                key: "of no use here".to_owned(),
                ..Shop::default()
            })],
            quick: false,
            scenario: Scenario::Paid,
            is_product: false,
            programs: Vec::new(),
            starts: vec![("floor", common_arguments(&data, sandbox, sync_delay_ms))],
            data,
            database: Database::File,
        };
        subject.open(workshop)?;
        Ok(subject)
    }

    /// Starts its servers; how long the first took from the start of its process to its first
    /// healthy answer.
    pub(crate) fn open(&mut self, workshop: &Workshop) -> Result<Duration, OrdersError> {
        let mut ready_within = None;
        for (program, arguments) in &self.starts {
            let mut command = workshop.command(program)?;
            let began = clock::now();
            let started = Program::start(program, command.args(arguments))?;
            if self.is_product {
                wait_until_healthy(started.address())
                    .map_err(|error| file("asking a started server for its health", error))?;
            }
            ready_within.get_or_insert(began.elapsed());
            self.programs.push(started);
        }
        for (seller, program) in self.sellers.iter_mut().zip(self.programs.iter().cycle()) {
            seller.prepare(program.address(), self.quick)?;
        }
        self.targets = targets(self.scenario, &self.sellers, &self.programs)?;
        Ok(ready_within.unwrap_or_default())
    }

    /// Ends its servers, which let what is under way come to its end.
    pub(crate) fn close(&mut self) -> Result<(), OrdersError> {
        self.targets.clear();
        self.programs.drain(..).try_for_each(|program| Ok(program.stop()?))
    }

    /// Makes what each request of a run uses up, where it uses anything up; how many requests
    /// there is enough for.
    pub(crate) fn stock_up(&self, lasts: Duration, requests_max: u64) -> Result<u64, OrdersError> {
        for (seller, program) in self.sellers.iter().zip(self.programs.iter().cycle()) {
            seller.stock_up(program.address(), lasts, requests_max)?;
        }
        let stock = self.sellers.iter().filter_map(Seller::stock).reduce(u64::saturating_add);
        Ok(stock.unwrap_or(u64::MAX))
    }

    /// Looks at its database and its books, when its servers have ended.
    pub(crate) fn check(&self, workshop: &Workshop) -> Result<(), OrdersError> {
        workshop.check(&self.data, &self.database)
    }

    /// What all its servers have cost so far.
    pub(crate) fn usage(&self) -> Usage {
        let usages = self.programs.iter().map(Program::usage);
        usages.fold(Usage::default(), |sum, usage| sum + usage)
    }

    /// What its servers have counted so far; none for the floor, which counts nothing.
    pub(crate) fn counts(&self) -> Option<Counts> {
        if !self.is_product {
            return None;
        }
        self.programs.iter().map(|program| Counts::read(program.address())).sum()
    }

    /// The bytes its data folder takes now.
    pub(crate) fn stored(&self) -> Result<u64, OrdersError> {
        folder_length(&self.data).map_err(|error| file("looking at the data folder", error))
    }
}

/// The arguments of one node.
fn serve(common: &[OsString], options: &Options, node: u32) -> Vec<OsString> {
    let mut arguments = vec![OsString::from("serve")];
    arguments.extend(common.iter().cloned());
    if options.nodes > 1 {
        arguments.extend(["--node-name".into(), format!("bench-{node}").into()]);
    }
    arguments
}

fn common_arguments(data: &Path, sandbox: &Program, sync_delay_ms: u32) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--data".into(), data.into()];
    arguments.extend(["--listen", "127.0.0.1:0", "--gateway-url"].map(OsString::from));
    arguments.push(format!("http://{}", sandbox.address()).into());
    if sync_delay_ms > 0 {
        arguments.extend(["--sync-delay".into(), format!("{sync_delay_ms}ms").into()]);
    }
    arguments
}

/// With one seller every node gets its orders; with several each seller's go to one node.
fn targets(
    scenario: Scenario,
    sellers: &[Seller],
    programs: &[Program],
) -> Result<Vec<Target>, OrdersError> {
    let count = sellers.len().max(programs.len());
    let pairs = sellers.iter().cycle().zip(programs.iter().cycle()).take(count);
    let target = |(seller, program): (&Seller, &Program)| {
        let address = program.address();
        let script = seller.script(scenario, address);
        let missing = || OrdersError::Preparation("the scenario has no requests".to_owned());
        Ok(Target { address, script: script.ok_or_else(missing)? })
    };
    pairs.map(target).collect()
}
