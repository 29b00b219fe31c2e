//! One ticket, paid by card: place, charge, settle.

use std::net::SocketAddr;

use super::super::request::{Order, Shop};
use crate::load::{Request, Script};

pub(super) fn script(shop: &Shop, address: SocketAddr) -> Script {
    Script::one(Request::plain(Order::paid(shop).bytes(shop, address)))
}

pub(super) fn keyed_script(shop: &Shop, address: SocketAddr) -> Script {
    let order = Order { keyed: true, ..Order::paid(shop) };
    Script::one(Request::keyed(order.bytes(shop, address)))
}
