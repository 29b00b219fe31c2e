//! Which gateway keeps a card, and telling it to refuse one that was removed.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::{PaymentCardId, Shard};
use domain::money::{Currency, Money};
use domain::phone::{ForgetPaymentCard, PaymentCard, Phone, SavedToken};
use domain::record::Kind;
use domain::refusal::{Code, Refusal};
use gateway::{CardToken, Gateway, PaymentRequest, TokenUse};
use store::Store;
use tracing::warn;

use crate::access::hex;
use crate::app::App;
use crate::keys::random;
use crate::operations::family::{Failure, wrong};
use crate::till::Till;

/// The gateway of the organiser of that number, or the one that all organisers use.
pub(super) async fn of_organiser(app: &App, organiser: Option<i32>) -> Result<String, Failure> {
    if let Some(number) = organiser.filter(|number| *number != 0) {
        let shard = u32::try_from(number).map(Shard).unwrap_or_default();
        let key = Key::number(shard, Kind::Organiser, 0);
        let known = app.store.read::<Organiser>(key).await?;
        let known = known.ok_or_else(|| invalid("There is no such club."))?;
        return Ok(known.gateway.clone());
    }
    let sellers = app.catalogue.sellers().await?;
    let offers = sellers.iter().flat_map(|seller| seller.offers.values());
    let names: BTreeSet<&str> = offers.map(|offer| offer.organiser.gateway.as_str()).collect();
    match names.into_iter().collect::<Vec<_>>()[..] {
        [only] => Ok(only.to_owned()),
        _ => Err(invalid("Name the club whose events the card will pay for.")),
    }
}

fn invalid(message: &str) -> Failure {
    Failure::invalid(vec![wrong("EventOwnerId", message)])
}

pub(super) fn not_set_up() -> Refusal {
    let message = "No gateway is set up for this club; the card was not saved.";
    Refusal::new(Code::GatewayUnavailable, message)
}

/// Tells the gateways of a phone's removed cards to refuse them, and forgets those that were told.
/// What fails is tried again with the next request for the same phone; until then the card is of
/// no use here either, because nothing is paid with a removed one. A gateway that is down is not
/// asked more often by an app that asks more often: one call a card is under way at a time.
pub(super) fn tell(app: &App, phone: Option<&Phone>) {
    let Some(phone) = phone else { return };
    for card in phone.cards.iter().filter(|card| card.removed) {
        let (Some(turn), Some(place)) = (app.drops.begin(phone.hash, card.id), app.till.place())
        else {
            continue;
        };
        let (store, till, phone, card) =
            (app.store.clone(), app.till.clone(), phone.hash, card.clone());
        tokio::spawn(async move {
            let _until_the_end = (turn, place);
            forget(store, till, phone, card).await;
        });
    }
}

/// Takes a token back for which there is no row, in the place of the request that made it.
pub(super) async fn take_back(app: &App, gateway: &str, token: &SavedToken) {
    if let Some(gateway) = app.till.gateway(gateway) {
        refuse(&*gateway, token).await;
    }
}

/// The removed cards that gateways are being told of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drops(Arc<Mutex<HashSet<Removed>>>);

/// The row of a phone, and one of its cards.
type Removed = (u128, PaymentCardId);

impl Drops {
    /// The turn of a card, until it is dropped; `None` while another has it.
    fn begin(&self, phone: u128, card: PaymentCardId) -> Option<Turn> {
        let removed = (phone, card);
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(removed);
        is_first.then(|| Turn { drops: self.clone(), removed })
    }
}

struct Turn {
    drops: Drops,
    removed: Removed,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut under_way = self.drops.0.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&self.removed);
    }
}

async fn forget(store: Store, till: Till, phone: u128, card: PaymentCard) {
    let Some(gateway) = till.gateway(&card.gateway) else {
        return warn!(gateway = card.gateway, "a removed card's gateway is not configured");
    };
    if !refuse(&*gateway, &card.token).await {
        return;
    }
    if let Err(error) = store.submit(ForgetPaymentCard { phone, card: card.id }).await {
        warn!(?error, "a removed card could not be forgotten; trying again later");
    }
}

/// Whether the gateway refuses the token from now on.
pub(crate) async fn refuse(gateway: &dyn Gateway, token: &SavedToken) -> bool {
    let Ok(token) = CardToken::parse(TokenUse::Multi, &token.0) else { return true };
    let Ok(random) = random::<16>() else { return false };
    let key = format!("drop_{}", hex(&random));
    let (money, deadline) = (Money::new(0, Currency::ISK), gateway.terms().deadline);
    let request = PaymentRequest::new(&key, money, deadline);
    let told = gateway::within(gateway, gateway.disable_token(&request, &token)).await;
    let is_told = matches!(told, Some(Ok(())));
    if !is_told {
        warn!(gateway = gateway.terms().name, "a gateway did not drop a card; trying again later");
    }
    is_told
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that a card has one turn at a time, and another one after that.
    #[test]
    fn a_card_is_dropped_by_one_at_a_time() {
        let drops = Drops::default();
        let first = drops.begin(1, PaymentCardId(1));
        assert!(first.is_some() && drops.begin(1, PaymentCardId(1)).is_none());
        assert!(drops.begin(1, PaymentCardId(2)).is_some());
        drop(first);
        assert!(drops.begin(1, PaymentCardId(1)).is_some());
    }
}
