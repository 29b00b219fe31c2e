//! A letter as it travels (RFC 5322).

use std::time::{Duration, SystemTime};

use document::Attachment;
use domain::time::Timestamp;
use lettre::message::header::ContentType;
use lettre::message::{Attachment as Attached, Mailbox, Message, MultiPart};

use super::{MailFault, Posted};

/// The letter from `sender`, with its envelope.
pub(super) fn message(posted: &Posted, sender: &Mailbox) -> Result<Message, MailFault> {
    let mail = &posted.mail;
    let to = mail.to.as_str().parse().map_err(unwritable)?;
    let mut parts = MultiPart::mixed()
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()));
    for file in &mail.attachments {
        parts = attached(parts, file)?;
    }
    let builder = Message::builder()
        .from(sender.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(moment(posted.at))
        .message_id(Some(format!("<{}@{}>", posted.name, sender.email.domain())));
    builder.multipart(parts).map_err(unwritable)
}

fn attached(parts: MultiPart, file: &Attachment) -> Result<MultiPart, MailFault> {
    let content_type = ContentType::parse(file.content_type).map_err(unwritable)?;
    let part = Attached::new(file.name.clone()).body(file.bytes.clone(), content_type);
    Ok(parts.singlepart(part))
}

fn moment(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(at.0.unsigned_abs())
}

fn unwritable(error: impl std::fmt::Display) -> MailFault {
    MailFault::Unwritable(error.to_string())
}
