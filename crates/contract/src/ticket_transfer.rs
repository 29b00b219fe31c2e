//! Transfer of a ticket to another event, with its price difference (`domain.md §4`).

pub mod log;
pub mod mark_topup_paid;
pub mod page;
pub mod pay_topup;
pub mod quote;
pub mod start_topup_3d_secure;
pub mod to_phone;
pub mod topup_session;

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

/// What an office asks of its callers (`domain.md §1.4`).
const OFFICE: Access =
    Access { any_role: &["Admin", "TeamAdmin"], any_permission: &["ReadData"], ..Access::OPEN };

/// `POST /TransferTicketToEvent`.
pub static TRANSFER_TICKET_TO_EVENT: Operation = Operation {
    routes: &[Route::new("POST", "/TransferTicketToEvent")
        .summary("Transfer a ticket to a different event with automatic price reconciliation")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<TransferTicketToEventRequest, TransferTicketToEventResult>()
};

/// Moves a ticket to another event, seat or type.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketToEventRequest {
    /// Handle of the ticket.
    pub ticket_token_id: Option<String>,
    /// The target event, above 0.
    pub to_event_id: i32,
    /// Back-office user on whose behalf; must be the caller unless that is an Admin.
    pub user_id: Option<i32>,
    /// Free text for the log, at most 500 characters.
    pub reason: Option<String>,
    /// 8 to 255 printable characters.
    pub idempotency_key: Option<String>,
    /// The difference the operator saw; missing is 0, compared exactly.
    pub expected_price_difference: Decimal,
    /// Target type of the club: this or the next one at most.
    pub to_owner_ticket_type_id: Option<i32>,
    /// Target type of the series.
    pub to_series_ticket_type_id: Option<i32>,
    /// Target seat; needed for a numbered event.
    pub to_seat_id: Option<i32>,
}

/// What became of the transfer.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketToEventResult {
    /// Whether it was accepted.
    pub ok: bool,
    /// 200 transferred, 202 waits for the top-up, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// Stable name of the outcome.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Row of the log, once accepted.
    pub transfer_log_id: Option<i32>,
    /// The new ticket's handle; absent while a top-up is open.
    pub new_ticket_token_id: Option<String>,
    /// `TOPUP`, `REFUND` or `EVEN`.
    pub direction: Option<String>,
    /// Target minus original price.
    pub price_difference: Decimal,
    /// What was paid for the ticket.
    pub original_ticket_price: Decimal,
    /// Today's price of the target.
    pub target_ticket_price: Decimal,
    /// The source event's money was already paid to its owner.
    pub source_event_paid_out: bool,
    /// False when a person must act.
    pub outstanding_cost_handled_by_server: bool,
    /// Only for `REFUND`.
    pub refund: Option<TransferRefundInstruction>,
    /// Only for `TOPUP`.
    pub topup: Option<TransferTopupInstruction>,
    /// The quote the decision rests on.
    pub quote: Option<TransferTicketQuoteResult>,
}

/// How the buyer gets money back.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferRefundInstruction {
    /// Króna, above 0.
    pub amount_isk: Decimal,
    /// The original payment.
    pub payment_reference: Option<String>,
    /// `RefundStarted`, `StoreCreditRestored`, `ManualRefund` or `NothingToRefund`.
    pub instruction: Option<String>,
}

/// How the buyer pays the difference.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTopupInstruction {
    /// Króna, above 0.
    pub amount_isk: Decimal,
    /// Page to pay at; contains the token.
    pub payment_link_url: Option<String>,
    /// Handle of the payment session.
    pub session_token: Option<String>,
    /// End of the session, UTC.
    pub expires_at: Option<DateTime>,
}

/// What a transfer would cost.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketQuoteResult {
    /// Whether it could be done.
    pub ok: bool,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// Stable name of the outcome.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Where the ticket is.
    pub from: Option<TransferQuoteEventSide>,
    /// Where it would go.
    pub to: Option<TransferQuoteEventSide>,
    /// Target minus original price.
    pub price_difference: Decimal,
    /// `TOPUP`, `REFUND` or `EVEN`.
    pub direction: Option<String>,
    /// A captured card payment with enough money left to give back.
    pub refundable_via_borgun: bool,
    /// The source event's money was already paid to its owner.
    pub after_payout: bool,
}

/// One side of a quote.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferQuoteEventSide {
    /// The event.
    pub event_id: i32,
    /// Its name.
    pub event_name: Option<String>,
    /// Its start, wall clock in its zone.
    pub time_of_event: DateTime,
    /// Price on this side.
    pub ticket_price: Decimal,
    /// How the ticket was paid; absent on the target side.
    pub payment_method_id: Option<String>,
    /// The payment; absent on the target side.
    pub payment_reference: Option<String>,
    /// Places left of that type.
    pub available_seats: Option<i32>,
}
