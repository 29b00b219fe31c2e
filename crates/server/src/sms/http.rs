//! One provider for all: a JSON document is sent by POST, and a status of 200 to 299 means that the
//! message was taken. What the document looks like is the operator's to say.

mod connection;
mod template;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Request, Uri};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use self::connection::Target;
use self::template::Template;
use super::{SmsFault, SmsMessage, SmsSender};

/// How long a provider may take, from the first byte to its answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);

/// How many messages may be on their way at once.
const MESSAGES_MAX: usize = 32;

/// How the provider is reached.
pub struct HttpSmsSettings {
    /// Where messages are sent to; `https`, or `http` to this machine.
    pub url: String,
    /// The JSON document, with `{number}` and `{text}` where those belong.
    pub body: String,
    /// What the header `Authorization` says, such as `Bearer …` or `Basic …`.
    pub authorization: Option<Zeroizing<String>>,
    /// Whom to trust to vouch for the provider, as PEM; else the usual authorities.
    pub root_certificate: Option<Vec<u8>>,
}

impl fmt::Debug for HttpSmsSettings {
    /// Without the secret, which an address may hold, too.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HttpSmsSettings(***)")
    }
}

/// Why messages cannot be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SmsSettingsError {
    /// The address.
    #[error(
        "the SMS provider's address must look like https://sms.example.org/messages; http is \
             taken for this machine only, because codes must not be read on the way"
    )]
    Address,
    /// The document.
    #[error("the SMS document must be JSON with {{number}} and {{text}} in its texts: {0}")]
    Body(String),
    /// The header.
    #[error("the SMS provider's authorization must be one line, such as `Bearer …`")]
    Authorization,
    /// The certificates.
    #[error("the SMS provider cannot be checked: {0}")]
    Certificate(String),
}

/// A provider that takes JSON over HTTP.
pub struct HttpSms {
    target: Target,
    uri: Uri,
    template: Template,
    authorization: Option<HeaderValue>,
    places: Semaphore,
}

impl HttpSms {
    /// A provider with these settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`SmsSettingsError`]
    pub fn new(settings: &HttpSmsSettings) -> Result<HttpSms, SmsSettingsError> {
        let uri: Uri = settings.url.parse().map_err(|_| SmsSettingsError::Address)?;
        let authorization = settings.authorization.as_deref().map(|text| {
            let mut value =
                HeaderValue::from_str(text).map_err(|_| SmsSettingsError::Authorization)?;
            value.set_sensitive(true);
            Ok(value)
        });
        Ok(HttpSms {
            target: Target::of(&uri, settings.root_certificate.as_deref())?,
            uri,
            template: Template::parse(&settings.body)?,
            authorization: authorization.transpose()?,
            places: Semaphore::new(MESSAGES_MAX),
        })
    }

    fn request(&self, message: &SmsMessage) -> Result<Request<String>, SmsFault> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let host = self.uri.authority().map_or("", |authority| authority.as_str());
        let mut request = Request::post(path)
            .header(HOST, host)
            .header(CONTENT_TYPE, "application/json")
            .body(self.template.fill(message))
            .map_err(|error| SmsFault::Unreachable(error.to_string()))?;
        if let Some(authorization) = &self.authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        Ok(request)
    }
}

#[async_trait]
impl SmsSender for HttpSms {
    async fn send(&self, message: &SmsMessage) -> Result<(), SmsFault> {
        let _place = self.places.try_acquire().map_err(|_| SmsFault::Busy)?;
        let exchange = self.target.exchange(self.request(message)?);
        let answer = tokio::time::timeout(ANSWER_TIME_MAX, exchange).await;
        match answer.map_err(|_| SmsFault::Silent)?? {
            200..300 => Ok(()),
            status => Err(SmsFault::Refused { status }),
        }
    }
}
