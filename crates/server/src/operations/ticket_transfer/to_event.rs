//! `POST /TransferTicketToEvent`: moves a ticket to another event (`domain.md` §4).

use contract::ticket_transfer::{TransferTicketToEventRequest, TransferTicketToEventResult};
use domain::attempt::Next;
use domain::audit::{AuditEvent, AuditNote};
use domain::idempotency::{Idempotency, Identity};
use domain::refusal::{Code, Refusal};
use domain::transfer::{MoveTicket, Moved, session_hash};
use service::access::{Principal as _, ROLE_ADMIN};
use service::matched::Matched;
use service::reply::Reply;
use service::types::Decimal;
use store::SubmitError;

use super::presentation::{Accepted, accepted, refused};
use super::route::{Asked, Found, STALE_TRIES_MAX};
use crate::access::audit::note;
use crate::app::App;
use crate::idempotency::Body;
use crate::money::minor_units;
use crate::operations::Call;
use crate::operations::family::{Failure, wrong};
use crate::text;
use crate::topup::session_secret;

/// The name that a key is good for.
const OPERATION: &str = "TransferTicketToEvent";

/// The longest `reason`, in characters (`domain.md` §1.7).
pub(super) const REASON_LENGTH_MAX: usize = 500;

/// How long an `idempotencyKey` is, in characters (`domain.md` §4.1).
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=255;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TransferTicketToEventRequest>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let asked = Asked {
        ticket_token_id: request.ticket_token_id.as_deref(),
        to_event_id: request.to_event_id,
        to_owner_type: request.to_owner_ticket_type_id,
        to_series_type: request.to_series_ticket_type_id,
        to_seat: request.to_seat_id,
    };
    let failed = |failure: Failure| match failure {
        Failure::Refused(refusal) => matched.reply(&refused(&refusal, None), 200),
        failure => failure.reply(matched, |_, _| TransferTicketToEventResult::default()),
    };
    let mut found = match asked.find(app, call).await {
        Ok(found) => found,
        Err(failure) => return failed(failure),
    };
    match transfer(app, call, &request, &mut found, matched.exchange().base_url).await {
        Ok(result) => matched.reply(&result, 200),
        Err(Failure::Refused(refusal)) => {
            matched.reply(&with_quote(app, &mut found, &refusal).await, 200)
        }
        Err(failure) => failed(failure),
    }
}

/// A refusal with what the move would cost, and with the earlier transfer that is in its way.
async fn with_quote(
    app: &App,
    found: &mut Found,
    refusal: &Refusal,
) -> TransferTicketToEventResult {
    let Ok(quoted) = found.quoted(app).await else { return refused(refusal, None) };
    if let Ok(again) = found.clone().again(app).await {
        *found = again;
    }
    let mut result = refused(refusal, Some((&*found, &quoted.quote)));
    if let Some(to) = found.sale.moved_to {
        let key = domain::sale::Sale::key_of(to.shard, to.id);
        let next = app.store.read::<domain::sale::Sale>(key).await.ok().flatten();
        let transfer = next.and_then(|next| next.origin).and_then(|origin| origin.transfer);
        result.transfer_log_id =
            transfer.map(|transfer| crate::operations::event_presentation::int(transfer.id.0));
    }
    result
}

async fn transfer(
    app: &App,
    call: &Call<'_>,
    request: &TransferTicketToEventRequest,
    found: &mut Found,
    base_url: &str,
) -> Result<TransferTicketToEventResult, Failure> {
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let moved = submit(app, call, request, found).await?;
    let Moved { transfer, sale, from, next, .. } = moved;
    let answer = Accepted { found, transfer: &transfer, sale: &sale, from: &from, base_url };
    let result = accepted(app, &answer);
    if next != Next::Done {
        // The move does not wait for the gateway (`domain.md` §4.4).
        let till = app.till.clone();
        tokio::spawn(async move { till.drive(place, from, next, None).await });
    }
    Ok(result)
}

async fn submit(
    app: &App,
    call: &Call<'_>,
    request: &TransferTicketToEventRequest,
    found: &mut Found,
) -> Result<Moved, Failure> {
    let command = command(app, call, request, found).await?;
    for _ in 0..STALE_TRIES_MAX {
        match app.store.submit(MoveTicket { route: found.route(), ..command.clone() }).await {
            Err(SubmitError::Stale) => {
                *found = found.clone().again(app).await?;
                reason(request, found)?;
            }
            moved => return Ok(moved?),
        }
    }
    Err(Failure::overloaded())
}

