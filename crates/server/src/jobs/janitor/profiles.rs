//! Means of paying that are over: their gateways are told to refuse them.

use domain::ids::{PaymentProfileId, Shard};
use domain::profile::{DropLater, ForgetToken, PaymentProfile};
use domain::record::Kind;
use store::{Due, Store, SubmitError};
use tokio::task::JoinSet;
use tracing::warn;

use crate::operations::payment_cards::gateways::refuse;
use crate::till::Till;

/// Tells the gateways, all at once; those that do not take it are told again later.
pub(super) async fn forget(store: &Store, till: &Till, due: &[Due]) {
    let mut ending = JoinSet::new();
    for row in due.iter().filter(|row| row.kind == Kind::PaymentProfile) {
        let Some(place) = till.place() else { break };
        let (store, till) = (store.clone(), till.clone());
        let (shard, id) = (row.shard, PaymentProfileId(row.number));
        ending.spawn(async move {
            let _until_the_end = place;
            drop_token(&store, &till, shard, id).await
        });
    }
    while let Some(ended) = ending.join_next().await {
        if !matches!(ended, Ok(Ok(()))) {
            warn!("a means of paying could not be forgotten; trying again");
        }
    }
}

async fn drop_token(
    store: &Store,
    till: &Till,
    shard: Shard,
    id: PaymentProfileId,
) -> Result<(), SubmitError> {
    let profile = store.read::<PaymentProfile>(PaymentProfile::key_of(shard, id)).await?;
    let kept = profile.as_ref().and_then(|profile| Some((profile, profile.token.as_ref()?)));
    let is_refused = match kept {
        None => true,
        Some((profile, token)) => match till.gateway(&profile.gateway) {
            Some(gateway) => refuse(&*gateway, token).await,
            None => false,
        },
    };
    match is_refused {
        true => store.submit(ForgetToken { shard, id }).await,
        false => store.submit(DropLater { shard, id }).await,
    }
}
