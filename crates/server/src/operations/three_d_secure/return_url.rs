//! Where a holder's browser may be sent on to.

use domain::refusal::{Code, Refusal};
use gateway::masking::mask_card_numbers;
use hyper::Uri;

/// The longest address, in bytes.
const URL_LENGTH_MAX: usize = 2_000;

/// Hosts that are the browser's own machine, where apps listen.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The address, if browsers may be sent there: to an app, to their own machine, back to this
/// server, or over TLS to one of the `hosts` that the operator has listed. Whoever could name any
/// address could use our name to lead people astray.
///
/// # Errors
/// [`Code::ValidationFailed`]
pub(in crate::operations) fn checked(
    text: Option<&str>,
    base_url: &str,
    hosts: &[String],
) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    // What looks like a card number is not stored, not even in an address.
    let is_kept = mask_card_numbers(text) == text;
    if text.len() <= URL_LENGTH_MAX && is_kept && is_allowed(text, base_url, hosts) {
        return Ok(Some(text.to_owned()));
    }
    let message = format!(
        "returnUrl must be an address of this server, of the same device, of an app (its scheme \
         has a point in it, as is.example.app), or an https address of a host that the operator \
         has listed; of {URL_LENGTH_MAX} characters at most and without #."
    );
    Err(Refusal::new(Code::ValidationFailed, message))
}

/// Whether browsers may be sent there. It is asked again when one is: `base_url` is then the name
/// by which the browser knows this server, and not one that whoever asked has made up.
pub(super) fn is_allowed(text: &str, base_url: &str, hosts: &[String]) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '\\']);
    if plain && is_of_app(text) {
        return true;
    }
    let Some(uri) = text.parse::<Uri>().ok().filter(|_| plain) else { return false };
    let authority = uri.authority().map(hyper::http::uri::Authority::as_str).unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return false;
    }
    let ours = base_url.split_once("://").is_some_and(|(_, ours)| ours == authority);
    let is_near = ours || is_loopback(authority);
    let is_listed = || hosts.iter().any(|host| host.eq_ignore_ascii_case(authority));
    match uri.scheme_str() {
        Some("https") => is_near || is_listed(),
        Some("http") => is_near,
        _ => false,
    }
}

/// Whether the authority is the browser's own machine, with a port or without. It is compared as it
/// is written: what some reader might take for another host is none.
fn is_loopback(authority: &str) -> bool {
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
    LOOPBACK.iter().any(|host| match authority.strip_prefix(host) {
        Some(rest) => rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port),
        None => false,
    })
}

/// Whether an app has the address for its own: apps name their schemes by a domain turned round
/// (RFC 8252 §7.1), and no scheme that browsers know themselves has a point in it.
fn is_of_app(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let begins_well = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let is_name = begins_well && scheme.bytes().all(is_letter);
    is_name && scheme.contains('.') && rest.starts_with('/')
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
        let hosts = ["app.example.org".to_owned(), "shop.example.org:8443".to_owned()];
        assert_eq!(checked(Some(url), base_url, &hosts).is_ok(), allowed, "{url}");
    }

    /// Proves to which addresses browsers may be sent on.
    #[test]
    fn addresses_are_of_apps_or_ours() {
        check("https://app.example.org/paid?x=1", true);
        check("https://APP.example.org/paid", true);
        check("https://shop.example.org:8443/paid", true);
        check("https://shop.example.org/paid", false);
        check("https://other.example.org/paid", false);
        check("https://app.example.org.evil.example/", false);
        check("https://tickets.example.org:8080/shop", true);
        check("is.example.app:/paid?x=1", true);
        check("is.example.app://paid", true);
        check("is.example.app:paid", false);
        check("app://paid", false);
        check("intent://evil.example/", false);
        check("data:text/html,.", false);
        check("1.example:/paid", false);
        check("http://127.0.0.1:4444/back", true);
        check("http://localhost/back", true);
        check("http://[::1]:99/back", true);
        check("http://[::1].evil.example/", false);
        check("http://127.0.0.1:99.evil.example/", false);
        check("http://localhost:evil.example/", false);
        check("http://localhost.evil.example/", false);
        check("http://127.0.0.1:/back", false);
        check("http://127.0.0.1:0x50/back", false);
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
        assert_eq!(checked(Some("  "), "http://x", &[]), Ok(None));
    }

    /// Proves that the status joins a query that is there.
    #[test]
    fn the_status_is_put_at_the_end() {
        let url = with_status("https://a.example/b", "ABCDEFGHIJKL", "passed");
        assert_eq!(url, "https://a.example/b?orderId=ABCDEFGHIJKL&status=passed");
        assert!(with_status("https://a.example/?c=1", "X", "failed").contains("?c=1&orderId=X&"));
    }
}
