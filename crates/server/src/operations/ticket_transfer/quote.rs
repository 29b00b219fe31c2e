//! `POST /transferTicket/quote`: what a move would cost.

use contract::ticket_transfer::TransferTicketQuoteResult;
use contract::ticket_transfer::quote::TransferTicketQuoteRequest;
use service::matched::Matched;
use service::reply::Reply;

use super::presentation;
use super::route::Asked;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{Answer, answer};
use crate::operations::family::Failure;

impl Answer for TransferTicketQuoteResult {
    fn standing(mut self, status_code: i32, message: String) -> Self {
        self.status_code = status_code;
        self.code = message.split(':').next().map(str::to_owned);
        self.message = Some(message);
        self
    }
}

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| quote(app, call, &request).await).await
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
