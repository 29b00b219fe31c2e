//! `guichet serve`: sell.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::{NonEmptyStringValueParser, RangedI64ValueParser};
use clap::{Args, ValueEnum};
use server::access::AccessOptions;
use server::app::{App, AppOptions, Running};
use server::http::{Cors, HttpOptions, Origins, PublicUrl};
use server::log::LogFormat;
use store::{Options, Store, SystemClock};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

use super::gateways::GatewayArguments;
use crate::installation::{DatabaseArguments, Installation};
use crate::mail::MailArguments;
use crate::sms::SmsArguments;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The installation's folder; made if it is not there.
    #[arg(long, value_name = "FOLDER", env = "GUICHET_DATA")]
    data: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
    /// This node's name among those that share a PostgreSQL database; else the machine's.
    #[arg(long, value_name = "NAME", env = "GUICHET_NODE_NAME")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    node_name: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

/// How a server runs; `serve` and `demo` share it.
#[derive(Clone, Debug, Args)]
pub(crate) struct Settings {
    /// Where to listen. Port 0 takes any free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "GUICHET_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// Where to show figures for a monitoring program, such as `127.0.0.1:9187`, to everybody who
    /// reaches that address; without it there are none.
    #[arg(long, value_name = "ADDRESS", env = "GUICHET_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    #[arg(long, value_name = "ADDRESSES", value_delimiter = ',', env = "GUICHET_TRUSTED_PROXY")]
    trusted_proxy: Vec<IpAddr>,
    /// Hosts of shops and apps that browsers may be sent on to from their bank, over TLS, such as
    /// `shop.example`; this server's own pages and apps with a scheme of their own always may.
    #[arg(long, value_name = "HOSTS", value_delimiter = ',', env = "GUICHET_RETURN_HOST")]
    #[arg(value_parser = return_host)]
    return_host: Vec<String>,
    /// How people reach this server, such as `https://tickets.example.org`: links in answers and
    /// letters begin with it.
    #[arg(long, value_name = "URL", env = "GUICHET_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// Sites whose pages may read answers, such as `https://shop.example`; without it every site
    /// may, but without its visitors' cookies.
    #[arg(long, value_name = "ORIGINS", value_delimiter = ',', env = "GUICHET_CORS_ORIGIN")]
    cors_origin: Vec<String>,
    /// Lets the sites of --cors-origin send their visitors' cookies.
    #[arg(long, requires = "cors_origin")]
    cors_credentials: bool,
    /// Lets strangers become users, without any rights.
    #[arg(long, env = "GUICHET_ALLOW_REGISTER")]
    allow_register: bool,
    #[command(flatten)]
    gateways: GatewayArguments,
    /// How often the janitor looks for what is due.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 500)]
    job_pause_ms: u32,
    /// How many commands are decided and stored together, at most.
    #[arg(long, value_name = "COUNT", default_value_t = 256, value_parser = batch_size())]
    batch_max: u32,
    /// Sells although the database has seen a later time than the clock shows; for a clock that
    /// was once set wrongly.
    #[arg(long)]
    accept_clock: bool,
    /// Makes every sync of the disk take this much longer, to see how a slow disk feels.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    sync_delay: Option<Duration>,
    #[command(flatten)]
    pub(crate) mail: MailArguments,
    #[command(flatten)]
    pub(crate) sms: SmsArguments,
    /// What is logged.
    #[arg(long, value_enum, default_value_t = LogLevel::Info, env = "GUICHET_LOG_LEVEL")]
    log_level: LogLevel,
    /// Log JSON, one object a line.
    #[arg(long, env = "GUICHET_LOG_JSON")]
    log_json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// What a batch may hold.
fn batch_size() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=256)
}

/// Reads `1ms`, `250us` or `2s`.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let count: u64 = text[..text.len() - unit.len()]
        .parse()
        .map_err(|_| "write a whole number and a unit, such as 1ms".to_owned())?;
    match unit {
        "us" => Ok(Duration::from_micros(count)),
        "ms" => Ok(Duration::from_millis(count)),
        "s" => Ok(Duration::from_secs(count)),
        _ => Err("the unit must be us, ms or s".into()),
    }
}

fn machine_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { data, database, node_name, settings } = arguments;
    settings.start_log();
    let installation = Installation::create(&data)?;
    anyhow::ensure!(
        !database.is_shared() || settings.gateways.is_shared()?,
        "nodes that share a database must share a gateway: start `guichet sandbox` and name it \
         with --gateway-url, or as base_url in the file of --gateways"
    );
    let node_name = node_name.unwrap_or_else(machine_name);
    let listener = settings.listen().await?;
    let store = installation.open_node(&database, &node_name, settings.store_options()).await?;
    let server = Server::start(&installation, listener, store, &settings).await?;
    server.announce()?;
    server.run().await?;
    Ok(ExitCode::SUCCESS)
}

/// A server that has bound its port and opened its database.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) running: Running,
    listener: TcpListener,
    metrics: Option<TcpListener>,
}

