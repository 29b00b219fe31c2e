//! Quotes and transfers as published (`domain.md` §4.3).

use contract::ticket_transfer::log::TransferLogEntry;
use contract::ticket_transfer::{
    TransferQuoteEventSide, TransferRefundInstruction, TransferTicketQuoteResult,
    TransferTicketToEventResult, TransferTopupInstruction,
};
use domain::attempt::Verb;
use domain::money::Money;
use domain::offer::Offer;
use domain::refusal::Refusal;
use domain::sale::Sale;
use domain::transfer::{Direction, Quote, Transfer, TransferState};
use service::types::Decimal;

use super::route::Found;
use crate::app::App;
use crate::money::decimal;
use crate::operations::event_presentation::{int, utc, wall_clock};
use crate::operations::family::{MESSAGE_OK, STATUS_OK, told};
use crate::topup::{handle, payment_link};

/// The `statusCode` while the difference is to be paid.
const STATUS_TOPUP_REQUIRED: i32 = 202;

/// Minor units of the ticket's currency, in major ones.
pub(super) fn major(sale: &Sale, amount: i64) -> Decimal {
    decimal(Money::new(amount, sale.currency))
}

/// A quote, and why the move cannot be done, if so.
pub(super) fn quote(
    found: &Found,
    quote: &Quote,
    obstacle: Option<&Refusal>,
) -> TransferTicketQuoteResult {
    let refused = obstacle.map(|refusal| told(refusal.code, &refusal.message));
    let (status_code, message) = refused.unwrap_or((STATUS_OK, MESSAGE_OK.to_owned()));
    let sale = &found.sale;
    let available = quote.places_left.map(|left| i32::try_from(left).unwrap_or(i32::MAX));
    TransferTicketQuoteResult {
        ok: obstacle.is_none(),
        status_code,
        code: Some(obstacle.map_or("Quoted", |refusal| refusal.code.name()).to_owned()),
        message: Some(message),
        from: Some(TransferQuoteEventSide {
            payment_method_id: sale.method.map(|method| method.name().to_owned()),
            payment_reference: payment_reference(sale),
            ..side(&found.source, major(sale, quote.original))
        }),
        to: Some(TransferQuoteEventSide {
            available_seats: available,
            ..side(&found.target, major(sale, quote.target))
        }),
        price_difference: major(sale, quote.difference()),
        direction: Some(quote.direction().name().to_owned()),
        refundable_via_borgun: quote.refundable,
        after_payout: quote.paid_out,
    }
}

fn side(offer: &Offer, ticket_price: Decimal) -> TransferQuoteEventSide {
    TransferQuoteEventSide {
        event_id: int(offer.event.id.0),
        event_name: Some(offer.event.name.clone()),
        time_of_event: wall_clock(offer.event.starts_at, &offer.event.time_zone),
        ticket_price,
        ..TransferQuoteEventSide::default()
    }
}

/// The gateway's id of the payment that a refund goes to first.
pub(super) fn payment_reference(sale: &Sale) -> Option<String> {
    let own = sale.charge().and_then(|charge| charge.approval.as_ref());
    let carried = sale.carried.last().map(|fund| fund.charge.reference.clone());
    let reference = own.map(|approval| approval.reference.clone()).or(carried);
    reference.filter(|reference| !reference.is_empty())
}

/// A refused move, with the quote that it was refused on if both events were found.
pub(super) fn refused(
    refusal: &Refusal,
    context: Option<(&Found, &Quote)>,
) -> TransferTicketToEventResult {
    let (status_code, message) = told(refusal.code, &refusal.message);
    let result = TransferTicketToEventResult {
        status_code,
        code: Some(refusal.code.name().to_owned()),
        message: Some(message),
        ..TransferTicketToEventResult::default()
    };
    let Some((found, quote)) = context else { return result };
    let earlier = found.sale.locked_by.map(|transfer| int(transfer.id.0));
    let result = TransferTicketToEventResult { transfer_log_id: earlier, ..result };
    with_quote(result, found, quote, Some(refusal))
}

fn with_quote(
    result: TransferTicketToEventResult,
    found: &Found,
    priced: &Quote,
    obstacle: Option<&Refusal>,
) -> TransferTicketToEventResult {
    TransferTicketToEventResult {
        direction: Some(priced.direction().name().to_owned()),
        price_difference: major(&found.sale, priced.difference()),
        original_ticket_price: major(&found.sale, priced.original),
        target_ticket_price: major(&found.sale, priced.target),
        source_event_paid_out: priced.paid_out,
        quote: Some(quote(found, priced, obstacle)),
        ..result
    }
}

