//! Cookies: read from a request, and told to a browser (`servicestack.md` §7.2, §7.4).

use std::borrow::Cow;

use domain::time::Span;
use hyper::header::{COOKIE, HeaderMap};

/// The id of a session that ends with the browser.
pub(crate) const SESSION: &str = "ss-id";
/// The id of a session that was asked to be remembered.
pub(crate) const SESSION_PERMANENT: &str = "ss-pid";
/// Which of the two counts: `temp` or `perm`.
pub(crate) const SESSION_OPTIONS: &str = "ss-opt";
/// A bearer token.
pub(crate) const TOKEN: &str = "ss-tok";
/// A refresh token.
pub(crate) const REFRESH_TOKEN: &str = "ss-reftok";

/// Every cookie that signs somebody in.
pub(crate) const ALL: [&str; 5] =
    [SESSION, SESSION_PERMANENT, SESSION_OPTIONS, TOKEN, REFRESH_TOKEN];

/// The value of a cookie; nothing for an empty one.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim() == name)?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// What makes a browser keep a cookie that scripts cannot read and other sites' forms do not send;
/// for as long as the browser runs, or for a span.
pub(crate) fn set(
    name: &str,
    value: &str,
    span: Option<Span>,
    is_secure: bool,
) -> Cow<'static, str> {
    let age = span.map(|span| format!("; Max-Age={}", span.as_milliseconds() / 1_000));
    let secure = if is_secure { "; Secure" } else { "" };
    let age = age.unwrap_or_default();
    format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}").into()
}

/// What makes a browser forget a cookie.
pub(crate) fn forget(name: &str, is_secure: bool) -> Cow<'static, str> {
    set(name, "", Some(Span::ZERO), is_secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "other=1".parse().unwrap());
        headers.append(COOKIE, line.parse().unwrap());
        assert_eq!(value(&headers, SESSION), expected, "{line}");
    }

    /// Proves that a cookie is found by its whole name.
    #[test]
    fn cookies_are_found_by_name() {
        check("ss-id=abc", Some("abc"));
        check("a=b; ss-id = abc ;c=d", Some("abc"));
        check("ss-id=a=b", Some("a=b"));
        check("xss-id=abc", None);
        check("ss-id=", None);
        check("ss-id", None);
        check("", None);
    }

    /// Proves the attributes, which keep a cookie from scripts and other sites.
    #[test]
    fn cookies_are_guarded() {
        assert_eq!(set("a", "b", None, false), "a=b; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(forget("a", true), "a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }
}
