//! Gateways out of their descriptions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use domain::attempt::{GatewayTerms, PushTerms};
use domain::time::Span;
use gateway::borgun::{self, Authorization, Borgun, BorgunSettings};
use gateway::client::ClientSettings;
use gateway::phone::{Confirmation, PhoneGateway, PhoneSettings};
use gateway::sandbox::{Sandbox, SandboxClient};
use gateway::stripe::{self, StripeGateway, StripeSettings, WebhookSecret};
use gateway::{CallbackSecret, Clock, Gateway, Guarded, SigningScheme};
use store::{Clock as _, SystemClock};
use zeroize::Zeroizing;

use super::address_of;
use super::file::{
    AuthorizationForm, BorgunTable, Common, ConfirmationForm, Described, Kind, PhoneTable,
    SandboxTable, SigningForm, StripeTable,
};
use super::secret::SecretPlace;
use crate::installation::Installation;

/// Makes gateways; all sandboxes inside the server share one book.
pub(super) struct Builder<'a> {
    installation: &'a Installation,
    /// Where relative paths begin: the folder of the file.
    folder: PathBuf,
    book: Option<Sandbox>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(installation: &'a Installation, file: &Path) -> Builder<'a> {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Builder { installation, folder, book: None }
    }

    /// The gateways by their names.
    ///
    /// # Errors
    /// A sentence that names the gateway and what to do.
    pub(super) fn build(
        mut self,
        described: &[Described],
    ) -> anyhow::Result<HashMap<String, Arc<dyn Gateway>>> {
        let made = described.iter().map(|one| {
            let gateway = self.gateway(one).with_context(|| format!("[gateway.{}]", one.name))?;
            Ok((one.name.clone(), gateway))
        });
        made.collect()
    }

    fn gateway(&mut self, described: &Described) -> anyhow::Result<Arc<dyn Gateway>> {
        let terms = terms(described);
        let common = &described.common;
        let inner: Arc<dyn Gateway> = match &described.kind {
            Kind::Sandbox(table) => {
                let sandbox = self.sandbox(terms, common, table)?;
                return Ok(Arc::new(Guarded::watching(sandbox, clock())));
            }
            Kind::Stripe(table) => Arc::new(self.stripe(terms, common, table)?),
            Kind::Borgun(table) => Arc::new(self.borgun(terms, common, table)?),
            Kind::Phone(table) => Arc::new(self.phone(terms, common, table)?),
        };
        Ok(Arc::new(Guarded::new(inner, clock())))
    }

    fn sandbox(
        &mut self,
        terms: GatewayTerms,
        common: &Common,
        table: &SandboxTable,
    ) -> anyhow::Result<Arc<dyn Gateway>> {
        let terms = GatewayTerms { resumable: true, ..terms };
        let secret = table.callback_secret.as_ref().map(|place| self.secret(place)).transpose()?;
        let secret = secret.map(|secret| CallbackSecret::new(secret.to_string()));
        let Some(url) = &common.base_url else { return self.sandbox_inside(terms, secret) };
        let client = SandboxClient::new(address_of(url)?, terms);
        Ok(match secret {
            Some(secret) => Arc::new(client.with_callbacks(secret)),
            None => Arc::new(client),
        })
    }

    fn sandbox_inside(
        &mut self,
        terms: GatewayTerms,
        secret: Option<CallbackSecret>,
    ) -> anyhow::Result<Arc<dyn Gateway>> {
        let sandbox = match &self.book {
            Some(book) => book.under(terms),
            None => {
                let options = self.installation.sandbox_options(Span::ZERO);
                let first = Sandbox::open(&options, terms.clone())?;
                self.book = Some(first.under(terms));
                first
            }
        };
        Ok(match secret {
            Some(secret) => Arc::new(sandbox.with_callbacks(secret)),
            None => Arc::new(sandbox),
        })
    }

    fn stripe(
        &self,
        terms: GatewayTerms,
        common: &Common,
        table: &StripeTable,
    ) -> anyhow::Result<StripeGateway> {
        let secrets = self.secrets(&table.webhook_secrets)?;
        Ok(StripeGateway::new(StripeSettings {
            terms,
            client: self.client(common, Some(stripe::BASE_URL))?,
            secret_key: self.secret(&table.secret_key)?,
            webhook_secrets: secrets.iter().map(|secret| WebhookSecret::new(secret)).collect(),
            publishable_key: table.publishable_key.clone(),
            raw_cards: table.raw_cards,
            clock: clock(),
        })?)
    }

    fn borgun(
        &self,
        terms: GatewayTerms,
        common: &Common,
        table: &BorgunTable,
    ) -> anyhow::Result<Borgun> {
        let public = table.public_token.as_ref().map(|place| self.secret(place));
        Ok(Borgun::new(BorgunSettings {
            terms,
            client: self.client(common, Some(borgun::BASE_URL))?,
            private_token: self.secret(&table.private_token)?,
            public_token: public.transpose()?,
            authorization: match table.authorization {
                AuthorizationForm::Private => Authorization::Private,
                AuthorizationForm::Bare => Authorization::Bare,
                AuthorizationForm::Pair => Authorization::Pair,
            },
            event_secrets: self.secrets(&table.event_secrets)?,
            verify_cards: table.verify_cards,
            resend_same_order_id: table.resend_same_order_id,
            clock: clock(),
        })?)
    }

    fn phone(
        &self,
        terms: GatewayTerms,
        common: &Common,
        table: &PhoneTable,
    ) -> anyhow::Result<PhoneGateway> {
        let scheme = match table.signing {
            SigningForm::Hash => SigningScheme::Hash,
            SigningForm::Hmac => SigningScheme::Hmac,
        };
        let secrets = self.secrets(&table.secrets)?.into_iter();
        let secrets = secrets.map(|text| CallbackSecret::new(text.to_string()).with_scheme(scheme));
        Ok(PhoneGateway::new(PhoneSettings {
            terms,
            client: self.client(common, None)?,
            app_key: self.secret(&table.app_key)?,
            secrets: secrets.collect(),
            confirmation: match table.confirmation {
                ConfirmationForm::Till => Confirmation::ByTill,
                ConfirmationForm::Payer => Confirmation::ByPayer,
            },
            callback_url: table.callback_url.clone(),
            description: table.description.clone(),
            clock: clock(),
        })?)
    }

    fn client(&self, common: &Common, usual: Option<&str>) -> anyhow::Result<ClientSettings> {
        let base_url = common.base_url.as_deref().or(usual).context("base_url is missing")?;
        let certificate = common.root_certificate_file.as_ref().map(|path| {
            let path = self.folder.join(path);
            std::fs::read(&path)
                .with_context(|| format!("the certificate in {} cannot be read", path.display()))
        });
        Ok(ClientSettings {
            base_url: base_url.to_owned(),
            deadline: Span::milliseconds(common.deadline_ms),
            root_certificate: certificate.transpose()?,
        })
    }

    fn secret(&self, place: &SecretPlace) -> anyhow::Result<Zeroizing<String>> {
        place.read(&self.folder)
    }

    fn secrets(&self, places: &[SecretPlace]) -> anyhow::Result<Vec<Zeroizing<String>>> {
        places.iter().map(|place| self.secret(place)).collect()
    }
}

/// Times and name; what a gateway promises, its adapter says.
fn terms(described: &Described) -> GatewayTerms {
    let push = match &described.kind {
        Kind::Sandbox(table) => table.asks_phones.then(PushTerms::default),
        Kind::Phone(table) => Some(PushTerms {
            poll: Span::milliseconds(table.poll_ms),
            approval_within: Span::seconds(table.approval_within_s),
            ..PushTerms::default()
        }),
        Kind::Stripe(_) | Kind::Borgun(_) => None,
    };
    GatewayTerms {
        name: described.name.clone(),
        resumable: false,
        send_within: Span::milliseconds(described.common.send_within_ms),
        deadline: Span::milliseconds(described.common.deadline_ms),
        push,
    }
}

pub(super) fn clock() -> Clock {
    Arc::new(|| SystemClock.now())
}
