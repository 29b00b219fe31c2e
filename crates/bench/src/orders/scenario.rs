//! What buyers want: the catalogue they order from and the requests they send.

mod free;
mod hot;
mod mixed;
mod paid;

use std::net::SocketAddr;

use clap::ValueEnum;

use super::request::Shop;
use crate::load::Script;

/// Which orders are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Every order is one ticket, paid by card.
    Paid,
    /// The same, each with an idempotency key of its own.
    Keyed,
    /// Every order is one free ticket: no gateway, one commit instead of two.
    Free,
    /// Everybody wants one event with few places; most are told that it is sold out.
    Hot,
    /// As in life: of 20 requests 12 are paid, 4 free, 2 for what is sold out, 1 with a wrong
    /// price, 1 a repeat; each with an idempotency key.
    Mixed,
}

impl Scenario {
    /// The requests to a server that sells `shop`; `None` when they do not fit together.
    pub(super) fn script(self, shop: &Shop, address: SocketAddr) -> Option<Script> {
        match self {
            Scenario::Paid => Some(paid::script(shop, address)),
            Scenario::Keyed => Some(paid::keyed_script(shop, address)),
            Scenario::Free => Some(free::script(shop, address)),
            Scenario::Hot => Some(hot::script(shop, address)),
            Scenario::Mixed => mixed::script(shop, address),
        }
    }

    /// Whether the floor program does the same work without its rules.
    pub(super) fn has_floor(self) -> bool {
        self == Scenario::Paid
    }

    /// Whether a refused order is one as it should be.
    pub(super) fn expects_refusals(self) -> bool {
        matches!(self, Scenario::Hot | Scenario::Mixed)
    }

    /// Places that all buyers together can get; none for as many as they want.
    pub(super) fn places(self) -> Option<u64> {
        (self == Scenario::Hot).then_some(hot::PLACES)
    }
}
