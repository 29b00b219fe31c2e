//! The front desk of a node: what the operations that sell do between the wire and the rules,
//! without the wire.

use std::sync::Arc;

use domain::attempt::GatewayTerms;
use domain::card::CardHolder;
use domain::idempotency::Marks;
use domain::ids::{EventId, SaleId, TicketTypeId};
use domain::offer::Offer;
use domain::payment::{Claims, Instrument, Method};
use domain::pricing::LineRequest;
use domain::record::Record;
use domain::refusal::{Code, Refusal};
use domain::sale::{
    Buyer, FreeFrom, PlaceCards, PlaceOrder, Placed, ReservedFor, Rights, SaleState, Tender,
};
use domain::seating::{FindSeats, ReserveSeats, SeatBuyer, SeatRequest, Wish};
use domain::token::Token;
use store::testing::identity;
use store::{Fault, SubmitError};

use crate::gateway_model::{card, terms};
use crate::judge::Asked;
use crate::node::Node;
use crate::plan::{CardUse, Place, What};
use crate::season;
use crate::world::lock;

/// How often an order is decided again because the catalogue changed under it.
pub(crate) const STALE_TRIES_MAX: u32 = 3;

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

impl From<SubmitError> for Answer {
    fn from(error: SubmitError) -> Answer {
        match error {
            SubmitError::Refused(refusal) => Answer::Refused(refusal.code),
            SubmitError::Stale | SubmitError::Overloaded => Answer::NotNow,
            SubmitError::Fault(Fault::Unknown(_)) => Answer::InDoubt,
            SubmitError::Fault(fault) => Answer::Broken(fault.to_string()),
        }
    }
}

impl Node {
    /// Serves one request; there is an answer only if the node lives to give it.
    pub(crate) async fn serve(&self, asked: &Asked) -> Answer {
        self.life.pass(Place::Received).await;
        let answer = self.order(asked).await.unwrap_or_else(Answer::from);
        self.life.pass(Place::Answering).await;
        answer
    }

    async fn order(&self, asked: &Asked) -> Result<Answer, SubmitError> {
        let place = self.till.place().ok_or(SubmitError::Overloaded)?;
        let mut hold = None;
        for _ in 0..STALE_TRIES_MAX {
            match self.submit(asked, &mut hold).await {
                Ok(placed) => {
                    self.life.pass(Place::Placed).await;
                    let (sale, next) = (placed.sale, placed.next);
                    let sale = self.till.drive(place, sale, next, card(asked.order)).await;
                    return Ok(Answer::Sale(sale.id, sale.state));
                }
                Err(SubmitError::Stale) => self.forget_offers(),
                Err(error) => return Err(error),
            }
        }
        Err(SubmitError::Stale)
    }

    async fn submit(&self, asked: &Asked, hold: &mut Option<Token>) -> Result<Placed, SubmitError> {
        if hold.is_none() {
            *hold = self.hold(asked).await?;
        }
        match asked.what {
            What::Cards(_) => {
                let order = self.cards_order(asked).await?;
                self.store.submit(order).await
            }
            _ => {
                let order = self.tickets_order(asked, *hold).await?;
                self.store.submit(order).await
            }
        }
    }

    async fn tickets_order(
        &self,
        asked: &Asked,
        hold: Option<Token>,
    ) -> Result<PlaceOrder, SubmitError> {
        let shard = self.life.world.plan.sellers[asked.seller].shard;
        let offer = self.offer(asked.seller, season::event_of(shard, asked.what)).await?;
        let mut tender = self.tender(asked.seller);
        let mut rights = Rights::default();
        match asked.card {
            Some((card, CardUse::Free)) => rights.free = Some(FreeFrom::OwnerCard(card)),
            Some((card, CardUse::Credit)) => tender.credit = Some(card),
            None => {}
        }
        Ok(PlaceOrder {
            lines: asked.lines.iter().map(|(kind, count)| line(*kind, *count)).collect(),
            reservation: hold.map(|token| ReservedFor { token, request: asked.fingerprint() }),
            rights,
            buyer: buyer(asked),
            tender,
            marks: self.marks(asked).await?,
            ..PlaceOrder::new(offer, asked.secret)
        })
    }

