//! What became of one order's refund, as published.

use contract::refund::process::RefundOutcome;
use domain::attempt::{AttemptState, Verb};
use domain::money::Money;
use domain::refusal::{Code, Refusal};
use domain::sale::refund::RefundedSale;
use domain::sale::{Refund, Sale, SaleState};

use super::named::Named;
use super::way_back;
use crate::money::decimal;
use crate::operations::event_presentation::int;
use crate::operations::family::{MESSAGE_OK, STATUS_OK, told};

/// Where a gateway has a refund in its hands.
const STATUS_PENDING: i32 = 202;

/// An order that was not refunded.
pub(super) fn refused(named: &Named, refusal: &Refusal) -> RefundOutcome {
    let (status_code, message) = told(refusal.code, &refusal.message);
    let sale = named.found.as_deref().ok();
    RefundOutcome {
        ticket_token_id: named.token.clone(),
        payment_reference: named.payment.clone(),
        ticket_id: sale.map_or(0, |sale| int(sale.id.0)),
        status_code,
        message: Some(message),
        ticket_status: sale.map(|sale| sale.ticket_status().into()),
        ..RefundOutcome::default()
    }
}

/// An order whose refund was ordered; `sale` is how it stands now.
pub(super) fn refunded(named: &Named, refunded: &RefundedSale, sale: &Sale) -> RefundOutcome {
    let money = |amount| decimal(Money::new(amount, sale.currency));
    let RefundedSale { refund, .. } = refunded;
    let (status_code, message) = standing(sale);
    RefundOutcome {
        ticket_token_id: named.token.clone(),
        payment_reference: named.payment.clone(),
        ticket_id: int(sale.id.0),
        status_code,
        message: Some(message),
        ticket_status: Some(sale.ticket_status().into()),
        amount_refunded: money(refund.money),
        credit_returned: money(refund.credit),
        currency: Some(sale.currency.code().into()),
        partial: sale.state == SaleState::Issued,
        freed_seat_ids: Some(refunded.freed.iter().map(|seat| int(seat.seat)).collect()),
        gateway_refund_id: gateway_refund(sale, refund),
        already_refunded: refunded.repeated,
    }
}

fn standing(sale: &Sale) -> (i32, String) {
    if sale.owed() <= 0 {
        return (STATUS_OK, MESSAGE_OK.into());
    }
    let message = format!("The tickets are not good any more; {}.", way_back(sale));
    (STATUS_PENDING, told(Code::RefundPending, &message).1)
}

/// The gateway's number of the last try that belongs to this refund.
fn gateway_refund(sale: &Sale, refund: &Refund) -> Option<String> {
    let mut tries = sale.attempts.iter().rev().filter(|attempt| attempt.verb == Verb::Refund);
    let paid = tries.find(|attempt| {
        attempt.state == AttemptState::Succeeded && attempt.created_at >= refund.at
    });
    paid.and_then(|attempt| attempt.approval.as_ref()).map(|it| it.reference.clone())
}
