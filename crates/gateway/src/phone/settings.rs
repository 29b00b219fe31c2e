//! How a provider of payment by phone is set up.

use domain::attempt::GatewayTerms;
use zeroize::Zeroizing;

use crate::callback::{Callback, CallbackSecret};
use crate::client::ClientSettings;
use crate::clock::Clock;

/// Whose yes makes a cart a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confirmation {
    /// The till's, after the payer's: a lost answer can cost nobody money.
    #[default]
    ByTill,
    /// The payer's alone, for providers that know no reservation. A cart whose number was lost on
    /// the way goes to a person.
    ByPayer,
}

impl Confirmation {
    /// The provider's number of it (`payments.md` §3.1).
    pub(super) fn code(self) -> u8 {
        match self {
            Confirmation::ByPayer => 0,
            Confirmation::ByTill => 2,
        }
    }
}

/// How a provider is reached and what it wants.
pub struct PhoneSettings {
    /// Name and times; `push` says how long the payer has. Whether it is resumable follows from
    /// `confirmation`.
    pub terms: GatewayTerms,
    /// Where it is; the address ends before `/InsertCart`.
    pub client: ClientSettings,
    /// The name that it knows us by.
    pub app_key: Zeroizing<String>,
    /// The first one signs; each of them is believed, so that a secret can be changed without a
    /// moment in which messages are refused.
    pub secrets: Vec<CallbackSecret>,
    /// Whose yes counts.
    pub confirmation: Confirmation,
    /// Where it tells that a payer has answered: our `/phonePayment/callback/{name}`.
    pub callback_url: Option<String>,
    /// What the payer's app shows beside the amount.
    pub description: Option<String>,
    /// Makes nonces.
    pub clock: Clock,
}

impl PhoneSettings {
    pub(super) fn sign(&self, nonce: &str, url: &str, body: &[u8]) -> String {
        let secret = self.secrets.first();
        secret.map(|secret| secret.sign(nonce, url, body)).unwrap_or_default()
    }

    pub(super) fn signed(&self, message: &Callback<'_>) -> bool {
        self.secrets.iter().any(|secret| secret.signed(message))
    }
}
