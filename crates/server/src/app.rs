//! Everything a request may need, put together once at start.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::scan_code::SealKey;
use domain::token::Secret;
use gateway::Gateway;
use gateway::secret::FingerprintKey;
use hmac::Hmac;
use service::negotiate::Negotiation;
use service::registry::{Registry, RegistryError, RegistrySettings};
use sha2::Sha256;
use store::{Clock, Store};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{error, info};

use crate::access::{Access, AccessOptions};
use crate::catalogue::Catalogue;
use crate::http::{HttpOptions, PublicUrl};
use crate::jobs::{self, mail::Postman};
use crate::keys::{self, KeyError};
use crate::mail::{Mailer, letter::Writer};
use crate::metrics::Messages;
use crate::operations::gate::Bundles;
use crate::operations::payment_cards::gateways::Drops;
use crate::sms::Sms;
use crate::standing::Standing;
use crate::tickets::Tickets;
use crate::till::Till;
use crate::vault::Vault;

/// The most sales under way at once; more are told to try again. Well below the store's queue,
/// so that the result of a payment always finds a place in it.
pub const SALES_UNDER_WAY_MAX: u32 = 2_048;

/// What an operator chooses.
pub struct AppOptions {
    /// The folder of the installation: database, keys, sandbox log.
    pub folder: PathBuf,
    /// The gateways by name.
    pub gateways: HashMap<String, Arc<dyn Gateway>>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How often the janitor and the outbox look.
    pub job_pause: Duration,
    /// The titles of the hosts `agents` and `clubs`.
    pub host_titles: (String, String),
    /// Limits of time, and whom to believe.
    pub http: HttpOptions,
    /// Who may become a user, and how dear passwords are.
    pub access: AccessOptions,
    /// Takes letters to buyers; without it they are refused.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// What links in letters begin with.
    pub links_url: PublicUrl,
    /// Takes messages with codes; where there is nobody, codes are refused.
    pub sms: Sms,
}

/// Why an app cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A declaration of the contracts.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Everything a request may need.
pub struct App {
    /// Durable facts.
    pub store: Store,
    /// Published operations.
    pub registry: Registry,
    /// What is for sale.
    pub catalogue: Arc<Catalogue>,
    /// The money loop.
    pub till: Till,
    /// Who calls.
    pub access: Access,
    /// Whether this node may sell.
    pub standing: Arc<Standing>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Seals scan codes.
    pub seal_key: Arc<SealKey>,
    /// What tickets say.
    pub(crate) tickets: Tickets,
    /// What was read of the sales of events for their gates.
    pub(crate) bundles: Bundles,
    /// Removed cards that gateways are being told of.
    pub(crate) drops: Drops,
    /// Whether letters to buyers can be sent. Where it is false, no request may give an address
    /// for one.
    pub sends_mail: bool,
    /// Where codes for phones go.
    pub sms: Sms,
    /// Messages that gateways sent.
    pub(crate) messages: Messages,
    /// Stands for cards in fingerprints of requests.
    pub fingerprint_key: FingerprintKey,
    /// Makes the handles of payment links.
    pub(crate) link_key: Hmac<Sha256>,
    /// Makes the tokens of what members of clubs pay with.
    pub(crate) vault: Vault,
    /// What the operator chose about HTTP.
    pub http: HttpOptions,
    stop: watch::Sender<bool>,
}

