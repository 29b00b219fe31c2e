//! Asking for pages, as a browser would.

use service::exchange::{Exchange, HeaderPairs};
use service::negotiate::Negotiation;
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;

/// The registry of the real program: all hosts, all formats.
pub(crate) fn registry() -> Registry {
    let settings =
        RegistrySettings { negotiation: Negotiation::with_html(), ..RegistrySettings::default() };
    Registry::new(contract::hosts("Agents", "Clubs"), settings).unwrap()
}

/// The answer to `GET` of a page, `target` being path and query. `None` where an operation answers.
pub(crate) fn get(registry: &Registry, authority: &str, target: &str) -> Option<Reply> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let exchange = Exchange {
        query,
        headers: &HeaderPairs(&[("Accept", "text/html")]),
        base_url: &format!("https://{authority}"),
        ..Exchange::get(path)
    };
    registry.route(&exchange).err()
}
