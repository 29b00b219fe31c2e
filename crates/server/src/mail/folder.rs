//! Letters as files, for a demo and for tests: each is what a mail server would have got.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;

use super::message::message;
use super::{MailFault, Mailer, Posted};

/// Who the letters of a demo are from; `.example` is nobody's (RFC 2606).
const SENDER: &str = "tickets@guichet.example";

/// Writes each letter into a folder, as `<name>.eml`.
#[derive(Debug)]
pub struct MailFolder {
    folder: PathBuf,
    sender: Mailbox,
}

impl MailFolder {
    /// A folder of letters, made if it is not there, readable by its owner alone.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path) -> io::Result<MailFolder> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let sender = SENDER.parse().map_err(io::Error::other)?;
        Ok(MailFolder { folder: folder.to_owned(), sender })
    }
}

#[async_trait]
impl Mailer for MailFolder {
    async fn send(&self, posted: &Posted) -> Result<(), MailFault> {
        let bytes = message(posted, &self.sender)?.formatted();
        let path = self.folder.join(format!("{}.eml", posted.name));
        let written = tokio::task::spawn_blocking(move || write(&path, &bytes));
        let failed = |reason: String| MailFault::Unreachable(reason);
        let written = written.await.map_err(|error| failed(error.to_string()))?;
        written.map_err(|error| failed(format!("the folder cannot be written: {error}")))
    }
}

/// Whole or not at all: a visitor may be reading.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    io::Write::write_all(&mut file, bytes)?;
    fs::rename(new, path)
}
