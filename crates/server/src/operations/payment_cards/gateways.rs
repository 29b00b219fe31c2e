//! Which gateway keeps a card, and telling it to refuse one that was removed.

use std::collections::BTreeSet;

use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::Shard;
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
/// no use here either, because nothing is paid with a removed one.
pub(super) fn tell(app: &App, phone: Option<&Phone>) {
    let Some(phone) = phone else { return };
    for card in phone.cards.iter().filter(|card| card.removed) {
        let (store, till) = (app.store.clone(), app.till.clone());
        tokio::spawn(forget(store, till, phone.hash, card.clone()));
    }
}

/// Takes a token back for which there is no row.
pub(super) fn take_back(app: &App, gateway: &str, token: SavedToken) {
    let Some(gateway) = app.till.gateway(gateway) else { return };
    tokio::spawn(async move { refuse(&*gateway, &token).await });
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
async fn refuse(gateway: &dyn Gateway, token: &SavedToken) -> bool {
    let Ok(token) = CardToken::parse(TokenUse::Multi, &token.0) else { return true };
    let Ok(random) = random::<16>() else { return false };
    let key = format!("drop_{}", hex(&random));
    let (money, deadline) = (Money::new(0, Currency::ISK), gateway.terms().deadline);
    let request = PaymentRequest { key: &key, money, deadline };
    let told = gateway::within(gateway, gateway.disable_token(&request, &token)).await;
    let is_told = matches!(told, Some(Ok(())));
    if !is_told {
        warn!(gateway = gateway.terms().name, "a gateway did not drop a card; trying again later");
    }
    is_told
}
