//! From the members of a request to the ticket, the events and the type that are meant.

use std::sync::Arc;

use domain::ids::{EventId, TicketTypeId};
use domain::offer::Offer;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::transfer::{Choice, QuoteTransfer, Quoted, Route, SaleAddress};
use store::SubmitError;

use crate::app::App;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, by_handle};

/// How often a request is decided again because the catalogue or the ticket changed under it.
pub(super) const STALE_TRIES_MAX: u32 = 3;

/// What is to be moved, and where to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) ticket_token_id: Option<&'a str>,
    pub(super) to_event_id: i32,
    pub(super) to_owner_type: Option<i32>,
    pub(super) to_series_type: Option<i32>,
    pub(super) to_seat: Option<i32>,
}

/// The ticket and both events, as they were read.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) sale: Arc<Sale>,
    pub(super) source: Arc<Offer>,
    pub(super) target: Arc<Offer>,
    choice: Choice,
}

/// Whether the caller may act for an organiser.
///
/// # Errors
/// [`Code::OwnerScopeDenied`]
pub(super) fn check_scope(call: &Call<'_>, offers: &[&Offer]) -> Result<(), Refusal> {
    if offers.iter().all(|offer| call.may_act_for(offer.shard())) {
        return Ok(());
    }
    let message = "The ticket or the event belongs to an organiser outside your scope.";
    Err(Refusal::new(Code::OwnerScopeDenied, message))
}

impl Asked<'_> {
    /// Reads the ticket and both events, and looks whether the caller may act for both organisers.
    pub(super) async fn find(&self, app: &App, call: &Call<'_>) -> Result<Found, Failure> {
        let choice = self.choice()?;
        let event = u32::try_from(self.to_event_id).ok().filter(|id| *id != 0);
        let unnamed = || Failure::invalid(vec![wrong("ToEventId", "Name the event to move to.")]);
        let event = EventId(event.ok_or_else(unnamed)?);
        let sale = by_handle::anybodys(app, self.ticket_token_id).await?;
        let no_event = || Refusal::new(Code::EventNotFound, "There is no such event.");
        let source = app.catalogue.offer(sale.event).await?.ok_or_else(no_event)?;
        let target = app.catalogue.offer(event).await?.ok_or_else(no_event)?;
        check_scope(call, &[&source, &target])?;
        Ok(Found { sale, source, target, choice })
    }

    fn choice(&self) -> Result<Choice, Failure> {
        let number = |field: &str, value: Option<i32>| match value.map(u32::try_from) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number).filter(|number| *number != 0)),
            Some(Err(_)) => Err(Failure::invalid(vec![wrong(field, "It may not be negative.")])),
        };
        let series = number("ToSeriesTicketTypeId", self.to_series_type)?;
        let owner = number("ToOwnerTicketTypeId", self.to_owner_type)?;
        Ok(Choice {
            series_type: series.map(TicketTypeId),
            owner_type: owner.map(TicketTypeId),
            seat: number("ToSeatId", self.to_seat)?,
        })
    }
}

impl Found {
    /// From where to where.
    pub(super) fn route(&self) -> Route {
        let from = SaleAddress { shard: self.sale.shard, id: self.sale.id };
        let (source, target) = (Arc::clone(&self.source), Arc::clone(&self.target));
        let sellers = [source.shard(), target.shard()];
        let card_seller = self.sale.card_sellers().find(|seller| !sellers.contains(seller));
        Route { from, source, target, choice: self.choice, card_seller }
    }

    /// The same, read again after something was found to be stale.
    pub(super) async fn again(self, app: &App) -> Result<Found, Failure> {
        for offer in [&self.source, &self.target] {
            app.catalogue.reload(offer.shard()).await?;
        }
        let source = app.catalogue.offer(self.source.event_id()).await?.unwrap_or(self.source);
        let target = app.catalogue.offer(self.target.event_id()).await?.unwrap_or(self.target);
        let key = Sale::key_of(self.sale.shard, self.sale.id);
        let sale = app.store.read::<Sale>(key).await?.unwrap_or(self.sale);
        Ok(Found { sale, source, target, choice: self.choice })
    }

    /// What the move would cost.
    pub(super) async fn quoted(&mut self, app: &App) -> Result<Quoted, Failure> {
        for _ in 0..STALE_TRIES_MAX {
            match app.store.submit(QuoteTransfer { route: self.route() }).await {
                Err(SubmitError::Stale) => *self = self.clone().again(app).await?,
                quoted => return Ok(quoted?),
            }
        }
        Err(Failure::overloaded())
    }
}
