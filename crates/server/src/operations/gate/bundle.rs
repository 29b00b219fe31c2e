//! `GET /gate/bundle/{EventId}`: the signed list for scanners that lose the network.
//!
//! Many scanners ask for the list of one event again and again, so what its sales say is read once
//! in [`LIST_AGE_MAX`] and kept: every sale that is not simply good, and when it changed. A list
//! says that it was made when that reading began, so that the next one goes on from before it.

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
use store::{Clock, Fault};

use super::offer;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;

/// How long what was read of an event's sales is served.
const LIST_AGE_MAX: Span = Span::seconds(5);

/// The most events of which something is kept.
const EVENTS_MAX: usize = 64;

/// How many sales are read at a time.
const SALES_PAGE: u32 = 500;

/// What was read of the sales of some events. One request at a time reads an event; the others
/// wait for what it reads.
#[derive(Default)]
pub(crate) struct Bundles {
    slots: Mutex<HashMap<EventId, Slot>>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Known>>>;

#[derive(Clone)]
struct Known {
    /// Before the first page was read.
    read_at: Timestamp,
    /// How long it is served. Counted from the end of the reading: else those who waited for a
    /// slow one would all read again.
    until: Timestamp,
    sales: Arc<Vec<Arc<Sale>>>,
}

answers!(GateBundleResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| bundle(app, call, &request).await).await
}

async fn bundle(
    app: &App,
    call: &Call<'_>,
    request: &GateBundle,
) -> Result<GateBundleResult, Failure> {
    let offer = offer(app, call, request.event_id).await?;
    let since = Timestamp(request.since.max(0));
    let known = app.bundles.known(offer.event_id(), &app.clock, read(app, &offer)).await?;
    let mut bundle = Bundle::of(&offer.event, since, known.read_at);
    known.sales.iter().for_each(|sale| bundle.add(sale));
    let text = bundle.text();
    Ok(GateBundleResult {
        event_id: request.event_id,
        sequence: bundle.sequence.0,
        signature: Some(URL_SAFE_NO_PAD.encode(app.seal_key.sign_bundle(&text))),
        text: Some(text),
        key_id: app.seal_key.id().into(),
        public_key: Some(URL_SAFE_NO_PAD.encode(app.seal_key.public())),
        ..ok()
    })
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.read_at <= now && now < self.until
    }
}

impl Bundles {
    /// What was read of an event lately, else what `read` reads now.
    async fn known(
        &self,
        event: EventId,
        clock: &Arc<dyn Clock>,
        read: impl Future<Output = Result<Vec<Arc<Sale>>, Fault>>,
    ) -> Result<Known, Fault> {
        let slot = self.slot(event, clock.now());
        let mut slot = slot.lock().await;
        let read_at = clock.now();
        if let Some(known) = slot.as_ref().filter(|known| known.is_fresh(read_at)) {
            return Ok(known.clone());
        }
        let sales = Arc::new(read.await?);
        let known = Known { read_at, until: clock.now().after(LIST_AGE_MAX), sales };
        *slot = Some(known.clone());
        Ok(known)
    }

    /// Where an event is read. What nobody uses any more is given up, and with too many events
    /// nothing is kept of this one.
    fn slot(&self, event: EventId, now: Timestamp) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&event) {
            return Arc::clone(slot);
        }
        slots.retain(|_, slot| is_used(slot, now));
        let slot = Slot::default();
        if slots.len() < EVENTS_MAX {
            slots.insert(event, Arc::clone(&slot));
        }
        slot
    }
}

/// Whether somebody reads the event, waits for it, or may ask for what was read.
fn is_used(slot: &Slot, now: Timestamp) -> bool {
    Arc::strong_count(slot) > 1
        || slot.try_lock().is_ok_and(|it| it.as_ref().is_some_and(|known| known.is_fresh(now)))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use domain::ids::EventId;
    use domain::time::Timestamp;
    use store::Clock;

    use super::{Bundles, EVENTS_MAX};

    const SCANNERS: usize = 64;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp(1)
        }
    }

    /// However many scanners ask at once, the event is read once.
    #[tokio::test]
    async fn one_request_reads_for_all() {
        let (bundles, reads) = (Arc::new(Bundles::default()), Arc::new(AtomicUsize::new(0)));
        let clock: Arc<dyn Clock> = Arc::new(Still);
        let mut scanners = tokio::task::JoinSet::new();
        for _ in 0..SCANNERS {
            let (bundles, reads, clock) =
                (Arc::clone(&bundles), Arc::clone(&reads), Arc::clone(&clock));
            scanners.spawn(async move {
                let read = async {
                    reads.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Ok(Vec::new())
                };
                bundles.known(EventId(1), &clock, read).await.unwrap().read_at
            });
        }
        assert_eq!(scanners.join_all().await, [Timestamp(1); SCANNERS]);
        assert_eq!(reads.load(Ordering::Relaxed), 1);
    }

    /// What nobody asks for any more is given up when another event is asked for.
    #[test]
    fn finished_events_are_given_up() {
        let bundles = Bundles::default();
        let asked = bundles.slot(EventId(1), Timestamp(1));
        for event in 2..2 * u32::try_from(EVENTS_MAX).unwrap() {
            bundles.slot(EventId(event), Timestamp(1));
        }
        assert!(bundles.slots.lock().unwrap().len() <= 2);
        assert!(Arc::ptr_eq(&asked, &bundles.slot(EventId(1), Timestamp(1))));
    }
}