/// What is known of an accepted move.
pub(super) struct Accepted<'a> {
    pub(super) found: &'a Found,
    pub(super) transfer: &'a Transfer,
    /// The new ticket.
    pub(super) sale: &'a Sale,
    /// The old ticket as it is after the move.
    pub(super) from: &'a Sale,
    /// Scheme and authority by which the client reached us.
    pub(super) base_url: &'a str,
}

/// An accepted move. A repeat of its request is answered alike.
pub(super) fn accepted(app: &App, accepted: &Accepted<'_>) -> TransferTicketToEventResult {
    let Accepted { found, transfer, sale, .. } = accepted;
    let direction = transfer.quote.direction();
    let is_waiting = transfer.state == TransferState::AwaitingTopup;
    let has_moved = transfer.state == TransferState::Completed;
    let refund = (direction == Direction::Refund).then(|| refund(accepted));
    let by_person = refund.as_ref().is_some_and(|refund| refund.instruction == manual());
    let result = TransferTicketToEventResult {
        ok: true,
        status_code: if has_moved { STATUS_OK } else { STATUS_TOPUP_REQUIRED },
        code: Some(if has_moved { "Transferred" } else { "TopupRequired" }.to_owned()),
        message: Some(MESSAGE_OK.to_owned()),
        transfer_log_id: Some(int(transfer.id.0)),
        new_ticket_token_id: has_moved.then(|| sale.token().text()),
        outstanding_cost_handled_by_server: !transfer.by_hand && !by_person,
        refund,
        topup: is_waiting.then(|| topup(app, accepted)),
        ..TransferTicketToEventResult::default()
    };
    with_quote(result, found, &transfer.quote, None)
}

fn manual() -> Option<String> {
    Some("ManualRefund".to_owned())
}

fn refund(accepted: &Accepted<'_>) -> TransferRefundInstruction {
    let Accepted { transfer, from, .. } = accepted;
    let is_sent = from.attempts.iter().any(|attempt| attempt.verb == Verb::Refund);
    let instruction = match (transfer.money_back, transfer.credit_back) {
        (1.., _) if is_sent => Some("RefundStarted".to_owned()),
        (1.., _) => manual(),
        (_, 1..) => Some("StoreCreditRestored".to_owned()),
        _ => Some("NothingToRefund".to_owned()),
    };
    TransferRefundInstruction {
        amount_isk: major(from, transfer.money_back + transfer.credit_back),
        payment_reference: payment_reference(from),
        instruction,
    }
}

fn topup(app: &App, accepted: &Accepted<'_>) -> TransferTopupInstruction {
    let Accepted { transfer, sale, base_url, .. } = accepted;
    let token = handle(&app.link_key, transfer, sale);
    TransferTopupInstruction {
        amount_isk: major(sale, transfer.quote.difference()),
        payment_link_url: Some(payment_link(base_url, &token)),
        session_token: Some(token.text()),
        expires_at: transfer.expires_at.map(utc),
    }
}

/// A row of the log; `from` is the old ticket as it is now.
pub(super) fn entry(transfer: &Transfer, from: &Sale) -> TransferLogEntry {
    let quote = &transfer.quote;
    TransferLogEntry {
        transfer_log_id: int(transfer.id.0),
        status: Some(transfer.state.name().to_owned()),
        direction: Some(quote.direction().name().to_owned()),
        from_ticket_id: int(transfer.from.id.0),
        to_ticket_id: int(transfer.to.id.0),
        from_event_id: int(transfer.from_event.0),
        to_event_id: int(transfer.to_event.0),
        original_ticket_price: major(from, quote.original),
        target_ticket_price: major(from, quote.target),
        price_difference: major(from, quote.difference()),
        source_event_paid_out: quote.paid_out,
        refund_status: Some(transfer.refund_leg(from).name().to_owned()),
        requested_by: Some(transfer.by.clone()),
        reason: transfer.reason.clone(),
        requested_at_utc: utc(transfer.requested_at),
        expires_at_utc: transfer.expires_at.map(utc),
        ended_at_utc: transfer.ended_at.map(utc),
    }
}
