//! Letters, ready to be sent by anything that speaks SMTP.

pub(crate) mod address;
mod body;
pub(crate) mod letters;

use self::address::MailAddress;

/// A letter. Nothing in it can become a header: the address is checked and the subject is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Whom it goes to.
    pub to: MailAddress,
    /// One line.
    pub subject: String,
    /// The letter without markup.
    pub text: String,
    /// The same as an HTML document, which loads nothing from elsewhere.
    pub html: String,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
}

/// A file that comes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: letters, digits, dots and hyphens.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}
