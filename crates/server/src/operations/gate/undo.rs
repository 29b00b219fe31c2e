//! `POST /gate/undo`: the office takes a scan back.

use contract::gate::undo::{GateUndo, GateUndoResult};
use domain::audit::AuditEvent;
use domain::gate::UndoScan;
use service::matched::Matched;
use service::reply::Reply;

use super::read;
use crate::app::App;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<GateUndo>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match undo(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, |status_code, message| GateUndoResult {
            status_code,
            message: Some(message),
            ticket_status: None,
        }),
    }
}

async fn undo(app: &App, call: &Call<'_>, request: &GateUndo) -> Result<GateUndoResult, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let admission = read(app, request.scan_code.as_deref())?;
    office::scope(call, admission.shard)?;
    let detail = format!(
        "admission {} of ticket {} of seller {}: {reason}",
        admission.number, admission.sale.0, admission.shard.0
    );
    let note = office::audit(call, AuditEvent::ScanUndone, &detail);
    let sale = app.store.submit(UndoScan { admission, note }).await?;
    Ok(GateUndoResult {
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.into()),
        ticket_status: Some(sale.ticket_status().into()),
    })
}
