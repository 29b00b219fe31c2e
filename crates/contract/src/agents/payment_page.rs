//! The page behind an order's payment link, for browsers (`domain.md §5`). Its operations are
//! hidden: they answer with documents and are called by links and forms.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use crate::three_d_secure_return::PAGE_TYPE;
use crate::ticket_transfer::page::SCRIPT_TYPE;

/// `GET POST /pay/{Token}`. Whoever has the link has the token, and no account.
pub static PAYMENT_PAGE: Operation = Operation {
    routes: &[Route::new("GET POST", "/pay/{Token}")],
    access: Access::OPEN,
    is_hidden: true,
    effect: Effect::Writes,
    card_members: &["Pan", "ExpMonth", "ExpYear", "Cvc", "ClientSecret"],
    ..Operation::of_files::<PaymentPage>(&[PAGE_TYPE])
};

/// `GET /pay/return/{Nonce}`: where a bank's challenge leads back to.
pub static PAYMENT_PAGE_RETURN: Operation = Operation {
    routes: &[Route::new("GET", "/pay/return/{Nonce}")],
    access: Access::OPEN,
    is_hidden: true,
    ..Operation::of_files::<PaymentPageReturn>(&[PAGE_TYPE])
};

/// `GET /pay/page.js`: the page's script.
pub static PAYMENT_PAGE_SCRIPT: Operation = Operation {
    routes: &[Route::new("GET", "/pay/page.js")],
    access: Access::OPEN,
    is_hidden: true,
    has_secrets: false,
    ..Operation::of_files::<PaymentPageScript>(&[SCRIPT_TYPE])
};

/// Shows the page. Sent as a form it opens the payment, pays it, or asks what became of it.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PaymentPage {
    /// The link's handle.
    pub token: Option<SecretText>,
    /// `is` or `en`; without it what the browser prefers.
    pub lang: Option<String>,
    /// What the form wants: `begin`, `pay`, `look`.
    pub act: Option<String>,
    /// The secret of the payment that the page showed. Refused in a URL.
    pub client_secret: Option<SecretText>,
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

/// Leads the browser back to the page of its order.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PaymentPageReturn {
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
pub struct PaymentPageScript {}
