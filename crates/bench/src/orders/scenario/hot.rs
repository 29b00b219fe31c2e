//! A rush on one event: paid orders until the places are gone, refusals ever after.
//!
//! The places last for the first seconds at most, so that the figures show what refusing costs.
//! What was sold is compared with them at the end: one too many and the bench fails.

use std::net::SocketAddr;

use super::super::request::{Order, Shop};
use crate::load::{Request, Script};

/// Places of the event.
pub(super) const PLACES: u64 = super::super::catalogue::HOT_PLACES;

pub(super) fn script(shop: &Shop, address: SocketAddr) -> Script {
    let order = Order { event: shop.hot_event, ..Order::paid(shop) };
    Script::one(Request::plain(order.bytes(shop, address)))
}
