//! The gateways of a server, and their settings.

mod build;
mod file;
mod secret;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::attempt::GatewayTerms;
use domain::time::Span;
use gateway::sandbox::{self, Sandbox, SandboxClient};
use gateway::{CallbackSecret, Gateway, Guarded};

use self::build::{Builder, clock};
use self::file::{Described, Kind};
use crate::installation::Installation;

/// The name of the sandbox for cards, as organisers choose it.
const SANDBOX_NAME: &str = "sandbox";

/// The name of the sandbox for payment by phone.
const PHONE_NAME: &str = "phone";

/// The longest secret that is read from a file, in bytes.
const SECRET_LENGTH_MAX: usize = 1_024;

#[derive(Clone, Debug, Args)]
pub(crate) struct GatewayArguments {
    /// The file that describes the gateways, one table [gateway.NAME] each; organisers choose them
    /// by these names. Without it there are two sandboxes, `sandbox` and `phone`.
    #[arg(long, value_name = "FILE", env = "GUICHET_GATEWAYS")]
    #[arg(conflicts_with_all = ["gateway_url", "phone_callback_secret_file"])]
    gateways: Option<PathBuf>,
    /// The sandbox gateway as a process of its own; without it one runs inside.
    #[arg(long, value_name = "URL", env = "GUICHET_GATEWAY_URL")]
    gateway_url: Option<String>,
    /// How long after placing an order its payment may still be sent.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 10_000)]
    gateway_send_within_ms: u32,
    /// How long a gateway may take to answer.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 30_000)]
    gateway_deadline_ms: u32,
    /// The file with the secret that the gateway for payment by phone signs its messages with;
    /// without it none is believed, and the gateway is asked every two seconds all the same.
    #[arg(long, value_name = "FILE", env = "GUICHET_PHONE_CALLBACK_SECRET_FILE")]
    phone_callback_secret_file: Option<PathBuf>,
}

impl GatewayArguments {
    /// Whether other nodes can reach the same gateways.
    ///
    /// # Errors
    /// A sentence when the file of the gateways is not right.
    pub(crate) fn is_shared(&self) -> anyhow::Result<bool> {
        let Some(path) = &self.gateways else { return Ok(self.gateway_url.is_some()) };
        let is_inside =
            |one: &Described| matches!(one.kind, Kind::Sandbox(_)) && one.common.base_url.is_none();
        Ok(!file::read(path)?.iter().any(is_inside))
    }

    /// The gateways by the names that organisers choose.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub(crate) fn gateways(
        &self,
        installation: &Installation,
    ) -> anyhow::Result<HashMap<String, Arc<dyn Gateway>>> {
        match &self.gateways {
            Some(path) => Builder::new(installation, path).build(&file::read(path)?),
            None => self.sandboxes(installation),
        }
    }

    /// One sandbox for cards and one that asks payers on their phones. Both keep one book.
    fn sandboxes(
        &self,
        installation: &Installation,
    ) -> anyhow::Result<HashMap<String, Arc<dyn Gateway>>> {
        let cards = self.timed(sandbox::terms(SANDBOX_NAME));
        let phone = self.timed(sandbox::phone_terms(PHONE_NAME));
        let secret = self.callback_secret()?;
        let pair: [Arc<dyn Gateway>; 2] = match &self.gateway_url {
            Some(url) => {
                let address = address_of(url)?;
                let phone = SandboxClient::new(address, phone);
                let phone = match secret {
                    Some(secret) => phone.with_callbacks(secret),
                    None => phone,
                };
                [Arc::new(SandboxClient::new(address, cards)), Arc::new(phone)]
            }
            None => {
                let cards = Sandbox::open(&installation.sandbox_options(Span::ZERO), cards)?;
                let phone = cards.under(phone);
                let phone = match secret {
                    Some(secret) => phone.with_callbacks(secret),
                    None => phone,
                };
                [Arc::new(cards), Arc::new(phone)]
            }
        };
        let names = [SANDBOX_NAME, PHONE_NAME].map(str::to_owned);
        let watched = pair
            .map(|gateway| -> Arc<dyn Gateway> { Arc::new(Guarded::watching(gateway, clock())) });
        Ok(names.into_iter().zip(watched).collect())
    }

    fn timed(&self, terms: GatewayTerms) -> GatewayTerms {
        GatewayTerms {
            send_within: Span::milliseconds(self.gateway_send_within_ms),
            deadline: Span::milliseconds(self.gateway_deadline_ms),
            ..terms
        }
    }

    fn callback_secret(&self) -> anyhow::Result<Option<CallbackSecret>> {
        self.phone_callback_secret_file.as_deref().map(read_callback_secret).transpose()
    }
}

/// The secret in a file, by which messages about payments by phone are known.
pub(super) fn read_callback_secret(path: &Path) -> anyhow::Result<CallbackSecret> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the secret in {} cannot be read", path.display()))?;
    let secret = text.trim();
    anyhow::ensure!(
        !secret.is_empty() && secret.len() <= SECRET_LENGTH_MAX,
        "{} must hold one secret of 1 to {SECRET_LENGTH_MAX} characters",
        path.display()
    );
    Ok(CallbackSecret::new(secret.to_owned()))
}

/// The address in `http://127.0.0.1:8099`.
fn address_of(url: &str) -> anyhow::Result<SocketAddr> {
    let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    address.parse().context("a sandbox's address must look like http://127.0.0.1:8099")
}
