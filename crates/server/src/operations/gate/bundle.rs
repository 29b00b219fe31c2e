//! `GET /gate/bundle/{EventId}`: the signed list for scanners that lose the network.
//!
//! Many scanners ask for the list of one event again and again, so what its sales say is read once
//! in [`LIST_AGE_MAX`] and kept: every sale that is not simply good, and when it changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::gate::bundle::{GateBundle, GateBundleResult};
use domain::gate::bundle::Bundle;
use domain::ids::{EventId, SaleId};
use domain::offer::Offer;
use domain::sale::{Sale, SaleState};
use domain::time::{Span, Timestamp};
use service::matched::Matched;
use service::reply::Reply;
use store::Fault;

use super::offer;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};

/// How old what is kept of an event's sales may be.
const LIST_AGE_MAX: Span = Span::seconds(5);

/// The most events of which something is kept.
const EVENTS_MAX: usize = 64;

/// How many sales are read at a time.
const SALES_PAGE: u32 = 500;

/// What was read of the sales of some events.
#[derive(Default)]
pub(crate) struct Bundles {
    known: Mutex<HashMap<EventId, Known>>,
}

struct Known {
    read_at: Timestamp,
    sales: Arc<Vec<Arc<Sale>>>,
}

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<GateBundle>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match bundle(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, |status_code, message| GateBundleResult {
            status_code,
            message: Some(message),
            ..GateBundleResult::default()
        }),
    }
}

async fn bundle(
    app: &App,
    call: &Call<'_>,
    request: &GateBundle,
) -> Result<GateBundleResult, Failure> {
    let offer = offer(app, call, request.event_id).await?;
    let since = Timestamp(request.since.max(0));
    // The moment is taken first: what changes while the sales are read is told next time.
    let mut bundle = Bundle::of(&offer.event, since, app.clock.now());
    for sale in &*app.bundles.sales(app, &offer).await? {
        bundle.add(sale);
    }
    let text = bundle.text();
    Ok(GateBundleResult {
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.into()),
        event_id: request.event_id,
        sequence: bundle.sequence.0,
        signature: Some(URL_SAFE_NO_PAD.encode(app.seal_key.sign_bundle(&text))),
        text: Some(text),
        key_id: app.seal_key.id().into(),
        public_key: Some(URL_SAFE_NO_PAD.encode(app.seal_key.public())),
    })
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.read_at <= now && now < self.read_at.after(LIST_AGE_MAX)
    }
}

impl Bundles {
    async fn sales(&self, app: &App, offer: &Offer) -> Result<Arc<Vec<Arc<Sale>>>, Fault> {
        let (event, read_at) = (offer.event_id(), app.clock.now());
        if let Some(sales) = self.known(event, read_at) {
            return Ok(sales);
        }
        let sales = Arc::new(read(app, offer).await?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= EVENTS_MAX {
            known.retain(|_, known| known.is_fresh(read_at));
        }
        if known.len() < EVENTS_MAX {
            known.insert(event, Known { read_at, sales: Arc::clone(&sales) });
        }
        Ok(sales)
    }

    fn known(&self, event: EventId, now: Timestamp) -> Option<Arc<Vec<Arc<Sale>>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&event).filter(|known| known.is_fresh(now));
        known.map(|known| Arc::clone(&known.sales))
    }
}

async fn read(app: &App, offer: &Offer) -> Result<Vec<Arc<Sale>>, Fault> {
    let (mut sales, mut after) = (Vec::new(), SaleId(0));
    loop {
        let page =
            app.store.event_sales(offer.shard(), offer.event_id(), after, SALES_PAGE).await?;
        let Some(last) = page.last() else { return Ok(sales) };
        after = last.id;
        sales.extend(page.into_iter().filter(|sale| is_told(sale)));
    }
}

/// Whether a gate must know anything of a sale: most tickets are simply good.
fn is_told(sale: &Sale) -> bool {
    let is_over = sale.issued_at.is_some() && sale.state != SaleState::Issued;
    is_over || !sale.refunds.is_empty() || sale.gate_changed_at.is_some()
}
