//! The front desk of a node: what the operation `TicketOrder` does between the wire and the
//! rules, without the wire.

use std::sync::Arc;

use domain::attempt::GatewayTerms;
use domain::catalogue::Event;
use domain::idempotency::Marks;
use domain::ids::SaleId;
use domain::offer::Offer;
use domain::payment::{Claims, Instrument, Method};
use domain::pricing::LineRequest;
use domain::record::Record;
use domain::refusal::Code;
use domain::sale::{PlaceOrder, SaleState, Tender};
use store::testing::{ADULT, Shop, identity};
use store::{Fault, SubmitError};

use crate::gateway_model::{card, terms};
use crate::judge::Asked;
use crate::node::Node;
use crate::plan::Place;
use crate::world::lock;

/// How often an order is decided again because the catalogue changed under it.
const STALE_TRIES_MAX: u32 = 3;

/// What a buyer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is a sale, and it stands like this.
    Sale(SaleId, SaleState),
    /// The business says no.
    Refused(Code),
    /// Try again; nothing was stored.
    NotNow,
    /// Something broke; nothing was stored.
    Broken(String),
    /// Something broke; nobody knows.
    InDoubt,
}

impl Node {
    /// Serves one request; there is an answer only if the node lives to give it.
    pub(crate) async fn serve(&self, asked: &Asked) -> Answer {
        self.life.pass(Place::Received).await;
        let answer = self.order(asked).await.unwrap_or_else(|error| match error {
            SubmitError::Refused(refusal) => Answer::Refused(refusal.code),
            SubmitError::Stale | SubmitError::Overloaded => Answer::NotNow,
            SubmitError::Fault(Fault::Unknown(_)) => Answer::InDoubt,
            SubmitError::Fault(fault) => Answer::Broken(fault.to_string()),
        });
        self.life.pass(Place::Answering).await;
        answer
    }

    async fn order(&self, asked: &Asked) -> Result<Answer, SubmitError> {
        let place = self.till.place().ok_or(SubmitError::Overloaded)?;
        for _ in 0..STALE_TRIES_MAX {
            let command = self.command(asked).await?;
            match self.store.submit(command).await {
                Ok(placed) => {
                    self.life.pass(Place::Placed).await;
                    let (sale, next) = (placed.sale, placed.next);
                    let sale = self.till.drive(place, sale, next, card(asked.order)).await;
                    return Ok(Answer::Sale(sale.id, sale.state));
                }
                Err(SubmitError::Stale) => drop(lock(&self.offers).remove(&asked.seller)),
                Err(error) => return Err(error),
            }
        }
        Err(SubmitError::Stale)
    }

    async fn command(&self, asked: &Asked) -> Result<PlaceOrder, SubmitError> {
        let seller = &self.life.world.plan.sellers[asked.seller];
        let offer = self.offer(asked.seller).await?;
        let identity = asked.key.map(|key| identity(key.into(), asked.fingerprint()));
        let earlier = match identity {
            Some(identity) => {
                let today = self.clock.now().day();
                self.store.idempotency_before(seller.shard, identity.hash, today).await?
            }
            None => None,
        };
        let terms: Option<GatewayTerms> = self.till.terms(&terms(seller.resumable).name);
        let plain = Shop::new(seller.shard).order_of(offer, 0, ADULT, 1);
        Ok(PlaceOrder {
            lines: asked.lines.iter().map(|(kind, count)| line(*kind, *count)).collect(),
            tender: Tender { instrument: terms.map(paid_by), ..Tender::default() },
            secret: asked.secret,
            marks: Marks { key: identity, earlier, signature: None },
            ..plain
        })
    }

    /// The event as the node has read it, however long ago.
    async fn offer(&self, index: usize) -> Result<Arc<Offer>, SubmitError> {
        let known = lock(&self.offers).get(&index).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let shard = self.life.world.plan.sellers[index].shard;
        let rows = self.store.catalogue(shard).await?;
        let event = rows.records.into_iter().find_map(|record| match record {
            Record::Event(event) => Some(event),
            _ => None,
        });
        let plain = Shop::new(shard).offer();
        let event: Arc<Event> = event.unwrap_or_else(|| Arc::clone(&plain.event));
        let offer = Arc::new(Offer { revision: rows.revision, event, ..plain });
        lock(&self.offers).insert(index, Arc::clone(&offer));
        Ok(offer)
    }
}

fn paid_by(gateway: GatewayTerms) -> Instrument {
    let claims = Claims::default();
    Instrument::Usable { method: Method::Card, gateway, payer_phone: None, claims }
}

fn line(kind: domain::ids::TicketTypeId, count: u32) -> LineRequest {
    LineRequest { owner_type: Some(kind), count: count.into(), ..LineRequest::default() }
}
