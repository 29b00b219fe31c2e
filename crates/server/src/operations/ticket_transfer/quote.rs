//! `POST /transferTicket/quote`: what a move would cost.

use contract::ticket_transfer::TransferTicketQuoteResult;
use contract::ticket_transfer::quote::TransferTicketQuoteRequest;
use service::matched::Matched;
use service::reply::Reply;

use super::presentation;
use super::route::Asked;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TransferTicketQuoteRequest>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match quote(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, |status_code, message| {
            let code = message.split(':').next().map(str::to_owned);
            let message = Some(message);
            TransferTicketQuoteResult { status_code, code, message, ..Default::default() }
        }),
    }
}

async fn quote(
    app: &App,
    call: &Call<'_>,
    request: &TransferTicketQuoteRequest,
) -> Result<TransferTicketQuoteResult, Failure> {
    let asked = Asked {
        ticket_token_id: request.ticket_token_id.as_deref(),
        to_event_id: request.to_event_id,
        to_owner_type: request.to_owner_ticket_type_id,
        to_series_type: request.to_series_ticket_type_id,
        to_seat: None,
    };
    let mut found = asked.find(app, call).await?;
    let quoted = found.quoted(app).await?;
    Ok(presentation::quote(&found, &quoted.quote, quoted.obstacle.as_ref()))
}
