//! Paying the difference of a transfer (`domain.md §4.4`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::{Decimal, SecretText};

/// `POST /transferTicket/payTopupWith3DSecure`. Whoever has the link has the token, and no account.
pub static PAY_TOPUP_WITH_3D_SECURE: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/payTopupWith3DSecure")],
    access: Access::OPEN,
    effect: Effect::Writes,
    card_members: &["BorgunCardToken", "BorgunMpiToken"],
    ..Operation::of::<PayTopupWith3DSecureRequest, PayTopupWith3DSecureResult>()
};

/// Pays the difference of a transfer with a card whose holder has proved who they are, or by a
/// phone. May be repeated: while a payment is under way and after it, the answer tells of it.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PayTopupWith3DSecureRequest {
    /// The session's handle.
    pub session_token: Option<SecretText>,
    /// The card's token, from 3-D Secure.
    pub borgun_card_token: Option<SecretText>,
    /// The proof, from 3-D Secure.
    pub borgun_mpi_token: Option<SecretText>,
    /// What the payer saw, in minor units, or in hundredths of a króna as gateways count; 0 means
    /// not stated.
    pub amount_minor: i64,
    /// What the payer saw; `ISK`.
    pub currency: Option<String>,
    /// The phone to ask, instead of a card.
    pub payment_phone_number: Option<String>,
}

/// What became of the payment.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PayTopupWith3DSecureResult {
    /// Whether the ticket has moved.
    pub ok: bool,
    /// 200 moved, 202 the payment is under way, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// Stable name of the outcome.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Row of the log.
    pub transfer_log_id: Option<i32>,
    /// `AwaitingTopup`, `PaymentPending`, `Completed`, `Expired` or `Cancelled`.
    pub status: Option<String>,
    /// The new ticket's handle, once the ticket has moved.
    pub new_ticket_token_id: Option<String>,
    /// The gateway's id of the payment.
    pub payment_reference: Option<String>,
    /// The issuer's code.
    pub auth_code: Option<String>,
    /// Of the card.
    pub last_four_digits: Option<String>,
    /// Króna of the difference.
    pub amount_isk: Decimal,
}
