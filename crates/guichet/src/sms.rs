//! Where codes for phones go: a provider, a list that an Admin reads, or nowhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::Context as _;
use clap::Args;
use server::sms::{HttpSms, HttpSmsSettings, Sms, SmsOutbox};
use store::Clock;
use zeroize::Zeroizing;

/// Holds the whole header `Authorization`, which must not stand on a command line, where others
/// can see it.
const AUTHORIZATION_VARIABLE: &str = "GUICHET_SMS_AUTHORIZATION";

/// What many providers take.
const BODY: &str = r#"{"to":"{number}","text":"{text}"}"#;

/// Where codes go. Without any of it nobody can verify a phone.
#[derive(Clone, Debug, Args)]
pub(crate) struct SmsArguments {
    /// The SMS provider's address, such as <https://sms.example.org/messages>. What it wants as
    /// `Authorization` comes from the variable `GUICHET_SMS_AUTHORIZATION` or from
    /// --sms-authorization-file.
    #[arg(long, value_name = "URL", env = "GUICHET_SMS_URL")]
    sms_url: Option<String>,
    /// The JSON document that the provider takes by POST, with {number} and {text} in it.
    #[arg(long, value_name = "JSON", env = "GUICHET_SMS_BODY", default_value = BODY)]
    sms_body: String,
    /// A file with what the provider wants as `Authorization`, such as `Bearer …`.
    #[arg(long, value_name = "FILE", env = "GUICHET_SMS_AUTHORIZATION_FILE")]
    sms_authorization_file: Option<PathBuf>,
    /// Whom to trust to vouch for the provider, a PEM file; else the usual authorities.
    #[arg(long, value_name = "FILE", env = "GUICHET_SMS_ROOT_CERTIFICATE")]
    sms_root_certificate: Option<PathBuf>,
    /// For trying things out, never for a service that sells: sends no codes, and shows them on
    /// standard output and to Admins (`/phoneverification/outbox`).
    #[arg(long, conflicts_with = "sms_url", env = "GUICHET_TEST_MODE")]
    test_mode: bool,
}

impl SmsArguments {
    /// The same, in test mode where no provider was chosen.
    pub(crate) fn or_test_mode(mut self) -> SmsArguments {
        self.test_mode = self.sms_url.is_none();
        self
    }

    /// Where codes go.
    pub(crate) fn sms(&self, clock: Arc<dyn Clock>) -> anyhow::Result<Sms> {
        if self.test_mode {
            return Ok(Sms::Outbox(Arc::new(SmsOutbox::new(clock, true))));
        }
        let Some(url) = self.sms_url.clone().filter(|url| !url.is_empty()) else {
            return Ok(Sms::Off);
        };
        let settings = HttpSmsSettings {
            url,
            body: self.sms_body.clone(),
            authorization: self.authorization()?,
            root_certificate: self.sms_root_certificate.as_deref().map(read).transpose()?,
        };
        Ok(Sms::Provider(Arc::new(HttpSms::new(&settings)?)))
    }

    fn authorization(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        let Some(file) = &self.sms_authorization_file else {
            return Ok(env::var(AUTHORIZATION_VARIABLE).ok().map(Zeroizing::new));
        };
        let text = fs::read_to_string(file).map(Zeroizing::new);
        let text = text.with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
    }
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}
