//! `POST /TransferTicket`: gives a ticket to another phone (`domain.md` §7.1).

use std::sync::Arc;

use contract::ticket_transfer::to_phone::{TransferTicketRequest, TransferTicketResult};
use domain::audit::{AuditEvent, AuditNote};
use domain::phone::{Phone, PhoneNumber};
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::transfer::{MoveToPhone, SaleAddress};
use service::matched::Matched;
use service::reply::Reply;
use store::SubmitError;

use super::route::{STALE_TRIES_MAX, check_scope};
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};
use crate::operations::marks::Repeatable;
use crate::operations::office;
use crate::operations::origin::{self, Origin};
use crate::operations::signed::{self, signed};
use crate::operations::{Call, by_handle};

/// The name that is signed and that a key is good for.
const OPERATION: &str = "TransferTicket";

signed!(TransferTicketRequest, OPERATION);

/// How much of a phone the audit shows: the plus sign with the country, and the end.
const PHONE_SHOWN_FIRST: usize = 4;
const PHONE_SHOWN_LAST: usize = 2;

answers!(TransferTicketResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let sale = give(app, call, request).await?;
        Ok(result(call, &sale))
    };
    answer(app, matched, call, run).await
}

async fn give(
    app: &App,
    call: &Call<'_>,
    mut request: TransferTicketRequest,
) -> Result<Arc<Sale>, Failure> {
    let origin = signed::check(app, call, &mut request).await?;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let phone = phone(request.to_phone_number.as_deref())?;
    let mut sale = by_handle::anybodys(app, request.ticket_token_id.as_deref()).await?;
    check_owner(call, &origin, &sale)?;
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let known = app.store.read::<Phone>(Phone::key_of(phone.hash())).await?;
    let repeatable =
        Repeatable { app, call, operation: OPERATION, request: &request, source: None };
    let marks = repeatable.marks(origin.signature.as_ref(), sale.shard).await?;
    let secret = app.secret()?;
    for _ in 0..STALE_TRIES_MAX {
        let offer = app.catalogue.offer(sale.event).await?.ok_or_else(not_found)?;
        check_scope(call, &[&offer])?;
        let command = MoveToPhone {
            from: SaleAddress { shard: sale.shard, id: sale.id },
            partner: sale.card_sellers().find(|seller| *seller != sale.shard),
            offer,
            phone: phone.text().to_owned(),
            phone_id: known.as_ref().map(|phone| phone.id),
            secret,
            marks: marks.clone(),
            note: audit(call, &sale, &phone),
        };
        match app.store.submit(command).await {
            Ok(moved) => return Ok(moved.sale),
            Err(SubmitError::Stale) => {
                app.catalogue.reload(sale.shard).await?;
                sale = by_handle::anybodys(app, request.ticket_token_id.as_deref()).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::overloaded())
}

/// Who gave whose ticket to whom: a stolen ticket is looked for here. The ends of a number are
/// enough for that, and the ticket knows the whole.
fn audit(call: &Call<'_>, sale: &Sale, phone: &PhoneNumber) -> AuditNote {
    let (ticket, seller) = (sale.id.0, sale.shard.0);
    let from = sale.buyer.phone.as_deref().map_or_else(|| "no phone".to_owned(), masked);
    let to = masked(phone.text());
    let detail = format!("ticket {ticket} of seller {seller} from {from} to {to}");
    office::audit(call, AuditEvent::TicketGiven, &detail)
}

fn masked(phone: &str) -> String {
    let letters: Vec<char> = phone.chars().collect();
    let hidden = PHONE_SHOWN_FIRST..letters.len().saturating_sub(PHONE_SHOWN_LAST);
    let shown = |(at, letter)| if hidden.contains(&at) { '*' } else { letter };
    letters.iter().copied().enumerate().map(shown).collect()
}

fn phone(text: Option<&str>) -> Result<PhoneNumber, Failure> {
    let phone = PhoneNumber::parse(text.unwrap_or_default());
    phone.ok_or_else(|| {
        let message = "It is + and 7 to 15 digits, or seven digits of Iceland.";
        Failure::invalid(vec![wrong("ToPhoneNumber", message)])
    })
}

/// The app does it for the phone that owns the ticket; another's ticket looks like none.
fn check_owner(call: &Call<'_>, origin: &Origin, sale: &Sale) -> Result<(), Refusal> {
    let proved = origin.phone.as_ref().map(|phone| phone.number.text());
    if origin::is_app(call) && (proved.is_none() || proved != sale.buyer.phone.as_deref()) {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such ticket."));
    }
    Ok(())
}

/// Whoever gave the ticket away must not keep the key to it: the app of the new owner finds it by
/// their phone.
fn result(call: &Call<'_>, sale: &Sale) -> TransferTicketResult {
    TransferTicketResult {
        new_ticket_token_id: (!origin::is_app(call)).then(|| sale.token().text()),
        phone_number: sale.buyer.phone.clone(),
        ..ok()
    }
}
