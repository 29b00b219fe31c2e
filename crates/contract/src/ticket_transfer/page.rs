//! The page behind a payment link, for browsers (`domain.md §4.4`). Its operations are hidden: they
//! answer with documents and are called by links and forms.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use crate::three_d_secure_return::PAGE_TYPE;

/// What the page's script is sent as.
pub const SCRIPT_TYPE: &str = "text/javascript; charset=utf-8";

/// `GET POST /transferTicket/pay/{Token}`. Whoever has the link has the token, and no account.
pub static TOPUP_PAGE: Operation = Operation {
    routes: &[Route::new("GET POST", "/transferTicket/pay/{Token}")],
    access: Access::OPEN,
    is_hidden: true,
    effect: Effect::Writes,
    card_members: &["Pan", "ExpMonth", "ExpYear", "Cvc"],
    ..Operation::of_files::<TopupPage>(&[PAGE_TYPE])
};

/// `GET /transferTicket/payReturn/{Nonce}`: where a bank's challenge leads back to.
pub static TOPUP_PAGE_RETURN: Operation = Operation {
    routes: &[Route::new("GET", "/transferTicket/payReturn/{Nonce}")],
    access: Access::OPEN,
    is_hidden: true,
    ..Operation::of_files::<TopupPageReturn>(&[PAGE_TYPE])
};

/// `GET /transferTicket/pay.js`: keeps a form from being sent twice. The page works without it.
pub static TOPUP_PAGE_SCRIPT: Operation = Operation {
    routes: &[Route::new("GET", "/transferTicket/pay.js")],
    access: Access::OPEN,
    is_hidden: true,
    has_secrets: false,
    ..Operation::of_files::<TopupPageScript>(&[SCRIPT_TYPE])
};

/// Shows the page; sent with a card it starts 3-D Secure, sent with an order id it pays.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TopupPage {
    /// The session's handle.
    pub token: Option<SecretText>,
    /// `is` or `en`; without it what the browser prefers.
    pub lang: Option<String>,
    /// The authentication that the browser comes back from.
    pub order_id: Option<String>,
    /// What came of it: `passed`, `failed`, `open`.
    pub status: Option<String>,
    /// Card number. Refused in a URL.
    pub pan: Option<SecretText>,
    /// Month of expiry.
    pub exp_month: Option<SecretText>,
    /// Year of expiry.
    pub exp_year: Option<SecretText>,
    /// Security code.
    pub cvc: Option<SecretText>,
}

/// Leads the browser back to the page of its session.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TopupPageReturn {
    /// What the start of 3-D Secure chose at random.
    pub nonce: Option<String>,
    /// The authentication.
    pub order_id: Option<String>,
    /// What came of it.
    pub status: Option<String>,
}

/// The page's script.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TopupPageScript {}
