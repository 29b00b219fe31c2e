//! What an operator chooses about HTTP.

use std::net::IpAddr;
use std::time::Duration;

use service::cors::Cors;

use super::PublicUrl;

/// Limits of time, and whom to believe. [`Default`] suits a server that stands alone.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Addresses of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whose pages browsers may be sent on to from their bank, over TLS: hosts, each with its port
    /// where that is not 443. Our own pages and apps need not be listed.
    pub return_hosts: Vec<String>,
    /// How people reach the server; `None` believes what each request says.
    pub public_url: Option<PublicUrl>,
    /// What pages of other sites may do; `None` says nothing to them.
    pub cors: Option<Cors>,
    /// How long a client may take to send a head.
    pub head_time_max: Duration,
    /// How long a client may take to send a body.
    pub body_time_max: Duration,
}

impl Default for HttpOptions {
    fn default() -> HttpOptions {
        HttpOptions {
            trusted_proxies: Vec::new(),
            return_hosts: Vec::new(),
            public_url: None,
            cors: Some(Cors::default()),
            head_time_max: Duration::from_secs(10),
            body_time_max: Duration::from_secs(10),
        }
    }
}
