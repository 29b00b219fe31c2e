//! Sending letters: to a mail server, or into a folder where a demo's visitor finds them.
//!
//! A letter is sent once at least: a connection that breaks after the letter was taken leaves
//! nobody knowing, so it is sent again, under the same `Message-ID`, by which mail programs tell
//! that they have it.

mod folder;
pub(crate) mod letter;
mod message;
mod smtp;

use async_trait::async_trait;
use document::Mail;
use domain::time::Timestamp;

pub use self::folder::MailFolder;
pub use self::smtp::{MailSettingsError, Security, Smtp, SmtpSettings};

/// A letter on its way.
#[derive(Clone, Debug)]
pub struct Posted {
    /// What it says.
    pub mail: Mail,
    /// A name that only this letter has, of letters, digits, dots and hyphens; the same in every
    /// try.
    pub name: String,
    /// When it was owed.
    pub at: Timestamp,
}

/// Takes letters away. Called from a job, never while somebody waits for an answer.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one letter over. Must come to an end within a minute or two.
    ///
    /// # Errors
    /// [`MailFault`]; the letter is then sent again later.
    async fn send(&self, posted: &Posted) -> Result<(), MailFault>;
}

/// Why a letter was not taken. The texts hold no password and no address of a buyer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// Nobody took letters at all; the next one would fare the same.
    #[error("no mail server took the letter: {0}")]
    Unreachable(String),
    /// The server said no to this letter, for now or, with codes from 500, for good.
    #[error("the mail server refused the letter with code {code}")]
    Refused {
        /// The server's code (RFC 5321 §4.2).
        code: u16,
    },
    /// This letter cannot be written.
    #[error("the letter could not be written: {0}")]
    Unwritable(String),
}

impl MailFault {
    /// Whether a repeat will hardly help.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            MailFault::Unreachable(_) => false,
            MailFault::Refused { code } => *code >= 500,
            MailFault::Unwritable(_) => true,
        }
    }
}
