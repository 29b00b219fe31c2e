//! Who is at the other end of a request, also behind a proxy.

use std::net::IpAddr;

use hyper::header::{HOST, HeaderMap, HeaderName};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;

/// The addresses a request came through, the client's first; each proxy adds one at the end.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// `https` where the proxy was spoken to over TLS.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The client of a request, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address: that of the connection, or what a trusted proxy says of it.
    pub(crate) address: IpAddr,
    /// Whether it speaks TLS, with the proxy if there is one.
    pub(crate) is_secure: bool,
}

impl Client {
    /// The client behind a connection from `peer`. What a proxy says counts only if the proxy is
    /// one of `trusted`: anybody can write such headers.
    pub(crate) fn of(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> Client {
        let peer = peer.to_canonical();
        if !trusted.contains(&peer) {
            return Client { address: peer, is_secure: false };
        }
        let proto = headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
        let nearest = proto.and_then(|list| list.rsplit(',').next());
        let is_secure = nearest.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"));
        Client { address: forwarded(headers, trusted).unwrap_or(peer), is_secure }
    }

    /// Scheme and authority by which the client reached us. It stands in pages and in generated
    /// code, so an authority with anything in it but letters, digits and `.:-_[]` is not repeated.
    pub(crate) fn base_url(self, head: &Parts) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let by_header = head.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = head.uri.authority().map(Authority::as_str).or(by_header);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte);
        let plain = authority.filter(|text| !text.is_empty() && text.bytes().all(is_plain));
        format!("{scheme}://{}", plain.unwrap_or("localhost"))
    }
}

/// The last address that no trusted proxy has. Those before it are only what a stranger claims.
fn forwarded(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let lists = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|list| list.to_str().ok());
    let mut nearest = None;
    for entry in lists.rev().flat_map(|list| list.rsplit(',')) {
        let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
        nearest = Some(address.to_canonical());
        if !nearest.is_some_and(|address| trusted.contains(&address)) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::Client;
    use hyper::Request;
    use std::net::IpAddr;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(peer: &str, headers: &[(&str, &str)]) -> Client {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).unwrap();
        Client::of(request.headers(), address(peer), &[address("10.0.0.1"), address("10.0.0.2")])
    }

    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let headers: Vec<_> = forwarded.iter().map(|list| ("x-forwarded-for", *list)).collect();
        assert_eq!(client(peer, &headers).address, address(expected), "{peer} {forwarded:?}");
    }

    /// Proves that only a trusted proxy is believed, and it only about its own neighbour.
    #[test]
    fn strangers_cannot_choose_their_address() {
        check("192.0.2.7", &["203.0.113.9"], "192.0.2.7");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["1.1.1.1, 203.0.113.9 ,10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["1.1.1.1", "203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9, nonsense"], "10.0.0.1");
        check("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9");
    }

    /// Proves that TLS counts only as a trusted proxy's word.
    #[test]
    fn a_proxy_tells_the_scheme() {
        let https = [("x-forwarded-proto", "http, HTTPS")];
        assert!(client("10.0.0.1", &https).is_secure);
        assert!(!client("192.0.2.7", &https).is_secure);
    }

    fn check_url(host: &str, expected: &str) {
        let request = Request::builder().uri("/x").header("host", host).body(()).unwrap();
        let client = Client { address: address("192.0.2.7"), is_secure: true };
        assert_eq!(client.base_url(&request.into_parts().0), expected);
    }

    /// Proves that a hostile host is not repeated.
    #[test]
    fn the_base_address_is_plain() {
        check_url("till.example:8443", "https://till.example:8443");
        check_url("[::1]:80", "https://[::1]:80");
        check_url("a\"><script>", "https://localhost");
        check_url("", "https://localhost");
    }
}
