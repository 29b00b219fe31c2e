//! What a request shows of who sends it.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{AUTHORIZATION, HeaderMap};
use service::matched::Matched;
use wire::ValueType;
use zeroize::Zeroizing;

use super::cookies;
use super::token::looks_like_token;

/// The member by which an operation publishes that it takes keys in the query (`domain.md` §6.1).
const KEY_MEMBER: &str = "ApiKey";

/// What is shown.
pub enum Evidence<'r> {
    /// An API key.
    Key(Cow<'r, str>),
    /// A bearer token.
    Token(&'r str),
    /// A user name with its password.
    Password(String, Zeroizing<String>),
    /// The id of a session.
    Session(&'r str),
}

/// How it came, which says who can have sent it: a browser sends cookies by itself, and any page
/// can make it; only the client's own program sets headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In a header of its own.
    Header,
    /// In a cookie.
    Cookie,
    /// In the query, where the operation publishes that.
    Query,
}

/// The first of what is shown, headers before the query before cookies.
#[must_use]
pub fn of<'r>(headers: &'r HeaderMap, matched: &'r Matched<'_, '_>) -> Option<(Evidence<'r>, Way)> {
    let by_header = by_authorization(headers).or_else(|| by_own_header(headers));
    by_header
        .map(|evidence| (evidence, Way::Header))
        .or_else(|| by_query(matched).map(|evidence| (evidence, Way::Query)))
        .or_else(|| by_cookie(headers).map(|evidence| (evidence, Way::Cookie)))
}

fn by_authorization(headers: &HeaderMap) -> Option<Evidence<'_>> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("basic") {
        return basic(value);
    }
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !value.is_empty();
    is_bearer.then(|| {
        if looks_like_token(value) { Evidence::Token(value) } else { Evidence::Key(value.into()) }
    })
}

/// A user name and its password, or a key as the name without a password (§7.3, §7.5).
fn basic(value: &str) -> Option<Evidence<'static>> {
    let text = Zeroizing::new(String::from_utf8(STANDARD.decode(value).ok()?).ok()?);
    let (user, password) = text.split_once(':').unwrap_or((&text, ""));
    Some(match password {
        "" => Evidence::Key(user.to_owned().into()),
        password => Evidence::Password(user.to_owned(), Zeroizing::new(password.to_owned())),
    })
}

fn by_own_header(headers: &HeaderMap) -> Option<Evidence<'_>> {
    let header = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?.trim();
        Some(value).filter(|value| !value.is_empty())
    };
    if let Some(key) = header("x-api-key") {
        return Some(Evidence::Key(key.into()));
    }
    let is_permanent = header("x-ss-opt").is_some_and(|options| options.contains("perm"));
    header(if is_permanent { "x-ss-pid" } else { "x-ss-id" }).map(Evidence::Session)
}

fn by_query<'r>(matched: &'r Matched<'_, '_>) -> Option<Evidence<'r>> {
    let mut members = matched.operation.request.all_members();
    let is_key = |value: &ValueType| matches!(value, ValueType::Secret);
    members.find(|member| member.name.declared == KEY_MEMBER && is_key(&member.value))?;
    let key = matched.query_value(KEY_MEMBER).filter(|key| !key.is_empty())?;
    Some(Evidence::Key(key))
}

/// A token first: whoever asked for one has changed the session for it.
fn by_cookie(headers: &HeaderMap) -> Option<Evidence<'_>> {
    let token = cookies::value(headers, cookies::TOKEN).map(Evidence::Token);
    token.or_else(|| session_cookie(headers).map(Evidence::Session))
}

/// The id of the session that counts, by `ss-opt`.
fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let options = cookies::value(headers, cookies::SESSION_OPTIONS);
    let is_permanent = options.is_some_and(|options| options.contains("perm"));
    let name = if is_permanent { cookies::SESSION_PERMANENT } else { cookies::SESSION };
    cookies::value(headers, name)
}
