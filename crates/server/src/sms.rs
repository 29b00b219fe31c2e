//! Sending codes to phones: through a provider, or into a list that a demo shows.
//!
//! A message is sent after its request is durable and outside any transaction. Whether it arrives
//! is not known, so none is sent twice: a person asks again.

mod http;
mod outbox;
mod text;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::phone::PhoneNumber;

pub use self::http::{HttpSms, HttpSmsSettings, SmsSettingsError};
pub use self::outbox::{OUTBOX_MESSAGES_MAX, Sent, SmsOutbox};
pub(crate) use self::text::code_text;

/// A message to a phone.
pub struct SmsMessage {
    /// To whom.
    pub number: PhoneNumber,
    /// What it says, code and all.
    pub text: String,
}

impl fmt::Debug for SmsMessage {
    /// Without the text, which holds a code.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SmsMessage({:?})", self.number)
    }
}

/// Takes messages away.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Hands one message over. Somebody waits for it, so it must come to an end in seconds.
    ///
    /// # Errors
    /// [`SmsFault`]; the message may have left all the same.
    async fn send(&self, message: &SmsMessage) -> Result<(), SmsFault>;
}

/// Why a message was not taken. The texts hold neither the number nor the code nor a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsFault {
    /// Nobody took it.
    #[error("the SMS provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider said no.
    #[error("the SMS provider refused the message with HTTP status {status}")]
    Refused {
        /// Its answer.
        status: u16,
    },
    /// The provider said nothing.
    #[error("the SMS provider did not answer in time; the message may arrive")]
    Silent,
    /// As many messages as may be are on their way.
    #[error("too many messages are on their way to the SMS provider")]
    Busy,
}

/// Where an installation's messages go.
#[derive(Clone, Default)]
pub enum Sms {
    /// Nowhere: codes cannot be asked for.
    #[default]
    Off,
    /// To a provider.
    Provider(Arc<dyn SmsSender>),
    /// Into a list that an Admin reads: a demo, or a server in test mode.
    Outbox(Arc<SmsOutbox>),
}

impl Sms {
    /// Who takes messages.
    #[must_use]
    pub fn sender(&self) -> Option<&dyn SmsSender> {
        match self {
            Sms::Off => None,
            Sms::Provider(sender) => Some(&**sender),
            Sms::Outbox(outbox) => Some(&**outbox),
        }
    }

    /// The list, where messages go into one.
    #[must_use]
    pub fn outbox(&self) -> Option<&SmsOutbox> {
        match self {
            Sms::Outbox(outbox) => Some(outbox),
            Sms::Off | Sms::Provider(_) => None,
        }
    }
}
