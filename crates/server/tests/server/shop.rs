//! A till in this process over real loopback HTTP, and everything a test may look at.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::catalogue::{CatalogueItem, ChangeCatalogue, Organiser, OrganiserRules};
use domain::facts::Key;
use domain::ids::{SaleId, Shard};
use domain::record::Kind;
use domain::sale::Sale;
use domain::seller::Seller;
use domain::time::{Span, Timestamp};
use gateway::sandbox::{LogLine, Operation, Sandbox, SandboxOptions, phone_terms, read_log, terms};
use gateway::{CallbackSecret, Gateway};
use server::access::AccessOptions;
use server::access::keys::{NewKey, create};
use server::access::password::PasswordCost;
use server::app::{App, AppOptions, Running};
use server::catalogue::{file, import};
use server::http::HttpOptions;
use server::mail::Mailer;
use server::sms::{Sms, SmsOutbox};
use store::{CheckReport, Clock, Options, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Answer, PATIENCE, Request};
use crate::gate::Gate;

/// 2027-05-01T12:00:00Z.
pub(crate) const NOON: Timestamp = Timestamp(1_809_172_800_000_000);
const JOB_PAUSE: Duration = Duration::from_millis(10);
const LOOK_PAUSE: Duration = Duration::from_millis(5);
const SALES_MAX: u32 = 500;

/// What links in letters begin with.
pub(crate) const LINKS_URL: &str = "https://tickets.example.org";

/// What the gateway for payment by phone signs its messages with.
pub(crate) const CALLBACK_SECRET: &str = "a secret of tests";

/// A clock that stands still until a test moves it.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn new(now: Timestamp) -> TestClock {
        TestClock(AtomicI64::new(now.0))
    }

    pub(crate) fn advance(&self, span: Span) {
        let later = self.now().after(span);
        self.0.store(later.0, Ordering::SeqCst);
    }

    pub(crate) fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Where a shop keeps its facts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Memory,
    Sqlite,
}

impl Engine {
    pub(crate) const ALL: [Engine; 2] = [Engine::Memory, Engine::Sqlite];
}

/// Everything an order may change; two are equal when nothing has.
#[derive(Debug, PartialEq)]
pub(crate) struct Traces {
    /// Seller, quota, held, sold.
    quotas: BTreeSet<(u32, u32, u32, u32)>,
    sales: u64,
    postings: u64,
    gateway_calls: usize,
}

/// What a shop may choose.
#[derive(Default)]
struct Choices {
    http: HttpOptions,
    registration: bool,
    mailer: Option<Arc<dyn Mailer>>,
    sms: Option<Sms>,
}

/// What a program that has ended leaves in its folder.
pub(crate) struct Remains {
    pub(crate) clock: Arc<TestClock>,
    folder: TempDir,
}

impl Remains {
    /// The database, as the next program finds it.
    pub(crate) fn store(&self) -> Store {
        store(Engine::Sqlite, &self.folder, &self.clock)
    }

    /// The gateway, which has forgotten nothing either.
    pub(crate) fn sandbox(&self) -> Sandbox {
        sandbox(&self.folder, &self.clock)
    }

    /// What the sandbox really took, charge by charge, in minor units.
    pub(crate) fn charges(&self) -> Vec<i64> {
        charges(&read_log(&self.folder.path().join("sandbox.log")).unwrap())
    }
}

/// A running till.
pub(crate) struct Shop {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<TestClock>,
    /// The key of an Admin.
    pub(crate) admin: String,
    /// Codes for phones, unless they go elsewhere.
    pub(crate) outbox: Arc<SmsOutbox>,
    /// The gateway for payment by phone.
    pub(crate) phone: Arc<Sandbox>,
    running: Running,
    /// What ends the server when it is told so, or dropped, and the server.
    serving: (oneshot::Sender<()>, JoinHandle<()>),
    folder: TempDir,
    numbers: HashMap<String, u32>,
}

impl Shop {
    /// A shop in memory whose gateway is the sandbox.
    pub(crate) async fn open() -> Shop {
        Shop::with(Engine::Memory, |sandbox| Arc::new(sandbox)).await
    }

    /// A shop whose charges wait until the test lets them through.
    pub(crate) async fn gated(engine: Engine) -> (Shop, Arc<Gate>) {
        let mut gate = None;
        let shop = Shop::with(engine, |sandbox| {
            let made = Arc::new(Gate::new(sandbox));
            gate = Some(Arc::clone(&made));
            made
        });
        let shop = shop.await;
        (shop, gate.unwrap())
    }

    /// A shop in memory that sends letters.
    pub(crate) async fn mailing(mailer: Arc<dyn Mailer>) -> Shop {
        let choices = Choices { mailer: Some(mailer), ..Choices::default() };
        Shop::choosing(Engine::Memory, |sandbox| Arc::new(sandbox), choices).await
    }

    /// A shop in memory whose codes for phones go there.
    pub(crate) async fn texting(sms: Sms) -> Shop {
        let choices = Choices { sms: Some(sms), ..Choices::default() };
        Shop::choosing(Engine::Memory, |sandbox| Arc::new(sandbox), choices).await
    }