impl App {
    /// Puts an app together and starts its jobs.
    ///
    /// # Errors
    /// [`AppError`]
    pub fn start(store: Store, options: AppOptions) -> Result<Running, AppError> {
        let (agents, clubs) = &options.host_titles;
        let powered_by = format!("Guichet/{}", env!("CARGO_PKG_VERSION"));
        let settings = RegistrySettings {
            negotiation: Negotiation::with_html(),
            powered_by: Some(powered_by),
            cors: options.http.cors.clone(),
            ..RegistrySettings::default()
        };
        let registry = Registry::new(contract::hosts(agents, clubs), settings)?;
        let clock = Arc::clone(&options.clock);
        let gateways = options.gateways;
        let till = Till::new(store.clone(), Arc::clone(&clock), gateways, SALES_UNDER_WAY_MAX);
        let token_key = keys::token_key(&options.folder)?;
        let access = Access::new(store.clone(), Arc::clone(&clock), token_key, &options.access)?;
        let (stop, stopped) = watch::channel(false);
        let tickets = Tickets {
            store: store.clone(),
            catalogue: Arc::new(Catalogue::new(store.clone())),
            seal_key: Arc::new(keys::seal_key(&options.folder)?),
        };
        let app = App {
            catalogue: Arc::clone(&tickets.catalogue),
            access,
            standing: Arc::new(Standing::of(&store)),
            seal_key: Arc::clone(&tickets.seal_key),
            tickets,
            bundles: Bundles::default(),
            drops: Drops::default(),
            sends_mail: options.mailer.is_some(),
            sms: options.sms,
            messages: Messages::default(),
            fingerprint_key: fingerprint_key(&options.folder)?,
            link_key: keys::link_key(&options.folder)?,
            vault: Vault::new(keys::vault_key(&options.folder)?),
            store,
            registry,
            till,
            clock,
            http: options.http,
            stop,
        };
        let mut jobs = start_jobs(&app, options.job_pause, &stopped);
        let standing = Arc::clone(&app.standing);
        let postman = app.postman(options.mailer, options.links_url);
        let mail = jobs::mail::run(postman, standing, options.job_pause, stopped);
        jobs.push(tokio::spawn(mail));
        Ok(Running { app: Arc::new(app), jobs })
    }

    fn postman(&self, mailer: Option<Arc<dyn Mailer>>, links_url: PublicUrl) -> Postman {
        let (store, clock) = (self.store.clone(), Arc::clone(&self.clock));
        let (tickets, link_key) = (self.tickets.clone(), self.link_key.clone());
        let writer = Writer { tickets, link_key, links_url };
        Postman { store, clock, writer, mailer }
    }

    /// The random part of a new handle.
    ///
    /// # Errors
    /// [`KeyError::Random`] when the system has no random numbers.
    pub fn secret(&self) -> Result<Secret, KeyError> {
        keys::random().map(Secret)
    }
}

fn fingerprint_key(folder: &Path) -> Result<FingerprintKey, KeyError> {
    keys::fingerprint_key(folder).map(|secret| FingerprintKey::new(&secret))
}

/// Only an app that is whole starts them: a start that failed must leave nothing running.
fn start_jobs(app: &App, pause: Duration, stopped: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let (store, till, clock) = (app.store.clone(), app.till.clone(), Arc::clone(&app.clock));
    let standing = &app.standing;
    let audit = jobs::audit::run(store.clone(), Arc::clone(&app.access.audit), stopped.clone());
    let outbox = jobs::outbox::run(store.clone(), Arc::clone(standing), pause, stopped.clone());
    let looks = jobs::standing::run(store.clone(), Arc::clone(standing), stopped.clone());
    let worker = jobs::work::Worker::new(store.clone(), till.clone(), Arc::clone(&clock));
    let work = jobs::work::run(worker, pause, stopped.clone());
    let collector =
        jobs::contracts::Collector::new(store.clone(), till.clone(), Arc::clone(&clock));
    let contracts = jobs::contracts::run(collector, pause, stopped.clone());
    let janitor = jobs::janitor::run(store, till, clock, pause, stopped.clone());
    let catalogue = jobs::catalogue::run(Arc::clone(&app.catalogue), stopped.clone());
    let mut jobs = vec![tokio::spawn(outbox), tokio::spawn(looks), tokio::spawn(audit)];
    jobs.extend([tokio::spawn(janitor), tokio::spawn(work), tokio::spawn(catalogue)]);
    jobs.push(tokio::spawn(contracts));
    jobs
}

/// An app with its jobs.
pub struct Running {
    /// The app.
    pub app: Arc<App>,
    jobs: Vec<JoinHandle<()>>,
}

impl Running {
    /// Lets everything that is under way come to its end, then closes the store.
    pub async fn finish(self) {
        self.app.stop.send_replace(true);
        for job in self.jobs {
            let _ = job.await;
        }
        self.app.till.finish().await;
        if let Err(fault) = self.app.store.clone().close().await {
            error!(%fault, "the store did not close well; it is put right at the next start");
        }
        info!("everything that was under way has ended");
    }
}
