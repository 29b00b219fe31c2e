//! `POST /payouts`: an organiser is paid out.

use contract::payouts::create::{PayoutsCreate, PayoutsCreateResult};
use domain::audit::AuditEvent;
use domain::ids::{EventId, Shard};
use domain::money::Currency;
use domain::payout::{CreatePayout, CreatedPayout, PayoutFor};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::payout;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The longest `reference`, in characters (`domain.md` §1.7).
const REFERENCE_LENGTH_MAX: usize = 255;

answers!(PayoutsCreateResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let created = create(app, call, &request).await?;
        Ok(result(&created))
    };
    answer(app, matched, call, run).await
}

fn result(created: &CreatedPayout) -> PayoutsCreateResult {
    PayoutsCreateResult {
        payout: Some(payout(&created.payout)),
        already_paid_out: created.repeated,
        ..ok()
    }
}

async fn create(
    app: &App,
    call: &Call<'_>,
    request: &PayoutsCreate,
) -> Result<CreatedPayout, Failure> {
    let reference = text::kept_line(request.reference.as_deref(), REFERENCE_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("Reference", message)]))?;
    let what = what(request.payout_for.as_deref())?;
    let (shard, event) = subject(app, call, request, what).await?;
    let name = what.name();
    let detail = format!("{name}, event {} of seller {}", event.0, shard.0);
    let command = CreatePayout {
        shard,
        what,
        event,
        currency: currency(request.currency.as_deref())?,
        by: call.by().name,
        reference,
        note: office::audit(call, AuditEvent::PaidOut, &detail),
    };
    Ok(app.store.submit(command).await?)
}

fn what(text: Option<&str>) -> Result<PayoutFor, Failure> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None | Some("Event") => Ok(PayoutFor::Event),
        Some("Cards") => Ok(PayoutFor::Cards),
        Some("Passes") => Ok(PayoutFor::Passes),
        Some("Orders") => Ok(PayoutFor::Orders),
        Some("Contracts") => Ok(PayoutFor::Contracts),
        Some(_) => {
            let message = "Say Event, Cards, Passes, Orders or Contracts.";
            Err(Failure::invalid(vec![wrong("PayoutFor", message)]))
        }
    }
}

fn currency(text: Option<&str>) -> Result<Currency, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map_or(Some(Currency::ISK), Currency::parse)
        .ok_or_else(|| Refusal::new(Code::CurrencyNotSupported, "There is no such currency."))
}

/// Whom it concerns: the event's organiser, or the one that is named.
async fn subject(
    app: &App,
    call: &Call<'_>,
    request: &PayoutsCreate,
    what: PayoutFor,
) -> Result<(Shard, EventId), Failure> {
    if what != PayoutFor::Event {
        return Ok((office::owner(call, request.event_owner_id.unwrap_or(0))?, EventId(0)));
    }
    let event = EventId(office::number(request.event_id.unwrap_or(0)));
    let offer = app.catalogue.offer(event).await?;
    let offer =
        offer.ok_or_else(|| Refusal::new(Code::EventNotFound, "There is no such event."))?;
    Ok((offer.shard(), event))
}
