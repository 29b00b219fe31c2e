//! The bodies of requests, whose bytes are signed as they are written here.

use serde::Serialize;

/// Puts a cart into the payer's app.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CartBody<'a> {
    /// Whole krónur.
    pub(super) amount: i64,
    pub(super) reference: &'a str,
    /// Seven digits, without the country's.
    pub(super) customer_id: &'a str,
    /// See [`super::Confirmation`].
    pub(super) confirmation_type: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback_cancel_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
}

/// Checks, confirms or cancels a cart.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionBody<'a> {
    pub(super) transaction_id: &'a str,
}