    async fn cards_order(&self, asked: &Asked) -> Result<PlaceCards, SubmitError> {
        let shard = self.life.world.plan.sellers[asked.seller].shard;
        let What::Cards(count) = asked.what else { return Err(SubmitError::Stale) };
        Ok(PlaceCards {
            shard,
            card_types: vec![season::card_type_of(shard); count.into()],
            holder: CardHolder::default(),
            receipt: None,
            buyer: buyer(asked),
            tender: self.tender(asked.seller),
            secret: asked.secret,
            marks: self.marks(asked).await?,
        })
    }

    /// Holds the seats that an order of numbered ones is for.
    async fn hold(&self, asked: &Asked) -> Result<Option<Token>, SubmitError> {
        let What::Seats(chosen) = asked.what else { return Ok(None) };
        let shard = self.life.world.plan.sellers[asked.seller].shard;
        let offer = self.offer(asked.seller, season::event_of(shard, asked.what)).await?;
        let buyer = SeatBuyer::of(&buyer(asked));
        let secret = asked.secret;
        let request = SeatRequest { offer, access_code: None, reservation: None, buyer, secret };
        let quantity = u16::try_from(asked.lines[0].1).unwrap_or(1);
        let Some(first) = chosen else {
            let wish = Wish { quantity, may_split: true, skip: 0 };
            let find = FindSeats { request, wish, section: None, ticket_type: None };
            let found = self.store.submit(find).await?;
            return Ok(Some(found.reservation.token()));
        };
        let seats = (first..first + quantity).map(season::seat).collect();
        let reserved = self.store.submit(ReserveSeats { request, seats }).await?;
        let taken = |_| Refusal::new(Code::SeatTaken, "Somebody has them.");
        Ok(Some(reserved.map_err(taken)?.reservation.token()))
    }

    async fn marks(&self, asked: &Asked) -> Result<Marks, SubmitError> {
        let shard = self.life.world.plan.sellers[asked.seller].shard;
        let key = asked.key.map(|key| identity(key.into(), asked.fingerprint()));
        let today = self.clock.now().day();
        let earlier = match key {
            Some(key) => self.store.idempotency_before(shard, key.hash, today).await?,
            None => None,
        };
        Ok(Marks { key, earlier, signature: None })
    }

    fn tender(&self, seller: usize) -> Tender {
        Tender { instrument: self.instrument(seller), ..Tender::default() }
    }

    /// A card over the seller's gateway.
    pub(crate) fn instrument(&self, seller: usize) -> Option<Instrument> {
        let resumable = self.life.world.plan.sellers[seller].resumable;
        self.till.terms(&terms(resumable).name).map(paid_by)
    }

    /// What was read of catalogues was found to be stale.
    pub(crate) fn forget_offers(&self) {
        lock(&self.offers).clear();
    }

    /// An event as the node has read it, however long ago.
    pub(crate) async fn offer(
        &self,
        seller: usize,
        id: EventId,
    ) -> Result<Arc<Offer>, SubmitError> {
        let known = lock(&self.offers).get(&(seller, id)).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let shard = self.life.world.plan.sellers[seller].shard;
        let rows = self.store.catalogue(shard).await?;
        let event = rows.records.into_iter().find_map(|record| match record {
            Record::Event(event) if event.id == id => Some(event),
            _ => None,
        });
        let event = event.ok_or_else(|| Refusal::new(Code::EventNotFound, "No such event."))?;
        let offer = Arc::new(season::offer(shard, rows.revision, event));
        lock(&self.offers).insert((seller, id), Arc::clone(&offer));
        Ok(offer)
    }
}

fn buyer(asked: &Asked) -> Buyer {
    Buyer { device_id: Some(format!("device-{}", asked.order)), ..Buyer::default() }
}

fn paid_by(gateway: GatewayTerms) -> Instrument {
    let claims = Claims::default();
    Instrument::Usable { method: Method::Card, gateway, payer_phone: None, claims }
}

fn line(kind: TicketTypeId, count: u32) -> LineRequest {
    LineRequest { owner_type: Some(kind), count: count.into(), ..LineRequest::default() }
}
