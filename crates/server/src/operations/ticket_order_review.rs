//! `POST /ticketOrder/review`: a person says what became of a payment nobody can ask about.

use contract::ticket_order_review::{ReviewVerdict, TicketOrderReview};
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::sale::{ReviewSale, Verdict};
use gateway::masking::mask_card_numbers;
use service::matched::Matched;
use service::reply::Reply;
use tracing::info;

use super::Call;
use super::family::{Failure, wrong};
use super::ticket_order_status::{find, refused, status};
use crate::app::App;
use crate::text;

/// The longest `reason` (`domain.md` §1.7).
const REASON_LENGTH_MAX: usize = 500;

/// The longest `paymentReference` (`domain.md` §1.7).
const REFERENCE_LENGTH_MAX: usize = 255;

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
    let (shard, partner) = (sale.shard, sale.partner());
    let command = ReviewSale { shard, sale: sale.id, partner, verdict };
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
    let invalid = |field, message: String| Failure::invalid(vec![wrong(field, message)]);
    text::checked(request.reason.as_deref(), REASON_LENGTH_MAX)
        .map_err(|message| invalid("Reason", message))?;
    let reference = text::checked(request.payment_reference.as_deref(), REFERENCE_LENGTH_MAX)
        .map_err(|message| invalid("PaymentReference", message))?;
    match (request.verdict, reference) {
        (Some(ReviewVerdict::NotCharged), _) => Ok(Verdict::NotMoved),
        (Some(ReviewVerdict::Charged), Some(reference)) => {
            Ok(Verdict::Moved(mask_card_numbers(&reference).into_owned()))
        }
        (Some(ReviewVerdict::Charged), None) => {
            let message = "Name the gateway's payment that was found.";
            Err(invalid("PaymentReference", message.into()))
        }
        (None, _) => Err(invalid("Verdict", "Say Charged or NotCharged.".into())),
    }
}
