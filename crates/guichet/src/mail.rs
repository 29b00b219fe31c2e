//! Where letters to buyers go: a mail server, a folder, or nowhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use server::mail::{MailFolder, Mailer, Security, Smtp, SmtpSettings};
use zeroize::Zeroizing;

/// Holds the password, which must not stand on a command line, where others can see it.
const PASSWORD_VARIABLE: &str = "GUICHET_MAIL_PASSWORD";

/// The folder of a demo's letters.
const DEMO_FOLDER: &str = "mail";

/// Where letters go. Without any of it they are refused when somebody asks for one.
#[derive(Clone, Debug, Args)]
pub(crate) struct MailArguments {
    /// The mail server that takes letters to buyers, such as mail.example.org or
    /// mail.example.org:587.
    #[arg(long, value_name = "HOST", env = "GUICHET_MAIL_SERVER", requires = "mail_sender")]
    mail_server: Option<String>,
    /// How the way to the mail server is protected.
    #[arg(long, value_enum, default_value_t = MailSecurity::Starttls)]
    #[arg(env = "GUICHET_MAIL_SECURITY")]
    mail_security: MailSecurity,
    /// Who letters are from, such as `KR Tickets <tickets@example.org>`.
    #[arg(long, value_name = "ADDRESS", env = "GUICHET_MAIL_SENDER")]
    mail_sender: Option<String>,
    /// The name to sign in to the mail server with. The password comes from the variable
    /// GUICHET_MAIL_PASSWORD or from --mail-password-file.
    #[arg(long, value_name = "NAME", env = "GUICHET_MAIL_USER")]
    mail_user: Option<String>,
    /// A file with the password for the mail server.
    #[arg(long, value_name = "FILE", env = "GUICHET_MAIL_PASSWORD_FILE")]
    mail_password_file: Option<PathBuf>,
    /// Whom to trust to vouch for the mail server, a PEM file; else the usual authorities.
    #[arg(long, value_name = "FILE", env = "GUICHET_MAIL_ROOT_CERTIFICATE")]
    mail_root_certificate: Option<PathBuf>,
    /// Writes letters into a folder in place of sending them, to try things out.
    #[arg(long, value_name = "FOLDER", env = "GUICHET_MAIL_FOLDER")]
    #[arg(conflicts_with = "mail_server")]
    mail_folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MailSecurity {
    /// A plain connection that becomes TLS before anything is said.
    Starttls,
    /// TLS from the start.
    Tls,
    /// Nothing, for a mail server on this machine.
    None,
}

impl MailArguments {
    /// The same, with a folder in the installation where nothing was chosen.
    pub(crate) fn or_demo_folder(mut self, installation: &Path) -> MailArguments {
        if self.mail_server.is_none() && self.mail_folder.is_none() {
            self.mail_folder = Some(installation.join(DEMO_FOLDER));
        }
        self
    }

    /// Whether anybody takes letters.
    pub(crate) fn is_on(&self) -> bool {
        self.mail_folder.is_some() || self.mail_server.as_ref().is_some_and(|it| !it.is_empty())
    }

    /// Who takes letters; `None` when nobody was named.
    pub(crate) fn mailer(&self) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
        if let Some(folder) = &self.mail_folder {
            let opened = MailFolder::open(folder);
            let opened = opened.with_context(|| {
                format!("the folder {} for letters cannot be made", folder.display())
            })?;
            return Ok(Some(Arc::new(opened)));
        }
        let Some(server) = self.mail_server.as_deref().filter(|server| !server.is_empty()) else {
            return Ok(None);
        };
        let smtp = Smtp::new(&self.smtp(server)?).context("letters cannot be sent")?;
        Ok(Some(Arc::new(smtp)))
    }

    fn smtp(&self, server: &str) -> anyhow::Result<SmtpSettings> {
        let (host, port) = host_and_port(server)?;
        let certificate = self.mail_root_certificate.as_deref().map(read).transpose()?;
        Ok(SmtpSettings {
            host,
            port,
            security: match self.mail_security {
                MailSecurity::Starttls => Security::StartTls,
                MailSecurity::Tls => Security::Tls,
                MailSecurity::None => Security::None,
            },
            user: self.mail_user.clone(),
            password: self.password()?,
            sender: self.mail_sender.clone().unwrap_or_default(),
            root_certificate: certificate,
        })
    }

    fn password(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        let Some(file) = &self.mail_password_file else {
            return Ok(env::var(PASSWORD_VARIABLE).ok().map(Zeroizing::new));
        };
        let text = fs::read_to_string(file).map(Zeroizing::new);
        let text = text.with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
    }
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Takes `mail.example.org:587` or `[::1]:25` apart.
fn host_and_port(server: &str) -> anyhow::Result<(String, Option<u16>)> {
    let bare = |host: &str| host.trim_start_matches('[').trim_end_matches(']').to_owned();
    match server.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            let port = port.parse().context("--mail-server must look like mail.example.org:587")?;
            Ok((bare(host), Some(port)))
        }
        _ => Ok((bare(server), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    /// Proves that names and addresses of both kinds are read, with and without a port.
    #[test]
    fn servers_are_read() {
        let check = |text, host: &str, port| {
            assert_eq!(host_and_port(text).unwrap(), (host.to_owned(), port));
        };
        check("mail.example.org", "mail.example.org", None);
        check("mail.example.org:25", "mail.example.org", Some(25));
        check("127.0.0.1:2525", "127.0.0.1", Some(2525));
        check("[::1]:25", "::1", Some(25));
        check("::1", "::1", None);
        assert!(host_and_port("mail.example.org:smtp").is_err());
    }
}
