//! `GET|POST /ticketOrder/status`: what a client polls while a payment is open.

use contract::ticket_order_status::{TicketOrderStatus, TicketOrderStatusResult};
use domain::attempt::AttemptState;
use domain::payment::Method;
use domain::refusal::Code;
use domain::sale::{Sale, SaleState};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::{answer, answers};
use super::family::{MESSAGE_OK, STATUS_OK, payment_message, told};
use super::{Call, by_handle};
use crate::app::App;

answers!(TicketOrderStatusResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request: TicketOrderStatus| {
        let sale = by_handle::in_scope(app, call, request.ticket_token_id.as_deref()).await?;
        Ok(status(&sale))
    };
    answer(app, matched, call, run).await
}

/// A refusal as this operation's result.
pub(super) fn refused(status_code: i32, message: String) -> TicketOrderStatusResult {
    TicketOrderStatusResult { status_code, message: Some(message), ..Default::default() }
}

/// Where a sale stands, as published.
pub(super) fn status(sale: &Sale) -> TicketOrderStatusResult {
    let (status_code, message) = standing(sale);
    TicketOrderStatusResult {
        status_code,
        success: status_code < 300,
        message: Some(message),
        ticket_status: Some(sale.ticket_status().into()),
    }
}

fn pending_message(sale: &Sale) -> &'static str {
    let charge = sale.charge().map(|charge| charge.state);
    match (charge, sale.method) {
        (None, _) => "The difference is still to be paid by the link that was sent.",
        (Some(AttemptState::Pending), _) => {
            "Confirm the payment on the phone, and ask for the status again soon."
        }
        (_, Some(Method::Phone)) => {
            "The payment is on its way to the phone; ask for the status again soon."
        }
        _ => "It is not known yet whether the card was charged; ask for the status again soon.",
    }
}

/// `statusCode` and `message` of a sale as it stands.
pub(super) fn standing(sale: &Sale) -> (i32, String) {
    match sale.state {
        SaleState::AwaitingPayment | SaleState::UnderReview => {
            told(Code::PaymentPending, pending_message(sale))
        }
        // What was bought once, whatever has become of it since.
        _ if sale.issued_at.is_some() => (STATUS_OK, MESSAGE_OK.into()),
        SaleState::Issued | SaleState::Transferred | SaleState::Cancelled => {
            (STATUS_OK, MESSAGE_OK.into())
        }
        SaleState::PaymentFailed
        | SaleState::Expired
        | SaleState::Returning
        | SaleState::Returned => {
            let code = sale.failure.unwrap_or(Code::PaymentDeclined);
            told(code, payment_message(code))
        }
    }
}
