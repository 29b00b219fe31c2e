//! `POST /ticketOrder/review`: a person says what became of a payment nobody can ask about.

use contract::ticket_order_review::{ReviewVerdict, TicketOrderReview};
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::sale::{ReviewSale, Verdict};
use service::matched::Matched;
use service::reply::Reply;
use tracing::info;

use super::Call;
use super::family::{Failure, wrong};
use super::ticket_order_status::{find, refused, status};
use crate::app::App;

/// The longest `reason` (`domain.md` §1.7).
const REASON_LENGTH_MAX: usize = 500;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TicketOrderReview>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match review(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, refused),
    }
}

async fn review(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderReview,
) -> Result<TicketOrderStatusResult, Failure> {
    let verdict = verdict(request)?;
    let sale = find(app, call, request.ticket_token_id.as_deref()).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let command = ReviewSale { shard: sale.shard, sale: sale.id, verdict };
    let reviewed = app.store.submit(command).await?;
    info!(
        sale = sale.id.0,
        by = call.principal.as_ref().map(|caller| caller.id.0),
        verdict = ?request.verdict,
        reason = request.reason,
        "a person decided about a payment"
    );
    let sale = app.till.drive(place, reviewed.sale, reviewed.next, None).await;
    Ok(status(&sale))
}

fn verdict(request: &TicketOrderReview) -> Result<Verdict, Failure> {
    let reason_length = request.reason.as_ref().map_or(0, |reason| reason.chars().count());
    if reason_length > REASON_LENGTH_MAX {
        let message = format!("It may have {REASON_LENGTH_MAX} characters at most.");
        return Err(Failure::invalid(vec![wrong("Reason", message)]));
    }
    let reference = request.payment_reference.as_deref().map(str::trim).unwrap_or_default();
    match request.verdict {
        Some(ReviewVerdict::NotCharged) => Ok(Verdict::NotMoved),
        Some(ReviewVerdict::Charged) if !reference.is_empty() => {
            Ok(Verdict::Moved(reference.to_owned()))
        }
        Some(ReviewVerdict::Charged) => Err(Failure::invalid(vec![wrong(
            "PaymentReference",
            "Name the gateway's payment that was found.",
        )])),
        None => Err(Failure::invalid(vec![wrong("Verdict", "Say Charged or NotCharged.")])),
    }
}
