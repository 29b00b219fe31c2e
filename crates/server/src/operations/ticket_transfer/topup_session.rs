//! `GET /transferTicket/topupSession/{Token}`: what is to be paid, and until when.

use contract::ticket_transfer::topup_session::{
    TransferTicketTopupSessionRequest, TransferTicketTopupSessionResult,
};
use domain::money::Money;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::money::decimal;
use crate::operations::event_presentation::{int, utc, wall_clock};
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::topup::{Session, find};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>) -> Reply {
    let request = match matched.bind::<TransferTicketTopupSessionRequest>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match find(app, request.token.as_deref().unwrap_or_default()).await {
        Ok(session) => matched.reply(&result(app, &session), 200),
        Err(error) => Failure::from(error).reply(matched, |status_code, message| {
            let message = Some(message);
            TransferTicketTopupSessionResult { status_code, message, ..Default::default() }
        }),
    }
}

fn result(app: &App, session: &Session) -> TransferTicketTopupSessionResult {
    let (from, to) = (&session.from.event, &session.to.event);
    let Money { amount, currency } = session.money();
    TransferTicketTopupSessionResult {
        ok: true,
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.to_owned()),
        status: Some(session.status(app).name().to_owned()),
        transfer_log_id: Some(int(session.transfer.id.0)),
        amount_isk: decimal(Money::new(amount, currency)),
        from_event_name: Some(from.name.clone()),
        to_event_name: Some(to.name.clone()),
        to_event_time_of_event: wall_clock(to.starts_at, &to.time_zone),
        expires_at: session.transfer.expires_at.map(utc),
        payment_phone_number: session.sale.payer_phone.clone(),
    }
}
