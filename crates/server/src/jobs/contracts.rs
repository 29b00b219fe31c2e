//! Contracts whose time has come: what has fallen due is charged, a try at a time, and each try
//! goes through the till like every sale (`domain.md` §7.6). The rule decides by the calendar what
//! is next ([`ChargeDue`]), so it does not matter how many nodes look, or how often.

use std::sync::Arc;
use std::time::Duration;

use domain::club::charge::{ChargeDue, TryWith};
use domain::club::contract::{Contract, ContractState};
use domain::club::life::Calendar;
use domain::club::{ClubStore, ExpireAgreement};
use domain::ids::{ContractId, Shard};
use domain::sale::Buyer;
use domain::token::Secret;
use store::{Clock, Fault, Store, SubmitError};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tracing::{error, warn};

use super::next_round;
use crate::catalogue::contract_calendar;
use crate::keys;
use crate::till::Till;

/// How many contracts are taken at a time.
const CONTRACTS_MAX: u32 = 256;

/// How many contracts are charged at once: few beside what buyers may have under way.
const CHARGES_MAX: usize = 32;

/// What charging needs. Cheap to clone.
#[derive(Clone)]
pub struct Collector {
    store: Store,
    till: Till,
    clock: Arc<dyn Clock>,
    charges: Arc<Semaphore>,
}

/// Why a contract is left for the next round.
#[derive(Debug, thiserror::Error)]
enum Left {
    #[error("as many sales are under way as may be")]
    NoPlace,
    #[error("its store is not there, or the zone {0:?} of its store is none")]
    NoCalendar(Option<String>),
    #[error("no random numbers are to be had")]
    NoSecret,
    #[error(transparent)]
    Store(#[from] SubmitError),
}

/// Charges what is due every `pause` until `stop` turns true.
pub(crate) async fn run(collector: Collector, pause: Duration, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(fault) = collector.round().await {
            warn!(%fault, "what is due of contracts could not be read; trying again");
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

impl Collector {
    /// One that charges through `till`.
    #[must_use]
    pub fn new(store: Store, till: Till, clock: Arc<dyn Clock>) -> Collector {
        Collector { store, till, clock, charges: Arc::new(Semaphore::new(CHARGES_MAX)) }
    }

    /// Looks at every contract that is due, at `CONTRACTS_MAX` at most; waits until each charge
    /// has gone as far as it can.
    ///
    /// # Errors
    /// [`Fault`] when the work table cannot be read.
    pub async fn round(&self) -> Result<(), Fault> {
        let due = self.store.contracts_due(self.clock.now(), CONTRACTS_MAX).await?;
        let mut charges = JoinSet::new();
        for row in due {
            let collector = self.clone();
            let (shard, id) = (row.shard, ContractId(row.number));
            charges.spawn(async move { collector.look_at(shard, id).await });
        }
        while let Some(ended) = charges.join_next().await {
            if let Err(failure) = ended {
                error!(%failure, "a contract could not be charged; it is looked at again");
            }
        }
        Ok(())
    }

    async fn look_at(&self, shard: Shard, id: ContractId) {
        let Ok(_turn) = self.charges.acquire().await else { return };
        if let Err(left) = self.charge(shard, id).await {
            warn!(contract = id.0, seller = shard.0, %left, "a contract waits for the next round");
        }
    }

    async fn charge(&self, shard: Shard, id: ContractId) -> Result<(), Left> {
        let place = self.till.place().ok_or(Left::NoPlace)?;
        let contract = self.store.read::<Contract>(Contract::key_of(shard, id)).await;
        let Some(contract) = contract.map_err(SubmitError::from)? else { return Ok(()) };
        if contract.state == ContractState::Incomplete {
            return Ok(self.store.submit(ExpireAgreement { shard, contract: id }).await?);
        }
        let calendar = self.calendar(&contract).await?;
        let secret = keys::random().map(Secret).map_err(|_| Left::NoSecret)?;
        let (gateways, buyer) = (self.till.all_terms(), Buyer::default());
        let with = TryWith { gateways, secret, buyer };
        let charged = self.store.submit(ChargeDue { shard, contract: id, calendar, with }).await?;
        if let Some((sale, next)) = charged {
            self.till.drive(place, sale, next, None).await;
        }
        Ok(())
    }

    async fn calendar(&self, contract: &Contract) -> Result<Calendar, Left> {
        let key = ClubStore::key_of(contract.shard, contract.store);
        let store = self.store.read::<ClubStore>(key).await.map_err(SubmitError::from)?;
        let zone = store.map(|store| store.time_zone.clone());
        let now = self.clock.now();
        let calendar = zone.as_deref().and_then(|zone| contract_calendar(now, zone));
        calendar.ok_or(Left::NoCalendar(zone))
    }
}
