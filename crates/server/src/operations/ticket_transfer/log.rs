//! The log of transfers, for the office: list, cancel, try a refund again.

use std::sync::Arc;

use contract::ticket_transfer::log::{
    CancelTransferRequest, RetryTransferRefundRequest, TransferLogEntryResult, TransferLogRequest,
    TransferLogResult,
};
use domain::audit::{AuditEvent, AuditNote};
use domain::ids::{NumberKind, Shard, TransferId};
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::RetryRefund;
use domain::transfer::{EndTransfer, Ending, Transfer, TransferAddress};
use service::matched::Matched;
use service::reply::Reply;

use super::presentation::entry;
use super::to_event::REASON_LENGTH_MAX;
use crate::access::audit::note;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};
use crate::text;

/// How many rows a page has where the request does not say.
const PAGE_ROWS: u32 = 50;

/// The most rows of a page.
const PAGE_ROWS_MAX: u32 = 200;

answers!(TransferLogResult);

/// Serves `GET|POST /transferTicket/log`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &TransferLogRequest,
) -> Result<TransferLogResult, Failure> {
    let number = |field, value: i32| {
        let wrong = || Failure::invalid(vec![wrong(field, "It may not be negative.")]);
        u32::try_from(value).map_err(|_| wrong())
    };
    let seller = Shard(number("EventOwnerId", request.event_owner_id)?);
    let after = TransferId(number("After", request.after)?);
    let limit = match number("Limit", request.limit)? {
        0 => PAGE_ROWS,
        limit => limit.min(PAGE_ROWS_MAX),
    };
    check_scope(call, &[seller])?;
    let mut rows = Vec::new();
    for transfer in app.store.transfers(seller, after, limit).await? {
        if let Some(from) = old_ticket(app, &transfer).await? {
            rows.push(entry(&transfer, &from));
        }
    }
    Ok(TransferLogResult { transfers: Some(rows), ..ok() })
}

/// Serves `POST /transferTicket/cancel`.
pub(super) async fn serve_cancel(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| cancel(app, call, &request).await).await
}

async fn cancel(
    app: &App,
    call: &Call<'_>,
    request: &CancelTransferRequest,
) -> Result<TransferLogEntryResult, Failure> {
    let reason = text::kept(request.reason.as_deref(), REASON_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("Reason", message)]))?;
    let (transfer, _) = find(app, call, request.transfer_log_id).await?;
    let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
    let detail = format!("transfer {}: {reason}", transfer.id.0);
    let command = EndTransfer {
        transfer: transfer.address(),
        source: transfer.from.shard,
        why: Ending::ByPerson(audit(call, AuditEvent::TransferCancelled, &detail)),
    };
    let transfer = app.store.submit(command).await?;
    row(app, &transfer).await
}

/// Serves `POST /transferTicket/retryRefund`.
pub(super) async fn serve_retry(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| retry(app, call, &request).await).await
}

async fn retry(
    app: &App,
    call: &Call<'_>,
    request: &RetryTransferRefundRequest,
) -> Result<TransferLogEntryResult, Failure> {
    let (transfer, from) = find(app, call, request.transfer_log_id).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let detail = format!("the difference of transfer {}", transfer.id.0);
    let command = RetryRefund {
        shard: from.shard,
        sale: from.id,
        partner: from.partner(),
        note: audit(call, AuditEvent::Refunded, &detail),
    };
    let (from, next) = app.store.submit(command).await?;
    let from = app.till.drive(place, from, next, None).await;
    Ok(changed(&transfer, &from))
}

answers!(TransferLogEntryResult);

/// The row of that number and its old ticket, if the caller may act for both organisers. To whom
/// neither belongs it looks like none; who reads it in the log of one is told about the other.
async fn find(
    app: &App,
    call: &Call<'_>,
    number: i32,
) -> Result<(Arc<Transfer>, Arc<Sale>), Failure> {
    let not_found = || Refusal::new(Code::TransferNotFound, "There is no such transfer.");
    let number = u32::try_from(number).map_err(|_| not_found())?;
    let shard = app.store.shard_of(NumberKind::Transfer, number).await?.ok_or_else(not_found)?;
    let address = TransferAddress { shard, id: TransferId(number) };
    let transfer = app.store.read::<Transfer>(Transfer::key_of(address)).await?;
    let transfer = transfer.ok_or_else(not_found)?;
    let sellers = [transfer.shard, transfer.from.shard];
    if !sellers.iter().any(|seller| call.may_act_for(*seller)) {
        return Err(not_found().into());
    }
    check_scope(call, &sellers)?;
    let from = old_ticket(app, &transfer).await?.ok_or_else(not_found)?;
    Ok((transfer, from))
}

fn check_scope(call: &Call<'_>, sellers: &[Shard]) -> Result<(), Refusal> {
    if sellers.iter().all(|seller| call.may_act_for(*seller)) {
        return Ok(());
    }
    let message = "The transfer belongs to an organiser outside your scope.";
    Err(Refusal::new(Code::OwnerScopeDenied, message))
}

async fn old_ticket(app: &App, transfer: &Transfer) -> Result<Option<Arc<Sale>>, Failure> {
    let key = Sale::key_of(transfer.from.shard, transfer.from.id);
    Ok(app.store.read::<Sale>(key).await?)
}

async fn row(app: &App, transfer: &Transfer) -> Result<TransferLogEntryResult, Failure> {
    let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
    let from = old_ticket(app, transfer).await?.ok_or_else(not_found)?;
    Ok(changed(transfer, &from))
}

fn changed(transfer: &Transfer, from: &Sale) -> TransferLogEntryResult {
    TransferLogEntryResult { transfer: Some(entry(transfer, from)), ..ok() }
}

fn audit(call: &Call<'_>, event: AuditEvent, detail: &str) -> AuditNote {
    let by = call.by();
    let note = note(event, None, by.address, detail);
    AuditNote { by: by.name, ..note }
}
