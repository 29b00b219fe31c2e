//! The payment links of agents' orders (`domain.md` §5): what opens the page, and what it leads to.

use std::sync::Arc;

use domain::agency::{CustomerOrder, Uid};
use domain::ids::{CustomerOrderId, Shard};
use domain::token::{Secret, Token};
use domain::transfer::session_hash;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use store::Fault;

use crate::app::App;

/// The path of the page; the link's handle follows.
pub(crate) const PAGE_PATH: &str = "/pay/";

/// What the link key signs to get the handle of an order's link; the order's GUID follows.
const LINK_LABEL: &[u8] = b"payment link of an order";

/// The random part of the handle of an order's link. It is stored as a hash only, and made again
/// from the GUID with a key that lies beside the database.
pub(crate) fn secret(link_key: &Hmac<Sha256>, uid: Uid) -> Secret {
    let mut signed = link_key.clone();
    signed.update(LINK_LABEL);
    signed.update(&uid.0.to_be_bytes());
    let bytes = signed.finalize().into_bytes();
    Secret(std::array::from_fn(|index| bytes[index]))
}

/// The handle of an order's link.
pub(crate) fn handle(link_key: &Hmac<Sha256>, order: &CustomerOrder) -> Token {
    order.link_token(secret(link_key, order.uid))
}

/// What is stored of a handle.
pub(crate) fn hash_of(secret: Secret) -> Secret {
    session_hash(secret)
}

/// The order that a handle opens; `None` for a guess, whether there is such an order or not.
///
/// # Errors
/// [`Fault`] when the store cannot say.
pub(crate) async fn find(app: &App, handle: &str) -> Result<Option<Arc<CustomerOrder>>, Fault> {
    let Some(token) = Token::parse(handle.trim()) else { return Ok(None) };
    let hash = hash_of(token.secret);
    let order = read(app, token.shard, CustomerOrderId(token.number)).await?;
    Ok(order.filter(|order| order.has_link(hash)))
}

/// The order of this number, as it is now.
///
/// # Errors
/// [`Fault`] when the store cannot say.
pub(crate) async fn read(
    app: &App,
    shard: Shard,
    order: CustomerOrderId,
) -> Result<Option<Arc<CustomerOrder>>, Fault> {
    app.store.read::<CustomerOrder>(CustomerOrder::key_of(shard, order)).await
}
