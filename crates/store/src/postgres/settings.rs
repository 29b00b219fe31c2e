//! How a database is reached, and what its connections are told.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::codec::Codec;
use crate::error::OpenError;

/// The lanes of one node unless told otherwise. One fills its batches best.
pub const LANES: u32 = 1;

/// The most lanes of one node.
pub const LANES_MAX: u32 = 64;

/// Reading connections of one node unless told otherwise.
pub const READERS_MAX: u32 = 4;

/// How long a lane looks for its database, or for the one that took over, before its callers are
/// told that there is none.
pub const RECONNECT_WITHIN: Duration = Duration::from_secs(30);

/// A node that was not heard of for this long counts as dead.
pub const NODE_ALIVE_WITHIN: Duration = Duration::from_secs(10);

/// How long one host may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// A peer that is silent for this long is asked whether it still lives, ...
const KEEPALIVE_IDLE: Duration = Duration::from_secs(5);
/// ... again after this long, ...
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(2);
/// ... and given up after so many times.
const KEEPALIVE_TRIES: u32 = 3;

/// Bytes that nobody acknowledges for this long mean that the connection is broken.
const UNACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);

/// How a node uses a PostgreSQL database.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://user[:password]@host1,host2:port/database?sslmode=…`. With several hosts, the
    /// one that accepts writes is looked for, at the start and whenever a connection is lost.
    ///
    /// `sslmode` is `disable`, `prefer`, or `require`, `verify-ca` and `verify-full`, which all
    /// mean the last: certificate and name are always checked. Without it a connection within the
    /// machine is plain and any other must be encrypted.
    ///
    /// A pooler that hands one session to several clients cannot stand between.
    pub url: String,
    /// The name of this node, which no other living node may have.
    pub node_name: String,
    /// What the register of nodes says about this program.
    pub program_version: String,
    /// Lanes, 1 to [`LANES_MAX`]; [`LANES`] unless told otherwise.
    pub lanes: u32,
    /// Reading connections, at least 1; [`READERS_MAX`] unless told otherwise.
    pub readers_max: u32,
    /// How long a lost database is looked for; [`RECONNECT_WITHIN`] unless told otherwise.
    pub reconnect_within: Duration,
    /// Root certificates (PEM) that vouch for the server; those of the system when `None`.
    pub root_certificate: Option<PathBuf>,
    /// Writes and reads bodies; the heartbeat tells it which form to write.
    pub codec: Codec,
    /// When a silent node counts as dead; [`NODE_ALIVE_WITHIN`], shorter only in tests.
    pub alive_within: Duration,
    /// Takes the caller's clock for the database's, so that a test decides what time it is.
    #[cfg(feature = "testing")]
    pub callers_clock: bool,
    /// Plants a fault: locks and loads in one statement, which reads the past.
    #[cfg(feature = "testing")]
    pub lock_and_load_in_one: bool,
}

impl fmt::Debug for Settings {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("database", &self.place())
            .field("node_name", &self.node_name)
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The usual settings.
    #[must_use]
    pub fn of(url: &str, node_name: &str) -> Settings {
        Settings {
            url: url.to_owned(),
            node_name: node_name.to_owned(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            lanes: LANES,
            readers_max: READERS_MAX,
            reconnect_within: RECONNECT_WITHIN,
            root_certificate: None,
            codec: Codec::default(),
            alive_within: NODE_ALIVE_WITHIN,
            #[cfg(feature = "testing")]
            callers_clock: false,
            #[cfg(feature = "testing")]
            lock_and_load_in_one: false,
        }
    }

    /// Whether the database's clock is left aside.
    pub(super) fn takes_callers_clock(&self) -> bool {
        #[cfg(feature = "testing")]
        return self.callers_clock;
        #[cfg(not(feature = "testing"))]
        false
    }

    /// Hosts and database, for people; never the password.
    #[must_use]
    pub fn place(&self) -> String {
        let Ok(config) = self.config() else { return "(a URL that cannot be read)".to_owned() };
        let hosts: Vec<_> = config.get_hosts().iter().map(host_name).collect();
        format!("{} at {}", config.get_dbname().unwrap_or_default(), hosts.join(", "))
    }

    /// What the driver needs. Nothing of what it says about a broken URL is repeated: it may be
    /// a piece of the password.
    pub(super) fn config(&self) -> Result<Config, OpenError> {
        let (url, mode) = without_ssl_mode(&self.url);
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(OpenError::Address("it must begin with postgres://"));
        }
        let config = url.parse::<Config>();
        let mut config = config.map_err(|_| OpenError::Address("it is no URL of PostgreSQL"))?;
        if config.get_hosts().is_empty() {
            return Err(OpenError::Address("it names no host"));
        }
        let encryption = self.encryption(&config, mode.as_deref())?;
        config
            .ssl_mode(encryption)
            .application_name(format!("guichet {}", self.node_name))
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_TRIES)
            .tcp_user_timeout(UNACKNOWLEDGED_WITHIN);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_WITHIN);
        }
        Ok(config)
    }

    fn encryption(&self, config: &Config, mode: Option<&str>) -> Result<SslMode, OpenError> {
        let local = config.get_hosts().iter().all(is_this_machine);
        Ok(match mode {
            Some("disable") => SslMode::Disable,
            Some("allow" | "prefer") => SslMode::Prefer,
            Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(_) => return Err(OpenError::Address("its sslmode is unknown")),
            None if local && self.root_certificate.is_none() => SslMode::Disable,
            None => SslMode::Require,
        })
    }
}

