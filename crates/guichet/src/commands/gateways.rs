//! The gateways of a server, and their settings.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::attempt::GatewayTerms;
use domain::time::Span;
use gateway::sandbox::{self, Sandbox, SandboxClient};
use gateway::{CallbackSecret, Gateway};

use crate::installation::Installation;

/// The name of the sandbox for cards, as organisers choose it.
const SANDBOX_NAME: &str = "sandbox";

/// The name of the sandbox for payment by phone.
const PHONE_NAME: &str = "phone";

/// The longest secret that is read from a file, in bytes.
const SECRET_LENGTH_MAX: usize = 1_024;

#[derive(Clone, Debug, Args)]
pub(crate) struct GatewayArguments {
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
    /// Whether other nodes can reach the same gateway.
    pub(crate) fn is_shared(&self) -> bool {
        self.gateway_url.is_some()
    }

    /// The gateways by the names that organisers choose: one for cards and one that asks payers
    /// on their phones. Both keep one book.
    pub(crate) fn gateways(
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
        Ok(names.into_iter().zip(pair).collect())
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
    address.parse().context("--gateway-url must look like http://127.0.0.1:8099")
}
