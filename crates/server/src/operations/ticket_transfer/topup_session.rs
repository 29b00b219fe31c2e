//! `GET /transferTicket/topupSession/{Token}`: what is to be paid, and until when.

use contract::ticket_transfer::topup_session::{
    TransferTicketTopupSessionRequest, TransferTicketTopupSessionResult,
};
use domain::money::Money;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc, wall_clock};
use crate::topup::{Session, find};

answers!(TransferTicketTopupSessionResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request: TransferTicketTopupSessionRequest| {
        let session = find(app, request.token.as_deref().unwrap_or_default()).await?;
        Ok(result(app, &session))
    };
    answer(app, matched, call, run).await
}

fn result(app: &App, session: &Session) -> TransferTicketTopupSessionResult {
    let (from, to) = (&session.from.event, &session.to.event);
    let Money { amount, currency } = session.money();
    TransferTicketTopupSessionResult {
        ok: true,
        status: Some(session.status(app).name().to_owned()),
        transfer_log_id: Some(int(session.transfer.id.0)),
        amount_isk: decimal(Money::new(amount, currency)),
        from_event_name: Some(from.name.clone()),
        to_event_name: Some(to.name.clone()),
        to_event_time_of_event: wall_clock(to.starts_at, &to.time_zone),
        expires_at: session.transfer.expires_at.map(utc),
        payment_phone_number: session.sale.payer_phone.clone(),
        ..ok()
    }
}
