//! `/phoneverification/outbox`: the messages of a demo or of a server in test mode.

use contract::phone_verification::outbox::{SmsOutbox, SmsOutboxMessage, SmsOutboxResult};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::number;
use crate::app::App;
use crate::operations::event_presentation::utc;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::sms::Sent;

/// Serves the operation.
pub(super) fn serve(app: &App, matched: &Matched<'_, '_>) -> Reply {
    let request = match matched.bind::<SmsOutbox>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match messages(app, &request) {
        Ok(sent) => {
            let messages = Some(sent.into_iter().map(shown).collect());
            let (status_code, status_message) = (STATUS_OK, Some(MESSAGE_OK.to_owned()));
            matched.reply(&SmsOutboxResult { messages, status_code, status_message }, 200)
        }
        Err(failure) => failure.reply(matched, |status_code, message| SmsOutboxResult {
            messages: None,
            status_code,
            status_message: Some(message),
        }),
    }
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