impl Server {
    pub(crate) async fn start(
        installation: &Installation,
        listener: TcpListener,
        store: Store,
        settings: &Settings,
    ) -> anyhow::Result<Server> {
        installation.refuse_lost_keys(&store).await?;
        settings.warn_of_dead_links(listener.local_addr()?);
        let metrics = settings.listen_for_metrics().await?;
        let options = AppOptions {
            folder: installation.folder.clone(),
            gateways: settings.gateways.gateways(installation)?,
            clock: Arc::new(SystemClock),
            job_pause: Duration::from_millis(settings.job_pause_ms.into()),
            host_titles: ("AgentServices".into(), "ClubServices".into()),
            http: settings.http_options(),
            access: settings.access_options(),
            mailer: settings.mail.mailer()?,
            links_url: settings.links_url(listener.local_addr()?),
            sms: settings.sms.sms(Arc::new(SystemClock))?,
        };
        let running = App::start(store, options)?;
        running.app.standing.look(&running.app.store).await;
        tracing::info!(address = %listener.local_addr()?, "started");
        Ok(Server { address: listener.local_addr()?, running, listener, metrics })
    }

    /// Tells whoever started the program that it is ready.
    pub(crate) fn announce(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "Guichet listens on http://{}", self.address)?;
        Ok(out.flush()?)
    }

    /// Serves until a signal, then lets what is under way end.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let stop = async move {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
            tracing::info!("stopping: what is under way is finished first");
        };
        self.run_until(stop).await;
        Ok(())
    }

    /// Serves until `stop`, then lets what is under way end.
    pub(crate) async fn run_until(self, stop: impl Future<Output = ()> + Send) {
        let app = &self.running.app;
        let serving = server::http::serve(Arc::clone(app), self.listener, stop);
        match self.metrics {
            Some(listener) => server::metrics::serve(Arc::clone(app), listener, serving).await,
            None => serving.await,
        }
        self.running.finish().await;
    }
}

impl Settings {
    /// Takes the port, before anything else is taken.
    pub(crate) async fn listen(&self) -> anyhow::Result<TcpListener> {
        TcpListener::bind(self.listen).await.with_context(|| {
            format!("cannot listen on {}; choose another with --listen", self.listen)
        })
    }

    /// Takes the port for figures, where one is wanted.
    async fn listen_for_metrics(&self) -> anyhow::Result<Option<TcpListener>> {
        let Some(address) = self.metrics_listen else { return Ok(None) };
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}; choose another with --metrics-listen")
        })?;
        let address = listener.local_addr()?;
        tracing::info!(%address, "figures are shown at /metrics");
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "figures are shown to everybody who reaches this address");
        }
        Ok(Some(listener))
    }

    pub(crate) fn start_log(&self) {
        let level = match self.log_level {
            LogLevel::Error => LevelFilter::ERROR,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Debug => LevelFilter::DEBUG,
        };
        server::log::start(level, if self.log_json { LogFormat::Json } else { LogFormat::Text });
    }

    pub(crate) fn store_options(&self) -> Options {
        Options {
            sync_delay: self.sync_delay,
            batch_max: self.batch_max as usize,
            clock_accepted: self.accept_clock,
            ..Options::default()
        }
    }

    fn http_options(&self) -> HttpOptions {
        let origins = match self.cors_origin.as_slice() {
            [] => Origins::Any,
            listed => Origins::Listed(listed.to_vec()),
        };
        HttpOptions {
            trusted_proxies: self.trusted_proxy.clone(),
            return_hosts: self.return_host.clone(),
            public_url: self.public_url.clone(),
            cors: Some(Cors { origins, credentials: self.cors_credentials }),
            ..HttpOptions::default()
        }
    }

    /// Letters are written without a request that would tell how people reach this server.
    fn links_url(&self, address: SocketAddr) -> PublicUrl {
        self.public_url.clone().unwrap_or_else(|| PublicUrl::of_listener(address))
    }

    /// Nobody reaches a server by the address that stands for all of its own.
    fn warn_of_dead_links(&self, address: SocketAddr) {
        if self.public_url.is_none() && self.mail.is_on() && address.ip().is_unspecified() {
            tracing::warn!(
                %address,
                "links in letters lead nowhere; say with --public-url how people reach this server"
            );
        }
    }

    fn access_options(&self) -> AccessOptions {
        AccessOptions { registration: self.allow_register, ..AccessOptions::default() }
    }
}

/// A host's name, perhaps with a port: with a scheme or a path it would be like no URL's host.
fn return_host(text: &str) -> Result<String, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
    if text.is_empty() || !text.bytes().all(allowed) {
        return Err("write the host alone, such as shop.example: without https:// or a path".into());
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::return_host;

    /// Proves that only what may be the host of a URL is taken.
    #[test]
    fn return_hosts_are_hosts() {
        for good in ["shop.example", "Shop.example:8443"] {
            assert_eq!(return_host(good), Ok(good.to_lowercase()));
        }
        for bad in ["https://shop.example", "shop.example/", "", "a b", "*.example"] {
            assert!(return_host(bad).is_err(), "{bad}");
        }
    }
}
