//! How a sale is paid (`domain.md` §2.1).

use serde::{Deserialize, Serialize};

use crate::attempt::GatewayTerms;
use crate::refusal::Refusal;

/// The means of paying, by its published name (`paymentMethodId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A card, typed in or a gateway's single-use token.
    Card,
    /// A card kept by the gateway.
    SavedCard,
    /// A device card with its proof.
    ApplePay,
    /// A card whose holder proved who they are.
    Card3D,
    /// A message to a phone.
    Phone,
    /// Nothing to pay.
    Free,
}

impl Method {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Card => "card",
            Method::SavedCard => "savedCard",
            Method::ApplePay => "applePay",
            Method::Card3D => "card3D",
            Method::Phone => "phone",
            Method::Free => "free",
        }
    }
}

/// What the buyer pays with. The card itself never comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// Something that a gateway can take money from.
    Usable {
        /// Of which kind.
        method: Method,
        /// The gateway it goes through.
        gateway: GatewayTerms,
        /// The payer's phone, for [`Method::Phone`].
        payer_phone: Option<String>,
    },
    /// Something that cannot be used, and why: said when the order turns out to cost something,
    /// and after what is wrong with the order itself (`domain.md` §3.6 rule 1).
    Unusable(Refusal),
}
