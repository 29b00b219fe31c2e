//! A difference that was paid elsewhere (`domain.md §4.4`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::{Decimal, SecretText};

/// `POST /transferTicket/markTopupPaid`.
pub static MARK_TOPUP_PAID: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/markTopupPaid")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    ..Operation::of::<MarkTopupPaidRequest, MarkTopupPaidResult>()
};

/// Reports a payment of the difference. One that this server took is looked up, whoever asks; of
/// one that was made elsewhere only an Admin's word counts. The same reference again changes
/// nothing.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct MarkTopupPaidRequest {
    /// The session's handle.
    pub session_token: Option<SecretText>,
    /// What the payment is called where it was made, at most 255 characters.
    pub topup_payment_reference: Option<String>,
    /// Króna that were paid; must be the difference.
    pub amount_paid: Decimal,
}

/// Where the transfer stands.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct MarkTopupPaidResult {
    /// Whether the payment is the difference of this transfer.
    pub ok: bool,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Row of the log.
    pub transfer_log_id: Option<i32>,
    /// `AwaitingTopup`, `PaymentPending`, `Completed`, `Expired` or `Cancelled`.
    pub status: Option<String>,
}
