//! Letters to a mail server (RFC 5321), over TLS.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use zeroize::Zeroizing;

use super::message::message;
use super::{MailFault, Mailer, Posted};

/// How long the server may take for one step.
const STEP_TIME_MAX: Duration = Duration::from_secs(20);

/// How long a whole letter may take.
const LETTER_TIME_MAX: Duration = Duration::from_secs(60);

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// A plain connection becomes TLS before anything is said; a server that cannot is refused.
    StartTls,
    /// TLS from the start.
    Tls,
    /// Nothing: for a mail server on this machine.
    None,
}

impl Security {
    /// The usual port (RFC 8314).
    fn port(self) -> u16 {
        match self {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None => 25,
        }
    }
}

/// Where letters go and who they are from.
pub struct SmtpSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port; else the usual one.
    pub port: Option<u16>,
    /// How the way there is protected.
    pub security: Security,
    /// The name to sign in with.
    pub user: Option<String>,
    /// The password to sign in with.
    pub password: Option<Zeroizing<String>>,
    /// Who the letters are from, such as `KR Tickets <tickets@example.org>`.
    pub sender: String,
    /// Whom to trust to vouch for the server, as PEM; else the usual authorities.
    pub root_certificate: Option<Vec<u8>>,
}

impl fmt::Debug for SmtpSettings {
    /// Without the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SmtpSettings { host, port, security, sender, .. } = self;
        write!(formatter, "SmtpSettings({host}, {port:?}, {security:?}, {sender})")
    }
}

/// Why letters cannot be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// The sender is no address.
    #[error("the sender of letters must look like `Tickets <tickets@example.org>`")]
    Sender,
    /// Only one of name and password was given.
    #[error("a mail server is signed in to with a name and a password; one of them is missing")]
    HalfCredentials,
    /// A password would be sent for all to read.
    #[error("a password is not sent to a mail server without TLS; choose starttls or tls")]
    PasswordInClear,
    /// The certificate file, or TLS itself.
    #[error("TLS to the mail server cannot be set up: {0}")]
    Tls(String),
}

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
}

impl Smtp {
    /// A way to that server; nothing is sent yet.
    ///
    /// # Errors
    /// [`MailSettingsError`]
    pub fn new(settings: &SmtpSettings) -> Result<Smtp, MailSettingsError> {
        let sender: Mailbox = settings.sender.parse().map_err(|_| MailSettingsError::Sender)?;
        let credentials = credentials(settings)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port.unwrap_or(settings.security.port()))
            .tls(tls(settings)?)
            .timeout(Some(STEP_TIME_MAX))
            .hello_name(ClientId::Domain(sender.email.domain().to_owned()));
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        Ok(Smtp { transport: builder.build(), sender })
    }
}

fn credentials(settings: &SmtpSettings) -> Result<Option<Credentials>, MailSettingsError> {
    match (&settings.user, &settings.password) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if settings.security == Security::None => {
            Err(MailSettingsError::PasswordInClear)
        }
        (Some(user), Some(password)) => {
            Ok(Some(Credentials::new(user.clone(), password.as_str().to_owned())))
        }
        _ => Err(MailSettingsError::HalfCredentials),
    }
}

fn tls(settings: &SmtpSettings) -> Result<Tls, MailSettingsError> {
    if settings.security == Security::None {
        return Ok(Tls::None);
    }
    let failed = |error: Error| MailSettingsError::Tls(reason(&error));
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.root_certificate {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem).map_err(failed)?);
    }
    let parameters = parameters.build().map_err(failed)?;
    match settings.security {
        Security::Tls => Ok(Tls::Wrapper(parameters)),
        _ => Ok(Tls::Required(parameters)),
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, posted: &Posted) -> Result<(), MailFault> {
        let message = message(posted, &self.sender)?;
        let sent = tokio::time::timeout(LETTER_TIME_MAX, self.transport.send(message));
        match sent.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(MailFault::Unreachable("it takes too long".to_owned())),
        }
    }
}

/// What the server answered is left out: it may repeat the buyer's address.
fn fault(error: &Error) -> MailFault {
    match error.status() {
        Some(code) => MailFault::Refused { code: code.into() },
        None => MailFault::Unreachable(reason(error)),
    }
}

/// The error with its causes.
fn reason(error: &Error) -> String {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    reason
}
