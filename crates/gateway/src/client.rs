//! The one way in which gateways over HTTP reach their providers.
//!
//! It is thin on purpose: a base address, time-outs, limits, and an honest word on whether a
//! request has left. It follows no redirect, uses no proxy of the environment, and repeats nothing:
//! what a repeat would do is known to the gateway alone. No error of it holds an address, a header
//! or a body.

mod message;
mod roots;

use std::error::Error;
use std::time::Duration;

use domain::time::Span;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Response, Url, redirect, retry};
use zeroize::Zeroizing;

pub use message::Message;

use crate::perform::duration;
use crate::silence::Silence;

/// How long a connection may take to stand, its encryption included.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

/// How long an unused connection is kept.
const IDLE_TIME_MAX: Duration = Duration::from_secs(50);

/// How many unused connections are kept.
const IDLE_CONNECTIONS_MAX: usize = 16;

/// The longest answer that is read, in bytes.
pub const ANSWER_LENGTH_MAX: usize = 256 * 1024;

/// How a provider is reached.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// What stands before the path of every request: `https`, or `http` to this machine.
    pub base_url: String,
    /// How long a whole call may take.
    pub deadline: Span,
    /// Whom to trust to vouch for the provider, as PEM; else the usual authorities.
    pub root_certificate: Option<Vec<u8>>,
}

/// Why a provider cannot be reached with these settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The address.
    #[error(
        "base_url must look like https://gateway.example.org/api, without user, query or \
         fragment; http is taken for this machine only, because money must not be read on the way"
    )]
    Address,
    /// There are no authorities, or the client cannot be built.
    #[error("the gateway's server cannot be checked: {0}")]
    Certificate(String),
}

/// What came back, whatever its status.
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// A header, if it is there and plain text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, at most [`ANSWER_LENGTH_MAX`] bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; `None` when it is not what `T` wants.
    #[must_use]
    pub fn json<'a, T: serde::Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// See the module.
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// A client with these settings; connects with the first call.
    ///
    /// # Errors
    /// [`ClientError`]
    pub fn new(settings: &ClientSettings) -> Result<Client, ClientError> {
        let base = base_of(&settings.base_url)?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(roots::tls(settings.root_certificate.as_deref())?)
            .connect_timeout(CONNECT_TIME_MAX)
            .timeout(duration(settings.deadline))
            .pool_idle_timeout(IDLE_TIME_MAX)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .build()
            .map_err(|error| ClientError::Certificate(reason_of(&error)))?;
        Ok(Client { http, base })
    }

    /// Sends `message` once and reads the whole answer.
    ///
    /// # Errors
    /// [`Silence`], which tells whether the request may have arrived.
    pub async fn send(&self, message: Message) -> Result<Answer, Silence> {
        let request = message.request(&self.base).map_err(Silence::NotSent)?;
        let response = self.http.execute(request).await.map_err(|error| silence_of(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await?;
        Ok(Answer { status, headers, body })
    }

    /// The whole address of a path, for protocols that sign where a request goes.
    #[must_use]
    pub fn url_of(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }
}

/// Reads an answer to its end, and no further than it may be long.
async fn read(mut response: Response) -> Result<Zeroizing<Vec<u8>>, Silence> {
    let mut body = Zeroizing::new(Vec::new());
    loop {
        match response.chunk().await {
            Ok(Some(bytes)) if body.len() + bytes.len() > ANSWER_LENGTH_MAX => {
                return Err(Silence::NoAnswer("its answer is too long".into()));
            }
            Ok(Some(bytes)) => body.extend_from_slice(&bytes),
            Ok(None) => return Ok(body),
            Err(error) => return Err(Silence::NoAnswer(reason_of(&error))),
        }
    }
}

/// A connection that never stood has carried nothing; all else may have arrived.
fn silence_of(error: &reqwest::Error) -> Silence {
    let reason = reason_of(error);
    if error.is_connect() { Silence::NotSent(reason) } else { Silence::NoAnswer(reason) }
}

/// The innermost cause, which names what happened and not where.
fn reason_of(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut cause: &dyn Error = match error.source() {
        Some(cause) => cause,
        None => return "the request could not be made".to_owned(),
    };
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn base_of(text: &str) -> Result<Url, ClientError> {
    let url = Url::parse(text).map_err(|_| ClientError::Address)?;
    let host = url.host_str().ok_or(ClientError::Address)?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => is_this_machine(host),
        _ => false,
    };
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if is_safe && is_plain { Ok(url) } else { Err(ClientError::Address) }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A header's value that is shown nowhere; `None` when the text cannot stand in a header.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
