//! Where a bank sends its holder's browser after a challenge (`payments.md §1.8` step 3).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// What the browser is shown where the app gave no address to go on at.
pub const PAGE_TYPE: &str = "text/html; charset=utf-8";

/// `GET POST /threeDSecure/return/{OrderId}`. Whoever comes has nothing but what the bank gave.
pub static THREE_D_SECURE_RETURN: Operation = Operation {
    routes: &[Route::new("GET POST", "/threeDSecure/return/{OrderId}")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of_files::<ThreeDSecureReturn>(&[PAGE_TYPE])
};

/// Brings a bank's answer back. For browsers: it answers with a redirect to the app's `returnUrl`,
/// with `orderId` and `status` (`passed`, `failed`, `open`) in its query, or with a short page.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ThreeDSecureReturn {
    /// What names the proof in the address that the bank was given; the 12 characters alone do not.
    pub order_id: Option<String>,
    /// The bank's answer (3-D Secure 2).
    pub cres: Option<String>,
    /// The bank's answer (3-D Secure 1).
    pub pa_res: Option<String>,
    /// What the till gave along, echoed. Not read: the order id says all.
    #[dto(name = "MD")]
    pub md: Option<String>,
}