async fn command(
    app: &App,
    call: &Call<'_>,
    request: &TransferTicketToEventRequest,
    found: &Found,
) -> Result<MoveTicket, Failure> {
    let is_admin = call.principal.as_ref().is_some_and(|caller| caller.has_role(ROLE_ADMIN));
    let reason = reason(request, found)?;
    let by = by(call, request.user_id, is_admin)?;
    let (identity, earlier) = identity(app, call, request, found).await?;
    let secret = app.secret()?;
    let note = audit(call, found, reason.as_deref());
    Ok(MoveTicket {
        route: found.route(),
        expected_difference: difference(request.expected_price_difference, found)?,
        may_owe: is_admin,
        reason,
        by,
        secret,
        session: session_hash(session_secret(&app.link_key, secret)),
        identity,
        earlier,
        note,
    })
}

fn reason(
    request: &TransferTicketToEventRequest,
    found: &Found,
) -> Result<Option<String>, Failure> {
    let invalid = |message: String| Failure::invalid(vec![wrong("Reason", message)]);
    let reason = text::kept(request.reason.as_deref(), REASON_LENGTH_MAX).map_err(invalid)?;
    if reason.is_none() && found.source.organiser.rules.transfer_reason_required {
        return Err(invalid("This organiser wants a reason for every transfer.".to_owned()));
    }
    Ok(reason)
}

/// Who asks: the caller, or a user on whose behalf an Admin does.
fn by(call: &Call<'_>, user: Option<i32>, is_admin: bool) -> Result<String, Refusal> {
    let caller = call.principal.as_ref();
    let name = caller.map(|caller| caller.name.clone()).unwrap_or_default();
    let own = caller.and_then(|caller| i32::try_from(caller.id.0).ok());
    match user.filter(|user| *user != 0 && Some(*user) != own) {
        None => Ok(name),
        Some(user) if is_admin => Ok(format!("{name} for user {user}")),
        Some(_) => {
            let message = "userId must be your own; only an Admin acts on behalf of others.";
            Err(Refusal::new(Code::Forbidden, message))
        }
    }
}

async fn identity(
    app: &App,
    call: &Call<'_>,
    request: &TransferTicketToEventRequest,
    found: &Found,
) -> Result<(Option<Identity>, Option<Idempotency>), Failure> {
    let key = request.idempotency_key.as_deref().filter(|key| !key.is_empty());
    let (field, key) = match key {
        Some(key) => ("IdempotencyKey", Some(key)),
        None => ("Idempotency-Key", call.idempotency_key),
    };
    let Some(key) = key else { return Ok((None, None)) };
    let printable = key.bytes().all(|byte| (32..127).contains(&byte));
    if !KEY_LENGTH.contains(&key.len()) || !printable {
        let message = "It must have 8 to 255 printable characters.";
        return Err(Failure::invalid(vec![wrong(field, message)]));
    }
    let caller = call.principal.as_ref().map_or(0, |caller| caller.id.0);
    let identity = Body::of(request, None).under_key(caller, OPERATION, key);
    let (seller, today) = (found.sale.shard, app.clock.now().day());
    let earlier = app.store.idempotency_before(seller, identity.hash, today).await?;
    Ok((Some(identity), earlier))
}

/// Differences may be below zero, other amounts may not.
fn difference(amount: Decimal, found: &Found) -> Result<i64, Refusal> {
    let minor = minor_units(amount.abs(), found.sale.currency)?;
    Ok(if amount.is_sign_negative() { -minor } else { minor })
}

fn audit(call: &Call<'_>, found: &Found, reason: Option<&str>) -> AuditNote {
    let by = call.by();
    let detail = format!(
        "ticket {} of seller {} from event {} to event {}: {}",
        found.sale.id.0,
        found.sale.shard.0,
        found.sale.event.0,
        found.target.event_id().0,
        reason.unwrap_or("no reason given"),
    );
    let note = note(AuditEvent::TicketMoved, None, by.address, &detail);
    AuditNote { by: by.name, ..note }
}
