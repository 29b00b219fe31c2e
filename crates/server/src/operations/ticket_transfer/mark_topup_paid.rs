//! `POST /transferTicket/markTopupPaid`: a difference that was paid elsewhere.

use std::sync::Arc;

use contract::ticket_transfer::mark_topup_paid::{MarkTopupPaidRequest, MarkTopupPaidResult};
use domain::audit::{AuditEvent, AuditNote};
use domain::transfer::{NoteTopup, Transfer};
use service::access::{Principal as _, ROLE_ADMIN};
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use super::route::check_scope;
use crate::access::audit::note;
use crate::app::App;
use crate::money::minor_units;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::text;
use crate::topup::{Session, find};

/// The longest `topupPaymentReference`, in characters (`domain.md` §1.7).
const REFERENCE_LENGTH_MAX: usize = 255;

answers!(MarkTopupPaidResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let transfer = mark(app, call, &request).await?;
        Ok(result(&transfer))
    };
    answer(app, matched, call, run).await
}

async fn mark(
    app: &App,
    call: &Call<'_>,
    request: &MarkTopupPaidRequest,
) -> Result<Arc<Transfer>, Failure> {
    let invalid = |message| Failure::invalid(vec![wrong("TopupPaymentReference", message)]);
    let reference = request.topup_payment_reference.as_deref();
    let reference = text::kept_line(reference, REFERENCE_LENGTH_MAX).map_err(invalid)?;
    let reference = reference.ok_or_else(|| invalid("Name the payment.".to_owned()))?;
    let token = request.session_token.as_ref().map(SecretText::expose).unwrap_or_default();
    let session = find(app, token).await?;
    check_scope(call, &[&session.from, &session.to])?;
    ask_gateway(app, &session).await;
    let by = call.by();
    let detail = format!("transfer {}: payment {reference}", session.transfer.id.0);
    let audit = note(AuditEvent::TopupNoted, None, by.address, &detail);
    let command = NoteTopup {
        transfer: session.transfer.address(),
        source: session.transfer.from.shard,
        card_seller: session.sale.origin.and_then(|origin| origin.card_seller),
        session: session.transfer.session,
        amount: minor_units(request.amount_paid, session.sale.currency)?,
        reference,
        by: by.name.clone(),
        is_trusted: call.principal.as_ref().is_some_and(|caller| caller.has_role(ROLE_ADMIN)),
        note: AuditNote { by: by.name, ..audit },
    };
    Ok(app.store.submit(command).await?)
}

/// A payment of which nobody knows is looked up at its gateway before anybody's word counts.
async fn ask_gateway(app: &App, session: &Session) {
    let is_due = session.sale.due().is_some_and(|due| due <= app.clock.now());
    if let Some(place) = app.till.place().filter(|_| is_due) {
        app.till.resume(place, session.sale.shard, session.sale.id).await;
    }
}

fn result(transfer: &Transfer) -> MarkTopupPaidResult {
    MarkTopupPaidResult {
        ok: true,
        transfer_log_id: Some(int(transfer.id.0)),
        status: Some(transfer.state.name().to_owned()),
        ..ok()
    }
}
