//! What an operator chooses about HTTP.

use std::net::IpAddr;
use std::time::Duration;

/// Limits of time, and whom to believe. [`Default`] suits a server that stands alone.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Addresses of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long a client may take to send a head.
    pub head_time_max: Duration,
    /// How long a client may take to send a body.
    pub body_time_max: Duration,
}

impl Default for HttpOptions {
    fn default() -> HttpOptions {
        HttpOptions {
            trusted_proxies: Vec::new(),
            head_time_max: Duration::from_secs(10),
            body_time_max: Duration::from_secs(10),
        }
    }
}
