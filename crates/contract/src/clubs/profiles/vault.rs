//! Leaving a card with the gateway of a chain.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{CLUBS, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/paymentprofile/vault`.
pub static VAULT_PAYMENT_PROFILE: Operation = Operation {
    routes: &[
        Route::new("POST", "/sales/paymentprofile/vault").summary("Leave a card with the gateway")
    ],
    access: CLUBS,
    tags: TAGS,
    effect: Effect::Writes,
    card_members: &["CardNumber", "ExpMonth", "ExpYear", "Cvc", "GatewayToken"],
    ..Operation::of::<VaultPaymentProfile, VaultPaymentProfileResponse>()
};

/// Leaves a card with the gateway of the chain, without charging it. The card can then be named by
/// its `AcctToken` for a day; its `ProfileToken` puts it on file, once and within five minutes.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct VaultPaymentProfile {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Whose card it is; left out for somebody who is no member yet.
    pub member_id: Option<i32>,
    /// For one use: it is never kept on file.
    pub is_temp: Option<bool>,
    /// The number, 12 to 19 digits. Refused in a URL.
    pub card_number: Option<SecretText>,
    /// The last month in which it is valid, 1 to 12. A gift card may have none.
    pub exp_month: Option<SecretText>,
    /// The year of that month, YYYY or YY.
    pub exp_year: Option<SecretText>,
    /// The security code, 3 digits, 4 for American Express. A gift card has none.
    pub cvc: Option<SecretText>,
    /// The gateway's own token of the card, good for one use, in place of the card.
    pub gateway_token: Option<SecretText>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The two tokens of the card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct VaultPaymentProfileResponse {
    /// Names the card from now on.
    pub acct_token: Option<String>,
    /// Puts it on file, once and within five minutes.
    pub profile_token: Option<String>,
    /// `CC` for a card, `GC` for a gift card.
    pub acct_class: Option<String>,
    /// The brand.
    pub acct_type: Option<String>,
    /// Its last four digits.
    pub last4: Option<String>,
    /// It is for one use and gone after a day; gift cards always are.
    pub is_temp: bool,
}
