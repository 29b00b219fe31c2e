//! A core over each engine with a shop in it, and a store over each.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{SaleId, Shard, TicketTypeId};
use domain::sale::{Placed, Sale};
use domain::time::Timestamp;
use store::batch::Core;
use store::engine::Engine;
use store::memory::{MemoryDatabase, MemoryEngine};
use store::postgres::PostgresEngine;
use store::snapshot::Reader;
use store::sqlite::{Settings, SqliteEngine};
use store::testing::{GROUND, NOON, Shop, TERRACE_ROWS, answer, approved, run_alone};
use store::{Options, Store, SubmitError};
use tempfile::TempDir;

pub(crate) const SELLER: Shard = Shard(7);

/// Runs a test, a function over a [`Bed`], on each engine.
macro_rules! on_each_engine {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[test]
            fn memory() {
                super::$test($crate::common::Bed::memory());
            }

            #[test]
            fn sqlite() {
                super::$test($crate::common::Bed::sqlite());
            }

            #[test]
            fn postgres() {
                if let Some(bed) = $crate::common::Bed::postgres() {
                    super::$test(bed);
                }
            }
        }
    )*};
}
pub(crate) use on_each_engine;

/// A core, its reader, a shop of seller 7, and a clock.
pub(crate) struct Bed<E> {
    pub(crate) core: Core<E>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) shop: Shop,
    pub(crate) now: Timestamp,
    _folder: Option<TempDir>,
}

impl Bed<MemoryEngine> {
    pub(crate) fn memory() -> Bed<MemoryEngine> {
        Bed::over(&MemoryDatabase::default())
    }

    pub(crate) fn over(database: &MemoryDatabase) -> Bed<MemoryEngine> {
        Bed::new(database.connect(), Arc::new(database.clone()), None)
    }
}

impl Bed<SqliteEngine> {
    pub(crate) fn sqlite() -> Bed<SqliteEngine> {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::of(&folder.path().join("guichet.db"));
        let (engine, reader) = store::sqlite::open(settings).unwrap();
        Bed::new(engine, reader, Some(folder))
    }
}

impl Bed<PostgresEngine> {
    /// `None`, and a line that says so, where there is no PostgreSQL.
    pub(crate) fn postgres() -> Option<Bed<PostgresEngine>> {
        let backend = store::postgres::open(postgres_settings()?).unwrap();
        let engine = backend.engines.into_iter().next().unwrap();
        Some(Bed::new(engine, backend.reader, None))
    }
}

/// A fresh database on the server that all tests of this program share, in which the test decides
/// what time it is.
pub(crate) fn postgres_settings() -> Option<store::postgres::Settings> {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let server = match postgres_fixture::shared() {
        Ok(server) => server,
        Err(reason) => {
            eprintln!("skipped on PostgreSQL: {reason}");
            return None;
        }
    };
    let name = format!("test_{}", DATABASES.fetch_add(1, Relaxed));
    let url = server.create_database(&name).unwrap();
    let settings = store::postgres::Settings::of(&url, "a");
    Some(store::postgres::Settings { callers_clock: true, ..settings })
}

/// Engines that a whole store can be opened over.
pub(crate) const ENGINES: [&str; 3] = ["memory", "SQLite", "PostgreSQL"];

/// A fresh store; `None`, and a line that says so, where there is no such engine.
pub(crate) fn open_store(engine: &str, folder: &Path, options: Options) -> Option<Store> {
    match engine {
        "memory" => Some(Store::memory(options)),
        "SQLite" => Some(Store::sqlite(&folder.join("guichet.db"), options).unwrap()),
        _ => Some(Store::postgres(postgres_settings()?, options).unwrap()),
    }
}

impl<E: Engine> Bed<E> {
    fn new(engine: E, reader: Arc<dyn Reader>, folder: Option<TempDir>) -> Bed<E> {
        let core = Core::new(engine, 1, 1_000).unwrap();
        let mut bed = Bed { core, reader, shop: Shop::new(SELLER), now: NOON, _folder: folder };
        bed.open(SELLER);
        bed
    }

    /// Stores the catalogue of a shop for `shard`, with 50 places of which 6 are terrace.
    pub(crate) fn open(&mut self, shard: Shard) {
        self.shop = Shop::new(shard);
        self.shop.revision = self.run(self.shop.publish()).unwrap();
        self.shop.revision = self.run(self.shop.limit(GROUND, Some(50))).unwrap();
        self.shop.revision = self.run(self.shop.limit(TERRACE_ROWS, Some(6))).unwrap();
    }

    /// Runs one command as a batch of its own.
    pub(crate) fn run<C: Command>(&mut self, command: C) -> Result<C::Outcome, SubmitError> {
        run_alone(&mut self.core, command, self.now)
    }

    /// Orders one admission and has it approved.
    pub(crate) fn buy(&mut self, seed: u64, ticket_type: TicketTypeId) -> SaleId {
        let placed = self.order(seed, ticket_type).unwrap();
        let sale = placed.sale.id;
        if placed.sale.total > 0 {
            self.run(answer(self.shop.shard, sale, approved())).unwrap();
        }
        sale
    }

    pub(crate) fn order(
        &mut self,
        seed: u64,
        ticket_type: TicketTypeId,
    ) -> Result<Placed, SubmitError> {
        self.run(self.shop.order(seed, ticket_type, 1))
    }

    /// What a check finds.
    pub(crate) fn findings(&self) -> Vec<String> {
        store::testing::check(&*self.reader).unwrap().findings
    }
}

/// A command made of a closure, for rules that no real command has.
pub(crate) struct Rule<F> {
    pub(crate) shard: Shard,
    pub(crate) decide: F,
}

impl<T, F> Command for Rule<F>
where
    T: Send + 'static,
    F: Fn(&mut Facts<'_>) -> Result<T, Halt> + Send + 'static,
{
    type Outcome = T;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<T, Halt> {
        (self.decide)(facts)
    }
}

/// A rule of seller 7.
pub(crate) fn rule<T, F>(decide: F) -> Rule<F>
where
    F: Fn(&mut Facts<'_>) -> Result<T, Halt> + Send + 'static,
{
    Rule { shard: SELLER, decide }
}

/// Looks at a sale and tells its state.
pub(crate) fn look_at(
    sale: SaleId,
) -> Rule<impl Fn(&mut Facts<'_>) -> Result<Option<Arc<Sale>>, Halt> + Send + 'static> {
    rule(move |facts| facts.share::<Sale>(Sale::key_of(SELLER, sale)))
}
