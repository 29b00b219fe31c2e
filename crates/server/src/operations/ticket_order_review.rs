//! `POST /ticketOrder/review`: a person says what became of a payment nobody can ask about.

use contract::ticket_order_review::{ReviewVerdict, TicketOrderReview};
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::audit::{AuditEvent, AuditNote};
use domain::sale::{ReviewSale, Sale, Verdict};
use service::matched::Matched;
use service::reply::Reply;
use tracing::info;

use super::answer::answer;
use super::family::{Failure, wrong};
use super::ticket_order_status::status;
use super::{Call, by_handle, office};
use crate::app::App;
use crate::text;

/// The longest `paymentReference` (`domain.md` §1.7).
const REFERENCE_LENGTH_MAX: usize = 255;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| review(app, call, &request).await).await
}

async fn review(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderReview,
) -> Result<TicketOrderStatusResult, Failure> {
    let verdict = verdict(request)?;
    let payment = text::kept_line(request.payment_key.as_deref(), REFERENCE_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("PaymentKey", message)]))?;
    let reason = office::reason("Reason", request.reason.as_deref())?;
    let sale = by_handle::in_scope(app, call, request.ticket_token_id.as_deref()).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let (shard, partner) = (sale.shard, sale.partner());
    let note = Some(audit(call, (&sale, payment.as_deref()), &verdict, reason.as_deref()));
    let command = ReviewSale { shard, sale: sale.id, partner, payment, verdict, note };
    let reviewed = app.store.submit(command).await?;
    info!(
        sale = sale.id.0,
        by = call.principal.as_ref().map(|caller| caller.id.0),
        verdict = ?request.verdict,
        reason,
        "a person decided about a payment"
    );
    let sale = app.till.drive(place, reviewed.sale, reviewed.next, None).await;
    Ok(status(&sale))
}

/// Who said what about whose money.
fn audit(
    call: &Call<'_>,
    (sale, key): (&Sale, Option<&str>),
    verdict: &Verdict,
    reason: Option<&str>,
) -> AuditNote {
    let what = match verdict {
        Verdict::Moved(reference) => format!("the money moved, payment {reference}"),
        Verdict::NotMoved => "no money moved".to_owned(),
    };
    let (ticket, seller, why) = (sale.id.0, sale.shard.0, reason.unwrap_or("no reason given"));
    let of = key.map(|key| format!(" of {key}")).unwrap_or_default();
    let detail = format!("ticket {ticket} of seller {seller}: {what}{of}; {why}");
    office::audit(call, AuditEvent::PaymentDecided, &detail)
}

fn verdict(request: &TicketOrderReview) -> Result<Verdict, Failure> {
    let invalid = |field, message: String| Failure::invalid(vec![wrong(field, message)]);
    let reference = text::kept_line(request.payment_reference.as_deref(), REFERENCE_LENGTH_MAX)
        .map_err(|message| invalid("PaymentReference", message))?;
    match (request.verdict, reference) {
        (Some(ReviewVerdict::NotCharged), _) => Ok(Verdict::NotMoved),
        (Some(ReviewVerdict::Charged), Some(reference)) => Ok(Verdict::Moved(reference)),
        (Some(ReviewVerdict::Charged), None) => {
            let message = "Name the gateway's payment that was found.";
            Err(invalid("PaymentReference", message.into()))
        }
        (None, _) => Err(invalid("Verdict", "Say Charged or NotCharged.".into())),
    }
}
