//! `POST /ticketOrder/mail`: live tickets to an e-mail address. The letter is owed in the commit
//! that the answer speaks of; a job sends it ([`crate::jobs::mail`]).

use contract::ticket_order_mail::{TicketOrderMail, TicketOrderMailResult};
use document::MailAddress;
use domain::audit::{AuditEvent, AuditNote};
use domain::mailing::MailTickets;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use gateway::masking::mask_card_numbers;
use service::matched::Matched;
use service::reply::Reply;

use super::answer::{answer, answers, ok};
use super::family::{Failure, wrong};
use super::signed::{self, signed};
use super::ticket_order_document::language;
use super::{Call, by_handle};
use crate::access::audit::note;
use crate::app::App;

signed!(TicketOrderMail, "TicketOrderMail");
answers!(TicketOrderMailResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        queue(app, call, request).await?;
        Ok(TicketOrderMailResult { success: true, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn queue(app: &App, call: &Call<'_>, mut request: TicketOrderMail) -> Result<(), Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let to = address(request.email.as_deref())?;
    let language = language(request.language.as_deref())?;
    if !app.sends_mail {
        let message = "No mail server is set up here; show or print the tickets instead.";
        return Err(Refusal::new(Code::MailNotAvailable, message).into());
    }
    let handle = request.ticket_token_id.as_deref();
    let sale = by_handle::of_owner(app, call, handle, &origin).await?;
    let note = audit(call, &sale, &to);
    let (shard, sale, to) = (sale.shard, sale.id, to.as_str().to_owned());
    app.store.submit(MailTickets { shard, sale, to, language, note }).await?;
    Ok(())
}

fn address(text: Option<&str>) -> Result<MailAddress, Failure> {
    let invalid = |message: String| Failure::invalid(vec![wrong("Email", message)]);
    let address = MailAddress::parse(text.unwrap_or_default());
    let address = address.map_err(|error| invalid(error.to_string()))?;
    // It is stored in the audit, where no card number may ever be (`payments.md` §5.2).
    if mask_card_numbers(address.as_str()) != address.as_str() {
        return Err(invalid("It looks like a card number.".to_owned()));
    }
    Ok(address)
}

/// Who sent whose tickets where: a stolen ticket is looked for here.
fn audit(call: &Call<'_>, sale: &Sale, to: &MailAddress) -> AuditNote {
    let by = call.by();
    let detail = format!("ticket {} of seller {} to {to}", sale.id.0, sale.shard.0);
    let note = note(AuditEvent::TicketsMailed, None, by.address, &detail);
    AuditNote { by: by.name, ..note }
}
