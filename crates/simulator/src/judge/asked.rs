//! One request of one buyer.

use domain::card::CardAddress;
use domain::ids::TicketTypeId;
use domain::token::Secret;

use crate::plan::{CardUse, Order, What};

/// What a buyer asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The buyer's number.
    pub(crate) order: u32,
    /// The seller's index.
    pub(crate) seller: usize,
    pub(crate) what: What,
    pub(crate) lines: Vec<(TicketTypeId, u32)>,
    /// The season card that pays, as far as it can.
    pub(crate) card: Option<(CardAddress, CardUse)>,
    pub(crate) key: Option<u32>,
    /// What the node would draw for the handle; here it also tells requests apart.
    pub(crate) secret: Secret,
}

impl Asked {
    /// The request with which `order` is made for the how many-th time.
    pub(crate) fn new(order: &Order, number: u32, card: Option<(CardAddress, CardUse)>) -> Asked {
        let mut secret = [7; 16];
        secret[..4].copy_from_slice(&order.number.to_be_bytes());
        secret[4..8].copy_from_slice(&number.to_be_bytes());
        Asked {
            order: order.number,
            seller: order.seller,
            what: order.what,
            lines: order.lines.clone(),
            card,
            key: order.key,
            secret: Secret(secret),
        }
    }

    /// The same for each repeat, and another for anything else.
    pub(crate) fn fingerprint(&self) -> u128 {
        u128::from(self.order) + 1
    }
}
