//! One free ticket: no call of a gateway, and one commit.

use std::net::SocketAddr;

use super::super::request::{Order, Shop};
use crate::load::{Request, Script};

pub(super) fn script(shop: &Shop, address: SocketAddr) -> Script {
    Script::one(Request::plain(Order::free(shop).bytes(shop, address)))
}
