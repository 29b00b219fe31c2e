//! The orders that a request names: by handle, by the key of a payment, or by a gateway's own
//! number of it.

use std::sync::Arc;

use contract::refund::process::{REFUND_ORDERS_MAX, RefundProcess};
use domain::ids::{EventId, SaleId, Shard};
use domain::refusal::{Code, Refusal};
use domain::sale::{Sale, sale_of_key};

use super::event_owner;
use crate::app::App;
use crate::operations::Call;
use crate::operations::by_handle;
use crate::operations::family::{Failure, wrong};

/// How many sales are read at a time.
const SALES_PAGE: u32 = 500;

/// An order as it was named, and what was found.
pub(super) struct Named {
    /// Its handle, if it was named so.
    pub(super) token: Option<String>,
    /// Its payment, if it was named so.
    pub(super) payment: Option<String>,
    /// The sale, or why there is none.
    pub(super) found: Result<Arc<Sale>, Refusal>,
}

/// Every order that the request names, in its order.
pub(super) async fn named(
    app: &App,
    call: &Call<'_>,
    request: &RefundProcess,
) -> Result<Vec<Named>, Failure> {
    let tokens = request.ticket_token_ids.as_deref().unwrap_or_default();
    let payments = request.payment_references.as_deref().unwrap_or_default();
    let most = usize::try_from(REFUND_ORDERS_MAX).unwrap_or_default();
    if tokens.len() + payments.len() > most {
        let message = format!("One request names {most} orders at most.");
        return Err(Failure::invalid(vec![wrong("TicketTokenIds", message)]));
    }
    let mut all = Vec::new();
    for token in tokens {
        let found = refused_alone(by_handle::in_scope(app, call, Some(token)).await)?;
        all.push(Named { token: Some(token.clone()), payment: None, found });
    }
    let (event, mut of_event) = (request.event_id.filter(|event| *event > 0), None);
    for payment in payments {
        let found = match sale_of_key(payment.trim()) {
            Some((shard, sale)) => by_key(app, call, payment.trim(), shard, sale).await,
            None => by_reference(app, call, payment.trim(), event, &mut of_event).await,
        };
        let found = refused_alone(found)?;
        all.push(Named { token: None, payment: Some(payment.clone()), found });
    }
    Ok(all)
}

/// A refusal concerns its order alone; anything else the whole request.
fn refused_alone(found: Result<Arc<Sale>, Failure>) -> Result<Result<Arc<Sale>, Refusal>, Failure> {
    match found {
        Ok(sale) => Ok(Ok(sale)),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
        Err(failure) => Err(failure),
    }
}

fn not_found() -> Failure {
    Refusal::new(Code::TicketNotFound, "No order here has this payment.").into()
}

async fn by_key(
    app: &App,
    call: &Call<'_>,
    key: &str,
    shard: Shard,
    sale: SaleId,
) -> Result<Arc<Sale>, Failure> {
    let sale = app.store.read::<Sale>(Sale::key_of(shard, sale)).await?;
    let sale = sale.filter(|sale| {
        sale.attempts.iter().any(|attempt| attempt.key == key) && call.may_act_for(sale.shard)
    });
    sale.ok_or_else(not_found)
}

/// A gateway's number leads nowhere by itself, so the event must be named, and its orders are
/// read through once.
async fn by_reference(
    app: &App,
    call: &Call<'_>,
    reference: &str,
    event: Option<i32>,
    of_event: &mut Option<Vec<Arc<Sale>>>,
) -> Result<Arc<Sale>, Failure> {
    let event = event.and_then(|event| u32::try_from(event).ok()).map(EventId);
    let event = event.ok_or_else(|| {
        let message = "A gateway's number of a payment is looked for in one event; send eventId \
                       with it, or name the order by its ticketTokenId.";
        Refusal::new(Code::TicketNotFound, message)
    })?;
    if of_event.is_none() {
        *of_event = Some(sales_of(app, call, event).await?);
    }
    let has_reference = |sale: &&Arc<Sale>| {
        let approvals = sale.attempts.iter().filter_map(|attempt| attempt.approval.as_ref());
        approvals.into_iter().any(|approval| approval.reference == reference)
    };
    of_event.iter().flatten().find(has_reference).cloned().ok_or_else(not_found)
}

async fn sales_of(app: &App, call: &Call<'_>, event: EventId) -> Result<Vec<Arc<Sale>>, Failure> {
    let shard = event_owner(app, call, event).await?;
    let (mut sales, mut after) = (Vec::new(), SaleId(0));
    loop {
        let page = app.store.event_sales(shard, event, after, SALES_PAGE).await?;
        let Some(last) = page.last() else { return Ok(sales) };
        after = last.id;
        sales.extend(page.into_iter().filter(|sale| !sale.attempts.is_empty()));
    }
}
