//! Paying tickets back.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::{OFFICE, RefundJob};

/// `POST /refund/process`.
pub static REFUND_PROCESS: Operation = Operation {
    routes: &[
        Route::new("POST", "/refund/process").summary("Refund tickets, payments or a whole event")
    ],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<RefundProcess, RefundProcessResult>()
};

/// Most orders of one request.
pub const REFUND_ORDERS_MAX: i32 = 500;

/// Pays tickets back: single orders, the orders of payments, or all of an event. The tickets are
/// unusable and their places free as soon as this is answered; the gateways pay at their pace.
/// Sending it again refunds nothing twice.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct RefundProcess {
    /// Number of the event: needed with `refundAllForEvent`, and with gateway references.
    pub event_id: Option<i32>,
    /// Every order of the event, as long work whose progress `/refund/jobs` tells.
    pub refund_all_for_event: bool,
    /// Handles of the orders, at most 500.
    pub ticket_token_ids: Option<Vec<String>>,
    /// `paymentId` of their payments; or `paymentReference`, together with the event. At most 500.
    pub payment_references: Option<Vec<String>>,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
    /// Back-office user on whose behalf; must be the caller unless that is an Admin.
    pub user_id: Option<i32>,
    /// Only these admissions of the one order that is named, counted from 1; the others stay good.
    pub admissions: Option<Vec<i32>>,
    /// Only so much of the one order that is named, more than 0; its tickets stay good. Needs an
    /// `idempotencyKey`. Left out, all that is left goes back.
    pub amount: Option<Decimal>,
    /// 8 to 255 printable characters; the same key is the same refund, and no other.
    pub idempotency_key: Option<String>,
    /// Used tickets and passes, too; for an Admin only.
    pub force: bool,
}

/// What became of the refunds.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct RefundProcessResult {
    /// 200, else the code of the refusal (`domain.md §9`); orders are told about one by one.
    pub status_code: i32,
    /// True when every order that was named is refunded or about to be.
    pub success: bool,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Orders that were named.
    pub requested_count: i32,
    /// Orders whose money is back, or that cost nothing.
    pub refunded_count: i32,
    /// Orders whose money is on its way, or for a person to pay back.
    pub pending_count: i32,
    /// Orders that were not refunded.
    pub failed_count: i32,
    /// Money and store credit that go back, of all orders in this answer; 0 where these have
    /// several currencies.
    pub total_refunded: Decimal,
    /// Currency of the total; missing when there are several.
    pub currency: Option<String>,
    /// Each order that was named.
    pub outcomes: Option<Vec<RefundOutcome>>,
    /// The work on a whole event.
    pub job: Option<RefundJob>,
}

/// What became of the refund of one order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct RefundOutcome {
    /// Handle of the order, if it was named so.
    pub ticket_token_id: Option<String>,
    /// The payment, if the order was named so.
    pub payment_reference: Option<String>,
    /// Number of the ticket.
    pub ticket_id: i32,
    /// 200 when it is back or nothing had to go back, 202 when money is on its way, else the code
    /// of the refusal.
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// State of the ticket (`domain.md §7.1`).
    pub ticket_status: Option<String>,
    /// Money that goes back by the gateway.
    pub amount_refunded: Decimal,
    /// Store credit that went back to its season card.
    pub credit_returned: Decimal,
    /// Currency of both.
    pub currency: Option<String>,
    /// A part of the order is still good.
    pub partial: bool,
    /// Numbered seats that are free again.
    pub freed_seat_ids: Option<Vec<i32>>,
    /// The gateway's id of the refund; missing while it is on its way.
    pub gateway_refund_id: Option<String>,
    /// The same refund was asked for before.
    pub already_refunded: bool,
}
