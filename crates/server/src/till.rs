//! The money loop: one loop drives every sale, whoever started it (`design.md` §7).
//!
//! `advance` (one commit, which makes the next call's attempt durable) → perform the call,
//! outside any transaction → `advance` with the result. The loop runs in a task of its own: a
//! client that hangs up cuts nothing. The janitor is the same loop started from stored rows.

mod health;
mod kept_card;
mod orders;
mod subscriptions;
mod tally;
mod told;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::attempt::{CallResult, CallVerb, GatewayCall, GatewayTerms, Next};
use domain::facts::Command;
use domain::ids::{SaleId, Shard};
use domain::language::Language;
use domain::phone::SavedToken;
use domain::sale::{Advance, AdvanceEvent, Advanced, Placed, Sale, SaleState};
use gateway::{CardToken, Gateway, Source, SourceKind, TokenUse};
use store::{Clock, Fault, Store, SubmitError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{error, warn};

use self::tally::Tally;
pub use self::told::{Heard, Told};

/// How often the result of a call is offered to a busy store before the janitor must find it out.
const SUBMIT_TRIES_MAX: u32 = 50;

/// The pause between two such tries.
const SUBMIT_PAUSE: Duration = Duration::from_millis(20);

/// Everything a sale's loop needs. Cheap to clone.
#[derive(Clone)]
pub struct Till {
    store: Store,
    clock: Arc<dyn Clock>,
    gateways: Arc<HashMap<String, Arc<dyn Gateway>>>,
    places: Arc<Semaphore>,
    places_total: u32,
    tally: Arc<Tally>,
}

/// The right to have one sale under way; given back when it is dropped.
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

/// An order that was not placed.
pub struct NotPlaced {
    /// Why.
    pub error: SubmitError,
    /// The place it had, for another try; `None` when it is lost.
    pub place: Option<Place>,
}

impl Till {
    /// A till with at most `sales_max` sales under way.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        gateways: HashMap<String, Arc<dyn Gateway>>,
        sales_max: u32,
    ) -> Till {
        let places = Arc::new(Semaphore::new(sales_max as usize));
        let (gateways, tally) = (Arc::new(gateways), Arc::default());
        Till { store, clock, gateways, places, places_total: sales_max, tally }
    }

    /// The terms of a gateway; `None` when none of that name is configured.
    #[must_use]
    pub fn terms(&self, gateway: &str) -> Option<GatewayTerms> {
        self.gateways.get(gateway).map(|gateway| gateway.terms().clone())
    }

    /// The terms of every gateway that is configured.
    #[must_use]
    pub fn all_terms(&self) -> Vec<GatewayTerms> {
        self.gateways.values().map(|gateway| gateway.terms().clone()).collect()
    }

    /// A gateway; `None` when none of that name is configured.
    #[must_use]
    pub fn gateway(&self, name: &str) -> Option<Arc<dyn Gateway>> {
        self.gateways.get(name).map(Arc::clone)
    }

    /// The page of a challenge that a gateway in this process shows (the sandbox's); `None` when
    /// there is none of that name.
    #[must_use]
    pub fn challenge_page(&self, handle: &str, language: Language) -> Option<String> {
        self.gateways.values().find_map(|gateway| gateway.challenge_page(handle, language))
    }

    /// A place for one more sale, or `None` when as many are under way as may be.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        Arc::clone(&self.places).try_acquire_owned().ok().map(Place)
    }

    /// How many sales are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.places_total as usize - self.places.available_permits()
    }

    /// Waits until no sale is under way, and lets no new one begin.
    pub async fn finish(&self) {
        let all = Arc::clone(&self.places).acquire_many_owned(self.places_total).await;
        if all.is_ok() {
            self.places.close();
        }
    }

    /// Places an order and drives its sale, in a task of its own from the first commit on: a
    /// client that hangs up after it is charged and has bought, as one that waits.
    ///
    /// # Errors
    /// [`NotPlaced`], with what may be used for another try.
    pub async fn order<C: Command<Outcome = Placed>>(
        &self,
        place: Place,
        order: C,
        card: Option<Source>,
    ) -> Result<Arc<Sale>, Box<NotPlaced>> {
        let till = self.clone();
        let task = tokio::spawn(async move {
            match till.store.submit(order).await {
                Ok(Placed { sale, next, repeated }) => {
                    let _place = place;
                    till.tally.placed(&sale, repeated);
                    Ok(till.run(sale, next, card).await)
                }
                Err(error) => {
                    till.tally.not_placed(&error);
                    Err(Box::new(NotPlaced { error, place: Some(place) }))
                }
            }
        });
        task.await.unwrap_or_else(|failure| {
            let unknown = Fault::Unknown(format!("the task of an order ended early: {failure}"));
            Err(Box::new(NotPlaced { error: unknown.into(), place: None }))
        })
    }

    /// Drives a sale in a task of its own until nothing can be done at once; answers with the
    /// sale as it is then. Dropping the answer's future cuts nothing.
    pub async fn drive(
        &self,
        place: Place,
        sale: Arc<Sale>,
        next: Next,
        card: Option<Source>,
    ) -> Arc<Sale> {
        if matches!(next, Next::Wait(_) | Next::Done) {
            return sale;
        }
        let till = self.clone();
        let before = Arc::clone(&sale);
        let task = tokio::spawn(async move {
            let _place = place;
            till.run(sale, next, card).await
        });
        task.await.unwrap_or_else(|failure| {
            error!(%failure, "the task of a sale ended early; the janitor goes on with it");
            before
        })
    }

    /// Goes on with a sale from its stored row.
    pub async fn resume(&self, place: Place, shard: Shard, sale: SaleId) {
        let event = AdvanceEvent::Resume { node: self.store.node() };
        self.go_on(place, shard, sale, event).await;
    }

    /// Asks the gateway about `key` at once, in a task of its own, because the gateway says that
    /// something happened to it.
    pub fn hint(&self, place: Place, shard: Shard, sale: SaleId, key: String) {
        let till = self.clone();
        let event = AdvanceEvent::Hinted { key, node: self.store.node() };
        tokio::spawn(async move { till.go_on(place, shard, sale, event).await });
    }

    async fn go_on(&self, place: Place, shard: Shard, sale: SaleId, event: AdvanceEvent) {
        let before = match self.store.read::<Sale>(Sale::key_of(shard, sale)).await {
            Ok(Some(before)) => before,
            Ok(None) => return warn!(sale = sale.0, "a sale to go on with is not there"),
            Err(fault) => return warn!(sale = sale.0, %fault, "a due sale could not be read"),
        };
        let partner = before.partner();
        match self.advance(Advance { shard, sale, partner, event }).await {
            Some(advanced) => {
                self.tally.moved(&before, &advanced.sale);
                self.drive(place, advanced.sale, advanced.next, None).await;
            }
            None => warn!(sale = sale.0, "a due sale could not be resumed; trying again later"),
        }
    }

    async fn run(
        &self,
        mut sale: Arc<Sale>,
        mut next: Next,
        mut card: Option<Source>,
    ) -> Arc<Sale> {
        loop {
            let (call, event) = match next {
                Next::Mark(call) => {
                    let event = AdvanceEvent::Marked(call.attempt);
                    (call, event)
                }
                Next::Call(call) => {
                    let result = self.perform(&call, card.as_ref()).await;
                    // From here on a card is of use only to be kept.
                    card = card.filter(|source| source.keep.is_some() && is_approved(&result));
                    let event = AdvanceEvent::Result(call.attempt, result);
                    (call, event)
                }
                Next::Wait(_) | Next::Done => {
                    self.renew_order_of(&sale).await;
                    return sale;
                }
            };
            let (shard, partner) = (call.shard, call.partner);
            match self.advance(Advance { shard, sale: call.sale, partner, event }).await {
                Some(advanced) => {
                    self.tally.moved(&sale, &advanced.sale);
                    (sale, next) = (advanced.sale, advanced.next);
                }
                None => return sale,
            }
            if let Some(source) = card.take_if(|_| sale.state == SaleState::Issued) {
                kept_card::keep(self, &call, &source).await;
            }
        }
    }

    async fn perform(&self, call: &GatewayCall, card: Option<&Source>) -> CallResult {
        let Some(gateway) = self.gateways.get(&call.gateway) else {
            error!(gateway = call.gateway, sale = call.sale.0, "no such gateway is configured");
            return not_configured(&call.verb);
        };
        let kept = match call.token.as_ref().map(kept_source).transpose() {
            Ok(kept) => kept,
            Err(reason) => return CallResult::NotExecuted(reason),
        };
        let source = kept.as_ref().or(card);
        gateway::perform(&**gateway, call, source, self.clock.now()).await
    }

    /// The result of a call must not be lost to a busy moment, so it is offered again and again.
    async fn advance(&self, command: Advance) -> Option<Advanced> {
        let sale = command.sale;
        for _ in 0..SUBMIT_TRIES_MAX {
            match self.store.submit(command.clone()).await {
                Ok(advanced) => return Some(advanced),
                Err(SubmitError::Overloaded | SubmitError::Stale) => {
                    tokio::time::sleep(SUBMIT_PAUSE).await;
                }
                Err(SubmitError::Refused(refusal)) => {
                    error!(sale = sale.0, %refusal, "a sale refused its own result");
                    return None;
                }
                Err(SubmitError::Fault(fault)) => {
                    error!(sale = sale.0, %fault, "a result was not stored; the janitor will ask");
                    return None;
                }
            }
        }
        None
    }
}

/// What is charged, where the sale itself says it.
fn kept_source(token: &SavedToken) -> Result<Source, String> {
    let token = CardToken::parse(TokenUse::Multi, &token.0);
    let token = token.map_err(|_| "The stored token is not one that can be charged.".to_owned());
    token.map(|token| SourceKind::Token(token).into())
}

/// A charge has certainly not left; what was asked for earlier may have, and nobody can tell.
fn not_configured(verb: &CallVerb) -> CallResult {
    let reason = "the gateway is not configured".to_owned();
    match verb {
        CallVerb::Charge | CallVerb::Authorize => CallResult::Misconfigured(reason),
        _ => CallResult::Unknown(reason),
    }
}

fn is_approved(result: &CallResult) -> bool {
    matches!(result, CallResult::Approved(_))
}
