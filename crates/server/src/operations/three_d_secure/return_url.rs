//! Where a holder's browser may be sent on to.

use domain::refusal::{Code, Refusal};
use gateway::masking::mask_card_numbers;
use hyper::Uri;

/// The longest address, in bytes.
const URL_LENGTH_MAX: usize = 2_000;

/// Hosts that are the browser's own machine, where apps listen.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The address, if browsers may be sent there: over TLS, to their own machine, or back to this
/// server. Whoever could name any address could use our name to lead people astray.
///
/// # Errors
/// [`Code::ValidationFailed`]
pub(in crate::operations) fn checked(
    text: Option<&str>,
    base_url: &str,
) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    // What looks like a card number is not stored, not even in an address.
    let is_kept = mask_card_numbers(text) == text;
    if text.len() <= URL_LENGTH_MAX && is_kept && is_allowed(text, base_url) {
        return Ok(Some(text.to_owned()));
    }
    let message = format!(
        "returnUrl must be an https address, or one of this server or of the same device, of \
         {URL_LENGTH_MAX} characters at most and without #."
    );
    Err(Refusal::new(Code::ValidationFailed, message))
}

fn is_allowed(text: &str, base_url: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '\\']);
    let Some(uri) = text.parse::<Uri>().ok().filter(|_| plain) else { return false };
    let authority = uri.authority().map(hyper::http::uri::Authority::as_str).unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return false;
    }
    let ours = base_url.split_once("://").map(|(_, authority)| authority);
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => {
            ours == Some(authority) || uri.host().is_some_and(|host| LOOPBACK.contains(&host))
        }
        _ => false,
    }
}

/// The address with what came of the challenge in its query.
pub(super) fn with_status(url: &str, order_id: &str, status: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}orderId={order_id}&status={status}")
}

#[cfg(test)]
mod tests {
    use super::{checked, with_status};

    fn check(url: &str, allowed: bool) {
        let base_url = "http://tickets.example.org:8080";
        assert_eq!(checked(Some(url), base_url).is_ok(), allowed, "{url}");
    }

    /// Proves to which addresses browsers may be sent on.
    #[test]
    fn addresses_are_of_apps_or_ours() {
        check("https://app.example.org/paid?x=1", true);
        check("http://127.0.0.1:4444/back", true);
        check("http://localhost/back", true);
        check("http://[::1]:99/back", true);
        check("http://tickets.example.org:8080/shop", true);
        check("http://app.example.org/back", false);
        check("http://tickets.example.org.evil.example/", false);
        check("http://tickets.example.org:8080@evil.example/", false);
        check("javascript:alert(1)", false);
        check("//app.example.org/", false);
        check("/back", false);
        check("https://app.example.org/4242424242424242", false);
        check("https://app.example.org/#secret", false);
        check("https://user@app.example.org/", false);
        check("https://app.example.org/\r\nSet-Cookie: a=b", false);
        check(&format!("https://app.example.org/{}", "a".repeat(2_000)), false);
        assert_eq!(checked(Some("  "), "http://x"), Ok(None));
    }

    /// Proves that the status joins a query that is there.
    #[test]
    fn the_status_is_put_at_the_end() {
        let url = with_status("https://a.example/b", "ABCDEFGHIJKL", "passed");
        assert_eq!(url, "https://a.example/b?orderId=ABCDEFGHIJKL&status=passed");
        assert!(with_status("https://a.example/?c=1", "X", "failed").contains("?c=1&orderId=X&"));
    }
}
