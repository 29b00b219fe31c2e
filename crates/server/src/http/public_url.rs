//! The address by which people reach the server, in the operator's own words.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// The longest public address, in bytes.
const LENGTH_MAX: usize = 255;

/// An address such as `https://tickets.example.org`: scheme, host and perhaps a port, nothing
/// behind them. Links that are made without a request begin with it, and, where the operator has
/// set it, those of answers, too: a client's `Host` is only what the client says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// The text is no public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as https://tickets.example.org, with no path behind it")]
pub struct NotPublicUrl;

impl PublicUrl {
    /// The address of a server that listens there, for its own machine.
    #[must_use]
    pub fn of_listener(address: SocketAddr) -> PublicUrl {
        PublicUrl(format!("http://{address}"))
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = NotPublicUrl;

    fn from_str(text: &str) -> Result<PublicUrl, NotPublicUrl> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let (scheme, authority) = text.split_once("://").ok_or(NotPublicUrl)?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte);
        let is_host = !authority.is_empty() && authority.bytes().all(is_plain);
        let is_known = matches!(scheme, "https" | "http");
        if is_known && is_host && text.len() <= LENGTH_MAX {
            Ok(PublicUrl(text.to_owned()))
        } else {
            Err(NotPublicUrl)
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{NotPublicUrl, PublicUrl};

    /// Proves which texts are addresses, and that none with a path or markup is.
    #[test]
    fn addresses_are_plain() {
        let check = |text: &str, expected: Result<&str, NotPublicUrl>| {
            let url = text.parse::<PublicUrl>();
            assert_eq!(url.as_ref().map(PublicUrl::as_str), expected.as_ref().copied(), "{text}");
        };
        check("https://tickets.example.org", Ok("https://tickets.example.org"));
        check("http://[::1]:8080/", Ok("http://[::1]:8080"));
        let long = format!("https://{}.example.org", "a".repeat(250));
        let wrong = ["", "tickets.example.org", "ftp://a", "https://", "https://a/b", &long];
        for text in wrong.into_iter().chain(["https://a?b", "https://a\"><b>", "https://u@a"]) {
            check(text, Err(NotPublicUrl));
        }
    }
}
