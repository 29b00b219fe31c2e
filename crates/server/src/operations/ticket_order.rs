//! `GET|POST /ticketOrder`: one order of admissions, from the request to the ticket.

mod intake;
mod presentation;

use std::sync::Arc;

use contract::ticket_order::{TicketOrder, TicketOrderResult};
use domain::idempotency::Identity;
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::sale::{PlaceOrder, Sale};
use gateway::Source;
use service::matched::Matched;
use service::reply::Reply;
use store::SubmitError;

use super::family::{Failure, wrong};
use super::ticket_order_status::standing;
use super::payment::{self, Means, Named, Parties};
use super::{Call, origin};
use crate::access::may_act_for;
use crate::access::signature::{Claim, SignatureUsed, SignedParts};
use crate::app::App;
use crate::idempotency::{Body, is_key};
use crate::till::{NotPlaced, Place};

/// How often an order is decided again because the catalogue changed under it.
const STALE_TRIES_MAX: u32 = 3;

/// The name that is signed and that a key is good for.
const OPERATION: &str = "TicketOrder";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TicketOrder>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match order(app, call, request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => {
            origin::audit(app, call, OPERATION, &failure);
            failure.reply(matched, |status_code, message| {
                let message = Some(message);
                TicketOrderResult { status_code, message, ..TicketOrderResult::default() }
            })
        }
    }
}

async fn order(
    app: &App,
    call: &Call<'_>,
    mut request: TicketOrder,
) -> Result<TicketOrderResult, Failure> {
    let origin = check_origin(app, call, &mut request).await?;
    let request = &request;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let mut intake = intake::read(request)?;
    intake.buyer.phone = origin.phone_number();
    intake.buyer.phone_id = origin.phone_id();
    let event = intake.event;
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let mut offer = app.catalogue.offer(event).await?.ok_or_else(not_found)?;
    check_scope(call, &offer)?;
    let mut place = app.till.place().ok_or_else(Failure::overloaded)?;
    for _ in 0..STALE_TRIES_MAX {
        let parties = Parties { organiser: &offer.organiser, phone: origin.proved_number() };
        let (source, named) = payment::read(app, &means(request), &parties).await?;
        let marks = marks(app, call, request, source.as_ref(), origin.signature.as_ref())?;
        let command = command(app, call, &intake, &offer, named, marks).await?;
        match app.till.order(place, command, source).await {
            Ok(sale) => return Ok(result(app, request, &sale, &offer)),
            Err(refused) => place = again(*refused)?,
        }
        app.catalogue.reload(offer.shard()).await?;
        offer = app.catalogue.offer(event).await?.ok_or_else(not_found)?;
    }
    Err(Failure::overloaded())
}

/// The members that say what to pay with; those outside the order count before those inside.
fn means(request: &TicketOrder) -> Means<'_> {
    let order = request.order.as_ref();
    let phone_inside = order.and_then(|order| order.payment_phone_number.as_deref());
    Means {
        card_info: request.card_info.as_ref(),
        apple_pay_info: request.apple_pay_info.as_ref(),
        borgun_3d_final_info: request.borgun_3d_final_info.as_ref(),
        payment_phone_number: request.payment_phone_number.as_deref().or(phone_inside),
        payment_card_id: request.payment_card_id,
        payment_method_id: order.and_then(|order| order.payment_method_id.as_deref()),
    }
}

/// Only an order that was decided on an older catalogue is made again.
fn again(refused: NotPlaced) -> Result<Place, Failure> {
    match refused {
        NotPlaced { error: SubmitError::Stale, place: Some(place) } => Ok(place),
        NotPlaced { error, .. } => Err(error.into()),
    }
}

/// Where the request comes from; what signed it is taken out of the request.
async fn check_origin(
    app: &App,
    call: &Call<'_>,
    request: &mut TicketOrder,
) -> Result<origin::Origin, Failure> {
    let timestamp = &mut request.request_unix_utc_time_stamp;
    let claim = Claim::take(&mut request.signature, timestamp);
    let parts = SignedParts {
        operation: OPERATION,
        device_id: request.device_id.as_deref(),
        phone_verification_number: request.phone_verification_number.as_deref(),
    };
    origin::check(app, call, claim, &parts).await
}

fn check_scope(call: &Call<'_>, offer: &Offer) -> Result<(), Refusal> {
    if call.principal.as_deref().is_some_and(|caller| may_act_for(caller, offer.shard())) {
        return Ok(());
    }
    let message = "This event belongs to an organiser outside your scope.";
    Err(Refusal::new(Code::OwnerScopeDenied, message))
}

/// By what the order is known when it comes again.
#[derive(Clone, Copy)]
struct Marks {
    key: Option<Identity>,
    signature: Option<Identity>,
}

fn marks(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrder,
    card: Option<&Source>,
    signature: Option<&SignatureUsed>,
) -> Result<Marks, Failure> {
    if call.idempotency_key.is_some_and(|key| !is_key(key)) {
        let message = "It must have 1 to 255 printable characters.";
        return Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]));
    }
    if call.idempotency_key.is_none() && signature.is_none() {
        return Ok(Marks { key: None, signature: None });
    }
    let caller = call.principal.as_ref().map_or(0, |caller| caller.id.0);
    let body = Body::of(request, card.map(|card| card.fingerprint(&app.fingerprint_key)));
    Ok(Marks {
        key: call.idempotency_key.map(|key| body.under_key(caller, OPERATION, key)),
        signature: signature.map(|used| body.signed(caller, used)),
    })
}

async fn command(
    app: &App,
    call: &Call<'_>,
    intake: &intake::Intake,
    offer: &Arc<Offer>,
    named: Named,
    marks: Marks,
) -> Result<PlaceOrder, Failure> {
    let earlier = match marks.key {
        Some(identity) => {
            let today = app.clock.now().day();
            app.store.idempotency_before(offer.shard(), identity.hash, today).await?
        }
        None => None,
    };
    let mut buyer = intake.buyer.clone();
    buyer.principal = call.principal.as_ref().map(|caller| caller.id);
    let guards = named.guards(offer.event.currency)?;
    Ok(PlaceOrder {
        offer: Arc::clone(offer),
        lines: intake.lines(offer.event.currency)?,
        holders: intake.holders.clone(),
        buyer,
        access_code: call.access_code.clone(),
        instrument: named.instrument,
        total_guard: guards.total,
        currency_guard: guards.currency.or(intake.currency_guard),
        secret: app.secret()?,
        identity: marks.key,
        signed: marks.signature,
        earlier,
    })
}

fn result(app: &App, request: &TicketOrder, sale: &Sale, offer: &Offer) -> TicketOrderResult {
    let (status_code, message) = standing(sale);
    let shown = status_code < 300 && !request.dont_return_tickets;
    TicketOrderResult {
        ticket_and_details: shown.then(|| presentation::ticket(sale, offer, &app.seal_key)),
        status_code,
        message: Some(message),
    }
}