fn host_name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Takes `sslmode` out of a URL: the driver knows fewer modes than people write.
fn without_ssl_mode(url: &str) -> (String, Option<String>) {
    // A password may hold a question mark, so parameters begin behind the last `@`.
    let hosts = url.rfind('@').map_or(0, |at| at + 1);
    let Some(question) = url[hosts..].find('?').map(|at| hosts + at) else {
        return (url.to_owned(), None);
    };
    let (base, parameters) = (&url[..question], &url[question + 1..]);
    let mut mode = None;
    let rest: Vec<&str> = parameters
        .split('&')
        .filter(|parameter| match parameter.strip_prefix("sslmode=") {
            Some(value) => {
                mode = Some(value.to_owned());
                false
            }
            None => true,
        })
        .collect();
    match rest.is_empty() {
        true => (base.to_owned(), mode),
        false => (format!("{base}?{}", rest.join("&")), mode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about encryption is done, and never less.
    #[test]
    fn encryption_is_as_told() {
        let check = |url: &str, expected: Option<SslMode>| {
            let mode = Settings::of(url, "a").config().ok().map(|config| config.get_ssl_mode());
            assert_eq!(mode, expected, "{url}");
        };
        check("postgres://a@127.0.0.1:5/b", Some(SslMode::Disable));
        check("postgres://a@localhost/b?application_name=x", Some(SslMode::Disable));
        check("postgres://a@db.example/b", Some(SslMode::Require));
        check("postgres://a@localhost,db.example/b", Some(SslMode::Require));
        check("postgres://a@db.example/b?sslmode=disable", Some(SslMode::Disable));
        check("postgres://a@db.example/b?sslmode=prefer&connect_timeout=2", Some(SslMode::Prefer));
        check("postgres://a@[::1]/b?sslmode=verify-full", Some(SslMode::Require));
        check("postgres://a@localhost/b?sslmode=sometimes", None);
        let settings = Settings {
            root_certificate: Some("root.pem".into()),
            ..Settings::of("postgres://a@localhost/b", "a")
        };
        assert_eq!(settings.config().unwrap().get_ssl_mode(), SslMode::Require);
    }

    /// Neither printing settings nor refusing a URL tells the password, however it is written.
    #[test]
    fn the_password_is_never_told() {
        for url in [
            "postgres://a:hunter2@h1,h2:5433/b?sslmode=require",
            "postgres://a:x?hunter2@h1/b",
            "postgres://a:x@hunter2@h1/b?hunter2=hunter2",
            "postgres://a:hunter2@h1/b?hunter2",
            "postgres://a:hunter2@h1:port/b",
            "host=h1 password=hunter2",
        ] {
            let settings = Settings::of(url, "a");
            let refused = settings.config().err().map(|error| error.to_string());
            let told = format!("{settings:?} {} {refused:?}", settings.place());
            assert!(!told.contains("hunter2"), "{told}");
        }
        let settings = Settings::of("postgres://a:hunter2@h1,h2:5433/b", "a");
        assert_eq!(settings.place(), "b at h1, h2");
    }
}
