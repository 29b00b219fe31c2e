//! An order of admissions to one event (`domain.md` §3.6).

use std::sync::Arc;

use contract::ticket_order::TicketOrderResult;
use domain::ids::EventId;
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::sale::{PlaceOrder, ReservedFor, Tender};
use gateway::Source;

use super::presentation::View;
use super::rights::Claimed;
use super::{Asked, STALE_TRIES_MAX, again};
use crate::operations::family::Failure;
use crate::operations::payment::{Named, Parties};

/// Places the order and drives it; answers with the ticket as it is then.
pub(super) async fn order(asked: &Asked<'_>, event: EventId) -> Result<TicketOrderResult, Failure> {
    let app = asked.app;
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let mut offer = app.catalogue.offer(event).await?.ok_or_else(not_found)?;
    asked.check_scope(offer.shard())?;
    let claimed = asked.intake.claimed.locate(app, asked.call, offer.shard()).await;
    let claimed = claimed.map_err(|failure| in_turn(asked, &offer, failure))?;
    let mut place = app.till.place().ok_or_else(Failure::overloaded)?;
    for _ in 0..STALE_TRIES_MAX {
        let phone = asked.origin.proved_number();
        let parties = Parties { organiser: &offer.organiser, phone, for_proof: false };
        let (source, named) = asked.payment(&parties).await?;
        let command = command(asked, &offer, claimed.clone(), named, source.as_ref()).await?;
        match app.till.order(place, command, source).await {
            Ok(sale) => return Ok(asked.result(&sale, View::of(app, &sale, Some(&offer)))),
            Err(refused) => place = again(*refused)?,
        }
        app.catalogue.reload(offer.shard()).await?;
        offer = app.catalogue.offer(event).await?.ok_or_else(not_found)?;
    }
    Err(Failure::overloaded())
}

/// What is read of prices and rights needs the event, and is refused after what is wrong with the
/// event itself (`domain.md` §3.6).
fn in_turn(asked: &Asked<'_>, offer: &Offer, failure: Failure) -> Failure {
    let Failure::Refused(refusal) = failure else { return failure };
    let open = offer.open_for_sale(asked.app.clock.now());
    let open = open.and_then(|()| offer.admits(asked.call.access_code.as_deref()));
    open.err().unwrap_or(refusal).into()
}

async fn command(
    asked: &Asked<'_>,
    offer: &Arc<Offer>,
    claimed: Claimed,
    named: Named,
    source: Option<&Source>,
) -> Result<PlaceOrder, Failure> {
    let intake = &asked.intake;
    let repeatable = asked.repeatable(source);
    let refuse = |refusal: Refusal| in_turn(asked, offer, refusal.into());
    let guards = named.guards(offer.event.currency).map_err(refuse)?;
    let reserved = |token| ReservedFor { token, request: repeatable.fingerprint() };
    Ok(PlaceOrder {
        lines: intake.lines(offer.event.currency).map_err(refuse)?,
        holders: intake.holders.clone(),
        seats: intake.seats.clone(),
        reservation: intake.reservation.map(reserved),
        rights: claimed.rights,
        buyer: intake.buyer.clone(),
        access_code: asked.call.access_code.clone(),
        tender: Tender {
            instrument: named.instrument,
            credit: claimed.credit,
            total_guard: guards.total,
            currency_guard: guards.currency.or(intake.currency_guard),
        },
        marks: repeatable.marks(asked.origin.signature.as_ref(), offer.shard()).await?,
        ..PlaceOrder::new(Arc::clone(offer), asked.app.secret()?)
    })
}
