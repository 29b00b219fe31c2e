//! `/phoneverification/outbox`: the messages of a demo or of a server in test mode.

use contract::phone_verification::outbox::{SmsOutbox, SmsOutboxMessage, SmsOutboxResult};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::number;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::utc;
use crate::operations::family::Failure;
use crate::sms::Sent;

answers!(SmsOutboxResult, status_message);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let messages = messages(app, &request)?.into_iter().map(shown);
        Ok(SmsOutboxResult { messages: Some(messages.collect()), ..ok() })
    };
    answer(app, matched, call, run).await
}

fn messages(app: &App, request: &SmsOutbox) -> Result<Vec<Sent>, Failure> {
    let outbox = app.sms.outbox().ok_or_else(|| {
        let message = "Messages are shown by a demo and in test mode only.";
        Refusal::new(Code::Forbidden, message)
    })?;
    let named = request.full_phone_number.as_deref().map(|text| number(Some(text))).transpose();
    let named = named.map_err(|problem| Failure::invalid(vec![problem]))?;
    Ok(outbox.messages(named.as_ref()))
}

fn shown(sent: Sent) -> SmsOutboxMessage {
    SmsOutboxMessage {
        sent_at: utc(sent.at),
        full_phone_number: Some(sent.number.text().to_owned()),
        text: Some(sent.text),
    }
}