    /// A shop in memory where strangers may become users; this machine is its proxy.
    pub(crate) async fn registering() -> Shop {
        let trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
        let http = HttpOptions { trusted_proxies, ..HttpOptions::default() };
        let choices = Choices { http, registration: true, ..Choices::default() };
        Shop::choosing(Engine::Memory, |sandbox| Arc::new(sandbox), choices).await
    }

    pub(crate) async fn with(
        engine: Engine,
        gateway: impl FnOnce(Sandbox) -> Arc<dyn Gateway>,
    ) -> Shop {
        Shop::choosing(engine, gateway, Choices::default()).await
    }

    /// A shop in memory that chose something about HTTP.
    pub(crate) async fn listening(http: HttpOptions) -> Shop {
        let choices = Choices { http, ..Choices::default() };
        Shop::choosing(Engine::Memory, |sandbox| Arc::new(sandbox), choices).await
    }

    async fn choosing(
        engine: Engine,
        gateway: impl FnOnce(Sandbox) -> Arc<dyn Gateway>,
        mut choices: Choices,
    ) -> Shop {
        choices.http.return_hosts.push("app.example.org".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::new(NOON));
        let store = store(engine, &folder, &clock);
        let outbox = Arc::new(SmsOutbox::new(Arc::clone(&clock) as Arc<dyn Clock>, false));
        let catalogue = file::parse(include_str!("catalogue.toml")).unwrap();
        let imported = import::import(&store, &catalogue).await.unwrap();
        let numbers = imported
            .into_iter()
            .map(|item| (format!("{} {}", item.kind, item.slug), item.id))
            .collect();
        let sandbox = sandbox(&folder, &clock);
        let secret = CallbackSecret::new(CALLBACK_SECRET.to_owned());
        let phone = Arc::new(sandbox.under(phone_terms("phone")).with_callbacks(secret));
        let options = AppOptions {
            folder: folder.path().to_owned(),
            gateways: HashMap::from([
                ("sandbox".into(), gateway(sandbox)),
                ("phone".into(), Arc::clone(&phone) as Arc<dyn Gateway>),
            ]),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            job_pause: JOB_PAUSE,
            host_titles: ("AgentServices".into(), "ClubServices".into()),
            http: choices.http,
            access: AccessOptions {
                password_cost: PasswordCost::QUICK,
                registration: choices.registration,
            },
            mailer: choices.mailer,
            links_url: LINKS_URL.parse().unwrap(),
            sms: choices.sms.unwrap_or_else(|| Sms::Outbox(Arc::clone(&outbox))),
        };
        let running = App::start(store, options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Arc::clone(&running.app);
        let (closing, closed) = oneshot::channel::<()>();
        let closed = async { closed.await.unwrap_or_default() };
        let serving = (closing, tokio::spawn(server::http::serve(app, listener, closed)));
        let admin = key(&running, &["Admin"], &[], Vec::new()).await;
        Shop { address, clock, admin, outbox, phone, running, serving, folder, numbers }
    }

    /// Lets buyers of this organiser pay by phone.
    pub(crate) async fn take_phones(&self, organiser: &str) {
        self.change_rules(organiser, |rules| rules.phone_gateway = Some("phone".into())).await;
    }

    /// Changes how an organiser does business.
    pub(crate) async fn change_rules(
        &self,
        organiser: &str,
        change: impl FnOnce(&mut OrganiserRules),
    ) {
        let seller = Shard(self.number("organiser", organiser));
        let key = Key::number(seller, Kind::Organiser, 0);
        let known = self.store().read::<Organiser>(key).await.unwrap().unwrap();
        let mut changed = Organiser::clone(&known);
        change(&mut changed.rules);
        let revisions = self.store().read::<Seller>(Key::seller(seller)).await.unwrap().unwrap();
        let revision_seen = revisions.catalogue_revision;
        let items = vec![CatalogueItem::Organiser(changed)];
        let change = ChangeCatalogue { seller, revision_seen, items, notes: Vec::new() };
        self.store().submit(change).await.unwrap();
        self.running.app.catalogue.reload(seller).await.unwrap();
    }

    /// Reads the catalogue of a seller that a test has changed.
    pub(crate) async fn reload(&self, seller: Shard) {
        self.running.app.catalogue.reload(seller).await.unwrap();
    }

    /// The till itself.
    pub(crate) fn app(&self) -> Arc<App> {
        Arc::clone(&self.running.app)
    }

    /// What is stored.
    pub(crate) fn store(&self) -> &Store {
        &self.running.app.store
    }

    /// What a gate checks codes with.
    pub(crate) fn seal_key(&self) -> [u8; 32] {
        self.running.app.seal_key.public()
    }

    /// The folder of the installation.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A new key with these roles, the permission of the contracts, and these organisers.
    pub(crate) async fn key(&self, roles: &[&str], organisers: &[&str]) -> String {
        let organisers = organisers.iter().map(|slug| Shard(self.number("organiser", slug)));
        key(&self.running, roles, &["ReadData"], organisers.collect()).await
    }

    /// A new key without any permission.
    pub(crate) async fn powerless_key(&self, roles: &[&str]) -> String {
        let hekla = Shard(self.number("organiser", "hekla"));
        key(&self.running, roles, &[], vec![hekla]).await
    }

    /// The published number of an item of the catalogue.
    pub(crate) fn number(&self, kind: &str, slug: &str) -> u32 {
        let number = self.numbers.get(&format!("{kind} {slug}"));
        *number.unwrap_or_else(|| panic!("no {kind} {slug} in {:?}", self.numbers))
    }

    pub(crate) async fn send(&self, request: &Request) -> Answer {
        request.send(self.address).await
    }

    /// Orders in JSON as the Admin.
    pub(crate) async fn order(&self, order: &serde_json::Value) -> Answer {
        self.send(&Request::post("/ticketOrder.json").key(&self.admin).json(order)).await
    }

    /// What `/ticketOrder/status` says to the Admin.
    pub(crate) async fn status(&self, token: &str) -> Answer {
        let target = format!("/ticketOrder/status.json?ticketTokenId={token}");
        self.send(&Request::get(&target).key(&self.admin)).await
    }

    /// Polls the status until it is no longer `PendingPayment`; answers with what it is then.
    pub(crate) async fn settled(&self, token: &str) -> Answer {
        until("a settled payment", async || {
            let answer = self.status(token).await;
            (answer.json()["ticketStatus"] != "PendingPayment").then_some(answer)
        })
        .await
    }

    /// Every request that reached the sandbox, in order.
    pub(crate) fn gateway_log(&self) -> Vec<LogLine> {
        read_log(&self.folder.path().join("sandbox.log")).unwrap()
    }

    /// What the sandbox really took, charge by charge, in minor units.
    pub(crate) fn charges(&self) -> Vec<i64> {
        charges(&self.gateway_log())
    }

    /// Ends the program.
    pub(crate) async fn end(self) -> Remains {
        let (closing, serving) = self.serving;
        drop(closing);
        serving.await.unwrap();
        self.running.finish().await;
        Remains { clock: self.clock, folder: self.folder }
    }

    pub(crate) async fn check(&self) -> CheckReport {
        self.running.app.store.check().await.unwrap()
    }

    /// The store's own check must find nothing wrong and nothing open.
    pub(crate) async fn assert_all_is_well(&self) {
        let report = self.check().await;
        assert_eq!(report.findings, Vec::<String>::new());
        assert_eq!((report.open_attempts, report.reviews), (0, 0), "{report:?}");
    }

    /// How many places of an organiser's limited quotas are held, and how many sold.
    pub(crate) async fn places(&self, organiser: &str) -> (u32, u32) {
        let shard = Shard(self.number("organiser", organiser));
        let quotas = self.running.app.store.quotas(shard).await.unwrap();
        let limited = quotas.iter().filter(|quota| quota.limit.is_some());
        limited.fold((0, 0), |sum, quota| (sum.0 + quota.held, sum.1 + quota.sold))
    }

    pub(crate) async fn sales(&self, organiser: &str) -> Vec<Arc<Sale>> {
        let shard = Shard(self.number("organiser", organiser));
        self.running.app.store.sales(shard, SaleId(0), SALES_MAX).await.unwrap()
    }

    pub(crate) async fn traces(&self) -> Traces {
        let store = &self.running.app.store;
        let mut quotas = BTreeSet::new();
        for shard in store.sellers().await.unwrap() {
            for quota in store.quotas(shard).await.unwrap() {
                quotas.insert((shard.0, quota.id.0, quota.held, quota.sold));
            }
        }
        let report = self.check().await;
        let gateway_calls = self.gateway_log().len();
        Traces { quotas, sales: report.sales, postings: report.postings, gateway_calls }
    }
}

fn charges(lines: &[LogLine]) -> Vec<i64> {
    let taking = |operation| matches!(operation, Operation::Sale | Operation::PayerAccepts);
    let sales = lines.iter().filter(|line| taking(line.request.operation));
    sales.map(LogLine::moved).filter(|moved| *moved != 0).collect()
}

fn store(engine: Engine, folder: &TempDir, clock: &Arc<TestClock>) -> Store {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let options = Options { clock, ..Options::default() };
    match engine {
        Engine::Memory => Store::memory(options),
        Engine::Sqlite => Store::sqlite(&folder.path().join("guichet.db"), options).unwrap(),
    }
}

fn sandbox(folder: &TempDir, clock: &Arc<TestClock>) -> Sandbox {
    let clock = Arc::clone(clock);
    let options = SandboxOptions {
        log: folder.path().join("sandbox.log"),
        answer_delay: Span::ZERO,
        clock: Arc::new(move || clock.now()),
    };
    Sandbox::open(&options, terms("sandbox")).unwrap()
}

async fn key(
    running: &Running,
    roles: &[&str],
    permissions: &[&str],
    organisers: Vec<Shard>,
) -> String {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let (roles, permissions) = (owned(roles), owned(permissions));
    let new = NewKey { name: "a test".into(), roles, permissions, organisers, club: None };
    create(&running.app.store, new).await.unwrap()
}

/// Looks again and again, for as long as a test may take.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("waited too long for {what}"))
}
