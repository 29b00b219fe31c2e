//! `POST /gate/undo`: the office takes a scan back.

use contract::gate::undo::{GateUndo, GateUndoResult};
use domain::audit::AuditEvent;
use domain::gate::UndoScan;
use service::matched::Matched;
use service::reply::Reply;

use super::read;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::{Call, office};

answers!(GateUndoResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| undo(app, call, &request).await).await
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
    Ok(GateUndoResult { ticket_status: Some(sale.ticket_status().into()), ..ok() })
}
