//! Nodes over a database, a shop in it, and a console beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::idempotency::Marks;
use domain::ids::{QuotaId, SaleId, Shard, TicketTypeId};
use domain::sale::{PlaceOrder, Placed};
use postgres_fixture::Server;
use store::batch::Core;
use store::cluster::Cluster;
use store::postgres::{PostgresEngine, Settings, open};
use store::snapshot::Reader;
use store::testing::{NOON, Shop, answer, approved, run_alone};
use store::{SubmitError, testing};
use tokio_postgres::{NoTls, SimpleQueryMessage};

pub(crate) const SELLER: Shard = Shard(7);

/// The longest any test waits for something that must come.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// The server that the tests of this program share; `None`, and a line that says so, where there
/// is no PostgreSQL.
pub(crate) fn server() -> Option<&'static Server> {
    let server = postgres_fixture::shared();
    server.map_err(|reason| eprintln!("skipped: {reason}")).ok()
}

/// A server of a test's own, to be hurt.
pub(crate) fn own_server() -> Option<Server> {
    server()?;
    Some(Server::start(postgres_fixture::Options::default()).unwrap())
}

/// A fresh database.
pub(crate) fn database() -> Option<String> {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", DATABASES.fetch_add(1, Relaxed));
    Some(server()?.create_database(&name).unwrap())
}

/// Runs statements from outside; gives the first column of each row.
pub(crate) fn console(url: &str, sql: &str) -> Vec<String> {
    try_console(url, sql).unwrap()
}

pub(crate) fn try_console(url: &str, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let driven = tokio::spawn(connection);
        let messages = client.simple_query(sql).await?;
        drop(client);
        let _ended = driven.await;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        Ok(rows.collect())
    })
}

/// Waits until it is so.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let pause = Duration::from_millis(10);
    let tries = WAIT_MAX.as_millis() / pause.as_millis();
    for _ in 0..tries {
        if so() {
            return;
        }
        std::thread::sleep(pause);
    }
    panic!("waited in vain until {what}");
}

/// One node with one lane, turned by the test.
pub(crate) struct Node {
    pub(crate) core: Core<PostgresEngine>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) cluster: Arc<dyn Cluster>,
}

impl Node {
    pub(crate) fn start(url: &str, name: &str) -> Node {
        Node::with(Settings::of(url, name))
    }

    pub(crate) fn with(settings: Settings) -> Node {
        let backend = open(settings).unwrap();
        let engine = backend.engines.into_iter().next().unwrap();
        let core = Core::new(engine, backend.lane_first, 1_000).unwrap();
        Node { core, reader: backend.reader, cluster: backend.cluster.unwrap() }
    }

    pub(crate) fn run<C: Command>(&mut self, command: C) -> Result<C::Outcome, SubmitError> {
        run_alone(&mut self.core, command, NOON)
    }

    /// Stores a shop whose ground has `places`.
    pub(crate) fn open_shop(&mut self, shard: Shard, places: u32) -> Shop {
        let mut shop = Shop::new(shard);
        shop.revision = self.run(shop.publish()).unwrap();
        shop.revision = self.run(shop.limit(testing::GROUND, Some(places))).unwrap();
        shop.revision = self.run(shop.limit(testing::TERRACE_ROWS, Some(places))).unwrap();
        shop
    }

    pub(crate) fn order(
        &mut self,
        shop: &Shop,
        seed: u64,
        ticket_type: TicketTypeId,
    ) -> Result<Placed, SubmitError> {
        self.run(shop.order(seed, ticket_type, 1))
    }

    /// The same without a caller's key, so that nothing but the lane keeps it from happening
    /// twice.
    pub(crate) fn order_without_key(
        &mut self,
        shop: &Shop,
        seed: u64,
    ) -> Result<Placed, SubmitError> {
        let order = shop.order(seed, testing::ADULT, 1);
        self.run(PlaceOrder { marks: Marks::default(), ..order })
    }

    /// Orders and pays.
    pub(crate) fn buy(&mut self, shop: &Shop, seed: u64) -> Result<SaleId, SubmitError> {
        let sale = self.order(shop, seed, testing::ADULT)?.sale.id;
        self.run(answer(shop.shard, sale, approved()))?;
        Ok(sale)
    }

    /// What a check finds.
    pub(crate) fn findings(&self) -> Vec<String> {
        testing::check(&*self.reader).unwrap().findings
    }

    /// How many sales there are.
    pub(crate) fn sales(&self) -> u64 {
        testing::check(&*self.reader).unwrap().sales
    }
}

/// A command made of a closure over some shards.
pub(crate) struct Rule<F> {
    pub(crate) shards: Shards,
    pub(crate) decide: F,
}

impl<T, F> Command for Rule<F>
where
    T: Send + 'static,
    F: Fn(&mut Facts<'_>) -> Result<T, Halt> + Send + 'static,
{
    type Outcome = T;

    fn shards(&self) -> Shards {
        self.shards
    }

    fn keys(&self, _now: domain::time::Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, _now: domain::time::Timestamp) -> Result<T, Halt> {
        (self.decide)(facts)
    }
}

/// Adds one to what is held of a quota in each of two shards, and tells the first count.
pub(crate) fn touch_both(
    first: Shard,
    second: Shard,
) -> Rule<impl Fn(&mut Facts<'_>) -> Result<u32, Halt> + Send> {
    let decide = move |facts: &mut Facts<'_>| {
        let mut held = [0; 2];
        for (shard, held) in [first, second].into_iter().zip(&mut held) {
            let key = Key::number(shard, domain::record::Kind::Quota, 99);
            *held = facts.look::<domain::quota::Quota>(key)?.map_or(0, |quota| quota.held) + 1;
            let mut quota = domain::quota::Quota::new(shard, QuotaId(99), "touched", None);
            quota.held = *held;
            facts.put(quota);
        }
        Ok(held[0])
    };
    Rule { shards: Shards::Two(first, second), decide }
}
