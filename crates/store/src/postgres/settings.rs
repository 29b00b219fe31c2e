//! How a database is reached, and what its connections are told.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::TargetSessionAttrs;

use super::address;
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

/// How long one host may take to accept a connection; whatever the URL says.
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
    /// Tells this node's keys from any others without giving anything of them away; `None` for a
    /// tool, which uses none. It must be the first node's, see [`OpenError::KeysDiffer`].
    pub keys_identity: Option<String>,
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
            keys_identity: None,
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
        match self.hosts() {
            Ok(hosts) => address::place(&hosts),
            Err(_) => "(a URL that cannot be read)".to_owned(),
        }
    }

    /// What the driver needs for each host, in the order of the URL.
    ///
    /// # Errors
    /// [`OpenError::Address`], which repeats nothing of the URL.
    pub(super) fn hosts(&self) -> Result<Vec<Config>, OpenError> {
        let mut hosts = address::hosts(&self.url, self.root_certificate.is_some())?;
        for host in &mut hosts {
            host.application_name(format!("guichet {}", self.node_name))
                .target_session_attrs(TargetSessionAttrs::ReadWrite)
                .keepalives_idle(KEEPALIVE_IDLE)
                .keepalives_interval(KEEPALIVE_INTERVAL)
                .keepalives_retries(KEEPALIVE_TRIES)
                .tcp_user_timeout(UNACKNOWLEDGED_WITHIN)
                .connect_timeout(CONNECT_WITHIN);
        }
        Ok(hosts)
    }
}
