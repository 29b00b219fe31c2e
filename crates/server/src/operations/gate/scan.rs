//! `POST /gate/scan`: one admission goes in, or does not.

use contract::gate::scan::{GateScan, GateScanResult};
use domain::gate::{ScanTicket, Scanned, Verdict};
use domain::ids::EventId;
use domain::offer::Offer;
use domain::sale::{Line, Sale};
use domain::scan_code::Admission;
use domain::transfer::TransferAddress;
use service::matched::Matched;
use service::reply::Reply;
use store::SubmitError;

use super::{STALE_TRIES_MAX, name, read, scope};
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::{Call, office};

answers!(GateScanResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| scan(app, call, &request).await).await
}

async fn scan(app: &App, call: &Call<'_>, request: &GateScan) -> Result<GateScanResult, Failure> {
    let gate = name("Gate", request.gate.as_deref())?;
    let admission = read(app, request.scan_code.as_deref())?;
    scope(call, admission.shard)?;
    let event = request.event_id.filter(|event| *event != 0);
    let event = event.map(|event| EventId(office::number(event)));
    let scanned = submit(app, ScanTicket { admission, gate, event, transfer: None }).await?;
    let offer = app.catalogue.offer(admission.event).await?;
    Ok(result(&admission, &scanned, offer.as_deref()))
}

/// Only a ticket that waits for a transfer to another seller's event needs a second try.
async fn submit(app: &App, mut command: ScanTicket) -> Result<Scanned, Failure> {
    for _ in 0..STALE_TRIES_MAX {
        match app.store.submit(command.clone()).await {
            Err(SubmitError::Stale) => {}
            answered => return Ok(answered?),
        }
        command.transfer = waiting(app, &command.admission).await?;
    }
    Err(Failure::overloaded())
}

/// The transfer that a ticket waits for, as it is stored now.
pub(super) async fn waiting(
    app: &App,
    admission: &Admission,
) -> Result<Option<TransferAddress>, Failure> {
    let key = Sale::key_of(admission.shard, admission.sale);
    let sale = app.store.read::<Sale>(key).await?;
    Ok(sale.and_then(|sale| sale.locked_by))
}

fn result(admission: &Admission, scanned: &Scanned, offer: Option<&Offer>) -> GateScanResult {
    let (admitted, re_entry, reason) = match scanned.verdict {
        Verdict::Admitted { again } => (true, again, None),
        Verdict::Refused(reason) => (false, false, Some(reason.name().to_owned())),
    };
    let result = GateScanResult {
        admitted,
        re_entry,
        reason,
        ticket_id: int(admission.sale.0),
        admission: i32::from(admission.number),
        event_id: int(admission.event.0),
        event_name: offer.map(|offer| offer.event.name.clone()),
        first_entry_utc: scanned.first.as_ref().map(|first| utc(first.at)),
        first_gate: scanned.first.as_ref().map(|first| first.gate.clone()),
        ..ok()
    };
    match scanned.sale.as_deref() {
        Some(sale) => with_ticket(result, sale, admission.number.into(), offer),
        None => result,
    }
}

/// What the guard at the gate wants to see of the ticket.
fn with_ticket(
    result: GateScanResult,
    sale: &Sale,
    number: usize,
    offer: Option<&Offer>,
) -> GateScanResult {
    let (line, place) = line_of(sale, number).unzip();
    let holder = line.and_then(|line: &Line| line.holders.get(place?));
    let ticket_type = line.and_then(|line| Some(offer?.find(line.ticket_type)?.0));
    let seat = number.checked_sub(1).and_then(|index| sale.seats.get(index));
    GateScanResult {
        admissions: int(sale.admissions()),
        ticket_name: ticket_type.map(|it| it.name.clone()),
        ticket_color: ticket_type.and_then(|it| it.color.clone()),
        holder_name: holder.and_then(|holder| holder.name.clone()),
        seat_display_string: seat.and_then(|seat| offer?.seat_display(seat.seat)),
        ..result
    }
}

/// The line of an admission, and its place in it, from 0.
fn line_of(sale: &Sale, number: usize) -> Option<(&Line, usize)> {
    let mut place = number.checked_sub(1)?;
    for line in &sale.lines {
        let count = usize::try_from(line.count).ok()?;
        if place < count {
            return Some((line, place));
        }
        place -= count;
    }
    None
}
